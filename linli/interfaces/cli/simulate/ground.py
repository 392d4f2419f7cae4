"""Lays the town that is simulated, in a process of its own: the demonstration's map and units, the scenario's people.

It ends with a file that says what the driver must know: places, categories, units, people with their tokens, days off.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from linli.interfaces.cli import set_up
from linli.interfaces.cli.simulate import marking
from linli.interfaces.cli.simulate.crews import people_of
from linli.interfaces.cli.simulate.scenario import Shift, Team

TOWN = "town.json"
GRID = "grid:"
PROGRAM, SENDER = "program", "open311"
_TOKEN_DAYS = 800
_PER_MINUTE = 6_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to lay: when it begins, how many days must be known, who works there."""

    start: datetime
    days: int
    teams: Mapping[str, Team]


def written(wanted: Wanted) -> str:
    """Return ``wanted`` as JSON."""
    return json.dumps(
        {
            "start": wanted.start.isoformat(),
            "days": wanted.days,
            "teams": {k: asdict(t) for k, t in wanted.teams.items()},
        }
    )


def wanted_of(text: str) -> Wanted:
    """Return what :func:`written` wrote."""
    given = json.loads(text)
    teams = {k: Team(**{**t, "shifts": tuple(Shift(**s) for s in t["shifts"])}) for k, t in given["teams"].items()}
    return Wanted(datetime.fromisoformat(given["start"]), given["days"], teams)


def lay(wanted: Wanted) -> dict[str, Any]:
    """Enter the town into the (empty) namespace in force; return what is written to the file."""
    from django.db import transaction  # noqa: PLC0415  after start()

    from linli.foundation.accounts import selectors as accounts  # noqa: PLC0415
    from linli.foundation.people import selectors as people  # noqa: PLC0415
    from linli.foundation.places import selectors as places  # noqa: PLC0415
    from linli.interfaces.cli.demo import load  # noqa: PLC0415
    from linli.interfaces.cli.demo.geography import estates  # noqa: PLC0415
    from linli.interfaces.cli.demo.people import units_of  # noqa: PLC0415
    from linli.interfaces.cli.demo.scenes import HUAYANG  # noqa: PLC0415

    before = wanted.start - timedelta(days=30)
    with transaction.atomic():
        load.lay_ground(before, wanted.start + timedelta(days=wanted.days), HUAYANG)
        load.forget()
        if accounts.demo_users() == []:
            message = "the demonstration's people are missing"
            raise RuntimeError(message)
        by_name = {u.name: u for u in people.active_units()}
        units = {key: by_name[spec[0]] for key, spec in units_of(HUAYANG).items()}
        areas = {a.name.removesuffix("居民区"): a for a in places.areas(on=wanted.start.date(), kind="neighbourhood")}
        grids = {
            f"{GRID}{n}": [by_name[f"{name}居民委员会"] for name in members]
            for n, members in enumerate(HUAYANG.grids.values(), start=1)
        }
        tokens = _enter(wanted, before, units, grids)
        tokens |= _programs(before, units["centre"])
    load.forget()
    return {
        "tokens": tokens,
        "units": {str(u.pk): key for key, u in units.items()}
        | {str(u.pk): key for key, many in grids.items() for u in many},
        "names": {str(u.pk): u.short_name or u.name for u in by_name.values()},
        "committees": {name: by_name[f"{name}居民委员会"].pk for name in areas},
        "places": [{"name": p.name, "address": p.address, "lat": p.lat, "lon": p.lon} for p in estates(HUAYANG)],
        "sorts": _sorts(),
        "rest": [d.isoformat() for d in _rest(wanted)],
    }


def _enter(wanted: Wanted, now: datetime, units: Mapping[str, Any], grids: Mapping[str, list[Any]]) -> dict[str, str]:
    """Enter the people of the teams; return login → token."""
    tokens: dict[str, str] = {}
    for team in wanted.teams.values():
        places = grids[team.unit] if team.unit in grids else [units[team.unit]]
        posts = [_post(unit, team.role, now) for unit in places]
        for person in people_of(team):
            tokens[person.login] = _person(person.login, posts, now)
    return tokens


