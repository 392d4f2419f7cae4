"""What a simulated time is made of: read from a TOML file, checked whole, every fault named by its place.

A scenario may stand on another (``extends``): its tables are laid over that one's, its lists replace them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from importlib.resources import files
from pathlib import Path
from typing import Any

SHANGHAI = timezone(timedelta(hours=8))
CHANNELS = ("portal", "phone", "order", "bulk", "open311")
DAY_KINDS = ("work", "rest", "all")
_PACKAGE = "linli.interfaces.cli.simulate"
_DEPTH = 5


class ScenarioError(Exception):
    """A scenario that cannot be run; ``place`` says where in the file."""

    def __init__(self, place: str, what: str) -> None:
        """Keep both."""
        self.place, self.what = place, what
        super().__init__(f"{place}: {what}" if place else what)


@dataclass(frozen=True, slots=True)
class Sort:
    """A category of problems: how common, and what it costs to handle one.

    Attributes:
        weight: how often, against the others.
        minutes: median minutes of work on the spot, travel apart.
        spread: deviation of the logarithm of that.
        hard: share of those that wait for something (a spare part, a neighbour, a court).
        hard_days: median days of that wait.
    """

    weight: float
    minutes: float = 40.0
    spread: float = 0.5
    hard: float = 0.05
    hard_days: float = 4.0


@dataclass(frozen=True, slots=True)
class Weather:
    """A kind of day: how likely, on which days for sure, and what it does to whole days and to categories."""

    chance: float = 0.0
    months: tuple[int, ...] = ()
    days: tuple[date, ...] = ()
    arrivals: float = 1.0
    categories: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shift:
    """When some people of a team work: minutes of the day, past 1440 into the next one."""

    begin: int
    end: int
    people: int
    days: str = "work"


@dataclass(frozen=True, slots=True)
class Team:
    """People who do the same: in a unit, with a role. ``unit`` is a key of the demonstration or ``grid:<n>``."""

    key: str
    unit: str
    role: str
    shifts: tuple[Shift, ...]
    absent: float = 0.04

    @property
    def people(self) -> int:
        """How many there are."""
        return sum(s.people for s in self.shifts)


@dataclass(frozen=True, slots=True)
class Storm:
    """Many calls about one matter in a short time."""

    name: str
    day: int
    begin: int
    minutes: int
    calls: int
    category: str
    channels: Mapping[str, float]
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Habits:
    """How people behave, where no rule says so: shares, and minutes of the desk's work.

    Attributes:
        duplicate: chance that a matter is reported again; ``again`` that it is once more.
        again_hours: the mean wait until then.
        join: chance that a resident who is shown the earlier report joins it.
        spot: chance that the desk sees that a case is a duplicate; with more cases of a matter it nears 1.
        call, accept, reply, check, verify, sign, travel, review: minutes.
        refuse, misroute, back, rework, unsolved, explained: chances.
        patience: median hours a resident finds right; ``hold``: median minutes a caller waits for somebody to answer.
        ring_again: chance that a caller who hung up writes on the portal instead.
        rate, urge, reopen: chances of answering, urging when patience is over, and of reopening what was rated badly.
        raised: what is left of a wait for something once the level rises.
        batch: minutes between two deliveries of other systems.
    """

    duplicate: float = 0.1
    again: float = 0.35
    again_hours: float = 10.0
    join: float = 0.6
    spot: float = 0.6
    call: float = 4.0
    accept: float = 3.0
    reply: float = 4.0
    check: float = 10.0
    verify: float = 25.0
    sign: float = 2.0
    travel: float = 15.0
    review: float = 12.0
    refuse: float = 0.02
    misroute: float = 0.03
    back: float = 0.03
    rework: float = 0.05
    unsolved: float = 0.04
    explained: float = 0.12
    patience: float = 60.0
    hold: float = 6.0
    ring_again: float = 0.5
    rate: float = 0.35
    urge: float = 0.15
    reopen: float = 0.5
    raised: float = 0.4
    batch: float = 30.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """A time to be simulated."""

    name: str
    title: str
    start: date
    days: int
    settle: int
    turn: int
    per_day: float
    hours: tuple[float, ...]
    weekdays: tuple[float, ...]
    months: tuple[float, ...]
    channels: Mapping[str, float]
    sorts: Mapping[str, Sort]
    weathers: Mapping[str, Weather]
    teams: Mapping[str, Team]
    storms: tuple[Storm, ...]
    habits: Habits
    rules: Mapping[str, Any] = field(default_factory=dict)
    scale: float = 1.0
    begins: int = 0
    ends: int = 1440

    @property
    def begin(self) -> datetime:
        """The first moment."""
        return datetime(self.start.year, self.start.month, self.start.day, tzinfo=SHANGHAI)

    @property
    def end(self) -> datetime:
        """When arrivals end."""
        return self.begin + timedelta(days=self.days)

    @property
    def settled(self) -> datetime:
        """When all ends."""
        return self.end + timedelta(days=self.settle)

    def day(self, number: int) -> date:
        """Return the day so many after the first."""
        return self.start + timedelta(days=number)


def local(moment: datetime) -> datetime:
    """Return ``moment`` in Shanghai."""
    return moment.astimezone(SHANGHAI)


def utc(moment: datetime) -> str:
    """Return ``moment`` as text in UTC."""
    return moment.astimezone(UTC).isoformat()


def shipped() -> list[str]:
    """Return the names of the scenarios that ship, in their order."""
    found = files(_PACKAGE).joinpath("scenarios").iterdir()
    return sorted(p.name.removesuffix(".toml") for p in found if p.name.endswith(".toml"))


def load(name: str) -> Scenario:
    """Return a shipped scenario, or the one in the file that ``name`` is the path of.

    Raises:
        ScenarioError: there is none, or it cannot be run.
    """
    return read(_tables(name, 0), Path(name).stem)


def _tables(name: str, depth: int) -> dict[str, Any]:
    path = Path(name)
    source = path if path.suffix == ".toml" else files(_PACKAGE).joinpath(f"scenarios/{name}.toml")
    if depth > _DEPTH:
        raise ScenarioError("extends", "too deep")
    try:
        found = tomllib.loads(source.read_text(encoding="utf8"))
    except OSError as error:
        raise ScenarioError("", f"no scenario {name!r}; shipped: {', '.join(shipped())}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(name, str(error)) from error
    below = found.pop("extends", "")
    if not below:
        return found
    if str(below).endswith(".toml"):
        below = str(path.parent / below)
    return laid_over(_tables(below, depth + 1), found)


def laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``above`` over ``below``: tables are joined, all else of ``above`` stands for itself."""
    made = dict(below)
    for key, value in above.items():
        both = isinstance(value, Mapping) and isinstance(made.get(key), Mapping)
        made[key] = laid_over(made[key], value) if both else value
    return made


