"""Writing the minutes while the meeting runs: each item saves itself, decisions and tasks beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.engines.activities import selectors, services
from linli.engines.activities.permissions import check_lead
from linli.engines.activities.types import Outcome, TaskLine
from linli.engines.activities.workflow import WRITING
from linli.engines.projects import selectors as projects
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError, NotFoundError, StaleError
from linli.interfaces.desk.admissions.views import entry_options
from linli.interfaces.desk.doors import actor_of, day_of, id_of, local, problem, staff, unit_options
from linli.interfaces.desk.meetings.planning import known_units

if TYPE_CHECKING:
    from linli.engines.activities.models import AgendaItem, Meeting

MOST_TASKS = 20


def _common(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    return {"by": actor_of(request), "now": clock.now(), "meeting": meeting}


def _item(request: HttpRequest, meeting: Meeting) -> AgendaItem | None:
    item_id = id_of(request.POST.get("item", ""))
    return selectors.item_for(meeting, item_id) if item_id is not None else None


def _decide(request: HttpRequest, meeting: Meeting) -> None:
    data = request.POST
    kind = data.get("kind", "")
    services.decide(
        **_common(request, meeting),
        item=_item(request, meeting),
        kind=kind,
        text=data.get("text", ""),
        tasks=_lines(request) if kind == Outcome.TASK else (),
    )


def _lines(request: HttpRequest) -> list[TaskLine]:
    """Return a task for each unit chosen.

    Raises:
        InvalidError: no unit or no day.
    """
    data = request.POST
    units = known_units(map(id_of, data.getlist("unit")))[:MOST_TASKS]
    due = day_of(data.get("due_on", ""))
    errors: dict[str, list[str]] = {}
    if not units:
        errors["unit"] = [_("请选择责任单位。")]
    if due is None:
        errors["due_on"] = [_("请填写完成期限。")]
    if errors or due is None:
        raise InvalidError(_("任务需要责任单位和期限。"), code="activities.task", fields=errors)
    entry, reason = id_of(data.get("admission", "")), data.get("outside_reason", "").strip()
    return [TaskLine(u, due, admission_id=entry, outside_reason=reason) for u in units]


def _withdraw(request: HttpRequest, meeting: Meeting) -> None:
    found = meeting.decisions.filter(pk=id_of(request.POST.get("decision", "")) or 0).first()
    if found is None:
        raise NotFoundError(_("没有找到这一条。"), code="desk.meeting")
    services.withdraw_decision(**_common(request, meeting), decision=found, reason=request.POST.get("reason", ""))


def _headings(meeting: Meeting) -> str:
    """Return the headings with which the summary of such minutes begins, one a line."""
    return "\n".join(f"{name}：" for name in selectors.kind(meeting.kind).sections)


def _summary(request: HttpRequest, meeting: Meeting) -> None:
    services.write_summary(**_common(request, meeting), text=request.POST.get("summary", ""))


def _record(request: HttpRequest, meeting: Meeting) -> None:
    item = _item(request, meeting)
    if item is None:
        raise NotFoundError(_("没有找到这个议题。"), code="desk.meeting")
    version = id_of(request.POST.get("version", "")) or 0
    services.write_record(**_common(request, meeting), item=item, text=request.POST.get("record", ""), expected=version)


def _propose(request: HttpRequest, meeting: Meeting) -> None:
    data, item = request.POST, _item(request, meeting)
    if item is None:
        raise NotFoundError(_("没有找到这个议题。"), code="desk.meeting")
    act, due = data.get("proposal", ""), day_of(data.get("due_on", ""))
    by_act: dict[str, dict[str, Any]] = {
        "raise": {"title": data.get("title", ""), "difficulty": bool(data.get("difficulty"))},
        "own": {
            "unit_id": next(iter(known_units([id_of(data.get("unit", ""))])), None),
            "due_on": due.isoformat() if due else "",
        },
        "solve": {"result": data.get("text", ""), "evidence": data.get("evidence", "")},
    }
    services.propose(
        **_common(request, meeting), item=item, act=act, data=by_act.get(act, {"text": data.get("text", "")})
    )


def _finish(request: HttpRequest, meeting: Meeting) -> None:
    services.finish(**_common(request, meeting))


ACTS: dict[str, Callable[[HttpRequest, Any], None]] = {
    "decide": _decide,
    "withdraw": _withdraw,
    "summary": _summary,
    "record": _record,
    "propose": _propose,
    "finish": _finish,
}


@require_http_methods(["GET", "POST"])
@staff
def minute(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the page to minute on; take a decision, a summary, what the meeting means for a topic."""
    actor = actor_of(request)
    meeting = selectors.meeting_for(actor, uuid)
    check_lead(actor, meeting)
    if request.method == "GET":
        if meeting.state not in WRITING:
            return HttpResponseRedirect(reverse("desk:meeting", args=[uuid]) + "?tab=record")
        return _page(request, meeting)
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise InvalidError(_("没有这个操作。"), code="desk.meeting")
    try:
        ACTS[act](request, meeting)
    except (InvalidError, ConflictError) as error:
        return _page(request, selectors.meeting_for(actor, uuid), error)
    if act == "finish":
        return HttpResponseRedirect(reverse("desk:meeting", args=[uuid]) + "?tab=record")
    item = id_of(request.POST.get("item", ""))
    return HttpResponseRedirect(reverse("desk:meeting_minute", args=[uuid]) + (f"#item-{item}" if item else ""))


