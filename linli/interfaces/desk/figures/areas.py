"""What is asked of each 居民区, how residents deal with it, and the score of hotline orders, each with its parts."""

from __future__ import annotations

from datetime import date
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
from linli.engines.indicators.permissions import may_enter
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, InvalidError
from linli.interfaces.desk.doors import actor_of, day_of, local, shown_again
from linli.interfaces.desk.figures.asking import asked, periods
from linli.interfaces.desk.figures.views import readers


@never_cache
@require_GET
@readers
def burden(request: HttpRequest) -> HttpResponseBase:
    """Show what was asked of each 居民区 beside its size."""
    now, ask = clock.now(), asked(request)
    found = selectors.burden(actor_of(request), ask.period, now=now)
    context = {
        "rows": found,
        "most": max([row.hours_each_thousand or 0 for row in found], default=0) or 1,
        "ask": ask,
        "tabs": periods(ask, local(now).date(), reverse("desk:figures_burden")),
        "sent": f"{reverse('desk:asked')}?since={ask.period.since}&until={ask.period.until}",
        "nav_here": "figures",
    }
    return render(request, "desk/figures/burden.html", context)


def _month(text: str) -> date:
    found = day_of(f"{text}-01")
    if found is None or not 2000 <= found.year <= 2100:
        raise InvalidError(_("请选择月份。"), code="indicators.outside", fields={"month": [_("请选择月份。")]})
    return found


def _lines(text: str) -> list[list[str]]:
    """Return the lines that were typed or pasted from a sheet: cells are parted by tabs or commas."""
    return [line.replace("，", ",").replace("\t", ",").split(",") for line in text.splitlines() if line.strip()]


@never_cache
@require_http_methods(["GET", "POST"])
@readers
def interaction(request: HttpRequest) -> HttpResponseBase:
    """Show the parts of each 居民区's interaction with residents; take in what an outside platform says."""
    now, ask, actor = clock.now(), asked(request), actor_of(request)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            count = services.enter_outside(
                by=actor, now=now, platform=request.POST.get("platform", ""), name=request.POST.get("name", ""),
                month=_month(request.POST.get("month", "")), lines=_lines(request.POST.get("lines", "")[:60_000]),
            )  # fmt: skip
            messages.success(request, _("已录入 %(count)s 个居民区的数据。") % {"count": count})
            return HttpResponseRedirect(f"{reverse('desk:figures_interaction')}?{ask.query()}")
        except DomainError as found:
            error = found
    rows = selectors.interaction(actor, ask.period, now=now)
    entered = {(o.platform, o.name, o.month): o for row in rows for o in row.outside}
    context: dict[str, Any] = {
        "rows": rows,
        "ask": ask,
        "tabs": periods(ask, local(now).date(), reverse("desk:figures_interaction")),
        "may_enter": may_enter(actor),
        "entered": list(entered.values()),
        "nav_here": "figures",
        **shown_again(request, error),
    }
    return render(request, "desk/figures/interaction.html", context, status=422 if error else 200)


@require_POST
@readers
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Take back one month's lines of an outside figure."""
    count = services.withdraw_outside(
        by=actor_of(request), now=clock.now(), uuid=uuid, reason=request.POST.get("reason", "")
    )
    messages.success(request, _("已撤回 %(count)s 行。") % {"count": count})
    return HttpResponseRedirect(reverse("desk:figures_interaction"))


@never_cache
@require_GET
@readers
def score(request: HttpRequest) -> HttpResponseBase:
    """Show the score of hotline orders by unit with all its parts; departments and 居村 apart."""
    now, ask = clock.now(), asked(request)
    found = selectors.scores(actor_of(request), ask.period, now=now)
    context = {
        "groups": [
            (_("部门和单位"), [s for s in found if not s.ground]),
            (_("居委会"), [s for s in found if s.ground]),
        ],
        "any": bool(found),
        "minimum": selectors.minimum(ask.period.until),
        "ask": ask,
        "tabs": periods(ask, local(now).date(), reverse("desk:figures_hotline")),
        "nav_here": "figures",
    }
    return render(request, "desk/figures/hotline.html", context)
