"""What may be asked of a 居民区: the list, the check before something is sent, refusing what was sent.

A 居民委员会 may refuse what is outside the 协助行政事项清单 (上海市居民委员会工作条例 第27条、第28条): who
sends it a task or a form names the entry, or says why it is asked although none covers it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.projects.models import Admission, Task
from linli.engines.projects.services.task_work import Work, need
from linli.engines.projects.types import NEIGHBOURHOOD, NewEntry, NewTask
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people
from linli.foundation.people.types import ADMIN_ROLES, Role

RULE = "上海市居民委员会工作条例 第27条、第28条"
_IDLE = frozenset({Role.RESIDENT, *ADMIN_ROLES})


def sender_of(by: Actor) -> int | None:
    """Return the unit that ``by`` works in, None for the system and for those without one."""
    return next((g.unit_id for g in by.grants if g.unit_id is not None and g.role not in _IDLE), None)


def asked_of_neighbourhood(by: Actor, unit_ids: Sequence[int]) -> frozenset[int]:
    """Return those of the units that are a 居民委员会 other than the sender's own."""
    own = {g.unit_id for g in by.grants}
    found = people.units(set(unit_ids))
    return frozenset(pk for pk, unit in found.items() if unit.kind == NEIGHBOURHOOD and pk not in own)


def admit(*, by: Actor, now: datetime, tasks: Sequence[NewTask]) -> frozenset[int]:
    """Check each task for a 居民区 against the list; return the units that were asked.

    Raises:
        InvalidError: a task names neither an entry in force today nor a reason outside the list.
    """
    asked = asked_of_neighbourhood(by, [t.unit_id for t in tasks if t.sender_unit_id != t.unit_id])
    named = {t.admission_id for t in tasks if t.unit_id in asked} - {None}
    valid = set(_in_force(timezone.localtime(now).date(), named)) if named else set()
    for task in tasks:
        if task.unit_id in asked and task.admission_id not in valid and not clean(task.outside_reason):
            raise InvalidError(
                _("“%(title)s”交给居民区，须写明对应的清单事项，或写明清单外的理由。") % {"title": task.title[:40]},
                code="projects.admission",
                hint=_("居委会可以拒绝清单以外的事项（居委会工作条例第27条）。"),
                fields={
                    "admission": [
                        _("请选择清单事项，或填写清单外的理由；居委会可以拒绝清单以外的事项（居委会工作条例第27条）。")
                    ]
                },
            )
    return asked


def _in_force(on: date, ids: set[int | None]) -> list[int]:
    rows = Admission.objects.filter(pk__in=[i for i in ids if i is not None], valid_from__lte=on)
    return [a.pk for a in rows if a.valid_to is None or a.valid_to >= on]


@whole
def refuse_task(*, by: Actor, now: datetime, task: Task, reason: str) -> Task:
    """A 居民区 sends back what it need not do, with the reason; no clock runs against it for that.

    Raises:
        ForbiddenError: not of the 居民区 that was asked. ConflictError: it has ended, or was never asked of one.
    """
    need(reason=reason)
    text = mask_personal(clean(reason))
    work = Work(task, by=by, now=now)
    work.act("refuse", reason=text, changes={"result": text})
    return work.save()


def _check_keeper(by: Actor) -> None:
    if not by.is_system and not by.has_role(Role.SYSTEM_ADMIN):
        raise ForbiddenError(_("清单由系统管理员维护。"), code="projects.admission")


@whole
def enter_entry(*, by: Actor, now: datetime, entry: NewEntry) -> Admission:
    """Enter what may be asked, with its source and from when.

    Raises:
        InvalidError: title or source is missing, or it ends before it begins.
    """
    _check_keeper(by)
    errors: dict[str, list[str]] = {}
    for name, value, most in (("title", entry.title, 120), ("source", entry.source, 200)):
        if not clean(value):
            errors[name] = [_("请填写这一项。")]
        elif len(clean(value)) > most:
            errors[name] = [_("最多 %(most)s 个字。") % {"most": most}]
    if entry.valid_to is not None and entry.valid_to < entry.valid_from:
        errors["valid_to"] = [_("结束日期不能早于开始日期。")]
    if errors:
        raise InvalidError(_("还有内容需要修改。"), code="projects.admission", fields=errors)
    row = Admission.objects.create(
        title=clean(entry.title),
        source=clean(entry.source),
        note=clean(entry.note)[:500],
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
    )
    _journal(row, "enter_admission", by=by, now=now, after={"source": row.source, "from": row.valid_from.isoformat()})
    return row


@whole
def end_entry(*, by: Actor, now: datetime, entry: Admission, on: date, reason: str) -> Admission:
    """End an entry with the day ``on``: what was asked under it before stays as it was.

    Raises:
        InvalidError: no reason, or the day lies before the entry began. ConflictError: it has ended already.
    """
    _check_keeper(by)
    if not clean(reason):
        raise InvalidError(_("请写明理由。"), code="projects.admission", fields={"reason": [_("请填写这一项。")]})
    if on < entry.valid_from:
        raise InvalidError(
            _("结束日期不能早于开始日期。"),
            code="projects.admission",
            fields={"on": [_("结束日期不能早于开始日期。")]},
        )
    if entry.valid_to is not None and entry.valid_to <= on:
        raise ConflictError(_("这个事项已经结束。"), code="projects.admission", hint=_("请刷新后查看。"))
    Admission.objects.filter(pk=entry.pk).update(valid_to=on)
    before = {"to": entry.valid_to.isoformat() if entry.valid_to else None}
    entry.valid_to = on
    after = {"to": on.isoformat()}
    _journal(entry, "end_admission", by=by, now=now, before=before, after=after, reason=clean(reason))
    return entry


def _journal(
    row: Admission,
    verb: str,
    *,
    by: Actor,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    journal.record(
        by=by,
        verb=f"projects.{verb}",
        kind="admission",
        uuid=row.uuid,
        label=row.title[:80],
        now=now,
        before=before,
        after=after,
        reason=reason,
        rule=RULE,
    )
