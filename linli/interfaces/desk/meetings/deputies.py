"""The deputies' work: research, motions and suggestions with what became of them outside, talks with third parties."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.activities import selectors, services
from linli.engines.activities.permissions import check_deputies
from linli.engines.activities.types import MotionKind, NewMotion
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError
from linli.foundation.core.paging import Page
from linli.interfaces.desk.doors import actor_of, day_of, id_of, local, problem, shown_again, staff, unit_options
from linli.interfaces.desk.meetings.lists import places_of
from linli.interfaces.desk.meetings.topics import offered

if TYPE_CHECKING:
    from linli.engines.activities.models import Motion, Negotiation


def box_labels() -> dict[str, str]:
    """Return what the boxes of motions are called."""
    return {"open": _("办理中"), "late": _("逾期未答复"), "ended": _("已办结")}


def asked_of(request: HttpRequest) -> tuple[str, str]:
    """Return box and words that the address asks for."""
    box = request.GET.get("box", "open")
    return box if box in selectors.MOTION_BOXES else "open", request.GET.get("q", "").strip()[:60]


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Motion]:
    """Return a page of the motions and suggestions that the address asks for."""
    box, text = asked_of(request)
    today = local(clock.now()).date()
    return selectors.motions(actor_of(request), box, today=today, text=text, cursor=cursor, size=size)


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show motions and suggestions by where they stand, research meetings and talks."""
    actor, now = actor_of(request), clock.now()
    today = local(now).date()
    box, text = asked_of(request)
    labels = box_labels()
    query = {"q": text} if text else {}
    context = {
        "page": page_of(request, request.GET.get("cursor", "")),
        "tabs": [
            {"label": v, "url": f"?{urlencode({'box': k, **query})}", "count": None, "current": k == box}
            for k, v in labels.items()
        ],
        "talks": selectors.negotiations(actor),
        "research": selectors.meeting_list(actor, "all", now=now, kind="research", size=6).rows,
        "places": places_of(actor, "deputies"),
        "text": text,
        "base": f"?{urlencode({'box': box, **query})}&",
        "today": today,
        "nav_here": "meetings",
    }
    return render(request, "desk/meetings/deputies.html", context)


