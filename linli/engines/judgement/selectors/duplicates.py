"""Earlier reports of the same matter, for those who may see them: a bounded number of rows, scored, with reasons."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.cases import selectors as cases
from linli.engines.cases.permissions import visible
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.types import Kind
from linli.engines.cases.workflow import State
from linli.engines.judgement.models import DuplicateDismissal, DuplicateKey, DuplicateWeights
from linli.engines.judgement.rules import duplicates as rules
from linli.engines.judgement.rules.duplicates import FEATURES, Pair, Sketch, Weights
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.places.rules import normal_key

if TYPE_CHECKING:
    from linli.engines.cases.models import Case

MOST_COMPARED = 400
SHIPPED = Path(__file__).parent.parent / "shipped" / "duplicates.json"
_NO_MATTER = (State.VOID, State.REFUSED, State.MERGED, State.SPLIT)
_COLUMNS = ("pk", "reported_at", "lat", "lon", "category__code", "text", "address", "address_key", "is_open")
_RUN = re.compile(r"[^\W_]{2,}")


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that may be of the same matter.

    Attributes:
        score: how likely, 0 to 1. likely: at or above the threshold of the weights.
        metres: None where a point is unknown. reasons: in words, for who may read both.
    """

    case: Case
    score: float
    likely: bool
    metres: float | None
    reasons: tuple[str, ...]


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """Return the weights that ship with the program."""
    return Weights.from_json(json.loads(SHIPPED.read_text(encoding="utf-8")))


def live_weights() -> Weights:
    """Return the weights in force: those learned here, else the shipped ones."""
    data = DuplicateWeights.objects.filter(live=True).values_list("data", flat=True).first()
    if data is None:
        return shipped_weights()
    try:
        return Weights.from_json(data)
    except ValueError:
        return shipped_weights()


def sketch_of(case: Case) -> Sketch:
    """Return what is compared of a case."""
    point = (case.lat, case.lon) if case.lat is not None and case.lon is not None else None
    return rules.sketch(
        id=case.pk,
        at=case.reported_at.timestamp(),
        point=point,
        category=case.category.code,
        text=case.text,
        address=case.address,
        key=case.address_key,
        is_open=case.is_open,
    )


def sketch_of_typed(
    *, text: str, category: str, point: Point | None, address: str, now: datetime, words: bool = True
) -> Sketch:
    """Return what is compared of something typed; without ``words`` the text is left out of it."""
    return rules.sketch(
        at=now.timestamp(),
        point=(point.lat, point.lon) if point is not None else None,
        category=category,
        text=text if words else "",
        address=address,
        key=normal_key(address)[:200] if address else "",
    )


def found_under(keys: Sequence[int], since: datetime, until: datetime, most: int) -> list[int]:
    """Return the cases under one of ``keys`` between two moments: at most ``most`` a key, the newest; one statement."""
    if not keys:
        return []
    table = DuplicateKey._meta.db_table
    part = (
        f"SELECT * FROM (SELECT case_id FROM {table} WHERE key = %s AND at >= %s AND at <= %s"  # noqa: S608  our own
        " ORDER BY at DESC LIMIT %s) AS p{}"
    )
    moments = [connection.ops.adapt_datetimefield_value(m) for m in (since, until)]
    sql = " UNION ".join(part.format(i) for i in range(len(keys)))
    with connection.cursor() as cursor:
        cursor.execute(sql, [v for key in keys for v in (key, *moments, most)])
        return [row[0] for row in cursor.fetchall()]


def _read(rows: QuerySet[Case], ids: Sequence[int], new: Sketch, *, words: bool) -> list[Sketch]:
    values: Any = rows.filter(pk__in=ids, kind=Kind.PROBLEM).exclude(state__in=_NO_MATTER).exclude(pk=new.id)
    found = []
    for pk, at, lat, lon, category, text, address, key, is_open in values.values_list(*_COLUMNS):
        other = rules.sketch(
            id=pk,
            at=at.timestamp(),
            point=(lat, lon) if lat is not None else None,
            category=category,
            text=text if words else "",
            address=address,
            key=key,
            is_open=is_open,
        )
        metres = rules.metres_between(new, other)
        if metres is None or metres <= rules.RADIUS or (key and key == new.key):
            found.append(other)
    return sorted(found, key=lambda s: -s.at)[:MOST_COMPARED]


