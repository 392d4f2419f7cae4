"""The one place that says which category a text suggests; versions and figures for the console."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.engines.cases import selectors as cases
from linli.engines.judgement.models import CategoryModel, CategoryMonth
from linli.engines.judgement.models.category import Standing
from linli.engines.judgement.permissions.category import check_read
from linli.engines.judgement.rules import category as trained
from linli.engines.judgement.rules import category_words as words
from linli.engines.judgement.rules.category_features import Message
from linli.engines.judgement.rules.category_training import Example
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.core.text import to_simplified
from linli.foundation.core.versioned import Versioned
from linli.foundation.rulebook import selectors as rulebook

if TYPE_CHECKING:
    from linli.engines.cases.selectors import CategoryNode

logger = logging.getLogger(__name__)
# Kinds that are never learnt or suggested: the program files under them by itself.
NEVER = frozenset({"other", "guidance"})
MOST_ROWS = 60_000
_LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Guess:
    """One category that a text suggests.

    Attributes:
        probability: how likely it is the one, from 0 to 1.
        words: what of the text weighed most, the heaviest first.
    """

    node: CategoryNode
    probability: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a text suggests.

    Attributes:
        guesses: the likeliest categories, best first.
        chosen: the best one where it is sure enough, None where a person had better choose.
        threshold: from which probability on it is sure enough (the rulebook's cost of an error).
        version: number of the version that was asked, 0 where names and words alone were.
    """

    guesses: tuple[Guess, ...] = field(default=())
    chosen: CategoryNode | None = None
    threshold: float = 0.0
    version: int = 0

    @property
    def nodes(self) -> list[CategoryNode]:
        """The categories alone."""
        return [g.node for g in self.guesses]


@dataclass(frozen=True, slots=True)
class _Live:
    number: int
    model: trained.Model | None


def _stamp() -> tuple[int, str]:
    row = CategoryModel.objects.filter(standing=Standing.LIVE).values_list("number", "digest").first()
    return row or (0, "")


def _read(stamp: tuple[int, str]) -> _Live:
    number, digest = stamp
    content = CategoryModel.objects.filter(number=number, digest=digest).values_list("content", flat=True).first()
    if not content:
        return _Live(0, None)
    try:
        return _Live(number, trained.load(bytes(content), digest))
    except trained.BadModelError:
        logger.exception("judgement: version %s of the category model cannot be read; words alone suggest", number)
        return _Live(0, None)


_live: Versioned[_Live] = Versioned(_stamp, _read, 5.0)


def changed() -> None:
    """Tell the cache that the transaction in force has put another version to use."""
    _live.changed()


def live() -> trained.Model | None:
    """Return the model in use, None where names and words alone suggest."""
    return _live.get().model


def rule(code: str, now: datetime) -> int:
    """Return the rulebook's number ``judgement.category.<code>``."""
    return int(rulebook.value(f"judgement.category.{code}", on=localtime(now).date()))


def threshold(now: datetime) -> float:
    """Return from which probability on a guess is better than asking a person."""
    return words.threshold(rule("wrong", now), rule("look", now))


def names() -> dict[str, list[str]]:
    """Return the names and residents' words of every category that a report may be filed under."""
    return {
        n.spec.code: [n.spec.name, n.spec.resident_name, *n.spec.words]
        for n in cases.categories()
        if n.leaf and n.spec.code not in NEVER
    }


def suggest(
    text: str,
    *,
    now: datetime,
    source: str = "",
    area_id: int | None = None,
    at: datetime | None = None,
    limit: int = 6,
) -> Suggestion:
    """Return which categories ``text`` suggests, and the one that is sure enough.

    Args:
        text: in the person's words; nothing of it is kept.
        source: code of the channel.
        area_id: of the area it lies in, where known.
        at: when it was reported; None: now.
    """
    text = to_simplified(text.strip()[:_LONGEST])
    bar = threshold(now)
    if not text:
        return Suggestion(threshold=bar)
    found = _live.get()
    ranked = words.rank(text, names(), limit + len(NEVER))
    if found.model is not None:
        message = Message(text, source, _area(area_id), localtime(at or now))
        ranked = words.joined(found.model.rank(message, limit + len(NEVER)), ranked, found.model.labels, limit)
    least = rule("shown", now) / 100
    guesses = tuple(
        Guess(node, r.probability, r.words)
        for r in ranked
        if r.probability >= least and (node := cases.category(r.label)) is not None and node.leaf
    )[:limit]
    chosen = guesses[0].node if guesses and guesses[0].probability >= bar else None
    return Suggestion(guesses, chosen, bar, found.number)


def _area(area_id: int | None) -> str:
    return str(area_id) if area_id is not None else ""


def examples(since: datetime, until: datetime) -> Iterator[Example]:
    """Return the closed cases reported from ``since`` to before ``until`` as what a model learns from."""
    for row in cases.sorted_cases(since, until, MOST_ROWS):
        if row.category not in NEVER:
            yield Example(str(row.uuid), Message(row.text, row.source, _area(row.area_id), row.at), row.category)


def since(now: datetime) -> datetime:
    """Return the time before which cases teach nothing any more."""
    return now - timedelta(days=rule("days", now))


def versions(by: Actor, *, cursor: str = "", size: int = 25) -> Page[CategoryModel]:
    """Return the versions, the newest first, without their arrays."""
    check_read(by)
    rows = CategoryModel.objects.defer("content")
    return keyset(rows, keys=[("number", int)], cursor=cursor, size=size, descending=True)


def version_for(by: Actor, uuid: UUID) -> CategoryModel:
    """Return one version.

    Raises:
        NotFoundError: there is none, or ``by`` reads none.
    """
    check_read(by)
    row = CategoryModel.objects.defer("content").filter(uuid=uuid).first()
    if row is None:
        raise NotFoundError(_("没有找到这个版本。"))
    return row


def in_use(by: Actor) -> CategoryModel | None:
    """Return the version in use, None before the first."""
    check_read(by)
    return CategoryModel.objects.defer("content").filter(standing=Standing.LIVE).first()


def months(model: CategoryModel, most: int = 12) -> list[CategoryMonth]:
    """Return how a version did month by month, the newest first."""
    return list(model.months.order_by("-month")[:most])


def label_names(codes: Any) -> dict[str, str]:
    """Return code → the staff's name, also of categories no longer in use; what is unknown keeps its code."""
    known = cases.category_names(set(codes))
    return {code: known.get(code, code) for code in codes}
