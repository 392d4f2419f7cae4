"""Yearly lists of projects, each with its owner and progress; the teams that projects share."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.projects import permissions, selectors, services
from linli.engines.projects.rules import tree
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.core.ids import uuid7
from linli.interfaces.desk.doors import actor_of, local, staff
from linli.interfaces.desk.projects import presenting
from linli.interfaces.desk.projects.forms import ClassForm, ListForm, TeamForm


@require_http_methods(["GET", "POST"])
@staff
def lists(request: HttpRequest) -> HttpResponse:
    """Show the yearly lists; make one."""
    actor, now, status = actor_of(request), clock.now(), 200
    form = ListForm(request.POST or None, initial={"year": local(now).year})
    if request.method == "POST":
        status = form.attempt(
            lambda: services.make_list(
                by=actor, now=now, **{**form.cleaned_data, "public": bool(form.cleaned_data["public"])}
            ),
            through=(ForbiddenError,),
        )
        if not status:
            messages.success(request, _("清单已建立。立项时选择列入即可。"))
            return HttpResponseRedirect(reverse("desk:project_list", args=[form.made.uuid]))
    context = {
        "lists": selectors.project_lists(),
        "form": form,
        "may_list": permissions.may_list(actor),
        "nav_here": "projects",
    }
    return render(request, "desk/projects/lists.html", context, status=status)


@require_GET
@staff
def one_list(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a yearly list: its projects in their order, each with its progress, and that of the whole."""
    actor = actor_of(request)
    found = selectors.project_list_for(uuid)
    rows = selectors.projects_on(found, actor)
    whole = tree.mean((1, Fraction(p.percent, 100)) for p in rows)
    context: dict[str, Any] = {
        "listed": found,
        "rows": [presenting.row(p) for p in rows],
        "percent": tree.percent(whole),
        "money": presenting.money_line(
            {"planned": sum(p.planned_cents for p in rows), "spent": sum(p.spent_cents for p in rows)}
        ),
        "nav_here": "projects",
    }
    return render(request, "desk/projects/one_list.html", context)


@require_http_methods(["GET", "POST"])
@staff
def teams(request: HttpRequest) -> HttpResponse:
    """Show the shared teams; enter one or change how many crews it has."""
    actor, now, status = actor_of(request), clock.now(), 200
    form = TeamForm(request.POST or None)
    if request.method == "POST":
        status = form.attempt(
            lambda: services.save_team(by=actor, now=now, **form.cleaned_data), through=(ForbiddenError,)
        )
        if not status:
            messages.success(request, _("班组已保存。"))
            return HttpResponseRedirect(reverse("desk:project_teams"))
    context = {
        "teams": selectors.teams(active=False), "form": form, "may_list": permissions.may_list(actor),
        "nav_here": "projects",
    }  # fmt: skip
    return render(request, "desk/projects/teams.html", context, status=status)


def _save_class(by: Actor, now: datetime, data: dict[str, Any]) -> None:
    code = data["code"] or uuid7().hex
    services.save_class(by=by, now=now, code=code, name=data["name"], active=bool(data["active"]))


@require_http_methods(["GET", "POST"])
@staff
def classes(request: HttpRequest) -> HttpResponse:
    """Show the classes of projects; add one, rename one, or take one out of use."""
    actor, now, status = actor_of(request), clock.now(), 200
    form = ClassForm(request.POST or None)
    if request.method == "POST":
        status = form.attempt(lambda: _save_class(actor, now, form.cleaned_data), through=(ForbiddenError,))
        if not status:
            messages.success(request, _("类别已保存。"))
            return HttpResponseRedirect(reverse("desk:project_classes"))
    context = {
        "classes": selectors.classes(active=False), "form": form, "may_list": permissions.may_list(actor),
        "nav_here": "projects",
    }  # fmt: skip
    return render(request, "desk/projects/classes.html", context, status=status)
