"""What every write to a project shares: the lock with the version, the event, the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.projects import permissions
from linli.engines.projects.models import Project, ProjectEvent
from linli.foundation.core import faults
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError, StaleError
from linli.foundation.journal import services as journal


def locked(uuid: UUID, by: Actor, expected: int | None = None, *, keep: bool = True) -> Project:
    """Return the project to be changed, locked; checks the right and, where given, the version.

    Raises:
        NotFoundError: no such project for this reader. ForbiddenError: not who keeps it.
        StaleError: somebody changed it meanwhile.
    """
    rows = Project.objects.select_for_update(of=("self",)).select_related("cls", "unit", "listed")
    found = rows.filter(permissions.project_q(by), uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有找到这个项目。"), code="projects.none")
    if keep:
        permissions.check_keep(by, found)
    if expected is not None and found.version != expected:
        raise StaleError(
            _("别人刚刚改过这个项目，您的修改没有保存。"), hint=_("您填写的内容还在页面上：请对照最新内容后再保存。")
        )
    return found


def save_next(project: Project, now: datetime) -> None:
    """Save ``project`` as its next version."""
    project.version += 1
    project.changed_at = now
    project.save()


def happened(
    project: Project,
    verb: str,
    *,
    by: Actor,
    now: datetime,
    text: str = "",
    public: bool = False,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> ProjectEvent:
    """Append what happened to the project's events and to the journal."""
    kept_before, kept_after = plain(before), plain(after)
    event = ProjectEvent.objects.create(
        project=project,
        at=now,
        verb=verb,
        text=text or reason,
        data={"before": kept_before or {}, "after": kept_after or {}},
        by_label=by.label[:80],
        public=public,
    )
    journal.record(
        by=by,
        verb=f"projects.{verb}",
        kind="project",
        uuid=project.uuid,
        label=project.name[:80],
        now=now,
        before=kept_before,
        after=kept_after,
        reason=reason,
    )
    return event


def plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return values as JSON takes them."""
    if values is None:
        return None
    return {
        k: v.isoformat() if isinstance(v, date) else str(v) if isinstance(v, UUID) else v for k, v in values.items()
    }


class Faults(faults.Faults):
    """What is wrong with a task or a project."""

    room = "projects"
