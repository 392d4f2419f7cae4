"""The library's pages: an edition's standards, one standard, who answers, what changed, a new edition put in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.core.paging import Page
from linli.interfaces.desk import directory
from linli.interfaces.desk.civility.common import NAV, category_names, form_page, tab
from linli.interfaces.desk.civility.forms import EditionForm, StandardForm
from linli.interfaces.desk.doors import actor_of, id_of, staff
from linli.programmes.civility import permissions, selectors, services

if TYPE_CHECKING:
    from linli.programmes.civility.models import Edition, Standard
from linli.programmes.civility.types import EditionState, StandardData

TONES = {EditionState.DRAFT: "doing", EditionState.PUBLISHED: "done", EditionState.RETIRED: "idle"}
_WHAT = {
    "added": gettext_lazy("新增"),
    "removed": gettext_lazy("删去"),
    "changed": gettext_lazy("修改"),
}
_FIELDS = {
    "project": gettext_lazy("项目"), "content": gettext_lazy("内容"), "text": gettext_lazy("标准"),
    "guide": gettext_lazy("标准全文"), "way": gettext_lazy("采集方式"), "point_type": gettext_lazy("点位类型"),
    "unit_id": gettext_lazy("责任单位"), "helper_ids": gettext_lazy("协同单位"), "full": gettext_lazy("分值"),
    "weight": gettext_lazy("权重"), "veto": gettext_lazy("一票否决"), "photo": gettext_lazy("须拍照"),
    "categories": gettext_lazy("案件分类"),
}  # fmt: skip


@require_GET
@staff
def library(request: HttpRequest) -> HttpResponse:
    """Show the editions; with one in use, lead to it."""
    by = actor_of(request)
    found = selectors.editions(by)
    context = {
        "editions": [{"row": e, "tone": TONES[EditionState(e.state)]} for e in found],
        "may_keep": permissions.may_keep(by),
        "drafted": any(e.state == EditionState.DRAFT for e in found),
        "nav_here": NAV,
    }
    return render(request, "desk/civility/library.html", context)


def _tabs(edition: Edition, here: str) -> list[dict[str, Any]]:
    where = {
        "standards": (_("标准"), "civility_edition"),
        "matrix": (_("责任矩阵"), "civility_matrix"),
        "changes": (_("与上一版比较"), "civility_changes"),
    }
    return [
        tab(label, reverse(f"desk:{name}", args=[edition.uuid]), current=code == here)
        for code, (label, name) in where.items()
        if code != "changes" or edition.based_on_id is not None
    ]


def _about(edition: Edition, by: Any, here: str) -> dict[str, Any]:
    draft = edition.state == EditionState.DRAFT
    return {
        "edition": edition,
        "tone": TONES[EditionState(edition.state)],
        "tabs": _tabs(edition, here),
        "may_change": draft and permissions.may_keep(by),
        "altered": [f.settings.title for f in selectors.altered_forms(edition).values()] if draft else [],
        "nav_here": NAV,
    }


def asked_of(request: HttpRequest) -> dict[str, str]:
    """Return to what the standards are narrowed."""
    return {k: v for k in ("q", "type", "project", "unit") if (v := request.GET.get(k, "").strip()[:60])}


def page_of(found: Edition, request: HttpRequest, cursor: str, size: int = 50) -> Page[Standard]:
    """Return a page of the standards of an edition that the address asks for."""
    query = asked_of(request)
    filters = selectors.StandardFilter(
        query.get("q", ""), query.get("type", ""), query.get("project", ""), id_of(query.get("unit", ""))
    )
    return selectors.standards(found, filters, cursor=cursor, size=size)


@require_GET
@staff
def edition(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show an edition's standards, with search, type, project and unit."""
    by, query = actor_of(request), asked_of(request)
    found = selectors.edition_for(by, uuid)
    context = _about(found, by, "standards") | {
        "page": page_of(found, request, request.GET.get("cursor", "")),
        "fixed": urlencode({"edition": uuid}),
        "query": query,
        "base": f"?{urlencode(query)}&",
        "types": [{"value": "", "label": _("全部类型")}]
        + [{"value": t.code, "label": t.name} for t in selectors.point_types()],
        "projects": [{"value": "", "label": _("全部项目")}]
        + [{"value": p, "label": p} for p in selectors.projects(found)],
        "units": [{"value": "", "label": _("全部单位")}]
        + [{"value": u.id, "label": u.name} for u in directory.units().values()],
    }
    return render(request, "desk/civility/edition.html", context)


