"""Values that cross the door of the project room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.foundation.core.coordinates import Point

NEIGHBOURHOOD = "neighbourhood_committee"  # the kind of unit that the list of what may be asked protects


class TaskState(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", _("待完成")
    DONE = "done", _("已完成")
    DROPPED = "dropped", _("已取消")
    REFUSED = "refused", _("已退回")


class Standing(models.TextChoices):
    """Where exactly a task stands; :data:`~linli.engines.projects.workflow.STANDINGS` says what each means."""

    GIVEN = "given", _("待签收")
    SIGNED = "signed", _("已签收")
    WORKING = "working", _("办理中")
    HANDED_IN = "handed_in", _("待验收")
    DONE = "done", _("已完成")
    DROPPED = "dropped", _("已取消")
    REFUSED = "refused", _("已退回")


class Priority(models.IntegerChoices):
    """How a task stands before others."""

    NORMAL = 0, _("一般")
    IMPORTANT = 1, _("重要")
    URGENT = 2, _("紧急")


class TaskLevel(models.IntegerChoices):
    """Who has been told that a task is far overdue: the tiers of the loop."""

    UNIT = 0, _("承办单位")
    GRID = 1, _("综合网格")
    STREET = 2, _("街道党工委")


class Strand(models.TextChoices):
    """The three strands (三化) by which the year is told."""

    PROJECT = "project", _("项目化推进")
    REFINED = "refined", _("精细化提升")
    PLURAL = "plural", _("多元化参与")


class TagKind(models.TextChoices):
    """What a tag on a task is."""

    STRAND = "strand", _("三化")
    TOPIC = "topic", _("专题")


class Granted(models.TextChoices):
    """What became of what was asked for."""

    PENDING = "", _("待定")
    GRANTED = "granted", _("同意")
    REFUSED = "refused", _("不同意")


class Every(models.TextChoices):
    """How often a recurring task comes."""

    WEEK = "week", _("每周")
    MONTH = "month", _("每月")
    QUARTER = "quarter", _("每季度")


class Asked(models.TextChoices):
    """What is sent to a unit: something to do, or a form to fill in."""

    TASK = "task", _("任务")
    FORM = "form", _("表单")


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to give: what, which unit or person owns it, by which day, and where it came from.

    Attributes:
        admission_id: of a task for a 居民区, the entry of the list that it falls under.
        outside_reason: why it is asked although no entry covers it.
        detail: what exactly is asked.
        helper_ids: units that help.
        giver_id: the user who asked, ``by`` himself if not given.
        sender_unit_id: the unit that asked, where the system gives the task in its name.
        weight: its share of the whole beside its siblings.
        evidence: which evidence is wanted; ``evidence_files`` how many files at least.
        parent_id: the task that it is a part of.
        list_id: the named list that it stands in, at place ``number``.
        body_id: the leading group that it belongs to.
        topics, strands: tags for reports.
        needs_acceptance: done only when who asked has accepted it.
        series_id: the recurring task that made it, for the day ``series_on``.
    """

    title: str
    unit_id: int
    due_on: date
    source_kind: str = ""
    source_uuid: UUID | None = None
    source_label: str = ""
    user_id: int | None = None
    what: Asked = Asked.TASK
    admission_id: int | None = None
    outside_reason: str = ""
    detail: str = ""
    helper_ids: tuple[int, ...] = ()
    giver_id: int | None = None
    sender_unit_id: int | None = None
    weight: int = 1
    evidence: str = ""
    evidence_files: int = 0
    parent_id: int | None = None
    list_id: int | None = None
    number: int = 0
    body_id: int | None = None
    topics: tuple[str, ...] = ()
    strands: tuple[Strand, ...] = ()
    priority: Priority = Priority.NORMAL
    needs_acceptance: bool = False
    series_id: int | None = None
    series_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewTaskList:
    """A named list of tasks (任务清单): whose it is and where it came from."""

    title: str
    unit_id: int
    body_id: int | None = None
    note: str = ""
    source_kind: str = ""
    source_uuid: UUID | None = None
    source_label: str = ""


@dataclass(frozen=True, slots=True)
class NewSeries:
    """A task that comes again and again.

    Attributes:
        task: what each of them is; its ``due_on`` and source are not looked at.
        every: week, month or quarter.
        day: of a week 1 (Monday) to 7; of a month, or of the quarter's first month, 1 to 31 (the last day at most).
        lead_days: how many days before its due day each is given.
        ends_on, times: after which day, or after how many, no more come.
        working_only: a day on which nobody works brings none.
    """

    task: NewTask
    every: Every
    day: int
    starts_on: date
    ends_on: date | None = None
    times: int | None = None
    lead_days: int = 7
    working_only: bool = False


