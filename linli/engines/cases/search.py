"""The search row of a case: bigram tokens, one design for both databases.

On SQLite an FTS5 table (``cases_search``), on PostgreSQL a ``tsvector`` with a GIN index,
made by migration 0002. A query is the phrase of its tokens, scoped by the caller and read
newest first: never ranked over everything.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from linli.engines.cases.models import Case
from linli.foundation.core.text import index_tokens, tokens

_LIMIT = 14_000  # tsvector positions stop at 16,383


def document(case: Case) -> str:
    """Return the tokens by which ``case`` is found, parted by spaces."""
    parts = (case.number, case.external_number or "", case.title, case.address, case.text)
    # A gap token keeps a phrase from running over the border of two fields.
    return " ¦ ".join(" ".join(index_tokens(p)) for p in parts)[: _LIMIT * 3]


def write(case: Case) -> None:
    """Write the search row of ``case``, in place of the one it may have."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            row: tuple[int, str] = (case.pk, document(case))
            cursor.execute("INSERT OR REPLACE INTO cases_search (rowid, body) VALUES (%s, %s)", row)
            return
        cursor.execute(
            "INSERT INTO cases_search (case_id, body) VALUES (%s, to_tsvector('simple', %s))"
            " ON CONFLICT (case_id) DO UPDATE SET body = excluded.body",
            [case.pk, document(case)],
        )


def _fts5(words: list[str], *, prefix: bool) -> str:
    phrase = '"' + " ".join(w.replace('"', '""') for w in words) + '"'
    return phrase + " *" if prefix else phrase


def _tsquery(words: list[str], *, prefix: bool) -> str:
    quoted = ["'" + w.replace("\\", "\\\\").replace("'", "''") + "'" for w in words]
    if prefix:
        quoted[-1] += ":*"
    return " <-> ".join(quoted)


def filter_text(rows: QuerySet[Case], query: str) -> QuerySet[Case]:
    """Return those of ``rows`` whose number, title, address or text holds ``query``.

    Each part of the query between spaces must be found; one character or one word of Latin
    letters or digits also finds what begins with it.
    """
    for part in query.split()[:6]:
        words = tokens(part)
        if not words:
            continue
        last = words[-1]
        prefix = len(last) == 1 or last.isascii()
        if connection.vendor == "sqlite":
            raw = RawSQL("SELECT rowid FROM cases_search WHERE cases_search MATCH %s", [_fts5(words, prefix=prefix)])
        else:
            raw = RawSQL("SELECT case_id FROM cases_search WHERE body @@ %s::tsquery", [_tsquery(words, prefix=prefix)])
        rows = rows.filter(pk__in=raw)
    return rows
