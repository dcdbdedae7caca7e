"""Who may use the control plane: each rule of it, and that who may not changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from mockbrew.admin.access import CLOSED, LOCAL, Access
from mockbrew.app import App
from mockbrew.errors import ConfigurationError
from tests.app.asking import Bench, on_memory
from tests.app.replies import Answer

TOKEN = "s3cret.token_of-the~bench"
BEARER = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}
WITH_TOKEN = Access(TOKEN)
ADVICE = "set MOCKBREW_ADMIN_TOKEN at the server and send Authorization: Bearer TOKEN; nothing was changed"


def serving(access: Access) -> Bench:
    bench = on_memory()
    bench.app = App(bench.read_spec, bench.store, bench.kinds, access)
    bench.get("/startA.py")
    return bench


def refused(bench: Bench, status: int, method: str = "POST", path: str = "reset", **environ: Any) -> Answer:
    """The refusal of a request that would change something if it were let in."""
    answer = bench.admin(method, path, **environ)

    assert answer.status == status, answer
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert bench.get("/getA.py") == '{"Sensor":"VanneA","State":1}'
    return answer


def let_in(bench: Bench, **environ: Any) -> bool:
    """Whether a request was obeyed."""
    answer = bench.admin("POST", "reset", **environ)

    return answer.status == 200 and bench.get("/getA.py") == '{"Sensor":"VanneA","State":0}'


# -- what is open to everybody -------------------------------------------------------------------------------------


@pytest.mark.parametrize("access", [CLOSED, LOCAL, WITH_TOKEN], ids=["closed", "local", "token"])
@pytest.mark.parametrize("path", ["health", "ready"])
def test_health_and_readiness_are_open_to_everybody(access: Access, path: str) -> None:
    answer = serving(access).admin("GET", path, REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="198.51.100.1")

    assert answer.status == 200


@pytest.mark.parametrize("path", ["", "rigs", "rig", "routes", "spec", "nothing"])
def test_all_else_is_not(path: str) -> None:
    assert refused(serving(CLOSED), 403, "GET", path)
    assert refused(serving(WITH_TOKEN), 401, "GET", path)


def test_by_itself_an_app_is_closed_and_names_the_setting_that_opens_it() -> None:
    answer = refused(serving(CLOSED), 403)

    assert answer.json() == {
        "title": "Forbidden",
        "status": 403,
        "detail": "the control plane is closed: this server was not started by `mockbrew serve` on an address of this machine alone; "
        + ADVICE,
        "setting": "MOCKBREW_ADMIN_TOKEN",
    }


# -- with a token --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("authorization", [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"Bearer  {TOKEN} "])
@pytest.mark.parametrize("access", [WITH_TOKEN, Access(TOKEN, local=True)], ids=["anywhere", "local"])
def test_whoever_bears_the_token_may_from_anywhere_and_through_proxies(access: Access, authorization: str) -> None:
    environ = {"REMOTE_ADDR": "203.0.113.7", "HTTP_X_FORWARDED_FOR": "198.51.100.1", "HTTP_VIA": "1.1 proxy", "HTTP_HOST": "bench.test"}

    assert let_in(serving(access), HTTP_AUTHORIZATION=authorization, **environ)


def test_without_it_nobody_may_also_not_on_this_machine() -> None:
    answer = refused(serving(Access(TOKEN, local=True)), 401)

    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="mockbrew"'
    assert answer.json()["detail"] == (
        "a token is needed; send Authorization: Bearer TOKEN, with the value that the server has in MOCKBREW_ADMIN_TOKEN; "
        "nothing was changed"
    )


@pytest.mark.parametrize(
    "authorization",
    [
        TOKEN,
        "Bearer",
        "Bearer ",
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN.upper()}",
        "Bearer \xe9\xff",
    ],
)
def test_what_is_not_the_token_is_refused_and_the_token_is_not_told(authorization: str) -> None:
    answer = refused(serving(WITH_TOKEN), 401, HTTP_AUTHORIZATION=authorization)

    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="mockbrew", error="invalid_token"'
    assert answer.json()["detail"].startswith("what Authorization says is not the token; ")
    assert TOKEN not in answer.body.decode()


@pytest.mark.parametrize("token", ["", "two words", "line\n", "clé", "a=b", "quote'"])
def test_a_token_that_no_header_can_carry_is_refused_at_the_start_and_not_shown(token: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        Access(token)

    assert str(error.value) == (
        "MOCKBREW_ADMIN_TOKEN: it has characters that no bearer token can have (its value is not shown); take letters, digits and -._~+/"
    )


def test_a_token_does_not_show_in_what_is_printed_of_it() -> None:
    assert TOKEN not in repr(WITH_TOKEN)


# -- without a token: direct callers on this machine ---------------------------------------------------------------


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1"])
def test_direct_callers_on_this_machine_may(address: str) -> None:
    assert let_in(serving(LOCAL), REMOTE_ADDR=address)


@pytest.mark.parametrize(
    "address", ["", "10.0.0.1", "203.0.113.7", "::ffff:203.0.113.7", "fe80::1", "localhost", "127.0.0.1:80", "0.0.0.0"]
)
def test_other_callers_may_not(address: str) -> None:
    answer = refused(serving(LOCAL), 403, REMOTE_ADDR=address)

    assert answer.json()["detail"] == f"the control plane is closed: this request does not come from this machine; {ADVICE}"


@pytest.mark.parametrize(
    "header",
    [
        "HTTP_FORWARDED",
        "HTTP_X_FORWARDED_FOR",
        "HTTP_X_FORWARDED_PROTO",
        "HTTP_X_FORWARDED_HOST",
        "HTTP_X_FORWARDED_PORT",
        "HTTP_X_FORWARDED_PREFIX",
        "HTTP_X_FORWARDED_SERVER",
        "HTTP_X_REAL_IP",
        "HTTP_VIA",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_comes_through_a_proxy_may_not_whatever_the_proxy_says(header: str, method: str) -> None:
    answer = refused(serving(LOCAL), 403, method, "rig" if method == "GET" else "reset", **{header: "127.0.0.1"})

    assert answer.json()["detail"] == f"the control plane is closed: this request has come through a proxy; {ADVICE}"


# -- pages in a browser on this machine ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8890", "LOCALHOST:8890", "rig.localhost:80", "127.0.0.1:8890", "127.1.2.3", "[::1]:8890"]
)
def test_this_machine_may_be_called_by_any_of_its_names(host: str) -> None:
    assert let_in(serving(LOCAL), HTTP_HOST=host)


@pytest.mark.parametrize(
    "host",
    ["evil.test", "evil.test:8890", "localhost.evil.test", "127.0.0.1.evil.test", "10.0.0.1", "[", "localhost, evil.test", "a@b@evil.test"],
)
def test_a_name_that_somebody_else_has_given_this_machine_changes_nothing(host: str) -> None:
    answer = refused(serving(LOCAL), 403, HTTP_HOST=host)

    assert answer.json()["detail"] == f"Host {host!r} is not this machine; ask localhost, or set MOCKBREW_ADMIN_TOKEN; nothing was changed"


def test_a_bearer_of_the_token_may_call_it_as_he_likes() -> None:
    assert let_in(serving(WITH_TOKEN), HTTP_HOST="bench.test", **BEARER)


@pytest.mark.parametrize(("access", "bears"), [(LOCAL, {}), (WITH_TOKEN, BEARER)], ids=["local", "token"])
@pytest.mark.parametrize(
    "origin", ["https://evil.test", "http://evil.test:8890", "null", "", "http://localhost.evil.test", "http://[", "file://"]
)
def test_a_page_of_another_origin_changes_nothing_even_with_the_token(access: Access, bears: dict[str, str], origin: str) -> None:
    answer = refused(serving(access), 403, HTTP_HOST="localhost:8890", HTTP_ORIGIN=origin, **bears)

    assert answer.json()["detail"] == f"a page of {origin!r} may change nothing here; nothing was changed"


@pytest.mark.parametrize(("access", "bears"), [(LOCAL, {}), (WITH_TOKEN, BEARER)], ids=["local", "token"])
def test_what_a_browser_calls_cross_site_changes_nothing_even_with_the_token(access: Access, bears: dict[str, str]) -> None:
    answer = refused(serving(access), 403, HTTP_HOST="localhost:8890", HTTP_SEC_FETCH_SITE="cross-site", **bears)

    assert answer.json()["detail"] == "a page of another site may change nothing here; nothing was changed"


@pytest.mark.parametrize("site", ["same-origin", "same-site", "none"])
def test_a_page_of_this_site_may(site: str) -> None:
    assert let_in(serving(LOCAL), HTTP_HOST="localhost:8890", HTTP_ORIGIN="http://localhost:5173", HTTP_SEC_FETCH_SITE=site)


@pytest.mark.parametrize("origin", ["http://localhost:5173", "null"])
def test_an_origin_without_a_host_to_compare_it_with_is_another(origin: str) -> None:
    assert refused(serving(LOCAL), 403, HTTP_ORIGIN=origin)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "BREW"])
def test_every_method_but_those_that_read_is_held_to_it(method: str) -> None:
    assert refused(serving(LOCAL), 403, method, "rigs/default", HTTP_HOST="evil.test")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_nor_does_such_a_name_read_anything(method: str) -> None:
    assert refused(serving(LOCAL), 403, method, "rig", HTTP_HOST="evil.test")


def test_a_page_of_another_site_makes_no_rig() -> None:
    bench = serving(LOCAL)

    bench.admin("POST", "reset", rig="team-a", HTTP_HOST="localhost", HTTP_SEC_FETCH_SITE="cross-site")

    assert bench.admin("GET", "rig", rig="team-a").status == 404


def test_reading_is_not_held_to_it_since_no_page_can_read_the_reply() -> None:
    answer = serving(LOCAL).admin("GET", "rig", HTTP_HOST="localhost", HTTP_ORIGIN="https://evil.test", HTTP_SEC_FETCH_SITE="cross-site")

    assert answer.status == 200
    assert not any(name.startswith("Access-Control-") for name in answer.headers)
