"""Values that cross the door of the room `owners`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

PROGRAMME = "owners"
KIND = "owners_committee"
"""The ledger of the committees; the committee's own unit, where it has one, bears the same name."""
FORM = "owners_evaluation"
SOURCE = "owners_drive"
NOT_FORMED = "none"


class Grade(TextChoices):
    """What an evaluation comes to."""

    EXCELLENT = "a", _("优秀")
    GOOD = "b", _("良好")
    PASSED = "c", _("合格")
    FAILED = "d", _("不合格")


@dataclass(frozen=True, slots=True)
class Limits:
    """From which per cent of the marks a grade is given."""

    excellent: int
    good: int
    passed: int


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator as it was judged.

    Attributes:
        group: the heading under which it stands.
        earned: marks; None: not applicable, which leaves the denominator.
        veto: failing it alone makes the whole fail.
    """

    code: str
    group: str
    text: str
    earned: Decimal | None
    full: Decimal
    veto: bool = False

    @property
    def failed(self) -> bool:
        """Whether it applies and earned nothing."""
        return self.earned is not None and not self.earned


@dataclass(frozen=True, slots=True)
class DriveData:
    """A year's evaluation as it is begun; ``area_id`` None: the whole subdistrict."""

    title: str
    unit_id: int
    starts_on: date
    ends_on: date
    area_id: int | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which evaluations; what is empty does not narrow."""

    grade: str = ""
    state: str = ""
    area_path: str = ""
    text: str = ""