def compared(
    rows: QuerySet[Case], new: Sketch, *, now: datetime, words: bool = True, until: datetime | None = None
) -> list[Pair]:
    """Return the pairs of ``new`` with those of ``rows`` that share a key: two statements, whatever the history."""
    days = int(rule_number("judgement.duplicates.days", 90, now))
    most = int(rule_number("judgement.duplicates.per_key", 150, now))
    at = datetime.fromtimestamp(new.at, tz=now.tzinfo)
    ids = found_under(rules.keys_around(new), at - timedelta(days=days), until or now, most)
    return rules.compare(new, _read(rows, ids, new, words=words)) if ids else []


def same_words(one: str, other: str, most: int = 3) -> list[str]:
    """Return the longest runs of words that both texts have."""
    one, other = one[:600], other[:600]
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    runs = {r for b in blocks if b.size >= 2 for r in _RUN.findall(one[b.a : b.a + b.size])}
    return [r[:12] for r in sorted(runs, key=lambda r: (-len(r), r))[:most]]


def _reasons(pair: Pair, case: Case, text: str) -> tuple[str, ...]:
    figure = dict(zip(FEATURES, pair.figures, strict=True))
    found = []
    if figure["address"]:
        found.append(_("同一地址"))
    elif pair.metres is not None:
        found.append(_("相距 %(metres)s 米") % {"metres": round(pair.metres)})
    elif figure["street"]:
        found.append(_("同一道路或小区"))
    days = round(pair.hours / 24)
    found.append(_("相隔 %(days)s 天") % {"days": days} if days else _("同一天内"))
    if figure["same_category"]:
        found.append(_("同一分类"))
    if text and (words := same_words(text, case.text)):
        found.append(_("都提到：%(words)s") % {"words": "、".join(words)})
    return tuple(found)


def _shown(rows: QuerySet[Case], scored: Sequence[tuple[float, Pair]], text: str, threshold: float) -> list[Alike]:
    found = rows.select_related("category", "unit").in_bulk([p.id for _s, p in scored])
    return [
        Alike(found[p.id], score, score >= threshold, p.metres, _reasons(p, found[p.id], text))
        for score, p in scored
        if p.id in found
    ]


def _most(now: datetime) -> int:
    return int(rule_number("judgement.duplicates.max", 5, now))


def alike_typed(
    actor: Actor, *, text: str, category: str, point: Point | None, address: str, now: datetime
) -> list[Alike]:
    """Return what is likely the same matter as something typed at the desk, among what ``actor`` may read.

    Open cases and those closed within the days that the rulebook says, whatever channel they came by.
    """
    new = sketch_of_typed(text=text, category=category, point=point, address=address, now=now)
    model = live_weights()
    scored = rules.offered(model, compared(visible(actor), new, now=now), _most(now))
    return _shown(visible(actor), scored, text, model.threshold)


def alike_public(*, category: str, point: Point | None, address: str, now: datetime, limit: int) -> list[Alike]:
    """Return what is likely the same matter for a resident: public cases only, by place, time and kind.

    Words are left out of it, on both sides: nobody shall find out what others wrote by trying words.
    """
    new = sketch_of_typed(text="", category=category, point=point, address="", now=now, words=False)
    new = replace(new, key="", streets=frozenset())
    if point is None:
        return []
    rows = cases.public_q(now).filter(category__code=category)
    model = live_weights()
    scored = rules.offered(model, compared(rows, new, now=now, words=False), limit)
    return _shown(rows, scored, "", model.threshold)


def alike_case(actor: Actor, case: Case, *, now: datetime, limit: int = 8) -> list[Alike]:
    """Return the open cases likeliest to be of the matter of ``case``, best first, those dismissed left out.

    For somebody who compares: also what lies below the threshold, marked as not likely.
    """
    rows = visible(actor).filter(is_open=True)
    model, new = live_weights(), sketch_of(case)
    gone = set(DuplicateDismissal.objects.filter(Q(case=case) | Q(other=case)).values_list("case_id", "other_id"))
    left_out = {i for pair in gone for i in pair}
    pairs = [p for p in compared(rows, new, now=now) if p.id not in left_out]
    return _shown(rows, rules.ranked(model, pairs)[:limit], case.text, model.threshold)
