"""Trying things out: a scenario as rules and people stand, and as they might, with the same seeds for both."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from linli.interfaces.cli.simulate import driver, instance, marking
from linli.interfaces.cli.simulate.driver import Result
from linli.interfaces.cli.simulate.ground import Wanted
from linli.interfaces.cli.simulate.instance import Instance
from linli.interfaces.cli.simulate.scenario import Scenario, Team

SQLITE = "sqlite:"
Told = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Variant:
    """A scenario with the rules that are tried with it."""

    scenario: Scenario
    rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Where:
    """Where to simulate: a folder for it alone, a database, and whether to keep what was simulated."""

    folder: Path
    database: str = SQLITE
    keep: bool = False


def _everybody(variants: Sequence[Variant]) -> dict[str, Team]:
    """Return the teams with as many people as any of the variants has, so that one town serves all."""
    teams = dict(variants[0].scenario.teams)
    for variant in variants[1:]:
        for key, team in variant.scenario.teams.items():
            pairs = zip(teams[key].shifts, team.shifts, strict=True)
            most = tuple(replace(a, people=max(a.people, b.people)) for a, b in pairs)
            teams[key] = replace(team, shifts=most)
    return teams


def _wanted(variants: Sequence[Variant]) -> Wanted:
    scenario = variants[0].scenario
    return Wanted(scenario.begin, scenario.days + scenario.settle, _everybody(variants))


def try_out(variants: Sequence[Variant], seeds: Sequence[int], where: Where, told: Told) -> list[list[Result]]:
    """Run every variant with every seed; return, for each variant, the results by seed.

    Raises:
        NotSimulatedError: the folder holds something else.
        InstanceError: the simulated installation could not be laid or started.
    """
    marking.mark(where.folder)
    wanted, template = _wanted(variants), None
    if where.database == SQLITE:
        told("town", 0.0)
        template = instance.lay(_emptied(where.folder / "town"), wanted)
    found: list[list[Result]] = [[] for _v in variants]
    for seed in seeds:
        for number, variant in enumerate(variants):
            label = f"{'ab'[number]}-{seed}"
            with _laid(where, label, wanted, template) as own:
                told(label, 0.0)
                progress = partial(told, label)
                run = driver.run(variant.scenario, seed, own, rules=variant.rules, progress=progress)
            found[number].append(run)
    if not where.keep:
        for folder in where.folder.iterdir():
            if folder.is_dir() and marking.is_marked(folder):
                shutil.rmtree(folder)
    return found


def _emptied(folder: Path) -> Path:
    """Return the folder without what an earlier simulation left in it."""
    marking.check_free(folder)
    if folder.exists():
        shutil.rmtree(folder)
    return folder


@contextmanager
def _laid(where: Where, label: str, wanted: Wanted, template: Instance | None) -> Iterator[Instance]:
    """Yield an installation that nobody has used: a copy of the template, or one in a schema of its own."""
    folder = _emptied(where.folder / label)
    if template is not None:
        own = instance.copy(template, folder)
    else:
        own = instance.lay(folder, wanted, database=where.database, namespace=f"sim_{secrets.token_hex(6)}")
    try:
        yield own
    finally:
        if not where.keep:
            if template is None:
                _drop(own)
            shutil.rmtree(folder, ignore_errors=True)


def _drop(own: Instance) -> None:
    """Take away the schema of a simulation on PostgreSQL; it was made for it under a name drawn for it."""
    import psycopg  # noqa: PLC0415  where it is needed alone
    from psycopg import sql  # noqa: PLC0415

    with psycopg.connect(own.database, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(own.namespace)))
