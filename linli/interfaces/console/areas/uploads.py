"""A file of areas: sent, looked at with everything that is wrong with it drawn on a map, then written or dropped."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.places import selectors, services
from linli.interfaces.console.areas import forms
from linli.interfaces.console.areas.views import kind_options
from linli.interfaces.console.doors import actor_of, today
from linli.interfaces.console.venues.doors import administrators

if TYPE_CHECKING:
    from linli.foundation.places.models import AreaUpload
    from linli.foundation.places.types import ImportReport

SHOWN = 500  # rows of the table: those with problems first


@require_http_methods(["GET", "POST"])
@administrators
def create(request: HttpRequest) -> HttpResponse:
    """Take a file of areas and go to its report; nothing is written yet."""
    kinds = [*kind_options(), *kind_options(free=True)]
    layers = [(layer.code, layer.name) for layer in selectors.layers()]
    form = forms.UploadForm(
        request.POST or None, request.FILES or None, initial={"since": today()}, kinds=kinds, layers=layers
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            d = form.cleaned_data
            sent = cast("UploadedFile[Any]", d.pop("file"))
            try:
                kept = services.keep_upload(
                    by=actor_of(request), now=clock.now(), content=sent.read(), name=sent.name or "", **d
                )
            except DomainError as error:
                form.take(error)
                status = error.status
            else:
                return HttpResponseRedirect(reverse("console:area_upload", args=[kept.uuid]))
    context = {"form": form, "f": {n: form[n] for n in form.fields}, "nav_here": "console"}
    return render(request, "console/areas/upload.html", context, status=status)


def _report(request: HttpRequest, upload: AreaUpload) -> ImportReport:
    """Return what would become of the file now."""
    return services.import_geojson(
        by=actor_of(request), now=clock.now(), data=upload.data, kind=upload.kind.code, since=upload.since,
        layer=upload.layer.code if upload.layer else "", dry_run=True,
    )  # fmt: skip


def _page(request: HttpRequest, upload: AreaUpload, *, status: int = 200, trouble: str = "") -> HttpResponse:
    found = _report(request, upload)
    blocking = [p for p in found.all_problems if p.blocking]
    misfits_only = all(p.code in {"overlap", "outside"} for p in blocking)
    actions = {"create": _("新建"), "update": _("更新"), "unchanged": _("不变"), "refused": _("有问题")}
    rows = sorted(found.features, key=lambda f: (not any(p.blocking for p in f.problems), not f.problems, f.index))
    counts = {name: sum(f.action == code for f in found.features) for code, name in actions.items()}
    context = {
        "nav_here": "console",
        "upload": upload,
        "report": found,
        "rows": [{"row": f, "action": actions[f.action]} for f in rows[:SHOWN]],
        "more": max(0, len(rows) - SHOWN),
        "counts": counts.items(),
        "blocking": len(blocking),
        "misfits_only": misfits_only,
        "trouble": trouble,
        "past": upload.since < today(),
    }
    return render(request, "console/areas/report.html", context, status=status)


@require_GET
@administrators
def report(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what would become of the file, feature by feature, and what is wrong, in words and on the map."""
    return _page(request, selectors.upload(uuid))


@require_GET
@administrators
def drawing(request: HttpRequest, uuid: UUID) -> JsonResponse:
    """Answer the file's shapes over those in force, with overlaps, gaps and what sticks out."""
    upload = selectors.upload(uuid)
    found = _report(request, upload)
    day: date = max(upload.since, today())
    ground = json.loads(selectors.areas_geojson(day, upload.kind.code))["features"]
    features = [_feature(f["geometry"], "area", "") for f in ground]
    features += [_feature(f.geometry, "fresh", f.name) for f in found.features if f.geometry]
    kinds = {"overlap": "overlap", "outside": "outside", "gap": "gap", "below": "outside"}
    features += [_feature(p.geometry, kinds.get(p.code, "gap"), "") for p in found.all_problems if p.geometry]
    return JsonResponse({"type": "FeatureCollection", "features": [f for f in features if f]})


def _feature(geometry: Any, kind: str, name: str) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {"kind": kind, "name": name}}


@require_POST
@administrators
def apply(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write the file, whole or not at all."""
    try:
        written = services.apply_upload(
            by=actor_of(request), now=clock.now(), uuid=uuid, accept_misfits=request.POST.get("accept") == "1"
        )
    except DomainError as error:
        if error.status == 404:
            raise
        return _page(request, selectors.upload(uuid), status=error.status, trouble=str(error))
    count = len(written.codes)
    words = ngettext("%(count)s 个区域已写入。", "%(count)s 个区域已写入。", count)
    messages.success(request, words % {"count": count})
    return HttpResponseRedirect(reverse("console:areas"))


@require_POST
@administrators
def drop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Forget the file."""
    services.drop_upload(by=actor_of(request), now=clock.now(), uuid=uuid)
    messages.success(request, _("已放弃这个文件，没有写入任何区域。"))
    return HttpResponseRedirect(reverse("console:areas"))
