"""Entering a target and changing it: what is refused stays as it was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.engines.fieldwork import permissions, selectors, services
from linli.foundation.core import clock
from linli.foundation.core.errors import StaleError
from linli.interfaces.desk.doors import actor_of, id_of, staff, uuid_of
from linli.interfaces.desk.fieldwork.ledgers import shared
from linli.interfaces.desk.fieldwork.ledgers.forms import TargetForm, fact, first_values

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target


def _page(request: HttpRequest, form: TargetForm, *, status: int, **more: Any) -> HttpResponse:
    refused = form.refused
    double = refused.params.get("uuid") if refused is not None and refused.code == "fieldwork.double" else ""
    context = {
        "form": form,
        "parts": form.parts(),
        "kind": form.kind,
        "double": double,
        "point": _point(request, form.target),
        "point_errors": form.refused.fields.get("point", []) if form.refused else [],
        "nav_here": shared.NAV,
        **more,
    }
    return render(request, "desk/ledgers/form.html", context, status=status)


def _point(request: HttpRequest, target: Target | None) -> dict[str, Any]:
    if request.method == "POST":
        return {"lat": request.POST.get("point_lat", ""), "lon": request.POST.get("point_lon", "")}
    if target is None or target.lat is None:
        return {"lat": "", "lon": ""}
    return {"lat": f"{target.lat:.7f}", "lon": f"{target.lon:.7f}"}


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a target of a ledger; ``?in=`` names what it stands in."""
    by, kind, status = actor_of(request), selectors.ledger_for(actor_of(request), code), 200
    if not shared.may_add(by, kind):
        permissions.check_enter(by, kind, "")
    above = uuid_of(request.GET.get("in", ""))
    parent = selectors.target_for(by, above) if above else None
    form = TargetForm(request.POST or None, by=by, kind=kind, asked=shared.asked_of(kind), target=None)
    if request.method == "POST":
        status = form.attempt(
            lambda: services.add_target(
                by=by,
                now=clock.now(),
                data=form.entered(request.POST, above),
                double_ok=request.POST.get("double") == "1",
            )
        )
        if not status:
            messages.success(request, _("已登记入册。"))
            return HttpResponseRedirect(reverse("desk:target", args=[form.made.uuid]))
    back = reverse("desk:target", args=[above]) if above else reverse("desk:ledger_list", args=[code])
    return _page(request, form, status=status, title=_("登记%(kind)s") % {"kind": kind.name}, back=back, parent=parent)


@never_cache
@require_http_methods(["GET", "POST"])
@staff
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a target; who sees an old page is told what others changed and keeps what was typed."""
    by, status = actor_of(request), 200
    target = selectors.target_for(by, uuid)
    permissions.check_keep(by, target)
    asked = shared.asked_of(target.kind)
    version, news = target.version, []
    if request.method == "POST":
        form = TargetForm(request.POST, by=by, kind=target.kind, asked=asked, target=target)
        parent = target.parent.uuid if target.parent else None
        seen = id_of(request.POST.get("version", "")) or 0
        status = form.attempt(
            lambda: services.change_target(
                by=by, now=clock.now(), uuid=uuid, data=form.entered(request.POST, parent), expected=seen,
                reason=request.POST.get("why", "")[:300],
            )
        )  # fmt: skip
        if not status:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("desk:target", args=[uuid]))
        if isinstance(form.refused, StaleError):
            news = _news(form, target)
        else:
            version = seen
    else:
        form = TargetForm(initial=first_values(target, list(asked.questions)), by=by, kind=target.kind, asked=asked,
                          target=target)  # fmt: skip
    back = reverse("desk:target", args=[uuid])
    title = _("修改“%(name)s”") % {"name": target.name}
    return _page(
        request, form, status=status, title=title, back=back, target=target, version=version, news=news,
        parent=target.parent, why=request.POST.get("why", ""),
    )  # fmt: skip


def _news(form: TargetForm, target: Target) -> list[tuple[str, str]]:
    """Return what stands in the ledger now where it is not what was typed: field and value in words."""
    asked = {fact(q.code): q for q in form.questions}
    found = []
    for name, value in first_values(target, form.questions).items():
        typed = form.cleaned_data.get(name)
        if (name in asked and asked[name].personal) or str(value or "") == str(typed or ""):
            continue
        field = form.fields[name]
        words = dict(getattr(field, "choices", [])).get(value, value)
        found.append((str(field.label), str(words if words not in (None, "") else "—")))
    return found
