"""The search row of a case: see ``core.db.searching``; a list is read newest first, never ranked over everything."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.engines.cases.models import Case
from linli.foundation.core.db.searching import SearchTable, phrases_of
from linli.foundation.core.db.searching import document as tokens_of

TABLE = SearchTable("cases_search", "case_id")


def document(case: Case) -> str:
    """Return the tokens by which ``case`` is found, parted by spaces."""
    return tokens_of((case.number, case.external_number or "", case.title, case.address, case.text))


def write(case: Case) -> None:
    """Write the search row of ``case``, in place of the one it may have."""
    TABLE.write([(case.pk, document(case))])


def filter_text(rows: QuerySet[Case], query: str) -> QuerySet[Case]:
    """Return those of ``rows`` whose number, title, address or text holds ``query``.

    Each part of the query between spaces must be found; one character or one word of Latin
    letters or digits also finds what begins with it.
    """
    for part in query.split()[:6]:
        if phrases := phrases_of(part):
            rows = rows.filter(pk__in=TABLE.holding(phrases))
    return rows
