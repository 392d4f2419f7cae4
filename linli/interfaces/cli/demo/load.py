"""Loads the demonstration subdistrict: the map, the people, and three months of its life.

Everything goes through the services under a simulated clock, limits swept and jobs done as time
passes, so that what escalates has really escalated. The same seed and the same present give the
same life. All of the life is one transaction: a load that is broken off leaves none of it.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from linli.engines.cases import services as cases
from linli.engines.cases.selectors import Filters, case_list, catalogue, directory
from linli.engines.cases.services import telling
from linli.engines.cases.types import FilePurpose
from linli.engines.cases.workflow import UNIT_STAFF
from linli.engines.indicators import services as indicators
from linli.foundation.accounts import selectors as accounts_read
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.deadlines import services as deadlines
from linli.foundation.files import services as files
from linli.foundation.forms import services as forms
from linli.foundation.jobs import services as jobs
from linli.foundation.journal import services as journal
from linli.foundation.messages import services as messages
from linli.foundation.messages.types import ChannelCode, Outgoing, Recipient
from linli.foundation.people import selectors as people_read
from linli.foundation.people import services as people
from linli.foundation.people.types import ROLES, Line, Role
from linli.foundation.places import selectors as places
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook import services as rules
from linli.foundation.rulebook.exceptions import YearNotAnnouncedError
from linli.foundation.rulebook.types import SpecialDay
from linli.interfaces.cli.demo.alerts import load_alerts
from linli.interfaces.cli.demo.alliance import load_alliance
from linli.interfaces.cli.demo.civility import load_civility
from linli.interfaces.cli.demo.documents import load_documents
from linli.interfaces.cli.demo.fieldwork_ledgers import load_ledgers
from linli.interfaces.cli.demo.fieldwork_rounds import load_rounds
from linli.interfaces.cli.demo.geography import load_geography
from linli.interfaces.cli.demo.housing import load_housing
from linli.interfaces.cli.demo.meetings import load_meetings
from linli.interfaces.cli.demo.owners import load_owners
from linli.interfaces.cli.demo.people import ACCOUNTS as CAST
from linli.interfaces.cli.demo.people import PASSWORD, Town, load_people, units_of
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.cli.demo.plans import plan
from linli.interfaces.cli.demo.projects import load_projects
from linli.interfaces.cli.demo.publishing import load_deeds, load_publishing
from linli.interfaces.cli.demo.scenes import HUAYANG, Scene
from linli.interfaces.cli.demo.signals import load_signals
from linli.interfaces.cli.demo.simulation import Simulation
from linli.interfaces.cli.demo.streets import load_streets
from linli.interfaces.cli.demo.surveys import load_surveys
from linli.interfaces.cli.demo.tasks import load_tasks
from linli.interfaces.cli.demo.venues import load_venues
from linli.interfaces.cli.demo.visits import load_visits
from linli.programmes.publishing import services as publishing

SEED = 310105001
DAYS = 90
# Of so many days before the present the figures can be shown as they were then.
READ_DAYS = 7
FULL, SMALL = 960, 90
PICTURES, FEW_PICTURES = 12, 2
HOME = {
    Role.RESIDENT: "/",
    Role.CONTRACTOR: "/field/",
    Role.UNIT_HANDLER: "/field/",
    Role.INSPECTOR: "/field/",
    Role.SYSTEM_ADMIN: "/console/",
    Role.SECURITY_ADMIN: "/console/",
    Role.AUDIT_ADMIN: "/console/",
}
ACCOUNTS = [(str(ROLES[a.role].name), a.username, PASSWORD, HOME.get(a.role, "/desk/")) for a in CAST]

# Statutory holidays for years without an official notice. For the demonstration alone.
UNOFFICIAL = "演示用，非官方：国务院办公厅尚未公布该年放假安排，仅供演示推算时限，不得用于实际工作"
FIXED = ((1, 1, "元旦"), (5, 1, "劳动节"), (5, 2, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节"), (10, 3, "国庆节"))
MOVING = {  # 除夕 and three days of 春节, 清明, 端午, 中秋
    2027: ((2, 5), (2, 6), (2, 7), (2, 8), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 25), (1, 26), (1, 27), (1, 28), (4, 4), (5, 28), (10, 4)),
    2029: ((2, 12), (2, 13), (2, 14), (2, 15), (4, 4), (6, 16), (9, 22)),
}
Progress = Callable[..., None]


def is_loaded() -> bool:
    """Return whether the demonstration's life is in this namespace; without it, loading goes on where it stopped."""
    with clock.frozen(clock.now()):
        return bool(case_list(SYSTEM, Filters(order="new"), now=clock.now(), size=1).rows) and _has_people()


def _has_people() -> bool:
    return bool(accounts_read.demo_users())


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """Let Python look for cycles of garbage more rarely: the load makes millions of objects and few cycles."""
    kept = gc.get_threshold()
    gc.set_threshold(100_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*kept)


