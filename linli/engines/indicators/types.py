"""Values that cross the door of the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.engines.cases.workflow import READERS_ALL

Text = str | Promise
# Whoever answers for something: for what they may read of the cases, and never for persons.
READERS = READERS_ALL | frozenset({"unit_head", "neighbourhood_secretary", "grid_head"})


class Grain(StrEnum):
    """What rows a figure counts."""

    FACTS = "facts"
    ACTS = "acts"
    OPEN = "open"


class Unit(models.TextChoices):
    """In what a figure is said."""

    SHARE = "share", _("％")
    COUNT = "count", _("件")
    TIME = "time", _("时间")


class Better(StrEnum):
    """In which direction a figure is good; of mere amounts neither is."""

    MORE = "more"
    LESS = "less"
    NEITHER = "neither"


class Group(models.TextChoices):
    """Under which heading a figure is chosen."""

    GRID = "grid", _("网格案件")
    HOTLINE = "hotline", _("12345 热线工单")
    ALL = "all", _("全部案件")
    OPEN = "open", _("在办存量")


class Dimension(models.TextChoices):
    """By what a figure is told apart; never by person."""

    NONE = "", _("不分组")
    UNIT = "unit", _("承办单位")
    AREA = "area_path", _("居民区")
    CATEGORY = "category", _("分类")
    LEVEL = "level", _("级别")
    SOURCE = "source", _("来源")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: which rows, which of them, in which words, on whose authority, for whom.

    Attributes:
        code: its name in addresses and in what is kept.
        formula: numerator over denominator in words.
        part_words, whole_words: the words of each.
        moment: the field of a row by which it falls into a period; of what is open: none, a day's end is asked for.
        whole: what the denominator counts; for a count and a length of time, what is counted at all.
        part: what the numerator counts; None for a count.
        weights: rulebook code of the weights of ratings: the numerator is then their sum.
        minutes: the field that holds a length of time; its median and 90th percentile are the figure.
        within: whether the numerator's rows are among the denominator's, so that an interval can be given.
        source: where the rule is from; ``mark`` as in the rulebook: L law, D document, P press, C code, M, G ours.
        compares: by what units may be put in order; nobody is by how many problems there are.
        beside: figures that are always shown with it.
    """

    code: str
    name: Text
    group: Group
    grain: Grain
    unit: Unit
    better: Better
    formula: Text
    whole_words: Text
    source: Text
    mark: str
    moment: str = ""
    part_words: Text = ""
    whole: Q = field(default_factory=Q)
    part: Q | None = None
    weights: str = ""
    minutes: str = ""
    within: bool = True
    compares: frozenset[Dimension] = frozenset()
    beside: tuple[str, ...] = ()
    readers: frozenset[str] = READERS


@dataclass(frozen=True, slots=True)
class Narrow:
    """To what a figure is narrowed; empty: to nothing."""

    unit: int = 0
    area_path: str = ""
    category: int = 0
    level: str = ""
    source: str = ""

    @property
    def one(self) -> tuple[str, str] | None:
        """The dimension and key of the only narrowing; ("", "") for none, None for several."""
        given = [(name, str(getattr(self, name))) for name in self.__slots__ if getattr(self, name)]
        return ("", "") if not given else given[0] if len(given) == 1 else None


@dataclass(frozen=True, slots=True)
class Value:
    """A figure for one value of a dimension.

    Attributes:
        value: percent, count or minutes; None where there is nothing to divide by: shown blank.
        second: the 90th percentile of a length of time.
        low, high: between which percents a share lies with 95 %.
        place: the place in a league; None where too few were counted, or where nothing is compared.
        few: fewer than the least number were counted.
        group: the league that its place is in, in words; empty where there is only one.
    """

    key: str
    label: str
    part: float
    whole: int
    value: float | None
    second: float | None = None
    low: float | None = None
    high: float | None = None
    place: int | None = None
    few: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure over a period: all of it, and told apart."""

    figure: Figure
    total: Value
    values: Sequence[Value]
    minimum: int


@dataclass(frozen=True, slots=True)
class Point:
    """A figure in one stretch of a period."""

    begins: date
    value: Value


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """One row that a figure counts: the case it is of, when, and whether the numerator counts it."""

    number: str
    title: str
    unit: int
    unit_name: str
    area: str
    category: str
    state: str
    at: datetime | None
    in_part: bool
    minutes: int | None
