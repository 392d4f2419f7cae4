"""Values that cross the door of the room `alerts`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _


class Hazard(models.TextChoices):
    """Of what a warning warns."""

    RAIN = "rain", _("暴雨")
    TYPHOON = "typhoon", _("台风")
    WIND = "wind", _("大风")
    THUNDER = "thunder", _("雷电")
    HAIL = "hail", _("冰雹")
    FLOOD = "flood", _("洪水")
    WATERLOGGING = "waterlogging", _("内涝积水")
    TIDE = "tide", _("高潮位")
    HEAT = "heat", _("高温")
    COLD = "cold", _("寒潮")
    ICE = "ice", _("结冰")
    SNOW = "snow", _("暴雪")
    FOG = "fog", _("大雾")
    HAZE = "haze", _("霾")
    DUST = "dust", _("沙尘")
    OTHER = "other", _("其他")


class Colour(models.TextChoices):
    """How grave it is: the four colours of the State, the gravest last."""

    BLUE = "blue", _("蓝色")
    YELLOW = "yellow", _("黄色")
    ORANGE = "orange", _("橙色")
    RED = "red", _("红色")


class MessageKind(models.TextChoices):
    """What a message does to a warning."""

    ALERT = "alert", _("发布")
    UPDATE = "update", _("变更")
    CANCEL = "cancel", _("解除")


class Via(models.TextChoices):
    """Which way a message came."""

    CAP = "cap", _("城市平台（CAP）")
    API = "api", _("城市平台（接口）")
    HAND = "hand", _("人工录入")


class AlertState(models.TextChoices):
    """How a warning stands at a moment."""

    COMING = "coming", _("未到时间")
    IN_FORCE = "in_force", _("生效中")
    ENDED = "ended", _("已到期")
    LIFTED = "lifted", _("已解除")


class Outcome(StrEnum):
    """What became of a message."""

    TAKEN = "taken"
    CHANGED = "changed"
    LIFTED = "lifted"
    OLDER = "older"
    WAITING = "waiting"
    REPEATED = "repeated"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Reference:
    """The message that another one follows: who sent it, under which identifier."""

    sender: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message about a warning, as CAP 1.2 has it.

    Attributes:
        sender, identifier: its name; sent again it is known.
        references: the messages that it updates or cancels.
        hazard, colour: empty only where it cancels.
        area_codes: of areas; those that are none of ours count for nothing, without any the whole subdistrict is meant.
        ends_at: until when; None: as long as the rulebook says.
        exercise: a drill: shown as such, told as such.
    """

    sender: str
    identifier: str
    sent_at: datetime
    kind: MessageKind
    hazard: str = ""
    colour: str = ""
    headline: str = ""
    text: str = ""
    instruction: str = ""
    issuer: str = ""
    area_text: str = ""
    area_codes: tuple[str, ...] = ()
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    references: tuple[Reference, ...] = ()
    exercise: bool = False
    via: Via = Via.API


@dataclass(frozen=True, slots=True)
class Entered:
    """A warning as somebody enters it who heard of it by telephone."""

    hazard: str
    colour: str
    headline: str
    begins_at: datetime
    ends_at: datetime
    text: str = ""
    instruction: str = ""
    issuer: str = ""
    area_text: str = ""
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message, and the warning that it is part of; None where that is not known yet."""

    outcome: Outcome
    alert: UUID | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """To what the list is narrowed; empty narrows nothing."""

    text: str = ""
    hazard: str = ""
    colour: str = ""
    state: str = ""
