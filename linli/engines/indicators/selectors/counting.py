"""Counting figures: over a period, told apart, day by day, and opened down to the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Case, CharField, Count, DateTimeField, Expression, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import Cast, RowNumber, TruncDate
from django.utils.translation import gettext as _

from linli.engines.cases.rules.figures import satisfaction
from linli.engines.cases.rules.proof import RATINGS
from linli.engines.indicators.models import Act, Balance, Fact, Span
from linli.engines.indicators.permissions import figure_for, reads_all, scoped
from linli.engines.indicators.rules.measuring import league, percent, rank_of, wilson
from linli.engines.indicators.selectors.choosing import labels, minimum, neighbourhoods, number, unit_groups
from linli.engines.indicators.selectors.days import Period, begins, ends, zone
from linli.engines.indicators.types import (
    Better,
    Counted,
    Dimension,
    Figure,
    Grain,
    Narrow,
    OpenedRow,
    Point,
    Unit,
)
from linli.engines.indicators.types import Value as Figured
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.paging import Page, keyset

_MODELS: Mapping[Grain, type[Fact | Act | Span]] = {Grain.FACTS: Fact, Grain.ACTS: Act, Grain.OPEN: Span}
# Up to so many days a trend has a point a day, then one a week, then one a month.
_BY_DAY, _BY_WEEK = 62, 366
_MEDIAN, _LONG = 50, 90
_NUMBERED = frozenset({Dimension.UNIT, Dimension.CATEGORY})
_Sums = tuple[float, int]


def narrow_of(dimension: str, key: str) -> Narrow:
    """Return the narrowing to one value of a dimension."""
    values: dict[str, Any] = {dimension: int(key) if dimension in _NUMBERED else key} if dimension else {}
    return Narrow(**values)


def _narrowed(rows: QuerySet[Any], narrow: Narrow) -> QuerySet[Any]:
    given = {n: getattr(narrow, n) for n in ("unit", "category", "level", "source") if getattr(narrow, n)}
    if narrow.area_path:
        given["area_path__startswith"] = narrow.area_path
    return rows.filter(**given)


def rows_of(figure: Figure, actor: Actor, period: Period, narrow: Narrow, now: datetime) -> QuerySet[Any]:
    """Return the rows among which ``figure`` counts, of the cases that ``actor`` may read.

    Of what is open: what was open when the period's last day ended, or is now where it has not.
    """
    rows = _narrowed(scoped(_MODELS[figure.grain].objects.all(), actor), narrow).order_by()
    if figure.grain is Grain.OPEN:
        return _open_at(rows, min(ends(period.until), now))
    within = {f"{figure.moment}__gte": begins(period.since), f"{figure.moment}__lt": ends(period.until)}
    return rows.filter(**within)


def _open_at(rows: QuerySet[Any], moment: datetime) -> QuerySet[Any]:
    still = Q(ends_at__isnull=True) | Q(ends_at__gt=moment)
    asked = Value(moment, output_field=DateTimeField())
    found: QuerySet[Any] = rows.filter(still, begins_at__lte=moment).annotate(asked_at=asked)
    return found


def _key(dimension: str, on: date) -> Expression | F:
    """Return what rows are told apart by, as text: an area is the 居民区 that it lies in."""
    if dimension == Dimension.AREA:
        whens = [When(area_path__startswith=path, then=Value(path)) for path in neighbourhoods(on)]
        return Case(*whens, default=Value(""), output_field=CharField())
    return Cast(F(dimension), CharField()) if dimension else Value("", output_field=CharField())


def _counts(figure: Figure) -> dict[str, Any]:
    found: dict[str, Any] = {"whole": Count("pk", filter=figure.whole) if figure.whole else Count("pk")}
    if figure.weights:
        found |= {f"r_{r}": Count("pk", filter=figure.whole & Q(rating=r)) for r in RATINGS}
    elif figure.part is not None:
        part = figure.whole & figure.part if figure.within else figure.part
        found["part"] = Count("pk", filter=part)
    return found


def _sums(figure: Figure, row: Mapping[str, Any], on: date) -> _Sums:
    if figure.weights:
        share = satisfaction({r: row[f"r_{r}"] for r in RATINGS}, number(figure.weights, {}, on))
        return share.part, share.whole
    return row.get("part", row["whole"]), row["whole"]


def _tally(figure: Figure, rows: QuerySet[Any], key: Any, on: date) -> dict[Any, _Sums]:
    """Return key → numerator and denominator: one statement."""
    found = rows.annotate(told_by=key).values("told_by").annotate(**_counts(figure)).order_by()
    return {row["told_by"]: _sums(figure, row, on) for row in found}


def _times(figure: Figure, among: QuerySet[Any], key: Any) -> dict[Any, tuple[int, int, int]]:
    """Return key → how many, median and 90th percentile by nearest rank: one statement, two rows of each key."""
    within = among.filter(figure.whole).annotate(told_by=key)
    ranked = within.annotate(
        place=Window(RowNumber(), partition_by=[F("told_by")], order_by=[F(figure.minutes), F("pk")]),
        count=Window(Count("pk"), partition_by=[F("told_by")]),
    )
    wanted = Q(place=(F("count") * _MEDIAN + 99) / 100) | Q(place=(F("count") * _LONG + 99) / 100)
    at: dict[Any, dict[int, int]] = defaultdict(dict)
    counts: dict[Any, int] = {}
    for told_by, place, count, minutes in ranked.filter(wanted).values_list(
        "told_by", "place", "count", figure.minutes
    ):
        at[told_by][place], counts[told_by] = minutes, count
    return {k: (n, at[k][rank_of(n, _MEDIAN)], at[k][rank_of(n, _LONG)]) for k, n in counts.items()}


def value_of(figure: Figure, sums: _Sums, *, key: str = "", label: str = "", least: int = 1) -> Figured:
    """Return numerator and denominator as a figure."""
    part, whole = sums
    if figure.unit == Unit.COUNT:
        return Figured(key, label, part, whole, float(whole))
    low, high = (wilson(part, whole) if figure.within and part <= whole else None) or (None, None)
    return Figured(key, label, part, whole, percent(part, whole), low=low, high=high, few=whole < least)


def _values(
    figure: Figure, rows: QuerySet[Any], key: Any, *, words: Mapping[str, str], on: date, least: int
) -> list[Figured]:
    if figure.minutes:
        times = _times(figure, rows, key)
        return [
            Figured(k, words.get(k, k), n, n, float(middle), second=float(long), few=n < least)
            for k, (n, middle, long) in times.items()
        ]
    sums = _tally(figure, rows, key, on)
    return [value_of(figure, s, key=k, label=words.get(k, k), least=least) for k, s in sums.items() if s[0] or s[1]]


def counted(
    actor: Actor, code: str, period: Period, *, by: str = "", narrow: Narrow | None = None, now: datetime
) -> Counted:
    """Return a figure over a period, and told apart by a dimension, with places where it compares: few statements.

    Raises:
        NotFoundError: there is no such figure for ``actor``.
    """
    figure = figure_for(actor, code)
    narrow, on, least = narrow or Narrow(), min(period.until, now.astimezone(zone()).date()), minimum(period.until)
    rows = rows_of(figure, actor, period, narrow, now)
    everything = _values(figure, rows, _key("", on), words={"": _("合计")}, on=on, least=least)
    total = everything[0] if everything else value_of(figure, (0, 0), label=_("合计"))
    if figure.minutes and not everything:
        total = Figured("", _("合计"), 0, 0, None)
    if not by:
        return Counted(figure, total, [], least)
    found = _values(figure, rows, _key(by, on), words={}, on=on, least=least)
    words = labels(by, {v.key for v in found}, on)
    return Counted(figure, total, _placed(figure, by, found, words, least), least)


def plain_values(figure: Figure, period: Period, by: str, now: datetime) -> list[Figured]:
    """Return a figure of the whole subdistrict told apart, without words and places: one statement."""
    rows = rows_of(figure, SYSTEM, period, Narrow(), now)
    return _values(figure, rows, _key(by, period.until), words={}, on=period.until, least=1)


def overview(
    actor: Actor, codes: Sequence[str], period: Period, *, narrow: Narrow | None = None, now: datetime
) -> dict[str, Figured]:
    """Return several figures over a period: one statement for all that count the same rows by the same moment.

    Raises:
        NotFoundError: one of them is not for ``actor``.
    """
    narrow, found = narrow or Narrow(), {}
    together: dict[tuple[Grain, str], list[Figure]] = defaultdict(list)
    for figure in (figure_for(actor, code) for code in codes):
        if figure.minutes:
            times = _times(figure, rows_of(figure, actor, period, narrow, now), _key("", period.until))
            found[figure.code] = _time(times.get(""))
        else:
            together[figure.grain, figure.moment].append(figure)
    for figures in together.values():
        rows = rows_of(figures[0], actor, period, narrow, now)
        counts = {f"{f.code}__{name}": count for f in figures for name, count in _counts(f).items()}
        sums = rows.aggregate(**counts)
        for f in figures:
            own = {k.removeprefix(f"{f.code}__"): n for k, n in sums.items() if k.startswith(f"{f.code}__")}
            found[f.code] = value_of(f, _sums(f, own, period.until))
    return found


def _placed(figure: Figure, by: str, values: Sequence[Figured], words: Mapping[str, str], least: int) -> list[Figured]:
    """Return the values with their words: in the order of the league where the figure compares, else of the words.

    Departments and 居委会 have leagues of their own.
    """
    named = {v.key: replace(v, label=words.get(v.key, _("已停用的一项"))) for v in values}
    if Dimension(by) not in figure.compares:
        order = {key: n for n, key in enumerate(words)}
        return sorted(named.values(), key=lambda v: (order.get(v.key, len(order)), v.label))
    leagues: dict[str, list[Figured]] = {}
    groups = unit_groups(named) if by == Dimension.UNIT else {}
    for value in named.values():
        leagues.setdefault(groups.get(value.key, ""), []).append(value)
    return [
        replace(named[p.key], place=p.place, group=group)
        for group, among in sorted(leagues.items(), reverse=True)
        for p in league(_standing(among), minimum=least, falling=figure.better is Better.MORE)
    ]


def _standing(values: Sequence[Figured]) -> list[tuple[str, float | None, int]]:
    return [(v.key, v.value if v.key not in {"", "0"} else None, v.whole) for v in values]


def stretches(period: Period) -> list[date]:
    """Return the days on which the points of a trend begin: days, Mondays or firsts of months, the first cut short."""
    days = [period.since + timedelta(days=n) for n in range(period.days)]
    if period.days <= _BY_DAY:
        return days
    if period.days <= _BY_WEEK:
        return [d for n, d in enumerate(days) if n == 0 or d.weekday() == 0]
    return [d for n, d in enumerate(days) if n == 0 or d.day == 1]


def trend(actor: Actor, code: str, period: Period, *, narrow: Narrow | None = None, now: datetime) -> list[Point]:
    """Return a figure stretch by stretch: one statement; of what is open, what was when each stretch ended.

    Raises:
        NotFoundError: there is no such figure for ``actor``.
    """
    figure = figure_for(actor, code)
    narrow, firsts = narrow or Narrow(), stretches(period)
    if figure.grain is Grain.OPEN:
        lasts = [b - timedelta(days=1) for _a, b in pairwise([*firsts, period.until + timedelta(days=1)])]
        lasts = [day for day in lasts if begins(day) <= now]
        found = _open_each(figure, actor, lasts, narrow, now)
        return [Point(d, v) for d, v in zip(firsts, found, strict=False)]
    rows = rows_of(figure, actor, period, narrow, now)
    day = TruncDate(figure.moment, tzinfo=zone())
    if figure.minutes:
        whens = [When(Q(**{f"{figure.moment}__gte": begins(d)}), then=Value(d.isoformat())) for d in reversed(firsts)]
        times = _times(figure, rows, Case(*whens, output_field=CharField()))
        return [Point(d, _time(times.get(d.isoformat()))) for d in firsts]
    sums: dict[date, list[float]] = {d: [0, 0] for d in firsts}
    for at, (part, whole) in _tally(figure, rows, day, period.until).items():
        into = sums[max(d for d in firsts if d <= at)]
        into[0], into[1] = into[0] + part, into[1] + whole
    return [Point(d, value_of(figure, (part, int(whole)))) for d, (part, whole) in sums.items()]


def _time(found: tuple[int, int, int] | None) -> Figured:
    count, middle, long = found or (0, None, None)
    return Figured("", "", count, count, middle, second=long)


def _open_each(figure: Figure, actor: Actor, days: Sequence[date], narrow: Narrow, now: datetime) -> list[Figured]:
    """Return what was open when each of the days ended: from the kept sums where they say it, else one count a day."""
    one = narrow.one
    if figure.part is None and one is not None and reads_all(actor) and one[0] != Dimension.AREA:
        return [value_of(figure, (n, n)) for n in balances(days, *one)]
    found = []
    rows = _narrowed(scoped(Span.objects.all(), actor), narrow).order_by()
    for day in days:
        sums = _open_at(rows, min(ends(day), now)).aggregate(**_counts(figure))
        found.append(value_of(figure, _sums(figure, sums, day)))
    return found


def balances(days: Sequence[date], dimension: str = "", key: str = "") -> list[int]:
    """Return how many were open when each of ``days`` (in order) ended: one statement over the kept sums."""
    if not days:
        return []
    rows = Balance.objects.filter(dimension=dimension, key=key, day__lte=days[-1]).order_by("day")
    found, total, shifts = [], 0, iter([*rows.values_list("day", "n"), (date.max, 0)])
    day, n = next(shifts)
    for wanted in days:
        while day <= wanted:
            total += n
            day, n = next(shifts)
        found.append(total)
    return found


def opened(
    actor: Actor,
    code: str,
    period: Period,
    *,
    by: str = "",
    key: str = "",
    narrow: Narrow | None = None,
    part: bool = False,
    now: datetime,
    cursor: str = "",
    size: int = 50,
) -> Page[OpenedRow]:
    """Return a page of the rows that a figure counts, newest first: of the numerator, or of the denominator.

    Args:
        by, key: only those of one value of a dimension.

    Raises:
        NotFoundError: there is no such figure for ``actor``.
    """
    figure = figure_for(actor, code)
    rows = rows_of(figure, actor, period, narrow or Narrow(), now)
    if by:
        rows = rows.annotate(told_by=_key(by, min(period.until, now.astimezone(zone()).date()))).filter(told_by=key)
    wanted = figure.part if part and figure.part is not None else figure.whole
    if part and figure.part is not None and figure.within:
        wanted = figure.whole & figure.part
    rows = rows.filter(wanted).select_related("case", "case__unit", "case__category")
    counts = figure.part if figure.part is not None else Q(pk__isnull=True)
    rows = rows.annotate(in_part=Case(When(counts, then=Value(True)), default=Value(False)))
    moment = figure.moment or "begins_at"
    page = keyset(rows, keys=[(moment, datetime), ("id", int)], cursor=cursor, size=size, descending=True)
    return Page(list(_opened(figure, moment, page.rows)), page.next, page.previous, page.size)


def _opened(figure: Figure, moment: str, rows: Iterable[Any]) -> Iterable[OpenedRow]:
    for row in rows:
        case = row.case
        yield OpenedRow(
            number=case.number,
            title=case.title,
            unit=row.unit,
            unit_name=str(case.unit or ""),
            area=case.area_label,
            category=case.category.name,
            state=case.get_state_display(),
            at=getattr(row, moment),
            in_part=bool(row.in_part),
            minutes=getattr(row, figure.minutes) if figure.minutes else None,
        )
