"""Values that cross the door of the room `visits`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

PROGRAMME = "visits"
CONDOLENCE = "condolence"
KINDS = ("household", "shop", "company", "social_org", "new_sector")
"""The ledgers whose entries are visited, in the order in which pages show them."""
STATION = "business_station"
"""The ledger of the places that experience officers go to."""


class Gift(TextChoices):
    """What a visit brings: 送宣传、送服务、送资源."""

    PUBLICITY = "publicity", _("送宣传")
    SERVICE = "service", _("送服务")
    RESOURCE = "resource", _("送资源")


class Origin(TextChoices):
    """Where a need came from."""

    VISIT = "visit", _("走访")
    COMPANY = "company", _("企业走访")
    EXPERIENCE = "experience", _("体验官")
    STATION = "station", _("服务站")
    DESK = "desk", _("登记")


class Way(TextChoices):
    """How somebody was told."""

    DOOR = "door", _("上门")
    PHONE = "phone", _("电话")
    MEETING = "meeting", _("当面")
    WRITING = "writing", _("书面")


@dataclass(frozen=True, slots=True)
class DemandData:
    """A need as it is entered.

    Attributes:
        text: what is needed; names and numbers in it are masked.
        who: who needs it, in words; of a target its name stands for it.
        unit_id, due_on: who answers by when; None: a keeper says so later.
        source: the uuid of the record, visit or report that it came from.
        officer_id: the experience officer who reported it.
    """

    text: str
    origin: Origin = Origin.DESK
    who: str = ""
    target: UUID | None = None
    area_id: int | None = None
    unit_id: int | None = None
    due_on: date | None = None
    source: UUID | None = None
    item: str = ""
    officer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which needs; what is empty does not narrow."""

    state: str = ""
    origin: str = ""
    unit_id: int | None = None
    area_path: str = ""
    late: bool = False
    text: str = ""
    target: UUID | None = None
    source: UUID | None = None


@dataclass(frozen=True, slots=True)
class CompanyVisitData:
    """A visit that leaders made to an enterprise."""

    held_on: date
    name: str
    leaders: str
    departments: str = ""
    topics: str = ""
    target: UUID | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Consoled:
    """Who is to be visited at a festival, with what.

    Attributes:
        person: the name; kept sealed.
        reason: why, in words of the group (困难家庭): shown to the family too.
        amount: yuan; None for none.
    """

    person: str
    reason: str
    target: UUID | None = None
    amount: Decimal | None = None
    item: str = ""


class Gap(StrEnum):
    """What a unit of the new sectors lacks."""

    ORGANISATION = "organisation"
    WORK = "work"
    VISIT = "visit"
