"""Values that cross the door of the room `housing`. Nothing here says who lives somewhere: the flat is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

PROGRAMME = "housing"
CATEGORY = "group_renting"
CHECK = "shared_flat"
"""The purpose of the forms with which flats are looked at; one whose rooms break a rule takes the flat up."""
MOST_ROOMS = 30


class Origin(TextChoices):
    """How it came to be known."""

    CASE = "case", _("案件")
    SWEEP = "sweep", _("排查")
    FIRM = "firm", _("物业报告")
    RELAPSE = "relapse", _("回潮")
    DESK = "desk", _("登记")


class Entry(TextChoices):
    """By what a home was entered."""

    CONSENT = "consent", _("经同意进入")
    WARRANT = "warrant", _("凭法律文书进入")


class PaperKind(TextChoices):
    """What a paper or a picture is."""

    WARRANT = "warrant", _("法律文书")
    OWNER = "owner", _("业主陈述")
    TENANT = "tenant", _("承租人陈述")
    INVENTORY = "inventory", _("财物清单")
    NOTICE = "notice", _("告知书")
    BEFORE = "before", _("整治前照片")
    AFTER = "after", _("整治后照片")
    OTHER = "other", _("其他材料")


@dataclass(frozen=True, slots=True)
class PlanData:
    """How a flat is to be put right.

    Attributes:
        units: who takes part.
        basis: the articles that it stands on, one a line.
        safety: what is done so that nobody comes to harm.
    """

    text: str
    units: tuple[int, ...]
    safety: str
    joint_on: date
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperData:
    """A paper as it is entered; ``declined``: they did not want to say anything, which is their right."""

    kind: PaperKind
    text: str = ""
    declined: bool = False
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class ActionData:
    """What a joint action did: what was removed, and how the layout stands again."""

    on: date
    removed: tuple[tuple[str, int], ...]
    restored: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Which flats; what is empty does not narrow."""

    state: str = ""
    late: bool = False
    text: str = ""
    area_path: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A flat as it is taken up."""

    target: UUID
    origin: Origin
    case_uuid: UUID | None = None
    note: str = ""
    rooms: tuple[dict[str, Any], ...] = ()
