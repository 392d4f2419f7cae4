"""What happens around a case after the commit: telling people, and what a clock's mark sets off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.activities.events import on_filling
from linli.engines.cases.events import followers
from linli.engines.cases.models import Case, CaseEvent, Request
from linli.engines.cases.models.case import NEVER
from linli.engines.cases.selectors.settings import number
from linli.engines.cases.services import (
    calling,
    project_telling,
    retention,  # noqa: F401  what is kept how long becomes known
    telling,
)
from linli.engines.cases.services.levels import raise_work
from linli.engines.cases.services.meetings import fill
from linli.engines.cases.services.splitting import follow_parts
from linli.engines.cases.services.watching import watch_routing
from linli.engines.cases.services.work import SUBJECT, Work, save_all
from linli.engines.cases.types import Decision, RequestKind
from linli.engines.cases.workflow import NOT_LATE, WITH_UNIT, Level, Stage, State, next_level
from linli.engines.projects import selectors as projects
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.deadlines.events import on_mark
from linli.foundation.deadlines.types import Reached
from linli.foundation.hooks.events import describes
from linli.foundation.jobs.services import handler, handler_together, schedule
from linli.foundation.people import selectors as people
from linli.foundation.people.events import on_hand_over
from linli.foundation.people.types import HandedOver
from linli.foundation.places.events import on_hanging
from linli.foundation.places.types import Hanging

_TOLD_WITH = ("category", "category_version", "unit", "handler")


on_filling(fill)


# Field of an event → whence, and its words for who maps it to the fields of another platform.
_SAID: dict[str, tuple[str, Any]] = {
    "number": ("number", gettext_lazy("案件号")),
    "state": ("state", gettext_lazy("状态")),
    "level": ("level", gettext_lazy("级别")),
    "open": ("is_open", gettext_lazy("是否在办")),
    "version": ("version", gettext_lazy("版本")),
    "category": ("category__code", gettext_lazy("类别编码")),
    "source": ("source", gettext_lazy("来源")),
    "outcome": ("outcome", gettext_lazy("办理结果")),
    "urgent": ("urgent", gettext_lazy("紧急")),
    "external_number": ("external_number", gettext_lazy("外部工单号")),
    "area": ("area__code", gettext_lazy("区域编码")),
    "unit": ("unit__name", gettext_lazy("承办单位")),
    "reported_at": ("reported_at", gettext_lazy("上报时间")),
    "due_at": ("due_at", gettext_lazy("截止时间")),
    "closed_at": ("closed_at", gettext_lazy("办结时间")),
}


@describes("case", {name: words for name, (_field, words) in _SAID.items()})
def states(uuids: Collection[UUID]) -> dict[UUID, dict[str, object]]:
    """Say of cases in an event what no person is known by: number, state, codes, unit, times; no words of anybody."""
    rows = Case.objects.filter(uuid__in=uuids).values_list("uuid", *(field for field, _words in _SAID.values()))
    return {row[0]: dict(zip(_SAID, map(_plain, row[1:]), strict=True)) for row in rows}


def _plain(value: Any) -> object:
    if not isinstance(value, datetime):
        return value
    return None if value == NEVER else value.isoformat()


@handler_together("cases.tell")
def tell(payloads: Sequence[dict[str, Any]], now: datetime) -> None:
    """Tell everyone concerned what happened to cases, one payload for each transaction that wrote one."""
    cases = Case.objects.select_related(*_TOLD_WITH).in_bulk({p["case"] for p in payloads})
    uuids = [UUID(u) for p in payloads for u in p["events"]]
    events = {str(e.uuid): e for e in CaseEvent.objects.filter(uuid__in=uuids)}
    told = []
    for payload in payloads:
        found = sorted((events[u] for u in payload["events"] if u in events), key=lambda e: e.seq)
        if found and payload["case"] in cases:
            told.append((cases[payload["case"]], found, payload))
    telling.tell_all(told, now)
    if moved := sorted({case.uuid for case, found, _payload in told if any(e.from_state != e.to_state for e in found)}):
        for follow in followers():
            follow(moved, now)


@handler("cases.tell_many")
def tell_many(payload: dict[str, Any], now: datetime) -> None:
    """Tell everyone concerned what happened to many cases at once (marks that clocks reached)."""
    tell([{"case": case_id, "events": events} for case_id, events in sorted(payload["cases"])], now)


@handler("cases.year_missing")
def year_missing(payload: dict[str, Any], now: datetime) -> None:
    """Tell the system administrators, once a day, that clocks run provisional limits until a year is entered."""
    telling.year_missing(int(payload["year"]), now)


@schedule("cases.routing_watch", every=timedelta(hours=1))
def routing_watch(payload: dict[str, Any], now: datetime) -> None:
    """Tell the system administrators, once a day, of routing rules that do not do what they say."""
    watch_routing(now)


@handler("cases.part_moved")
def part_moved(payload: dict[str, Any], now: datetime) -> None:
    """Bring the report that a case is a part of to its answer when the last part has ended, or let it wait again."""
    follow_parts(case_id=int(payload["case"]), now=now)


@schedule("cases.call_backs", every=timedelta(days=1))
def draw_call_backs(_payload: dict[str, Any], now: datetime) -> None:
    """Draw last week's sample of call-backs, once; looked at daily, so that a pause of the workers loses no week."""
    calling.draw_call_backs(now=now)


