"""Who reports what, when, where and by which door: drawn from a scenario and a seed, before anything happens.

Reports come as a Poisson process whose rate changes with hour, weekday, season and weather, drawn by thinning
(Lewis and Shedler): moments at the highest rate, each kept with the chance that its own hour has. Every day has
dice of its own, so that a longer run begins like a shorter one.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from linli.interfaces.cli.demo import texts
from linli.interfaces.cli.simulate.dice import dice, share, waiting
from linli.interfaces.cli.simulate.scenario import SHANGHAI, Scenario, Storm

FINE = "fine"
# How far two people put the same thing apart, in degrees: some 30 metres.
_NEAR = 0.0003
_FORMS = (
    "{address}{n}号",
    "{address}{name}{n}号门口",
    "{name}{n}号楼",
    "{name}（{address}）",
    "{name}门口",
    "{address}近{name}",
)
_NAMES = ("王女士", "李先生", "张阿姨", "陈先生", "朱女士", "沈先生", "顾阿姨", "")


@dataclass(frozen=True, slots=True)
class Place:
    """An estate: what it is called, and where."""

    name: str
    address: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Incident:
    """One report by one person. Reports of one ``matter`` are about the same thing; ``turn`` counts them from 0."""

    number: int
    at: datetime
    channel: str
    category: str
    matter: str
    turn: int
    storm: str
    address: str
    lat: float
    lon: float
    text: str
    name: str
    phone: str


def weather(scenario: Scenario, seed: int, day: date) -> str:
    """Return the kind of weather of ``day``: as the scenario says for that day, or drawn."""
    for name, kind in scenario.weathers.items():
        if day in kind.days:
            return name
    at, passed = share(seed, "weather", day.isoformat()), 0.0
    for name, kind in scenario.weathers.items():
        if not kind.months or day.month in kind.months:
            passed += kind.chance
            if at < passed:
                return name
    return FINE


def _weights(scenario: Scenario, sky: str) -> dict[str, float]:
    kind = scenario.weathers.get(sky)
    factors = kind.categories if kind else {}
    return {code: s.weight * factors.get(code, 1.0) for code, s in scenario.sorts.items()}


def expected(scenario: Scenario, seed: int, day: date) -> list[float]:
    """Return how many first reports each hour of ``day`` brings on average, storms and repeated ones apart."""
    sky = weather(scenario, seed, day)
    kind = scenario.weathers.get(sky)
    usual = sum(s.weight for s in scenario.sorts.values())
    level = scenario.per_day * scenario.scale * (kind.arrivals if kind else 1.0)
    level *= sum(_weights(scenario, sky).values()) / usual
    level *= scenario.weekdays[day.weekday()] / (sum(scenario.weekdays) / 7)
    level *= scenario.months[day.month - 1] / (sum(scenario.months) / 12)
    whole = sum(scenario.hours)
    return [level * h / whole for h in scenario.hours]


def _moments(rates: Sequence[float], luck: Random) -> Iterator[float]:
    """Yield moments of a day, in hours: thinned."""
    most = max(rates)
    at = 0.0
    while most > 0:
        at += luck.expovariate(most)
        if at >= 24:
            return
        if luck.random() * most < rates[int(at)]:
            yield at


def _pick(weights: Mapping[str, float], at: float) -> str:
    names = list(weights)
    sums = list(accumulate(weights.values()))
    return names[min(bisect_right(sums, at * sums[-1]), len(names) - 1)]


def stream(scenario: Scenario, seed: int, places: Sequence[Place]) -> list[Incident]:
    """Return every report of the scenario's days, in order of time: the same for the same seed."""
    found: list[Incident] = []
    for number in range(scenario.days):
        day = scenario.day(number)
        midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        weights = _weights(scenario, weather(scenario, seed, day))
        luck = dice(seed, "arrivals", day.isoformat())
        for count, hour in enumerate(_moments(expected(scenario, seed, day), luck)):
            matter = f"{day:%m%d}-{count}"
            first = _first(scenario, seed, matter, midnight + timedelta(hours=hour), weights, places)
            found += [first, *_repeats(scenario, seed, first, places)]
    for storm in scenario.storms:
        if storm.day < scenario.days:
            found += _storm(scenario, seed, storm, places)
    return _numbered(scenario, found)


