"""The figures side by side, one figure told apart, and the rows that it counts."""

from __future__ import annotations

from typing import Any, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.engines.indicators import selectors
from linli.engines.indicators.permissions import check_reader, figure_for, reads_all
from linli.engines.indicators.types import Dimension, Figure, Group, Unit
from linli.foundation.core import clock
from linli.interfaces.desk.doors import actor_of, day_of, local, staff_who
from linli.interfaces.desk.figures import presenting
from linli.interfaces.desk.figures.asking import Asked, asked, choices, periods, said
from linli.interfaces.web.access import behind

P = ParamSpec("P")
USUAL = (
    "intake", "closed", "backlog", "overdue", "on_time", "satisfaction", "rework", "unsolved", "own_find",
    "grid_on_time", "time_to_close", "hotline_contact", "hotline_solved", "hotline_satisfaction",
)  # fmt: skip


# Those whom figures are for.
readers = behind(staff_who(check_reader))


def chosen(request: HttpRequest) -> list[Figure]:
    """Return the figures that the address chooses, the usual ones where it chooses none."""
    known = selectors.figures(actor_of(request))
    wanted = set(request.GET.getlist("show")) & {f.code for f in known} or set(USUAL)
    return [f for f in known if f.code in wanted]


@never_cache
@require_GET
@readers
def overview(request: HttpRequest) -> HttpResponse:
    """Show the chosen figures of a period, each beside the period before it."""
    now, actor, ask = clock.now(), actor_of(request), asked(request)
    figures = chosen(request)
    codes = [f.code for f in figures]
    found = selectors.overview(actor, codes, ask.period, narrow=ask.narrow, now=now)
    before = selectors.overview(actor, codes, ask.period.before(), narrow=ask.narrow, now=now)
    shown: dict[str, list[dict[str, Any]]] = {group: [] for group in Group.values}
    for f in figures:
        value = found[f.code]
        link = ask.query()
        shown[f.group].append(
            {
                "name": f.name,
                "value": presenting.words(f, value.value),
                "out_of": presenting.out_of(f, value),
                "long": presenting.minutes_words(value.second) if f.unit == Unit.TIME else "",
                "change": presenting.change(f, value, before[f.code]),
                "formula": f.formula,
                "url": f"{reverse('desk:figure', args=[f.code])}?{link}",
            }
        )
    known = selectors.figures(actor)
    context = {
        "groups": [(Group(g).label, rows) for g, rows in shown.items() if rows],
        "ask": ask,
        "tabs": periods(ask, local(now).date(), reverse("desk:figures"), show=request.GET.getlist("show")),
        "choices": choices(ask),
        "said": said(ask),
        "known": [(Group(g).label, [f for f in known if f.group == g]) for g in Group.values],
        "show": set(codes),
        "brief": f"{reverse('desk:figures_brief')}?{ask.query(show=request.GET.getlist('show'))}",
        "folded_at": selectors.folded_at(),
        "whole": reads_all(actor),
        "watches": sum(w.raised_at is not None for w in selectors.own_watches(actor)),
        "nav_here": "figures",
    }
    return render(request, "desk/figures/overview.html", context)


def _bys(figure: Figure, ask: Asked) -> list[dict[str, Any]]:
    address = reverse("desk:figure", args=[figure.code])
    return [
        {"label": d.label, "url": f"{address}?{ask.query(by=d.value)}", "current": d.value == ask.by, "count": None}
        for d in Dimension
    ]


def _was(request: HttpRequest, figure: Figure, ask: Asked) -> dict[str, Any]:
    """Return what the figure was on the day asked about, as it was read then."""
    day, one = day_of(request.GET.get("day", "")), ask.narrow.one
    readable = one is not None and one[0] in {"", Dimension.UNIT, Dimension.AREA}
    if one == ("", "") and not reads_all(actor_of(request)):
        readable = False
    found: dict[str, Any] = {"day": day, "readable": readable, "row": None, "value": ""}
    if day is not None and one is not None and readable:
        row = selectors.was(actor_of(request), figure.code, day, dimension=one[0], key=one[1])
        if row is not None:
            part = f"{row.part:.1f}".removesuffix(".0")
            found |= {"row": row, "value": presenting.words(figure, row.value), "out_of": f"{part} / {row.whole}"}
    return found


