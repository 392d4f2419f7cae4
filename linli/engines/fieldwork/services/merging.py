"""Doubles: one entry turns out to be another's; all that hangs on it stays on it and is read with the other's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.models import Fact, Target, Visit
from linli.engines.fieldwork.permissions import check_keep
from linli.engines.fieldwork.services.counting import take_step
from linli.engines.fieldwork.services.facts import Source, facts_of, newest, personal_codes, put_facts
from linli.engines.fieldwork.services.steps import label_of, need, note_target, stale
from linli.engines.fieldwork.services.targets import save_next
from linli.engines.fieldwork.workflow import VISIT_OPEN, RoundState
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, NotFoundError
from linli.foundation.core.text import clean
from linli.foundation.rulebook import selectors as rulebook


@whole
def merge(
    *, by: Actor, now: datetime, double: UUID, into: UUID, expected: int, into_expected: int, reason: str
) -> Target:
    """Take ``double`` for the same as ``into``: it leaves the ledger, its history is read with the other's.

    What only the double knew the other learns. Where both are due in one round on one occasion, the double's visit is
    dropped; any other stays. Return the one that stays.

    Raises:
        NotFoundError, ForbiddenError: either is not for this person. StaleError: either was changed meanwhile.
        ConflictError: of two kinds, one and the same, one in the other, or either is out of the ledger.
        InvalidError: no reason.
    """
    need(reason=reason)
    gone, kept = _two(by, double, into, expected, into_expected)
    _check(gone, kept)
    learnt = _teach(gone, kept, by, now)
    gone.merged_into, gone.merged_at = kept, now
    gone.until = max(timezone.localdate(now), gone.since)
    gone.ended_reason = clean(reason)[:300]
    save_next(gone, now)
    kept.visited_at = max(filter(None, (gone.visited_at, kept.visited_at)), default=None)
    kept.tried_at = max(filter(None, (gone.tried_at, kept.tried_at)), default=None)
    save_next(kept, now)
    dropped = _drop_twice(gone, kept)
    note_target(
        by, now, "merge_target", kept,
        after={"double": str(gone.uuid), "learnt": sorted(learnt), "visits_dropped": dropped}, reason=clean(reason),
    )  # fmt: skip
    return kept


def _two(by: Actor, double: UUID, into: UUID, expected: int, into_expected: int) -> tuple[Target, Target]:
    rows = Target.objects.select_for_update(of=("self",)).select_related("kind").filter(uuid__in=[double, into])
    found = {t.uuid: t for t in rows.order_by("pk")}
    for uuid in (double, into):
        if uuid not in found:
            raise NotFoundError(_("没有这个对象。"), code="fieldwork.no_target")
        check_keep(by, found[uuid])
    if found[double].version != expected or found[into].version != into_expected:
        raise stale()
    return found[double], found[into]


def _check(gone: Target, kept: Target) -> None:
    why = ""
    if gone.pk == kept.pk:
        why = _("不能与自己合并。")
    elif gone.kind_id != kept.kind_id:
        why = _("两个对象不属于同一个台账。")
    elif gone.until is not None or kept.until is not None:
        why = _("其中一个已退出台账。")
    elif kept.pk in selectors.above(gone) or gone.pk in selectors.above(kept):
        why = _("其中一个在另一个里面。")
    if why:
        raise ConflictError(why, code="fieldwork.merge", hint=_("请核对两个对象后再合并。"))


def _teach(gone: Target, kept: Target, by: Actor, now: datetime) -> dict[str, Any]:
    """Let ``kept`` learn what only ``gone`` knew, as of when it was told of it; it is saved by the caller."""
    known = selectors.known(kept)
    new = {code: value for code, value in selectors.known(gone).items() if code not in known}
    personal = personal_codes(selectors.questions_of(kept.kind))
    put_facts(kept, new, personal)
    told_at = newest(gone, new)
    source = Source("merge", gone.uuid)
    rows = [
        row for code, value in new.items()
        for row in facts_of(kept, {code: value}, personal, by, told_at.get(code, now), source)
    ]  # fmt: skip
    Fact.objects.bulk_create(rows)
    return new


def _drop_twice(gone: Target, kept: Target) -> int:
    mine = Visit.objects.filter(target=gone, state__in=VISIT_OPEN, round__state=RoundState.OPEN)
    theirs = set(Visit.objects.filter(target=kept).values_list("round_id", "occasion"))
    found = [v for v in mine.order_by("round_id", "pk") if (v.round_id, v.occasion) in theirs]
    for visit in found:
        take_step(visit, "drop", why_not=_("与“%(name)s”重复。") % {"name": label_of(kept)})
    return len(found)


@whole
def unmerge(*, by: Actor, now: datetime, uuid: UUID, expected: int, reason: str) -> Target:
    """Take a double back into the ledger, within the rulebook's days: what the other learnt of it is taken back too.

    Visits that the merge dropped stay dropped. What was told of the other since stays with the other.

    Raises:
        NotFoundError, ForbiddenError, StaleError. InvalidError: no reason. ConflictError: it was not merged, or
            longer ago than the rule says, or the other is gone or was merged on.
    """
    need(reason=reason)
    target = Target.objects.select_for_update(of=("self",)).select_related("kind").filter(uuid=uuid).first()
    if target is None:
        raise NotFoundError(_("没有这个对象。"), code="fieldwork.no_target")
    check_keep(by, target)
    if target.version != expected:
        raise stale()
    kept = Target.objects.select_for_update(of=("self",)).select_related("kind").filter(doubles=target).first()
    if kept is None or target.merged_at is None:
        raise ConflictError(_("这个对象没有被合并。"), code="fieldwork.state", hint=_("请刷新后查看。"))
    if kept.merged_into_id is not None:
        raise ConflictError(_("对方已经并入别的对象。"), code="fieldwork.state", hint=_("请先撤销那一次合并。"))
    days = int(rulebook.value("fieldwork.unmerge", on=timezone.localdate(now)))
    if now > target.merged_at + timedelta(days=days):
        raise ConflictError(
            _("合并已超过 %(days)s 天，不能撤销。") % {"days": days}, code="fieldwork.unmerge",
            hint=_("可以重新登记。"),
        )  # fmt: skip
    _unteach(target, kept, by)
    target.merged_into, target.merged_at, target.until, target.ended_reason = None, None, None, ""
    save_next(target, now)
    save_next(kept, now)
    note_target(
        by,
        now,
        "unmerge_target",
        target,
        after={"from": str(kept.uuid)},
        reason=clean(reason),
        rule="fieldwork.unmerge",
    )
    return target


def _unteach(gone: Target, kept: Target, by: Actor) -> None:
    """Take back of ``kept`` what it knows from ``gone`` alone: of each field what else was told of it last stands."""
    source = Source("unmerge", gone.uuid)
    merged = dict(
        Fact.objects.filter(target=kept, source_kind="merge", source_uuid=gone.uuid)
        .order_by("at", "id")
        .values_list("field", "at")
    )
    personal = personal_codes(selectors.questions_of(kept.kind))
    known = selectors.known(kept)
    rows = []
    for code, at in sorted(merged.items()):
        others = Fact.objects.filter(target=kept, field=code).exclude(source_kind="merge", source_uuid=gone.uuid)
        last = others.order_by("-at", "-id").first()
        value = selectors.value_of(last) if last is not None else None
        if known.get(code) == value:
            continue
        put_facts(kept, {code: value}, personal)
        rows += facts_of(kept, {code: value}, personal, by, max(at, last.at) if last is not None else at, source)
    Fact.objects.bulk_create(rows)