def read(given: Mapping[str, Any], name: str) -> Scenario:
    """Return the scenario that the tables of a file tell of.

    Raises:
        ScenarioError: something is missing, of a wrong kind, or cannot be.
    """
    known = {
        "title", "start", "days", "settle", "turn", "per_day", "hours", "weekdays", "months", "channels",
        "categories", "weather", "teams", "storms", "habits", "rules", "scale", "window",
    }  # fmt: skip
    if unknown := sorted(set(given) - known):
        raise ScenarioError(unknown[0], "not known")
    start = given.get("start")
    if not isinstance(start, date) or isinstance(start, datetime):
        raise ScenarioError("start", "give a day, as 2026-03-10")
    sorts = {k: _made(Sort, v, f"categories.{k}") for k, v in _table(given, "categories").items()}
    if not sorts or any(s.weight < 0 for s in sorts.values()) or not any(s.weight for s in sorts.values()):
        raise ScenarioError("categories", "give at least one with a weight")
    window = given.get("window", "00:00-24:00")
    begins, ends = _hours(window, "window")
    made = Scenario(
        name=name,
        title=str(given.get("title", name)),
        start=start,
        days=int(_number(given, "days", 1, 1, 400)),
        settle=int(_number(given, "settle", 5, 0, 120)),
        turn=int(_number(given, "turn", 15, 1, 1440)),
        per_day=_number(given, "per_day", 0, 0, 100_000),
        hours=_row(given, "hours", 24),
        weekdays=_row(given, "weekdays", 7),
        months=_row(given, "months", 12),
        channels=_channels(_table(given, "channels"), "channels"),
        sorts=sorts,
        weathers={k: _weather(v, k) for k, v in _table(given, "weather").items()},
        teams={k: _team(k, v) for k, v in _table(given, "teams").items()},
        storms=tuple(_storm(s, n, sorts) for n, s in enumerate(given.get("storms", []))),
        habits=_made(Habits, _table(given, "habits"), "habits"),
        rules=dict(_table(given, "rules")),
        begins=begins,
        ends=ends,
    )
    return scaled(made, _number(given, "scale", 1, 0.0001, 100)) if "scale" in given else made


