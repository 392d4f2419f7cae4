"""Values that cross the door of the room `civility`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

KIND = "point"
"""The ledger in which the points stand."""
ADS = "public_ad"
"""The ledger of public advertising."""
TRIAL = "civility_trial"
"""The ``source_kind`` of rounds that a trial opened."""
TODO = "civility"
"""The ``source_kind`` of tasks that an entry of the lists gave."""


class EditionState(models.TextChoices):
    """Where an edition of the library stands."""

    DRAFT = "draft", _("编制中")
    PUBLISHED = "published", _("使用中")
    RETIRED = "retired", _("已停用")


class Way(models.TextChoices):
    """How a standard is looked at (采集方式)."""

    FIELD = "field", _("实地考察")
    SURVEY = "survey", _("问卷调查")
    PAPERS = "papers", _("材料审核")
    DAILY = "daily", _("日常工作")


class Purpose(models.TextChoices):
    """What a trial is for."""

    SELF_CHECK = "self_check", _("自查")
    MOCK = "mock", _("模拟测评")
    SUPERVISION = "supervision", _("督查")


class Level(models.TextChoices):
    """Who supervises (多层次、广覆盖的监督网络)."""

    STREET = "street", _("街道督查")
    LINE = "line", _("条线督查")
    NEIGHBOURHOOD = "neighbourhood", _("居民区督查")
    VOLUNTEER = "volunteer", _("志愿者巡访")


class TrialState(models.TextChoices):
    """Where a trial stands."""

    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已办结")
    DROPPED = "dropped", _("已取消")


class Listed(models.TextChoices):
    """Which list an entry stands in (加减乘法)."""

    ADD = "add", _("加法")
    TAKE = "take", _("减法")
    TIMES = "times", _("乘法")
    WEEK = "week", _("周行动")


class Work(models.TextChoices):
    """What is to be done: of the list of additions repair, fill, add, change; of the others what it is about."""

    REPAIR = "repair", _("要修")
    FILL = "fill", _("要补")
    ADD = "add", _("要加")
    CHANGE = "change", _("要改")
    CARS = "cars", _("僵尸车清理")
    GREEN = "green", _("绿化带垃圾清除")
    POSTERS = "posters", _("乱张贴、乱拉横幅")
    PETS = "pets", _("文明养宠")
    CORRIDORS = "corridors", _("文明楼道")
    POSTS = "posts", _("交通文明岗")
    OTHER = "other", _("其他")


OF_LIST: Mapping[str, tuple[Work, ...]] = {
    Listed.ADD: (Work.REPAIR, Work.FILL, Work.ADD, Work.CHANGE),
    Listed.TAKE: (Work.CARS, Work.GREEN, Work.POSTERS, Work.OTHER),
    Listed.TIMES: (Work.PETS, Work.CORRIDORS, Work.POSTS, Work.OTHER),
    Listed.WEEK: tuple(w for w in Work if w not in (Work.CARS, Work.PETS)),
}


class TodoState(models.TextChoices):
    """Where an entry of the lists stands."""

    OPEN = "open", _("进行中")
    DONE = "done", _("已完成")
    DROPPED = "dropped", _("已取消")


class Drive(models.TextChoices):
    """The standing campaigns (五大行动) and others."""

    SURROUNDINGS = "surroundings", _("城区环境提升")
    LANES = "lanes", _("背街小巷整治")
    COMPOUNDS = "compounds", _("小区环境提升")
    VOLUNTEERS = "volunteers", _("文明实践志愿服务")
    TRAFFIC = "traffic", _("交通秩序整治")
    CLEANING = "cleaning", _("大扫除、大清理")
    JOINT = "joint", _("居委物业联手整治")


class Theme(models.TextChoices):
    """The six themes of public advertising (公益宣传主题)."""

    VALUES = "values", _("社会主义核心价值观")
    SPIRIT = "spirit", _("城市精神")
    MANNERS = "manners", _("文明风尚")
    HONESTY = "honesty", _("诚信建设")
    MINORS = "minors", _("关心关爱未成年人")
    HEALTH = "health", _("文明健康")


class LogKind(models.TextChoices):
    """What the leading group's office did."""

    LOOK = "look", _("实地督查")
    MEETING = "meeting", _("会议部署")
    NOTICE = "notice", _("督办通知")
    TRAINING = "training", _("培训")
    OTHER = "other", _("其他")


