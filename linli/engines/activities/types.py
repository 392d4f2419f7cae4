"""Values that cross the door of the room `activities`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.engines.activities.rules.dates import Move

# Meetings that are consultations of the loop: at the grid, at the Party working committee.
GRID_COORDINATION, COMMITTEE_COORDINATION = "grid_coordination", "committee_coordination"
COORDINATING = frozenset({GRID_COORDINATION, COMMITTEE_COORDINATION})


class Doing(models.TextChoices):
    """What an item of the agenda is."""

    ITEM = "item", _("议题")
    REVIEW = "review", _("上次任务落实情况")
    SPEECH = "speech", _("交流发言")
    STANDING = "standing", _("常设专题")
    TOPIC = "topic", _("难题跟进")
    CASE = "case", _("综合问题")


class Outcome(models.TextChoices):
    """What was decided: something to know, something settled, something to do."""

    INFORMATION = "information", _("知晓")
    DECISION = "decision", _("决定")
    TASK = "task", _("任务")


class Reply(models.TextChoices):
    """What who is invited said."""

    WAITING = "waiting", _("未回复")
    ATTEND = "attend", _("参加")
    SEND = "send", _("派人参加")
    DECLINE = "decline", _("请假")


class Way(models.TextChoices):
    """How somebody was signed in."""

    PAPER = "paper", _("纸质签到")
    QR = "qr", _("扫码签到")


class MinutesForm(models.TextChoices):
    """How the minutes are put out: with what was said on each item, or what was concluded alone."""

    RECORD = "record", _("会议记录")
    SUMMARY = "summary", _("会议纪要")


class RemarkKind(models.TextChoices):
    """A comment on minutes sent for correction, or a note added after they were sealed."""

    COMMENT = "comment", _("修改意见")
    NOTE = "note", _("更正说明")


class MotionKind(models.TextChoices):
    """What deputies send to the outside platform."""

    BILL = "bill", _("议案")
    SUGGESTION = "suggestion", _("代表建议")


class MotionState(models.TextChoices):
    """Where a motion stands outside."""

    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("已提交")
    REPLIED = "replied", _("已答复")
    ENDED = "ended", _("已办结")


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """An item as it is planned: what, how long, who brings it."""

    title: str
    kind: str = Doing.ITEM.value
    minutes: int = 10
    presenter: str = ""
    presenter_unit_id: int | None = None
    standing: str = ""
    topic_id: int | None = None
    subject_kind: str = ""
    subject_uuid: Any = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of meeting.

    Attributes:
        groups: post groups (:data:`linli.foundation.people.types.POST_GROUPS`) invited as a rule.
        unit_kinds: kinds of units invited as a rule, one attendee for each.
        agenda: the items it begins with.
        standing: the standing topics that it offers.
        convener: who convenes, in words.
        branches: whether it has branch venues.
        level: of a consultation (会商), the level of the cases it is about; empty for all others.
        research: whether participants are counted by role and motions may follow (代表调研).
        series: whether it is held again and again.
        minutes: how many minutes it takes as a rule.
        form: how its minutes are put out, a value of :class:`MinutesForm`.
        sections: the headings with which the summary of the minutes begins.
        version: how often it was changed here; 0 as it is shipped.
    """

    code: str
    name: str
    order: int = 0
    groups: tuple[str, ...] = ()
    unit_kinds: tuple[str, ...] = ()
    agenda: tuple[PlannedItem, ...] = ()
    standing: tuple[str, ...] = ()
    convener: str = ""
    guests: tuple[str, ...] = ()
    branches: bool = False
    level: str = ""
    research: bool = False
    series: bool = False
    themed: bool = False
    source: str = ""
    minutes: int = 120
    form: str = MinutesForm.RECORD.value
    sections: tuple[str, ...] = ()
    active: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True)
class KindData:
    """What the console says of a kind; what the programme alone decides of a shipped one stays as it is."""

    name: str
    convener: str
    agenda: tuple[PlannedItem, ...] = ()
    groups: tuple[str, ...] = ()
    unit_kinds: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    minutes: int = 120
    form: str = MinutesForm.RECORD.value
    sections: tuple[str, ...] = ()
    order: int = 500
    series: bool = False
    branches: bool = False
    themed: bool = False


@dataclass(frozen=True, slots=True)
class KindUse:
    """A kind with how many meetings were held of it and how many series in force hold it."""

    kind: Kind
    meetings: int
    series: int
    shipped: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing topic (常设专题) and what is counted of it for each 居民区."""

    code: str
    title: str
    measure: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class NewVenue:
    """A place of a meeting; the first is the main one. ``video``: the number of the video meeting."""

    name: str
    video: str = ""


@dataclass(frozen=True, slots=True)
class Guest:
    """Participants without a login, by role and number: 人大代表, 6."""

    title: str
    heads: int = 1


@dataclass(frozen=True, slots=True)
class HeldFor:
    """The body for which a meeting is held, which a room above knows by its kind: a special committee, say."""

    kind: str
    uuid: UUID
    label: str


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """A meeting as it is planned."""

    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    unit_id: int
    venues: tuple[NewVenue, ...] = ()
    theme: str = ""
    chair: str = ""
    secretary_id: int | None = None
    area_id: int | None = None
    groups: tuple[str, ...] = ()
    area_ids: tuple[int, ...] = ()
    unit_ids: tuple[int, ...] = ()
    guests: tuple[Guest, ...] = ()
    agenda: tuple[PlannedItem, ...] | None = None
    standing: tuple[str, ...] = ()
    series_id: int | None = None
    occurrence: date | None = None
    held_for: HeldFor | None = None


@dataclass(frozen=True, slots=True)
class NewSeries:
    """A series as it is entered: each month on ``day``, moved off a day that is not worked as ``move`` says."""

    kind: str
    title: str
    unit_id: int
    day: int
    starts: time
    minutes: int
    place: str
    first_on: date
    move: Move = Move.NEXT
    every_months: int = 1
    chair: str = ""
    secretary_id: int | None = None
    area_id: int | None = None
    groups: tuple[str, ...] = ()
    area_ids: tuple[int, ...] = ()
    unit_ids: tuple[int, ...] = ()
    standing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task that a decision gives: which unit, by when; to a 居民区 under which entry, or why outside the list."""

    unit_id: int
    due_on: date
    user_id: int | None = None
    admission_id: int | None = None
    outside_reason: str = ""


@dataclass(frozen=True, slots=True)
class NewTopic:
    """A topic as it is raised (识题)."""

    title: str
    text: str = ""
    difficulty: bool = False
    area_id: int | None = None
    series_id: int | None = None
    meeting_id: int | None = None
    files: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NewReading:
    """A standing topic's value for a 居民区 in a month."""

    standing: str
    unit_id: int
    month: date
    value: Decimal | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewMotion:
    """A motion or suggestion of deputies."""

    title: str
    kind: str
    text: str
    proposers: str = ""
    meeting_id: int | None = None
    topic_id: int | None = None
