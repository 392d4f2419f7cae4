"""Values that cross the door of the case room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.rules.proof import EvidenceRule
from linli.engines.cases.workflow import Level
from linli.foundation.core.coordinates import Point


class Source(models.TextChoices):
    """Where a problem came from."""

    RESIDENT = "resident", _("居民自报")
    WALK_IN = "walk_in", _("窗口来访")
    PHONE = "phone", _("电话")
    PATROL = "patrol", _("网格巡查")
    NEIGHBOURHOOD = "neighbourhood", _("居民区采集")
    HOTLINE = "hotline", _("12345 热线")
    MESSAGE = "message", _("网络留言")
    GUIDANCE = "guidance", _("吹哨报到")
    INSPECTION = "inspection", _("督查发现")
    VIDEO = "video", _("视频上报")
    SENSOR = "sensor", _("感知设备")
    LETTER = "letter", _("来信")
    INTERNAL = "internal", _("内部发起")
    OPEN311 = "open311", _("开放接口")
    EMAIL = "email", _("电子邮件")


class Kind(models.TextChoices):
    """A problem, a question that a neighbourhood asks a department upward (吹哨), or the cause of many problems."""

    PROBLEM = "problem", _("问题")
    GUIDANCE = "guidance", _("吹哨")
    ROOT_CAUSE = "root_cause", _("根因")


class FeedbackWay(models.TextChoices):
    """How a reporter wants the answer."""

    PHONE = "phone", _("电话")
    VISIT = "visit", _("上门")
    LETTER = "letter", _("书面")
    MESSAGE = "message", _("短信或站内消息")
    EMAIL = "email", _("电子邮件")
    NONE = "none", _("不需要")


class FilePurpose(models.TextChoices):
    """What a picture or paper shows."""

    REPORT = "report", _("反映")
    BEFORE = "before", _("处置前")
    AFTER = "after", _("处置后")
    CHECK = "check", _("核查")
    PAPER = "paper", _("文书")
    VOICE = "voice", _("语音")


class NoteKind(models.TextChoices):
    """What a note records beside a remark."""

    REMARK = "", _("备注")
    LEGAL_EDUCATION = "legal_education", _("普法记录")
    HANDED_OVER = "handed_over", _("移交记录")
    JOINT = "joint", _("联合处置记录")
    FROM_REPORTER = "from_reporter", _("反映人补充")


class PraiseKind(models.TextChoices):
    """In which form thanks came."""

    BANNER = "banner", _("锦旗")
    LETTER = "letter", _("表扬信")
    SPOKEN = "spoken", _("口头表扬")


class CallBackState(models.TextChoices):
    """Where a call-back stands."""

    WAITING = "waiting", _("待回访")
    DONE = "done", _("已回访")
    GIVEN_UP = "given_up", _("未能回访")


class Solved(models.TextChoices):
    """What somebody who was called back says of the problem."""

    YES = "yes", _("已解决")
    PARTLY = "partly", _("部分解决")
    NO = "no", _("没有解决")


class RequestKind(models.TextChoices):
    """What a unit asks for."""

    EXTENSION = "extension", _("延期")
    SHELVING = "shelving", _("挂账")
    RAISE = "raise", _("升级")


class Decision(models.TextChoices):
    """What was decided."""

    PENDING = "", ""
    GRANTED = "granted", _("同意")
    REFUSED = "refused", _("不同意")
    LAPSED = "lapsed", _("已失效")


@dataclass(frozen=True, slots=True)
class CategorySpec:
    """What a category says, as one version keeps it.

    Attributes:
        code, name, resident_name: as on the category.
        words: residents' words for it, for finding it by typing.
        public_space: may appear on public lists and offer nearby repeats; default private.
        guarded: inside homes, families, disputes, reports on persons or units: fewer readers.
        verify: a supervisor verifies on the spot before dispatch.
        urgent: urgent from the start.
        level: level that it begins on.
        questions: question set in the JSON of the forms room, empty for none.
        evidence: pictures asked for before a result is handed in, and why.
        unit_kinds: typical main and helping units, for people; routing rules decide.
        law: legal text shown to whoever handles it; ``laws``: texts of the library (their uuids) shown with it.
        danger: advice shown at once (110, 119, 120, gas), empty for none; ``danger_en`` the same in English.
        relapse_days: within how many days the same place counts as 返潮; 0: the rulebook's.
    """

    code: str
    name: str
    resident_name: str
    words: tuple[str, ...] = ()
    public_space: bool = False
    guarded: bool = False
    verify: bool = False
    urgent: bool = False
    level: Level = Level.GENERAL
    questions: Mapping[str, Any] = field(default_factory=dict)
    evidence: EvidenceRule = field(default_factory=EvidenceRule)
    unit_kinds: tuple[str, ...] = ()
    law: str = ""
    laws: tuple[str, ...] = ()
    danger: str = ""
    danger_en: str = ""
    relapse_days: int = 0
    icon: str = "alert"

    def advice(self, language: str = "") -> str:
        """Return the advice in ``language`` (the one in force if none is given), in Chinese where there is no other."""
        wanted = language or get_language() or ""
        return self.danger_en if wanted.startswith("en") and self.danger_en else self.danger


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the person who raised a problem; all of it optional.

    Attributes:
        email: where they wrote from; ``mail_id`` the ``Message-ID`` of that mail, ``reply_to`` the mailbox it came to.
    """

    name: str = ""
    phone: str = ""
    email: str = ""
    mail_id: str = ""
    reply_to: str = ""
    way: FeedbackWay = FeedbackWay.NONE
    user_id: int | None = None
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class FileRef:
    """A stored file to attach: its row id, what it shows, a caption."""

    file_id: int
    purpose: FilePurpose
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A problem as it comes in, from whichever face.

    Attributes:
        category: code of the category; empty: ``other``.
        text: what the problem is, in the person's words (1 to 5,000 characters).
        address: where, in words; point: where, in WGS-84.
        uuid: made on the phone, for idempotent resending; None: made here.
        external_number: the number at the 12345 hotline; reports with one seen before are refused.
        code: a tracking code drawn beforehand, so that a second click is answered with the same; empty: drawn here.
        origin: what an import knows of where it came from (its own key, when it was written); kept in the first event.
    """

    text: str
    category: str = ""
    title: str = ""
    address: str = ""
    point: Point | None = None
    coordinate_source: str = ""
    area_id: int | None = None
    source: Source = Source.RESIDENT
    answers: Mapping[str, Any] = field(default_factory=dict)
    contact: Contact = field(default_factory=Contact)
    files: Sequence[FileRef] = ()
    urgent: bool | None = None
    confidential: bool = False
    subject_unit_id: int | None = None
    external_number: str | None = None
    external_due: datetime | None = None
    uuid: UUID | None = None
    kind: Kind = Kind.PROBLEM
    asking_unit_id: int | None = None
    level: Level | None = None
    code: str = ""
    origin: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What whoever reported gets back: the case, its number, and the code to follow it by."""

    case_id: int
    uuid: UUID
    number: str
    tracking_code: str
    danger: str = ""
    seen_before: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A verb on a case for one viewer: whether it may be pressed and, if not, why."""

    verb: str
    label: str
    allowed: bool
    why: str = ""
    drastic: bool = False


@dataclass(frozen=True, slots=True)
class NewPraise:
    """Thanks to enter into the register.

    Attributes:
        words: what is written on it, or what was said (at most 500 characters).
        unit_id: the unit that is thanked; ``post`` one of its posts, by title and never by name.
        giver: who gave it, as they want to be called; kept encrypted. ``consent``: the name may be shown in public.
        case: for which case, if for one; it comes from the door.
        public: whether everybody may see the entry.
    """

    kind: str
    given_on: date
    words: str
    unit_id: int
    post: str = ""
    giver: str = ""
    consent: bool = False
    case: Any = None
    picture_id: int | None = None
    public: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One act on a case as those read it who count: when, which verb, what was noted, what it changed."""

    seq: int
    verb: str
    at: datetime
    data: Mapping[str, Any]
    changes: Mapping[str, Any]
