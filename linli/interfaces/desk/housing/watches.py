"""Zero reports: the flats that a firm or a neighbourhood watches, what is due this month, alarms."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork.rules.housing import Watch as Standing
from linli.engines.fieldwork.rules.housing import Watched
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.core.paging import Page, keyset
from linli.interfaces.desk.doors import actor_of, problem, staff, uuid_of
from linli.interfaces.desk.housing.dossiers import place_of
from linli.interfaces.desk.visits.common import NAV, area_name, area_names
from linli.programmes.housing import services

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Watch

TONES = {
    Standing.QUIET: "done", Standing.AWAITED: "new", Standing.MISSED: "late", Standing.RELAPSED: "late",
    Standing.EXPIRED: "idle",
}  # fmt: skip


def _words() -> dict[Standing, str]:
    return {
        Standing.QUIET: _("本月已零报告"), Standing.AWAITED: _("待零报告"), Standing.MISSED: _("零报告缺报"),
        Standing.RELAPSED: _("回潮"), Standing.EXPIRED: _("监控期满"),
    }  # fmt: skip


def page_of(request: HttpRequest, cursor: str, size: int) -> Page[Watch]:
    """Return a page of the watched flats, those first whose watch ends first."""
    rows = fieldwork.watches(actor_of(request)).select_related("target__parent__parent", "unit")
    return keyset(rows, keys=[("until", date), ("id", int)], cursor=cursor, size=size)


def rows_of(found: list[Watch], opened: UUID | None = None) -> list[dict[str, Any]]:
    """Return watched flats as the list shows them; ``opened`` is the one whose form was sent."""
    standings, names, words = fieldwork.watch_standings(found, clock.now()), area_names(), _words()
    return [_row(w, standings[w.pk], names, words, opened=w.uuid == opened) for w in found]


@require_http_methods(["GET", "POST"])
@staff
def watches(request: HttpRequest) -> HttpResponse:
    """Show the watched flats with what is due; take a report of one of them."""
    error: DomainError | None = None
    sent = uuid_of(request.POST.get("watch", "")) if request.method == "POST" else None
    if request.method == "POST":
        try:
            return _report(request, sent)
        except DomainError as refused:
            if refused.status in {403, 404}:
                raise
            error = refused
    page = page_of(request, request.GET.get("cursor", ""), 50)
    shown = rows_of(page.rows, sent)
    context = {
        "page": page,
        "rows": shown,
        "alarms": [r for r in shown if r["alarm"]],
        "awaited": sum(r["due"] for r in shown),
        "typed": request.POST if error is not None else {},
        "problem": problem(error) if error is not None else None,
        "nav_here": NAV,
    }
    return render(request, "desk/housing/watches.html", context, status=error.status if error is not None else 200)


def _row(
    watch: Any, found: Watched, names: dict[str, str], words: dict[Standing, str], *, opened: bool
) -> dict[str, Any]:
    return {
        "w": watch,
        "place": place_of(watch.target),
        "area": area_name(names, watch.area_path),
        "words": words[found.standing],
        "tone": TONES[found.standing],
        "alarm": found.alarm,
        "next": found.next_due,
        "missing": found.missing,
        "due": found.standing in {Standing.AWAITED, Standing.MISSED},
        "over": found.standing is Standing.EXPIRED,
        "opened": opened,
    }


def _report(request: HttpRequest, sent: UUID | None) -> HttpResponse:
    again = request.POST.get("again") == "yes"
    made = services.report(
        by=actor_of(request), now=clock.now(), watch_uuid=sent or UUID(int=0), again=again,
        text=request.POST.get("text", ""),
    )  # fmt: skip
    if made is not None:
        messages.success(request, _("已报告回潮，重新立案 %(number)s。") % {"number": made.number})
    else:
        messages.success(request, _("回潮已报告。") if again else _("零报告已登记。"))
    return HttpResponseRedirect(reverse("desk:housing_watches"))
