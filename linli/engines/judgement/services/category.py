"""Teaching the suggestion of categories, deciding which version is used, and watching how it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Max
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _

from linli.engines.cases import selectors as cases
from linli.engines.judgement.models import CategoryModel, CategoryMonth
from linli.engines.judgement.models.category import Origin, Standing
from linli.engines.judgement.permissions.category import check_decide
from linli.engines.judgement.rules import category as trained
from linli.engines.judgement.rules import category_splitting as splitting
from linli.engines.judgement.rules import category_training as training
from linli.engines.judgement.rules import category_words as words
from linli.engines.judgement.rules.category_training import Example, Report
from linli.engines.judgement.selectors import category as selectors
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, StaleError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal

HELD_OUT = timedelta(days=30)
SHARE = 0.2
KEPT_WHOLE = 12
_PAIRS = 60
_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a version is taught with and examined by.

    Attributes:
        taught: rows to learn from, with their group of near-copies.
        held: rows that none of them is a near-copy of.
        until: the model has seen nothing from then on; None where rows have no date.
    """

    taught: Sequence[Example]
    group: Sequence[int]
    held: Sequence[Example]
    until: datetime | None


def _little(message: str) -> InvalidError:
    return InvalidError(
        message,
        code="judgement.category.little",
        hint=_("先积累已办结的案件，或用表格学习：linli classify train 文件。"),
    )


def by_month(rows: Sequence[Example], now: datetime) -> Lesson:
    """Return dated rows split at 30 days before ``now``; what the older rows hold a copy of examines nobody."""
    until = now - HELD_OUT
    every = training.learnable(rows)
    group = splitting.groups([e.message.text for e in every])
    early = [e.message.at is not None and e.message.at < until for e in every]
    seen = {g for g, first in zip(group, early, strict=True) if first}
    taught = [i for i, first in enumerate(early) if first]
    held = [e for e, g, first in zip(every, group, early, strict=True) if not first and g not in seen]
    return Lesson([every[i] for i in taught], [group[i] for i in taught], held, until)


def by_hash(rows: Sequence[Example]) -> Lesson:
    """Return rows without dates split by the hash of their ids, near-copies on one side."""
    every = training.learnable(rows)
    group = splitting.groups([e.message.text for e in every])
    out = splitting.held_out([e.key for e in every], group, SHARE)
    taught = [i for i, held in enumerate(out) if not held]
    held = [e for e, x in zip(every, out, strict=True) if x]
    return Lesson([every[i] for i in taught], [group[i] for i in taught], held, None)


def _examined(model: trained.Model | None, held: Sequence[Example], bar: float) -> Report:
    """Return how ``model`` (None: names and words alone) does on rows that it has not seen."""
    truth = [e.label for e in held]
    if model is not None:
        return training.measure(model.probabilities([e.message for e in held]), model.labels, truth, bar)
    names = selectors.names()
    labels = [*names, ""]  # the last: nothing was said
    odds = np.zeros((len(held), len(labels)))
    odds[:, -1] = 1e-9
    place = {label: i for i, label in enumerate(labels)}
    for row, example in enumerate(held):
        for ranked in words.rank(example.message.text, names, 3):
            odds[row, place[ranked.label]] = ranked.probability
    return training.measure(odds, labels, truth, bar)


def figures(report: Report) -> dict[str, Any]:
    """Return a report as it is stored: the most frequent confusions alone."""
    pairs = sorted(report.confusion.items(), key=lambda p: (-p[1], p[0]))
    return {
        "count": report.count, "accuracy": round(report.accuracy, 4), "macro_f1": round(report.macro_f1, 4),
        "error": round(report.error, 4), "coverage": round(report.coverage, 4),
        "precision": None if report.precision is None else round(report.precision, 4),
        "threshold": round(report.threshold, 4), "likely": round(report.likely, 4),
        "bins": [[n, round(p, 4), round(s, 4)] for n, p, s in report.bins],
        "wrong": [[true, said, n] for (true, said), n in pairs if true != said][:_PAIRS],
        "labels": {k: [n, round(p, 4), round(r, 4), round(f, 4)] for k, (n, p, r, f) in report.by_label.items()},
    }  # fmt: skip


