"""Finished things of the engines to write about that people planned themselves: meetings, projects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.activities.selectors import period as meetings
from linli.engines.projects.rules import money
from linli.engines.projects.selectors import project_period as projects
from linli.engines.projects.types import Strand
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.ids import uuids_in
from linli.foundation.core.text import mask_personal, quoted
from linli.programmes.publishing import events
from linli.programmes.publishing.types import Fact

if TYPE_CHECKING:
    from linli.engines.activities.models import Meeting
    from linli.engines.projects.models import Project


def uuid_of(ref: str) -> UUID:
    """Return the uuid that a link names.

    Raises:
        NotFoundError: it is none.
    """
    try:
        return UUID(ref)
    except ValueError as error:
        raise NotFoundError(_("没有找到这项内容。"), code="publishing.source") from error


def _meeting(meeting: Meeting, *more: str) -> Fact:
    held = timezone.localtime(meeting.starts_at).date()
    said = {
        "month": held.month,
        "day": held.day,
        "unit": meeting.unit,
        "title": meeting.title,
        "theme": quoted(meeting.theme),
    }
    if meeting.theme:
        first = _("%(month)s月%(day)s日，%(unit)s召开%(title)s，主题是%(theme)s。") % said
    else:
        first = _("%(month)s月%(day)s日，%(unit)s召开%(title)s。") % said
    return Fact(
        kind="meeting",
        ref=str(meeting.uuid),
        label=meeting.title[:80],
        day=held,
        unit_id=meeting.unit_id,
        unit=str(meeting.unit),
        area_id=meeting.area_id,
        lines=(first, *(m for m in more if m)),
        strand=Strand.PLURAL.value,
    )


def _meetings(actor: Actor, text: str, _now: datetime) -> Sequence[Fact]:
    return [_meeting(m) for m in meetings.sealed_meetings(actor, text)]


def _one_meeting(actor: Actor, ref: str, _now: datetime) -> Fact:
    meeting = meetings.sealed_meeting(actor, uuid_of(ref))
    told = meetings.told_of(meeting)
    came, tasks = {"came": told.came, "units": told.units}, {"tasks": told.tasks, "done": told.done}
    return _meeting(
        meeting,
        _("到会%(came)s人，来自%(units)s个单位。") % came if told.came else "",
        _("会议议题：%(titles)s。") % {"titles": "；".join(told.titles)} if told.titles else "",
        _("会议布置任务%(tasks)s项，已完成%(done)s项。") % tasks if told.tasks else "",
    )


def _project(project: Project, *more: str) -> Fact:
    said = {
        "unit": project.unit,
        "name": quoted(project.name),
        "state": project.get_state_display(),
        "n": project.percent,
    }
    first = _("%(unit)s负责的%(name)s%(state)s，完成%(n)s%%。") % said
    strands = [s for s in project.strands.split(",") if s]
    return Fact(
        kind="project",
        ref=str(project.uuid),
        label=project.name[:80],
        day=project.finished_on or timezone.localtime(project.changed_at).date(),
        unit_id=project.unit_id,
        unit=str(project.unit),
        area_id=project.area_id,
        topic=project.cls.name,
        lines=(first, *(m for m in more if m)),
        strand=strands[0] if strands else Strand.PROJECT.value,
    )


def _projects(actor: Actor, text: str, _now: datetime) -> Sequence[Fact]:
    return [_project(p) for p in projects.told_projects(actor, text)]


def _one_project(actor: Actor, ref: str, _now: datetime) -> Fact:
    project = projects.told_project(actor, uuid_of(ref))
    reached = [node.title for node in projects.milestones_of(project)]
    spent = {"planned": money.write(project.planned_cents), "spent": money.write(project.spent_cents)}
    return _project(
        project,
        mask_personal(project.public_text),
        _("已经达到：%(titles)s。") % {"titles": "、".join(reached)} if reached else "",
        _("计划投入%(planned)s元，已支出%(spent)s元。") % spent if project.public_money else "",
    )


def _not_public(refs: Sequence[str]) -> list[str]:
    return [str(uuid) for uuid in projects.not_public(uuids_in(refs))]


def register() -> None:
    """Enter meetings and projects."""
    for source in (
        events.Source("meeting", gettext_lazy("定稿的会议"), _meetings, _one_meeting, url_name="desk:meeting"),
        events.Source("project", gettext_lazy("公开的项目"), _projects, _one_project, _not_public, "desk:project"),
    ):
        events.register_source(source)
