"""The units with their posts and who holds them, and what nobody answers for."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.core.paging import Page
from linli.foundation.people import selectors, services
from linli.foundation.people.types import ROLES, Role
from linli.foundation.places import selectors as places
from linli.interfaces.console.doors import actor_of, may, only, today
from linli.interfaces.console.staff import forms

SIZE = 25
_GAPS = 100


def page_of(request: HttpRequest, cursor: str, size: int = SIZE) -> Page[Any]:
    """Return the page of units that an address asks for."""
    return selectors.unit_page(
        on=today(), text=request.GET.get("q", "")[:64], state=request.GET.get("state", ""), cursor=cursor, size=size
    )


def tab_labels() -> dict[str, str]:
    """Return what the tabs of the list are called."""
    return {"": _("全部单位"), "empty": _("没有在岗人员"), "ended": _("已结束")}


def with_posts(units: list[Any], on: date) -> list[dict[str, Any]]:
    """Return units with their posts and who holds them on a day, as the pages show them."""
    posts = selectors.posts_of_units([u.pk for u in units])
    holders = selectors.holders_of_posts([p.pk for rows in posts.values() for p in rows], on)
    return [
        {
            "unit": u,
            "posts": [
                {"post": p, "role": ROLES[Role(p.role)].name, "people": [a.user for a in holders.get(p.pk, [])]}
                for p in posts.get(u.pk, [])
            ],
        }
        for u in units
    ]


_KINDS = ("subdistrict", "grid", "neighbourhood", "microgrid")
_AREAS = 1000
_setters = only("people:manage_units")


def _areas(on: date) -> list[tuple[Any, str]]:
    """Return the areas to choose from, set in by their depth."""
    rows = places.areas(on=on).filter(kind__code__in=_KINDS).order_by("path")[:_AREAS]
    return [(a.pk, "　" * max(0, a.path.count("/") - 2) + a.name) for a in rows]


def _page(request: HttpRequest, form: forms.UnitForm | None, *, status: int = 200) -> HttpResponse:
    on, text, state = today(), request.GET.get("q", "")[:64], request.GET.get("state", "")
    page = page_of(request, request.GET.get("cursor", ""))
    gaps = selectors.gaps(on)
    here = reverse("console:units")
    counts = {"empty": sum(g.kind != "area_without_head" for g in gaps)}
    context = {
        "nav_here": "console",
        "page": page,
        "units": with_posts(page.rows, on),
        "q": text,
        "state": state,
        "base": f"?{urlencode({'q': text, 'state': state})}&",
        "tabs": [
            {
                "label": label,
                "url": f"{here}?state={code}" if code else here,
                "count": counts.get(code),
                "current": code == state,
            }
            for code, label in tab_labels().items()
        ],
        "area_gaps": [g for g in gaps if g.kind == "area_without_head"][:_GAPS],
        "area_gap_count": sum(g.kind == "area_without_head" for g in gaps),
        "form": form if form or not may(request, "people:manage_units") else forms.UnitForm(areas=_areas(on)),
    }
    return render(request, "console/staff/units.html", context, status=status)


@require_GET
@only("people:manage_units", "people:appoint")
def listing(request: HttpRequest) -> HttpResponse:
    """Show the units by name, their posts and people; the gaps beside them."""
    return _page(request, None)


@require_POST
@_setters
def create(request: HttpRequest) -> HttpResponse:
    """Set up one unit."""
    form, status = forms.UnitForm(request.POST, areas=_areas(today())), 422
    if form.is_valid():
        d = form.cleaned_data
        try:
            made = services.create_unit(
                by=actor_of(request),
                now=clock.now(),
                name=d["name"],
                short_name=d["short_name"],
                kind=d["kind"],
                area_id=d["area"],
                phone=d["phone"],
                ends_on=d["ends_on"],
            )
        except DomainError as error:
            form.take(error)
            status = error.status
        else:
            messages.success(request, _("已新设单位，请接着设岗位。"))
            return _to(made)
    return _page(request, form, status=status)


def _to(unit: Any) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:unit", args=[unit.uuid]))


def _unit_page(request: HttpRequest, unit: Any, *, status: int = 200, **bound: Any) -> HttpResponse:
    on = today()
    context = {
        "nav_here": "console",
        "unit": unit,
        "posts": with_posts([unit], on)[0]["posts"],
        "may_set": may(request, "people:manage_units"),
        "post_form": forms.PostForm(areas=_areas(on)),
        "end_form": forms.EndUnitForm(initial={"on": on}),
        **bound,
    }
    return render(request, "console/staff/unit.html", context, status=status)


@require_GET
@only("people:manage_units", "people:appoint")
def unit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a unit: posts, who holds them, what can be done."""
    return _unit_page(request, selectors.unit_by_uuid(uuid))


@require_POST
@_setters
def add_post(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Set up one post in a unit."""
    found, form, status = selectors.unit_by_uuid(uuid), forms.PostForm(request.POST, areas=_areas(today())), 422
    if form.is_valid():
        d = form.cleaned_data
        try:
            services.create_post(
                by=actor_of(request),
                now=clock.now(),
                unit=found,
                role=d["role"],
                title=d["title"],
                area_id=d["area"],
            )
        except DomainError as error:
            form.take(error)
            status = error.status
        else:
            messages.success(request, _("已新设岗位，由安全管理员任命人员。"))
            return _to(found)
    return _unit_page(request, found, status=status, post_form=form)


@require_POST
@_setters
def end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a unit with a day; its posts give nothing afterwards."""
    found, form, status = selectors.unit_by_uuid(uuid), forms.EndUnitForm(request.POST), 422
    if form.is_valid():
        d = form.cleaned_data
        try:
            services.close_unit(by=actor_of(request), now=clock.now(), unit=found, on=d["on"], reason=d["reason"])
        except DomainError as error:
            form.take(error)
            status = error.status
        else:
            messages.success(request, _("单位将在最后一天之后结束，其岗位同时失效。"))
            return _to(found)
    return _unit_page(request, found, status=status, end_form=form)
