"""The ledger of devices: list, one, enter and change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.signals import permissions, selectors, services
from linli.engines.signals.types import DeviceData, DeviceFilters, DeviceKind
from linli.foundation.accounts import selectors as accounts
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.coordinates import Point
from linli.foundation.core.paging import Page
from linli.foundation.venues import selectors as venues
from linli.foundation.venues.types import Filters
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import actor_of, id_of, staff, today
from linli.interfaces.desk.signals.frame import NAV, tabs
from linli.interfaces.web.forms import DomainForm, day_field

if TYPE_CHECKING:
    from linli.engines.signals.models import Device

_MOST_VENUES = 500


class DeviceForm(DomainForm):
    """An entry of the ledger."""

    number = forms.CharField(label=gettext_lazy("设备编号"), max_length=40)
    kind = forms.ChoiceField(label=gettext_lazy("种类"), choices=DeviceKind.choices)
    place = forms.CharField(label=gettext_lazy("安装位置"), max_length=120)
    purpose = forms.CharField(
        label=gettext_lazy("用途"), max_length=200, help_text=gettext_lazy("为什么装在这里，用来发现什么。")
    )
    unit = forms.TypedChoiceField(label=gettext_lazy("维护单位"), coerce=int, empty_value=None)
    area = forms.TypedChoiceField(label=gettext_lazy("所在居民区"), coerce=int, empty_value=None, required=False)
    venue = forms.TypedChoiceField(label=gettext_lazy("所在场所"), coerce=int, empty_value=None, required=False)
    lat = forms.FloatField(
        label=gettext_lazy("纬度（WGS-84）"), required=False, min_value=-90, max_value=90,
        help_text=gettext_lazy("填写后，立案时自动落到网格。"),
    )  # fmt: skip
    lon = forms.FloatField(label=gettext_lazy("经度（WGS-84）"), required=False, min_value=-180, max_value=180)
    notice_on = day_field(
        gettext_lazy("告示牌设置日期"), required=False, help_text=gettext_lazy("没有设置告示牌的，请留空并尽快补设。")
    )
    retention_days = forms.IntegerField(
        label=gettext_lazy("记录保存天数"), min_value=1, help_text=gettext_lazy("期满后，这里的事件记录自动删除。")
    )
    program = forms.TypedChoiceField(
        label=gettext_lazy("报送程序"), coerce=int, empty_value=None, required=False,
        help_text=gettext_lazy("由哪个对接程序报送；不选则不接收信号，也不提示失联。"),
    )  # fmt: skip
    active = forms.MultipleChoiceField(
        label=gettext_lazy("状态"), choices=[("yes", gettext_lazy("在用"))], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer units, neighbourhoods, venues and programs."""
        super().__init__(*args, **kwargs)
        areas = [(a.id, a.name) for a in directory.areas(today()) if a.kind == "neighbourhood"]
        programs = [(u.pk, u.display_name) for u in accounts.programs(by=SYSTEM) if u.is_active]
        near = [(v.pk, v.name) for v in venues.page(Filters(), size=_MOST_VENUES).rows]
        for name, choices in (
            ("unit", [(u.id, u.name) for u in directory.units().values()]),
            ("area", areas), ("venue", near), ("program", programs),
        ):  # fmt: skip
            field: Any = self.fields[name]
            field.choices = [("", _("请选择")), *choices]

    def clean(self) -> dict[str, Any]:
        """Ask for both coordinates or none."""
        data: dict[str, Any] = super().clean() or {}
        if (data.get("lat") is None) != (data.get("lon") is None):
            self.add_error("lon", _("经度和纬度请一起填写。"))
        return data

    def entry(self) -> DeviceData:
        """Return what was typed."""
        data = dict(self.cleaned_data)
        lat, lon = data.pop("lat"), data.pop("lon")
        ids = {f"{name}_id": data.pop(name) for name in ("unit", "area", "venue", "program")}
        point = Point(lat, lon) if lat is not None and lon is not None else None
        return DeviceData(**{**data, **ids, "point": point, "active": bool(data["active"])})


def _start(row: Any) -> dict[str, Any]:
    names = ("number", "kind", "place", "purpose", "lat", "lon", "notice_on", "retention_days")
    ids = {name: getattr(row, f"{name}_id") for name in ("unit", "area", "venue", "program")}
    return {name: getattr(row, name) for name in names} | ids | {"active": ["yes"] if row.active else []}


def state_labels() -> dict[str, str]:
    """Return by what devices are narrowed."""
    return {"silent": _("失联"), "flooding": _("信号过多"), "unsigned": _("未设告示牌"), "ended": _("停用")}


def filters_of(request: HttpRequest) -> DeviceFilters:
    """Return what the address narrows the ledger to."""
    get = request.GET
    return DeviceFilters(text=get.get("q", "")[:60], kind=get.get("kind", ""), state=get.get("state", ""))


def page_of(request: HttpRequest, cursor: str, size: int = 50) -> Page[Device]:
    """Return a page of the devices that the address asks for."""
    return selectors.devices(actor_of(request), filters_of(request), cursor=cursor, size=size)


@require_GET
@staff
def listing(request: HttpRequest) -> HttpResponse:
    """Show the ledger by number."""
    by, get = actor_of(request), request.GET
    filters = filters_of(request)
    query = urlencode([(k, v) for k, v in get.items() if k != "cursor" and v])
    every = [{"value": "", "label": _("全部")}]
    states = state_labels()
    context = {
        "tabs": tabs(by, "devices"), "page": page_of(request, get.get("cursor", "")),
        "filters": filters, "narrowed": bool(query), "base": f"?{query}&" if query else "?",
        "kinds": every + [{"value": v, "label": label} for v, label in DeviceKind.choices],
        "states": every + [{"value": v, "label": label} for v, label in states.items()],
        "may_keep": permissions.can_judge(by), "now": clock.now(), "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/signals/devices.html", context)


@require_GET
@staff
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one device: what the ledger says, when it was heard, its sums of the last day, what it told."""
    by, now = actor_of(request), clock.now()
    row = selectors.device_for(by, uuid)
    drafts = selectors.drafts_of(row) if by.has_role(*permissions.READERS) else None
    context = {
        "tabs": tabs(by, "devices"), "device": row, "flows": selectors.flows(row, now), "drafts": drafts,
        "may_keep": permissions.can_judge(by), "now": now, "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/signals/device.html", context)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Enter a device."""
    by = actor_of(request)
    permissions.check_judge(by)
    if request.method == "POST":
        form = DeviceForm(request.POST)
        status = form.attempt(lambda: services.add_device(by=by, now=clock.now(), data=form.entry()))
        if not status:
            messages.success(request, _("已登记。"))
            return HttpResponseRedirect(reverse("desk:device", args=[form.made.uuid]))
    else:
        form, status = DeviceForm(initial={"retention_days": 30, "active": ["yes"], "kind": "camera"}), 200
    context = {"form": form, "device": None, "nav_here": NAV}
    return render(request, "desk/signals/device_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change an entry."""
    by = actor_of(request)
    row = selectors.device_for(by, uuid)
    permissions.check_judge(by)
    if request.method == "POST":
        form, seen = DeviceForm(request.POST), id_of(request.POST.get("version", "")) or 0
        status = form.attempt(
            lambda: services.change_device(by=by, now=clock.now(), device=row, data=form.entry(), expected=seen)
        )
        if not status:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("desk:device", args=[uuid]))
    else:
        form, status = DeviceForm(initial=_start(row)), 200
    context = {"form": form, "device": row, "nav_here": NAV}
    return render(request, "desk/signals/device_form.html", context, status=status)
