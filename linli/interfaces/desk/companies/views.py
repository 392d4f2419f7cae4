"""The companies by how they cleared shared bikes in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.engines.cases import selectors as cases
from linli.engines.cases.rules.removals import Figure, Line
from linli.engines.cases.selectors import BIKES, Ranking
from linli.engines.cases.workflow import READERS_ALL
from linli.foundation.core import clock
from linli.interfaces.desk.doors import actor_of, day_of, local, staff

USUAL = 30
LONGEST = 731


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are counted, both counted in; what was wrong with those asked for."""

    since: date
    until: date
    problem: str = ""


def period_of(request: HttpRequest, today: date) -> Period:
    """Return the period that the address names; the last :data:`USUAL` days where it names none or nonsense."""
    usual = Period(today - timedelta(days=USUAL - 1), today)
    typed = request.GET.get("since", ""), request.GET.get("until", "")
    if not any(typed):
        return usual
    since, until = day_of(typed[0]), day_of(typed[1])
    if since is None or until is None:
        return Period(usual.since, usual.until, _("日期没有读懂，已显示近 30 天。"))
    if since > until:
        since, until = until, since
    if (until - since).days >= LONGEST:
        return Period(until - timedelta(days=LONGEST - 1), until, _("一次最多看两年，已显示最后两年。"))
    return Period(since, until)


def _periods(today: date, now: Period) -> list[dict[str, Any]]:
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    wanted = [
        (_("近 30 天"), today - timedelta(days=USUAL - 1), today),
        (_("本月"), month, today),
        (_("上月"), before.replace(day=1), before),
        (_("近 90 天"), today - timedelta(days=89), today),
    ]
    return [
        {
            "label": label,
            "url": f"{reverse('desk:companies')}?{urlencode({'since': since, 'until': until})}",
            "current": (since, until) == (now.since, now.until),
            "count": None,
        }
        for label, since, until in wanted
    ]


def span_words(span: timedelta | None) -> str:
    """Return a length of time in hours and minutes; a dash where there is none."""
    if span is None:
        return "—"
    hours, minutes = divmod(round(span.total_seconds() / 60), 60)
    if not hours:
        return _("%(minutes)s 分钟") % {"minutes": minutes}
    return _("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": minutes}


def share_words(line: Line) -> str:
    """Return the share cleared in time with what it is a part of; a dash where nothing is decided."""
    return "—" if line.share is None else f"{float(line.share) * 100:.1f}%"


def _link(line: Line, figure: Figure, period: Period) -> str:
    query: dict[str, Any] = {"figure": figure.value, "category": BIKES, "unit": line.company_id}
    return (
        f"{reverse('desk:list')}?{urlencode({**query, 'since': period.since, 'until': period.until, 'order': 'new'})}"
    )


def _cell(line: Line, figure: Figure, period: Period, words: str = "") -> dict[str, Any]:
    count = line.counts[figure]
    return {"words": words or str(count), "href": _link(line, figure, period) if count else ""}


def _rows(ranking: Ranking, period: Period) -> list[dict[str, Any]]:
    found = []
    for row in ranking.rows:
        line = row.line
        cells = {f.value: _cell(line, f, period) for f in Figure}
        cells["removed"] = _cell(line, Figure.REMOVED, period, span_words(line.median))
        found.append(
            {"name": row.name, "rank": line.rank, "lacking": line.lacking, "share": share_words(line), **cells}
        )
    return found


def read(request: HttpRequest) -> tuple[Ranking, Period]:
    """Return the companies of the period that the address names, and the period.

    Raises:
        ForbiddenError: they are not for this reader.
    """
    now = clock.now()
    period = period_of(request, local(now).date())
    return cases.ranking(actor_of(request), since=period.since, until=period.until, now=now), period


@never_cache
@require_GET
@staff
def companies(request: HttpRequest) -> HttpResponse:
    """Show the companies' figures; a company its own alone."""
    ranking, period = read(request)
    node = cases.category(BIKES)
    context = {
        "rows": _rows(ranking, period),
        "minimum": ranking.minimum,
        "ranked": ranking.ranked,
        "period": period,
        "tabs": _periods(local(clock.now()).date(), period),
        "law": cases.law_words(node.spec, local(clock.now()).date()) if node else "",
        "own": not actor_of(request).has_role(*READERS_ALL),
        "nav_here": "companies",
    }
    return render(request, "desk/companies/companies.html", context)


def lacking_words(lacking: int, minimum: int) -> str:
    """Return why a company has no rank; empty where it has one."""
    if not lacking:
        return ""
    return _("有结论的不足 %(minimum)s 件，还差 %(lacking)s 件，不排名。") % {"minimum": minimum, "lacking": lacking}
