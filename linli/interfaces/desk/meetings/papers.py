"""Papers of a meeting, and its minutes for the printer and as docx."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.engines.activities import selectors
from linli.engines.activities.types import RemarkKind
from linli.engines.projects import selectors as projects
from linli.foundation.files import selectors as stored
from linli.interfaces.desk import word
from linli.interfaces.desk.doors import actor_of, staff
from linli.interfaces.desk.files.views import send
from linli.interfaces.desk.meetings.wording import minutes_docx
from linli.interfaces.web.sending import named


@require_GET
@staff
def download(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Send a paper as it came to who may read its meeting."""
    paper = selectors.paper_for(actor_of(request), uuid)
    return send(stored.serve_original(paper.file.uuid))


@require_GET
@staff
def printed(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the agenda, or the minutes once there are some, for the printer."""
    meeting = selectors.meeting_for(actor_of(request), uuid)
    items = selectors.agenda(meeting)
    uuids = [d.uuid for i in items for d in i.decisions.all()] + [i.subject_uuid for i in items if i.subject_uuid]
    tasks = projects.tasks_of_many(uuids)
    context = {
        "meeting": meeting,
        "venues": list(meeting.venues.all()),
        "items": [
            {
                "item": i,
                "decisions": [{"d": d, "tasks": tasks.get(d.uuid, [])} for d in i.decisions.all()],
                "tasks": tasks.get(i.subject_uuid, []) if i.subject_uuid else [],
            }
            for i in items
        ],
        "papers": [p for p in selectors.papers(meeting) if p.item_id is None],
        "attendance": selectors.attendance(meeting),
        "notes": meeting.remarks.filter(kind=RemarkKind.NOTE),
        "minuted": meeting.state in {"running", "minuted", "correcting", "sealed"},
    }
    return render(request, "desk/meetings/print.html", context)


@require_GET
@staff
def docx(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send the minutes as docx in the house's form."""
    meeting = selectors.meeting_for(actor_of(request), uuid)
    answer = HttpResponse(minutes_docx(meeting, selectors.content(meeting)), content_type=word.MIME)
    return named(answer, f"{meeting.title}.docx")