def _post(unit: Any, role: str, now: datetime) -> Any:
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415
    from linli.foundation.people import services as people  # noqa: PLC0415

    return people.create_post(by=SYSTEM, now=now, unit=unit, role=role, title="")


def _person(login: str, posts: list[Any], now: datetime) -> str:
    from linli.foundation.accounts import services as accounts  # noqa: PLC0415
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415
    from linli.foundation.people import services as people  # noqa: PLC0415

    user = accounts.create_user(
        username=login, display_name=login, password=None, kind="staff", is_demo=True, by=SYSTEM, now=now
    )
    for post in posts:
        people.appoint(by=SYSTEM, now=now, user_id=user.pk, post=post, starts_on=now.date())
    return _token(user, now)


def _token(user: Any, now: datetime) -> str:
    from linli.foundation.accounts import services as accounts  # noqa: PLC0415
    from linli.foundation.accounts.types import TokenScope  # noqa: PLC0415
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415
    from linli.foundation.people import selectors as people  # noqa: PLC0415

    by = SYSTEM if user.kind == "program" else people.actor_for(user, now)
    _row, secret = accounts.create_token(
        by=by, now=now, user=user, name="simulate", scopes=list(TokenScope.values), days=_TOKEN_DAYS,
        longest=_TOKEN_DAYS, per_minute=_PER_MINUTE,
    )  # fmt: skip
    return secret


def _programs(now: datetime, centre: Any) -> dict[str, str]:
    """Enter the platform that delivers orders, and an app that sends by Open311."""
    from linli.foundation.accounts import services as accounts  # noqa: PLC0415
    from linli.foundation.core.actors import SYSTEM  # noqa: PLC0415
    from linli.foundation.people import services as people  # noqa: PLC0415

    found = {}
    for key, name in ((PROGRAM, "模拟平台"), (SENDER, "模拟应用")):
        user = accounts.create_program(by=SYSTEM, now=now, name=name)
        if key == PROGRAM:
            post = people.create_post(by=SYSTEM, now=now, unit=centre, role="dispatcher", title=name)
            people.appoint(by=SYSTEM, now=now, user_id=user.pk, post=post, starts_on=now.date())
        found[key] = _token(user, now)
    return found


def _sorts() -> dict[str, Any]:
    from linli.engines.cases import selectors as cases  # noqa: PLC0415

    return {
        n.spec.code: {
            "verify": n.spec.verify,
            "evidence": {p: getattr(n.spec.evidence, p) for p in ("before", "after", "paper")},
            "resident": n.spec.code not in cases.NOT_FOR_RESIDENTS,
        }
        for n in cases.categories()
        if n.leaf
    }  # fmt: skip


def _rest(wanted: Wanted) -> list[date]:
    from linli.foundation.rulebook import selectors as rulebook  # noqa: PLC0415

    calendar = rulebook.working_calendar()
    days = (wanted.start.date() + timedelta(days=n) for n in range(-2, wanted.days + 70))
    return [d for d in days if not _works(calendar, d)]


def _works(calendar: Any, day: date) -> bool:
    from linli.foundation.rulebook.exceptions import YearNotAnnouncedError  # noqa: PLC0415

    try:
        return bool(calendar.is_workday(day))
    except YearNotAnnouncedError:
        return day.weekday() < 5


def main(given: str) -> None:
    """Lay the town that the JSON in the file ``given`` describes, in the namespace that the environment names."""
    folder = Path(os.environ["LINLI_DATA"])
    marking.check(folder, os.environ.get(marking.KEY, ""))
    name = set_up.start()
    from linli.foundation.core import clock  # noqa: PLC0415  needs Django
    from linli.interfaces.cli import databases  # noqa: PLC0415

    wanted = wanted_of(Path(given).read_text(encoding="utf8"))
    with clock.frozen(wanted.start - timedelta(days=30)):
        databases.prepare(name, title="模拟街道", demo=True)
        made = lay(wanted)
    path = folder / TOWN
    path.touch(mode=0o600)
    path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf8")


if __name__ == "__main__":
    main(sys.argv[1])