@contextmanager
def _one_batch() -> Iterator[None]:
    """Hold everything in one transaction without savepoints: an error undoes all of it."""
    kept = connection.features.uses_savepoints
    with transaction.atomic():
        connection.features.uses_savepoints = False
        try:
            yield
        finally:
            connection.features.uses_savepoints = kept


def load(
    progress: Progress | None = None,
    *,
    small: bool = False,
    seed: int = SEED,
    now: datetime | None = None,
    scene: Scene = HUAYANG,
) -> Simulation:
    """Enter the subdistrict and simulate the last 90 days of it up to the present.

    Args:
        small: a life of some 120 cases, for tests.
        now: the present, unless it is really now.
        scene: which of the four subdistricts.
    """
    end = (now or clock.now()).replace(microsecond=0)
    start = end - timedelta(days=DAYS)
    say = progress or (lambda *_a, **_k: None)
    say(0, None, "街道")
    if not _has_people():
        with transaction.atomic():
            lay_ground(start, end, scene)
    forget()
    with _one_batch(), telling.one_address_book(end), _fewer_collections():
        sim = _prepare(start, end, seed, small=small, scene=scene)
        plan(sim, SMALL if small else FULL)
        sim.run(lambda done, total: say(done, total, "三个月的诉求"))
        _tonight(sim)
        say(None, None, "封存日志")
        journal.seal_all(now=end)
        say(None, None, "指标")
        indicators.rebuild(now=end, readings_since=(end - timedelta(days=1 if small else READ_DAYS)).date())
    return sim


def forget() -> None:
    """Drop what the process remembers from before."""
    catalogue.forget()
    directory.forget()
    places.forget_index()
    rulebook.forget()


def announce_missing_years(end: datetime) -> None:
    """Enter the year of ``end`` and the next where no official calendar has them, marked as not official."""
    for year in (end.year, end.year + 1):
        try:
            rulebook.working_calendar().is_workday(date(year, 6, 15))
        except YearNotAnnouncedError:
            if year in MOVING:
                days = [SpecialDay(date(year, m, d), is_workday=False, name=n, source=UNOFFICIAL) for m, d, n in FIXED]
                days += [
                    SpecialDay(date(year, m, d), is_workday=False, name="演示假日", source=UNOFFICIAL)
                    for m, d in MOVING[year]
                ]
                rules.announce_year(by=SYSTEM, now=end, year=year, days=days, source=UNOFFICIAL)


def lay_ground(start: datetime, end: datetime, scene: Scene) -> None:
    """Enter the map, the people, the rules and the categories of ``scene``, as they are at ``start``."""
    rules.load_shipped(by=SYSTEM, now=start)
    announce_missing_years(end)
    if scene.expected:
        rules.set_rule(
            by=SYSTEM,
            now=start,
            code="places.expected.neighbourhood",
            value=scene.expected,
            unit="个",
            source=scene.note,
            mark="P",
            valid_from=start.date(),
            why="与名录对照，差的不编造",
            title="居民区应有数",
        )
    geography = load_geography(by=SYSTEM, now=start, scene=scene)
    town = load_people(by=SYSTEM, now=start, geography=geography, scene=scene)
    cases.load_shipped(by=SYSTEM, now=start)
    publishing.load_shipped(by=SYSTEM, now=start)
    forms.adopt_forms(by=SYSTEM, now=start)
    _lines(town, geography, start)


def _lines(town: Town, geography: dict[str, Any], now: datetime) -> None:
    """Enter whose grids were merged into the one grid, and their people in it."""
    grids = geography["grids"]
    forces = (
        (Line.ENFORCEMENT, "城管网格队员", "enforcement", "chengguan"),
        (Line.POLICE, "社区民警", "police", "minjing"),
        (Line.MARKET, "市场监管联络员", "market", None),
        (Line.FIRE, "消防宣传员", "safety", None),
    )
    for number, grid in enumerate(grids, start=1):
        for line, title, unit, user in forces:
            people.map_line_grid(
                by=SYSTEM,
                now=now,
                line=line,
                code=f"{line.value[:3].upper()}-{number:02}",
                name=f"{title}{number}号片区",
                area_id=grid.pk,
                starts_on=date(2024, 1, 1),
            )
            people.assign_line_force(
                by=SYSTEM,
                now=now,
                line=line,
                title=title,
                unit=town.units[unit],
                area_id=grid.pk,
                starts_on=date(2024, 1, 1),
                user_id=town.users[user].pk if user else None,
            )


