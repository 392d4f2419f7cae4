"""Registering a problem for somebody on the telephone, at the counter or in a letter, within a minute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.types import FeedbackWay, FilePurpose, Source
from linli.engines.cases.workflow import CENTRE
from linli.engines.judgement.selectors.category import Guess, Suggestion
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError
from linli.foundation.core.ids import uuid7
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.interfaces.desk.doors import (
    actor_of,
    choice_options,
    get_case_for,
    local,
    problem,
    staff,
    unit_options,
    uuid_of,
)
from linli.interfaces.desk.files import uploads
from linli.interfaces.desk.intake import hearing, known, parsing, receipts

if TYPE_CHECKING:
    from datetime import datetime

    from linli.engines.cases.types import Receipt, Report
    from linli.foundation.core.actors import Actor

NOT_HERE = ("resident", "guidance", "video", "sensor", "internal", "open311", "email")


def _empty(request: HttpRequest) -> QueryDict:
    data = QueryDict(mutable=True)
    data["source"], data["uuid"] = Source.PHONE.value, str(uuid7())
    if found_with := request.GET.get("with", ""):
        case = get_case_for(actor_of(request), found_with)
        data["with"], data["address"], data["source"] = case.number, case.address, Source.PATROL.value
        data["area"] = str(case.area_id or "")
    if (desk_uuid := uuid_of(request.GET.get("desk", ""))) is not None:
        desk = people.desk_for(desk_uuid)
        data["desk"], data["source"], data["area"] = str(desk.uuid), Source.WALK_IN.value, str(desk.area_id)
    return data


def _take_in(by: Actor, now: datetime, report: Report, data: QueryDict) -> Receipt:
    """Enter the report; one found while another case was handled is linked to it."""
    dispatch = data.get("act") == "dispatch" and by.has_role(*CENTRE)
    if (desk_uuid := uuid_of(str(data.get("desk", "")))) is not None:
        return services.report_at_desk(
            by=by, now=now, report=report, desk=people.desk_for(desk_uuid).name, dispatch=dispatch
        )
    if with_number := data.get("with"):
        case = get_case_for(by, str(with_number))
        return services.report_found_with(by=by, now=now, case=case, report=report, dispatch=dispatch)
    return services.report(by=by, now=now, report=report, dispatch=dispatch)


def _category_options() -> list[dict[str, str]]:
    return [
        {"value": "", "label": _("按描述自动判断")},
        *({"value": n.spec.code, "label": n.title} for n in cases.fileable()),
    ]


def _area_options() -> list[dict[str, Any]]:
    found = places.areas(on=local(clock.now()).date(), kind="neighbourhood")
    return [{"value": "", "label": _("不清楚")}, *({"value": a.pk, "label": a.name} for a in found)]


def _why(guess: Guess, found: Suggestion) -> str:
    """Return in a line why a category is suggested: its group, how likely it is, the words that weighed."""
    parts = [guess.node.group]
    if found.version:
        parts.append(f"{round(100 * guess.probability)}%")
    if guess.words:
        parts.append(_("依据：%(words)s") % {"words": "、".join(guess.words[:3])})
    return " · ".join(parts)


def _aspects(request: HttpRequest, data: QueryDict, errors: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return what follows from words, category and place: suggestions, questions, danger, what was reported before."""
    node, found = parsing.chosen_category(data)
    heard = hearing.heard(actor_of(request), data.get("text", ""), data.get("heard", ""))
    picks = [{"value": g.node.spec.code, "label": g.node.spec.name, "hint": _why(g, found)} for g in found.guesses]
    return {
        "node": node,
        "picks": picks,
        "picked": node.spec.code if node else "",
        "unsure": bool(picks) and node is None,
        "danger": node.spec.advice() if node else "",
        "law": cases.law_words(node.spec, local(clock.now()).date()) if node else "",
        "near": known.near(actor_of(request), data, node, heard),
        "heard": heard,
        "questions": parsing.questions_of(node, data, errors, _("是"), _("否")),
        "question_set": parsing.questions_json(node),
    }


