"""Values of webhooks."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Algorithm(models.TextChoices):
    """What a delivery is signed with."""

    SHA256 = "sha256", _("HMAC-SHA256")
    SM3 = "sm3", _("HMAC-SM3（国密）")


class HookState(models.TextChoices):
    """Whether a subscription is told."""

    ACTIVE = "active", _("启用")
    PAUSED = "paused", _("已暂停")
    CLOSED = "closed", _("已停用")


class DeliveryState(models.TextChoices):
    """What became of one delivery."""

    WAITING = "waiting", _("等待发送")
    DONE = "done", _("已送达")
    FAILED = "failed", _("未送达")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered: the status, or what went wrong before there was one."""

    status: int = 0
    error: str = ""

    @property
    def arrived(self) -> bool:
        """Whether it was taken."""
        return 200 <= self.status < 300
