"""What is done between the checks: entries of the lists, the weekly plan, photos of the same spot, the office's log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.projects import services as projects
from linli.engines.projects.types import NewTask
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError, NotFoundError
from linli.foundation.core.faults import check_version
from linli.foundation.sheets.types import Found
from linli.programmes.civility.models import LogEntry, Shot, Todo
from linli.programmes.civility.permissions import check_enter, check_keep, units_of
from linli.programmes.civility.services.help import Faults, invalid, need, tell
from linli.programmes.civility.types import OF_LIST, TODO, Listed, LogKind, TodoData, TodoState


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


@whole
def add_todo(*, by: Actor, now: datetime, data: TodoData) -> Todo:
    """Enter something to be done in a list; with ``task`` its owner is given a task, whose result comes back here.

    Raises:
        ForbiddenError: not who enters for that unit or area. InvalidError: by field.
    """
    row = Todo(created_label=by.label[:80], created_at=now)
    _fill(by, row, data)
    check_enter(by, row.unit_id, row.area_path)
    row.save(force_insert=True)
    if data.task:
        row.task_uuid = _task(by, now, row)
        row.save(update_fields=["task_uuid"])
    tell(
        by, now, "add_todo", "todo", row.uuid, row.title,
        after={"listed": row.listed, "work": row.work, "unit": row.unit_id, "due_on": row.due_on, "week": row.week},
    )  # fmt: skip
    return row


def _fill(by: Actor, row: Todo, data: TodoData) -> None:
    faults = Faults()
    row.listed = faults.choice("listed", data.listed, Listed.values)
    row.work = faults.choice("work", data.work, OF_LIST.get(data.listed, ()))
    row.title = faults.words("title", data.title, 100, needed=True)
    row.text, row.rota = faults.words("text", data.text, 500), faults.words("rota", data.rota, 2000)
    row.unit_id = faults.unit("unit_id", data.unit_id) or 0
    row.area, row.area_path = faults.area("area_id", data.area_id)
    row.due_on = data.due_on
    if data.listed == Listed.WEEK:
        row.week = monday(data.week or data.due_on)
        if monday(data.due_on) != row.week:
            faults.add("due_on", _("周行动应在本周内完成。"))
    if data.point is not None:
        try:
            point = fieldwork.target_for(by, data.point)
        except DomainError as error:
            faults.add("point", error.message)
        else:
            row.target = point
            if row.area is None:
                row.area, row.area_path = point.area, point.area_path
    faults.check()


def _task(by: Actor, now: datetime, row: Todo) -> UUID:
    wanted = NewTask(
        title=row.title, unit_id=row.unit_id, due_on=row.due_on, detail=row.text, source_kind=TODO,
        source_uuid=row.uuid, source_label=row.get_listed_display(),
        outside_reason=_("文明创建%(list)s事项") % {"list": row.get_listed_display()},
    )  # fmt: skip
    try:
        return projects.create_tasks(by=by, now=now, tasks=[wanted])[0].uuid
    except InvalidError as error:
        raise invalid("unit_id", error.message) from error


def _todo(by: Actor, uuid: UUID, expected: int | None) -> Todo:
    row = Todo.objects.select_for_update(of=("self",)).filter(uuid=uuid).first()
    if row is None:
        raise NotFoundError(_("没有这个事项。"), code="civility.no_todo")
    check_enter(by, row.unit_id, row.area_path)
    check_version(row, expected)
    if row.state != TodoState.OPEN:
        raise ConflictError(
            _("这个事项%(state)s。") % {"state": row.get_state_display()}, code="civility.todo_state",
            hint=_("请刷新后查看。"),
        )  # fmt: skip
    return row


@whole
def end_todo(
    *, by: Actor, now: datetime, uuid: UUID, result: str, dropped: bool = False, file_id: int | None = None,
    expected: int | None = None,
) -> Todo:  # fmt: skip
    """Say that something of the lists is done, with what came of it and a photo of its spot; or drop it, and why.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError. InvalidError: no result.
    """
    row = _todo(by, uuid, expected)
    row.result = need(500, result=result)["result"]
    row.state = TodoState.DROPPED if dropped else TodoState.DONE
    row.ended_on, row.version = timezone.localdate(now), row.version + 1
    row.save()
    if file_id is not None and row.target_id is not None:
        _shot(by, now, row.target_id, file_id, row.ended_on, row.result[:120], row)
    verb = "drop_todo" if dropped else "end_todo"
    tell(by, now, verb, "todo", row.uuid, row.title, after={"state": row.state}, reason=row.result)
    return row


@whole
def note_task_ended(*, by: Actor, now: datetime, source: UUID, result: str) -> bool:
    """Bring the result of a task back to the entry that it was given for; False where there is nothing to do."""
    row = Todo.objects.select_for_update(of=("self",)).filter(uuid=source, state=TodoState.OPEN).first()
    if row is None:
        return False
    row.result, row.state = (result or _("任务已办结"))[:500], TodoState.DONE
    row.ended_on, row.version = timezone.localdate(now), row.version + 1
    row.save()
    tell(by, now, "end_todo", "todo", row.uuid, row.title, after={"state": row.state}, reason=row.result)
    return True


@whole
def add_shot(
    *, by: Actor, now: datetime, point: UUID, file_id: int | None, on: date, note: str = "", todo: Todo | None = None
) -> Shot:
    """Keep a photo of a point, taken from where the last one was.

    Raises:
        NotFoundError: the point is not for this person. InvalidError: no photo, or a day to come.
    """
    target = fieldwork.target_for(by, point)
    if file_id is None:
        raise invalid("photo", _("请选择照片。"))
    if on > timezone.localdate(now):
        raise invalid("on", _("拍摄日期不能晚于今天。"))
    faults = Faults()
    said = faults.words("note", note, 120)
    faults.check()
    check_enter(by, target.unit_id, target.area_path)
    return _shot(by, now, target.pk, file_id, on, said, todo)


def _shot(by: Actor, now: datetime, target_id: int, file_id: int, on: date, note: str, todo: Todo | None) -> Shot:
    row = Shot.objects.create(
        target_id=target_id, file_id=file_id, on=on, note=note, todo=todo, created_label=by.label[:80]
    )
    tell(by, now, "add_shot", "shot", row.uuid, note or on.isoformat(), after={"on": on, "target": target_id})
    return row


@whole
def add_log(
    *, by: Actor, now: datetime, on: date, kind: str, title: str, text: str = "", unit_id: int | None = None,
    due_on: date | None = None,
) -> LogEntry:  # fmt: skip
    """Write a line of the office's log; where a unit is asked for something it waits for feedback and result.

    Raises:
        ForbiddenError. InvalidError: by field.
    """
    check_keep(by)
    faults = Faults()
    row = LogEntry(on=on, due_on=due_on, created_label=by.label[:80])
    row.kind = faults.choice("kind", kind, LogKind.values)
    row.title = faults.words("title", title, 100, needed=True)
    row.text = faults.words("text", text, 1000)
    row.unit_id = faults.unit("unit_id", unit_id)
    if unit_id is not None and due_on is None:
        faults.add("due_on", _("要求单位整改的，请写期限。"))
    if on > timezone.localdate(now):
        faults.add("on", _("日期不能晚于今天。"))
    faults.check()
    row.save(force_insert=True)
    tell(by, now, "add_log", "log", row.uuid, row.title, after={"on": on, "kind": kind, "unit": unit_id})
    return row


def _log(uuid: UUID, expected: int | None) -> LogEntry:
    row = LogEntry.objects.select_for_update(of=("self",)).filter(uuid=uuid).first()
    if row is None:
        raise NotFoundError(_("没有这条记录。"), code="civility.no_log")
    check_version(row, expected)
    if row.closed_on is not None:
        raise ConflictError(_("这条督导已经办结。"), code="civility.log_closed", hint=_("请刷新后查看。"))
    return row


@whole
def answer_log(*, by: Actor, now: datetime, uuid: UUID, feedback: str, expected: int | None = None) -> LogEntry:
    """Say what the unit asked for has done about it.

    Raises:
        NotFoundError, ForbiddenError: not of that unit. StaleError, ConflictError, InvalidError.
    """
    row = _log(uuid, expected)
    if row.unit_id is None or row.unit_id not in units_of(by):
        check_keep(by)
    row.feedback, row.version = need(1000, feedback=feedback)["feedback"], row.version + 1
    row.save()
    tell(by, now, "answer_log", "log", row.uuid, row.title, after={"feedback": row.feedback})
    return row


@whole
def close_log(*, by: Actor, now: datetime, uuid: UUID, result: str, expected: int | None = None) -> LogEntry:
    """Close a line of the log: only with feedback, and with its result.

    Raises:
        NotFoundError, ForbiddenError, StaleError. ConflictError: closed, or no feedback yet. InvalidError: no result.
    """
    check_keep(by)
    row = _log(uuid, expected)
    if not row.feedback:
        raise ConflictError(
            _("还没有情况反馈，不能办结。"), code="civility.no_feedback", hint=_("请先由被督导单位填写反馈。")
        )
    row.result, row.closed_on = need(1000, result=result)["result"], timezone.localdate(now)
    row.version += 1
    row.save()
    tell(by, now, "close_log", "log", row.uuid, row.title, after={"result": row.result})
    return row


def note_removed(*, by: Actor, now: datetime, reason: str, found: Sequence[Found]) -> None:
    """Journal that each of ``found`` was taken out of the library again."""
    for f in found:
        tell(by, now, "remove_standard", "standard", f.uuid, f.label, before=f.values, reason=reason)
