"""Figures as the desk shows them: what there is, one over a period, told apart, stretch by stretch, and its rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from linli.engines.cases import selectors as cases
from linli.engines.cases.types import Source
from linli.engines.cases.workflow import Level
from linli.engines.indicators import selectors
from linli.engines.indicators.permissions import check_reader, figure_for
from linli.engines.indicators.selectors import LONGEST_DAYS, Period
from linli.engines.indicators.types import Dimension, Figure, Narrow, OpenedRow, Value
from linli.foundation.accounts.types import TokenScope
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.faults import one
from linli.foundation.places import selectors as places
from linli.interfaces.api.door import Token, by_of, check_staff, now_of, tagged
from linli.interfaces.api.shapes import REFUSALS, Cursor, Day, Id, Size, Sparse, Text, answer, only

router = Router(tags=["figures"])
_AUTH = Token(TokenScope.FIGURES_READ)
_KEPT: dict[Any, Any] = {304: None, **REFUSALS}
Code = Annotated[Text, Field(max_length=40, pattern="^[a-z_]+$")]
# The desk's dimensions under the names that the API's other lists have.
_BY = {"unit": Dimension.UNIT, "area": Dimension.AREA, "category": Dimension.CATEGORY, "level": Dimension.LEVEL,
       "source": Dimension.SOURCE}  # fmt: skip
By = Literal["", "unit", "area", "category", "level", "source"]


class PeriodQuery(Schema):
    """The days that are counted, both counted in; the usual ones unless said otherwise; at most three years."""

    since: Day | None = None
    until: Day | None = None


class FigureQuery(PeriodQuery):
    """The days, and to what the figure is narrowed."""

    unit: Id | None = None
    area: Id | None = None
    category: Annotated[Text, Field(max_length=48, description="A code of /categories.")] = ""
    level: Level | None = None
    source: Source | None = None


class FigureOut(Schema):
    """What a figure counts, in words, and on whose authority."""

    code: str
    name: str
    group: str
    unit: Literal["share", "count", "time"]
    better: Literal["more", "less", "neither"]
    formula: str
    part_words: str
    whole_words: str
    source: str
    mark: str
    compares: list[str] = Field(description="By what units or areas may be put in order.")
    beside: list[str] = Field(description="Figures that are always read with it.")


class FigureList(Schema):
    """Every figure that is for the caller."""

    results: list[FigureOut]


class ValueOut(Schema):
    """A figure for one value of what it is told apart by."""

    key: str = Field(description="Id of a unit or area, code of a category, level or source; empty: none of them.")
    label: str
    value: float | None = Field(description="Percent, count or minutes (median); null where nothing was counted.")
    part: float
    whole: int
    p90: float | None = Field(description="90th percentile of a length of time, minutes.")
    low: float | None = Field(description="Of a share: lower end of the 95 % interval.")
    high: float | None
    place: int | None = Field(description="Place in its league; null where too few were counted or none is kept.")
    few: bool = Field(description="Fewer than `minimum` were counted.")
    league: str


class CountedOut(Schema):
    """A figure over a period."""

    code: str
    unit: str
    since: date
    until: date
    folded_at: datetime | None = Field(description="Up to when acts are counted in.")
    minimum: int
    total: ValueOut
    values: list[ValueOut]


class PointOut(Schema):
    """A figure in one stretch of the period."""

    begins: date
    value: float | None
    part: float
    whole: int
    p90: float | None


class SeriesOut(Schema):
    """A figure stretch by stretch: days, weeks or months by the length of the period."""

    code: str
    since: date
    until: date
    results: list[PointOut]


class ReadingOut(Schema):
    """What a figure was when a day ended, as it was read then; it is never written again."""

    day: date
    days: int = Field(description="Over how many days up to it.")
    value: float | None
    part: float
    whole: int


class ReadingList(Schema):
    """Readings in the order of the days."""

    results: list[ReadingOut]


class FigureRowOut(Schema):
    """One row that a figure counts."""

    number: str
    title: str | None = None
    unit: int | None = None
    unit_name: str | None = None
    area: str | None = None
    category: str | None = None
    state: str | None = None
    at: datetime | None = None
    in_part: bool | None = Field(None, description="Whether the numerator counts it.")
    minutes: int | None = None


class FigureRowPage(Schema):
    """A page of rows, newest first."""

    results: list[FigureRowOut]
    next: str


def _door(request: HttpRequest) -> None:
    check_staff(by_of(request))
    check_reader(by_of(request))


def _period(request: HttpRequest, query: PeriodQuery) -> Period:
    today = localtime(now_of(request)).date()
    until = query.until or today
    since = query.since or Period.last(selectors.usual_days(today), until).since
    if since > until:
        raise one("api", "since", _("开始日期不能晚于结束日期。"))
    if (until - since).days >= LONGEST_DAYS:
        raise one("api", "since", _("一次最多查询 %(most)s 天。") % {"most": LONGEST_DAYS})
    return Period(since, until)


def _category(code: str) -> int:
    found = cases.category(code) if code else None
    if code and found is None:
        raise one("api", "category", _("没有这个分类。"))
    return found.id if found is not None else 0


def _area_path(pk: int | None) -> str:
    found = places.areas_by_ids({pk}).get(pk) if pk is not None else None
    if pk is not None and found is None:
        raise one("api", "area", _("没有这个区域。"))
    return found.path if found is not None else ""


def _narrow(query: FigureQuery) -> Narrow:
    return Narrow(
        unit=query.unit or 0, area_path=_area_path(query.area), category=_category(query.category),
        level=query.level.value if query.level else "", source=query.source.value if query.source else "",
    )  # fmt: skip


def _figure(found: Figure) -> dict[str, Any]:
    names = {dimension: name for name, dimension in _BY.items()}
    texts = ("name", "formula", "part_words", "whole_words", "source")
    return {
        "code": found.code, "group": found.group.value, "unit": found.unit.value, "better": found.better.value,
        "mark": found.mark, "compares": sorted(names[d] for d in found.compares if d in names),
        "beside": list(found.beside), **{name: str(getattr(found, name)) for name in texts},
    }  # fmt: skip


@router.get("/figures", auth=_AUTH, response={200: FigureList, **_KEPT}, operation_id="listFigures")
def list_figures(request: HttpRequest, fields: Sparse = "") -> HttpResponse:
    """List the figures that are for the caller, with formula, words and source."""
    _door(request)
    rows = [_figure(f) for f in selectors.figures(by_of(request))]
    return tagged(request, {"results": only(rows, fields, FigureOut, always="code")})


def _keys(by: str, on: date) -> dict[str, str]:
    """Return key of the desk → key of the API, where they differ: areas by id, categories by code."""
    if by == "area":
        return {a.path: str(a.pk) for a in places.areas(on=on, kind=selectors.NEIGHBOURHOOD)}
    return {str(n.id): n.spec.code for n in cases.categories()} if by == "category" else {}


def _value(found: Value, keys: dict[str, str]) -> dict[str, Any]:
    return {
        "key": keys.get(found.key, found.key), "label": found.label, "value": found.value, "part": found.part,
        "whole": found.whole, "p90": found.second, "low": found.low, "high": found.high, "place": found.place,
        "few": found.few, "league": found.group,
    }  # fmt: skip


@router.get("/figures/{code}", auth=_AUTH, response={200: CountedOut, **_KEPT}, operation_id="getFigure")
def get_figure(request: HttpRequest, code: Path[Code], query: Query[FigureQuery], by: By = "") -> HttpResponse:
    """Return a figure over a period, of the cases that the caller may read, and told apart `by` something."""
    _door(request)
    actor, now = by_of(request), now_of(request)
    figure_for(actor, code)
    period = _period(request, query)
    found = selectors.counted(actor, code, period, by=_BY[by] if by else "", narrow=_narrow(query), now=now)
    keys = _keys(by, min(period.until, localtime(now).date()))
    data = {
        "code": code, "unit": found.figure.unit.value, "since": period.since, "until": period.until,
        "folded_at": selectors.folded_at(), "minimum": found.minimum, "total": _value(found.total, {}),
        "values": [_value(v, keys) for v in found.values],
    }  # fmt: skip
    return tagged(request, data)


@router.get("/figures/{code}/series", auth=_AUTH, response={200: SeriesOut, **_KEPT}, operation_id="getSeries")
def get_series(request: HttpRequest, code: Path[Code], query: Query[FigureQuery]) -> HttpResponse:
    """Return a figure stretch by stretch: a day each up to 62 days, a week up to a year, else a month."""
    _door(request)
    actor, now = by_of(request), now_of(request)
    figure_for(actor, code)
    period = _period(request, query)
    points = selectors.trend(actor, code, period, narrow=_narrow(query), now=now)
    rows = [
        {"begins": p.begins, "value": p.value.value, "part": p.value.part, "whole": p.value.whole,
         "p90": p.value.second}
        for p in points
    ]  # fmt: skip
    return tagged(request, {"code": code, "since": period.since, "until": period.until, "results": rows})


@router.get("/figures/{code}/readings", auth=_AUTH, response={200: ReadingList, **_KEPT}, operation_id="listReadings")
def list_readings(
    request: HttpRequest, code: Path[Code], query: Query[PeriodQuery], unit: Id | None = None, area: Id | None = None
) -> HttpResponse:
    """List what a figure was at the end of each day, as it was read then: of all, of one unit, or of one area."""
    _door(request)
    actor = by_of(request)
    figure_for(actor, code)
    if unit is not None and area is not None:
        raise one("api", "area", _("只能按单位或区域之一查询。"))
    period = _period(request, query)
    dimension, key = (Dimension.UNIT, str(unit)) if unit is not None else (Dimension.NONE, "")
    if area is not None:
        dimension, key = Dimension.AREA, _area_path(area)
    found = selectors.readings(actor, code, period.since, period.until, dimension=dimension, key=key)
    rows = [
        {"day": r.day, "days": r.days, "value": r.value, "part": float(r.part), "whole": r.whole} for r in found
    ]  # fmt: skip
    return tagged(request, {"results": rows})


def _desk_key(by: str, key: str, on: date) -> str:
    """Return a key of the API as the desk has it.

    Raises:
        NotFoundError: there is no such value.
    """
    if by not in {"area", "category"} or key == "-":
        return "" if key == "-" else key
    keys = {theirs: ours for ours, theirs in _keys(by, on).items()}
    if key not in keys:
        raise NotFoundError(_("没有找到这一项。"), code="api.key")
    return keys[key]


def _row(found: OpenedRow) -> dict[str, Any]:
    return {
        "number": found.number, "title": found.title, "unit": found.unit or None, "unit_name": found.unit_name,
        "area": found.area, "category": found.category, "state": str(found.state), "at": found.at,
        "in_part": found.in_part, "minutes": found.minutes,
    }  # fmt: skip


@router.get(
    "/figures/{code}/rows", auth=_AUTH, response={200: FigureRowPage, **REFUSALS}, operation_id="listFigureRows"
)
def list_rows(
    request: HttpRequest, code: Path[Code], query: Query[FigureQuery], by: By = "",
    key: Annotated[Text, Field(max_length=48, description="One value of `by`; `-` for the empty one.")] = "",
    part: Annotated[bool, Field(description="Only the rows of the numerator.")] = False,
    cursor: Cursor = "", size: Size = 50, fields: Sparse = "",
) -> HttpResponse:  # fmt: skip
    """List the rows that a figure counts, newest first."""
    _door(request)
    actor, now = by_of(request), now_of(request)
    figure_for(actor, code)
    period, narrow = _period(request, query), _narrow(query)
    told = _BY[by] if by and key else ""
    wanted = _desk_key(by, key, min(period.until, localtime(now).date())) if told else ""
    page = selectors.opened(
        actor, code, period, by=told, key=wanted, narrow=narrow, part=part, now=now, cursor=cursor, size=size
    )
    rows = only([_row(r) for r in page.rows], fields, FigureRowOut, always="number")
    return answer({"results": rows, "next": page.next})
