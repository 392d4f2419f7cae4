"""Carries one namespace out of and into a database: SQLite by its backup API, PostgreSQL by COPY."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Protocol

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from linli.foundation.core import namespaces
from linli.foundation.core.db import fresh
from linli.interfaces.cli.archive import Reader, Writer

Facts = dict[str, Any]


class Store(Protocol):
    """What a kind of database can do for backup and restore."""

    def exists(self, name: str) -> bool:
        """Return whether the namespace ``name`` is there."""

    def dump(self, name: str, writer: Writer) -> Facts:
        """Write the namespace ``name`` as of one moment; return what the manifest says of it."""

    def load(self, name: str, into: str, reader: Reader, facts: Facts) -> None:
        """Put the archived namespace ``name`` into the new namespace ``into``."""

    def counts(self, name: str) -> dict[str, int]:
        """Return table → number of rows."""

    def drop(self, name: str) -> None:
        """Take the namespace ``name`` away, if it is there."""

    def swap(self, pairs: dict[str, str]) -> None:
        """Let each namespace (value) take the place of its name (key), all or none."""


class SqliteStore:
    """Files ``<folder>/<namespace>.sqlite3``."""

    def __init__(self, folder: Path) -> None:
        """Use the files in ``folder``."""
        self.folder = folder

    def path(self, name: str) -> Path:
        """Return the file of a namespace."""
        return self.folder / f"{name}.sqlite3"

    def exists(self, name: str) -> bool:
        """Return whether the file is there."""
        return self.path(name).exists()

    def dump(self, name: str, writer: Writer) -> Facts:
        """Copy the file in one step: in WAL mode that is one snapshot, and writers go on."""
        with tempfile.TemporaryDirectory(dir=writer.target.parent) as folder:
            copy = Path(folder) / "copy.sqlite3"
            with closing(sqlite3.connect(self.path(name), timeout=20)) as source, closing(sqlite3.connect(copy)) as to:
                source.backup(to, pages=-1)
                to.execute("PRAGMA journal_mode=DELETE")
                facts = {"tables": _sqlite_counts(to), "migrations": _migrations(to)}
            writer.add_file(f"namespaces/{name}/database.sqlite3", copy)
        return facts

    def load(self, name: str, into: str, reader: Reader, facts: Facts) -> None:
        """Write the file."""
        reader.extract(f"namespaces/{name}/database.sqlite3", self.path(into))

    def counts(self, name: str) -> dict[str, int]:
        """Return table → number of rows."""
        with closing(sqlite3.connect(self.path(name), timeout=20)) as database:
            return _sqlite_counts(database)

    def drop(self, name: str) -> None:
        """Delete the file with its log."""
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path(name)}{suffix}").unlink(missing_ok=True)

    def swap(self, pairs: dict[str, str]) -> None:
        """Rename the files; what stood there comes back if one rename fails."""
        connection.close()
        aside: list[tuple[Path, Path]] = []
        done: list[tuple[Path, Path]] = []
        try:
            for name, fresh in pairs.items():
                with closing(sqlite3.connect(self.path(fresh))) as database:
                    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                for suffix in ("", "-wal", "-shm"):
                    old = Path(f"{self.path(name)}{suffix}")
                    if old.exists():
                        aside.append((old, old.rename(f"{old}.old")))
                done.append((self.path(fresh), self.path(fresh).rename(self.path(name))))
        except OSError:
            for was, now in reversed(done):
                now.rename(was)
            for was, now in reversed(aside):
                now.rename(was)
            raise
        for _was, now in aside:
            now.unlink()


def _sqlite_counts(database: sqlite3.Connection) -> dict[str, int]:
    rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    names = sorted(str(row[0]) for row in rows)
    return {n: database.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0] for n in names}  # noqa: S608  own names


def _migrations(database: sqlite3.Connection) -> list[list[str]]:
    return [list(row) for row in database.execute("SELECT app, name FROM django_migrations ORDER BY id")]


_TABLES = """
SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attgenerated = ''
WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' GROUP BY c.relname ORDER BY c.relname
"""
_TRIGGERED = """
SELECT DISTINCT c.relname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
WHERE NOT g.tgisinternal AND c.relnamespace = %s::regnamespace
"""
_KEYS = """
SELECT c.relname, f.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f
ON f.oid = k.confrelid WHERE k.contype = 'f' AND k.connamespace = %s::regnamespace AND c.oid <> f.oid
"""
_SEQUENCES = """
SELECT c.relname, a.attname, pg_sequence_last_value(s.oid)
FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
JOIN pg_class c ON c.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
WHERE s.relkind = 'S' AND s.relnamespace = %s::regnamespace ORDER BY 1, 2
"""


def parents_first(tables: list[str], keys: list[tuple[str, str]]) -> list[str]:
    """Return ``tables`` so that each stands behind those that it refers to; where they refer in a circle, by name."""
    sorter: TopologicalSorter[str] = TopologicalSorter({t: [] for t in tables})
    for child, parent in keys:
        sorter.add(child, parent)
    try:
        return list(sorter.static_order())
    except CycleError:
        return tables


class PostgresStore:
    """Schemas of the database that the settings name."""

    def exists(self, name: str) -> bool:
        """Return whether the schema has tables."""
        with namespaces.use(name), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = %s", [name])
            return bool(cursor.fetchone()[0])

    def dump(self, name: str, writer: Writer) -> Facts:
        """COPY every table out of one REPEATABLE READ snapshot."""
        with namespaces.use(name), transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute(_TABLES, [f'"{name}"'])
            columns = {table: list(names) for table, names in cursor.fetchall()}
            cursor.execute(_KEYS, [f'"{name}"'])
            order = parents_first(sorted(columns), cursor.fetchall())
            cursor.execute(_SEQUENCES, [f'"{name}"'])
            sequences = [list(row) for row in cursor.fetchall() if row[2] is not None]
            cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
            migrations = [list(row) for row in cursor.fetchall()]
            counts = {table: _count(cursor, table) for table in order}
            for table in order:
                writer.add(f"namespaces/{name}/{table}.copy", _copy_out(cursor, table, columns[table]))
        return {
            "tables": counts, "columns": columns, "order": order, "sequences": sequences, "migrations": migrations,
        }  # fmt: skip

    def load(self, name: str, into: str, reader: Reader, facts: Facts) -> None:
        """Make the tables as they were by migrations, then fill them in one transaction."""
        with namespaces.use(into):
            connection.prepare_database()
            executor = MigrationExecutor(connection)
            done = {(app, migration) for app, migration in facts["migrations"]}
            nodes = executor.loader.graph.node_map
            if done == set(nodes) and fresh.is_empty(connection):
                fresh.build(connection)
            else:
                last = [d for d in done if not any(c.key in done and c.key[0] == d[0] for c in nodes[d].children)]
                executor.migrate(sorted(last))
            with transaction.atomic(durable=True), connection.cursor() as cursor:
                tables = [t for t in facts["order"] if t != "django_migrations"]
                cursor.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(",").join(map(sql.Identifier, tables))))
                cursor.execute(_TRIGGERED, [f'"{into}"'])
                triggered = [table for (table,) in cursor.fetchall()]
                for table in triggered:  # what triggers count is in the archive itself
                    cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
                for table in tables:
                    _copy_in(cursor, table, facts["columns"][table], reader.chunks(f"namespaces/{name}/{table}.copy"))
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                for table in triggered:
                    cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))
                for table, column, value in facts["sequences"]:
                    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{table}"', column, value])

    def counts(self, name: str) -> dict[str, int]:
        """Return table → number of rows."""
        with namespaces.use(name), connection.cursor() as cursor:
            cursor.execute(_TABLES, [f'"{name}"'])
            return {table: _count(cursor, table) for table, _columns in cursor.fetchall()}

    def drop(self, name: str) -> None:
        """Drop the schema."""
        with namespaces.use(name), connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))

    def swap(self, pairs: dict[str, str]) -> None:
        """Rename the schemas in one transaction."""
        first = next(iter(pairs.values()))
        with namespaces.use(first), transaction.atomic(durable=True), connection.cursor() as cursor:
            for name, fresh in pairs.items():
                cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
                cursor.execute(
                    sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(fresh), sql.Identifier(name))
                )
        connection.close()


def _count(cursor: Any, table: str) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    return int(cursor.fetchone()[0])


def _copy(table: str, columns: list[str], direction: str) -> sql.Composed:
    names = sql.SQL(",").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table), names, sql.SQL(direction))


def _copy_out(cursor: Any, table: str, columns: list[str]) -> Iterator[bytes]:
    with cursor.cursor.copy(_copy(table, columns, "TO STDOUT")) as rows:
        for row in rows:
            yield bytes(row)


def _copy_in(cursor: Any, table: str, columns: list[str], chunks: Iterator[bytes]) -> None:
    with cursor.cursor.copy(_copy(table, columns, "FROM STDIN")) as rows:
        for chunk in chunks:
            rows.write(chunk)


def unknown_migrations(facts: Facts) -> list[str]:
    """Return the archived migrations that this program does not have: it is older than the backup."""
    known = set(MigrationExecutor(None).loader.graph.nodes)
    return [f"{app}.{name}" for app, name in facts["migrations"] if (app, name) not in known]


def store() -> Store:
    """Return the store of the database that the settings name."""
    if connection.vendor == "postgresql":
        return PostgresStore()
    with suppress(OSError):
        Path(connection.settings_dict["NAME"]).mkdir(parents=True, exist_ok=True)
    return SqliteStore(Path(connection.settings_dict["NAME"]))
