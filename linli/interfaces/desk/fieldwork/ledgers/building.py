"""A house as a picture: a row for each floor, a cell for each flat, coloured by how it stands; and making it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from linli.engines.fieldwork import permissions, selectors, services
from linli.engines.fieldwork.selectors import Standing
from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.interfaces.desk.doors import actor_of, staff
from linli.interfaces.desk.fieldwork.ledgers import shared
from linli.interfaces.desk.fieldwork.ledgers.dossier import has_floors
from linli.interfaces.web.forms import DomainForm

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

WORDS = {
    Standing.TROUBLE: gettext_lazy("有未办结的问题"),
    Standing.DUE: gettext_lazy("待走访"),
    Standing.RECENT: gettext_lazy("近 90 天走访过"),
    Standing.LONG_AGO: gettext_lazy("走访已超过 90 天"),
    Standing.NEVER: gettext_lazy("从未走访"),
}
MARKS = {
    Standing.TROUBLE: "late",
    Standing.DUE: "new",
    Standing.RECENT: "done",
    Standing.LONG_AGO: "check",
    Standing.NEVER: "idle",
}


class GridForm(DomainForm):
    """Which floors a house has, and how many flats each."""

    first = forms.IntegerField(label=gettext_lazy("最低层"), initial=1, help_text=gettext_lazy("地下层写负数，如 -1。"))
    last = forms.IntegerField(label=gettext_lazy("最高层"), initial=6)
    doors = forms.IntegerField(label=gettext_lazy("每层户数"), initial=4, min_value=1, max_value=99)
    without = forms.CharField(
        label=gettext_lazy("没有的层"), required=False, max_length=60, help_text=gettext_lazy("如 4、14，用顿号分开。")
    )

    def clean_without(self) -> tuple[int, ...]:
        """Return the floors that there are not."""
        text = str(self.cleaned_data["without"]).replace("，", "、").replace(",", "、").replace(" ", "、")
        try:
            return tuple(int(part) for part in text.split("、") if part)
        except ValueError as error:
            raise forms.ValidationError(_("请写楼层的数字，用顿号分开。")) from error

    def take(self, error: Any) -> None:
        """Show what is wrong with the floors at the highest one."""
        if "floors" in error.fields:
            self.add_error("last", error.fields["floors"][0])
            return
        super().take(error)


def floors_of(request: HttpRequest, target: Target) -> list[dict[str, Any]]:
    """Return the floors from the top with their flats as cells."""
    found = selectors.grid_of(actor_of(request), target.uuid)
    stands = selectors.standings([flat for f in found for flat in f.flats], clock.now())
    return [
        {
            "floor": each.floor,
            "cells": [
                {"flat": flat, "mark": MARKS[stands[flat.pk]], "word": WORDS[stands[flat.pk]]} for flat in each.flats
            ],
        }
        for each in found
    ]


@require_http_methods(["GET", "POST"])
@staff
def grid(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Draw a house; make its floors and flats, or those that are missing."""
    by = actor_of(request)
    target = selectors.target_for(by, uuid)
    if not has_floors(target):
        raise NotFoundError(_("没有这个页面。"), code="fieldwork.no_floors")
    may_make = shared.may_keep(by, target) and target.until is None
    form, status = GridForm(), 200
    if request.method == "POST":
        permissions.check_keep(by, target)
        form = GridForm(request.POST)
        status = form.attempt(
            lambda: services.make_grid(by=by, now=clock.now(), building=uuid, **form.cleaned_data)
        )  # fmt: skip
        if not status:
            messages.success(request, _("新增 %(n)s 个楼层和房屋。") % {"n": form.made})
            return HttpResponseRedirect(reverse("desk:target_grid", args=[uuid]))
    floors = floors_of(request, target)
    counts = {code: sum(c["mark"] == mark for f in floors for c in f["cells"]) for code, mark in MARKS.items()}
    context = {
        "target": target,
        "floors": floors,
        "legend": [{"mark": MARKS[s], "word": WORDS[s], "count": counts[s]} for s in Standing],
        "flats": sum(counts.values()),
        "widest": max((len(f["cells"]) for f in floors), default=0),
        "form": form,
        "may_make": may_make,
        "nav_here": shared.NAV,
    }
    return render(request, "desk/ledgers/grid.html", context, status=status)
