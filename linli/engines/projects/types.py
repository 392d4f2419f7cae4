"""Values that cross the door of the project room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskState(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", _("待完成")
    DONE = "done", _("已完成")
    DROPPED = "dropped", _("已取消")


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to give: what, which unit or person owns it, by which day, and where it came from."""

    title: str
    unit_id: int
    due_on: date
    source_kind: str = ""
    source_uuid: UUID | None = None
    source_label: str = ""
    user_id: int | None = None
