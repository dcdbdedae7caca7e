"""A mockbrew whose replies something spoils on their way: a real server, on a port of its own, with a defect in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any, NamedTuple

from werkzeug.serving import WSGIRequestHandler, make_server

from mockbrew.admin.access import LOCAL, Access
from mockbrew.app import App
from mockbrew.devices import BUILT_IN
from mockbrew.spec import Spec, parse
from mockbrew.stores import open_store
from tests.app.asking import ask

# Of the reference rig what shows each sort of defect; a verification of all of it would take ten times as long.
SMALL = """
spec = "1.0"

[rig.endpoints]
reset = { url = "/Reset.py", verb = "reset", reply = { Sensor = "Reset", State = 1 } }

[interfaces.switch]
get   = { url = "/get{id}.py", reply = { Sensor = "{sensor}", State = "{state}" } }
start = { url = "/start{id}.py", verb = "turn_on", reply = { Sensor = "{sensor}", State = "{state}" } }
stop  = { url = "/stop{id}.py", verb = "turn_off", reply = { Sensor = "{sensor}", State = "{state}" } }

[interfaces.thermometer]
get = { url = "/get{id}.py", reply = { Sensor = "{vessel}", Temp = "{temperature}" } }

[interfaces.controller]
get        = { url = "/get{id}.py", reply = { Sensor = "{sensor}", PID = "{state}" } }
start      = { url = "/start{id}.py", verb = "start", reply = { Sensor = "{sensor}", PID = "{state}" } }
stop       = { url = "/stop{id}.py", verb = "stop", reply = { Sensor = "{sensor}", PID = "{state}" } }
get_target = { url = "/getCible{number}.py", reply = { Sensor = "{sensor}", Cible = "{setpoint}" } }
set_target = { url = "/setCible{number}_{setpoint}.py", verb = "set_setpoint", reply = { Sensor = "{sensor}", Cible = "{setpoint}" } }

[verify]
settle = 0.5

[verify.devices]
B1   = { safe = "HotTank.volume >= 10 and Temp1 < 70" }
R1   = { safe = "Mashtun.volume >= 10 and Temp3 < 70" }
PID1 = { safe = "HotTank.volume >= 10 and Temp1 < 70" }
PID3 = { safe = "Mashtun.volume >= 10 and Temp3 < 70" }

[vessels]
HotTank = { capacity = 50, volume = 40, loss = 9.0, wall = 4.0 }
Mashtun = { capacity = 40, volume = 15, loss = 9.0, wall = 4.0, grain = 5 }

[pipes]
Fill = { source = "mains", destination = "HotTank", valves = ["A"] }

[devices]
A  = { kind = "valve", interface = "switch", sensor = "VanneA" }
B  = { kind = "valve", interface = "switch", sensor = "VanneB" }
P1 = { kind = "pump", interface = "switch", sensor = "Pompe1" }
B1 = { kind = "heater", interface = "switch", sensor = "Bruleur1", vessel = "HotTank", power = 8800, efficiency = 0.40 }
R1 = { kind = "heater", interface = "switch", sensor = "Resistance1", vessel = "Mashtun", power = 5500 }
Temp1 = { kind = "probe", interface = "thermometer", vessel = "HotTank", lag = 10 }
Temp3 = { kind = "probe", interface = "thermometer", vessel = "Mashtun", lag = 10 }

[devices.PID1]
kind = "pid"
interface = "controller"
number = 1
sensor = "HotTank"
probe = "Temp1"
heaters = ["B1"]
pumps = ["P1"]
setpoint = 78.0
lowest = 0
highest = 110
window = 30

[devices.PID3]
kind = "pid"
interface = "controller"
number = 3
sensor = "Mashtun"
probe = "Temp3"
heaters = ["R1"]
setpoint = 50
lowest = 0
highest = 110
window = 10
"""


class Reply(NamedTuple):
    """What goes to the client. length: what Content-Length says, where that is not so."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    length: int | None = None


Rig = Callable[..., Reply]
"""`rig("/getA.py")`, `rig("/startA.py", "POST")`: what a right server answers."""

Defect = Callable[[Rig, str, str], Reply]
"""What a defective one answers: asked are the right one, a method and a path."""


class Spoiled:
    """A WSGI application: mockbrew with a defect. Its control plane is left alone."""

    def __init__(self, app: App, defect: Defect) -> None:
        self._app, self._defect = app, defect

    def __call__(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if "/__admin" in path:
            return self._app(environ, start_response)
        reply = self._defect(self._rig, method, path)
        fields = {**reply.headers, "Content-Length": str(len(reply.body) if reply.length is None else reply.length)}
        start_response(f"{reply.status} -", list(fields.items()))
        return (reply.body,)

    def _rig(self, path: str, method: str = "GET") -> Reply:
        answer = ask(self._app, path, method)
        return Reply(answer.status, answer.headers, answer.body)


def sound(rig: Rig, method: str, path: str) -> Reply:
    """No defect."""
    return rig(path, method)


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Nothing."""


@contextmanager
def serving(defect: Defect = sound, spec: Spec | None = None, *, access: Access = LOCAL) -> Iterator[str]:
    """The URL of a server with this defect. access: to its control plane."""
    chosen = spec or parse(SMALL)
    with listening(Spoiled(App(lambda: chosen, open_store("memory://"), BUILT_IN, access), defect)) as url:
        yield url


@contextmanager
def listening(application: Callable[..., Iterable[bytes]]) -> Iterator[str]:
    """The URL of a server of any WSGI application."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Silent)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
