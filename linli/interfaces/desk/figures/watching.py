"""Thresholds that somebody sets for themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.indicators import selectors, services
from linli.engines.indicators.permissions import figure_for
from linli.engines.indicators.types import Dimension
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, InvalidError
from linli.interfaces.desk.doors import actor_of, local, shown_again
from linli.interfaces.desk.figures import presenting
from linli.interfaces.desk.figures.asking import Asked, asked, said
from linli.interfaces.desk.figures.views import readers


@never_cache
@require_GET
@readers
def listing(request: HttpRequest) -> HttpResponseBase:
    """Show one's own thresholds, the crossed ones first."""
    actor = actor_of(request)
    figures = {f.code: f for f in selectors.figures(actor)}
    today = local(clock.now()).date()
    rows = []
    for watch in selectors.own_watches(actor):
        figure = figures.get(watch.figure)
        if figure is None:
            continue
        where = _("全部") if not watch.dimension else ""
        if watch.dimension:
            where = selectors.labels(watch.dimension, {watch.key}, today).get(watch.key, watch.key)
        narrowed = {watch.dimension: watch.key} if watch.dimension else {}
        query = Asked(selectors.Period.last(watch.days, today)).query(**narrowed)
        rows.append(
            {
                "row": watch,
                "name": figure.name,
                "where": where,
                "threshold": presenting.words(figure, watch.threshold),
                "value": presenting.words(figure, watch.seen_value),
                "url": f"{reverse('desk:figure', args=[watch.figure])}?{query}",
            }
        )
    return render(request, "desk/figures/watches.html", {"rows": rows, "nav_here": "figures"})


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidError(
            _("阈值没有读懂。"), code="indicators.threshold", fields={"threshold": [_("请填数字。")]}
        ) from None


def _days(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


@never_cache
@require_http_methods(["GET", "POST"])
@readers
def watch(request: HttpRequest, code: str) -> HttpResponseBase:
    """Set a threshold on a figure for oneself."""
    actor, ask = actor_of(request), asked(request)
    figure = figure_for(actor, code)
    one, error = ask.narrow.one, None
    if request.method == "POST":
        try:
            if one is None:
                raise InvalidError(_("提醒只能按一个范围设。"), code="indicators.key")
            services.set_watch(
                by=actor, now=clock.now(), figure=code, above=request.POST.get("above") == "1",
                threshold=_float(request.POST.get("threshold", "")), days=_days(request.POST.get("days", "")),
                dimension=one[0], key=one[1],
            )  # fmt: skip
            messages.success(request, _("已设提醒，越过阈值时告诉您一次。"))
            return HttpResponseRedirect(reverse("desk:figure_watches"))
        except DomainError as found:
            error = found
    context: dict[str, Any] = {
        "figure": figure,
        "ask": ask,
        "said": said(ask),
        "sides": [{"value": "0", "label": _("低于")}, {"value": "1", "label": _("高于")}],
        "unit": {"share": _("百分比（0 到 100）"), "count": _("件数"), "time": _("分钟")}[figure.unit.value],
        "days": ask.period.days,
        "back": f"{reverse('desk:figure', args=[code])}?{ask.query()}",
        "one": one is not None and one[0] in {"", Dimension.UNIT, Dimension.AREA, Dimension.CATEGORY},
        "nav_here": "figures",
        **shown_again(request, error),
    }
    return render(request, "desk/figures/watch.html", context, status=422 if error else 200)


@require_POST
@readers
def drop(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Drop one's own threshold."""
    services.drop_watch(by=actor_of(request), now=clock.now(), uuid=uuid)
    messages.success(request, _("已删去提醒。"))
    return HttpResponseRedirect(reverse("desk:figure_watches"))
