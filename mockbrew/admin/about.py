"""About the server: whether it lives and is ready, what it serves, and what the control plane can do."""

from __future__ import annotations

from mockbrew.admin.resources import PREFIX, Answer, Call, Desk, Resource
from mockbrew.endpoints import described
from mockbrew.fingerprint import fingerprint
from mockbrew.rigs import DEFAULT


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
    """The endpoints of the spec."""
    return Answer({"routes": [described(endpoint, desk.rigs.spec) for endpoint in desk.router.endpoints]})


def spec(desk: Desk, call: Call) -> Answer:
    """What is served, as data."""
    served = desk.rigs.spec
    return Answer({"title": served.title, "digest": served.digest, "document": served.document})


RESOURCES = (
    Resource("GET", "", "list all that the control plane can do, with what it takes", index, absent="served"),
    Resource("GET", "health", "say that the server lives; touches nothing", health, absent="served", open=True),
    Resource(
        "GET", "ready", "say that the store can be read, which spec is served, how this machine computes", ready, absent="served", open=True
    ),
    Resource("GET", "routes", "list the endpoints of the spec, as `mockbrew routes --json` does", routes, absent="served"),
    Resource("GET", "spec", "show the spec as JSON, with the digest by which rigs know it", spec, absent="served"),
)