@never_cache
@require_GET
@readers
def one(request: HttpRequest, code: str) -> HttpResponse:
    """Show one figure: its value, its trend, told apart, what it was on a past day, and how it is counted."""
    now, actor, ask = clock.now(), actor_of(request), asked(request)
    figure = figure_for(actor, code)
    found = selectors.counted(actor, code, ask.period, by=ask.by, narrow=ask.narrow, now=now)
    points = selectors.trend(actor, code, ask.period, narrow=ask.narrow, now=now)
    beside = selectors.overview(actor, figure.beside, ask.period, narrow=ask.narrow, now=now)
    others = {f.code: f for f in selectors.figures(actor)}
    address = reverse("desk:figure_rows", args=[code])
    context = {
        "figure": figure,
        "ask": ask,
        "value": presenting.words(figure, found.total.value),
        "long": presenting.minutes_words(found.total.second) if figure.unit == Unit.TIME else "",
        "out_of": presenting.out_of(figure, found.total),
        "total": found.total,
        "whole_url": f"{address}?{ask.query(by='')}",
        "part_url": f"{address}?{ask.query(by='', part=1)}" if figure.part is not None else "",
        "beside": [
            {
                "name": others[c].name,
                "value": presenting.words(others[c], v.value),
                "out_of": presenting.out_of(others[c], v),
                "url": f"{reverse('desk:figure', args=[c])}?{ask.query()}",
            }
            for c, v in beside.items()
        ],
        "chart": presenting.chart(figure, points),
        "points": [
            (p.begins, presenting.words(figure, p.value.value), presenting.out_of(figure, p.value)) for p in points
        ],
        "rows": presenting.cells(found, ask),
        "minimum": found.minimum,
        "compares": bool(ask.by) and Dimension(ask.by) in figure.compares,
        "by_label": Dimension(ask.by).label if ask.by else "",
        "bys": _bys(figure, ask),
        "tabs": periods(ask, local(now).date(), reverse("desk:figure", args=[code])),
        "choices": choices(ask),
        "said": said(ask),
        "was": _was(request, figure, ask),
        "rule": presenting.shown_rule(figure),
        "watchable": ask.narrow.one is not None,
        "fixed": urlencode({"code": code}),
        "folded_at": selectors.folded_at(),
        "nav_here": "figures",
    }
    return render(request, "desk/figures/one.html", context)


def opened_of(request: HttpRequest, code: str, ask: Asked, *, cursor: str, size: int) -> Any:
    """Return the page of rows that the address asks for; ``key`` ``-`` stands for the empty one."""
    typed = request.GET.get("key", "")
    return selectors.opened(
        actor_of(request),
        code,
        ask.period,
        by=ask.by if typed else "",
        key="" if typed == "-" else typed[:200],
        narrow=ask.narrow,
        part=bool(request.GET.get("part")),
        now=clock.now(),
        cursor=cursor,
        size=size,
    )


@never_cache
@require_GET
@readers
def rows(request: HttpRequest, code: str) -> HttpResponse:
    """Show the rows that a figure counts: of the numerator or of the denominator."""
    ask, figure = asked(request), figure_for(actor_of(request), code)
    key, part = request.GET.get("key", ""), bool(request.GET.get("part"))
    page = opened_of(request, code, ask, cursor=request.GET.get("cursor", ""), size=50)
    link = ask.query(key=key, part="1" if part else "")
    words = [*said(ask)]
    if ask.by and key:
        plain = "" if key == "-" else key
        words.append(selectors.labels(ask.by, {plain}, ask.period.until).get(plain, plain))
    address = reverse("desk:figure_rows", args=[code])
    tabs = [
        {"label": label, "url": f"{address}?{ask.query(key=key, part=p)}", "current": part is bool(p), "count": None}
        for label, p in ((figure.whole_words, ""), (figure.part_words, "1"))
        if label
    ]
    context = {
        "figure": figure,
        "ask": ask,
        "page": page,
        "rows": [(r, presenting.minutes_words(r.minutes)) for r in page.rows],
        "timed": bool(figure.minutes),
        "tabs": tabs if figure.part is not None else [],
        "base": f"?{link}&",
        "said": words,
        "back": f"{reverse('desk:figure', args=[code])}?{ask.query()}",
        "fixed": urlencode({"code": code}),
        "nothing": _("这段时间没有这样的件"),
        "nav_here": "figures",
    }
    return render(request, "desk/figures/rows.html", context)
