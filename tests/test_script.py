from __future__ import annotations

import pytest

from mockbrew.clock import nanoseconds
from mockbrew.devices import BUILT_IN
from mockbrew.errors import SpecError
from mockbrew.router import Router
from mockbrew.script import Order, Script, parse
from mockbrew.spec import parse as parse_spec

SPEC = parse_spec(
    """
spec = "1.0"
[rig.endpoints]
reset = { url = "/reset", verb = "reset", reply = {} }
[interfaces.switch]
get = { url = "/{id}", reply = { on = "{state}" } }
on  = { url = "/{id}/on", verb = "turn_on", reply = {} }
off = { url = "/{id}/off", verb = "turn_off", reply = {} }
[interfaces.control]
start = { url = "/{id}/start", verb = "start", reply = {} }
aim   = { url = "/{id}/aim/{setpoint}", verb = "set_setpoint", reply = {} }
[vessels]
Tun = { capacity = 40, volume = 15 }
[devices]
H  = { kind = "heater", interface = "switch", vessel = "Tun", power = 2000 }
P  = { kind = "pump", interface = "switch" }
T  = { kind = "probe", vessel = "Tun" }
C  = { kind = "pid", interface = "control", probe = "T", heaters = ["H"], setpoint = 50 }
""",
    "rig.toml",
    BUILT_IN,
)


def read(text: str) -> Script:
    return parse(text, "day.toml", SPEC, Router(SPEC))


def refused(text: str) -> list[str]:
    with pytest.raises(SpecError) as error:
        read(text)
    return str(error.value).splitlines()


def test_a_script_is_its_steps_in_their_order() -> None:
    script = read("""
script = "1.0"
title = "A day"
[[steps]]
title = "Heat"
do = ["/C/aim/65.5", "/C/start"]
until = "T >= 65"
limit = 1800
[[steps]]
for = 0.5
""")

    heat, rest = script.steps
    assert script.title == "A day"
    assert heat.title == "Heat"
    assert heat.orders == (Order("C", "set_setpoint", {"setpoint": 65.5}), Order("C", "start", {}))
    assert heat.until is not None
    assert (heat.until.text, heat.longest) == ("T >= 65", nanoseconds(1800))
    assert (rest.title, rest.orders, rest.until, rest.longest) == ("", (), None, nanoseconds(0.5))


def test_an_order_may_be_the_rigs_and_a_url_may_be_quoted_as_a_client_quotes_it() -> None:
    (step,) = read('script = "1.0"\nsteps = [{ do = ["/reset", "/%48/on"], for = 1 }]').steps

    assert step.orders == (Order(None, "reset", {}), Order("H", "turn_on", {}))


SETPOINT = "a number from 0 to 110 degC, written like 66 or 66.5"
STEP = 'script = "1.0"\n[[steps]]\n'
TITLED = f'{STEP}title = "x"\n'


NEAR_ONN = "/H/on (extra 'n' at the end), /P/on ('H' where 'P' stands and extra 'n' after '/H/o'), /H/off ('nn' where 'ff' stands)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("script = ", "day.toml:1:10: bad TOML: invalid value"),
        ('script = "1.0"\n[steps]\nfor = 5', "day.toml:2:2: steps: this is a table; it must be a list, each written [[steps]]"),
        ("steps = []", "day.toml:1:1: script: missing; it must be one of 1.0, the version of the format"),
        ('script = "2.0"\nsteps = []', "day.toml:1:10: script: unknown word '2.0'; it must be one of 1.0 (did you mean '1.0'?)"),
        ('script = "1.0"', "day.toml:1:1: steps: missing; it must be a list, the steps in their order"),
        ('script = "1.0"\nsteps = 5', "day.toml:2:9: steps: 5 is a number; it must be a list"),
        (
            'script = "1.0"\nstep = []\nsteps = []',
            "day.toml:2:1: step: unknown key 'step'; known: script, steps, title (did you mean 'steps'?)",
        ),
        (
            f"{STEP}fro = 5",
            "day.toml:3:1: steps[0].fro: unknown key 'fro'; known: do, for, limit, title, until (did you mean 'for'?)",
        ),
        (f"{STEP}for = 0", "day.toml:3:7: steps[0].for: 0 is out of range; it must be a number above 0, at most 2592000 s"),
        (f"{STEP}for = nan", "day.toml:3:7: steps[0].for: nan is not a finite number; it must be a number above 0, at most 2592000 s"),
        (
            f'{STEP}for = 5\ndo = ["http://127.0.0.1:8890/H/on"]',
            "day.toml:4:7: steps[0].do[0]: 'http://127.0.0.1:8890/H/on' is a whole address; write the path only, such as '/Reset.py'",
        ),
        (f'{STEP}for = 5\ndo = "/H/on"', "day.toml:4:6: steps[0].do: '/H/on' is a text; it must be a list, written [\"/H/on\"]"),
        (TITLED, "day.toml:2:3: steps[0]: nothing ends this step; give it `for`, in s, or `until` with a `limit`"),
        (
            f'{STEP}for = 5\nuntil = "T >= 5"\nlimit = 5',
            "day.toml:3:1: steps[0].for: `until` ends this step; delete one of them",
        ),
        (f'{STEP}until = "T >= 5"', "day.toml:2:3: steps[0].limit: missing; say how long `until` may take, in s"),
        (f"{STEP}for = 5\nlimit = 5", "day.toml:4:1: steps[0].limit: `for` says how long this step lasts; delete it"),
        (
            f'{STEP}for = 5\ndo = ["/H/onn"]',
            f"day.toml:4:7: steps[0].do[0]: no endpoint '/H/onn'; nearest: {NEAR_ONN}",
        ),
        (
            f'{STEP}for = 5\ndo = ["/H/on", "/H"]',
            "day.toml:4:16: steps[0].do[1]: '/H' is a reading and changes nothing; write the URL of a command",
        ),
        (
            f'{STEP}for = 5\ndo = ["/C/aim/200"]',
            f"day.toml:4:7: steps[0].do[0]: C: setpoint '200' is refused; it must be {SETPOINT}; nothing was changed",
        ),
        (
            f'{STEP}until = "T2 >= 5"\nlimit = 5',
            "day.toml:3:9: steps[0].until: column 1: unknown device 'T2'; known: C, H, P, T, Tun (did you mean 'T'?)",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_would_be_right(text: str, message: str) -> None:
    assert refused(text) == [message]


def test_all_that_is_wrong_is_told_in_the_order_of_the_file() -> None:
    lines = refused('script = "1.0"\n[[steps]]\ndo = ["/x"]\n[[steps]]\nfor = "5"\n[[steps]]\nuntil = "T > x"\n')

    assert [line.split(" ")[0] for line in lines] == ["day.toml:2:3:", "day.toml:3:7:", "day.toml:5:7:", "day.toml:6:3:", "day.toml:7:9:"]


def test_a_refusal_of_a_step_stands_where_its_condition_does() -> None:
    script = read(f'{STEP}for = 1\n[[steps]]\nuntil = "T >= 5"\nlimit = 5')

    assert str(script.refusal(1, "not so")) == "day.toml:5:9: steps[1].until: not so"