def train(*, by: Actor, now: datetime, rows: Sequence[Example] | None = None, file_name: str = "") -> CategoryModel:
    """Teach a new version and put it to use if it does better than the one in use on rows neither has seen.

    What decides is macro-F1 on the newest 30 days (of rows without dates: on a fifth by hash of the id).
    The learning happens before the transaction.

    Args:
        rows: from a sheet; None: the installation's closed cases.
        file_name: of the sheet.

    Raises:
        NotFoundError, ForbiddenError: ``by`` may not.
        InvalidError: too few rows, or fewer than two categories.
    """
    check_decide(by)
    origin = Origin.CASES if rows is None else Origin.SHEET
    found = list(selectors.examples(selectors.since(now), now)) if rows is None else list(rows)[: selectors.MOST_ROWS]
    dated = all(e.message.at is not None for e in found)
    lesson = by_month(found, now) if dated and origin == Origin.CASES else by_hash(found)
    least = selectors.rule("least_rows", now) if origin == Origin.CASES else 2
    if len(lesson.taught) < least:
        raise _little(
            _("可学习的只有 %(count)s 件，至少要 %(least)s 件。") % {"count": len(lesson.taught), "least": least}
        )
    # What the split leaves of a category may be too little of it.
    kept = {id(e) for e in training.learnable(lesson.taught)}
    pairs = [(e, g) for e, g in zip(lesson.taught, lesson.group, strict=True) if id(e) in kept]
    try:
        model, _odds = training.train([e for e, _g in pairs], [g for _e, g in pairs])
    except training.TooLittleError:
        raise _little(_("至少要有两个分类，各有两件。")) from None
    content = trained.dump(model)
    # What is stored is what is measured: weights are rounded on the way.
    model = trained.load(content, trained.digest(content))
    former = selectors.live()
    bar = selectors.threshold(now)
    new, old = _examined(model, lesson.held, bar), _examined(former, lesson.held, bar)
    enough = new.count >= (selectors.rule("least_held", now) if origin == Origin.CASES else 1)
    row = CategoryModel(
        origin=origin, file_name=clean(file_name)[:120], made_at=now, made_label=by.label[:80], until=lesson.until,
        taught=len(pairs), labels=dict(Counter(e.label for e, _g in pairs)), content=content,
        digest=trained.digest(content), report=figures(new), rival=figures(old),
    )  # fmt: skip
    return _keep(by=by, now=now, row=row, better=enough and new.macro_f1 > old.macro_f1)


