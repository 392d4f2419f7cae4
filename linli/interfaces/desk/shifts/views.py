"""Handing over a shift: what is open, what the next one must know, who is on."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.selectors import Filters
from linli.engines.cases.workflow import CENTRE
from linli.foundation.core import clock
from linli.foundation.core.errors import ForbiddenError, InvalidError
from linli.foundation.people import selectors as people
from linli.interfaces.desk.doors import actor_of, problem, staff

PINNED = 12
HORIZON = timedelta(hours=18)


def _page(request: HttpRequest, error: InvalidError | None = None) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    chosen = request.POST.getlist("cases")
    soonest = cases.case_list(actor, Filters(), now=now, size=PINNED).rows
    notes = cases.shift_notes()
    context = {
        "waiting": [n for n in notes if n.read_at is None and n.by_user_id != actor.user_id],
        "counts": cases.counts(actor, Filters(), now=now),
        "soonest": soonest,
        "notes": [n for n in notes if n.read_at is not None or n.by_user_id == actor.user_id],
        "chosen": chosen,
        "on_duty": people.on_duty(now),
        "roster": people.roster(start=now, end=now + HORIZON),
        "typed": request.POST,
        "actor_id": actor.user_id,
        "problem": problem(error) if error else None,
        "phrases": cases.phrases("shift"),
        "nav_here": "shift",
    }
    return render(request, "desk/shifts/shift.html", context, status=422 if error else 200)


@require_http_methods(["GET", "POST"])
@staff
def shift(request: HttpRequest) -> HttpResponse:
    """Show the log; write what the next shift must know."""
    if not actor_of(request).has_role(*CENTRE):
        raise ForbiddenError(_("交接班由城运中心人员填写。"), code="cases.role")
    if request.method == "GET":
        return _page(request)
    numbers = [n[:24] for n in request.POST.getlist("cases")][:PINNED]
    try:
        services.hand_over_shift(
            by=actor_of(request), now=clock.now(), text=request.POST.get("text", ""), case_numbers=numbers
        )
    except InvalidError as error:
        return _page(request, error)
    return HttpResponseRedirect(reverse("desk:shift"))


@require_POST
@staff
def take_over(request: HttpRequest, note_id: int) -> HttpResponse:
    """Confirm having read what the last shift left."""
    services.take_over_shift(by=actor_of(request), now=clock.now(), note=cases.shift_note(note_id))
    return HttpResponseRedirect(reverse("desk:shift"))