def _numbered(scenario: Scenario, found: list[Incident]) -> list[Incident]:
    kept = [i for i in found if i.at < scenario.end and _open(scenario, i.at)]
    kept.sort(key=lambda i: (i.at, i.matter, i.turn))
    return [replace(i, number=n) for n, i in enumerate(kept, start=1)]


def _open(scenario: Scenario, at: datetime) -> bool:
    """Return whether the scenario's window of the day lets reports in."""
    minute = at.hour * 60 + at.minute
    return scenario.begins <= minute < scenario.ends or minute + 1440 < scenario.ends


def _first(
    scenario: Scenario, seed: int, matter: str, at: datetime, weights: Mapping[str, float], places: Sequence[Place]
) -> Incident:
    category = _pick(weights, share(seed, matter, "category"))
    return _told(scenario, seed, matter, 0, at, category, places)


def _repeats(scenario: Scenario, seed: int, first: Incident, places: Sequence[Place]) -> Iterator[Incident]:
    """Yield the later reports of a matter, by others and in other words."""
    habits, turn, at = scenario.habits, 1, first.at
    while share(seed, first.matter, "again", turn) < (habits.duplicate if turn == 1 else habits.again):
        at += timedelta(hours=waiting(habits.again_hours, seed, first.matter, "later", turn))
        yield _told(scenario, seed, first.matter, turn, at, first.category, places)
        turn += 1


def _storm(scenario: Scenario, seed: int, storm: Storm, places: Sequence[Place]) -> Iterator[Incident]:
    """Yield the calls of a storm: exactly as many as it says, most of them soon after it begins."""
    begin = scenario.begin + timedelta(days=storm.day, minutes=storm.begin)
    matter = f"storm-{storm.name}"
    luck = dice(seed, matter, "moments")
    moments = sorted(luck.betavariate(1.6, 2.4) * storm.minutes for _n in range(round(storm.calls * scenario.scale)))
    for turn, minutes in enumerate(moments):
        at = begin + timedelta(minutes=minutes)
        yield _told(scenario, seed, matter, turn, at, storm.category, places, storm)


def _told(
    scenario: Scenario, seed: int, matter: str, turn: int, at: datetime, category: str, places: Sequence[Place],
    storm: Storm | None = None,
) -> Incident:  # fmt: skip
    """Return one report of a matter in somebody's words, at about the matter's place."""
    place = places[int(share(seed, matter, "place") * len(places))]
    luck = dice(seed, matter, "told", turn)
    lat = place.lat + (share(seed, matter, "north") - 0.5) * 3 * _NEAR + luck.uniform(-0.5, 0.5) * _NEAR
    lon = place.lon + (share(seed, matter, "east") - 0.5) * 3 * _NEAR + luck.uniform(-0.5, 0.5) * _NEAR
    door = 1 + int(share(seed, matter, "door") * 40)
    address = luck.choice(_FORMS).format(address=place.address, name=place.name, n=door)
    road = place.address.split("路")[0] + "路"
    own = storm.texts if storm else ()
    text = (
        texts.fill(luck, luck.choice(own), road=road, place=address) + luck.choice(texts.ENDINGS)
        if own
        else texts.report_text(luck, category, road=road, place=address)
    )
    return Incident(
        number=0,
        at=at.replace(microsecond=0),
        channel=_pick(storm.channels if storm else scenario.channels, luck.random()),
        category=category,
        matter=matter,
        turn=turn,
        storm=storm.name if storm else "",
        address=address,
        lat=round(lat, 6),
        lon=round(lon, 6),
        text=text,
        name=luck.choice(_NAMES),
        phone=texts.phone(luck),
    )


def lines(incidents: Sequence[Incident]) -> str:
    """Return the reports as lines of JSON."""
    told = ({**asdict(i), "at": i.at.isoformat()} for i in incidents)
    return "".join(json.dumps(t, ensure_ascii=False) + "\n" for t in told)
