"""How targets are found by words in a ledger of 100,000: by tokens where few match, along the list where many do.

What is compared stands in ``Target.words`` (folded); the search table only says which rows come in question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from django.db.models import QuerySet

from linli.engines.fieldwork.models import Target
from linli.foundation.core.db.searching import SearchTable, Words, document
from linli.foundation.core.text import tokens

TABLE = SearchTable("fieldwork_search", "target_id")
# So many at most are named by their keys; where more match, the list is walked and soon has a page full.
FEW = 1_000
_HAN = re.compile(r"[\u3400-\u9fff]")


def write(targets: Iterable[Target]) -> None:
    """Write the search rows of targets that are saved, in place of those that they may have."""
    TABLE.write([(t.pk, f"{_ledger(t.kind_id)} ¦ {document(t.words.split('|'))}") for t in targets])


def _ledger(kind: int) -> str:
    return f"ledger{kind}z"  # closed, so that no other's begins with it


def _phrases(plain: str) -> list[Words]:
    """Return the phrases of a folded text: each run of Han characters, of letters and digits, by itself."""
    runs = ("".join(part) for _han, part in groupby(plain, lambda c: bool(_HAN.match(c))))
    return [words for run in runs if (words := tokens(run))]


def narrowed(rows: QuerySet[Target], texts: Sequence[str], kinds: Sequence[int] = ()) -> QuerySet[Target]:
    """Return those of ``rows`` whose words hold every one of ``texts``, which are folded: one statement beforehand.

    Args:
        kinds: the ledgers that the rows are of, if they are known: one makes the search narrower.
    """
    for text in texts:
        rows = rows.filter(words__contains=text)
    phrases = [phrase for text in texts for phrase in _phrases(text)]
    if not phrases:
        return rows
    if len(kinds) == 1:
        phrases.append([_ledger(kinds[0])])
    found = TABLE.first(phrases, FEW + 1)
    return rows if len(found) > FEW else rows.filter(pk__in=found)