def _research(actor: Actor) -> list[dict[str, Any]]:
    found = selectors.meeting_list(actor, "all", now=clock.now(), kind="research", size=30).rows
    shown = ({"value": m.pk, "label": f"{local(m.starts_at):%Y-%m-%d} {m.title}"} for m in found)
    return [{"value": "", "label": _("未关联")}, *shown]


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Draft a motion or suggestion."""
    actor, error = actor_of(request), None
    check_deputies(actor)
    if request.method == "POST":
        data = request.POST
        try:
            made = services.draft_motion(
                by=actor,
                now=clock.now(),
                data=NewMotion(
                    title=data.get("title", ""),
                    kind=data.get("kind", ""),
                    text=data.get("text", ""),
                    proposers=data.get("proposers", ""),
                    meeting_id=offered(_research(actor), id_of(data.get("meeting", ""))),
                ),
            )
        except InvalidError as refused:
            error = refused
        else:
            return HttpResponseRedirect(reverse("desk:motion", args=[made.uuid]))
    context = {
        "kinds": [{"value": k.value, "label": k.label} for k in MotionKind],
        "meetings": _research(actor),
        "typed": defaultdict(str, request.POST.dict() or {"kind": "suggestion", **request.GET.dict()}),
        "errors": defaultdict(list, error.fields if error else {}),
        "problem": problem(error) if error else None,
        "nav_here": "meetings",
    }
    return render(request, "desk/meetings/motion_new.html", context, status=error.status if error else 200)


def _day(request: HttpRequest, name: str) -> date:
    found = day_of(request.POST.get(name, ""))
    if found is None:
        raise InvalidError(_("还有内容需要填写。"), fields={name: [_("请填写日期。")]})
    return found


def _act(request: HttpRequest, actor: Actor, found: Motion) -> None:
    data, act = request.POST, request.POST.get("act", "")
    common: dict[str, Any] = {"by": actor, "now": clock.now(), "motion": found}
    if act == "rewrite":
        services.rewrite_motion(**common, text=data.get("text", ""), expected=id_of(data.get("version", "")) or 0)
    elif act == "submit":
        services.submit_motion(
            **common,
            platform=data.get("platform", ""),
            number=data.get("number", ""),
            on=_day(request, "submitted_on"),
            reply_due_on=day_of(data.get("reply_due_on", "")),
        )
    elif act == "reply":
        services.reply_motion(
            **common,
            on=_day(request, "replied_on"),
            replied_by=data.get("replied_by", ""),
            reply=data.get("reply", ""),
        )
    else:
        services.end_motion(**common, on=local(clock.now()).date(), result=data.get("result", ""))


@require_http_methods(["GET", "POST"])
@staff
def motion(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a motion with its versions and what became of it; record the next step."""
    actor = actor_of(request)
    found = selectors.motion_for(actor, uuid)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            _act(request, actor, found)
        except (InvalidError, ConflictError) as refused:
            error = refused
            found = selectors.motion_for(actor, uuid)
        else:
            return HttpResponseRedirect(reverse("desk:motion", args=[uuid]))
    texts = list(found.texts.all())
    context = {
        "motion": found,
        "texts": texts,
        "last": texts[0] if texts else None,
        "talks": list(found.negotiations.prefetch_related("steps")),
        "act": request.POST.get("act", ""),
        **shown_again(request, error),
        "today": local(clock.now()).date(),
        "nav_here": "meetings",
    }
    return render(request, "desk/meetings/motion.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "POST"])
@staff
def talks_new(request: HttpRequest) -> HttpResponse:
    """Open the record of talks with a third party."""
    actor, error = actor_of(request), None
    check_deputies(actor)
    motions = selectors.motions(actor, "open", today=local(clock.now()).date()).rows
    options: list[dict[str, Any]] = [{"value": "", "label": _("未关联")}]
    options += [{"value": m.pk, "label": m.title} for m in motions]
    if request.method == "POST":
        data = request.POST
        try:
            made = services.open_negotiation(
                by=actor,
                now=clock.now(),
                title=data.get("title", ""),
                third_party=data.get("third_party", ""),
                unit_id=offered(unit_options(), id_of(data.get("unit", ""))),
                motion_id=offered(options, id_of(data.get("motion", ""))),
            )
        except InvalidError as refused:
            error = refused
        else:
            return HttpResponseRedirect(reverse("desk:negotiation", args=[made.uuid]))
    context = {
        "motions": options,
        "units": unit_options(empty=_("未指定")),
        "typed": defaultdict(str, request.POST.dict() or request.GET.dict()),
        "errors": defaultdict(list, error.fields if error else {}),
        "problem": problem(error) if error else None,
        "nav_here": "meetings",
    }
    return render(request, "desk/meetings/talks_new.html", context, status=error.status if error else 200)


def _talk(request: HttpRequest, actor: Actor, found: Negotiation) -> None:
    data = request.POST
    common: dict[str, Any] = {"by": actor, "now": clock.now(), "negotiation": found, "on": _day(request, "on")}
    if data.get("act") == "end":
        services.end_negotiation(**common, result=data.get("result", ""))
        return
    services.add_round(
        **common,
        who=data.get("who", ""),
        said=data.get("said", ""),
        next_step=data.get("next_step", ""),
        next_on=day_of(data.get("next_on", "")),
    )


@require_http_methods(["GET", "POST"])
@staff
def talks(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the rounds of talks; add one, or record how they ended."""
    actor = actor_of(request)
    found = selectors.negotiation_for(actor, uuid)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            _talk(request, actor, found)
        except (InvalidError, ConflictError) as refused:
            error = refused
        else:
            return HttpResponseRedirect(reverse("desk:negotiation", args=[uuid]))
    context = {
        "talks": found,
        "rounds": list(found.steps.all()),
        "act": request.POST.get("act", ""),
        **shown_again(request, error),
        "today": local(clock.now()).date(),
        "nav_here": "meetings",
    }
    return render(request, "desk/meetings/talks.html", context, status=error.status if error else 200)
