"""Values that cross the door of the room `signals`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.foundation.core.coordinates import Point


class DeviceKind(models.TextChoices):
    """What a device is."""

    CAMERA = "camera", _("摄像头")
    COUNTER = "counter", _("客流计数器")
    WATER = "water", _("水位计")
    SMOKE = "smoke", _("烟感")
    GAS = "gas", _("燃气探测器")
    COVER = "cover", _("井盖传感器")
    BIN = "bin", _("垃圾满溢传感器")
    NOISE = "noise", _("噪声监测")
    OTHER = "other", _("其他感知设备")


class SignalKind(models.TextChoices):
    """What a device says that it saw: things and places, never who."""

    STALL = "stall", _("占道经营")
    BIKES = "bikes", _("非机动车乱停")
    CARS = "cars", _("机动车占道")
    GARBAGE = "garbage", _("垃圾满溢")
    DUMPING = "dumping", _("道路堆物")
    CORRIDOR = "corridor", _("消防通道占用")
    BIKE_IN_LIFT = "bike_in_lift", _("电动车进电梯")
    WATER = "water", _("积水")
    COVER = "cover", _("井盖异常")
    SMOKE = "smoke", _("烟雾报警")
    GAS = "gas", _("燃气报警")
    FALLING = "falling", _("高空抛物")
    LIFT = "lift", _("电梯异常")
    LAMP = "lamp", _("路灯不亮")
    NOISE = "noise", _("噪声超标")
    CROWD = "crowd", _("人流过密")
    OTHER = "other", _("其他异常")


# The category that a person is offered first; what is not named becomes ``other``.
CATEGORIES: dict[str, str] = {
    "stall": "cross_door", "bikes": "bike_parking", "cars": "car_parking", "garbage": "garbage",
    "dumping": "dumping", "corridor": "fire_exit", "bike_in_lift": "flying_wires", "water": "sewage",
    "cover": "well_cover", "smoke": "fire_exit", "gas": "gas", "falling": "falling_objects", "lift": "lift",
    "lamp": "street_lamp", "noise": "noise",
}  # fmt: skip


class DraftState(models.TextChoices):
    """Where a draft stands."""

    WAITING = "waiting", _("待判断")
    ACCEPTED = "accepted", _("已立案")
    REJECTED = "rejected", _("不立案")


class Outcome(StrEnum):
    """What became of an event."""

    DRAFTED = "drafted"
    FOLDED = "folded"
    REPEATED = "repeated"
    SHED = "shed"


@dataclass(frozen=True, slots=True)
class DeviceData:
    """A device as the ledger keeps it.

    Attributes:
        number: its number in the ledger, by which it names itself.
        place: where it is, in words; ``point`` in WGS-84.
        unit_id: who owns it and looks after it; its people are told when it falls silent.
        program_id: the connected program that may send for it; without one nothing is taken.
        notice_on: since when a notice sign hangs beside it.
        retention_days: how long what it recorded is kept, here and where it records.
    """

    number: str
    kind: str
    place: str
    purpose: str
    unit_id: int | None
    retention_days: int
    program_id: int | None = None
    venue_id: int | None = None
    area_id: int | None = None
    point: Point | None = None
    notice_on: date | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Signal:
    """One event as a device sends it; nothing in it says who was there.

    Attributes:
        id: its own name at the device: sent again it is known.
        value, unit: what was measured, if anything.
    """

    id: str
    kind: str
    at: datetime
    value: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of this room on a day (rules ``signals.*``)."""

    fold_minutes: int
    silent_minutes: int
    flood_per_minute: int
    flood_calm_minutes: int
    late_hours: int
    longest_retention: int


@dataclass(frozen=True, slots=True)
class DeviceFilters:
    """What the ledger is narrowed to; empty narrows nothing. ``state``: silent, flooding, unsigned, ended."""

    text: str = ""
    kind: str = ""
    state: str = ""
