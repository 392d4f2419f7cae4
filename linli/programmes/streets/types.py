"""Values that cross the door of the streets room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _


class Served(models.TextChoices):
    """To whom at the shop a paper was given: a role, never a name."""

    OWNER = "owner", _("经营者")
    MANAGER = "manager", _("店长或当班负责人")
    STAFF = "staff", _("店员")
    PROPERTY = "property", _("物业或房东")
    POSTED = "posted", _("张贴在门口")


class Way(models.TextChoices):
    """How a paper was given."""

    HAND = "hand", _("当场送达")
    LEFT = "left", _("留置送达")
    MAIL = "mail", _("邮寄送达")
    POSTED = "posted", _("张贴送达")


class SpotKind(models.TextChoices):
    """What sort of place nobody looks after."""

    BLIND = "blind", _("管理盲区")
    CORNER = "corner", _("卫生死角")


class Shift(models.TextChoices):
    """Which part of a day a contractor works."""

    EARLY = "early", _("早班")
    MIDDLE = "middle", _("中班")
    LATE = "late", _("晚班")
    NIGHT = "night", _("夜班")


class Crew(models.TextChoices):
    """Who did the work: whose people, never which."""

    CONTRACTOR = "contractor", _("作业单位")
    VOLUNTEERS = "volunteers", _("志愿者")


@dataclass(frozen=True, slots=True)
class WarnData:
    """A fault at a shop, as it is written down.

    Attributes:
        target: the shop.
        fault: code of the shipped faults.
        correct_by: until when it is to be put right; None: what the rulebook gives.
        finding: the finding of a patrol's record that it was seen in.
        files: photographs.
    """

    target: UUID
    fault: str
    text: str
    correct_by: date | None = None
    finding: UUID | None = None
    files: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderData:
    """An order to put something right (责令改正).

    Attributes:
        basis: the article it rests on.
        second_id: the other officer; two go together.
        early: why it comes before the rule asks for it; needed where it does.
    """

    basis: str
    correct_by: date
    served: str
    way: str
    served_on: date
    second_id: int | None
    early: str = ""
    text: str = ""
    files: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyData:
    """What a shop answers for before its door.

    Attributes:
        left, right: metres beside the door's axis; out: metres towards the kerb.
        sides: the borders in words.
        contents: codes of the shipped duties.
    """

    target: UUID
    left: Decimal
    right: Decimal
    out: Decimal
    sides: str
    contents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpotData:
    """A place that nobody looks after."""

    kind: str
    place: str
    text: str
    area_id: int | None
    unit_id: int | None
    due_on: date
    immediate: bool = False
    lane: UUID | None = None
    files: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LaneData:
    """The plan of one lane."""

    facts: str
    plan: str
    unit_id: int | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class LogData:
    """What a crew did on a route in one shift."""

    target: UUID
    on: date
    shift: str
    crew: str
    planned: Decimal
    done: Decimal
    unit_word: str
    told: int = 0
    removed: int = 0
    text: str = ""
    files: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class QualityData:
    """How a route was found: the marks taken off, and why."""

    target: UUID
    on: date
    off: Decimal
    text: str
    files: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the percentage as lists show it; nothing of nothing is no rate."""

    done: int
    of: int

    @property
    def percent(self) -> str:
        """The rate in whole per cent, a dash where there is nothing to count."""
        return f"{self.done * 100 // self.of}%" if self.of else "—"
