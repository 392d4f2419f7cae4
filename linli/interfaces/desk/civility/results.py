"""What a trial found, as the page, the paper and the sheets show it: the same figures for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linli.interfaces.desk import directory
from linli.interfaces.desk.civility.common import percent
from linli.interfaces.desk.civility.drawing import Bar, bars
from linli.interfaces.desk.doors import today
from linli.programmes.civility import selectors

if TYPE_CHECKING:
    from linli.engines.fieldwork.selectors import Closing
    from linli.programmes.civility.models import Trial
    from linli.programmes.civility.types import Score

LOW = Fraction(4, 5)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what, its score in words, the interval, the rank, where it leads."""

    name: str
    url: str
    score: Score
    perfect: str
    rate: str
    between: str = ""
    rank: int | None = None
    more: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A trial's result for reading.

    Attributes:
        low: the items with the lowest full-mark rates below LOW, at most ten.
        vetoes: standards with a veto that failed.
        charts: by ``types``, ``units``, ``areas``.
    """

    trial: Trial
    result: selectors.Result
    whole: Row
    types: list[Row]
    units: list[Row]
    areas: list[Row]
    items: list[Row]
    low: list[Row]
    vetoes: list[str]
    closing: Closing
    closed: str
    charts: dict[str, SafeString]


def _between(place: Any) -> str:
    if place is None:
        return ""
    return f"{place.low * 100:.1f}%—{place.high * 100:.1f}%"


def _row(name: str, url: str, score: Score, **more: Any) -> Row:
    return Row(name, url, score, percent(score.full_mark_rate), percent(score.rate), **more)


def _ranked(rows: Any, names: Any, url: Any) -> list[Row]:
    return [
        _row(names(r.place.unit), url(r.place.unit), r.score, between=_between(r.place.between), rank=r.place.rank)
        for r in rows
    ]


def _bars(rows: list[Row], places: Any = ()) -> list[Bar]:
    between = {p.place.unit: p.place.between for p in places}
    found = []
    for row, key in zip(rows, between or [""] * len(rows), strict=False):
        share = row.score.full_mark_rate
        interval = between.get(key)
        found.append(
            Bar(
                row.name, None if share is None else float(share), interval.low if interval else None,
                interval.high if interval else None, f"{row.score.perfect}/{row.score.observed}", row.url,
                "is-idle" if places and row.rank is None else "",
            )
        )  # fmt: skip
    return found


def shown(trial: Trial) -> Shown:
    """Return what a trial found, for reading."""
    areas, names = directory.neighbourhoods(today()), directory.units()
    result = selectors.result(trial, areas=areas)
    standards = selectors.all_standards(trial.edition)
    kinds = {t.code: t.name for t in selectors.point_types()}
    base = reverse("desk:civility_gaps", args=[trial.uuid])

    def url(**query: Any) -> str:
        return f"{base}?{urlencode(query)}"

    def unit_of(key: str) -> str:
        return names[int(key)].name if int(key) in names else _("已撤销的单位")

    items = [
        _row(s.text, url(item=s.code), result.items[s.code], more=f"{s.project}：{s.content}")
        for s in standards
        if s.code in result.items
    ]
    types = [_row(name, url(type=code), result.types[code]) for code, name in kinds.items() if code in result.types]
    units = _ranked(result.units, unit_of, lambda key: url(unit=key))
    near = _ranked(result.areas, lambda path: areas.get(path, ""), lambda path: url(area=path))
    low = sorted((r for r in items if (r.score.full_mark_rate or 0) < LOW and r.score.observed), key=_lowest)[:10]
    closing = selectors.closing(trial)
    texts = {s.code: s.text for s in standards}
    return Shown(
        trial, result, _row(_("合计"), base, result.whole, between=_between(result.between)), types, units, near, items,
        low, [texts[code] for code in result.whole.vetoes], closing,
        percent(closing.ended / closing.found if closing.found else None),
        {
            "types": bars(_bars(types), _("各类点位满分率")),
            "units": bars(_bars(units, result.units), _("各单位满分率")),
            "areas": bars(_bars(near, result.areas), _("各居民区满分率")),
        },
    )  # fmt: skip


def _lowest(row: Row) -> Any:
    return row.score.full_mark_rate or 0