def _table(given: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = given.get(key, {})
    if not isinstance(found, Mapping):
        raise ScenarioError(key, "give a table")
    return found


def _number(given: Mapping[str, Any], key: str, default: float, least: float, most: float) -> float:
    found = given.get(key, default)
    if isinstance(found, bool) or not isinstance(found, int | float) or not least <= found <= most:
        raise ScenarioError(key, f"give a number between {least} and {most}")
    return float(found)


def _row(given: Mapping[str, Any], key: str, length: int) -> tuple[float, ...]:
    found = given.get(key, [1.0] * length)
    right = isinstance(found, Sequence) and len(found) == length and all(isinstance(x, int | float) for x in found)
    if not right or min(found) < 0 or not sum(found):
        raise ScenarioError(key, f"give {length} numbers, none below 0")
    return tuple(float(x) for x in found)


def _made(sort: type[Any], given: Any, place: str) -> Any:
    if not isinstance(given, Mapping):
        raise ScenarioError(place, "give a table")
    known = {f.name for f in fields(sort)}
    for key, value in given.items():
        if key not in known or isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ScenarioError(f"{place}.{key}", "not known" if key not in known else "give a number, not below 0")
    try:
        return sort(**{k: float(v) for k, v in given.items()})
    except TypeError as error:
        raise ScenarioError(place, str(error)) from error


def _channels(given: Mapping[str, Any], place: str) -> dict[str, float]:
    if unknown := sorted(set(given) - set(CHANNELS)):
        raise ScenarioError(f"{place}.{unknown[0]}", f"not one of {', '.join(CHANNELS)}")
    found = {k: float(given.get(k, 0)) for k in CHANNELS}
    if min(found.values()) < 0 or not sum(found.values()):
        raise ScenarioError(place, "give shares, none below 0")
    return found


def _weather(given: Mapping[str, Any], name: str) -> Weather:
    place = f"weather.{name}"
    if unknown := sorted(set(given) - {f.name for f in fields(Weather)}):
        raise ScenarioError(f"{place}.{unknown[0]}", "not known")
    return Weather(
        chance=_number(given, "chance", 0, 0, 1),
        months=tuple(given.get("months", ())),
        days=tuple(given.get("days", ())),
        arrivals=_number(given, "arrivals", 1, 0, 100),
        categories={k: float(v) for k, v in dict(given.get("categories", {})).items()},
    )


def _hours(text: Any, place: str) -> tuple[int, int]:
    """Return ``09:00-17:30`` as minutes of the day; an end before the beginning is the next day's."""
    try:
        begin, end = (int(h) * 60 + int(m) for h, m in (part.split(":") for part in str(text).split("-")))
    except ValueError as error:
        raise ScenarioError(place, "give hours as 09:00-17:30") from error
    end = end if end > begin else end + 1440
    if not 0 <= begin < 1440 or not begin < end <= begin + 1440:
        raise ScenarioError(place, "give hours as 09:00-17:30")
    return begin, end


def _team(key: str, given: Mapping[str, Any]) -> Team:
    place = f"teams.{key}"
    if missing := [k for k in ("unit", "role", "shifts") if not given.get(k)]:
        raise ScenarioError(f"{place}.{missing[0]}", "missing")
    shifts = []
    for number, shift in enumerate(given["shifts"]):
        begin, end = _hours(shift.get("hours", ""), f"{place}.shifts[{number}].hours")
        days, people = shift.get("days", "work"), shift.get("people", 1)
        if days not in DAY_KINDS or not isinstance(people, int) or people < 0:
            raise ScenarioError(f"{place}.shifts[{number}]", "days: work, rest or all; people: a whole number")
        shifts.append(Shift(begin, end, people, days))
    absent = _number(given, "absent", 0.04, 0, 1)
    return Team(key, str(given["unit"]), str(given["role"]), tuple(shifts), absent)


def _storm(given: Mapping[str, Any], number: int, sorts: Mapping[str, Sort]) -> Storm:
    place = f"storms[{number}]"
    if given.get("category") not in sorts:
        raise ScenarioError(f"{place}.category", "not one of the scenario's categories")
    begin, _end = _hours(f"{given.get('at', '')}-24:00", f"{place}.at")
    return Storm(
        name=str(given.get("name", f"storm{number}")),
        day=int(_number(given, "day", 0, 0, 400)),
        begin=begin,
        minutes=int(_number(given, "minutes", 20, 1, 1440)),
        calls=int(_number(given, "calls", 100, 0, 100_000)),
        category=given["category"],
        channels=_channels(dict(given.get("channels", {"phone": 1})), f"{place}.channels"),
        texts=tuple(str(t) for t in given.get("texts", ())),
    )


def scaled(scenario: Scenario, scale: float) -> Scenario:
    """Return the scenario of a place ``scale`` times as large: reports, storms and people (one in a shift at least).

    Raises:
        ScenarioError: nothing of that size can be.
    """
    if not 0.0001 <= scale <= 100:
        raise ScenarioError("scale", "give a number between 0.0001 and 100")
    teams = {
        k: replace(
            t, shifts=tuple(replace(s, people=max(1, int(s.people * scale + 0.5)) if s.people else 0) for s in t.shifts)
        )
        for k, t in scenario.teams.items()
    }
    return replace(scenario, scale=scenario.scale * scale, teams=teams)


def changed(
    scenario: Scenario, *, lose: Mapping[str, int] | None = None, capacity: Mapping[str, int] | None = None
) -> Scenario:
    """Return ``scenario`` with people fewer, or as many as said in the first shift of a team.

    Who goes are the last of a team, so that those who stay are the same people.

    Raises:
        ScenarioError: no such team, or it has not so many.
    """
    teams = dict(scenario.teams)
    for key in [*(lose or {}), *(capacity or {})]:
        if key not in teams:
            raise ScenarioError(key, f"no such team; there are: {', '.join(teams)}")
    for key, count in (lose or {}).items():
        teams[key] = replace(teams[key], shifts=_fewer(key, teams[key].shifts, count))
    for key, count in (capacity or {}).items():
        first, *rest = teams[key].shifts
        teams[key] = replace(teams[key], shifts=(replace(first, people=count), *rest))
    return replace(scenario, teams=teams)


def _fewer(key: str, shifts: tuple[Shift, ...], count: int) -> tuple[Shift, ...]:
    left, made = count, []
    for shift in reversed(shifts):
        gone = min(left, shift.people)
        left -= gone
        made.append(replace(shift, people=shift.people - gone))
    if left:
        raise ScenarioError(key, f"has only {count - left} people")
    return tuple(reversed(made))
