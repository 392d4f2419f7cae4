"""What is owed, gathered from every room: each registers a provider when Django starts.

A provider answers in one or two statements; the page asks all of them and sorts by day::

    providers.register("meetings", gettext_lazy("会议"), meetings_owed)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.activities import selectors as activities
from linli.engines.cases import selectors as cases
from linli.engines.cases.selectors import Filters
from linli.engines.projects import selectors as projects
from linli.engines.projects.types import Standing
from linli.foundation.core.actors import Actor
from linli.interfaces.desk.doors import local

if TYPE_CHECKING:
    from linli.engines.projects.models import Task

MOST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose debts are asked for, and until when.

    Attributes:
        units: everything that the actor's units owe; else what is theirs in person or nobody's yet.
        until: the last day.
    """

    actor: Actor
    today: date
    now: datetime
    until: date
    units: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that is owed.

    Attributes:
        what: what kind of thing it is, in a word; ``act`` what is to be done about it.
        at: until when, or when it is held; only its day counts for sorting into days.
        timed: whether the hour is shown.
        who: the unit or person who owes it.
        order: there is an order from above (督办) about it.
    """

    what: str
    title: str
    url: str
    at: datetime
    act: str = ""
    timed: bool = False
    who: str = ""
    note: str = ""
    order: bool = False


Provider = Callable[[Asked], Iterable[Owed]]
PROVIDERS: dict[str, tuple[Any, Provider]] = {}


def register(code: str, label: Any, provider: Provider) -> None:
    """Let a room say what it has that somebody owes."""
    PROVIDERS[code] = (label, provider)


def collect(asked: Asked) -> list[Owed]:
    """Return everything that is owed until a day, soonest first."""
    found = [one for _label, provider in PROVIDERS.values() for one in provider(asked)]
    return sorted(found, key=lambda o: (o.at, o.title))


def week_end(day: date) -> date:
    """Return the Sunday of the week of ``day``."""
    return day + timedelta(days=7 - day.isoweekday())


@dataclass(frozen=True, slots=True)
class Group:
    """What is owed in one stretch of days."""

    code: str
    label: str
    rows: list[Owed]


def grouped(rows: Iterable[Owed], today: date, now: datetime) -> list[Group]:
    """Return what is owed as overdue, today, this week, next week; a stretch without anything is left out."""
    labels = {"late": _("已超期"), "today": _("今天"), "week": _("本周"), "next": _("下周")}
    found: dict[str, list[Owed]] = {code: [] for code in labels}
    for row in rows:
        found[_stretch(row, today, now)].append(row)
    return [Group(code, labels[code], rows) for code, rows in found.items() if rows]


def _stretch(row: Owed, today: date, now: datetime) -> str:
    day = local(row.at).date()
    if day < today or (row.timed and row.at < now):
        return "late"
    if day == today:
        return "today"
    return "week" if day <= week_end(today) else "next"


def _end_of(day: date, now: datetime) -> datetime:
    return local(now).replace(year=day.year, month=day.month, day=day.day, hour=23, minute=59, second=0, microsecond=0)


def tasks_owed(asked: Asked) -> list[Owed]:
    """Return the tasks that are owed, and those that wait to be accepted by who asked."""
    rows = projects.owed(asked.actor, until=asked.until, units=asked.units, accepting=True, limit=2 * MOST)
    return [_task_owed(task, asked) for task in rows]


def _task_owed(task: Task, asked: Asked) -> Owed:
    accept = task.standing == Standing.HANDED_IN
    return Owed(
        _("任务"),
        task.title,
        reverse("desk:task", args=[task.uuid]),
        _end_of(asked.today if accept else task.due_on, asked.now),
        act=_("待我验收") if accept else task.get_standing_display(),
        who=task.user.display_name if task.user is not None and not accept else str(task.unit),
        note=task.source_label,
        order=task.open_orders > 0,
    )


def cases_owed(asked: Asked) -> list[Owed]:
    """Return the cases whose next limit ends until the day: mine, or my units'."""
    box = "unit" if asked.units else "mine"
    filters = Filters(box=box, due_by=_end_of(asked.until, asked.now))
    page = cases.case_list(asked.actor, filters, now=asked.now, size=MOST)
    return [
        Owed(
            _("案件"),
            case.title,
            reverse("desk:case", args=[case.number]),
            case.due_at,
            act=case.get_state_display(),
            timed=True,
            who=case.handler.display_name if case.handler is not None else str(case.unit or ""),
            note=case.number,
            order=case.open_orders > 0,
        )
        for case in page.rows
    ]


def consultations_owed(asked: Asked) -> list[Owed]:
    """Return the consultations to attend, and those held whose decision is not recorded yet."""
    found = []
    for meeting in cases.consultations(asked.actor, limit=MOST):
        if local(meeting.held_at).date() > asked.until:
            continue
        held = meeting.held_at < asked.now
        url = reverse("desk:consultation", args=[meeting.uuid])
        act = _("待记录决定") if held else _("参加会商")
        found.append(Owed(_("会商"), meeting.title, url, meeting.held_at, act=act, timed=True, note=meeting.place))
    return found


def meetings_owed(asked: Asked) -> list[Owed]:
    """Return the meetings to attend, and those that are over without their minutes."""
    found = []
    for meeting in activities.meetings_owed(asked.actor, now=asked.now, until=_end_of(asked.until, asked.now)):
        act = _("待整理记录") if meeting.ends_at < asked.now else _("参加会议")
        at = meeting.ends_at if meeting.ends_at < asked.now else meeting.starts_at
        url = reverse("desk:meeting", args=[meeting.uuid])
        found.append(Owed(_("会议"), meeting.title, url, at, act=act, timed=True, note=meeting.theme))
    return found


def corrections_owed(asked: Asked) -> list[Owed]:
    """Return the minutes to check, and the remarks on minutes that wait for an answer."""
    found = []
    until = _end_of(asked.until, asked.now)
    for one in activities.corrections_owed(asked.actor, now=asked.now, until=until, limit=MOST):
        acts = [_("待核对记录")] if one.read else []
        if one.waiting:
            acts.append(_("%(n)s 条修改意见待答复") % {"n": one.waiting})
        url = reverse("desk:meeting", args=[one.meeting.uuid]) + "?tab=record"
        found.append(Owed(_("会议记录"), one.meeting.title, url, one.at, act="，".join(acts), timed=True))
    return found


def topics_owed(asked: Asked) -> list[Owed]:
    """Return the hard topics that somebody took on and has to solve."""
    return [
        Owed(
            _("难题"),
            topic.title,
            reverse("desk:topic", args=[topic.uuid]),
            _end_of(topic.due_on, asked.now) if topic.due_on else asked.now,
            act=topic.get_state_display(),
            who=topic.user.display_name if topic.user is not None else str(topic.unit or ""),
        )
        for topic in activities.topics_owed(asked.actor, until=asked.until, units=asked.units, limit=MOST)
    ]


def enter() -> None:
    """Register what this face shows itself."""
    register("tasks", gettext_lazy("任务"), tasks_owed)
    register("cases", gettext_lazy("案件"), cases_owed)
    register("consultations", gettext_lazy("会商"), consultations_owed)
    register("meetings", gettext_lazy("会议"), meetings_owed)
    register("corrections", gettext_lazy("会议记录"), corrections_owed)
    register("topics", gettext_lazy("难题"), topics_owed)