def _prepare(start: datetime, end: datetime, seed: int, *, small: bool, scene: Scene) -> Simulation:
    dice = random.Random(seed)  # noqa: S311  a life, not a secret
    users = {u.username: u for u in accounts_read.demo_users()}
    units, staff = _units(users, start, scene)
    areas = {a.name.removesuffix("居民区"): a for a in places.areas(on=start.date(), kind="neighbourhood")}
    pictures = _store_pictures(start, FEW_PICTURES if small else PICTURES)
    geography = {"neighbourhoods": areas}
    return Simulation(start, end, dice, geography, users, units, staff, pictures, scene)


def _units(users: dict[str, Any], now: datetime, scene: Scene) -> tuple[dict[str, Any], dict[int, list[str]]]:
    by_name: dict[str, Any] = {}
    wanted = units_of(scene)
    for kind in {spec[2] for spec in wanted.values()} | {"neighbourhood_committee"}:
        by_name |= {u.name: u for u in people_read.units_of_kind(kind)}
    units = {key: by_name[spec[0]] for key, spec in wanted.items()}
    units |= {"@" + n.removesuffix("居民委员会"): u for n, u in by_name.items() if u.kind == "neighbourhood_committee"}
    names = {u.pk: n for n, u in users.items()}
    roles = set(UNIT_STAFF)
    staff = {u.pk: [names[h.user_id] for h in people_read.members_of(u.pk, roles, now=now)] for u in units.values()}
    return units, staff


def _store_pictures(now: datetime, count: int) -> dict[str, list[int]]:
    stored: dict[str, list[int]] = {}
    for purpose in (FilePurpose.REPORT, FilePurpose.BEFORE, FilePurpose.AFTER, FilePurpose.CHECK, FilePurpose.PAPER):
        stored[purpose.value] = [
            files.store(
                by=SYSTEM,
                now=now,
                content=draw_picture(i, purpose.value),
                name=f"{purpose.value}-{i}.jpg",
                purpose="case",
            ).pk
            for i in range(count)
        ]
    return stored


def _tonight(sim: Simulation) -> None:
    """Enter tonight's and the coming nights' duty, and who is away."""
    begin = sim.end.replace(hour=1, minute=0, second=0, microsecond=0) - timedelta(days=1)
    for day in range(8):
        for who, unit, offset in (
            ("zhiban", "centre", 0),
            ("paidan", "centre", 0),
            ("paidan2", "centre", 12),
            ("chengguan", "enforcement", 12),
        ):
            at = begin + timedelta(days=day, hours=offset)
            length = 24 if who == "zhiban" else 12
            people.plan_duty(
                by=SYSTEM,
                now=sim.end,
                unit=sim.units[unit],
                user_id=sim.users[who].pk,
                starts_at=at,
                ends_at=at + timedelta(hours=length),
            )
    _tell_administrators(sim)
    if sim.scene is HUAYANG:
        load_venues(sim.units, sim.geography["neighbourhoods"], sim.end)
        load_ledgers(sim.units, sim.geography["neighbourhoods"], sim.end)
        load_documents(sim)
        load_projects(sim.users, sim.units, sim.geography["neighbourhoods"], sim.end)
        load_tasks(sim.users, sim.units, sim.end)
        load_rounds(sim.users, sim.units, sim.geography["neighbourhoods"], sim.end)
        load_alliance(sim.units, sim.end)
        load_civility(sim.users, sim.units, sim.geography["neighbourhoods"], sim.end)
        load_publishing(sim.users, sim.units, sim.end)
        load_meetings(sim.units, sim.geography["neighbourhoods"], sim.users, sim.end)
        load_deeds(sim.users, sim.units, sim.end)
        load_streets(sim.users, sim.units, sim.geography["neighbourhoods"], sim.end)
        load_visits(sim.users, sim.units, sim.geography["neighbourhoods"], sim.end)
        load_housing(sim.users, sim.units, sim.geography["neighbourhoods"], sim.end)
        load_owners(sim.users, sim.units, sim.geography["neighbourhoods"], sim.end)
        load_surveys(sim.users, sim.units, sim.geography["neighbourhoods"], sim.end)
        load_signals(sim, sim.geography["neighbourhoods"])
        load_alerts(sim)
        deadlines.sweep(now=sim.end)
        jobs.drain(now=sim.end)
    today = people_read.local_day(sim.end)
    people.record_absence(
        by=SYSTEM,
        now=sim.end,
        user_id=sim.users["chengguan2"].pk,
        stand_in_id=sim.users["chengguan"].pk,
        starts_on=today,
        ends_on=today + timedelta(days=3),
    )


def _tell_administrators(sim: Simulation) -> None:
    """Tell the three administrators what they should look at: the year that has no official calendar."""
    link = "/console/"
    messages.send_many(
        messages=[
            Outgoing(
                template="cases.year_missing",
                params={"year": str(sim.end.year + 1), "link": link},
                channel=ChannelCode.IN_APP,
                url=link,
                recipient=Recipient(user_id=sim.users[name].pk),
            )
            for name in ("xitong", "anquan", "shenji")
        ],
        now=sim.end,
    )
