"""The set-up path, its first form, the residents' door, and who is responsible for nothing."""

from __future__ import annotations

from typing import Any

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
from linli.engines.cases.types import Source
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.people import permissions
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.foundation.places import services as place_services
from linli.foundation.places.types import AreaData
from linli.foundation.rulebook import selectors as rulebook
from linli.interfaces.console.doors import actor_of, only_roles
from linli.interfaces.console.setup import forms
from linli.interfaces.console.setup.steps import DONE, lacking, steps

SETTERS = frozenset({"system_admin", "security_admin"})
READERS = SETTERS | {"shift_leader", "street_leader", "grid_head"}
PATTERN_ROOTS = {"street": "subdistrict", "district": "district"}
PAGE = 50
GAP_KINDS: dict[str, Any] = {
    "area": gettext_lazy("区域缺负责人"),
    "unit": gettext_lazy("单位没有人"),
    "place": gettext_lazy("小区、楼幢不属于任何区域"),
    "category": gettext_lazy("分类没有派遣规则"),
    "count": gettext_lazy("数量与名录不符"),
}


@require_GET
@only_roles(SETTERS)
def path(request: HttpRequest) -> HttpResponse:
    """Show the whole path: what is done, what is next, by whom."""
    found = steps(clock.now())
    here = next((s for s in found if s.state != DONE), None)
    context = {
        "steps": [
            {"step": s, "mine": actor_of(request).has_role(s.who), "here": s is here, "number": n}
            for n, s in enumerate(found, start=1)
        ],
        "done": sum(s.state == DONE for s in found),
        "total": len(found),
        "nav_here": "console",
    }
    return render(request, "console/setup/path.html", context)


@require_http_methods(["GET", "POST"])
@only_roles(frozenset({"system_admin"}))
def place(request: HttpRequest) -> HttpResponse:
    """Enter the root area; there is one, and it is entered once."""
    by, now = actor_of(request), clock.now()
    permissions.check(by, "console:configure")
    form = forms.PlaceForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                data = form.cleaned_data
                root = AreaData(data["code"] or "root", data["name"], PATTERN_ROOTS[data["pattern"]])
                place_services.found(by=by, now=now, pattern=data["pattern"], root=root)
            except DomainError as error:
                form.take(error)
                status = error.status
            else:
                messages.success(request, _("已建立。接着录入区域。"))
                return HttpResponseRedirect(reverse("console:setup"))
    there = places.areas(on=localtime(now).date()).filter(parent=None, layer=None).first()
    return render(
        request,
        "console/setup/place.html",
        {
            "form": form,
            "root": there,
            "patterns": [{"value": code, "label": label} for code, label in forms.PATTERNS],
            "nav_here": "console",
        },
        status=status,
    )


@require_http_methods(["GET", "POST"])
@only_roles(frozenset({"system_admin"}))
def door(request: HttpRequest) -> HttpResponse:
    """Open the residents' door or shut it, after a look at what is missing."""
    by, now = actor_of(request), clock.now()
    form = forms.OpenForm(request.POST or None)
    status = 200
    shut = cases.shut(Source.RESIDENT)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            act = services.open_door if request.POST.get("do") == "open" else services.shut_door
            try:
                act(by=by, now=now, source=Source.RESIDENT, reason=form.cleaned_data["reason"])
            except DomainError as error:
                form.take(error)
                status = error.status
            else:
                opened = act is services.open_door
                messages.success(request, _("居民门户已开放。") if opened else _("居民门户已关闭。"))
                return HttpResponseRedirect(reverse("console:setup_open"))
    context = {
        "form": form,
        "shut": shut,
        "lacking": lacking(steps(now)) if shut else [],
        "nav_here": "console",
    }
    return render(request, "console/setup/door.html", context, status=status)


def _gaps() -> dict[str, list[dict[str, str]]]:
    on = localtime(clock.now()).date()
    found: dict[str, list[dict[str, str]]] = {code: [] for code in GAP_KINDS}
    for gap in people.gaps(on):
        kind = "area" if gap.kind == "area_without_head" else "unit"
        found[kind].append({"label": gap.label, "detail": gap.detail})
    for nowhere in places.places_nowhere():
        found["place"].append({"label": nowhere.name, "detail": nowhere.address})
    for node in cases.unrouted():
        found["category"].append({"label": node.spec.name, "detail": node.group})
    for code, name, count, _bare in places.area_counts(on):
        rule = rulebook.find_rule(f"places.expected.{code}", on=on)
        if rule is not None and rule.value != count:
            label = _("%(kind)s应有 %(expected)s 个，录入 %(count)s 个") % {
                "kind": name, "expected": rule.value, "count": count,
            }  # fmt: skip
            found["count"].append({"label": label, "detail": rule.source})
    return found


@require_GET
@only_roles(READERS)
def gaps(request: HttpRequest) -> HttpResponse:
    """List whatever nobody answers for (到底到边), by kind, searched by words."""
    found = _gaps()
    kind = request.GET.get("kind", "")
    kind = kind if kind in found else next((k for k, rows in found.items() if rows), "area")
    text = request.GET.get("q", "").strip()[:40]
    rows = [r for r in found[kind] if text in r["label"] or text in r["detail"]]
    start = int(request.GET.get("from", "0")) if request.GET.get("from", "0").isdecimal() else 0
    tabs = [
        {"label": label, "url": f"?kind={code}", "count": len(found[code]), "current": code == kind}
        for code, label in GAP_KINDS.items()
    ]
    context = {
        "tabs": tabs,
        "kind": kind,
        "rows": rows[start : start + PAGE],
        "total": len(rows),
        "text": text,
        "next": start + PAGE if start + PAGE < len(rows) else 0,
        "previous": start > 0,
        "nav_here": "console",
    }
    return render(request, "console/setup/gaps.html", context)
