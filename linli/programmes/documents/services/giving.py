"""From words to promises: tasks made of requirements and of plans, and hearing that they ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.projects import selectors as projects
from linli.engines.projects import services as tasks
from linli.engines.projects.types import NewTask
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError, InvalidError, StaleError
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people
from linli.programmes.documents.models import Document, Finding, PlanItem
from linli.programmes.documents.permissions import check_keep
from linli.programmes.documents.workflow import DocumentState, FindingState

SOURCE = "document"
MOST_ROWS = 40  # tasks of one submit


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a unit is to do by a day about something that a document says; ``evidence`` is what shall prove it.

    ``user_id`` is the person of the unit who is to do it, ``helper_ids`` are units that help.
    """

    title: str
    unit_id: int
    due_on: date
    user_id: int | None = None
    admission_id: int | None = None
    outside_reason: str = ""
    evidence: str = ""
    helper_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedOf:
    """A row of several: what is wanted about a finding, which the person saw as of ``revision``."""

    finding: Finding
    revision: int
    wanted: Wanted


class RowsRefusedError(InvalidError):
    """Some of several tasks cannot be given, so none was; ``params['rows']`` has the finding's uuid → what is wrong."""

    code = "documents.rows"


def _new(wanted: Wanted, uuid: UUID, document: Document) -> NewTask:
    return NewTask(
        title=wanted.title,
        unit_id=wanted.unit_id,
        due_on=wanted.due_on,
        user_id=wanted.user_id,
        source_kind=SOURCE,
        source_uuid=uuid,
        source_label=document.title[:80],
        admission_id=wanted.admission_id,
        outside_reason=wanted.outside_reason,
        evidence=wanted.evidence,
        helper_ids=wanted.helper_ids,
    )


def _check(wanted: Wanted, now: datetime) -> None:
    if wanted.user_id is not None and wanted.user_id not in {
        h.user_id for h in people.members_of(wanted.unit_id, now=now)
    }:
        message = _("这个人不在责任单位任职。")
        raise InvalidError(message, code="documents.person", fields={"person": [message]})
    if wanted.due_on < people.local_day(now):
        raise InvalidError(
            _("期限不能早于今天。"), code="documents.due", fields={"due_on": [_("请选择今天或以后的日期。")]}
        )


@whole
def make_task(*, by: Actor, now: datetime, finding: Finding, wanted: Wanted) -> Any:
    """Make a task of something that a document says; it thereby is confirmed.

    A task for a 居民区 falls under the list of what may be asked of it, as any other
    (:func:`linli.engines.projects.services.create_tasks`).

    Raises:
        ForbiddenError: not a keeper. InvalidError: title, day or entry of the list is missing or wrong.
        ConflictError: it was rejected, or the order of the document is not confirmed.
    """
    check_keep(by)
    document = finding.document
    if document.state not in {DocumentState.ORDERED, DocumentState.DECIDED}:
        raise ConflictError(_("请先确定段落顺序。"), code="documents.state", hint=_("确定后再生成任务。"))
    if finding.state == FindingState.REJECTED:
        raise ConflictError(_("这一条已标为不采用。"), code="documents.rejected", hint=_("请先撤销，再生成任务。"))
    _check(wanted, now)
    (task,) = tasks.create_tasks(by=by, now=now, tasks=[_new(wanted, finding.uuid, document)])
    fields: dict[str, Any] = {"tasked_at": finding.tasked_at or now, "ended_at": None, "revision": finding.revision + 1}
    if finding.state == FindingState.PROPOSED:
        fields |= {"state": FindingState.CONFIRMED, "decided_at": now, "decided_label": by.label[:80]}
    Finding.objects.filter(pk=finding.pk).update(**fields)
    finding.refresh_from_db()
    _journal(by, now, "finding", finding.uuid, document, task)
    return task


@whole
def make_plan_task(*, by: Actor, now: datetime, item: PlanItem, title: str, due_on: date, **more: Any) -> Any:
    """Make a task of what a unit plans about a part.

    Raises:
        ForbiddenError: not a keeper. ConflictError: the part does not apply to the unit.
        InvalidError: as :func:`make_task`.
    """
    check_keep(by)
    if not PlanItem.objects.select_for_update().filter(pk=item.pk).exists():
        raise StaleError(_("这项安排刚被并入别的部分。"), code="documents.stale", hint=_("请从拆分页面重新打开。"))
    if not item.text:
        raise ConflictError(_("该单位说明这一部分不适用。"), code="documents.declined", hint=_("请先修改安排。"))
    wanted = Wanted(title, item.unit_id, due_on, **more)
    _check(wanted, now)
    document = item.part.document
    (task,) = tasks.create_tasks(by=by, now=now, tasks=[_new(wanted, item.uuid, document)])
    _journal(by, now, "plan_item", item.uuid, document, task)
    return task


def _journal(by: Actor, now: datetime, kind: str, uuid: UUID, document: Document, task: Any) -> None:
    journal.record(
        by=by,
        verb="documents.make_task",
        kind=kind,
        uuid=uuid,
        label=document.title[:80],
        now=now,
        after={"task": str(task.uuid), "unit": task.unit_id, "due_on": task.due_on.isoformat()},
    )


@whole
def make_tasks(*, by: Actor, now: datetime, document: Document, rows: Sequence[WantedOf]) -> list[Any]:
    """Make tasks of several requirements of a document: all, or none.

    Raises:
        ForbiddenError: not a keeper. InvalidError: no row, or too many.
        RowsRefusedError: some rows are refused; each says why.
    """
    check_keep(by)
    if not 1 <= len(rows) <= MOST_ROWS:
        message = _("请选择 1 到 %(most)s 条要求。") % {"most": MOST_ROWS}
        raise InvalidError(message, code="documents.rows")
    ids = [r.finding.pk for r in rows]
    held = {f.pk: f for f in Finding.objects.select_for_update().filter(pk__in=ids, document=document).order_by("pk")}
    made: list[Any] = []
    errors: dict[UUID, DomainError] = {}
    for row in rows:
        try:
            with transaction.atomic():
                made.append(_make_row(by, now, document, held.get(row.finding.pk), row))
        except ForbiddenError:
            raise
        except DomainError as error:
            errors[row.finding.uuid] = error
    if errors:
        message = _("有 %(count)s 行需要修改，没有布置任何任务。") % {"count": len(errors)}
        raise RowsRefusedError(message, rows=errors)
    return made


def _make_row(by: Actor, now: datetime, document: Document, finding: Finding | None, row: WantedOf) -> Any:
    if finding is None or finding.revision != row.revision:
        raise StaleError(
            _("别人刚刚改动了这一条，或已由它布置任务。"), code="documents.stale", hint=_("请取消勾选，或刷新后再看。")
        )
    finding.document = document
    return make_task(by=by, now=now, finding=finding, wanted=row.wanted)


def follow_task(*, source: UUID) -> None:
    """Note on what a task came from that all its tasks have ended, or that one is open."""
    finding = Finding.objects.filter(uuid=source).first()
    if finding is None:
        return  # of a plan: its page reads the tasks themselves
    every = projects.tasks_of(source)
    ended = [t.ended_at for t in every if t.ended_at is not None]
    Finding.objects.filter(pk=finding.pk).update(ended_at=max(ended) if ended and len(ended) == len(every) else None)
