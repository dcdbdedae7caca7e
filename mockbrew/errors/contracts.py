"""What somebody gets wrong who tests a client or a server of the contract."""

from __future__ import annotations

from mockbrew.errors.root import MockbrewError, short


class BadTarget(MockbrewError):
    """The server that is to be verified is named in a way that names none."""

    status = 400

    def __init__(self, url: str, what: str) -> None:
        shown = url.rpartition("@")[2]  # what stands before may be a password
        self.url, self.what = shown, what
        super().__init__(f"{short(shown)}: {what}; a server is named like http://10.0.0.7:8080, or http://127.0.0.1:8890/rigs/NAME")


class NobodyThere(MockbrewError):
    """The server that is to be verified does not answer at all."""

    status = 502

    def __init__(self, url: str, why: str) -> None:
        self.url, self.why = url, why
        super().__init__(f"{url}: {why}; start it, or name another one; nothing was sent")