class Role(models.TextChoices):
    """What a volunteer is (宣传员、巡访员、监督员)."""

    PUBLICIST = "publicist", _("宣传员")
    PATROLLER = "patroller", _("巡访员")
    OVERSEER = "overseer", _("监督员")


@dataclass(frozen=True, slots=True)
class StandardData:
    """One standard of the library as it is entered.

    Attributes:
        code: its name for programs, the same in every edition; empty: made from its place.
        text: the standard, in a line; ``guide`` its whole text, at hand while looking.
        point_type: code of the type at which it is looked at; empty: nowhere in the field.
        unit_id: who answers for it; None: whoever answers for the point.
        helper_ids: who helps.
        categories: codes of case categories that count for it; a failed item becomes a case of the first.
    """

    project: str
    content: str
    text: str
    code: str = ""
    guide: str = ""
    way: str = Way.FIELD
    point_type: str = ""
    unit_id: int | None = None
    helper_ids: tuple[int, ...] = ()
    full: Decimal = Decimal(1)
    weight: Decimal = Decimal(1)
    veto: bool = False
    photo: bool = False
    categories: tuple[str, ...] = ()
    order: int = 0


@dataclass(frozen=True, slots=True)
class TrialData:
    """A self-check, mock test or supervision as it is started.

    Attributes:
        types: codes of point types; each becomes a round of its own with its own list of items.
        seed: of the draw; empty: every point is looked at.
        wanted: points of each type; 0: so many as ``margin`` (points of a hundred, half the width) asks for.
        rhythm: as a round's; empty: once.
        level: of supervision, who supervises.
    """

    title: str
    purpose: str
    unit_id: int
    starts_on: date
    ends_on: date
    types: tuple[str, ...]
    area_id: int | None = None
    seed: str = ""
    wanted: int = 0
    margin: int = 0
    rhythm: Mapping[str, Any] = field(default_factory=dict)
    level: str = ""


@dataclass(frozen=True, slots=True)
class TodoData:
    """An entry of the lists as it is entered; ``rota`` says who is on duty when, a line each."""

    listed: str
    work: str
    title: str
    unit_id: int
    due_on: date
    text: str = ""
    area_id: int | None = None
    point: UUID | None = None
    week: date | None = None
    rota: str = ""
    task: bool = False


@dataclass(frozen=True, slots=True)
class DriveData:
    """A campaign as it is planned."""

    kind: str
    title: str
    unit_id: int
    starts_on: date
    ends_on: date
    plan: str = ""
    hours: str = ""
    area_id: int | None = None
    helper_ids: tuple[int, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DoneData:
    """One day's work of a campaign: who, how many, what amounts (what → number with its unit)."""

    on: date
    text: str
    headcount: int
    unit_ids: tuple[int, ...]
    hours: str = ""
    area_id: int | None = None
    amounts: str = ""
    before_id: int | None = None
    after_id: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What was counted of one standard under one key: of a unit, an area, or of all."""

    standard: str
    key: str
    observed: int
    perfect: int
    spared: int
    earned: Decimal
    full: Decimal
    vetoed: int


@dataclass(frozen=True, slots=True)
class Score:
    """Marks with what they are marks of (domain.md §4): 得分率 = Σ marks ÷ Σ full marks over what applies.

    Attributes:
        marks: after vetoes.
        full: full marks over what applies: the denominator.
        observed: observations that apply.
        perfect: of these, with full marks.
        not_applicable: observations that left the denominator.
        vetoes: standards failed that carry a veto.
    """

    marks: Fraction
    full: Fraction
    observed: int
    perfect: int
    not_applicable: int
    vetoes: tuple[str, ...] = ()

    @property
    def rate(self) -> Fraction | None:
        """得分率; None where nothing applies: blank, neither 0 nor 100 %."""
        return self.marks / self.full if self.full else None

    @property
    def full_mark_rate(self) -> Fraction | None:
        """满分率: observations with full marks by observations that apply; None where nothing applies."""
        return Fraction(self.perfect, self.observed) if self.observed else None


@dataclass(frozen=True, slots=True)
class Mark:
    """One standard as one record has it; ``earned`` None: it does not apply."""

    standard: str
    earned: Decimal | None
    full: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one standard from one edition to the next: added, removed, changed (with which fields)."""

    code: str
    text: str
    what: str
    fields: Sequence[str] = ()
