"""Values that cross the door of the project room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

NEIGHBOURHOOD = "neighbourhood_committee"  # the kind of unit that the list of what may be asked protects


class TaskState(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", _("待完成")
    DONE = "done", _("已完成")
    DROPPED = "dropped", _("已取消")
    REFUSED = "refused", _("已退回")


class Asked(models.TextChoices):
    """What is sent to a unit: something to do, or a form to fill in."""

    TASK = "task", _("任务")
    FORM = "form", _("表单")


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to give: what, which unit or person owns it, by which day, and where it came from.

    Attributes:
        admission_id: of a task for a 居民区, the entry of the list that it falls under.
        outside_reason: why it is asked although no entry covers it.
    """

    title: str
    unit_id: int
    due_on: date
    source_kind: str = ""
    source_uuid: UUID | None = None
    source_label: str = ""
    user_id: int | None = None
    what: Asked = Asked.TASK
    admission_id: int | None = None
    outside_reason: str = ""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry of the list of what may be asked of a 居民区, in force from a day to a day (both included)."""

    title: str
    source: str
    valid_from: date
    valid_to: date | None = None
    note: str = ""
