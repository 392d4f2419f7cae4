"""Values that cross the door of the room `publishing`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _


class PieceKind(models.TextChoices):
    """What goes out: one item, several in order, figures with text, a way of working."""

    ARTICLE = "article", _("稿件")
    ISSUE = "issue", _("期次")
    REPORT = "report", _("报告")
    METHOD = "method", _("工作法")


class ChannelKind(models.TextChoices):
    """In which form words leave by a channel."""

    WECHAT = "wechat", _("微信公众号")
    WEIBO = "weibo", _("微博")
    APP = "app", _("客户端")
    PAPER = "paper", _("社区报")
    WEB = "web", _("居民网页")
    BOARD = "board", _("公告栏")
    CLOUD = "cloud", _("社区云")
    MEETING = "meeting", _("会议通报")


class ReleaseState(models.TextChoices):
    """Whether something still stands in a channel."""

    OUT = "out", _("已发布")
    TAKEN_BACK = "taken_back", _("已撤下")


class Paper(models.TextChoices):
    """On which paper an issue is printed."""

    A4 = "a4", _("A4 简报")
    A3 = "a3", _("A3 社区报")


class ReportKind(models.TextChoices):
    """What a report is about."""

    HALF_YEAR = "half_year", _("半年通报")
    YEAR = "year", _("年度报告（按三化）")
    TOPIC = "topic", _("专题报告")


class MethodKind(models.TextChoices):
    """A named way of working, or experience that somebody shared."""

    METHOD = "method", _("工作法")
    EXPERIENCE = "experience", _("经验交流")


class MediaKind(models.TextChoices):
    """A picture, a film kept here, or a film that stands elsewhere."""

    PHOTO = "photo", _("照片")
    VIDEO = "video", _("视频")
    LINK = "link", _("外部链接")


class Right(models.TextChoices):
    """Which right somebody says is infringed."""

    PRIVACY = "privacy", _("隐私或个人信息")
    PORTRAIT = "portrait", _("肖像")
    REPUTATION = "reputation", _("名誉")
    COPYRIGHT = "copyright", _("著作权")
    WRONG = "wrong", _("内容不实")
    OTHER = "other", _("其他")


class Answer(models.TextChoices):
    """What became of a request to take something down."""

    PENDING = "", _("办理中")
    KEPT = "kept", _("保留原文")
    EDITED = "edited", _("已更正")
    WITHDRAWN = "withdrawn", _("已撤下")


@dataclass(frozen=True, slots=True)
class Link:
    """What a text speaks of: a case, a task, a meeting, a project, a claim, by kind and uuid or number.

    Attributes:
        day, unit, summary: what its source said of it when it was linked, fit for everybody.
    """

    kind: str
    ref: str
    label: str
    day: str = ""
    unit: str = ""
    summary: str = ""

    def to_json(self) -> dict[str, str]:
        """Return it as plain JSON."""
        return {name: getattr(self, name) for name in ("kind", "ref", "label", "day", "unit", "summary")}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Link:
        """Return what :meth:`to_json` was made of."""
        return cls(*(str(raw.get(name, "")) for name in ("kind", "ref", "label", "day", "unit", "summary")))


@dataclass(frozen=True, slots=True)
class Fact:
    """A finished thing from which an article may be begun.

    Attributes:
        kind, ref, label: as in :class:`Link`.
        lines: what is known of it, one sentence each, fit for everybody.
        public: whether it may be told at all; what is guarded, confidential or inside homes may not.
    """

    kind: str
    ref: str
    label: str
    day: date | None = None
    unit_id: int | None = None
    unit: str = ""
    area_id: int | None = None
    topic: str = ""
    lines: tuple[str, ...] = ()
    strand: str = ""
    public: bool = True


@dataclass(frozen=True, slots=True)
class ArticleData:
    """What is typed of an article; ``media`` are pairs of a media row's id and its caption here, in order."""

    title: str
    kicker: str = ""
    body: str = ""
    unit_id: int | None = None
    reporter: str = ""
    editor: str = ""
    photographer: str = ""
    strands: tuple[str, ...] = ()
    topic: str = ""
    area_id: int | None = None
    links: tuple[Link, ...] = ()
    media: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class IssueData:
    """What is typed of an issue; ``articles`` in the order in which they are printed, the lead first."""

    title: str
    number: int
    day: date
    paper: str = Paper.A4.value
    publisher: str = ""
    unit_id: int | None = None
    articles: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportData:
    """What is typed of a report: its period (both days included), the drafted texts by section code.

    Attributes:
        topic, strand: of a topic's report, what its figures are narrowed to; one of the two.
    """

    title: str
    kind: str
    since: date
    until: date
    unit_id: int | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    topic: str = ""
    strand: str = ""


@dataclass(frozen=True, slots=True)
class MethodData:
    """What is typed of a way of working; ``steps``, ``evidence`` and ``exhibitions`` have one thing a line."""

    title: str
    kind: str = MethodKind.METHOD.value
    unit_id: int | None = None
    proposer: str = ""
    summary: str = ""
    steps: str = ""
    used_at: str = ""
    evidence: str = ""
    exhibitions: str = ""
    strands: tuple[str, ...] = ()
    topic: str = ""


@dataclass(frozen=True, slots=True)
class MediaData:
    """What is entered of a picture or film.

    Attributes:
        recognisable: whether somebody can be recognised; then ``consent`` says how they agreed.
        cleared: whether it may go out.
    """

    kind: str
    title: str
    url: str = ""
    caption: str = ""
    credit: str = ""
    taken_on: date | None = None
    place: str = ""
    topic: str = ""
    links: tuple[Link, ...] = ()
    recognisable: bool = False
    consent: str = ""
    cleared: bool = False
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class ChannelData:
    """What is entered of a channel."""

    code: str
    name: str
    kind: str
    address: str = ""
    note: str = ""
    order: int = 100
    active: bool = True


@dataclass(frozen=True, slots=True)
class Plea:
    """A request to take something down, as it is filed.

    Attributes:
        right: of :class:`Right`; statement: what is wrong and where (10 to 2,000 characters).
        name, contact: how to reach who asks; both optional, kept encrypted.
    """

    right: str
    statement: str
    name: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a report is about, both included.

    Attributes:
        topic, strand: what its figures are narrowed to, where they know it; empty: nothing.
    """

    since: date
    until: date
    topic: str = ""
    strand: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """What a figure came to: a count, or a share with its whole.

    Attributes:
        part: the count; of a satisfaction a sum of weights, in hundredths.
        whole: of what; None for a plain count.
        least: below this whole no rate is said, and below this count only that it is below.
        money: whether it is cents.
    """

    part: int
    whole: int | None = None
    least: int = 0
    money: bool = False

    @property
    def percent(self) -> float | None:
        """Hundredths; None for a count, and where the whole is too small to say."""
        if self.whole is None or self.whole < max(1, self.least):
            return None
        return 100 * self.part / self.whole


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One thing that a figure counts: its cells, and what opens it (kind and number or uuid)."""

    cells: tuple[str, ...]
    kind: str = ""
    ref: str = ""


Parts = Sequence[tuple[str, int]]
