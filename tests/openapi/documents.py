"""Documents of specs, and specs of any sort."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from mockbrew.admin.table import RESOURCES
from mockbrew.devices import BUILT_IN
from mockbrew.openapi import document
from mockbrew.router import Router
from mockbrew.spec import Spec, from_document, parse
from tests.app.asking import REFERENCE_TEXT
from tests.openapi.judge import Judge
from tests.test_reply_schemas import WORDS

OWN_ERRORS = """
[errors]
default.reply = { ok = false, code = "{status}", why = "{title}: {detail}" }
400 = { reply = "ERR {status} {detail}", content_type = "text/plain; charset=utf-8" }
"""

LOCKED = """
spec = "1.0"
[interfaces.s]
get = { url = "/get{id}", reply = { on = "{state}" } }
start = { url = "/start{id}", verb = "turn_on", reply = { on = "{state}" } }
[interfaces.p]
get = { url = "/get{id}", reply = { temp = "{temperature}" } }
[vessels]
Kettle = { capacity = 50, volume = 0 }
[devices]
B = { kind = "heater", interface = "s", vessel = "Kettle", power = 1000 }
Valve = { kind = "valve", interface = "s" }
T = { kind = "probe", interface = "p", vessel = "Kettle", open_circuit = "error" }
[hazards.dry]
when = "B.on and Kettle.volume < 5"
refuse = true
"""

TEXTS = {"the reference rig": REFERENCE_TEXT, "odd words": WORDS, "locked": LOCKED, "own errors": REFERENCE_TEXT + OWN_ERRORS}


def described(spec: Spec | str, *, token: bool = False, rig: str = "default") -> Judge:
    """The judge by the document of a spec."""
    made = parse(spec) if isinstance(spec, str) else spec
    return Judge(document(made, Router(made).endpoints, RESOURCES, BUILT_IN, token=token, rig=rig))


# -- any spec ------------------------------------------------------------------------------------------------------

keys = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{}"), max_size=6)
words = st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,3}", fullmatch=True)
literals = st.none().map(lambda _: True) | st.integers(-5, 5) | st.floats(-5, 5) | keys
shown = st.sampled_from(["{state}", "{id}", "{on}", "<{state}>", "{feedback} {id}", "{{{id}}}"])
replies = st.recursive(literals | shown, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=6)
endpoints = st.dictionaries(
    st.one_of(st.sampled_from(["get", "get_head", "get.head", "get_options", "post", "é", ""]), words),
    st.tuples(st.sampled_from([None, "turn_on", "turn_off"]), replies, st.sampled_from(["application/json", "text/plain; charset=utf-8"])),
    min_size=1,
    max_size=4,
)
devices = st.lists(st.one_of(st.sampled_from(["A", "A.b", "A_b", "A-b", "rig", "admin"]), words), min_size=1, max_size=5, unique=True)


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    """Valves of odd names, with odd endpoints."""
    shared = {
        name: {"url": f"/{{id}}/{number}", "reply": reply, "content_type": content_type, **({"verb": verb} if verb else {})}
        for number, (name, (verb, reply, content_type)) in enumerate(draw(endpoints).items())
    }
    entries: dict[str, Any] = {name: {"kind": "valve", "interface": "only"} for name in draw(devices)}
    return from_document({"spec": "1.0", "interfaces": {"only": shared}, "devices": entries}, "spec.toml")
