"""The stations: name, area, place, partner units."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.core.paging import Page
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.interfaces.console.doors import only_roles
from linli.interfaces.web.forms import DomainForm

KINDS = ("grid", "neighbourhood", "subdistrict")


class StationForm(DomainForm):
    """One station."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    area = forms.TypedChoiceField(label=gettext_lazy("范围"), coerce=int)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=32, required=False)
    units = forms.TypedMultipleChoiceField(
        label=gettext_lazy("成员单位"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    active = forms.ChoiceField(
        label=gettext_lazy("状态"),
        choices=[("yes", gettext_lazy("启用")), ("no", gettext_lazy("停用"))],
        initial="yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer areas and units."""
        super().__init__(*args, **kwargs)
        on = localtime(clock.now()).date()
        area: Any = self.fields["area"]
        found = [a for a in places.areas(on=on) if a.kind.code in KINDS]
        area.choices = [("", _("请选择")), *((a.pk, a.name) for a in sorted(found, key=lambda a: a.path))]
        units: Any = self.fields["units"]
        units.choices = [(u.pk, u.name) for u in people.active_units()]


SIZE = 50
SETTERS = frozenset({"system_admin"})
setters_only = only_roles(SETTERS)


def page_of(request: HttpRequest, cursor: str, size: int = SIZE) -> Page[Any]:
    """Return the page of stations that an address asks for."""
    return cases.station_page(text=request.GET.get("q", "").strip()[:40], cursor=cursor, size=size)


@require_GET
@setters_only
def listing(request: HttpRequest) -> HttpResponse:
    """Show the stations, closed ones too."""
    text, found = request.GET.get("q", "").strip()[:40], page_of(request, request.GET.get("cursor", ""))
    context = {"page": found, "text": text, "base": f"?{urlencode({'q': text})}&", "nav_here": "console"}
    return render(request, "console/stations/list.html", context)


@require_http_methods(["GET", "POST"])
@setters_only
def edit(request: HttpRequest, uuid: UUID | None = None) -> HttpResponse:
    """Set a station up, or change it."""
    actor, status = request.actor, 200  # type: ignore[attr-defined]
    station = cases.station_for(actor, uuid) if uuid else None
    start: dict[str, Any] = {}
    if station is not None:
        start = {"name": station.name, "area": station.area_id, "place": station.place, "phone": station.phone}
        start |= {"units": cases.partner_ids(station), "active": "yes" if station.active else "no"}
    form = StationForm(request.POST) if request.method == "POST" else StationForm(initial=start)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                services.save_station(
                    by=actor,
                    now=clock.now(),
                    name=data["name"],
                    area_id=data["area"],
                    unit_ids=data["units"],
                    place=data["place"],
                    phone=data["phone"],
                    active=data["active"] == "yes",
                    station=station,
                )
            except DomainError as error:
                form.take(error)
                status = error.status
            else:
                messages.success(request, _("已保存。"))
                return HttpResponseRedirect(reverse("console:stations"))
    context = {"form": form, "station": station, "nav_here": "console"}
    return render(request, "console/stations/edit.html", context, status=status)