@require_GET
@staff
def matrix(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show who leads and who helps: standards by unit, a project at a time."""
    by = actor_of(request)
    found = selectors.edition_for(by, uuid)
    projects = selectors.projects(found)
    here = request.GET.get("project", "")
    here = here if here in projects else (projects[0] if projects else "")
    page = selectors.standards(found, selectors.StandardFilter(project=here), size=300)
    duties = selectors.matrix(page.rows)
    names = directory.units()
    held = sorted({u for d in duties for u in d.of}, key=lambda u: names[u].name if u in names else "")
    context = _about(found, by, "matrix") | {
        "units": [names[u] for u in held if u in names],
        "rows": [{"standard": d.standard, "cells": [d.of.get(u, "") for u in held if u in names]} for d in duties],
        "projects": [tab(p, f"?{urlencode({'project': p})}", current=p == here) for p in projects],
    }
    return render(request, "desk/civility/matrix.html", context)


@require_GET
@staff
def changes(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what became of the library since the edition before."""
    by = actor_of(request)
    found = selectors.edition_for(by, uuid)
    rows = [
        {"row": d, "what": _WHAT[d.what], "kind": d.what, "fields": [_FIELDS[f] for f in d.fields]}
        for d in selectors.difference(found)
    ]
    return render(request, "desk/civility/changes.html", _about(found, by, "changes") | {"rows": rows})


@require_http_methods(["GET", "POST"])
@staff
def edition_new(request: HttpRequest) -> HttpResponse:
    """Begin an edition as a copy of the one in use."""
    by, status = actor_of(request), 200
    permissions.check_keep(by)
    form = EditionForm(request.POST or None, by=by)
    if request.method == "POST":
        status = form.attempt(lambda: services.begin_edition(by=by, now=clock.now(), **form.cleaned_data), through=())
        if not status:
            messages.success(request, _("新版本已建好，内容同使用中的版本，请修改后发布。"))
            return HttpResponseRedirect(reverse("desk:civility_edition", args=[form.made.uuid]))
    back = (reverse("desk:civility_library"), _("指标库"))
    hint = _("先复制使用中的版本，再改；发布以前不影响检查。发布以后不能再改。")
    return form_page(request, form, title=_("新建版本"), back=back, status=status, hint=hint)


@require_POST
@staff
def edition_publish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put an edition in use."""
    by = actor_of(request)
    try:
        services.publish_edition(by=by, now=clock.now(), uuid=uuid, expected=id_of(request.POST.get("version", "")))
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, f"{error.message}{error.hint}")
    else:
        messages.success(request, _("已发布。各类点位的检查表已按新版生成。"))
    return HttpResponseRedirect(reverse("desk:civility_edition", args=[uuid]))


@require_POST
@staff
def load(request: HttpRequest) -> HttpResponse:
    """Enter the library that Linli ships where there is none."""
    permissions.check_keep(actor_of(request))
    services.load_shipped(now=clock.now())
    messages.success(request, _("已装入随附的指标库，请核对后发布。"))
    return HttpResponseRedirect(reverse("desk:civility_library"))


@require_GET
@staff
def standard(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """Show one standard: its text, who answers, the daily cases that count for it."""
    by = actor_of(request)
    found = selectors.edition_for(by, uuid)
    row = selectors.standard_for(found, code)
    names = directory.units()
    daily = selectors.daily_of([row]).get(row.code)
    context = _about(found, by, "standards") | {
        "row": row,
        "helpers": [names[h.unit_id].name for h in row.helping.all() if h.unit_id in names],
        "categories": category_names(row.categories),
        "daily": daily,
        "days": selectors.daily_days(),
        "cases": f"{reverse('desk:list')}?{urlencode({'category': row.categories, 'order': 'new'}, doseq=True)}",
    }
    return render(request, "desk/civility/standard.html", context)


def _initial(data: StandardData) -> dict[str, Any]:
    flags = [n for n in ("veto", "photo") if getattr(data, n)]
    return {name: getattr(data, name) for name in data.__dataclass_fields__} | {"flags": flags}


@require_http_methods(["GET", "POST"])
@staff
def standard_edit(request: HttpRequest, uuid: UUID, code: str = "") -> HttpResponse:
    """Enter a standard in the edition that is being written, or change one."""
    by, status = actor_of(request), 200
    permissions.check_keep(by)
    found = selectors.edition_for(by, uuid)
    if found.state != EditionState.DRAFT:
        raise NotFoundError(_("这个版本已经发布，不能再改。"), code="civility.published")
    before = selectors.data_of(selectors.standard_for(found, code)) if code else None
    form = StandardForm(request.POST or None, initial=_initial(before) if before else None, by=by, row=before)
    if request.method == "POST":
        status = form.attempt(lambda: _save(request, form.cleaned_data, before))
        if not status:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("desk:civility_standard", args=[uuid, form.made.code]))
    back = (reverse("desk:civility_edition", args=[uuid]), found.title)
    title = _("修改标准") if before else _("登记标准")
    version = request.POST.get("version", found.version)
    return form_page(request, form, title=title, back=back, status=status, version=version)


def _save(request: HttpRequest, data: dict[str, Any], before: StandardData | None) -> Any:
    values = dict(data)
    flags = values.pop("flags")
    categories = [*([c for c in (before.categories if before else ()) if c in values["categories"]])]
    categories += [c for c in values.pop("categories") if c not in categories]
    made = StandardData(
        **values, code=before.code if before else "", order=before.order if before else 0, veto="veto" in flags,
        photo="photo" in flags, categories=tuple(categories),
    )  # fmt: skip
    version = id_of(request.POST.get("version", ""))
    return services.save_standard(by=actor_of(request), now=clock.now(), data=made, edition_version=version)


@require_POST
@staff
def standard_remove(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """Take a standard out of the edition that is being written."""
    services.remove_standard(by=actor_of(request), now=clock.now(), code=code)
    messages.success(request, _("已从这个版本删去。"))
    return HttpResponseRedirect(reverse("desk:civility_edition", args=[uuid]))
