"""About the server: whether it lives and is ready, what it serves, and what the control plane can do."""

from __future__ import annotations

from collections.abc import Iterable

from mockbrew.admin.examples import Example
from mockbrew.admin.resources import PREFIX, Answer, Call, Desk, Narrowed, Resource, Schema, fields
from mockbrew.admin.shapes import ANYTHING, DIGEST, RIG, array, known, open_to, text
from mockbrew.checks.findings import unknown
from mockbrew.endpoints import COMMAND_METHODS, READING_METHODS, described
from mockbrew.errors import BadRequest
from mockbrew.fingerprint import fingerprint
from mockbrew.rigs import DEFAULT
from mockbrew.routes import of_devices
from mockbrew.shapes import as_json
from mockbrew.spec import Spec

MOST = 10_000  # endpoints in one answer: 2 MB, which take a quarter of a second
ONLY = {"type": "array", "items": {"type": "string"}, "description": "a device, vessel or pipe; may be given several times"}
SHOWN = 100  # devices, vessels and pipes of a spec of which an example lists everything

SCHEMA = {"type": "object", "description": "JSON Schema of it"}
WAY = known({"does": text("what it does"), "query": {**SCHEMA, "description": "JSON Schema of each parameter"}, "body": SCHEMA})
INDEX = known({"rig": RIG, "resources": open_to(open_to(WAY, "what each method does"), "by path; {name} stands for any text")})
HEALTH = known({"status": text("that it lives", const="alive")})
READY = known(
    {
        "status": text("that it is ready", const="ready"),
        "spec": DIGEST,
        "fingerprint": text("of a short reference run: equal on machines that compute alike", pattern="^[0-9a-f]+$"),
    }
)
ROUTE = known(
    {
        "url": text("the URL, with {placeholders} for arguments"),
        "methods": array({"type": "string", "enum": sorted({*READING_METHODS, *COMMAND_METHODS})}, "what it answers", minItems=1),
        "device": {"type": ["string", "null"], "description": "whose it is; null for the rig's"},
        "endpoint": text("its name in the interface"),
        "verb": {"type": ["string", "null"], "description": "the command that it gives; null for a reading"},
        "arguments": open_to(SCHEMA, "JSON Schema of what each stands for"),
        "content_type": text("of the reply"),
        "reply": {**ANYTHING, "description": "the reply, with {placeholders} for what is live"},
    }
)
ROUTES = known({"routes": array(ROUTE, "all endpoints, in the order of the spec")})
DOCUMENT = {"type": "object", "description": "all that it says"}
SPEC = known({"title": text("what the rig is called"), "digest": DIGEST, "document": DOCUMENT})


def index(desk: Desk, call: Call) -> Answer:
    """Every path with its methods, and what each takes."""
    paths: dict[str, dict[str, object]] = {}
    for resource in desk.resources:
        said = {"does": resource.does, "query": resource.query["properties"], "body": resource.body}
        paths.setdefault(f"{PREFIX}{resource.path}", {})[resource.method] = said
    return Answer({"rig": call.rig, "resources": paths})


def health(desk: Desk, call: Call) -> Answer:
    """It answers, so it lives."""
    return Answer({"status": "alive"})


def ready(desk: Desk, call: Call) -> Answer:
    """The store can be read, the spec is sound, and computing is as elsewhere, which whoever has several machines compares."""
    desk.rigs.store.load(DEFAULT, "")
    return Answer({"status": "ready", "spec": desk.rigs.spec.digest, "fingerprint": fingerprint()})


def routes(desk: Desk, call: Call) -> Answer:
    """The endpoints of the spec, or those of some devices."""
    only, served = call.query.get("only", ()), desk.rigs.spec
    wrong = [("only", unknown("device", name, served.entries)) for name in only if name not in served.entries]
    count = sum(len(served.patterns(name)) for name in only) if only and not wrong else len(desk.router.endpoints)
    if count > MOST:
        instead = "name the devices whose you want with `only`, or run: mockbrew routes SPEC --json"
        wrong.append(("only", f"{count} endpoints are more than one answer shows, {MOST}; {instead}"))
    if wrong:
        raise BadRequest(wrong)
    chosen = of_devices(served, only) if only else desk.router.endpoints
    return Answer({"routes": [described(endpoint, served) for endpoint in chosen]})


def _only(spec: Spec) -> Schema:
    """No entries but those of the spec."""
    only = {**ONLY, "items": {"type": "string", "enum": list(spec.entries)}, "minItems": 1}
    return fields({"only": only}) if spec.entries else fields({})


def spec(desk: Desk, call: Call) -> Answer:
    """What is served, as data."""
    served = desk.rigs.spec
    opening = as_json({"title": served.title, "digest": served.digest})
    return Answer(f'{opening[:-1]},"document":{served.text}}}'.encode())  # the text as it is: of 100,000 devices it has 14 MB


def _of_small_specs(spec: Spec) -> Iterable[Example]:
    return (Example(),) if len(spec.entries) <= SHOWN else ()


RESOURCES = (
    Resource("GET", "", "list all that the control plane can do, with what it takes", index, absent="served", reply=INDEX),
    Resource("GET", "health", "say that the server lives; touches nothing", health, absent="served", open=True, reply=HEALTH),
    Resource(
        "GET",
        "ready",
        "say that the store can be read, which spec is served, how this machine computes",
        ready,
        absent="served",
        open=True,
        reply=READY,
    ),
    Resource(
        "GET",
        "routes",
        "list the endpoints of the spec, as `mockbrew routes --json` does",
        routes,
        query=fields({"only": ONLY}),
        absent="served",
        narrowed=Narrowed(query=_only),
        reply=ROUTES,
        examples=_of_small_specs,
    ),
    Resource(
        "GET",
        "spec",
        "show the spec as JSON, with the digest by which rigs know it",
        spec,
        absent="served",
        reply=SPEC,
        examples=_of_small_specs,
    ),
)
