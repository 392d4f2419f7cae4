"""Values that cross the door of the room `venues`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# What pins are drawn in; each has 4.5:1 against the white sign on it (frontend/src/css/places.css).
COLOURS: dict[str, Any] = {
    "blue": _("蓝"),
    "teal": _("青"),
    "green": _("绿"),
    "olive": _("橄榄"),
    "amber": _("琥珀"),
    "orange": _("橙"),
    "red": _("红"),
    "pink": _("粉"),
    "purple": _("紫"),
    "indigo": _("靛"),
    "brown": _("棕"),
    "grey": _("灰"),
}
# Signs of the sprite that suit a venue.
ICONS: tuple[str, ...] = (
    "coffee",
    "flag-2",
    "building-community",
    "building-bank",
    "tools-kitchen-2",
    "soup",
    "shield-half",
    "shield",
    "scale",
    "book",
    "users-group",
    "hand-love-you",
    "heart-handshake",
    "gift",
    "medical-cross",
    "first-aid-kit",
    "charging-pile",
    "recharging",
    "plug",
    "moped",
    "bike",
    "building-store",
    "shopping-cart",
    "badge-wc",
    "door",
    "armchair",
    "home",
    "map-pin",
    "tool",
    "calendar-event",
)


class State(TextChoices):
    """How far a venue is."""

    PREPARING = "preparing", _("筹备中")
    OPEN = "open", _("开放")
    PAUSED = "paused", _("暂停开放")
    CLOSED = "closed", _("已关闭")


class Level(TextChoices):
    """Of which step of the tree a station is."""

    NONE = "", _("不分层级")
    STREET = "street", _("街道级")
    GRID = "grid", _("网格级")
    BLOCK = "block", _("街区级")
    NEIGHBOURHOOD = "neighbourhood", _("居民区级")
    MICROGRID = "microgrid", _("微网格级")


class ItemKind(TextChoices):
    """What stands in a station's inventory."""

    ROOM = "room", _("功能室")
    EQUIPMENT = "equipment", _("设备")
    PARTNER = "partner", _("入驻单位")


class Meal(TextChoices):
    """A meal of a canteen's day."""

    BREAKFAST = "breakfast", _("早餐")
    LUNCH = "lunch", _("午餐")
    DINNER = "dinner", _("晚餐")


class Stage(TextChoices):
    """How far the building of charging facilities is."""

    PLANNED = "planned", _("选址")
    ASKED = "asked", _("征求意见")
    APPROVED = "approved", _("已立项")
    BUILDING = "building", _("施工中")
    ACCEPTED = "accepted", _("已验收")
    RUNNING = "running", _("已启用")
    DROPPED = "dropped", _("不再建设")


class Purpose(TextChoices):
    """What a poster's code opens."""

    REPORT = "report", _("反映这里的问题")
    VENUES = "venues", _("找附近的服务点")
    VENUE = "venue", _("看这个服务点")
    CHANNEL = "channel", _("关注公众号或其他渠道")


class Target(StrEnum):
    """What a poster hangs at."""

    AREA = "area"
    PLACE = "place"
    VENUE = "venue"


@dataclass(frozen=True, slots=True)
class VenueData:
    """What is entered of a venue; ids are rows', an empty ``code`` of kind is refused."""

    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    area_id: int | None = None
    district: str = ""
    level: str = ""
    hours: Mapping[str, Any] = field(default_factory=dict)
    keeper_id: int | None = None
    keeper_post_id: int | None = None
    phone: str = ""
    facilities: tuple[str, ...] = ()
    intro: str = ""
    partner: str = ""
    offers: str = ""
    plaque: str = ""
    state: str = State.OPEN.value
    valid_from: date | None = None
    valid_to: date | None = None
    review_on: date | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    schematic: bool = False


@dataclass(frozen=True, slots=True)
class KindData:
    """What is entered of a kind of venue; ``questions`` as JSON of the room `forms`, ``standard`` of its rules."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    icon: str = "map-pin"
    colour: str = "blue"
    order: int = 100
    public: bool = True
    reviewed: bool = False
    canteen: bool = False
    charging: bool = False
    active: bool = True
    questions: Mapping[str, Any] = field(default_factory=dict)
    standard: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ItemData:
    """One line of a station's inventory."""

    kind: str
    name: str
    count: int = 1
    unit_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of venues is narrowed by; empty values do not narrow."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    area_path: str = ""
    level: str = ""
    facility: str = ""
    district: str = ""
    public: bool | None = None
    review_due: date | None = None
    lacking: bool = False


@dataclass(frozen=True, slots=True)
class ChargingLine:
    """How one 小区 or 居民区 stands: ``gap`` is how many e-bikes have no socket, None where nobody counted."""

    name: str
    area_id: int | None
    place_id: int | None
    sockets: int
    cabinets: int
    bikes: int | None
    counted_on: date | None
    source: str
    gap: int | None


@dataclass(frozen=True, slots=True)
class ProjectData:
    """Charging facilities to be built, as they are entered; ``stage_on`` is the day of the stage."""

    name: str
    stage: str
    stage_on: date
    area_id: int | None
    sockets: int = 0
    planned_end: date | None = None
    note: str = ""
