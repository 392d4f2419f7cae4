"""Values that cross the door of the room `mailbox`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Security(models.TextChoices):
    """How the way to the mail server is protected."""

    TLS = "tls", _("TLS（一般用 993 端口）")
    STARTTLS = "starttls", _("STARTTLS（一般用 143 端口）")
    NONE = "none", _("不加密（只限本机）")


class MailState(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting", _("正在处理")
    CASE = "case", _("已立案")
    ANSWER = "answer", _("已并入案件")
    ASIDE = "aside", _("待人工处理")
    IGNORED = "ignored", _("自动邮件，不处理")
    DISCARDED = "discarded", _("已舍弃")


class Reason(models.TextChoices):
    """Why a message makes no case by itself."""

    NONE = "", ""
    OWN = "own", _("本系统自己的地址")
    LOOP = "loop", _("转发次数过多，可能在循环")
    BOUNCE = "bounce", _("退信")
    AUTO_REPLY = "auto_reply", _("自动回复")
    BULK = "bulk", _("群发或邮件列表")
    SPAM = "spam", _("疑似垃圾邮件，或发件人身份核对不通过")
    OVERSIZED = "oversized", _("邮件太大，没有下载正文")
    UNREADABLE = "unreadable", _("内容无法读取")
    NO_SENDER = "no_sender", _("没有可用的发件地址")
    NOT_REPORTER = "not_reporter", _("回复了我们的邮件，但发件人不是反映人")
    NO_CODE = "no_code", _("主题中有案件编号，但识别码不对或没有")
    TOO_MANY = "too_many", _("同一地址短时间内来信过多")
    REFUSED = "refused", _("登记时有内容不符合要求")


@dataclass(frozen=True, slots=True)
class Part:
    """What is attached to a message, or shown within it."""

    name: str
    mime: str
    content: bytes
    inline: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as it was read.

    Attributes:
        message_id: with its angle brackets; empty where it has none.
        answers: the ``Message-ID`` of those that it answers, the nearest first.
        sender: the address in small letters; empty where there is none that could be answered.
        text: all of the text, nothing cut.
        headers: the first of each header that the rules look at, by small name.
        hops: how many servers it went through.
    """

    message_id: str = ""
    answers: tuple[str, ...] = ()
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    sent_at: datetime | None = None
    text: str = ""
    parts: tuple[Part, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    hops: int = 0


@dataclass(frozen=True, slots=True)
class MailboxData:
    """A mailbox as an administrator enters it.

    Attributes:
        address: what residents write to; answers of ours ask to be sent there.
        ca: certificates in PEM that are trusted beside the known ones, for a server with one of its own.
        password: empty keeps the one that is known.
        area_id: where a problem lies of which the mail does not say where.
        category: the code that cases begin with; empty: ``other``.
    """

    name: str
    address: str
    host: str
    port: int
    security: str
    user: str
    password: str = ""
    folder: str = "INBOX"
    ca: str = ""
    area_id: int | None = None
    category: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One step of trying a connection: what was tried, whether it went well, and what to know of it."""

    label: str
    ok: bool
    said: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of trying a mailbox: the steps up to the first that failed."""

    steps: tuple[Step, ...]

    @property
    def ok(self) -> bool:
        """Whether all went well."""
        return all(step.ok for step in self.steps)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look into a mailbox brought."""

    taken: int = 0
    seen_before: int = 0
    more: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of this room on a day (rules ``mailbox.*``)."""

    most_megabytes: int
    most_at_once: int
    first_days: int
    raw_days: int
    row_days: int
    sender_hour: int
    ornament_kilobytes: int
    failures_before_notice: int


@dataclass(frozen=True, slots=True)
class MailFilters:
    """What a list of messages is narrowed to; empty narrows nothing."""

    text: str = ""
    reason: str = ""
    state: str = ""
