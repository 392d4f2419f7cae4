"""Projects as everybody reads them: areas and never door numbers, pictures that were cleared, steps without names."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.projects import selectors, services
from linli.engines.projects.rules import money
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.files import selectors as files
from linli.foundation.forms import selectors as question_sets
from linli.foundation.places import selectors as places
from linli.interfaces.portal import committee, limits
from linli.interfaces.web.access import public
from linli.interfaces.web.opening import label_of
from linli.interfaces.web.preferences import YEAR
from linli.interfaces.web.projects import asked, story, yuan
from linli.interfaces.web.sending import stream

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from linli.engines.projects.models import Ask, Project

COOKIE = "linli_ask"


def _row(project: Project) -> dict[str, Any]:
    return {
        "project": project,
        "area": project.area.name if project.area else _("整个街道"),
        "url": reverse("portal:project", args=[project.uuid]),
        "kind": "done" if project.state in {"finished", "accepted", "closed"} else "doing",
    }


@public
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show the projects that are public, the latest deadline first; search and filters work without scripts."""
    data = request.GET
    text, wanted = data.get("q", "").strip()[:60], data.get("class", "")[:32]
    area = places.area_by_code(data.get("area", "")[:48]) if data.get("area") else None
    page = selectors.public_projects(
        text=text, class_code=wanted, area_path=area.path if area else "", cursor=data.get("cursor", "")[:300]
    )
    query = urlencode([(k, v) for k, v in (("q", text), ("class", wanted), ("area", data.get("area", ""))) if v])
    homes = [{"value": a.code, "label": a.name} for a in committee.neighbourhoods()]
    classes = [{"value": c.code, "label": c.name} for c in selectors.classes()]
    context = {
        "page": page,
        "rows": [_row(p) for p in page.rows],
        "text": text,
        "class_code": wanted,
        "area": area,
        "areas": [{"value": "", "label": _("全部居民区")}, *homes],
        "classes": [{"value": "", "label": _("全部类别")}, *classes],
        "lists": [li for li in selectors.project_lists() if li.public],
        "base": f"?{query}&" if query else "?",
        "filtered": bool(query),
    }
    return render(request, "portal/projects/list.html", context)


@public
@require_GET
def one_list(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a yearly list that is public, with the progress of each of its projects."""
    found = selectors.project_list_for(uuid)
    if not found.public:
        raise NotFoundError(_("没有找到这份清单。"), code="projects.no_list")
    rows = [_row(p) for p in selectors.projects_on(found)]
    return render(request, "portal/projects/one_list.html", {"listed": found, "rows": rows})


def _pairs(project: Project) -> list[dict[str, Any]]:
    found = []
    for spot in selectors.spots(selectors.photos_of(project, public=True)):
        shown = [p for p in spot.both if p is not None] or spot.more[:1]
        photos = [
            {
                "url": reverse("portal:project_photo", args=[p.file.uuid, 1600]),
                "thumb": reverse("portal:project_photo", args=[p.file.uuid, 320]),
                "alt": f"{spot.name} {p.get_moment_display()}",
                "caption": str(p.get_moment_display()) + (f"：{p.caption}" if p.caption else ""),
            }
            for p in shown
        ]
        found.append({"name": spot.name, "photos": photos})
    return found


@public
@require_GET
def project(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one project: what, where (the area), by when, how far, pictures, steps, what residents are asked."""
    found, today = selectors.public_project(uuid), committee.today()
    nodes = [n for n in selectors.lines_of(found).nodes if n.kind != "work" or n.parent_id is None]
    context = {
        "row": _row(found),
        "project": found,
        "milestones": nodes,
        "pairs": _pairs(found),
        "story": story(selectors.public_steps(found), public=True),
        "asks": [asked(a, today=today, public=True) for a in selectors.asks_of(found)],
        "money": _money(found) if found.public_money else None,
        "thanks": request.GET.get("thanks") == "1",
    }
    return render(request, "portal/projects/project.html", context)


def _money(found: Project) -> dict[str, Any]:
    _left, percent = money.pairs(found.planned_cents, found.spent_cents)
    return {"planned": yuan(found.planned_cents), "spent": yuan(found.spent_cents), "percent": percent}


def _fields(ask: Ask, data: Any, errors: dict[str, list[str]]) -> list[dict[str, Any]]:
    kinds = {"choice": "radio", "yes_no": "radio", "long_text": "textarea"}
    yes_no = [{"value": "true", "label": _("解决了")}, {"value": "false", "label": _("没有解决")}]
    return [
        {
            "name": q.code,
            "label": label_of(q.label),
            "kind": kinds.get(q.type.value, "text"),
            "options": yes_no
            if q.type.value == "yes_no"
            else [{"value": c.code, "label": label_of(c.label)} for c in q.choices],
            "value": data.get(q.code, ""),
            "errors": errors.get(q.code, []),
            "required": "1" if q.required else "",
        }
        for q in question_sets.question_set(ask.form_code, ask.form_number).questions
    ]


def _given(data: Any) -> dict[str, Any]:
    given: dict[str, Any] = {k: v for k, v in data.items() if k not in {"csrfmiddlewaretoken", limits.TRAP}}
    return given


@public
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a question to residents and keep an anonymous answer: one per browser."""
    ask, error = selectors.ask_for(uuid), None
    data = request.POST if request.method == "POST" else {}
    if request.method == "POST":
        browser = request.COOKIES.get(COOKIE, "")[:64] or secrets.token_urlsafe(24)
        actor, now = request.actor, clock.now()  # type: ignore[attr-defined]
        try:
            limits.check_trap(request)
            limits.answer(request, now)
            services.answer(by=actor, now=now, ask=ask, answers=_given(data), browser=browser)
        except DomainError as refused:
            error = refused
        else:
            shown = HttpResponseRedirect(reverse("portal:project", args=[ask.project.uuid]) + "?thanks=1#asks")
            shown.set_cookie(
                COOKIE, browser, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
            return shown
    context = {
        "ask": ask,
        "open": ask.opens_on <= committee.today() <= ask.closes_on,
        "fields": _fields(ask, data, error.fields if error else {}),
        "error": error,
        "trap": limits.TRAP,
    }
    return render(request, "portal/projects/answer.html", context, status=error.status if error else 200)


@public
@never_cache
@require_GET
def blocker(request: HttpRequest, code: str) -> HttpResponse:
    """Show the residents concerned, by the address they were given, what was tried and what comes next; no names."""
    found, steps = selectors.shared_blocker(code)
    context = {"blocker": found, "steps": list(reversed(steps)), "project": found.project}
    shown = render(request, "portal/projects/blocker.html", context)
    shown["Referrer-Policy"] = "no-referrer"
    shown["X-Robots-Tag"] = "noindex"
    return shown


@public
@require_GET
def photo(_request: HttpRequest, file: UUID, size: int) -> HttpResponseBase:
    """Send a picture that was cleared for everybody."""
    if not selectors.is_public_photo(file):
        raise NotFoundError(_("没有找到这张照片。"))
    return stream(files.serve_shown(file, size), "max-age=3600")
