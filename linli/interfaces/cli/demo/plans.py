"""What is to happen in the demonstration: ordinary days, what is open today, and what may not be missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linli.engines.cases import services as cases
from linli.engines.cases.selectors import Filters, case_list, catalogue
from linli.engines.cases.types import Source
from linli.engines.cases.workflow import State
from linli.foundation.core.actors import SYSTEM
from linli.interfaces.cli.demo import texts
from linli.interfaces.cli.demo.fates import tell
from linli.interfaces.cli.demo.simulation import Simulation, Story
from linli.interfaces.cli.demo.stories import Plan

STOPS: tuple[tuple[State, str, float, float, int], ...] = (  # state, fate, hours before the end: least, most; weight
    (State.REPORTED, "solve", 0.3, 20, 14),
    (State.AWAITING_INFO, "ask", 6, 60, 6),
    (State.TO_VERIFY, "solve", 3, 30, 5),
    (State.TO_DISPATCH, "solve", 3, 20, 10),
    (State.FILED, "solve", 4, 26, 6),
    (State.RETURN_PENDING, "come_back", 24, 80, 4),
    (State.TO_SIGN, "solve", 4, 28, 14),
    (State.HANDLING, "solve", 8, 90, 34),
    (State.HANDLING, "extend", 40, 90, 4),
    (State.HANDLING, "order", 50, 120, 6),
    (State.CONSULTING, "consult", 30, 140, 8),
    (State.SHELVED, "shelve", 120, 480, 7),
    (State.TO_CHECK, "solve", 40, 140, 14),
    (State.TO_REPLY, "solve", 50, 150, 10),
    (State.CLOSED, "unhappy", 100, 200, 6),
)
FATES = (
    ("solve", 58),
    ("slow", 3),
    ("lost", 0),
    ("refuse", 4),
    ("ask", 4),
    ("come_back", 5),
    ("extend", 3),
    ("shelve", 2),
    ("rework", 4),
    ("unhappy", 3),
    ("urge", 3),
    ("order", 2),
    ("withdraw", 2),
    ("void", 1),
    ("merge", 3),
    ("split", 1),
    ("consult", 3),
    ("help_out", 5),
)
SOURCES = (
    (Source.RESIDENT, 32),
    (Source.PHONE, 16),
    (Source.HOTLINE, 14),
    (Source.PATROL, 14),
    (Source.NEIGHBOURHOOD, 9),
    (Source.WALK_IN, 6),
    (Source.MESSAGE, 4),
    (Source.INSPECTION, 2),
    (Source.LETTER, 2),
    (Source.VIDEO, 1),
)
COMMON = (
    "shared_bikes",
    "dumping",
    "cross_door",
    "corridor_clutter",
    "posters",
    "flying_wires",
    "garbage",
    "noise",
    "property_violation",
    "car_parking",
)


def plan(sim: Simulation, count: int) -> None:
    """Let about ``count`` problems happen in ``sim``."""
    leaves = [n.spec.code for n in catalogue.fileable()]
    stops = _stop_plans(sim, leaves, share=count // 7)
    rest = [_past_plan(sim, i, leaves) for i in range(count - len(stops))]
    for one in [*rest, *stops, *_sure_plans(sim)]:
        sim.add(tell(sim, one), one.at)
    sim.add(_desk(sim), sim.start + timedelta(hours=8))


def _moment(sim: Simulation, since: datetime, until: datetime) -> datetime:
    """Return a moment of the day or evening between the two."""
    at = since + (until - since) * sim.dice.random()
    local = (at.hour + 8) % 24
    return at if 7 <= local < 22 else min(at + timedelta(hours=9), until)


def _past_plan(sim: Simulation, number: int, leaves: list[str]) -> Plan:
    dice = sim.dice
    category = (
        leaves[number % len(leaves)]
        if number < 3 * len(leaves)
        else dice.choice(COMMON if dice.random() < 0.55 else leaves)
    )
    source = dice.choices([s for s, _n in SOURCES], [n for _s, n in SOURCES])[0]
    fate = dice.choices([f for f, _n in FATES], [n for _f, n in FATES])[0]
    if category == "group_renting" and fate in {"refuse", "merge", "split"}:
        fate = "solve"
    if fate == "extend" and category == "shared_bikes":  # two hours: nothing to extend by days
        category = "road_damage"
    scene = sim.scene
    place = scene.home if dice.random() < 0.14 else dice.choice([n for g in scene.grids.values() for n in g])
    plan = Plan(category, _moment(sim, sim.start, sim.end - timedelta(hours=6)), source, fate, place=place)
    plan.known = source is Source.RESIDENT and dice.random() < 0.06
    plan.kept["difficult"] = fate == "consult" and dice.random() < 0.35
    if category == "posters" or (category in {"cross_door", "shared_bikes"} and dice.random() < 0.5):
        plan.spot = sim.spot((*scene.others[:2], scene.home)[number % 3])
        plan.spot = _same_spot(sim, category, plan.spot)
        plan.place = plan.spot.name
    return plan


def _same_spot(sim: Simulation, category: str, spot: Any) -> Any:
    """Return one of a few places of that category, so that what was cleared comes back (返潮)."""
    return sim.haunts.setdefault(f"{category}:{sim.dice.randrange(4)}", spot)


def _stop_plans(sim: Simulation, leaves: list[str], share: int) -> list[Plan]:
    dice, total, plans = sim.dice, sum(s[4] for s in STOPS), []
    verified = [c for c in leaves if c in {"group_renting", "illegal_building"}]
    for state, fate, least, most, weight in STOPS:
        for number in range(max(1, round(share * weight / total))):
            category = (
                dice.choice(verified)
                if state is State.TO_VERIFY
                else dice.choice([c for c in leaves if c not in verified])
            )
            if state in {State.CONSULTING, State.HANDLING} and number == 0:
                category = "corridor_clutter"
            source = dice.choice((Source.RESIDENT, Source.PHONE, Source.PATROL, Source.WALK_IN))
            at = sim.end - timedelta(hours=dice.uniform(least, most))
            plan = Plan(
                category,
                at,
                source,
                fate,
                state,
                place=sim.scene.home if number < 2 else "",
                known=number == 1 and source is Source.RESIDENT,
            )
            plan.kept["pending"] = plan.kept["asked"] = False
            plans.append(plan)
    return plans


def _sure_plans(sim: Simulation) -> list[Plan]:
    """Return what every demonstration must have, however small: one of each thing that somebody's inbox waits for."""

    def ago(hours: float) -> datetime:
        return sim.end - timedelta(hours=hours)

    home, others = sim.scene.home, sim.scene.others
    plans = [
        Plan("posters", ago(900), fate="solve", place=others[0]),
        Plan("car_parking", ago(700), Source.PHONE, "merge"),
        Plan("garbage", ago(600), Source.PHONE, "split"),
        Plan("noise", ago(500), Source.PHONE, "void"),
        Plan("consult", ago(400), Source.PHONE, "refuse"),
        Plan("lift", ago(60), Source.WALK_IN, "shelve", State.HANDLING, home),
        Plan("property_violation", ago(50), Source.PHONE, "consult", State.HANDLING, home),
        Plan("illegal_building", ago(900), Source.PHONE, "lost"),
        Plan("sewage", ago(1400), Source.PHONE, "consult", place=home),
        Plan("dispute", ago(90), Source.RESIDENT, "solve", State.HANDLING, home, known=True),
        Plan("hawking", ago(40), Source.HOTLINE, "solve", State.TO_SIGN),
        *(
            Plan("shared_bikes", ago(30 + n), Source.PHONE, "solve", State.HANDLING, kept={"company": company})
            for n, company in enumerate(("bikes", "bikes_a", "bikes_b"))
        ),
        Plan("gas", ago(20), Source.PHONE, "solve", State.HANDLING),
        Plan("elder_service", ago(26), Source.PHONE, "solve", State.HANDLING),
        Plan("firm_demand", ago(28), Source.WALK_IN, "solve", State.HANDLING),
        Plan("abandoned_vehicle", ago(33), Source.PATROL, "solve", State.HANDLING),
        Plan("lift", ago(35), Source.PHONE, "solve", State.HANDLING),
        Plan("road_damage", ago(25), Source.PATROL, "solve", State.HANDLING, home),
        Plan("complaint_unit", ago(31), Source.LETTER, "solve", State.HANDLING),
        Plan("garbage", ago(27), Source.PHONE, "solve", State.TO_SIGN),
        Plan("noise", ago(45), Source.RESIDENT, "unhappy", State.CLOSED, home, known=True),
        Plan("guidance", ago(30), fate="guidance", stop=State.HANDLING),
        Plan("car_parking", ago(24), Source.PHONE, "split", State.SPLIT, "陶家宅"),
        Plan("guidance", ago(300), fate="guidance"),
        Plan("guidance", ago(800), fate="guidance", place=others[2]),
        Plan("hawking", ago(120), Source.PATROL, "order", State.HANDLING),
        Plan("sewage", ago(220), Source.PHONE, "consult", State.HANDLING, home),
        Plan("lift", ago(200), Source.PHONE, "consult", State.CONSULTING, home),
    ]
    plans[5].kept["pending"] = True  # a shelving not yet decided
    plans[6].kept["asked"] = True  # a raise not yet decided
    plans[-1].kept["difficult"] = True
    return plans


def _desk(sim: Simulation) -> Story:
    """The centre's shifts: what each leaves the next."""
    while True:
        night = (sim.now.hour + 8) % 24 >= 18
        by, other = ("paidan", "paidan2") if night else ("paidan2", "paidan")
        waiting = [c.number for c in case_list(SYSTEM, Filters(overdue=True), now=sim.now, size=3).rows]
        note = cases.hand_over_shift(
            by=sim.actor(by), now=sim.now, text=sim.dice.choice(texts.SHIFT_NOTES), case_numbers=waiting
        )
        yield sim.now + timedelta(minutes=20)
        if sim.end - sim.now > timedelta(hours=12):
            cases.take_over_shift(by=sim.actor(other), now=sim.now, note=note)
        yield sim.now + timedelta(hours=11, minutes=40)
