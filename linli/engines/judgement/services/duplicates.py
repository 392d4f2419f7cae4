"""Writes of duplicates: the keys of a case, what people say of pairs, weights learned from it; nothing is merged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from linli.engines.cases import selectors as cases
from linli.engines.cases.permissions import check_verb, visible
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.workflow import VERBS
from linli.engines.judgement.models import DuplicateDismissal, DuplicateKey, DuplicateWeights
from linli.engines.judgement.rules import duplicates as rules
from linli.engines.judgement.rules.duplicates import Weights
from linli.engines.judgement.selectors import duplicates as selectors
from linli.engines.judgement.services.duplicates_fitting import fit
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError
from linli.foundation.journal import services as journal

if TYPE_CHECKING:
    from linli.engines.cases.models import Case

INDEX_BATCH = 500
_LEARN_FROM = 2_000


def _keys(case: Case) -> list[DuplicateKey]:
    found = rules.keys_of(selectors.sketch_of(case))
    return [DuplicateKey(case_id=case.pk, key=key, at=case.reported_at) for key in found]


def write_keys(case: Case, *, fresh: bool) -> None:
    """Write the keys of ``case`` in the transaction that writes it: one statement for a new one, else two."""
    if not fresh:
        DuplicateKey.objects.filter(case=case.pk).delete()
    DuplicateKey.objects.bulk_create(_keys(case))


def index_missing(*, now: datetime, limit: int = 20_000) -> int:
    """Give keys to cases of the days that count which have none (those from before this room); return how many."""
    days = int(rule_number("judgement.duplicates.days", 90, now))
    done = 0
    while done < limit:
        known = DuplicateKey.objects.filter(case=OuterRef("pk"))
        rows = visible(SYSTEM).filter(reported_at__gte=now - timedelta(days=2 * days))
        batch = list(rows.filter(~Exists(known)).select_related("category").order_by("-reported_at")[:INDEX_BATCH])
        _index(batch)
        done += len(batch)
        if len(batch) < INDEX_BATCH:
            break
    return done


@whole
def _index(batch: Sequence[Case]) -> None:
    DuplicateKey.objects.bulk_create([key for case in batch for key in _keys(case)], batch_size=2_000)


@whole
def dismiss(*, by: Actor, now: datetime, case: Case, other: Case) -> DuplicateDismissal:
    """Note that two cases are not one matter: they are no longer offered for each other, and weights learn from it.

    Raises:
        ForbiddenError: who may not merge ``case``.
        InvalidError: both are the same case.
    """
    check_verb(by, case, VERBS["merge"])
    if case.pk == other.pk:
        raise InvalidError(_("不能与自身比较。"), code="judgement.dismiss", hint=_("请选择另一件。"))
    pairs = selectors.compared(visible(by), selectors.sketch_of(case), now=now)
    figures = next((list(p.figures) for p in pairs if p.id == other.pk), [])
    row, made = DuplicateDismissal.objects.get_or_create(
        case=case, other=other, defaults={"at": now, "by_label": by.label, "figures": figures}
    )
    if made:
        journal.record(
            by=by,
            verb="judgement.dismiss_duplicate",
            kind="case",
            uuid=case.uuid,
            label=case.number,
            now=now,
            after={"not_same_as": other.number},
        )
    return row


def _judged(now: datetime) -> list[tuple[datetime, tuple[float, ...], bool]]:
    """Return (when, figures, whether one matter) of what people merged and dismissed, oldest first."""
    found: list[tuple[datetime, tuple[float, ...], bool]] = [
        (d.at, tuple(d.figures), False)
        for d in DuplicateDismissal.objects.order_by("-at")[:_LEARN_FROM]
        if len(d.figures) == len(rules.FEATURES)
    ]
    for merged in cases.merged_cases(limit=_LEARN_FROM):
        new, main = selectors.sketch_of(merged), merged.merged_into_id
        if merged.merged_into is not None and merged.merged_into.reported_at > merged.reported_at:
            new, main = selectors.sketch_of(merged.merged_into), merged.pk
        at = datetime.fromtimestamp(new.at, tz=now.tzinfo)
        pairs = selectors.compared(cases.matters(), new, now=now, until=at)
        if any(p.id == main for p in pairs):
            found += [(at, p.figures, p.id == main) for p in pairs]
    return sorted(found, key=lambda f: f[0])


def _loss(model: Weights, rows: Sequence[tuple[datetime, tuple[float, ...], bool]]) -> float:
    """Return the mean log loss."""
    total = 0.0
    for _at, figures, same in rows:
        p = min(1 - 1e-9, max(1e-9, model.probability(figures)))
        total -= math.log(p if same else 1 - p)
    return total / max(1, len(rows))


def relearn(*, now: datetime) -> DuplicateWeights | None:
    """Learn weights from the site's merges and dismissals, near to those in force; None where too few were judged.

    They go live only if they foretell the newest fifth, which they did not learn from, better than those in force.
    """
    judged = _judged(now)
    least = int(rule_number("judgement.duplicates.learn_least", 50, now))
    kept = max(1, len(judged) // 5)
    old, new = judged[:-kept], judged[-kept:]
    if len(judged) < least or not any(s for _a, _f, s in old):
        return None
    start = selectors.live_weights()
    learned = fit([f for _a, f, _s in old], [s for _a, _f, s in old], start=start, firm=10.0)
    before, after = _loss(start, new), _loss(learned, new)
    return _keep(now, learned, len(judged), before, after)


@whole
def _keep(now: datetime, learned: Weights, judged: int, before: float, after: float) -> DuplicateWeights:
    better = after < before
    if better:
        DuplicateWeights.objects.filter(live=True).update(live=False)
    row = DuplicateWeights.objects.create(
        made_at=now, data=learned.to_json(), judged=judged, loss_before=before, loss_after=after, live=better
    )
    journal.record(
        by=SYSTEM,
        verb="judgement.learn_duplicates",
        kind="weights",
        uuid=None,
        label=str(row.pk),
        now=now,
        after={"judged": judged, "before": round(before, 4), "after": round(after, 4), "live": better},
    )
    return row
