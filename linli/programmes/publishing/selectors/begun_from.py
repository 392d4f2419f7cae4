"""Finished things of the loop to write about: cases, tasks, consultations, figures of the month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases import selectors as case_words
from linli.engines.cases.selectors import period as cases
from linli.engines.cases.selectors.wall import place_name
from linli.engines.projects.selectors import period as tasks
from linli.engines.projects.types import Strand
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.text import mask_personal
from linli.programmes.publishing import events
from linli.programmes.publishing.permissions import may_report
from linli.programmes.publishing.rules.reporting import large_enough
from linli.programmes.publishing.selectors.begun_from_work import uuid_of
from linli.programmes.publishing.types import Fact

if TYPE_CHECKING:
    from linli.engines.cases.models import Case, Consultation
    from linli.engines.projects.models import Task


def _neighbourhood(label: str) -> str:
    """Return of an area's whole name the neighbourhood's, or the last part."""
    parts = [part for part in re.split(r"[\s/・·>]+", label) if part]
    return next((part for part in parts if part.endswith("居民区")), parts[-1] if parts else "")


def _case(case: Case) -> Fact:
    place = place_name(case.address)
    closed = timezone.localtime(case.closed_at).date() if case.closed_at else None
    lines = [
        _("%(place)s的居民反映%(category)s问题。")
        % {"place": place or _neighbourhood(case.area_label), "category": case.category.name},
        _("%(unit)s接到派单后到场处置。") % {"unit": case.unit} if case.unit else "",
    ]
    if closed:
        lines.append(_("%(month)s月%(day)s日，问题办结。") % {"month": closed.month, "day": closed.day})
    return Fact(
        kind="case",
        ref=case.number,
        label=f"{case.number} {case.category.name}",
        day=closed,
        unit_id=case.unit_id,
        unit=str(case.unit or ""),
        area_id=case.area_id,
        topic=case.category.name,
        lines=tuple(line for line in lines if line),
        strand=Strand.REFINED.value,
        public=cases.told_of(case),
    )


def _cases(actor: Actor, text: str, _now: datetime) -> Sequence[Fact]:
    return [_case(c) for c in cases.tellable_cases(actor, text)]


def _one_case(actor: Actor, ref: str, _now: datetime) -> Fact:
    return _case(cases.closed_case(actor, ref))


def _task(task: Task) -> Fact:
    ended = timezone.localtime(task.ended_at).date() if task.ended_at else None
    lines = [_("%(unit)s承担“%(title)s”。") % {"unit": task.unit, "title": task.title}, mask_personal(task.result)]
    if ended:
        lines.append(_("%(month)s月%(day)s日，任务完成。") % {"month": ended.month, "day": ended.day})
    return Fact(
        kind="task",
        ref=str(task.uuid),
        label=task.title,
        day=ended,
        unit_id=task.unit_id,
        unit=str(task.unit),
        lines=tuple(line for line in lines if line),
        strand=Strand.PROJECT.value,
    )


def _tasks(actor: Actor, text: str, _now: datetime) -> Sequence[Fact]:
    return [_task(t) for t in tasks.done_tasks(actor, text)]


def _one_task(actor: Actor, ref: str, _now: datetime) -> Fact:
    return _task(tasks.done_task(actor, uuid_of(ref)))


def _meeting(meeting: Consultation) -> Fact:
    held = timezone.localtime(meeting.held_at).date()
    lines = [
        _("%(month)s月%(day)s日，召开%(title)s。") % {"month": held.month, "day": held.day, "title": meeting.title}
    ]
    return Fact(
        kind="consultation",
        ref=str(meeting.uuid),
        label=meeting.title,
        day=held,
        area_id=meeting.area_id,
        lines=tuple(lines),
        strand=Strand.PLURAL.value,
    )


def _meetings(actor: Actor, text: str, _now: datetime) -> Sequence[Fact]:
    return [_meeting(m) for m in cases.decided_consultations(text)] if may_report(actor) else []


def _one_meeting(actor: Actor, ref: str, _now: datetime) -> Fact:
    return _meeting(case_words.consultation_for(actor, uuid_of(ref)))


def _month(now: datetime, ref: str) -> tuple[datetime, datetime]:
    try:
        first = datetime.strptime(f"{ref}-01", "%Y-%m-%d").date()  # noqa: DTZ007  a day
    except ValueError as error:
        raise NotFoundError(_("没有找到这个月份。"), code="publishing.source") from error
    zone = timezone.get_current_timezone()
    after = (first + timedelta(days=32)).replace(day=1)
    return datetime.combine(first, time(), zone), min(datetime.combine(after, time(), zone), now)


def _figures(now: datetime, ref: str) -> Fact:
    since, until = _month(now, ref)
    minimum = cases.minimum_cell(now)
    found = cases.period_figures(since, until, now)
    parts = large_enough(cases.period_categories(since, until), minimum)
    month = _("%(year)s年%(month)s月") % {"year": since.year, "month": since.month}
    lines = [
        _("%(month)s，街道共受理%(taken)s件，办结%(closed)s件。")
        % {"month": month, "taken": found.taken_in, "closed": found.closed}
    ]
    if parts.parts:
        named = "、".join(_("%(name)s%(count)s件") % {"name": n, "count": c} for n, c in parts.parts[:5])
        lines.append(_("反映较多的是：%(named)s。") % {"named": named})
    label = _("%(month)s受理办理情况") % {"month": month}
    return Fact(kind="figures", ref=ref, label=label, lines=tuple(lines), strand=Strand.REFINED.value)


def _months(actor: Actor, text: str, now: datetime) -> Sequence[Fact]:
    if not may_report(actor):
        return []
    day = timezone.localtime(now).date().replace(day=1)
    refs = []
    for _number in range(3):
        refs.append(f"{day:%Y-%m}")
        day = (day - timedelta(days=1)).replace(day=1)
    return [f for ref in refs if text.strip() in (f := _figures(now, ref)).label]


def _one_month(actor: Actor, ref: str, now: datetime) -> Fact:
    if not may_report(actor):
        raise NotFoundError(_("没有找到这项内容。"), code="publishing.source")
    return _figures(now, ref)


def register() -> None:
    """Enter what this room knows."""
    for source in (
        events.Source(
            "case",
            gettext_lazy("办结的案件"),
            _cases,
            _one_case,
            lambda refs: cases.numbers_not_told(list(refs)),
            "desk:case",
        ),
        events.Source("task", gettext_lazy("完成的任务"), _tasks, _one_task, url_name="desk:task"),
        events.Source(
            "consultation", gettext_lazy("开过的会商"), _meetings, _one_meeting, url_name="desk:consultation"
        ),
        events.Source("figures", gettext_lazy("一个月的数字"), _months, _one_month),
    ):
        events.register_source(source)
