"""Inviting the holders of certain posts: who they would be, one message, the list, the sheet, who came."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError, InvalidError
from linli.foundation.people import selectors, services
from linli.foundation.people.types import POST_GROUPS
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, id_of, local, problem, staff
from linli.interfaces.web.forms import DomainForm, text_field

if TYPE_CHECKING:
    from linli.foundation.core.actors import Actor
    from linli.foundation.people.models import Invitation

_MOMENT = {"type": "datetime-local"}


class InviteForm(DomainForm):
    """What, where, when, and who by post and area."""

    title = forms.CharField(label=gettext_lazy("会议"), max_length=120)
    starts_at = forms.DateTimeField(label=gettext_lazy("时间"), widget=forms.DateTimeInput(attrs=_MOMENT))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=120)
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("请谁参加"),
        choices=[(g.code, g.name) for g in POST_GROUPS.values()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    areas = forms.TypedMultipleChoiceField(
        label=gettext_lazy("哪些区域"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    text = text_field(gettext_lazy("说明"), required=False, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer subdistrict, grids and neighbourhoods."""
        super().__init__(*args, **kwargs)
        areas: Any = self.fields["areas"]
        areas.choices = [(a.id, a.name) for a in directory.areas(local(clock.now()).date())]


def _check(actor: Actor) -> None:
    if not actor.has_role(*services.INVITERS):
        raise ForbiddenError(
            _("会议由街道城运中心、领导、单位负责人召集，综合网格长召集本网格的。"), code="desk.invite"
        )


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the meetings people were invited to, the latest first."""
    _check(actor_of(request))
    page = selectors.invitations(cursor=request.GET.get("cursor", ""))
    return render(request, "desk/invitations/list.html", {"page": page, "nav_here": "more"})


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Show who would be invited (``act=look``), or invite them."""
    actor, now, status = actor_of(request), clock.now(), 200
    _check(actor)
    form, found = InviteForm(request.POST or None), None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                if request.POST.get("act") == "look":
                    services.check_inviter(actor, data["areas"])
                    found, status = selectors.called(data["groups"], data["areas"], now), 200
                else:
                    row = services.invite(
                        by=actor,
                        now=now,
                        title=data["title"],
                        place=data["place"],
                        starts_at=data["starts_at"],
                        groups=data["groups"],
                        area_ids=data["areas"],
                        text=data["text"],
                    )
                    messages.success(request, _("已发出邀请。"))
                    return HttpResponseRedirect(reverse("desk:invitation", args=[row.uuid]))
            except DomainError as error:
                form.take(error)
                status = error.status
    context = {"form": form, "found": found, "nav_here": "more"}
    return render(request, "desk/invitations/new.html", context, status=status)


def _people(row: Invitation) -> list[dict[str, Any]]:
    """Return who is invited by group, in the order of units."""
    rows = row.invitees.select_related("user", "unit").order_by("group", "unit__name", "id")
    return [
        {"name": POST_GROUPS[code].name if code in POST_GROUPS else code, "people": list(found)}
        for code, found in groupby(rows, key=lambda i: i.group)
    ]


@require_http_methods(["GET", "POST"])
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show who is invited; record who came; call it off."""
    actor, now, error = actor_of(request), clock.now(), None
    _check(actor)
    row = selectors.invitation_for(uuid)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "cancel":
                reason = request.POST.get("reason", "")
                services.cancel_invitation(by=actor, now=now, invitation=row, reason=reason)
            else:
                user_id, came = id_of(request.POST.get("user", "")) or 0, request.POST.get("act") != "undo"
                services.check_in(by=actor, now=now, invitation=row, user_id=user_id, came=came)
        except (InvalidError, ConflictError) as refused:
            error = refused
        else:
            return HttpResponseRedirect(reverse("desk:invitation", args=[uuid]))
    groups = _people(row)
    every = [i for g in groups for i in g["people"]]
    context = {
        "row": row,
        "groups": groups,
        "size": len(every),
        "came": sum(i.came_at is not None for i in every),
        "may_keep": row.cancelled_at is None and services.may_keep(actor, row),
        "typed": request.POST,
        "problem": problem(error) if error else None,
        "nav_here": "more",
    }
    return render(request, "desk/invitations/one.html", context, status=error.status if error else 200)


@require_GET
@staff
def sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the attendance sheet for the printer."""
    _check(actor_of(request))
    row = selectors.invitation_for(uuid)
    people = [i for g in _people(row) for i in g["people"]]
    names = {code: g.name for code, g in POST_GROUPS.items()}
    return render(request, "desk/invitations/sheet.html", {"row": row, "people": people, "names": names})
