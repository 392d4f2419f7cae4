"""Values that accounts hands to other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from linli.foundation.accounts.models import AppPassword, User


class TokenScope(models.TextChoices):
    """What a program may do with a token, besides what the one in whose name it acts may do."""

    CASES_READ = "cases:read", _("查看案件")
    CASES_WRITE = "cases:write", _("办理案件")
    INTAKE_WRITE = "intake:write", _("登记诉求")
    FILES_READ = "files:read", _("下载附件")
    FILES_WRITE = "files:write", _("上传附件")
    CONSULTATIONS_READ = "consultations:read", _("查看协商")
    PLACES_READ = "places:read", _("查看区域、单位和场所")
    RULES_READ = "rules:read", _("查看分类和规则")
    FIGURES_READ = "figures:read", _("查看统计指标")
    JOURNAL_READ = "journal:read", _("查看操作日志")
    OPEN311 = "open311", _("Open311 接口")
    SIGNALS_WRITE = "signals:write", _("报送感知设备信号")
    ALERTS_READ = "alerts:read", _("查看预警")
    ALERTS_WRITE = "alerts:write", _("报送预警")
    ALERTS_NOTE = "alerts:note", _("确认收到预警")
    LEDGERS_READ = "ledgers:read", _("查看台账")
    LEDGERS_WRITE = "ledgers:write", _("更新台账")


# Where a session keeps the id of its user.
USER_KEY = "_user"


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """One open session, without the key that would let others in."""

    handle: str
    address: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    current: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """A first password, to be printed once; it is kept nowhere."""

    username: str
    display_name: str
    password: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor on offer: the secret and its otpauth address, for a QR code."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class LetIn:
    """A program that gave a right token: in whose name it acts, and how much of its rate is used."""

    user: User
    token: AppPassword
    used: int
    per_minute: int
    resets_at: datetime

    @property
    def remaining(self) -> int:
        """How many requests are left until :attr:`resets_at`."""
        return max(0, self.per_minute - self.used)


@dataclass(frozen=True, slots=True)
class Begun:
    """A request with a key of its own: new where :attr:`status` is 0, else with what it was answered before."""

    id: int
    status: int = 0
    body: str = ""
