"""What residents of a project are told, shown and asked; its pictures and its money."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.projects import selectors, services
from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError, InvalidError, NotFoundError
from linli.foundation.files import selectors as files
from linli.interfaces.desk.doors import actor_of, day_of, id_of, local, problem, staff
from linli.interfaces.desk.projects import one, presenting
from linli.interfaces.desk.projects.forms import AskForm, NoticeForm, PhotoForm, SpendingForm
from linli.interfaces.web.projects import asked
from linli.interfaces.web.sending import stream

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from linli.engines.projects.models import Project
    from linli.interfaces.web.forms import DomainForm

FORMS: dict[str, type[DomainForm]] = {"notice": NoticeForm, "ask": AskForm, "photo": PhotoForm}


def _page(
    request: HttpRequest, project: Project, forms: dict[str, DomainForm], error: DomainError | None = None
) -> HttpResponse:
    actor, today = actor_of(request), local(clock.now()).date()
    start = {"opens_on": today.isoformat(), "closes_on": (today + timedelta(days=14)).isoformat(), "moment": "before"}
    context = one.frame(actor, project, "project_residents")
    asks = selectors.asks_of(project)
    context |= {
        "spots": selectors.spots(selectors.photos_of(project)),
        "asks": [asked(a, today=today, public=False) for a in asks],
        "notices": presenting.story(selectors.public_steps(project)),
        "forms": {name: forms.get(name) or kind(initial=start) for name, kind in FORMS.items()},
        "opened": request.POST.get("act", "") if request.method == "POST" else "",
        "may_satisfy": project.state in {"finished", "accepted"} and all(a.kind != "satisfaction" for a in asks),
        "two_weeks": start["closes_on"],
        "problem": problem(error) if error else None,
    }
    return render(request, "desk/projects/residents.html", context, status=error.status if error else 200)


def _photo(request: HttpRequest, uuid: UUID, data: dict[str, Any]) -> None:
    sent = request.FILES.get("photo")
    if sent is None:
        raise InvalidError(_("请选择照片。"), fields={"photo": [_("请选择照片。")]})
    services.add_photo(
        by=actor_of(request),
        now=clock.now(),
        uuid=uuid,
        content=cast("Any", sent.file),
        name=sent.name or "photo.jpg",
        moment=data["moment"],
        spot=data["spot"],
        caption=data["caption"],
        public=bool(data["public"]),
    )


def _act(request: HttpRequest, uuid: UUID, act: str, data: dict[str, Any]) -> None:
    actor, now, sent = actor_of(request), clock.now(), request.POST
    if act == "notice":
        services.tell_residents(by=actor, now=now, uuid=uuid, text=data["text"])
    elif act == "ask":
        days = {"opens_on": data["opens_on"], "closes_on": data["closes_on"]}
        choices = data["choices"].splitlines()
        services.ask_residents(by=actor, now=now, uuid=uuid, title=data["title"], choices=choices, **days)
    elif act == "satisfaction":
        closes = day_of(sent.get("closes_on", ""))
        if closes is None:
            raise InvalidError(_("请填写截止日期。"), fields={"closes_on": [_("请填写截止日期。")]})
        services.ask_satisfaction(by=actor, now=now, uuid=uuid, closes_on=closes)
    elif act == "photo":
        _photo(request, uuid, data)
    elif act in {"clear", "hide"}:
        photo_id = id_of(sent.get("photo_id", "")) or 0
        services.set_photo_public(by=actor, now=now, uuid=uuid, photo_id=photo_id, public=act == "clear")
    else:
        raise ConflictError(_("没有这一步。"), code="projects.step")


@require_http_methods(["GET", "POST"])
@staff
def residents(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what residents are told, shown and asked; tell, show and ask them."""
    found = selectors.project_for(actor_of(request), uuid)
    if request.method == "GET":
        return _page(request, found, {})
    act = request.POST.get("act", "")
    forms = {act: FORMS[act](request.POST)} if act in FORMS else {}
    if forms and not forms[act].is_valid():
        return _page(request, found, forms, InvalidError(_("还有内容需要填写。")))
    try:
        _act(request, uuid, act, forms[act].cleaned_data if forms else {})
    except (ForbiddenError, NotFoundError):
        raise
    except DomainError as error:
        if forms:
            forms[act].take(error)
        return _page(request, found, forms, error)
    messages.success(request, _("已登记。"))
    return HttpResponseRedirect(reverse("desk:project_residents", args=[uuid]))


@require_http_methods(["GET", "POST"])
@staff
def money_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the money planned and spent, line by line; append a line."""
    actor, now, status = actor_of(request), clock.now(), 200
    found = selectors.project_for(actor, uuid)
    form = SpendingForm(request.POST or None, initial={"on": local(now).date().isoformat()})
    if request.method == "POST":
        status = form.attempt(
            lambda: services.add_spending(by=actor, now=now, uuid=uuid, **form.line()),
            through=(ForbiddenError, NotFoundError),
        )
        if not status:
            messages.success(request, _("支出已登记。"))
            return HttpResponseRedirect(reverse("desk:project_money", args=[uuid]))
    context = one.frame(actor, found, "project_money")
    spent = [{"line": s, "words": presenting.yuan(s.cents)} for s in selectors.spendings_of(found)]
    context |= {"form": form, "lines": spent, "money": presenting.money_of(found)}
    return render(request, "desk/projects/money.html", context, status=status)


@require_GET
@staff
def photo(request: HttpRequest, uuid: UUID, file: UUID, size: int) -> HttpResponseBase:
    """Send a picture of a project to who reads it."""
    found = selectors.project_for(actor_of(request), uuid)
    if not selectors.is_photo_of(file, found):
        raise NotFoundError(_("没有找到这张照片。"))
    return stream(files.serve_shown(file, size), "private, max-age=600")