@dataclass(frozen=True, slots=True)
class FileRef:
    """A stored file that is attached to an act as evidence."""

    file_id: int
    caption: str = ""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry of the list of what may be asked of a 居民区, in force from a day to a day (both included)."""

    title: str
    source: str
    valid_from: date
    valid_to: date | None = None
    note: str = ""


# What follows is of projects.


class ProjectState(models.TextChoices):
    """Where a project stands."""

    DRAFT = "draft", _("草拟")
    APPROVED = "approved", _("已批准")
    RUNNING = "running", _("推进中")
    FINISHED = "finished", _("已完工")
    ACCEPTED = "accepted", _("已验收")
    CLOSED = "closed", _("已办结")
    STOPPED = "stopped", _("已停止")


class Light(models.TextChoices):
    """How a project or a node stands against its dates, by rule."""

    WAITING = "waiting", _("未开始")
    GREEN = "green", _("绿灯")
    YELLOW = "yellow", _("黄灯")
    RED = "red", _("红灯")
    DONE = "done", _("已完成")


class NodeKind(models.TextChoices):
    """What a line of a plan is: a stage holds others, a milestone takes no time, work does."""

    STAGE = "stage", _("阶段")
    WORK = "work", _("工作")
    MILESTONE = "milestone", _("里程碑")


class LinkKind(models.TextChoices):
    """What one node waits for in another."""

    FS = "FS", _("完成后才能开始")
    SS = "SS", _("开始后才能开始")
    FF = "FF", _("完成后才能完成")
    SF = "SF", _("开始后才能完成")


class PhotoMoment(models.TextChoices):
    """Whether a picture shows the place before or after the work."""

    BEFORE = "before", _("改造前")
    DURING = "during", _("施工中")
    AFTER = "after", _("改造后")


class BlockerState(models.TextChoices):
    """Where a blocker stands."""

    OPEN = "open", _("未解决")
    LIFTED = "lifted", _("已解决")


class BlockerLevel(models.TextChoices):
    """Who must deal with a blocker: the levels of the case loop, by the same codes."""

    GENERAL = "general", _("一般问题")
    COMPREHENSIVE = "comprehensive", _("综合问题")
    DIFFICULT = "difficult", _("困难问题")


class ListKind(models.TextChoices):
    """What sort of yearly list a project stands on."""

    TOP_TEN = "top_ten", _("年度十大重点项目")
    DEEDS = "deeds", _("年度实事项目")
    OTHER = "other", _("其他清单")


class Moved(models.TextChoices):
    """How a project goes on, as who asked for it is told."""

    STARTED = "started", _("项目已开工。")
    STAGE = "stage", _("进入“%(stage)s”阶段。")
    BLOCKED = "blocked", _("项目遇到困难，正在协调解决。")
    UNBLOCKED = "unblocked", _("困难已经解决，项目继续推进。")
    FINISHED = "finished", _("项目已完工。")
    ASKED = "asked", _("请您评价这个项目，截止 %(until)s。")

    def words(self, values: Mapping[str, str]) -> str:
        """Return it in words, in the language of the moment."""
        return str(self.label) % values


class AskKind(models.TextChoices):
    """What residents are asked: a question on the way, or how satisfied they are at the end."""

    QUESTION = "question", _("征求意见")
    SATISFACTION = "satisfaction", _("满意度")


@dataclass(frozen=True, slots=True)
class ProjectData:
    """What is entered of a project; money in cents (分), days as dates.

    Attributes:
        class_code: code of its class (美丽家园 …).
        area_id: the area that it lies in; None for the whole subdistrict.
        place_id: the building, estate or venue; ``point`` where it lies, if that says it better.
        user_id: who answers for it, one of its unit.
        source_kind, source_uuid, source_label: who or what asked for it.
        list_id: the yearly list that it stands on, ``list_order`` its place on it.
        public: whether everybody may see it; ``public_money`` whether its money too.
    """

    name: str
    class_code: str
    unit_id: int
    deadline: date
    goal: str = ""
    area_id: int | None = None
    place_id: int | None = None
    point: Point | None = None
    where: str = ""
    user_id: int | None = None
    partners: str = ""
    planned_cents: int = 0
    source_kind: str = ""
    source_uuid: UUID | None = None
    source_label: str = ""
    list_id: int | None = None
    list_order: int = 0
    strands: tuple[str, ...] = ()
    public: bool = False
    public_money: bool = False
    public_text: str = ""


@dataclass(frozen=True, slots=True)
class NodeData:
    """What is entered of one line of a plan.

    Attributes:
        duration: working days; 0 for a milestone.
        parent_id: the stage that it belongs to.
        outdoor: whether rain stops it.
        weight: how much it counts in the progress of the whole.
        earliest, latest: fixed days before or after which it must not lie.
        waits: ``(node id, kind, lag in working days)`` for each node that it waits for.
        teams: ``(team id, units)`` that it needs while it runs.
    """

    title: str
    kind: NodeKind = NodeKind.WORK
    duration: int = 1
    parent_id: int | None = None
    unit_id: int | None = None
    user_id: int | None = None
    outdoor: bool = False
    weight: int = 1
    earliest: date | None = None
    latest: date | None = None
    waits: tuple[tuple[int, str, int], ...] = ()
    teams: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class BlockerData:
    """What is entered of a blocker.

    Attributes:
        party: the third party that it hangs on (燃气公司), empty where there is none.
        next_step, next_on: what is done next and by which day.
        linked_kind, linked_uuid, linked_label: the case or meeting that deals with it.
    """

    cause: str
    party: str = ""
    node_id: int | None = None
    next_step: str = ""
    next_on: date | None = None
    linked_kind: str = ""
    linked_uuid: UUID | None = None
    linked_label: str = ""
