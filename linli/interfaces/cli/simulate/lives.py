"""What happens to one report: whoever has to act next does what the case's state asks for, through the doors.

The state is read from the server's answers and never assumed: rules, clocks and other people may have moved it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from linli.interfaces.api.client import Case, Problem
from linli.interfaces.cli.demo import texts
from linli.interfaces.cli.simulate import residents
from linli.interfaces.cli.simulate.arrivals import Incident
from linli.interfaces.cli.simulate.crews import Person
from linli.interfaces.cli.simulate.dice import about, dice, happens, share, waiting
from linli.interfaces.cli.simulate.doors import DoorError, Doors, Raised
from linli.interfaces.cli.simulate.engine import Engine, Life, Pause, Work
from linli.interfaces.cli.simulate.scenario import Scenario, Sort, utc

DESK, LEADER, INSPECTORS = "desk", "leader", "inspectors"
_LEVELS = {"general": 2, "comprehensive": 1, "difficult": 0}
_LATE = "9999"
_FAULTS, _STEPS = 6, 80
_ENDED = {"merged", "refused", "void", "split"}
_STALE = {409, 412}
_NOT_UNITS = {"centre", "street"}


@dataclass
class Tracked:
    """A case as the driver knows it: what the last answer said, and what has been done to it."""

    incident: Incident
    number: str
    code: str
    data: dict[str, Any] = field(default_factory=dict)
    version: str = ""
    done: Counter[str] = field(default_factory=Counter)

    def take(self, case: Case) -> None:
        """Keep what an answer says; one without content says that whoever acted reads it no longer."""
        self.data = case.data if case.number else {}
        self.version = case.version if case.number else ""

    @property
    def state(self) -> str:
        """The state, empty where it has to be read first."""
        return str(self.data.get("state", ""))

    @property
    def is_open(self) -> bool:
        """Whether it was open when it was last read."""
        return bool(self.data.get("open", True))

    @property
    def unit(self) -> int | None:
        """The unit that has it."""
        found = self.data.get("unit")
        return int(found["id"]) if found else None

    @property
    def key(self) -> tuple[Any, ...]:
        """What comes first: the urgent, the higher level, what is due sooner."""
        level = _LEVELS.get(str(self.data.get("level", "")), 2)
        return (1, 0 if self.data.get("urgent") else 1, level, str(self.data.get("due_at") or _LATE))


@dataclass
class Lives:
    """All reports of one run, with what they share: doors, people, the matters that are known, what went wrong."""

    scenario: Scenario
    seed: int
    doors: Doors
    engine: Engine
    town: Mapping[str, Any]
    mains: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    tracked: dict[str, Tracked] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    stuck: Counter[str] = field(default_factory=Counter)
    waiting: list[Incident] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Name the steps."""
        self.habits = self.scenario.habits
        staffed = self.scenario.teams
        self.names: dict[int, str] = {int(k): v for k, v in self.town["units"].items() if v in staffed}
        self.steps: dict[str, Callable[[Tracked], Life]] = {
            "reported": self._accept, "to_verify": self._verify, "to_dispatch": self._dispatch,
            "filed": self._dispatch, "return_pending": self._decide, "to_sign": self._sign,
            "handling": self._handle, "to_check": self._check, "to_reply": self._reply, "closed": self._after,
        }  # fmt: skip

    # -- chance and time

    def share(self, case: Tracked, *what: str | int) -> float:
        """Return the number between 0 and 1 that this report has for ``what``."""
        return share(self.seed, case.incident.number, *what)

    def chance(self, case: Tracked, of: float, *what: str | int) -> bool:
        """Return whether what has the chance ``of`` happens to this report."""
        return happens(of, self.seed, case.incident.number, *what)

    def luck(self, case: Tracked, *what: str | int) -> Random:
        """Return dice for words and the like."""
        return dice(self.seed, case.incident.number, "words", *what)

    def later(self, **more: float) -> datetime:
        """Return a moment from now."""
        return self.engine.now + timedelta(**more)

    def sort(self, case: Tracked) -> Sort:
        """Return what a case's category costs."""
        return self.scenario.sorts[case.incident.category]

    # -- reporting

    def arrive(self, incident: Incident) -> Life:
        """Let somebody report by the door that they have chosen; then follow the case."""
        if incident.channel == "phone":
            raised = yield from self._call(incident)
        elif incident.channel == "open311" and not self.town["sorts"][incident.category]["verify"]:
            raised = self._by_app(incident)
        else:
            raised = self._by_portal(incident)
        if raised is not None:
            yield from self.follow(incident, raised)

    def _call(self, incident: Incident) -> Life | Any:
        """Ring the desk; who hangs up writes instead, or is lost."""
        self.seen["calls"] += 1
        hold = about(self.habits.hold, 0.6, self.seed, incident.number, "hold")
        call = about(self.habits.call, 0.3, self.seed, incident.number, "call")
        by = yield Work(DESK, call, (0,), hold=hold)
        if by is not None:
            return self._told(self.doors.phoned, by.login, incident)
        self.seen["hung up"] += 1
        self.seen[f"hung up {incident.storm}"] += bool(incident.storm)
        if not happens(self.habits.ring_again, self.seed, incident.number, "writes"):
            self.seen["lost calls"] += 1
            return None
        return self._by_portal(incident)

    def _told(self, door: Callable[..., Raised | None], *given: Any) -> Raised | None:
        try:
            return door(*given)
        except (Problem, DoorError) as error:
            self.stuck[f"report: {error}"[:160]] += 1
            return None

    def _by_app(self, incident: Incident) -> Raised | None:
        found = self._told(self.doors.open311, incident, self.doors.tokens["open311"])
        return found if found is not None and found.number else None

    def _by_portal(self, incident: Incident) -> Raised | None:
        """Fill in the form; join the report that the page shows, if it is the same matter and one cares to."""
        try:
            state, near = self.doors.look(incident)
            same = [n for n in near if n in self.tracked and self.tracked[n].incident.matter == incident.matter]
            self.seen["shown"] += bool(same) and incident.turn > 0
            joins = same and happens(self.habits.join, self.seed, incident.number, "joins")
            raised = self.doors.send(incident, state, same[0] if joins else "")
        except (Problem, DoorError) as error:
            self.stuck[f"portal: {error}"[:160]] += 1
            return None
        self.seen["joined"] += raised.joined
        self.seen[f"joined {incident.storm}"] += raised.joined and bool(incident.storm)
        return None if raised.joined else raised

    def deliver(self) -> None:
        """Deliver in one piece what other systems have collected."""
        some, self.waiting = self.waiting, []
        if not some:
            return
        for incident, raised in zip(some, self.doors.delivered("program", some), strict=True):
            if raised is not None:
                self.engine.live(self.follow(incident, raised), self.engine.now)

    # -- the case

    def follow(self, incident: Incident, raised: Raised) -> Life:
        """Let the case of a report go its way to the end."""
        case = Tracked(incident, raised.number, raised.code)
        self.tracked[case.number] = case
        self.seen["reports"] += 1
        if not self.mains[incident.matter]:
            self.mains[incident.matter].append(case.number)
        if case.code and incident.channel in {"portal", "phone"}:
            self.engine.live(self._urge(case), self._patience(case))
        faults = 0
        for _step in range(_STEPS):
            if case.state in _ENDED or (case.state == "closed" and case.done["after"]):
                return
            try:
                yield from self.steps.get(case.state or "reported", self._elsewhere)(case)
                faults = 0
            except Problem as error:
                faults += 1
                if error.status not in _STALE:
                    self.doors.watch.refused[f"act {error.code}"] += 1
                case.data, case.version = {}, ""
                if faults >= _FAULTS:
                    self.stuck[f"{error}"[:160]] += 1
                    return
                yield Pause(self.later(minutes=30 * faults))
                self._read(case)

    def _read(self, case: Tracked) -> None:
        """Read a case anew, as the desk does; a case that cannot be read stays as it was."""
        case.take(self.doors.case("sim-desk-1", case.number))

    def act(self, by: Person, case: Tracked, verb: str, **given: Any) -> None:
        """Do ``verb`` as ``by``, on the case as it was last read; read it anew where somebody was quicker."""
        if not case.version:
            case.take(self.doors.case(by.login, case.number))
        client = self.doors.client(by.login)
        try:
            case.take(client.act(_case(case), verb, **given))
        except Problem as error:
            if error.status != 412:
                raise
            case.take(self.doors.case(by.login, case.number))
            case.take(client.act(_case(case), verb, **given))
        if not case.version:
            self._read(case)

    def _elsewhere(self, case: Tracked) -> Life:
        """Wait where somebody else has to act that this simulation does not play."""
        yield Pause(self.later(hours=12))
        self._read(case)

    def _accept(self, case: Tracked) -> Life:
        by = yield self._desk(case, "accept", self.habits.accept)
        assert by is not None  # noqa: S101  who works without a hold always comes
        case.take(self.doors.case(by.login, case.number))
        if case.state != "reported" or self._merged(by, case):
            return
        if self.chance(case, self.habits.refuse, "refuse"):
            reason, elsewhere = self.luck(case, "refuse").choice(texts.REFUSALS)
            self.act(by, case, "refuse", reason=reason, elsewhere=elsewhere)
            return
        self.act(by, case, "accept")
        if case.state == "to_dispatch":
            self._send(by, case)

    def _desk(self, case: Tracked, what: str, minutes: float) -> Work:
        took = about(minutes, 0.4, self.seed, case.incident.number, what, case.done[what])
        case.done[what] += 1
        return Work(DESK, took, case.key)

    def _merged(self, by: Person, case: Tracked) -> bool:
        """Merge a duplicate that the desk sees into the first case of its matter, or into the next that has room."""
        mains = self.mains[case.incident.matter]
        known = [m for m in mains if m != case.number]
        if not known or not self.chance(case, 1 - (1 - self.habits.spot) ** len(known), "spot"):
            return False
        for main in reversed(known):
            try:
                self.act(by, case, "merge", main=main, reason=self.luck(case, "merge").choice(texts.MERGE_WHYS))
            except Problem as error:
                self.doors.watch.refused[f"merge {error.code}"] += 1
                case.take(self.doors.case(by.login, case.number))
                continue
            self.seen["merged"] += 1
            return True
        mains.append(case.number)
        return False

    def _verify(self, case: Tracked) -> Life:
        text = self.luck(case, "verify").choice(texts.VERIFIED)
        yield from self._seen_to(case, LEADER, "verify", self.habits.verify, confirmed=True, text=text)

    def _seen_to(self, case: Tracked, otherwise: str, verb: str, minutes: float, **given: Any) -> Life:
        """Let an inspector do ``verb``; what is guarded is not shown to them, and ``otherwise`` sees to it."""
        if not case.done["guarded"]:
            by = yield Work(INSPECTORS, self._took(case, verb, minutes), case.key)
            assert by is not None  # noqa: S101
            try:
                self.act(by, case, verb, **given)
            except Problem as error:
                if error.status != 404:
                    raise
                case.done["guarded"] += 1
            else:
                return
        by = yield Work(otherwise, self._took(case, f"{verb} instead", minutes / 2), case.key)
        assert by is not None  # noqa: S101
        self.act(by, case, verb, **given)

    def _took(self, case: Tracked, what: str, minutes: float, spread: float = 0.4) -> float:
        case.done[what] += 1
        return about(minutes, spread, self.seed, case.incident.number, what, case.done[what])

    def _dispatch(self, case: Tracked) -> Life:
        by = yield self._desk(case, "send", self.habits.accept)
        assert by is not None  # noqa: S101
        self._send(by, case)

    def _send(self, by: Person, case: Tracked) -> None:
        """Dispatch where the rules say; to the neighbourhood's committee what no rule fits; now and then wrongly."""
        case.done["sent"] += 1
        committee = self._committee(case)
        wrong = case.done["sent"] == 1 and self.chance(case, self.habits.misroute, "misroute")
        if wrong:
            case.done["wrong"] += 1
            self.act(by, case, "dispatch", unit_id=self._other(case, committee))
            return
        try:
            self.act(by, case, "dispatch")
        except Problem as error:
            if error.status == 412:
                raise
            self.seen["no rule fits"] += 1
            self.act(by, case, "dispatch", unit_id=committee)
        if case.unit is not None and case.unit not in self.names:
            self.act(by, case, "transfer", unit_id=committee, reason="该单位暂无人承办。")

    def _committee(self, case: Tracked) -> int:
        """Return the committee of the neighbourhood that a case lies in."""
        area = str(case.data.get("area", ""))
        return next((pk for name, pk in self.town["committees"].items() if name in area), self._any_committee(case))

    def _any_committee(self, case: Tracked) -> int:
        found = list(self.town["committees"].values())
        return int(found[int(self.share(case, "committee") * len(found))])

    def _other(self, case: Tracked, committee: int) -> int:
        units = [pk for pk, key in self.names.items() if key not in _NOT_UNITS and not key.startswith("grid")]
        return units[int(self.share(case, "wrong") * len(units))] if units else committee

    def team(self, case: Tracked) -> str:
        """Return who handles a case: the team of its unit, else the desk."""
        return self.names.get(case.unit or 0, DESK)

    def _sign(self, case: Tracked) -> Life:
        team = self.team(case)
        by = yield Work(team, self._took(case, "sign", self.habits.sign), (0, *case.key))
        assert by is not None  # noqa: S101
        wrong = case.done["wrong"] > case.done["returned"]
        if case.done["sign"] <= 2 and (wrong or self.chance(case, self.habits.back, "back", case.done["sign"])):
            case.done["returned"] += 1
            self.act(by, case, "return", reason=self.luck(case, "return").choice(texts.RETURNS))
            return
        self.act(by, case, "sign")
        if self._has_phone(case) and self.scenario.teams[team].role != "contractor":
            self.act(by, case, "contact", way="phone", result="reached", text="已电话联系，约定到场时间。")

    def _has_phone(self, case: Tracked) -> bool:
        return any(r["way"] == "phone" for r in case.data.get("reporters", ()))

    def _decide(self, case: Tracked) -> Life:
        by = yield Work(LEADER, self._took(case, "decide", self.habits.review), case.key)
        assert by is not None  # noqa: S101
        self.act(by, case, "decide_return", uphold=False, reason="职责清单载明由该单位牵头，予以签派。")

    def _handle(self, case: Tracked) -> Life:
        sort = self.sort(case)
        if not case.done["work"] and self.chance(case, sort.hard, "hard"):
            yield from self._wait_for_something(case, sort)
            if case.state != "handling":
                return
        again = 0.5 if case.done["work"] else 1.0
        minutes = self.habits.travel + again * self._took(case, "work", sort.minutes, sort.spread)
        arrive = self._arrival(case) if case.done["work"] == 1 and not case.done["arrived"] else None
        by = yield Work(self.team(case), minutes, case.key, on_begin=arrive, after=self.habits.travel)
        assert by is not None  # noqa: S101
        if not case.version:
            self._read(case)
        if case.state == "handling":
            self._hand_in(by, case)

    def _arrival(self, case: Tracked) -> Callable[[Person], None]:
        def arrived(by: Person) -> None:
            if case.state != "handling":
                return
            case.done["arrived"] += 1
            try:
                self.act(by, case, "arrive")
            except Problem as error:
                self.doors.watch.refused[f"arrive {error.code}"] += 1
                case.data, case.version = {}, ""

        return arrived

    def _wait_for_something(self, case: Tracked, sort: Sort) -> Life:
        """Go there, and wait for what is missing; a level that rises shortens what is left of the wait."""
        minutes = self.habits.travel + 0.3 * sort.minutes
        yield Work(self.team(case), minutes, case.key, on_begin=self._arrival(case), after=self.habits.travel)
        case.done["hard"] += 1
        left = about(sort.hard_days, 0.6, self.seed, case.incident.number, "something")
        level = str(case.data.get("level", ""))
        while left > 0:
            step = min(1.0, left)
            yield Pause(self.later(days=step))
            left -= step
            self._read(case)
            if case.state != "handling":
                return
            if case.data["level"] != level:
                left, level = left * self.habits.raised, str(case.data["level"])

    def _hand_in(self, by: Person, case: Tracked) -> None:
        habits, turn = self.habits, case.done["work"]
        at = self.share(case, "outcome")
        outcome = "unsolved" if at < habits.unsolved else "solved"
        outcome = "explained" if habits.unsolved <= at < habits.unsolved + habits.explained else outcome
        luck = self.luck(case, "hand_in", turn)
        words = {
            "solved": texts.result_text(luck, case.incident.category),
            "explained": luck.choice(texts.EXPLAINED),
            "unsolved": luck.choice(texts.UNSOLVED),
        }
        wanted = self.town["sorts"][case.incident.category]["evidence"] if outcome == "solved" else {}
        files = self.doors.pictures(by.login, wanted, f"{self.seed}-{case.incident.number}-{turn}")
        self.act(by, case, "hand_in", text=words[outcome], outcome=outcome, files=files)

    def _check(self, case: Tracked) -> Life:
        turn = case.done["work"]
        passed = turn > 2 or not self.chance(case, self.habits.rework, "rework", turn)
        text = self.luck(case, "check", turn).choice(texts.CHECK_OK if passed else texts.CHECK_BAD)
        yield from self._seen_to(case, DESK, "check", self.habits.check, passed=passed, text=text)

    def _reply(self, case: Tracked) -> Life:
        by = yield self._desk(case, "reply", self.habits.reply)
        assert by is not None  # noqa: S101
        if not case.version:
            case.take(self.doors.case(by.login, case.number))
        if not case.done["replied"]:
            way = "phone" if self._has_phone(case) else "message"
            text = self.luck(case, "reply").choice(texts.REPLIES).format(result="已处理。")
            self.act(by, case, "reply", way=way, text=text)
            case.done["replied"] += 1
        if case.data.get("level") != "general":
            by = yield Work(LEADER, self._took(case, "close", self.habits.sign), case.key)
            assert by is not None  # noqa: S101
        self.act(by, case, "close")

    # -- the residents

    def _patience(self, case: Tracked) -> datetime:
        hours = about(self.habits.patience, 0.5, self.seed, case.incident.number, "patience")
        return case.incident.at + timedelta(hours=hours)

    def _urge(self, case: Tracked) -> Life:
        """Urge once, if patience is over before the case is."""
        if case.is_open and self.chance(case, self.habits.urge, "urge"):
            self.seen["urged"] += self.doors.follow(case.incident, case.code, "urge", {})
            case.version = ""
        yield from ()

    def _after(self, case: Tracked) -> Life:
        """Rate it, by oneself and at leisure; a bad rating is looked at by the shift leader."""
        case.done["after"] += 1
        own = case.code and case.incident.channel in {"portal", "phone"}
        if not own or case.done["rated"] or not self.chance(case, self.habits.rate, "rate"):
            return
        closed = self.engine.now
        yield Pause(self.later(hours=min(200.0, waiting(10, self.seed, case.incident.number, "leisure"))))
        given = residents.rating(
            waited_hours=(closed - case.incident.at).total_seconds() / 3600,
            patience_hours=about(self.habits.patience, 0.5, self.seed, case.incident.number, "patience"),
            outcome=str(case.data.get("outcome", "")),
            mood=self.share(case, "mood"),
        )
        said = texts.UNHAPPY if given == "unsatisfied" else texts.FAIR if given == "fair" else texts.PRAISE
        text = self.luck(case, "rate").choice(said)
        case.done["rated"] += self.doors.follow(case.incident, case.code, "rate", {"rating": given, "text": text})
        if given == "unsatisfied" and case.done["rated"]:
            yield from self._review(case)

    def _review(self, case: Tracked) -> Life:
        case.data, case.version = {}, ""
        by = yield Work(LEADER, self._took(case, "review", self.habits.review), case.key)
        assert by is not None  # noqa: S101
        again = self.chance(case, self.habits.reopen, "reopen")
        reason = "回访属实，责成重新办理。" if again else "经复核，处置符合规定，已再次向居民解释。"
        self.act(by, case, "review", reopen=again, reason=reason)
        if again:
            case.done["after"] = case.done["replied"] = 0


def _case(case: Tracked) -> Case:
    return Case(case.number, case.version, case.data)


def trace(lives: Lives) -> str:
    """Return how every case stands, as lines of JSON: the same for the same seed."""
    rows = sorted((n, c.state, c.incident.number) for n, c in lives.tracked.items())
    return "".join(json.dumps(r) + "\n" for r in [*rows, utc(lives.engine.now)])
