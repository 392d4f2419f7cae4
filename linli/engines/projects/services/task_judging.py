"""What whoever asked for a task does: accept, send back, decide on more time, urge, take it up again; and 督办."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from linli.engines.projects.models import Task, TaskEvent, TaskExtension, TaskOrder
from linli.engines.projects.services import task_clocks as clocks
from linli.engines.projects.services.task_doing import check_later
from linli.engines.projects.services.task_work import Work, need
from linli.engines.projects.types import Granted, TaskLevel
from linli.engines.projects.workflow import Stage
from linli.foundation.core import orders
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError
from linli.foundation.core.text import clean, mask_personal

_ORDER = "projects.order"


@whole
def accept_task(*, by: Actor, now: datetime, task: Task, text: str = "", expected: int | None = None) -> Task:
    """Accept what was handed in: the task is done.

    Raises:
        ForbiddenError: not who asked, or the very person who handed it in.
    """
    work = Work(task, by=by, now=now, expected=expected)
    handed = TaskEvent.objects.filter(task=task, verb="hand_in").order_by("-seq").first()
    if handed is not None and by.uuid is not None and handed.by_uuid == by.uuid:
        raise ForbiddenError(_("不能验收自己提交的任务。"), code="projects.self", hint=_("请交办单位的其他人员验收。"))
    work.act("accept", text=text, changes={"percent": 100})
    return work.save()


@whole
def send_back_task(
    *, by: Actor, now: datetime, task: Task, reason: str, due_on: date, expected: int | None = None
) -> Task:
    """Send back what was handed in, with the reason and the day by which it is to be mended.

    Raises:
        InvalidError: no reason, or a day that is over.
    """
    need(reason=reason)
    orders.check_due(due_on, clocks.local_day(now), code="projects.send_back")
    work = Work(task, by=by, now=now, expected=expected)
    count = task.rework_count + 1
    work.act("send_back", reason=reason, changes={"due_on": due_on, "rework_count": count})
    return work.save()


@whole
def decide_extension(
    *, by: Actor, now: datetime, extension: TaskExtension, granted: bool, reason: str = ""
) -> TaskExtension:
    """Grant or refuse a later day; a refusal says why. The task's clock moves with the day.

    Raises:
        ConflictError: it was decided already.
    """
    if not granted:
        need(reason=reason)
    task = extension.task
    work = Work(task, by=by, now=now)
    moves = granted and extension.due_on > task.due_on  # it may have been moved further meanwhile
    changes = {"due_on": extension.due_on} if moves else {}
    work.act("decide_extension", reason=reason, changes=changes, data={"granted": granted})
    work.save()
    decided = {
        "decision": Granted.GRANTED if granted else Granted.REFUSED,
        "decided_at": now,
        "decided_label": by.label,
        "decision_reason": mask_personal(clean(reason)),
    }
    if TaskExtension.objects.filter(pk=extension.pk, decision="").update(**decided) != 1:
        raise ConflictError(_("这份延期申请已经答复。"), code="projects.extension", hint=_("请刷新后查看。"))
    extension.refresh_from_db(fields=list(decided))
    return extension


@whole
def extend_task(
    *, by: Actor, now: datetime, task: Task, due_on: date, reason: str, expected: int | None = None
) -> Task:
    """Move the day of a task that one gave to a later one, with the reason.

    Raises:
        InvalidError: no reason, or the day is not later.
    """
    need(reason=reason)
    check_later(task, due_on, now)
    work = Work(task, by=by, now=now, expected=expected)
    work.act("extend", reason=reason, changes={"due_on": due_on})
    return work.save()


@whole
def reopen_task(
    *, by: Actor, now: datetime, task: Task, reason: str, due_on: date, expected: int | None = None
) -> Task:
    """Take a task up again that had ended, with the reason and a new day.

    Raises:
        InvalidError: no reason, or a day that is over.
    """
    need(reason=reason)
    orders.check_due(due_on, clocks.local_day(now), code="projects.reopen")
    work = Work(task, by=by, now=now, expected=expected)
    percent = min(task.percent, 99)
    changes = {"due_on": due_on, "percent": percent, "level": TaskLevel.UNIT, "was_overdue": False}
    work.act("reopen", reason=reason, changes=changes)
    return work.save()


@whole
def urge_task(*, by: Actor, now: datetime, task: Task, text: str = "") -> Task:
    """Urge the owner of a task; it moves no clock."""
    work = Work(task, by=by, now=now)
    work.act("urge", text=text, changes={"urge_count": task.urge_count + 1})
    return work.save()


@whole
def order_task(*, by: Actor, now: datetime, task: Task, text: str, due_on: date) -> TaskOrder:
    """Order from above (督办) that a task be answered for by a day; it cannot end before that is concluded.

    Raises:
        InvalidError: no words, or a day that is over.
    """
    need(text=text)
    orders.check_due(due_on, clocks.local_day(now), code=_ORDER)
    work = Work(task, by=by, now=now)
    work.act("order", text=text, data={"due_on": due_on.isoformat()}, changes={"open_orders": task.open_orders + 1})
    if not TaskOrder.objects.filter(task=task, replied_at__isnull=True).exists():
        work.begin(clocks.clock(task, Stage.ORDER, clocks.order_moment(due_on), now))
    work.save()
    return TaskOrder.objects.create(task=task, due_on=due_on, **orders.ordered(text, now=now, label=by.label))


@whole
def answer_order(*, by: Actor, now: datetime, order: TaskOrder, text: str) -> TaskOrder:
    """Answer an order.

    Raises:
        ConflictError: it is concluded.
    """
    need(text=text)
    work = Work(order.task, by=by, now=now)
    work.act("order_reply", text=text, data={"order": order.pk})
    if not TaskOrder.objects.filter(task=order.task_id, replied_at__isnull=True).exclude(pk=order.pk).exists():
        work.end(Stage.ORDER)
    work.save()
    return orders.answer(TaskOrder.objects.all(), order, text=text, now=now, label=by.label, code=_ORDER)


@whole
def conclude_order(*, by: Actor, now: datetime, order: TaskOrder, text: str) -> TaskOrder:
    """Conclude an order that was answered.

    Raises:
        ConflictError: there is no answer yet, or it is concluded already.
    """
    need(text=text)
    orders.check_answered(order, code=_ORDER)
    task = order.task
    work = Work(task, by=by, now=now)
    work.act("order_result", text=text, data={"order": order.pk}, changes={"open_orders": max(0, task.open_orders - 1)})
    work.save()
    return orders.conclude(TaskOrder.objects.all(), order, text=text, now=now, label=by.label, code=_ORDER)
