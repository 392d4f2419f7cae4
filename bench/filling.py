"""Fills a namespace by bulk copies of real cases: varied areas, units, dates, numbers, words; in plausible proportion.

Of the copies one in twenty-five is open and reported within twenty days, the others are
closed and spread over two years. A copy has the events, clocks, reporters, journal entries and
search row of its original. Its journal entries count as sealed; its clocks have no mark due.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

from bench.setting import NOW
from bench.words import address, wording
from linli.engines.cases import search
from linli.foundation.core.ids import uuid7

_LABELS = {
    "case": "cases.Case",
    "event": "cases.CaseEvent",
    "reporter": "cases.Reporter",
    "clock": "deadlines.Clock",
    "entry": "journal.Entry",
}
_NEVER = 9000
_BATCH = 1000
_STEP = 10_000_000


@dataclass
class Original:
    """A case with everything that hangs on it, as plain values."""

    case: dict[str, Any]
    event: list[dict[str, Any]] = field(default_factory=list)
    reporter: list[dict[str, Any]] = field(default_factory=list)
    clock: list[dict[str, Any]] = field(default_factory=list)
    entry: list[dict[str, Any]] = field(default_factory=list)


def _model(name: str) -> Any:
    return apps.get_model(_LABELS[name])


def _columns(name: str) -> list[str]:
    return [f.attname for f in _model(name)._meta.concrete_fields]


def _values(name: str) -> Iterable[dict[str, Any]]:
    json_fields = [f.attname for f in _model(name)._meta.concrete_fields if f.get_internal_type() == "JSONField"]
    for row in _model(name)._default_manager.order_by("pk").values(*_columns(name)):
        for key in json_fields:
            row[key] = None if row[key] is None else json.dumps(row[key], ensure_ascii=False)
        yield row


def originals() -> list[Original]:
    """Return the cases that the services made."""
    found = {row["id"]: Original(row) for row in _values("case")}
    by_uuid = {o.case["uuid"]: o for o in found.values()}
    for name, key, index in (
        ("event", "case_id", found),
        ("reporter", "case_id", found),
        ("clock", "subject_id", found),
        ("entry", "object_uuid", by_uuid),
    ):
        for row in _values(name):
            if row[key] in index:
                getattr(index[row[key]], name).append(row)
    return list(found.values())


def _shift(row: dict[str, Any], by: timedelta) -> dict[str, Any]:
    return {k: v + by if isinstance(v, datetime) and v.year < _NEVER else v for k, v in row.items()}


class Copier:
    """Makes copies of the originals and writes them in batches."""

    def __init__(self, world: Any, seed: int = 2) -> None:
        """Look at what there is to copy and whom to give it to."""
        self.luck = random.Random(seed)
        every = originals()
        self.closed = [o for o in every if not o.case["is_open"]]
        self.open = [o for o in every if o.case["is_open"]]
        self.areas = list(world.areas.values())
        self.units = [u.pk for u in world.units.values()]
        self.next = {
            name: (_model(name)._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0)
            for name in _LABELS
        }
        self.taken = 0

    def _id(self, name: str) -> int:
        self.next[name] += 1
        return self.next[name]

    def copy(self) -> tuple[dict[str, list[dict[str, Any]]], str]:
        """Return the rows of one more case, and its search document."""
        luck = self.luck
        is_open = luck.random() < 0.04
        original = luck.choice(self.open if is_open else self.closed)
        age = min(19.5, luck.expovariate(1 / 5)) if is_open else luck.uniform(3, 730)
        by = NOW - timedelta(days=age) - original.case["reported_at"]
        case = self._case(original, by)
        old_number, old_uuid = original.case["number"], str(original.case["uuid"])

        def renamed(text: Any) -> Any:
            return (
                text.replace(old_number, case["number"]).replace(old_uuid, str(case["uuid"]))
                if isinstance(text, str)
                else text
            )

        rows: dict[str, list[dict[str, Any]]] = {"case": [case]}
        rows["event"] = [
            {
                **_shift(r, by),
                "id": self._id("event"),
                "case_id": case["id"],
                "uuid": uuid7(),
                "changes": renamed(r["changes"]),
            }
            for r in original.event
        ]
        rows["reporter"] = [
            {
                **_shift(r, by),
                "id": self._id("reporter"),
                "case_id": case["id"],
                "uuid": uuid7(),
                "code_hash": f"{luck.getrandbits(255):064x}",
                "phone_hash": f"{luck.getrandbits(17):064x}" if r["phone_hash"] else "",
            }
            for r in original.reporter
        ]
        rows["clock"] = [
            {
                **_shift(r, by),
                "id": self._id("clock"),
                "subject_id": case["id"],
                "subject_uuid": case["uuid"],
                "next_mark_at": NOW + timedelta(days=30, minutes=luck.randint(0, 9999)) if r["next_mark_at"] else None,
            }
            for r in original.clock
        ]
        rows["entry"] = [
            {
                **_shift(r, by),
                "id": self._id("entry"),
                "uuid": uuid7(),
                "object_uuid": case["uuid"],
                "label": case["number"],
                "seal": 1,
                "after": renamed(r["after"]),
            }
            for r in original.entry
        ]
        return rows, search.document(SimpleNamespace(**case))  # type: ignore[arg-type]

    def _case(self, original: Original, by: timedelta) -> dict[str, Any]:
        luck = self.luck
        self.taken += 1
        case = _shift(original.case, by)
        area = luck.choice(self.areas)
        text = wording(luck)
        place = address(luck)
        case |= {
            "id": self._id("case"),
            "uuid": uuid7(),
            "number": f"HY{case['reported_at']:%Y%m%d}-{self.taken:07d}",
            "text": text,
            "title": text.split("，")[1][:60],
            "address": place,
            "address_key": place.replace(" ", ""),
            "area_id": area.pk,
            "area_path": area.path,
            "area_label": area.name,
            "urgent": luck.random() < 0.02,
        }
        if case["lat"] is not None:
            case |= {"lat": case["lat"] + luck.uniform(-0.01, 0.01), "lon": case["lon"] + luck.uniform(-0.01, 0.01)}
        if case["unit_id"] is not None and luck.random() < 0.7:
            case["unit_id"] = luck.choice(self.units)
        if case["dues"] != "{}":
            dues = {k: datetime.fromisoformat(v) + by for k, v in json.loads(case["dues"]).items()}
            case["dues"] = json.dumps({k: v.isoformat() for k, v in dues.items()})
        return case


def _plain() -> Callable[[Any], Any]:
    if connection.vendor != "sqlite":
        return lambda v: v

    def convert(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
        if isinstance(value, UUID):
            return value.hex
        return value.isoformat() if hasattr(value, "isoformat") else value

    return convert


def _write(name: str, rows: list[dict[str, Any]], convert: Callable[[Any], Any]) -> None:
    columns = _columns(name)
    table = _model(name)._meta.db_table
    names = ", ".join(f'"{c}"' for c in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            holes = ", ".join(["?"] * len(columns))
            cursor.cursor.connection.executemany(
                f'INSERT INTO "{table}" ({names}) VALUES ({holes})', [[convert(r[c]) for c in columns] for r in rows]
            )
            return
        with cursor.cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row([row[c] for c in columns])


def _write_search(documents: list[tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany("INSERT INTO cases_search (rowid, body) VALUES (%s, %s)", documents)
            return
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS bench_documents (case_id bigint, body text)")
        cursor.execute("TRUNCATE bench_documents")
        with cursor.cursor.copy("COPY bench_documents (case_id, body) FROM STDIN") as copy:
            for document in documents:
                copy.write_row(document)
        cursor.execute(
            "INSERT INTO cases_search (case_id, body) SELECT case_id, to_tsvector('simple', body) FROM bench_documents"
        )


class Filler:
    """Fills a namespace: the first size with words of their own, more by the database itself."""

    def __init__(self, world: Any, base: int) -> None:
        """Begin; ``base`` is the first size."""
        self.world, self.base, self.copies = world, base, 1

    def fill(self, total: int) -> None:
        """Copy until there are about ``total`` cases."""
        if total <= self.base:
            _copy(self.world, self.base)
        while self.copies < total // self.base:
            with transaction.atomic():
                _again(self.copies)
            self.copies += 1
        _settle()


def _again(copy: int) -> None:
    """Let the database copy every row below the first copy: other ids, uuids and numbers, the rest as it is."""
    sqlite = connection.vendor == "sqlite"

    def other(column: str) -> str:
        if sqlite:
            return f"'{copy:04x}' || substr({column}, 5)"
        return f"('{copy:04x}' || substr({column}::text, 5))::uuid"

    with connection.cursor() as cursor:
        for name in _LABELS:
            table = _model(name)._meta.db_table
            step = copy * _STEP
            changed = {
                "id": f"id + {step}",
                "case_id": f"case_id + {step}",
                "subject_id": f"subject_id + {step}",
                "uuid": other("uuid"),
                "subject_uuid": other("subject_uuid"),
                "object_uuid": other("object_uuid"),
                "number": f"number || '-{copy}'",
                "code_hash": f"substr(code_hash, 1, 59) || 'x{copy:04x}'",
                "label": f"label || '-{copy}'",
            }
            columns = _columns(name)
            picked = ", ".join(changed.get(c, f'"{c}"') for c in columns)
            names = ", ".join(f'"{c}"' for c in columns)
            cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT {picked} FROM "{table}" WHERE id < {_STEP}')
        key = "rowid" if sqlite else "case_id"
        cursor.execute(
            f"INSERT INTO cases_search ({key}, body) SELECT {key} + {copy * _STEP}, body FROM cases_search"
            f" WHERE {key} < {_STEP}"
        )


def _copy(world: Any, total: int) -> None:
    copier = Copier(world)
    convert = _plain()
    wanted = iter(range(total - _model("case")._default_manager.count()))
    while batch := list(islice(wanted, _BATCH)):
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _LABELS}
        documents: list[tuple[int, str]] = []
        for _i in batch:
            made, document = copier.copy()
            for name, more in made.items():
                rows[name].extend(more)
            documents.append((made["case"][0]["id"], document))
        with transaction.atomic():
            for name in _LABELS:
                _write(name, rows[name], convert)
            _write_search(documents)


def _settle() -> None:
    """Let both databases know what they hold."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO cases_search (cases_search) VALUES ('optimize')")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for name in _LABELS:
            table = _model(name)._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), (SELECT max(id) FROM \"{table}\"))"
            )
        cursor.execute("VACUUM ANALYZE")


def sizes() -> dict[str, float]:
    """Return rows by table, and the size of the database in MB."""
    found: dict[str, float] = {name: _model(name)._default_manager.count() for name in _LABELS}
    found["open"] = _model("case")._default_manager.filter(is_open=True).count()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size / 1000000.0 FROM pragma_page_count, pragma_page_size")
        else:
            cursor.execute("SELECT pg_database_size(current_database()) / 1000000.0")
        found["megabytes"] = float(cursor.fetchone()[0])
    return found