@whole
def _keep(*, by: Actor, now: datetime, row: CategoryModel, better: bool) -> CategoryModel:
    row.pk = None
    row.number = (CategoryModel.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    row.standing = Standing.LOST
    if better:
        CategoryModel.objects.filter(standing=Standing.LIVE).update(standing=Standing.KEPT)
        row.standing, row.live_from = Standing.LIVE, now
        selectors.changed()
    row.save(force_insert=True)
    _forget_arrays()
    journal.record(
        by=by, verb="judgement.category_taught", kind="category_model", uuid=row.uuid, label=str(row.number), now=now,
        after={"standing": row.standing, "macro_f1": row.report["macro_f1"], "before": row.rival["macro_f1"],
               "taught": row.taught, "digest": row.digest},
    )  # fmt: skip
    return row


def _forget_arrays() -> None:
    """Drop the arrays of all but the newest versions; figures stay, and so does the one in use."""
    others = CategoryModel.objects.exclude(standing=Standing.LIVE).exclude(content=b"").order_by("-number")
    old = list(others.values_list("pk", flat=True)[KEPT_WHOLE:])
    if old:
        CategoryModel.objects.filter(pk__in=old).update(content=b"")


@whole
def put_to_use(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int) -> CategoryModel:
    """Use a version that was kept, by a person's decision.

    Args:
        expected: number of the version in use when it was decided, 0 for none.

    Raises:
        NotFoundError, ForbiddenError: ``by`` may not.
        InvalidError: no reason.
        ConflictError: it is in use already, or its arrays are gone.
        StaleError: meanwhile another one is in use.
    """
    check_decide(by)
    reason = clean(reason)[:300]
    if not reason:
        raise InvalidError(_("请写明原因。"), code="judgement.category.reason", fields={"reason": [_("请写明原因。")]})
    row = selectors.version_for(by, uuid)
    former = CategoryModel.objects.defer("content").select_for_update().filter(standing=Standing.LIVE).first()
    if row.standing == Standing.LIVE:
        raise ConflictError(_("这个版本已经在用。"), code="judgement.category.live")
    if (former.number if former else 0) != expected:
        raise StaleError(_("在用的版本已经换过。"), code="judgement.category.stale", hint=_("请刷新后再决定。"))
    if not CategoryModel.objects.filter(pk=row.pk).exclude(content=b"").exists():
        raise ConflictError(
            _("这个版本太旧，已不能启用。"), code="judgement.category.gone", hint=_("请重新学习一个版本。")
        )
    if former is not None:
        former.standing = Standing.KEPT
        former.save(update_fields=["standing"])
    row.standing, row.live_from = Standing.LIVE, now
    row.save(update_fields=["standing", "live_from"])
    selectors.changed()
    _note_use(by, now, row, former, reason)
    return row


@whole
def stop(*, by: Actor, now: datetime, reason: str) -> None:
    """Use no version: names and words alone suggest.

    Raises:
        NotFoundError, ForbiddenError: ``by`` may not.
        InvalidError: no reason.
        ConflictError: none is in use.
    """
    check_decide(by)
    reason = clean(reason)[:300]
    if not reason:
        raise InvalidError(_("请写明原因。"), code="judgement.category.reason", fields={"reason": [_("请写明原因。")]})
    former = CategoryModel.objects.defer("content").select_for_update().filter(standing=Standing.LIVE).first()
    if former is None:
        raise ConflictError(_("没有在用的版本。"), code="judgement.category.none")
    former.standing = Standing.KEPT
    former.save(update_fields=["standing"])
    selectors.changed()
    _note_use(by, now, None, former, reason)


def _note_use(by: Actor, now: datetime, row: CategoryModel | None, former: CategoryModel | None, reason: str) -> None:
    subject = row or former
    journal.record(
        by=by, verb="judgement.category_used", kind="category_model", uuid=subject.uuid if subject else None,
        label=str(subject), now=now, reason=reason,
        before={"number": former.number if former else 0}, after={"number": row.number if row else 0},
    )  # fmt: skip


def learn_if_due(*, now: datetime) -> CategoryModel | None:
    """Teach a new version if people have corrected enough categories since the newest one was made.

    Too few cases is no fault: it waits.
    """
    newest = CategoryModel.objects.filter(origin=Origin.CASES).aggregate(at=Max("made_at"))["at"]
    if cases.corrections_since(newest) < selectors.rule("corrections", now):
        return None
    try:
        return train(by=SYSTEM, now=now)
    except InvalidError:
        return None


def _month(day: date, back: int) -> date:
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def watch(*, now: datetime) -> list[CategoryMonth]:
    """Count anew how the version in use does on the cases of the last months, none of which taught it."""
    row = CategoryModel.objects.defer("content").filter(standing=Standing.LIVE).first()
    model = selectors.live()
    if row is None or model is None:
        return []
    today, bar, found = localtime(now).date(), selectors.threshold(now), []
    for back in range(_MONTHS):
        start = make_aware(datetime.combine(_month(today, back), datetime.min.time()))
        end = make_aware(datetime.combine(_month(today, back - 1), datetime.min.time()))
        start = max(start, row.until) if row.until else start
        held = list(selectors.examples(start, min(end, now))) if start < end else []
        if held:
            mix = Counter(e.label for e in held)
            drift = training.drift(row.labels, mix)
            found.append((_month(today, back), figures(_examined(model, held, bar)), drift))
    return _kept_months(row, found, now)


@whole
def _kept_months(
    row: CategoryModel, found: Sequence[tuple[date, Mapping[str, Any], float]], now: datetime
) -> list[CategoryMonth]:
    return [
        CategoryMonth.objects.update_or_create(
            model=row, month=month, defaults={"report": report, "drift": round(drift, 4), "counted_at": now}
        )[0]
        for month, report, drift in found
    ]
