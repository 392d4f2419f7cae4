"""Tables by which rows are found by words: bigram tokens, one design for both databases.

On SQLite an FTS5 table whose ``rowid`` is the row's key, on PostgreSQL a ``tsvector`` with a GIN index. A query is the
phrase of its tokens, scoped by the caller: never ranked over everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from linli.foundation.core.text import index_tokens, tokens

_LIMIT = 14_000  # tsvector positions stop at 16,383
_MANY = 500
Words = Sequence[str]


def document(parts: Iterable[str]) -> str:
    """Return the tokens of several texts, parted by blanks; a gap keeps a phrase from running over a border."""
    return " ¦ ".join(" ".join(index_tokens(p)) for p in parts)[: _LIMIT * 3]


def phrases_of(part: str) -> list[Words]:
    """Return what must be found for a part of a query: its tokens, in their order."""
    words = tokens(part)
    return [words] if words else []


class SearchTable:
    """A table of search rows, made by a migration through :meth:`make`."""

    def __init__(self, name: str, key: str) -> None:
        """Name the table, and its column of keys on PostgreSQL; on SQLite that is ``rowid``."""
        self.name, self.key = name, key

    def make(self, schema_editor: Any) -> None:
        """Make the table that fits the database."""
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {self.name} USING fts5"
                '(body, tokenize="unicode61 remove_diacritics 0", detail=full)'
            )
            return
        # No foreign key: it would stand in the way of emptying tables.
        schema_editor.execute(f"CREATE TABLE {self.name} ({self.key} bigint PRIMARY KEY, body tsvector NOT NULL)")
        schema_editor.execute(f"CREATE INDEX {self.name}_body ON {self.name} USING gin (body)")

    def drop(self, schema_editor: Any) -> None:
        """Drop it."""
        schema_editor.execute(f"DROP TABLE {self.name}")

    def write(self, rows: Sequence[tuple[int, str]]) -> None:
        """Write search rows (key, document), in place of those that there may be."""
        with connection.cursor() as cursor:
            for start in range(0, len(rows), _MANY):
                part = rows[start : start + _MANY]
                if connection.vendor == "sqlite":
                    sql = f"INSERT OR REPLACE INTO {self.name} (rowid, body) VALUES (%s, %s)"  # noqa: S608  our own
                    cursor.executemany(sql, part)
                    continue
                holes = ", ".join(["(%s, to_tsvector('simple', %s))"] * len(part))
                cursor.execute(
                    f"INSERT INTO {self.name} ({self.key}, body) VALUES {holes}"  # noqa: S608  names of our own
                    f" ON CONFLICT ({self.key}) DO UPDATE SET body = excluded.body",
                    [value for row in part for value in row],
                )

    def holding(self, phrases: Sequence[Words]) -> RawSQL:
        """Return the keys of the rows that hold every one of ``phrases``, as a subquery.

        One character, or a word of Latin letters or digits, at a phrase's end also finds what begins with it.
        """
        sql, value = self._asked(phrases)
        return RawSQL(sql, [value])  # noqa: S611  names of our own

    def first(self, phrases: Sequence[Words], most: int) -> list[int]:
        """Return the keys of at most so many rows that hold every one of ``phrases``, in no order."""
        sql, value = self._asked(phrases)
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} LIMIT %s", [value, most])
            return [row[0] for row in cursor.fetchall()]

    def _asked(self, phrases: Sequence[Words]) -> tuple[str, str]:
        if connection.vendor == "sqlite":
            sql = f"SELECT rowid FROM {self.name} WHERE {self.name} MATCH %s"  # noqa: S608  names of our own
            return sql, " AND ".join(_fts5(p) for p in phrases)
        sql = f"SELECT {self.key} FROM {self.name} WHERE body @@ %s::tsquery"  # noqa: S608  names of our own
        return sql, " & ".join(f"({_tsquery(p)})" for p in phrases)


def _open(words: Words) -> bool:
    return len(words[-1]) == 1 or words[-1].isascii()


def _fts5(words: Words) -> str:
    phrase = '"' + " ".join(w.replace('"', '""') for w in words) + '"'
    return f"{phrase} *" if _open(words) else phrase


def _tsquery(words: Words) -> str:
    quoted = ["'" + w.replace("\\", "\\\\").replace("'", "''") + "'" for w in words]
    if _open(words):
        quoted[-1] += ":*"
    return " <-> ".join(quoted)
