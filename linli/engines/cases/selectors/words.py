"""Sentences that staff insert while they write (快捷用语): shipped, an installation's, and a person's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, Category, Phrase
from linli.engines.cases.rules.phrasing import filled
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.kept import Kept
from linli.foundation.core.paging import Page, keyset
from linli.foundation.journal import selectors as journal

if TYPE_CHECKING:
    from linli.foundation.journal.models import Entry


SHIPPED = Path(__file__).resolve().parent.parent / "shipped" / "phrases.toml"
MOST = 40
_NEVER = 9000
Sentence = tuple[str, str, str]
_shared = Kept(5.0)


@lru_cache(maxsize=1)
def _shipped() -> dict[str, tuple[str, ...]]:
    read = tomllib.loads(SHIPPED.read_text(encoding="utf8"))
    return {verb: tuple(spec["texts"]) for verb, spec in read.items()}


def forget_phrases() -> None:
    """Let the next form read the installation's sentences anew."""
    _shared.forget()


def _in_force() -> dict[str, tuple[Sentence, ...]]:
    """Return verb → (text, category, outcome) of everybody's sentences; read at most every few seconds."""
    return _shared.get(_read)


def _read() -> dict[str, tuple[Sentence, ...]]:
    found: dict[str, tuple[Sentence, ...]] = {}
    rows = Phrase.objects.filter(owner_id=None).order_by("verb", "order", "id")
    for verb, text, category, outcome in rows.values_list("verb", "text", "category", "outcome"):
        found[verb] = (*found.get(verb, ()), (text, category, outcome))
    return found or {verb: tuple((text, "", "") for text in texts) for verb, texts in _shipped().items()}


def shipped_phrases() -> Mapping[str, tuple[str, ...]]:
    """Return verb → the sentences that come with Linli."""
    return _shipped()


def phrases_adopted() -> bool:
    """Return whether the installation keeps sentences of its own in place of those shipped."""
    return Phrase.objects.filter(owner_id=None).exists()


def phrases(verb: str) -> tuple[str, ...]:
    """Return everybody's sentences for ``verb`` whatever the category; none where there are none."""
    return tuple(text for text, category, outcome in _in_force().get(verb, ()) if not category and not outcome)


def phrase_verbs() -> tuple[str, ...]:
    """Return the verbs that have sentences, in their order; those shipped first."""
    found = _in_force()
    return tuple(v for v in _shipped() if v in found) + tuple(sorted(v for v in found if v not in _shipped()))


def own_phrases(user_id: int, verb: str = "") -> list[Phrase]:
    """Return the sentences that a person keeps for themself, of one verb or all."""
    rows = Phrase.objects.filter(owner_id=user_id)
    rows = rows.filter(verb=verb) if verb else rows
    return list(rows.order_by("verb", "order", "id")[:200])


def phrases_for(verb: str, case: Case, user_id: int | None = None) -> list[str]:
    """Return the sentences that fit an act on ``case``, filled from it: the person's own first, then the particular.

    A sentence for the case's category or its outcome comes before one for any.
    """
    codes = {case.category.code, *_group_of(case)}
    fitting = [kept for kept in _in_force().get(verb, ()) if kept[1] in {"", *codes} and kept[2] in {"", case.outcome}]
    fitting.sort(key=lambda kept: (not kept[1], not kept[2]))
    own = [p.text for p in own_phrases(user_id, verb)] if user_id is not None else []
    values = values_of(case)
    texts = [*own, *(text for text, _category, _outcome in fitting)]
    return list(dict.fromkeys(filled(text, values) for text in texts))[:MOST]


def _group_of(case: Case) -> set[str]:
    from linli.engines.cases.selectors.catalogue import category  # noqa: PLC0415  it reads this room's caches

    node = category(case.category.code)
    return {node.parent} - {""} if node is not None else set()


def values_of(case: Case) -> dict[str, str]:
    """Return what fills the named places of a sentence."""
    due = localtime(case.due_at)
    return {
        "number": case.number,
        "title": case.title,
        "category": case.category.resident_name,
        "unit": str(case.unit.name) if case.unit else "",
        "due": _("%(month)s 月 %(day)s 日") % {"month": due.month, "day": due.day} if due.year < _NEVER else "",
    }


def phrase_page(*, verb: str = "", words: str = "", cursor: str = "", size: int = 50) -> Page[Phrase]:
    """Return a page of everybody's sentences, by verb and order."""
    rows = Phrase.objects.filter(owner_id=None)
    if verb:
        rows = rows.filter(verb=verb)
    if words := words.strip()[:40]:
        rows = rows.filter(text__icontains=words)
    return keyset(rows, keys=[("verb", str), ("order", int), ("id", int)], cursor=cursor, size=size)


def phrase(uuid: UUID, *, owner_id: int | None = None) -> Phrase:
    """Return one of everybody's sentences, or one of a person's own.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    row = Phrase.objects.filter(uuid=uuid, owner_id=owner_id).first()
    if row is None:
        raise NotFoundError(_("没有这条用语。"), code="cases.phrase")
    return row


def phrase_history(row: Phrase) -> list[Entry]:
    """Return who changed one of everybody's sentences, newest first."""
    return journal.entries_for("phrase", row.uuid, 30)


def category_names(codes: set[str]) -> dict[str, str]:
    """Return code → name of categories, in use or not."""
    return dict(Category.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
