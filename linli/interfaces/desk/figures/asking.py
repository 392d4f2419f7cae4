"""What an address of figures asks for: the days, by what, narrowed to what; nonsense is left out, never an error."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.engines.indicators import selectors
from linli.engines.indicators.selectors import LONGEST_DAYS, Period
from linli.engines.indicators.types import Dimension, Narrow
from linli.foundation.core import clock
from linli.interfaces.desk.doors import day_of, id_of, local

_NAMES = ("unit", "area_path", "category", "level", "source")


@dataclass(frozen=True, slots=True)
class Asked:
    """The period, by what, narrowed to what; what was wrong with the days asked for."""

    period: Period
    by: str = ""
    narrow: Narrow = field(default_factory=Narrow)
    problem: str = ""

    def query(self, **other: Any) -> str:
        """Return it as an address has it, with ``other`` beside or instead; empty values fall away."""
        values: dict[str, Any] = {"since": self.period.since, "until": self.period.until, "by": self.by}
        values |= {name: getattr(self.narrow, name) for name in _NAMES} | other
        return urlencode({k: v for k, v in values.items() if v not in ("", 0, None)}, doseq=True)


def period_of(request: HttpRequest, today: date) -> tuple[Period, str]:
    """Return the days that the address names, and what was wrong with them; the usual ones where it names none."""
    usual = selectors.usual_days(today)
    days = id_of(request.GET.get("days", ""))
    if days is not None and 1 <= days <= LONGEST_DAYS:
        return Period.last(days, today), ""
    typed = request.GET.get("since", ""), request.GET.get("until", "")
    if not any(typed):
        return Period.last(usual, today), ""
    since, until = day_of(typed[0]), day_of(typed[1])
    if since is None or until is None or since.year < 2000 or until.year > today.year + 1:
        return Period.last(usual, today), _("日期没有读懂，已显示近 %(days)s 天。") % {"days": usual}
    if since > until:
        since, until = until, since
    if (until - since).days >= LONGEST_DAYS:
        return Period.last(LONGEST_DAYS, until), _("一次最多看三年，已显示最后三年。")
    return Period(since, until), ""


def asked(request: HttpRequest) -> Asked:
    """Return what the address asks for."""
    get = request.GET
    period, problem = period_of(request, local(clock.now()).date())
    by = get.get("by", "")
    path = get.get("area_path", "")
    narrow = Narrow(
        unit=id_of(get.get("unit", "")) or 0,
        area_path=path if path.replace("/", "").isdigit() and len(path) < 200 else "",
        category=id_of(get.get("category", "")) or 0,
        level=get.get("level", "")[:16],
        source=get.get("source", "")[:16],
    )
    return Asked(period, by if by in Dimension.values else "", narrow, problem)


def periods(asked_: Asked, today: date, address: str, **other: Any) -> list[dict[str, Any]]:
    """Return the usual periods as tabs."""
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    wanted = [
        (_("近 30 天"), Period.last(30, today)),
        (_("本月"), Period(month, today)),
        (_("上月"), Period(before.replace(day=1), before)),
        (_("近 90 天"), Period.last(90, today)),
        (_("近一年"), Period.last(365, today)),
    ]
    return [
        {
            "label": label,
            "url": f"{address}?{asked_.query(since=p.since, until=p.until, **other)}",
            "current": p == asked_.period,
            "count": None,
        }
        for label, p in wanted
    ]


def choices(asked_: Asked) -> list[dict[str, Any]]:
    """Return the selects by which figures are narrowed: name, label, value, options."""
    now, found = clock.now(), []
    for dimension in (Dimension.UNIT, Dimension.AREA, Dimension.CATEGORY, Dimension.LEVEL, Dimension.SOURCE):
        options = [{"value": "", "label": _("全部")}]
        options += [{"value": key, "label": label} for key, label in selectors.keys_of(dimension, now)]
        value = getattr(asked_.narrow, dimension.value)
        chosen = str(value) if value else ""
        found.append({"name": dimension.value, "label": dimension.label, "value": chosen, "options": options})
    return found


def said(asked_: Asked) -> list[str]:
    """Return in words to what it is narrowed."""
    on = asked_.period.until
    given = [(name, str(value)) for name in _NAMES if (value := getattr(asked_.narrow, name))]
    return [selectors.labels(name, {value}, on).get(value, value) for name, value in given]
