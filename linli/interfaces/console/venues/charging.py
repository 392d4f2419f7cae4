"""Sockets against e-bikes by 居民区, the counts, and what is being built."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.places import selectors as places
from linli.foundation.venues import permissions, selectors, services
from linli.foundation.venues.types import ProjectData, Stage
from linli.interfaces.console.doors import actor_of, only_roles, today
from linli.interfaces.console.venues.doors import id_of, readers
from linli.interfaces.web.forms import DomainForm

writers = only_roles(permissions.KEEPERS | {"system_admin"})


class CountForm(DomainForm):
    """A count of e-bikes."""

    subject = forms.CharField(label=gettext_lazy("小区或居民区"), max_length=40)
    bikes = forms.IntegerField(label=gettext_lazy("电动自行车辆数"), min_value=0, max_value=100_000)
    counted_on = forms.DateField(label=gettext_lazy("清点日期"), widget=forms.DateInput(attrs={"type": "date"}))
    source = forms.CharField(
        label=gettext_lazy("数据来源"), max_length=100, help_text=gettext_lazy("例如：物业登记、居委清点。")
    )


class ProjectForm(DomainForm):
    """Charging facilities to be built."""

    name = forms.CharField(label=gettext_lazy("项目名称"), max_length=64)
    area = forms.CharField(max_length=20, required=False)
    sockets = forms.IntegerField(label=gettext_lazy("新增充电口"), min_value=0, max_value=10_000, initial=0)
    stage = forms.ChoiceField(label=gettext_lazy("阶段"), choices=Stage.choices)
    stage_on = forms.DateField(label=gettext_lazy("阶段日期"), widget=forms.DateInput(attrs={"type": "date"}))
    planned_end = forms.DateField(
        label=gettext_lazy("计划完成"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False)


def _subjects(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the 居民区 with their 小区 that this person keeps, as options."""
    by = actor_of(request)
    found: list[dict[str, Any]] = [{"value": "", "label": _("请选择")}]
    for area in places.areas(on=today(), kind="neighbourhood"):
        if not permissions.may_configure(by) and not by.holds(permissions.KEEPERS, area_path=area.path):
            continue
        found.append({"value": f"area:{area.pk}", "label": area.name})
        estates = [p for p in places.places_of(area.path) if p.kind == "estate"]
        found += [{"value": f"place:{p.pk}", "label": f"　{p.name}"} for p in estates]
    return found


def _areas(subjects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    own = [s for s in subjects if str(s["value"]).startswith("area:")]
    return [{"value": "", "label": _("请选择")}] + [{**s, "value": s["value"].removeprefix("area:")} for s in own]


@require_GET
@readers
def ledger(request: HttpRequest) -> HttpResponse:
    """Show how the 居民区 stand, and what is being built."""
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, **bound: Any) -> HttpResponse:
    by, day = actor_of(request), today()
    may = permissions.may_configure(by) or bool(by.roles & permissions.KEEPERS)
    lines = selectors.charging_lines(day)
    subjects = _subjects(request) if may else []
    context = {
        "nav_here": "console",
        "lines": lines,
        "totals": {
            "sockets": sum(x.sockets + x.cabinets for x in lines),
            "bikes": sum(x.bikes or 0 for x in lines),
            "gap": sum(x.gap or 0 for x in lines),
            "uncounted": sum(x.bikes is None for x in lines),
        },
        "projects": [_told(p) for p in selectors.projects()],
        "may": may,
        "subjects": subjects,
        "areas": _areas(subjects),
        "stages": [{"value": v, "label": label} for v, label in Stage.choices],
        "count_form": bound.get("count_form") or CountForm(initial={"counted_on": day}),
        "project_form": bound.get("project_form") or ProjectForm(initial={"stage_on": day, "sockets": 0}),
        "editing": bound.get("editing"),
    }
    return render(request, "console/venues/charging.html", context, status=status)


def _told(project: Any) -> dict[str, Any]:
    steps = [(Stage(code).label, date.fromisoformat(day)) for code, day in project.history]
    late = project.planned_end and project.planned_end < today() and project.stage not in {"running", "dropped"}
    return {"row": project, "steps": steps, "late": bool(late)}


def _done(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("已保存。"))
    return HttpResponseRedirect(reverse("console:charging"))


@require_POST
@writers
def count(request: HttpRequest) -> HttpResponse:
    """Enter a count of e-bikes."""
    form, status = CountForm(request.POST), 422
    if form.is_valid():
        d = form.cleaned_data
        kind, _colon, row = d.pop("subject").partition(":")
        d["area_id" if kind == "area" else "place_id"] = id_of(row)
        try:
            services.count_bikes(by=actor_of(request), now=clock.now(), **d)
        except DomainError as error:
            form.take(error)
            status = error.status
        else:
            return _done(request)
    return _page(request, status=status, count_form=form)


@require_POST
@writers
def project(request: HttpRequest) -> HttpResponse:
    """Enter a project, or bring one to its next stage."""
    form, status = ProjectForm(request.POST), 422
    uuid = None
    try:
        uuid = UUID(request.POST["uuid"]) if request.POST.get("uuid") else None
    except ValueError:
        form.add_error(None, _("没有这个项目。"))
    if form.is_valid():
        d = form.cleaned_data
        d["area_id"] = id_of(d.pop("area"))
        try:
            services.save_project(by=actor_of(request), now=clock.now(), data=ProjectData(**d), uuid=uuid)
        except DomainError as error:
            form.take(error)
            status = error.status
        else:
            return _done(request)
    return _page(request, status=status, project_form=form, editing=request.POST.get("uuid"))