def _form(
    request: HttpRequest,
    data: QueryDict,
    *,
    error: DomainError | None = None,
    kept: Sequence[UUID] = (),
    refused: Sequence[str] = (),
) -> HttpResponse:
    errors: dict[str, list[str]] = defaultdict(list, {k: list(v) for k, v in error.fields.items()} if error else {})
    errors["files"] += refused
    dispatcher = actor_of(request).has_role(*CENTRE)
    spot = data.get("place", "")
    context = {
        "typed": defaultdict(str, data.dict()),
        "errors": errors,
        "problem": problem(error) if error else None,
        "nav_here": "new",
        "categories": _category_options(),
        "areas": _area_options(),
        "units": unit_options(empty=_("不是反映某个单位")),
        "sources": choice_options(Source.choices, without=NOT_HERE),
        "may_dispatch": dispatcher,
        "ways": [
            {"value": "", "label": _("留了电话就电话答复")},
            *choice_options(FeedbackWay.choices, without=("email",)),
        ],
        "kept": uploads.shown(kept),
        "spots": [{"value": spot, "label": parsing.chosen_spot(data).address, "hint": ""}] if spot else [],
        "phrases": cases.phrases("report"),
        **_aspects(request, data, errors),
    }
    return render(request, "desk/intake/new.html", context, status=error.status if error else 422 if refused else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Show the form; take a problem in, with ``act=dispatch`` also send it where the rules say."""
    if request.method == "GET":
        return _form(request, _empty(request))
    now, actor, data = clock.now(), actor_of(request), request.POST
    kept, refused = uploads.take(request, now=now)
    if refused or data.get("act") == "look":
        return _form(request, data, kept=kept, refused=refused)
    report = parsing.to_report(data, uploads.refs(request, kept, FilePurpose.REPORT, now=now))
    if (joined := data.get("act", "")).startswith(known.JOIN):
        return _join(request, report, joined.removeprefix(known.JOIN), kept)
    try:
        receipt = _take_in(actor, now, report, data)
    except (InvalidError, ConflictError) as error:
        return _form(request, data, error=error, kept=kept)
    return receipts.hand(HttpResponseRedirect(reverse("desk:new_done", args=[receipt.number])), receipt)


def _join(request: HttpRequest, report: Report, number: str, kept: Sequence[UUID]) -> HttpResponse:
    """Put the call to a case that is known already; what was typed stays where that cannot be."""
    actor, data = actor_of(request), request.POST
    case = get_case_for(actor, number)
    try:
        receipt = services.join_by_call(
            by=actor, now=clock.now(), case=case, contact=report.contact, text=report.text, files=report.files,
            uuid=report.uuid or uuid7(), source=report.source,
        )  # fmt: skip
    except DomainError as error:
        return _form(request, data, error=error, kept=kept)
    return receipts.hand(HttpResponseRedirect(f"{reverse('desk:new_done', args=[case.number])}?joined=1"), receipt)


@require_POST
@staff
def look(request: HttpRequest) -> HttpResponse:
    """Answer, while somebody types, what kind of problem it seems to be and what that asks for."""
    context = {"typed": defaultdict(str, request.POST.dict()), "oob": True, **_aspects(request, request.POST, {})}
    return render(request, "desk/intake/_look.html", context)


@require_POST
@staff
def find_places(request: HttpRequest) -> HttpResponse:
    """Answer the places that fit the address typed so far. A POST: an address belongs in no log."""
    words = request.POST.get("address", "").strip()[:200]
    spots = known.places_for(actor_of(request), words) if len(words) >= 2 else []
    context = {"spots": spots, "typed": defaultdict(str), "searched": bool(words)}
    return render(request, "desk/intake/_places.html", context)


def track_url(request: HttpRequest) -> str:
    """Return the address at which a code is looked up; the code itself is typed there, never part of an address."""
    for name in ("portal:track", "portal:home"):
        try:
            return request.build_absolute_uri(reverse(name))
        except NoReverseMatch:
            continue
    return request.build_absolute_uri("/")


@never_cache
@require_GET
@staff
def done(request: HttpRequest, number: str) -> HttpResponse:
    """Show number and tracking code large, to be read out or printed."""
    case = get_case_for(actor_of(request), number)
    code = receipts.code_for(request, number)
    node = cases.category(case.category.code)
    context = {
        "case": case,
        "code": receipts.spoken(code),
        "track": track_url(request),
        "nav_here": "new",
        "danger": node.spec.advice() if node else "",
        "joined": request.GET.get("joined") == "1",
    }
    return render(request, "desk/intake/done.html", context)


@never_cache
@require_GET
@staff
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """Show a slip of half a page for people without a telephone."""
    case = get_case_for(actor_of(request), number)
    code = receipts.spoken(receipts.code_for(request, number))
    return render(request, "desk/intake/slip.html", {"case": case, "code": code, "track": track_url(request)})


@require_POST
@staff
def code_again(request: HttpRequest, number: str) -> HttpResponse:
    """Issue a new tracking code in place of a lost one."""
    case = get_case_for(actor_of(request), number)
    receipt = services.new_code(by=actor_of(request), now=clock.now(), case=case)
    return receipts.hand(HttpResponseRedirect(reverse("desk:new_done", args=[receipt.number])), receipt)
