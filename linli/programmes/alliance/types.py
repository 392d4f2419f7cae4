"""Values that cross the door of the room `alliance`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# As what a body holds a meeting of the room `activities`.
HELD_FOR = "alliance_body"


class BodyKind(TextChoices):
    """What sort of body members sit in."""

    CONFERENCE = "conference", _("党建联席会议")
    ASSOCIATION = "association", _("片区党建促进会")
    COMMITTEE = "committee", _("专委会")


class Level(TextChoices):
    """How far a body reaches."""

    DISTRICT = "district", _("区级")
    STREET = "street", _("街道级")
    SECTOR = "sector", _("片区级")


class MemberKind(TextChoices):
    """What sort of organisation a member is."""

    COMPANY = "company", _("企业")
    LISTED = "listed", _("上市公司")
    FINANCE = "finance", _("金融机构")
    INSTITUTION = "institution", _("事业单位")
    HOSPITAL = "hospital", _("医院")
    SCHOOL = "school", _("学校")
    SOCIAL = "social", _("社会组织")
    PROPERTY = "property", _("物业服务企业")
    GOVERNMENT = "government", _("机关单位")
    OTHER = "other", _("其他单位")


class Stage(TextChoices):
    """How far the admission of a member is: what somebody did, not what follows from the day."""

    APPLIED = "applied", _("待核对")
    CHECKED = "checked", _("待会议决定")
    ADMITTED = "admitted", _("已接纳")
    REFUSED = "refused", _("未接纳")
    LEFT = "left", _("已退出")


class Standing(TextChoices):
    """How a member stands on a day, by rule (``rules.standing``)."""

    PROPOSED = "proposed", _("申请中")
    ADMITTED = "admitted", _("待颁证授牌")
    CURRENT = "current", _("在册")
    GRACE = "grace", _("待续期")
    LAPSED = "lapsed", _("已过期")
    REFUSED = "refused", _("未接纳")
    LEFT = "left", _("已退出")


class ListKind(TextChoices):
    """One of the three lists."""

    NEED = "need", _("需求")
    RESOURCE = "resource", _("资源")
    PROJECT = "project", _("项目")


class UseState(TextChoices):
    """How far a piece of a resource that was given to somebody is."""

    COMMITTED = "committed", _("已约定")
    USED = "used", _("已使用")
    CANCELLED = "cancelled", _("已取消")


class AgreementState(TextChoices):
    """How an agreement stands on a day, by rule."""

    COMING = "coming", _("未生效")
    CURRENT = "current", _("履行中")
    EXPIRING = "expiring", _("即将到期")
    EXPIRED = "expired", _("已到期")
    RENEWED = "renewed", _("已续签")
    ENDED = "ended", _("已终止")


@dataclass(frozen=True, slots=True)
class MemberData:
    """What is entered of a member; ``contact_post`` names a post, the person and the telephone are kept encrypted."""

    name: str
    kind: str
    short_name: str = ""
    unit_id: int | None = None
    area_id: int | None = None
    address: str = ""
    offers: str = ""
    needs: str = ""
    contact_post: str = ""
    contact_name: str = ""
    phone: str = ""
    proposer: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class BodyData:
    """What is entered of a body; ``office_id`` is the unit whose people keep it."""

    name: str
    kind: str
    level: str = Level.STREET.value
    brand_id: int | None = None
    parent_id: int | None = None
    area_id: int | None = None
    office_id: int | None = None
    purpose: str = ""
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class EntryData:
    """What is entered of a line of the three lists.

    Attributes:
        quantity: how much there is, in ``unit_word``; None where it is not counted.
        reusable: of a resource: a use does not use it up (a meeting room).
        receiver_id: of a project or need: the unit that receives and so confirms.
        source_kind, source_uuid, source_label: what it came from (``visit``).
    """

    kind: str
    title: str
    text: str = ""
    category: str = ""
    quantity: Decimal | None = None
    unit_word: str = ""
    reusable: bool = False
    member_id: int | None = None
    body_id: int | None = None
    area_id: int | None = None
    receiver_id: int | None = None
    place: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    conditions: str = ""
    source_kind: str = ""
    source_uuid: UUID | None = None
    source_label: str = ""


@dataclass(frozen=True, slots=True)
class ClaimData:
    """Who claims how much of a project, and as what (场地、志愿者、资金)."""

    member_id: int
    share: Fraction
    role: str
    on_spot: bool = False


@dataclass(frozen=True, slots=True)
class AgreementData:
    """What is entered of an agreement; other parties than members by name."""

    title: str
    signed_on: date
    starts_on: date
    ends_on: date
    member_ids: tuple[int, ...] = ()
    others: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the yearly review: its code, its words, and the list (``where``, ``query``) that it counts."""

    code: str
    label: Any
    value: int
    where: str
    query: dict[str, str] = field(default_factory=dict)
    group: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of the three is narrowed by; empty values do not narrow."""

    kind: str = ""
    state: str = ""
    category: str = ""
    text: str = ""
    body_id: int | None = None
    member_id: int | None = None
    year: int | None = None
    top_year: int | None = None
    pitched: int | None = None