def _page(request: HttpRequest, meeting: Meeting, error: DomainError | None = None) -> HttpResponse:
    items = selectors.agenda(meeting)
    tasks = projects.tasks_of_many([d.uuid for i in items for d in i.decisions.all()])
    here = id_of(request.POST.get("item", ""))
    stale = error if isinstance(error, StaleError) and "theirs" in error.params else None
    rows = []
    for item in items:
        mine = item.pk == here
        rows.append(
            {
                "item": item,
                "p": defaultdict(str, item.proposal),
                "record": request.POST.get("record", "") if stale and mine else item.record,
                "theirs": stale.params["theirs"] if stale and mine else "",
                "who": stale.params["who"] if stale and mine else "",
                "decisions": [{"d": d, "tasks": tasks.get(d.uuid, [])} for d in item.decisions.all()],
                "typed": defaultdict(str, request.POST.dict() if error and mine else {}),
                "chosen": request.POST.getlist("unit") if error and mine else [],
                "problem": problem(error) if error and mine else None,
                "deciding": bool(error) and mine and request.POST.get("act") == "decide",
            }
        )
    context = {
        "meeting": meeting,
        "rows": rows,
        "review": selectors.review_of(meeting, clock.now()) if any(i.kind == "review" for i in items) else None,
        "units": unit_options(empty=_("请选择")),
        "entries": entry_options(empty=_("居民区：清单事项")),
        "kinds": [{"value": k.value, "label": k.label} for k in Outcome],
        "problem": problem(error) if error and here is None else None,
        "summary": request.POST.get("summary", meeting.summary or _headings(meeting)),
        "today": local(clock.now()).date(),
        "nav_here": "meetings",
    }
    return render(request, "desk/meetings/minute.html", context, status=error.status if error else 200)


@require_POST
@staff
def record(request: HttpRequest, uuid: UUID, item_id: int) -> HttpResponse:
    """Save one item's text as it is typed; answer whether it is saved, or whose words stand there now."""
    actor = actor_of(request)
    meeting = selectors.meeting_for(actor, uuid)
    check_lead(actor, meeting)
    item = selectors.item_for(meeting, item_id)
    text, version = request.POST.get("record", ""), id_of(request.POST.get("version", "")) or 0
    context: dict[str, Any] = {"item": item, "meeting": meeting}
    try:
        item = services.write_record(**_common(request, meeting), item=item, text=text, expected=version)
        context |= {"saved": item, "version": item.version}
    except StaleError as error:
        context |= {"stale": error, "version": error.params.get("version", version), **error.params}
    except (InvalidError, ConflictError) as error:
        context |= {"refused": error, "version": version}
    return render(request, "desk/meetings/_saved.html", context)
