"""Splitting a street's plan into the plans of its units, so that nothing is dropped."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.engines.projects import selectors as projects
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, StaleError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people
from linli.programmes.documents.models import Document, Part, PlanItem, PlanUnit
from linli.programmes.documents.permissions import check_fill, check_keep
from linli.programmes.documents.services.parting import PARTED


@whole
def set_plan_units(*, by: Actor, now: datetime, document: Document, unit_ids: Collection[int]) -> None:
    """Say which units make a plan of their own; a unit with entries stays.

    Raises:
        ForbiddenError: not a keeper. ConflictError: not a document with parts, or a unit that filled in would go.
    """
    check_keep(by)
    if document.kind not in PARTED:
        raise ConflictError(_("只有政策文件和街道方案可以拆分。"), code="documents.plan")
    wanted = set(people.units(set(unit_ids)))
    filled = set(PlanItem.objects.filter(part__document=document).values_list("unit", flat=True))
    if lost := filled - wanted:
        names = "、".join(u.name for u in people.units(lost).values())
        raise ConflictError(
            _("%(units)s已经填写安排，不能移出。") % {"units": names},
            code="documents.plan",
            hint=_("请先由该单位清空。"),
        )
    before = set(PlanUnit.objects.filter(document=document).values_list("unit", flat=True))
    PlanUnit.objects.filter(document=document).exclude(unit__in=wanted).delete()
    PlanUnit.objects.bulk_create(PlanUnit(document=document, unit_id=u) for u in sorted(wanted - before))
    journal.record(
        by=by,
        verb="documents.plan_units",
        kind="document",
        uuid=document.uuid,
        label=document.title[:80],
        now=now,
        before={"units": sorted(before)},
        after={"units": sorted(wanted)},
    )


@whole
def fill_plan(
    *,
    by: Actor,
    now: datetime,
    part: Part,
    unit_id: int,
    text: str = "",
    due_on: date | None = None,
    not_applicable: str = "",
    seen: datetime | None = None,
) -> PlanItem | None:
    """Write what a unit does about a part, or why the part does not apply to it; empty both takes the entry out.

    Args:
        seen: when the entry that the person looked at was entered, None where there was none.

    Raises:
        ForbiddenError: of another unit. InvalidError: both, or too long. StaleError: somebody wrote it meanwhile.
        ConflictError: the unit has no plan to make, or a task was made of the entry that would go.
    """
    check_fill(by, unit_id)
    fields = _fields(text, not_applicable, due_on)
    if not PlanUnit.objects.filter(document=part.document_id, unit=unit_id).exists():
        raise ConflictError(_("该单位不在这份方案的拆分范围内。"), code="documents.plan")
    if not Part.objects.select_for_update().filter(pk=part.pk).exists():
        raise StaleError(_("这一部分刚被并入别的部分。"), code="documents.stale", hint=_("请从拆分页面重新打开。"))
    old = PlanItem.objects.select_for_update().filter(part=part, unit=unit_id).first()
    if (old.entered_at if old else None) != seen:
        raise StaleError(_("别人刚刚填写了这一格。"), code="documents.stale", hint=_("请看过后再保存。"))
    if old is not None and not fields["text"] and projects.tasks_of(old.uuid):
        raise ConflictError(_("这项安排已经生成任务，不能清空。"), code="documents.tasked", hint=_("请先取消任务。"))
    before = {"text": old.text, "not_applicable": old.not_applicable} if old else None
    row = _write(old, part, unit_id, {**fields, "entered_at": now, "entered_label": by.label[:80]})
    journal.record(
        by=by,
        verb="documents.plan",
        kind="plan_item",
        uuid=row.uuid if row else part.uuid,
        label=str(part)[:80],
        now=now,
        before=before,
        after={"unit": unit_id, "text": fields["text"], "not_applicable": fields["not_applicable"]},
    )
    return row


def _fields(text: str, not_applicable: str, due_on: date | None) -> dict[str, object]:
    does, reason = mask_personal(clean(text)), mask_personal(clean(not_applicable))
    errors = {}
    if does and reason:
        errors["not_applicable"] = [_("已填写安排的，不用再写不适用的理由。")]
    for name, value in (("text", does), ("not_applicable", reason)):
        if len(value) > 1_000:
            errors[name] = [_("最多 %(most)s 个字。") % {"most": 1_000}]
    if errors:
        raise InvalidError(_("还有内容需要修改。"), code="documents.plan", fields=errors)
    return {"text": does, "not_applicable": reason, "due_on": due_on if does else None}


def _write(old: PlanItem | None, part: Part, unit_id: int, fields: dict[str, object]) -> PlanItem | None:
    if not fields["text"] and not fields["not_applicable"]:
        if old is not None:
            old.delete()
        return None
    if old is None:
        try:
            with transaction.atomic():
                return PlanItem.objects.create(part=part, unit_id=unit_id, **fields)
        except IntegrityError as error:
            raise StaleError(_("别人刚刚填写了这一格。"), code="documents.stale", hint=_("请看过后再保存。")) from error
    for name, value in fields.items():
        setattr(old, name, value)
    old.save()
    return old
