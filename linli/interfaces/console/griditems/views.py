"""The list of what must be in every grid (四个在网格), where it is missing, and saying so for one grid."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.people import selectors, services
from linli.foundation.places import selectors as places
from linli.interfaces.console.doors import only_roles
from linli.interfaces.console.people.views import READERS, grid_page
from linli.interfaces.web.forms import DomainForm, text_field


class ItemForm(DomainForm):
    """One thing that must be in every grid."""

    name = forms.CharField(label=gettext_lazy("事项"), max_length=60)
    meaning = text_field(
        gettext_lazy("含义"), required=False, longest=500, rows=2, help_text=gettext_lazy("写清怎样才算“在网格”。")
    )
    order = forms.IntegerField(label=gettext_lazy("次序"), min_value=0, max_value=999, initial=10)


@require_http_methods(["GET", "POST"])
@only_roles(READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """Show the list and what is missing where; add to it, or take the four examples over."""
    actor, now, status = request.actor, clock.now(), 200  # type: ignore[attr-defined]
    form = ItemForm()
    if request.method == "POST":
        try:
            if request.POST.get("act") == "examples":
                for n, name in enumerate(services.EXAMPLES, 1):
                    services.save_grid_item(by=actor, now=now, name=name, order=n * 10)
                return _saved(request)
            form, status = ItemForm(request.POST), 422
            if form.is_valid():
                services.save_grid_item(by=actor, now=now, **form.cleaned_data)
                return _saved(request)
        except DomainError as error:
            if error.status == 403:
                raise
            status = error.status
            if form.is_bound:
                form.take(error)
            else:
                messages.error(request, str(error))
    on = localtime(now).date()
    grids = list(places.areas(on=on, kind="grid"))
    missing = selectors.grid_missing([g.pk for g in grids])
    context = {
        "items": selectors.grid_items(every=True),
        "grids": [{"area": g, "missing": missing[g.pk]} for g in grids],
        "form": form,
        "may_edit": actor.has_role("system_admin"),
        "nav_here": "console-grid",
    }
    return render(request, "console/griditems/list.html", context, status=status)


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("console:grid_items"))


def _item(uuid: UUID) -> Any:
    found = next((i for i in selectors.grid_items(every=True) if i.uuid == uuid), None)
    if found is None:
        raise NotFoundError(_("没有这个事项。"))
    return found


@require_POST
@only_roles(READERS)
def change(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change one item's words, or no longer ask for it."""
    actor, now = request.actor, clock.now()  # type: ignore[attr-defined]
    item, data = _item(uuid), request.POST
    act = data.get("act", "")
    name, meaning = data.get("name", item.name), data.get("meaning", item.meaning)
    active = {"stop": False, "resume": True}.get(act, item.active)
    try:
        services.save_grid_item(
            by=actor, now=now, name=name, meaning=meaning, order=item.order, active=active, item=item
        )
    except DomainError as error:
        if error.status == 403:
            raise
        messages.error(request, "".join(w for words in error.fields.values() for w in words) or str(error))
        return HttpResponseRedirect(reverse("console:grid_items"))
    return _saved(request)


@require_POST
@only_roles(READERS)
def set_one(request: HttpRequest, area_id: int) -> HttpResponse:
    """Say whether one item is in this grid, with a word on it."""
    actor, now, data = request.actor, clock.now(), request.POST  # type: ignore[attr-defined]
    try:
        uuid = UUID(data.get("item", ""))
    except ValueError as error:
        raise NotFoundError(_("没有这个事项。")) from error
    item = _item(uuid)
    try:
        services.set_grid_item(
            by=actor,
            now=now,
            item=item,
            area_id=area_id,
            present=data.get("present") == "yes",
            note=data.get("note", ""),
        )
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        return grid_page(request, area_id, error, item=item)
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("console:grid", args=[area_id]) + "#items")
