"""The companies by how they cleared shared bikes in a period: a page, and the same as a table file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.rules.removals import Figure, Line
from linli.engines.cases.selectors import BIKES, Ranking
from linli.engines.cases.workflow import READERS_ALL
from linli.foundation.core import clock
from linli.foundation.exports.services import write
from linli.interfaces.desk.doors import actor_of, day_of, local, staff
from linli.interfaces.desk.exports.views import MIME

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


def _read(request: HttpRequest) -> tuple[Ranking, Period]:
    now = clock.now()
    period = period_of(request, local(now).date())
    return cases.ranking(actor_of(request), since=period.since, until=period.until, now=now), period


@never_cache
@require_GET
@staff
def companies(request: HttpRequest) -> HttpResponse:
    """Show the companies' figures; a company its own alone."""
    ranking, period = _read(request)
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
        "export": f"{reverse('desk:companies_export')}?{urlencode({'since': period.since, 'until': period.until})}",
    }
    return render(request, "desk/companies/companies.html", context)


def _columns() -> list[tuple[str, int]]:
    return [
        (_("名次"), 8),
        (_("企业"), 32),
        (_("接到通知"), 10),
        (_("按时清走"), 10),
        (_("超时"), 8),
        (_("未到期或待核查"), 14),
        (_("按时率"), 10),
        (_("清走用时中位数（分钟）"), 20),
        (_("核查退回"), 10),
        (_("同点返潮"), 10),
        (_("说明"), 40),
    ]


def lacking_words(lacking: int, minimum: int) -> str:
    """Return why a company has no rank; empty where it has one."""
    if not lacking:
        return ""
    return _("有结论的不足 %(minimum)s 件，还差 %(lacking)s 件，不排名。") % {"minimum": minimum, "lacking": lacking}


@require_GET
@staff
def export(request: HttpRequest) -> FileResponse:
    """Send the same figures as a table file; that they were taken out is journalled."""
    ranking, period = _read(request)
    actor, now = actor_of(request), clock.now()
    rows = [
        [
            line.rank if line.rank is not None else "",
            row.name,
            *(line.counts[f] for f in (Figure.NOTIFIED, Figure.WITHIN, Figure.LATE, Figure.WAITING)),
            share_words(line),
            round(line.median.total_seconds() / 60) if line.median is not None else "",
            line.counts[Figure.REWORK],
            line.counts[Figure.REPEAT],
            lacking_words(line.lacking, ranking.minimum),
        ]
        for row, line in ((r, r.line) for r in ranking.rows)
    ]
    note = _("%(since)s 至 %(until)s 上报的共享单车问题，导出于 %(at)s，导出人 %(who)s。") % {
        "since": period.since,
        "until": period.until,
        "at": f"{local(now):%Y-%m-%d %H:%M}",
        "who": actor.label,
    }
    services.note_export(by=actor, now=now, count=len(rows), query=["companies", str(period.since), str(period.until)])
    name = f"{_('单车企业处置情况')}-{local(now):%Y%m%d-%H%M}.xlsx"
    answer = FileResponse(
        write(_("单车企业处置情况"), _columns(), rows, note), as_attachment=True, filename=name, content_type=MIME
    )
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
