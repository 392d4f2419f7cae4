"""What happens to one problem of the demonstration: each step is a service, each ``yield`` the next moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from linli.engines.cases import permissions
from linli.engines.cases import services as cases
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.types import Contact, FeedbackWay, Receipt, Report, Source
from linli.engines.cases.workflow import Outcome, State
from linli.foundation.core.actors import GUEST, Actor
from linli.interfaces.cli.demo import texts
from linli.interfaces.cli.demo.simulation import Simulation, Spot

Steps = Iterator[datetime]
BY_STAFF = {Source.WALK_IN, Source.PHONE, Source.LETTER, Source.MESSAGE, Source.HOTLINE, Source.VIDEO}
INDOORS = {
    "corridor_clutter",
    "group_renting",
    "property_violation",
    "lift",
    "falling_objects",
    "flying_wires",
    "noise",
    "dispute",
    "elder_service",
    "fire_exit",
    "gas",
    "consult",
    "wiring",
    "pets",
}
PUBLIC_WORDS = "已处理"
LATE = 0.12  # how often somebody lets a limit pass all the same


@dataclass
class Plan:
    """One problem: what, from whom, when, and what is to become of it."""

    category: str
    at: datetime
    source: Source = Source.RESIDENT
    fate: str = "solve"
    stop: State | None = None
    place: str = ""
    spot: Spot | None = None
    known: bool = False  # raised by the demonstration's own resident, logged in
    pace: float = 1.0
    kept: dict[str, Any] = field(default_factory=dict)


class Life:
    """The steps that stories share."""

    def __init__(self, sim: Simulation, plan: Plan) -> None:
        """Tell ``plan`` in ``sim``."""
        self.sim, self.plan, self.dice = sim, plan, sim.dice
        self.receipt: Receipt | None = None

    # -- helpers

    @property
    def case(self) -> Any:
        """The case as it stands."""
        assert self.receipt is not None  # noqa: S101  told in order
        return self.sim.case(self.receipt.case_id)

    def who(self, name: str) -> Actor:
        """Return somebody of the cast."""
        return self.sim.actor(name)

    def at_stop(self, case: Any) -> bool:
        """Whether the story is to end here."""
        return self.plan.stop is not None and case.state == self.plan.stop

    def work(self, low: float, high: float) -> datetime:
        """Return a working moment; stories that have to arrive somewhere by the end do not wait for Monday."""
        if self.plan.stop is not None:
            return self.sim.now + timedelta(hours=self.dice.uniform(low, high) * 0.4)
        return self.sim.work(low * self.plan.pace, high * self.plan.pace)

    def soon(self, low: float, high: float) -> datetime:
        """Return a moment of the day or evening."""
        if self.plan.stop is not None:
            return self.sim.now + timedelta(hours=self.dice.uniform(low, high) * 0.4)
        return self.sim.soon(low, high)

    def in_time(self, case: Any, stage: str, otherwise: datetime) -> datetime:
        """Return ``otherwise``, or mostly an earlier moment while the clock of ``stage`` still has time to run."""
        due = datetime.fromisoformat(case.dues[stage]) if stage in case.dues else None
        if due is None or otherwise < due or self.plan.pace > 1 or self.dice.random() < LATE:
            return otherwise
        return self.sim.now + max(due - self.sim.now, timedelta(minutes=20)) * self.dice.uniform(0.3, 0.75)

    def able(self, case: Any, verb: str, unit_id: int | None = None) -> Actor:
        """Return somebody of the unit (the case's, if none is named) who may do ``verb``; else the centre does it."""
        names = list(self.sim.staff.get(unit_id or case.unit_id, ()))
        self.dice.shuffle(names)
        for name in names:
            if permissions.can(self.who(name), case, verb):
                return self.who(name)
        return self.dispatcher()

    def desk(self, case: Any, verb: str) -> Actor:
        """Return whoever of the centre may do ``verb``: the one at the desk, else the shift leader."""
        by = self.dispatcher()
        return by if permissions.can(by, case, verb) else self.who("zhiban")

    def reporter(self) -> Actor:
        """Return who raised it, as the tracking code makes them."""
        assert self.receipt is not None  # noqa: S101
        return permissions.reporter_for_code(self.receipt.tracking_code)[0]

    def dispatcher(self) -> Actor:
        """Return whoever is at the desk."""
        return self.who("paidan" if self.sim.now.hour < 12 else "paidan2")

    # -- reporting

    def contact(self) -> Contact:
        """Return how the reporter wants to be reached; many leave nothing."""
        if self.plan.known:
            return Contact(way=FeedbackWay.MESSAGE, user_id=self.sim.users["jumin"].pk)
        staff = {Source.PATROL, Source.NEIGHBOURHOOD, Source.INSPECTION, Source.VIDEO}
        if self.plan.source in staff or (self.plan.source is not Source.HOTLINE and self.dice.random() < 0.4):
            return Contact()
        way = FeedbackWay.PHONE if self.dice.random() < 0.7 else FeedbackWay.MESSAGE
        name = self.dice.choice(("王", "李", "张", "陈", "朱", "沈", "顾", "")) + self.dice.choice(
            ("女士", "先生", "阿姨")
        )
        return Contact(name=name, phone=texts.phone(self.dice), way=way)

    def report(self, **more: Any) -> Report:
        """Return the report in the reporter's words."""
        plan, dice = self.plan, self.dice
        spot = plan.spot = plan.spot or self.sim.spot(plan.place, indoors=plan.category in INDOORS)
        told = texts.phone(dice) if dice.random() < 0.06 else ""
        hotline = plan.source is Source.HOTLINE
        files = self.sim.pictures("report") if dice.random() < 0.4 and not hotline else []
        return Report(
            text=texts.report_text(dice, plan.category, road=spot.road, place=spot.address, told=told),
            category=plan.category,
            address=spot.address,
            point=spot.point if dice.random() < 0.95 else None,
            coordinate_source="map",
            area_id=spot.area_id,
            source=plan.source,
            contact=self.contact(),
            files=files,
            external_number=f"12345-{self.sim.now:%Y%m%d}{self.sim.started:05d}" if hotline else None,
            external_due=self.sim.now + timedelta(days=dice.choice((5, 7, 15))) if hotline else None,
            **more,
        )

    def teller(self) -> Actor:
        """Return who enters it."""
        plan = self.plan
        if plan.known:
            return self.who("jumin")
        if plan.source in BY_STAFF:
            return self.dispatcher().for_person(self.dice.choice(("来电居民", "来访居民", "热线市民")))
        if plan.source is Source.NEIGHBOURHOOD:
            unit = self.sim.units[f"@{plan.place or self.sim.scene.home}"]
            return self.sim.handler(unit.pk)
        if plan.source is Source.PATROL:
            home = ("jiandu", "weiwangge", "louzu", "shegong")
            return self.who(self.dice.choice(home) if plan.place == self.sim.scene.home else "jiandu")
        return self.who("ducha") if plan.source is Source.INSPECTION else GUEST

    def raise_it(self, *, dispatch: bool = False, **more: Any) -> None:
        """Report the problem."""
        self.sim.started += 1
        self.receipt = cases.report(by=self.teller(), now=self.sim.now, report=self.report(**more), dispatch=dispatch)

    # -- the common way

    def take_up(self) -> Steps:
        """Accept, verify if the category asks so, file some, dispatch."""
        case = self.case
        if self.at_stop(case):
            return
        spec = catalogue.spec_of(case.category_version)
        if case.state == State.REPORTED and (
            spec.verify or self.plan.stop in {State.TO_DISPATCH, State.FILED, State.TO_VERIFY}
        ):
            cases.accept(by=self.desk(case, "accept"), now=self.sim.now, case=case)
        if self.at_stop(case):
            return
        if case.state == State.TO_VERIFY:
            yield self.work(1, 5)
            case = self.case
            cases.verify(
                by=self.who("jiandu"),
                now=self.sim.now,
                case=case,
                confirmed=True,
                text=self.dice.choice(texts.VERIFIED),
            )
        if self.plan.stop is State.FILED or (self.dice.random() < 0.15 and case.state == State.TO_DISPATCH):
            cases.file(by=self.desk(case, "file"), now=self.sim.now, case=case)
        if self.at_stop(case):
            return
        if case.state in {State.REPORTED, State.TO_DISPATCH, State.FILED}:
            self.send(case)

    def send(self, case: Any, **more: Any) -> None:
        """Dispatch to where the rules say; the neighbourhood takes what no rule fits."""
        node = catalogue.category(case.category.code)
        routed = any(case.category.code in r.categories for r in catalogue.routing_rules())
        unit_id = None if routed and node else self.sim.units[f"@{self.place_name()}"].pk
        if case.category.code == "shared_bikes":  # the company whose bikes they are
            drawn = self.dice.choices(("bikes_a", "bikes_b", "bikes"), (5, 3, 2))[0]
            unit_id = self.sim.units[self.plan.kept.get("company", drawn)].pk
        cases.dispatch(by=self.desk(case, "dispatch"), now=self.sim.now, case=case, unit_id=unit_id, **more)

    def place_name(self) -> str:
        """Return the neighbourhood."""
        assert self.plan.spot is not None  # noqa: S101
        return self.plan.spot.name

    def sign(self) -> Steps:
        """Let the unit sign, call the reporter, name a handler."""
        case = self.case
        if case.state != State.TO_SIGN or self.at_stop(case):
            return
        yield self.soon(0.05, 0.4) if case.category.code == "shared_bikes" else self.work(0.2, 3.5)
        case = self.case
        unit = case.unit_id
        cases.sign(by=self.able(case, "sign"), now=self.sim.now, case=case)
        if case.source == Source.HOTLINE or ("first_contact" in case.dues and self.dice.random() < 0.93):
            yield self.in_time(case, "first_contact", self.soon(0.1, 2))
            case = self.case
            cases.contact(
                by=self.able(case, "contact"),
                now=self.sim.now,
                case=case,
                way="phone",
                result="reached",
                text="已电话联系，约定到场时间。",
            )
        staff = self.sim.staff[unit]
        if len(staff) > 2 and self.dice.random() < 0.15:
            by = self.who("zhongdui") if "zhongdui" in staff else self.sim.handler(unit)
            cases.assign(by=by, now=self.sim.now, case=case, user_id=self.sim.users[staff[0]].pk)

    def arrive(self) -> Steps:
        """Be on the spot."""
        case = self.case
        chance = 0.95 if "arrive" in case.dues else 0.2
        if case.state == State.HANDLING and not self.at_stop(case) and self.dice.random() < chance:
            yield self.in_time(case, "arrive", self.soon(0.3, 5) if case.urgent else self.work(0.5, 6))
            case = self.case
            files = self.sim.pictures("before") if self.dice.random() < 0.15 else []
            if case.state == State.HANDLING:
                cases.arrive(by=self.able(case, "arrive"), now=self.sim.now, case=case, files=files)

    def evidence(self, case: Any) -> list[Any]:
        """Return the pictures that the category asks for, and some that it does not."""
        rule = catalogue.spec_of(case.category_version).evidence
        wanted = [p for p, n in (("before", rule.before), ("after", rule.after), ("paper", rule.paper)) if n]
        return self.sim.pictures(*(wanted or (["after"] if self.dice.random() < 0.4 else [])))

    def hand_in(self) -> Steps:
        """Hand the result in."""
        case = self.case
        if case.state not in {State.HANDLING, State.CONSULTING} or self.at_stop(case):
            return
        yield self.in_time(case, "handle", self.work(2, 26))
        case = self.case
        if case.state not in {State.HANDLING, State.CONSULTING}:
            return
        chance = self.dice.random()
        outcome = Outcome.SOLVED if chance < 0.84 else Outcome.EXPLAINED if chance < 0.96 else Outcome.UNSOLVED
        words: dict[Outcome, Callable[[], str]] = {
            Outcome.SOLVED: lambda: texts.result_text(self.dice, case.category.code),
            Outcome.EXPLAINED: lambda: self.dice.choice(texts.EXPLAINED),
            Outcome.UNSOLVED: lambda: self.dice.choice(texts.UNSOLVED),
        }
        self.plan.kept["result"] = text = words[outcome]()
        files = self._new_files(case, self.evidence(case) if outcome is Outcome.SOLVED else [])
        cases.hand_in(
            by=self.able(case, "hand_in"), now=self.sim.now, case=case, text=text, outcome=outcome, files=files
        )

    def _new_files(self, case: Any, files: list[Any]) -> list[Any]:
        """Return those of ``files`` that this case has not; swap those that it has for others."""
        have = set(case.files.values_list("file_id", flat=True))
        fresh = []
        for ref in files:
            pool = [f for f in self.sim.files[ref.purpose.value] if f not in have]
            fresh.append(ref if ref.file_id not in have else type(ref)(self.dice.choice(pool), ref.purpose))
        return fresh

    def check(self, *, passed: bool = True) -> Steps:
        """Check the result."""
        case = self.case
        if case.state != State.TO_CHECK or self.at_stop(case):
            return
        yield self.work(0.5, 9)
        case = self.case
        text = self.dice.choice(texts.CHECK_OK if passed else texts.CHECK_BAD)
        files = self._new_files(case, self.sim.pictures("check")) if self.dice.random() < 0.15 else []
        cases.check(by=self.who("jiandu"), now=self.sim.now, case=case, passed=passed, text=text, files=files)

    def answer_and_close(self) -> Steps:
        """Reply to the reporters and close."""
        case = self.case
        if case.state != State.TO_REPLY or self.at_stop(case):
            return
        yield self.soon(0.2, 4)
        case = self.case
        text = self.dice.choice(texts.REPLIES).format(result=self.plan.kept.get("result", PUBLIC_WORDS + "。"))
        ways = set(case.reporters.values_list("way", flat=True))
        if case.reporter_count > 1:
            ways |= set(case.merged.values_list("reporters__way", flat=True))
        way = "phone" if FeedbackWay.PHONE in ways or case.source != Source.RESIDENT else "message"
        if self.dice.random() < 0.08:
            cases.reply(
                by=self.desk(case, "reply"), now=self.sim.now, case=case, way="phone", text=text, result="no_answer"
            )
            yield self.soon(2, 8)
            case = self.case
        cases.reply(by=self.desk(case, "reply"), now=self.sim.now, case=case, way=way, text=text)
        yield self.soon(0.05, 0.6)
        case = self.case
        by = self.desk(case, "close")
        cases.close(by=by, now=self.sim.now, case=case)

    def rate(self, rating: str = "") -> Steps:
        """Let the reporter say how it was."""
        case = self.case
        if case.state != State.CLOSED or case.source == Source.HOTLINE or (not rating and self.dice.random() > 0.3):
            return
        yield self.soon(2, 60)
        case = self.case
        rating = rating or self.dice.choices(("satisfied", "mostly", "fair"), (60, 26, 12))[0]
        text = self.dice.choice({"unsatisfied": texts.UNHAPPY, "fair": texts.FAIR}.get(rating, texts.PRAISE))
        assert self.receipt is not None  # noqa: S101
        guest, reporter, _case = permissions.reporter_for_code(self.receipt.tracking_code)
        if not reporter.rating:
            cases.rate(by=guest, now=self.sim.now, case=case, reporter_id=reporter.pk, rating=rating, text=text)

    def finish(self) -> Steps:
        """From wherever it stands to the end."""
        yield from self.sign()
        yield from self.arrive()
        yield from self.hand_in()
        yield from self.check()
        yield from self.answer_and_close()
        yield from self.rate()

    def to_unit(self, *, quick: bool | None = None) -> Steps:
        """Report, take up, dispatch."""
        direct = self.dice.random() < 0.8 if quick is None else quick
        stops = {State.REPORTED, State.TO_VERIFY, State.TO_DISPATCH, State.FILED, State.AWAITING_INFO, State.REFUSED}
        # The desk looks whose bikes they are.
        direct = direct and self.plan.source in BY_STAFF and self.plan.stop not in stops
        direct = direct and self.plan.category != "shared_bikes"
        self.raise_it(dispatch=direct)
        if not self.at_stop(self.case):
            yield self.soon(0.1, 1.5)
            yield from self.take_up()

    def due_in(self, days: int) -> date:
        """Return the day so many days from now."""
        return (self.sim.now + timedelta(days=days)).date()
