"""Requests to take something down, for those who decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import DomainError, ForbiddenError
from linli.foundation.core.paging import Page
from linli.interfaces.desk.doors import actor_of, check_staff, id_of, local, problem
from linli.interfaces.desk.publishing.doors import tabs
from linli.interfaces.web.access import behind
from linli.programmes.publishing import permissions, selectors, services
from linli.programmes.publishing.types import Answer

if TYPE_CHECKING:
    from linli.programmes.publishing.models import TakedownRequest

P = ParamSpec("P")


def check_decider(by: Actor) -> None:
    """Raise ForbiddenError unless ``by`` decides requests."""
    check_staff(by)
    if not permissions.may_decide(by):
        raise ForbiddenError(_("删除申请由值班长和街道领导办理。"), code="publishing.role")


deciders = behind(check_decider)


def asks_waiting(request: HttpRequest) -> bool:
    """Return whether the address asks for the requests that wait, else for those that are answered."""
    return request.GET.get("box") != "answered"


def box_label(*, waiting: bool) -> str:
    """Return what the requests that wait, or those that are answered, are called."""
    return _("待答复") if waiting else _("已答复")


def page_of(request: HttpRequest, cursor: str, size: int = 30) -> Page[TakedownRequest]:
    """Return a page of the requests that the address asks for."""
    return selectors.pleas(actor_of(request), waiting=asks_waiting(request), cursor=cursor, size=size)


@require_GET
@deciders
def listing(request: HttpRequest) -> HttpResponse:
    """Show the requests: those that wait by day, or those that are answered."""
    actor, waiting = actor_of(request), asks_waiting(request)
    context = {
        "page": page_of(request, request.GET.get("cursor", "")),
        "boxes": [
            {
                "label": box_label(waiting=True),
                "url": "?",
                "current": waiting,
                "count": selectors.waiting_pleas(actor),
            },
            {"label": box_label(waiting=False), "url": "?box=answered", "current": not waiting, "count": None},
        ],
        "waiting": waiting,
        "base": "?" if waiting else "?box=answered&",
        "today": local(clock.now()).date(),
        "tabs": tabs(actor, "pleas"),
        "nav_here": "publishing",
    }
    return render(request, "desk/publishing/pleas.html", context)


@require_http_methods(["GET", "POST"])
@deciders
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a request; take the article off for the time being, answer; how to reach who asks is opened on request."""
    actor, now = actor_of(request), clock.now()
    plea, error, opened = selectors.plea_for(actor, uuid), None, False
    if request.method == "POST":
        try:
            opened = _do(request, plea)
        except DomainError as refused:
            error = refused
            plea = selectors.plea_for(actor, uuid)
        else:
            if not opened:
                return HttpResponseRedirect(reverse("desk:publishing_plea", args=[uuid]))
    context: dict[str, Any] = {
        "plea": plea,
        "asker": selectors.asker_of(plea),
        "opened": opened,
        "answers": [{"value": a.value, "label": a.label} for a in Answer if a.value],
        "today": local(now).date(),
        "typed": request.POST,
        "problem": problem(error) if error else None,
        "nav_here": "publishing",
    }
    return render(request, "desk/publishing/plea.html", context, status=error.status if error else 200)


def _do(request: HttpRequest, plea: Any) -> bool:
    """Do what the button says; return whether the contact is to be shown now."""
    act, post = request.POST.get("act", ""), request.POST
    common: dict[str, Any] = {"by": actor_of(request), "now": clock.now(), "plea": plea}
    if act == "open":
        services.note_seen(**common)
        return True
    if act == "hide":
        services.hide(**common, reason=post.get("why", ""))
        messages.success(request, _("已暂时隐去，公开页面不再显示。"))
        return False
    services.answer_plea(
        **common,
        answer=post.get("answer", ""),
        reply=post.get("reply", ""),
        article_version=id_of(post.get("version", "")) or 0,
    )
    messages.success(request, _("已答复，申请人凭查询码可以看到。"))
    return False
