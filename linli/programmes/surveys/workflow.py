"""How a survey runs, who asks, and by which ways answers come."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a survey stands."""

    DRAFT = "draft", _("筹备中")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")
    DROPPED = "dropped", _("已取消")


class Way(models.TextChoices):
    """How an answer came."""

    QR = "qr", _("扫码")
    TOKEN = "token", _("答题码")
    STREET = "street", _("街头访问")
    DOOR = "door", _("入户访问")


class Index(models.TextChoices):
    """What is measured: what residents know, feel, and think of it."""

    AWARENESS = "awareness", _("知晓率")
    FEELING = "feeling", _("感受度")
    SATISFACTION = "satisfaction", _("满意率")


OVERSEERS = frozenset({"shift_leader", "street_leader", "supervisor"})
KEEPERS = OVERSEERS | {"dispatcher", "unit_head", "neighbourhood_secretary"}
READERS = KEEPERS | {"grid_head", "community_worker", "unit_handler"}
