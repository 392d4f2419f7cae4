"""The paper list, the QR page, and what who scans it sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.activities import selectors, services
from linli.engines.activities.permissions import check_lead
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, ForbiddenError, NotFoundError
from linli.interfaces.desk.doors import actor_of, id_of, problem, staff

BLANK_LINES = 6


@require_GET
@staff
def sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the list to sign, a page for each venue, for the printer."""
    actor = actor_of(request)
    meeting = selectors.meeting_for(actor, uuid)
    check_lead(actor, meeting)
    rows = selectors.attendees(meeting)
    venues = list(meeting.venues.all())
    groups = [
        {"venue": v, "rows": [a for a in rows if a.venue_id == v.pk or (a.venue_id is None and v.is_main)]}
        for v in venues
    ]
    context = {"meeting": meeting, "groups": groups, "blank": range(BLANK_LINES)}
    return render(request, "desk/meetings/signsheet.html", context)


@require_GET
@staff
def code(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a QR code for each venue; it opens an hour before the meeting and ends with it."""
    actor, now = actor_of(request), clock.now()
    meeting = selectors.meeting_for(actor, uuid)
    check_lead(actor, meeting)
    codes: list[dict[str, Any]] = [
        {
            "venue": v,
            "url": request.build_absolute_uri(
                reverse("desk:meeting_sign", args=[services.sign_token(meeting, v.pk, now)])
            ),
        }
        for v in meeting.venues.all()
    ]
    opens = meeting.starts_at - timedelta(minutes=selectors.number("qr_before", now))
    ends = meeting.ends_at + timedelta(minutes=selectors.number("qr_after", now))
    wanted = id_of(request.GET.get("venue", ""))
    codes = [c for c in codes if c["venue"].pk == wanted] or codes
    context = {"meeting": meeting, "codes": codes, "opens": opens, "ends": ends}
    return render(request, "desk/meetings/qr.html", context)


@require_http_methods(["GET", "POST"])
@staff
def scanned(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in whoever scanned the code; GET shows a form that sends itself."""
    if request.method == "GET":
        return render(request, "desk/meetings/scanned.html", {"token": token, "nav_here": "meetings"})
    try:
        done = services.sign_in(by=actor_of(request), now=clock.now(), token=token)
    except (NotFoundError, ForbiddenError):
        raise
    except DomainError as error:
        context = {"problem": problem(error), "nav_here": "meetings"}
        return render(request, "desk/meetings/scanned.html", context, status=error.status)
    return render(request, "desk/meetings/scanned.html", {"done": done, "nav_here": "meetings"})
