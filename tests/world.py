"""The world that tests of the case loop and of the faces run in: the demonstration subdistrict, without cases.

Built once per process through the services, then laid anew for each test by inserting the
same rows, which takes milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from linli.engines.cases import services as cases
from linli.engines.cases.selectors import catalogue, directory, laws, words
from linli.foundation.accounts.models import User
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.people import selectors as people
from linli.foundation.people.models import Unit
from linli.foundation.places import selectors as places
from linli.foundation.places.models import Area
from linli.foundation.rulebook import services as rulebook
from linli.interfaces.cli.demo.geography import load_geography
from linli.interfaces.cli.demo.people import PASSWORD, UNITS, load_people
from linli.programmes.publishing import services as publishing
from tests.postgres import without_triggers

# A Tuesday, 10:00 in Shanghai, in an announced year, no holiday near.
MORNING = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)

_rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
_script: list[str] = []  # on PostgreSQL: all of it as one statement


@dataclass
class World:
    """Users by login name, units by key, areas by 居民区; actors made on demand."""

    now: datetime = MORNING
    password: str = PASSWORD
    users: dict[str, User] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)

    def actor(self, username: str, now: datetime | None = None) -> Actor:
        """Return the actor that a request of ``username`` would have."""
        return people.actor_for(self.users[username], now or self.now)


def _tables() -> list[str]:
    return [m._meta.db_table for m in apps.get_models() if m._meta.app_label not in {"sessions"}]


def _build() -> None:
    rulebook.load_shipped(by=SYSTEM, now=MORNING)
    geography = load_geography(by=SYSTEM, now=MORNING)
    load_people(by=SYSTEM, now=MORNING, geography=geography, demo=False)
    cases.load_shipped(by=SYSTEM, now=MORNING)
    publishing.load_shipped(by=SYSTEM, now=MORNING)


def _remember() -> None:
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = cursor.fetchall()
            if rows and not table.startswith(("journal_", "jobs_")):
                _rows[table] = ([c[0] for c in cursor.description], rows)


def _lay() -> None:
    # Deferring foreign keys holds for one transaction; a test with a live server has none of its own.
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            if not _script:
                _script.append(_written(cursor))
            cursor.execute(_script[0])
            return
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        for table, (columns, rows) in _rows.items():
            names = ", ".join(f'"{c}"' for c in columns)
            holes = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({holes})', rows)


def _written(cursor: Any) -> str:
    """Return one script that inserts every row and sets the sequences; these rows need no looking after by triggers."""
    parts = [without_triggers(True)]
    for table, (columns, rows) in _rows.items():
        names = ", ".join(f'"{c}"' for c in columns)
        holes = "(" + ", ".join(["%s"] * len(columns)) + ")"
        values = ", ".join(cursor.mogrify(holes, row) for row in rows)
        parts.append(f'INSERT INTO "{table}" ({names}) VALUES {values}')
        if "id" in columns:
            greatest = max(row[columns.index("id")] for row in rows)
            parts.append(f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), {greatest})")
    return ";\n".join([*parts, without_triggers(False)])


def lay_world() -> World:
    """Lay the demonstration subdistrict in the (empty) test database and return its cast."""
    forget()
    if _rows:
        _lay()
    else:
        _build()
        _remember()
    forget()
    world = World()
    world.users = {u.username: u for u in User.objects.all()}
    by_name = {u.name: u for u in Unit.objects.select_related("area")}
    world.units = {key: by_name[spec[0]] for key, spec in UNITS.items()}
    for unit in by_name.values():
        if unit.kind == "neighbourhood_committee":
            world.units["@" + unit.name.removesuffix("居民委员会")] = unit
    world.areas = {a.name.removesuffix("居民区"): a for a in places.areas(on=MORNING.date(), kind="neighbourhood")}
    return world


def forget() -> None:
    """Drop what the process remembers of the last test's data."""
    from linli.foundation.rulebook import selectors as rules

    catalogue.forget()
    directory.forget()
    words.forget_phrases()
    laws.forget_laws()
    places.forget_index()
    getattr(rules, "forget", lambda: None)()
