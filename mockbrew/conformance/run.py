"""A run: a server held against a spec, from the first reading to what is restored at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mockbrew.conformance.asked import readings
from mockbrew.conformance.commanding import Commanding
from mockbrew.conformance.known import plan
from mockbrew.conformance.known.knowledge import Key
from mockbrew.conformance.known.plan import Due
from mockbrew.conformance.opening import ANOTHER_SPEC, HERE, Times, opened
from mockbrew.conformance.options import Options
from mockbrew.conformance.results import Exchange, Report
from mockbrew.conformance.safe.guard import Unsafe
from mockbrew.conformance.safe.restoring import Restorer
from mockbrew.conformance.safe.session import Session
from mockbrew.conformance.server.asking import Stopped
from mockbrew.conformance.server.plane import Plane, PlaneLost
from mockbrew.devices.declare import Value
from mockbrew.spec import Spec

READ_ONLY = "only readings are asked for"
NOT_REACHED = "the run ended before"
STRANGER = "is this the right address (of a mockbrew: http://HOST:PORT or http://HOST:PORT/rigs/NAME), and its spec? Nothing else is asked"
INTERRUPTED = "interrupted"
WITHOUT = "if the server does not have it, give --spec one without it to check the rest"

AS_USUAL = Options()


def _nobody(said: object) -> None:
    """Says it to nobody."""


def verify(
    url: str,
    spec: Spec,
    options: Options = AS_USUAL,
    *,
    say: Callable[[str], None] = _nobody,
    seen: Callable[[Exchange], None] = _nobody,
    times: Times = HERE,
) -> Report:
    """Hold the server at `url` against a spec. Raises BadTarget.

    say: is told at once what somebody who stands beside the rig should know. seen: gets each request to an endpoint, with its reply.
    """
    began = times.clock()
    run = _Run(url, spec, options, say, seen, times)
    run.whole()
    return run.report(times.clock() - began)


@dataclass(slots=True)
class _Run:
    url: str
    spec: Spec
    options: Options
    say: Callable[[str], None]
    seen: Callable[[Exchange], None]
    times: Times
    session: Session = field(init=False)
    stopped: str = ""
    unrestored: tuple[str, ...] = ()
    found: dict[Key, Value] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)  # why a device was not looked at further

    def __post_init__(self) -> None:
        self.session = opened(self.url, self.spec, self.options, self.say, self.seen, self.times)

    def report(self, seconds: float) -> Report:
        """What came of it."""
        session = self.session
        due = list(plan.due(session.contract, session.known))
        for each in due:
            session.ledger.skip(each, self._reason(each))
        return Report(
            server=session.transport.target.url,
            spec=self.spec.title,
            digest=self.spec.digest,
            checks=tuple(session.ledger.checks(due)),
            stopped=self.stopped,
            unrestored=self.unrestored,
            pace=session.pace.name,
            commanded=bool(session.touched),
            seconds=seconds,
            notes=tuple(session.notes),
        )

    def whole(self) -> None:
        """All of it; what was found is restored however it ends."""
        try:
            self._look()
        except (Stopped, PlaneLost) as why:
            self.stopped = str(why)
        except KeyboardInterrupt as why:
            self.stopped = str(why) or INTERRUPTED
        if self.stopped or self.options.read_only:
            return
        try:
            self._provoke()
            Commanding(self.session, self.found, self.reasons).whole()
        except (Stopped, PlaneLost, Unsafe) as why:
            self._stop(str(why))
        except KeyboardInterrupt as why:
            self._stop(str(why) or INTERRUPTED)
        finally:
            try:
                self._restore()
            except KeyboardInterrupt:  # before it had begun
                self._restore()

    # -- looking -----------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        session = self.session
        if session.plane is not None:
            self._meet(session.plane)
        readings.read_all(session)
        if session.contract.reading_points and not session.knowledge.shown:
            raise Stopped(f"none of the {len(session.contract.reading_points)} readings can be read: {STRANGER}")
        self.found = {key: value for key, value in session.knowledge.shown.items() if key[1] in session.known[key[0]].visible}
        self._note_nothing()
        if self.options.read_only:
            return
        self._refuse()

    def _provoke(self) -> None:
        """Ask readings as they may not be asked. What they switch on is seen, and switched off. Raises Stopped."""
        session = self.session
        readings.methods(session)
        readings.paths(session)
        session.look(set(session.hot))
        session.heed()
        self._refuse()

    def _refuse(self) -> None:
        """Command nothing while something heats, or may. Raises Stopped."""
        session, knowledge = self.session, self.session.knowledge
        burning = session.guard.burning()
        if burning:
            raise Stopped(f"{', '.join(burning)} {'is' if len(burning) == 1 else 'are'} on: nothing is commanded while something heats")
        hidden = [name for name in session.hot if session.known[name].visible and session.known[name].on(knowledge.of(name)) is None]
        if hidden:
            raise Stopped(f"whether {', '.join(hidden)} is on cannot be read: nothing is commanded while something may heat; {WITHOUT}")

    def _note_nothing(self) -> None:
        """What shows nothing, as a broken sensor does: that is right, and should be known."""
        nothing = [f"{name}.{reading}" for (name, reading), value in self.session.knowledge.shown.items() if value is None]
        self.session.notes.extend(f"{name} shows null" for name in nothing)

    def _meet(self, plane: Plane) -> None:
        """A mock: its clock, and its spec."""
        if not self.options.read_only:
            plane.advance(0)
            rate = plane.rate()
            self.session.unhurried = rate <= 1
            if not self.session.unhurried:
                self.session.notes.append(f"its clock runs at rate {rate:g}, so what is on is so for long; freeze it before (rate 0)")
        if plane.digest() != self.spec.digest:
            self.session.notes.append(ANOTHER_SPEC)

    # -- the end -----------------------------------------------------------------------------------------------------

    def _stop(self, why: str) -> None:
        self.stopped = why
        self.session.shield()
        self.session.say(f"{why}; what was found is restored")

    def _restore(self) -> None:
        """What can be; the rest is said aloud."""
        self.session.shield()
        say = self.session.say
        restorer = Restorer(self.session, self.found, self.times.sleep, self.times.clock)
        try:
            restorer.restore()
        except KeyboardInterrupt:
            say("interrupted again: restoring is abandoned")
        finally:
            self.stopped = self.stopped or restorer.interrupted
            self.unrestored = tuple(restorer.left.values())
        for sentence in self.unrestored:
            say(f"NOT RESTORED: {sentence}")

    def _reason(self, due: Due) -> str:
        """Why something was not looked at."""
        if self.stopped:
            return f"{NOT_REACHED}: {self.stopped}"
        if self.options.read_only:
            return READ_ONLY
        return self.reasons.get(due.device or "") or "nothing of it could be asked"
