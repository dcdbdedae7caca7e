"""A real Chromium that opens pages of a real server, and what it complains of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]  # as root, and in containers with little shared memory
PATIENCE = 60_000.0  # ms: a machine may be busy, and the page is a megabyte of script


@dataclass  # without slots: Playwright keeps notes on the owner of a method that it calls
class Tab:
    """An open page. asked: all URLs that it asked for. complaints: what the browser's console says of errors and of broken policies."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", self._say)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _say(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@contextmanager
def opened(chromium: str, *, width: int = 1280) -> Iterator[Tab]:
    """A tab of a browser that knows nothing yet; width: of its window, px."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        try:
            yield Tab(browser.new_page(viewport={"width": width, "height": 900}))
        finally:
            browser.close()
