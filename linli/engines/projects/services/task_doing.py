"""What the owner of a task does: sign, take, report, hand in, ask for more time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.engines.projects.models import Task, TaskExtension
from linli.engines.projects.services.task_clocks import local_day
from linli.engines.projects.services.task_work import Work, need
from linli.engines.projects.services.tasks import check_evidence
from linli.engines.projects.types import FileRef
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.people import selectors as people

MOST_PERCENT = 99  # the rest is the acceptance, or the end


@whole
def sign_task(*, by: Actor, now: datetime, task: Task, expected: int | None = None) -> Task:
    """Sign for a task: its unit has read it and takes it on."""
    work = Work(task, by=by, now=now, expected=expected)
    work.act("sign")
    return work.save()


@whole
def take_task(*, by: Actor, now: datetime, task: Task, expected: int | None = None) -> Task:
    """Take a task of one's unit over in person, which signs for it too."""
    work = Work(task, by=by, now=now, expected=expected)
    if by.user_id is not None and task.user_id == by.user_id:
        raise ConflictError(_("这项任务已经由您承担。"), code="projects.taken")
    work.act("take", changes={"user_id": by.user_id}, data={"user": by.user_id})
    if task.standing == "given":
        work.act("sign")
    return work.save()


@whole
def assign_task(*, by: Actor, now: datetime, task: Task, user_id: int | None, expected: int | None = None) -> Task:
    """Give a task to somebody of its unit, or back to the unit (None).

    Raises:
        InvalidError: that person does not work in the unit.
    """
    work = Work(task, by=by, now=now, expected=expected)
    if user_id is not None and user_id not in {h.user_id for h in people.members_of(task.unit_id, now=now)}:
        raise InvalidError(
            _("只能指派给本单位的人员。"), code="projects.assign", fields={"user": [_("请选择本单位的人员。")]}
        )
    work.act("assign", changes={"user_id": user_id}, data={"user": user_id})
    return work.save()


@whole
def report_task(
    *,
    by: Actor,
    now: datetime,
    task: Task,
    text: str,
    percent: int | None = None,
    files: Sequence[FileRef] = (),
    expected: int | None = None,
) -> Task:
    """Report how far a task is, in words, percent (0 to 99) and files.

    Raises:
        InvalidError: no words, or no such percent.
    """
    need(text=text)
    percent = task.percent if percent is None else percent
    if not 0 <= percent <= MOST_PERCENT:
        raise InvalidError(
            _("进度填 0 到 %(most)s。") % {"most": MOST_PERCENT},
            code="projects.percent",
            fields={"percent": [_("填 0 到 %(most)s 的整数；完成后请办结或提交验收。") % {"most": MOST_PERCENT}]},
        )
    work = Work(task, by=by, now=now, expected=expected)
    work.act("report", text=text, changes={"percent": percent}, files=files)
    return work.save()


@whole
def note_task(*, by: Actor, now: datetime, task: Task, text: str, files: Sequence[FileRef] = ()) -> Task:
    """Add words or files to a task: its owner, a helper, whoever asked."""
    need(text=text)
    work = Work(task, by=by, now=now)
    work.act("note", text=text, files=files)
    return work.save()


@whole
def hand_in_task(
    *,
    by: Actor,
    now: datetime,
    task: Task,
    result: str,
    files: Sequence[FileRef] = (),
    expected: int | None = None,
) -> Task:
    """Hand a task in with its result and the evidence wanted; whoever asked accepts it or sends it back.

    Raises:
        InvalidError: no result, or fewer files than were wanted.
        ConflictError: it needs no acceptance and is ended instead (:func:`end_task`).
    """
    need(result=result)
    work = Work(task, by=by, now=now, expected=expected)
    text = mask_personal(clean(result))
    work.act("hand_in", text=text, changes={"result": text, "percent": max(task.percent, MOST_PERCENT)}, files=files)
    check_evidence(work, files)
    return work.save()


@whole
def finish_task(
    *,
    by: Actor,
    now: datetime,
    task: Task,
    result: str,
    files: Sequence[FileRef] = (),
    expected: int | None = None,
) -> Task:
    """End a task that needs no acceptance, with the files that show it."""
    need(result=result)
    work = Work(task, by=by, now=now, expected=expected)
    text = mask_personal(clean(result))
    work.act("end", text=text, changes={"result": text, "percent": 100}, files=files)
    check_evidence(work, files)
    return work.save()


@whole
def ask_extension(*, by: Actor, now: datetime, task: Task, due_on: date, reason: str) -> TaskExtension:
    """Ask for a later day; whoever gave the task decides.

    Raises:
        InvalidError: no reason, or the day is not later. ConflictError: one is waiting to be decided.
    """
    need(reason=reason)
    check_later(task, due_on, now)
    work = Work(task, by=by, now=now)
    work.act("ask_extension", reason=reason, data={"due_on": due_on.isoformat()})
    work.save()
    try:
        with transaction.atomic():
            return TaskExtension.objects.create(
                task=task, reason=mask_personal(clean(reason)), due_on=due_on, asked_at=now, asked_label=by.label
            )
    except IntegrityError as error:
        raise ConflictError(
            _("已有一份延期申请等待答复。"), code="projects.extension", hint=_("请等交办方答复后再申请。")
        ) from error


def check_later(task: Task, due_on: date, now: datetime) -> None:
    """Refuse a new day that is not after the old one, or is over.

    Raises:
        InvalidError: it is not later.
    """
    if due_on <= max(task.due_on, local_day(now)):
        raise InvalidError(
            _("新的期限要晚于原期限，也要晚于今天。"),
            code="projects.extension",
            fields={"due_on": [_("请选择原期限和今天以后的日期。")]},
        )
