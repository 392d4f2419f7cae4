"""The tree of areas, and one area with what may be done to it from a day on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.foundation.journal import selectors as journal
from linli.foundation.people import permissions
from linli.foundation.places import selectors, services
from linli.foundation.places.types import AreaData
from linli.interfaces.console.areas import forms
from linli.interfaces.console.doors import actor_of, only_roles, today
from linli.interfaces.console.venues.doors import READERS, administrators, id_of

if TYPE_CHECKING:
    from linli.foundation.places.models import Area
    from linli.interfaces.web.forms import DomainForm

SIZE = 100
readers = only_roles(READERS)
Bound = dict[str, Any]


def kind_options(*, free: bool = False) -> list[tuple[str, str]]:
    """Return the kinds of the tree (or of free layers) as choices."""
    return [(k.code, k.name) for k in selectors.kinds() if bool(k.parents) is not free]


def _day_asked(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today()


def page_of(request: HttpRequest, cursor: str, size: int = SIZE) -> Page[Area]:
    """Return the page of areas that an address asks for."""
    data = request.GET
    return selectors.area_page(
        on=None if data.get("ended") == "1" else _day_asked(request), kind=data.get("kind", "")[:32],
        text=data.get("q", ""), cursor=cursor[:400], size=size,
    )  # fmt: skip


def with_counts(request: HttpRequest, areas: Sequence[Area]) -> list[dict[str, Any]]:
    """Return areas with how many lie below them on the day that an address asks for."""
    counts = selectors.child_counts({a.pk for a in areas}, _day_asked(request))
    return [{"area": a, "below": counts.get(a.pk, 0), "deep": min(a.level, 5)} for a in areas]


@require_GET
@readers
def listing(request: HttpRequest) -> HttpResponse:
    """Show the areas of a day in the order of the tree, with their dates and how many lie below."""
    data, on = request.GET, _day_asked(request)
    ended = data.get("ended") == "1"
    page = page_of(request, data.get("cursor", ""))
    pairs = [(n, data[n]) for n in ("q", "kind", "on", "ended") if data.get(n)]
    query = urlencode(pairs)
    context = {
        "nav_here": "console",
        "page": page,
        "rows": with_counts(request, page.rows),
        "kinds": [{"value": "", "label": _("全部")}] + [{"value": k.code, "label": k.name} for k in selectors.kinds()],
        "q": data.get("q", "")[:60],
        "kind": data.get("kind", ""),
        "on": on,
        "ended": ended,
        "today": today(),
        "filtered": bool(data.get("q") or data.get("kind")),
        "base": f"?{query}&" if query else "?",
        "first": f"?{query}" if query else reverse("console:areas"),
        "may": permissions.can(actor_of(request), "console:configure"),
        "uploads": selectors.open_uploads(),
    }
    return render(request, "console/areas/list.html", context)


@require_http_methods(["GET", "POST"])
@administrators
def create(request: HttpRequest) -> HttpResponse:
    """Enter one area by its name; its border may come later."""
    kinds = kind_options()
    initial = {"since": today(), "parent": request.GET.get("parent", "")}
    form = forms.NewForm(request.POST or None, initial=initial, kinds=kinds)
    status = 200
    if request.method == "POST":
        status = form.attempt(lambda: _enter(request, form.cleaned_data))
        if not status:
            messages.success(request, _("已建立。"))
            return HttpResponseRedirect(reverse("console:area", args=[form.made.pk]))
    context = {"form": form, "f": {n: form[n] for n in form.fields}, "parents": _parents(), "nav_here": "console"}
    return render(request, "console/areas/new.html", context, status=status)


def _parents() -> list[dict[str, Any]]:
    found = [a for a in selectors.areas(on=today()) if a.layer_id is None]
    return [{"value": "", "label": _("没有上级")}] + [
        {"value": a.pk, "label": f"{'　' * a.level}{a.name}"} for a in found
    ]


def _enter(request: HttpRequest, d: dict[str, Any]) -> Area:
    parent = selectors.areas_by_ids({id_of(d["parent"]) or 0}) if d["parent"] else {}
    code = next(iter(parent.values())).code if parent else ""
    data = AreaData(d["code"].strip(), d["name"], d["kind"], code, valid_from=d["since"], households=d["households"])
    return services.add_areas(by=actor_of(request), now=clock.now(), areas=[data])[data.code]


@require_GET
@readers
def area(request: HttpRequest, area_id: int) -> HttpResponse:
    """Show one area: where, since when, its earlier borders, what hangs on it, what may be done."""
    return page(request, selectors.area(area_id))


def page(request: HttpRequest, found: Area, *, status: int = 200, **bound: Any) -> HttpResponse:
    """Return the page of an area; ``bound`` are forms that were sent back, by name."""
    on = today()
    peers = [a for a in selectors.areas(on=on, kind=found.kind.code) if a.pk != found.pk and a.layer_id is None]
    above = [a for a in selectors.areas(on=on) if a.kind.code in found.kind.parents and a.pk != found.parent_id]
    empty = [{"value": "", "label": _("请选择")}]
    context = {
        "nav_here": "console",
        "area": found,
        "above": selectors.ancestors(found)[:-1],
        "below": list(selectors.children(found.pk, on)[:100]),
        "drawn": found.pk in selectors.borders({found.pk}),
        "former": selectors.former_borders(found.pk),
        "hanging": selectors.hanging(found, on) if found.valid_to is None else [],
        "log": [_told(e) for e in journal.entries_for("area", found.uuid, 30)],
        "may": permissions.can(actor_of(request), "console:configure") and found.valid_to is None,
        "peers": empty + [{"value": a.pk, "label": a.name} for a in peers],
        "parents": empty + [{"value": a.pk, "label": a.name} for a in above],
        "today": on,
        "coming": found.border_from > on,
        "trouble": bound.get("trouble"),
        "forms": {
            "name": bound.get("name") or forms.NameForm(initial={"name": found.name}),
            "households": bound.get("households") or forms.HouseholdsForm(initial={"households": found.households}),
            "border": bound.get("border") or forms.BorderForm(initial={"since": on}),
            "end": bound.get("end") or forms.EndForm(initial={"day": on}),
            "merge": bound.get("merge") or forms.MergeForm(initial={"day": on}),
            "parent": bound.get("parent") or forms.ParentForm(),
        },
    }
    return render(request, "console/areas/area.html", context, status=status)


def _told(entry: Any) -> dict[str, Any]:
    words = {
        "places.move_border": _("改边界"),
        "places.rename_area": _("改名"),
        "places.end_area": _("撤销"),
        "places.move_area": _("改上级"),
        "places.count_households": _("登记户数"),
    }
    after = "、".join(str(v) for v in (entry.after or {}).values())
    before = "、".join(str(v) for v in (entry.before or {}).values() if v is not None)
    return {
        "at": entry.at,
        "who": entry.actor_label,
        "what": words.get(entry.verb, entry.verb),
        "change": f"{before} → {after}" if before else after,
        "reason": entry.reason,
    }


@require_GET
@readers
def drawing(_request: HttpRequest, area_id: int) -> JsonResponse:
    """Answer the border of an area among those of its kind."""
    found = selectors.area(area_id)
    ground = json.loads(selectors.areas_geojson(today(), found.kind.code))
    own = selectors.borders({area_id}).get(area_id)
    features = [
        {"type": "Feature", "geometry": f["geometry"], "properties": {"kind": "area", "name": f["properties"]["name"]}}
        for f in ground["features"]
    ]
    if own is not None:
        features.append({"type": "Feature", "geometry": own, "properties": {"kind": "fresh", "name": ""}})
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _rename(request: HttpRequest, found: Area, d: Bound) -> str:
    services.rename_area(by=actor_of(request), now=clock.now(), area_id=found.pk, name=d["name"])
    return ""


def _households(request: HttpRequest, found: Area, d: Bound) -> str:
    services.count_households(by=actor_of(request), now=clock.now(), area_id=found.pk, households=d["households"])
    return ""


def _border(request: HttpRequest, found: Area, d: Bound) -> str:
    sent = cast("UploadedFile[Any]", d["file"])
    kept = services.keep_border(
        by=actor_of(request), now=clock.now(), area=found, content=sent.read(), since=d["since"], reason=d["reason"]
    )
    return reverse("console:area_upload", args=[kept.uuid])


def _end(request: HttpRequest, found: Area, d: Bound) -> str:
    services.end_area(by=actor_of(request), now=clock.now(), area_id=found.pk, **d)
    return ""


def _merge(request: HttpRequest, found: Area, d: Bound) -> str:
    into = services.merge_areas(
        by=actor_of(request), now=clock.now(), area_id=found.pk, into_id=id_of(d["into"]) or 0, day=d["day"],
        reason=d["reason"],
    )  # fmt: skip
    return reverse("console:area", args=[into.pk])


def _parent(request: HttpRequest, found: Area, d: Bound) -> str:
    services.move_area(
        by=actor_of(request), now=clock.now(), area_id=found.pk, parent_id=id_of(d["parent"]) or 0, reason=d["reason"]
    )
    return ""


ACTS: dict[str, tuple[type[DomainForm], Callable[[HttpRequest, Area, Bound], str]]] = {
    "name": (forms.NameForm, _rename),
    "households": (forms.HouseholdsForm, _households),
    "border": (forms.BorderForm, _border),
    "end": (forms.EndForm, _end),
    "merge": (forms.MergeForm, _merge),
    "parent": (forms.ParentForm, _parent),
}


@require_POST
@administrators
def act(request: HttpRequest, area_id: int, name: str) -> HttpResponse:
    """Change one thing of an area; what is refused is said where it was typed, with what hangs on the area."""
    if name not in ACTS:
        raise NotFoundError(_("没有找到这个页面。"))
    found = selectors.area(area_id)
    shape, do = ACTS[name]
    form = shape(request.POST, request.FILES)
    status = form.attempt(lambda: do(request, found, form.cleaned_data))
    if not status:
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(form.made or reverse("console:area", args=[area_id]))
    return page(request, found, status=status, **{name: form})
