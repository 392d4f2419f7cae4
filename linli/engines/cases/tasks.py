"""What happens around a case after the commit: telling people, and what a clock's mark sets off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseEvent
from linli.engines.cases.selectors.settings import number
from linli.engines.cases.services import telling
from linli.engines.cases.services.levels import raise_work
from linli.engines.cases.services.work import SUBJECT, Work
from linli.engines.cases.workflow import WITH_UNIT, Level, Stage, State, next_level
from linli.engines.projects.models import Task
from linli.foundation.core.actors import SYSTEM
from linli.foundation.deadlines.events import on_mark
from linli.foundation.deadlines.types import Reached
from linli.foundation.jobs.services import handler

OVERDUE = 100


@handler("cases.tell")
def tell(payload: dict[str, Any], now: datetime) -> None:
    """Tell everyone concerned what happened to a case."""
    case = Case.objects.select_related("category", "unit", "handler").filter(pk=payload["case"]).first()
    if case is None:
        return
    events = list(CaseEvent.objects.filter(uuid__in=[UUID(u) for u in payload["events"]]).order_by("seq"))
    telling.tell(case, events, payload, now)


@handler("cases.year_missing")
def year_missing(payload: dict[str, Any], now: datetime) -> None:
    """Tell the system administrators, once a day, that clocks run provisional limits until a year is entered."""
    telling.year_missing(int(payload["year"]), now)


@handler("case.task_ended")
def task_ended(payload: dict[str, Any], now: datetime) -> None:
    """Bring the result of a consultation's task back to its case."""
    task = Task.objects.filter(pk=payload["task"]).first()
    case = Case.objects.filter(uuid=payload["source"]).first()
    if task is None or case is None:
        return
    work = Work(case, by=SYSTEM, now=now)
    text = _("任务“%(title)s”：%(result)s") % {"title": task.title, "result": task.result}
    work.act("note", text=text, data={"task": str(task.uuid)}, public=True)
    work.save()


@on_mark(SUBJECT)
def marked(reached: Sequence[Reached], now: datetime) -> None:
    """Escalate: note the mark on each case, raise its level when the handling limit is over, tell those above."""
    ids = {r.subject_id for r in reached}
    cases = {c.pk: c for c in Case.objects.filter(pk__in=ids).select_related("category", "category_version", "unit")}
    for mark in reached:
        case = cases.get(mark.subject_id)
        if case is None or not case.is_open:
            continue
        _escalate(case, mark, now)


def _escalate(case: Case, mark: Reached, now: datetime) -> None:
    over = mark.percent >= OVERDUE
    raise_at = int(number("cases.level.raise_on_percent", 100, now))
    work = Work(case, by=SYSTEM, now=now)
    work.act(
        "escalate", data={"stage": mark.stage, "mark": mark.percent, "due": mark.due_at.isoformat()},
        changes={"was_overdue": case.was_overdue or over}, rule=mark.rule_code,
    )
    if (
        mark.percent >= raise_at and mark.stage == Stage.HANDLE and State(case.state) in WITH_UNIT - {State.SHELVED}
        and next_level(Level(case.level)) is not None
    ):
        raise_work(work, reason=_("处置超时，自动升级"), timeout=True)
    work.save(job={"mark": mark.percent, "stage": mark.stage})