@handler("case.task_ended")
@whole
def task_ended(payload: dict[str, Any], now: datetime) -> None:
    """Bring the result of a consultation's task back to its case; the unit that has the case is told."""
    task = projects.task_result(int(payload["task"]))
    case = Case.objects.select_for_update(of=("self",)).filter(uuid=payload["source"]).first()
    if task is None or case is None:
        return
    work = Work(case, by=SYSTEM, now=now)
    text = _("任务“%(title)s”：%(result)s") % {"title": task.title, "result": task.result}
    work.act("note", text=text, data={"task": str(task.uuid)})
    work.save()


@handler("case.project_moved")
def project_moved(payload: dict[str, Any], now: datetime) -> None:
    """Tell who reported a case how the project goes that came of it."""
    project_telling.tell(payload, now)


@on_mark(SUBJECT)
def marked(reached: Sequence[Reached], now: datetime) -> None:
    """Escalate: note the mark on each case, raise its level when the handling limit is over, tell those above.

    The rows are locked first, so that nobody changes them between reading and writing; a case
    that has ended meanwhile has nothing to be hurried for. Few statements however many marks.
    """
    ids = {r.subject_id for r in reached}
    # Without waiting: the sweep holds clocks, a person who writes the case holds the case and wants them.
    rows = Case.objects.select_for_update(of=("self",), nowait=True).filter(pk__in=ids).order_by("pk")
    cases = {c.pk: c for c in rows.select_related("category", "category_version", "unit")}
    works = {pk: Work(c, by=SYSTEM, now=now) for pk, c in cases.items() if c.is_open or c.needs_review}
    raise_at = int(number("cases.level.raise_on_percent", 200, now))
    raised = [m.subject_id for m in reached if m.subject_id in works and _escalate(works[m.subject_id], m, raise_at)]
    if raised:
        _grant_raises(raised, now)
    save_all(list(works.values()), now=now)


def _grant_raises(case_ids: Sequence[int], now: datetime) -> None:
    """The clock has granted what units had asked for."""
    Request.objects.filter(case__in=case_ids, kind=RequestKind.RAISE, decision=Decision.PENDING).update(
        decision=Decision.GRANTED, decided_at=now, decided_label=SYSTEM.label
    )


def _escalate(work: Work, mark: Reached, raise_at: int) -> bool:
    """Note one mark; return whether the level rises with it."""
    case = work.case
    over = mark.percent >= telling.OVERDUE and Stage(mark.stage) not in NOT_LATE
    if mark.stage not in case.dues:
        return False
    work.act(
        "escalate",
        data={"stage": mark.stage, "mark": mark.percent, "due": mark.due_at.isoformat()},
        changes={"was_overdue": case.was_overdue or over},
        rule=mark.rule_code,
    )
    rises = (
        mark.percent >= raise_at
        and mark.stage == Stage.HANDLE
        and State(case.state) in WITH_UNIT - {State.SHELVED}
        and next_level(Level(case.level)) is not None
    )
    if rises:
        raise_work(work, reason=_("处置超时，自动升级"), timeout=True)
    return rises


@on_hand_over
def hand_over(from_user: int, to_user: int | None, by: Actor, now: datetime) -> list[HandedOver]:
    """Pass the open cases of somebody who leaves to the successor, or back to the unit where none was named."""
    rows = Case.objects.select_for_update(of=("self",)).filter(handler=from_user, is_open=True).order_by("pk")
    works = []
    for case in rows.select_related("category", "category_version", "unit"):
        fits = to_user is not None and case.unit_id is not None and to_user in _unit_users(case.unit_id, now)
        work = Work(case, by=by, now=now)
        work.act(
            "assign",
            checked=False,
            changes={"handler_id": to_user if fits else None},
            data={"user": to_user if fits else None, "handed_over": True},
            reason=_("人员变动，工作移交"),
        )
        works.append(work)
    save_all(works, now=now)
    return [HandedOver(_("在办案件"), len(works))] if works else []


def _unit_users(unit_id: int, now: datetime) -> set[int]:
    return {h.user_id for h in people.members_of(unit_id, now=now)}


@on_hanging
def hanging(area_id: int, path: str, day: date) -> Sequence[Hanging]:
    """Return the open cases of an area and of those below it; closed ones stay where they were."""
    del area_id, day
    count = Case.objects.filter(area_path__startswith=path, is_open=True).count()
    return [Hanging(_("未结案件"), count)] if count else []
