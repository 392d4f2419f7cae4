"""One run: a scenario, a seed and an installation, driven from the first report to the last rating."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from linli.interfaces.cli.simulate import instance
from linli.interfaces.cli.simulate.arrivals import Incident, Place, stream
from linli.interfaces.cli.simulate.crews import Crew, Roster
from linli.interfaces.cli.simulate.doors import Doors, Watch
from linli.interfaces.cli.simulate.engine import Engine, Life, Pause
from linli.interfaces.cli.simulate.instance import Instance
from linli.interfaces.cli.simulate.lives import Lives
from linli.interfaces.cli.simulate.scenario import Scenario, local, utc

Progress = Callable[[float], None]
_COLLECTED = {"order", "bulk"}
_DAY, _RARER, _HOUR = (7, 21), 4, 60


@dataclass
class Result:
    """What a run gave: the facts of every case, and what the driver saw."""

    scenario: Scenario
    seed: int
    incidents: int
    facts: list[dict[str, Any]]
    seen: dict[str, int]
    stuck: dict[str, int]
    times: dict[str, list[float]]
    refused: dict[str, int]
    worked: dict[str, tuple[float, float]]
    rules: dict[str, Any]
    names: dict[str, str]
    teams: dict[str, str]
    seconds: float
    jobs: int = 0
    storms: dict[str, int] = field(default_factory=dict)


def crews(scenario: Scenario, seed: int, rest: Sequence[date]) -> dict[str, Crew]:
    """Return the scenario's teams at the beginning."""
    return {k: Crew(t, Roster(t, seed=seed, rest=rest)) for k, t in scenario.teams.items()}


def _turning(lives: Lives, doors: Doors, minutes: int, count: list[int]) -> Life:
    """Let the worker do its rounds; at night, when hardly anybody is at work, a quarter of them."""
    while True:
        night = not _DAY[0] <= local(lives.engine.now).hour < _DAY[1]
        yield Pause(lives.later(minutes=minutes * (_RARER if night and minutes < _HOUR else 1)))
        count[0] += doors.turn()


def _delivering(lives: Lives) -> Life:
    while True:
        yield Pause(lives.later(minutes=lives.habits.batch))
        lives.deliver()


def _collect(lives: Lives, incident: Incident) -> Callable[[], None]:
    def collected() -> None:
        lives.waiting.append(incident)

    return collected


def run(
    scenario: Scenario,
    seed: int,
    given: Instance,
    *,
    rules: Mapping[str, str] | None = None,
    progress: Progress = lambda _share: None,
) -> Result:
    """Drive ``scenario`` on the installation ``given``, which nobody has used before.

    Args:
        rules: rule → value, entered before the first report.
        progress: told now and then what share of the time has passed.
    """
    began, watch, jobs = time.perf_counter(), Watch(), [0]
    places = [Place(**p) for p in given.town["places"]]
    incidents = stream(scenario, seed, places)
    rest = [date.fromisoformat(d) for d in given.town["rest"]]
    with instance.served(given, utc(scenario.begin)) as port:
        doors = Doors(port, given.key, given.town["tokens"], watch)
        doors.at(utc(scenario.begin))
        entered = doors.driver("rules", json.dumps(dict(rules or {})))
        engine = Engine(scenario.begin, crews(scenario, seed, rest), lambda m: doors.at(utc(m)))
        lives = Lives(scenario, seed, doors, engine, given.town)
        engine.live(_turning(lives, doors, scenario.turn, jobs), scenario.begin)
        engine.live(_delivering(lives), scenario.begin)
        for incident in incidents:
            if incident.channel in _COLLECTED:
                engine.at(incident.at, _collect(lives, incident))
            else:
                engine.live(lives.arrive(incident), incident.at)
        hours = int((scenario.settled - scenario.begin).total_seconds() // 3600)
        for hour in range(hours):
            engine.run(scenario.begin + timedelta(hours=hour + 1))
            progress((hour + 1) / hours)
        jobs[0] += doors.turn()
        facts = doors.facts()
        doors.close()
    for fact in facts:
        tracked = lives.tracked.get(fact["number"])
        fact["storm"] = tracked.incident.storm if tracked else ""
    return Result(
        scenario=scenario, seed=seed, incidents=len(incidents), facts=facts, seen=dict(lives.seen),
        stuck=dict(lives.stuck), times=dict(watch.times), refused=dict(watch.refused),
        worked={k: _worked(c, scenario) for k, c in engine.crews.items()}, rules=entered,
        names=given.town["names"], teams=given.town["units"], seconds=time.perf_counter() - began, jobs=jobs[0],
        storms={s.name: sum(i.storm == s.name for i in incidents) for s in scenario.storms},
    )  # fmt: skip


def _worked(crew: Crew, scenario: Scenario) -> tuple[float, float]:
    """Return (minutes worked, minutes on shift) of a team in the days of arrivals and after."""
    there = sum(crew.roster.minutes(person, scenario.begin, scenario.settled) for person in crew.people)
    return sum(crew.worked.values()), there
