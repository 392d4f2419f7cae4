"""The same spot over time: two pictures of one question beside each other, and all the others in a strip."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.rules.finding import bare
from linli.engines.fieldwork.rules.tables import columns
from linli.engines.fieldwork.selectors import Picture
from linli.foundation.core.errors import NotFoundError
from linli.foundation.files import selectors as stored
from linli.interfaces.desk.doors import actor_of, staff, uuid_of
from linli.interfaces.desk.fieldwork.ledgers import shared
from linli.interfaces.desk.files.views import SIZES, send


def spots_of(pictures: list[Picture]) -> dict[str, list[Picture]]:
    """Return the pictures by the question that they answer, those with most first."""
    found: dict[str, list[Picture]] = {}
    for picture in pictures:
        found.setdefault(f"{picture.submission.form.form.code}:{bare(picture.path)}", []).append(picture)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def head_of(pictures: list[Picture]) -> str:
    """Return what the question is called, in the newest version that was filled."""
    newest = pictures[-1]
    asked = columns([selectors.form_of(newest.submission.form)])
    return next((c.head for c in asked if c.path == bare(newest.path)), bare(newest.path))


@require_GET
@staff
def photos(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show two pictures of a spot beside each other: the first and the last, or those chosen."""
    by = actor_of(request)
    target = selectors.target_for(by, uuid)
    spots = spots_of(selectors.pictures(by, target))
    here = request.GET.get("spot", "")
    here = here if here in spots else next(iter(spots), "")
    shown = spots.get(here, [])
    context = {
        "target": target,
        "tabs": [
            {"label": head_of(found), "url": f"?spot={code}", "count": len(found), "current": code == here}
            for code, found in spots.items()
        ],
        "spot": here,
        "strip": [_shown(target.uuid, p) for p in shown],
        "one": _shown(target.uuid, _chosen(request, "one", shown, 0)) if shown else None,
        "other": _shown(target.uuid, _chosen(request, "other", shown, -1)) if len(shown) > 1 else None,
        "nav_here": shared.NAV,
    }
    return render(request, "desk/ledgers/photos.html", context)


def _chosen(request: HttpRequest, name: str, shown: list[Picture], place: int) -> Picture:
    wanted = uuid_of(request.GET.get(name, ""))
    return next((p for p in shown if p.file == wanted), shown[place])


def _shown(target: UUID, picture: Picture) -> dict[str, Any]:
    return {
        "uuid": str(picture.file),
        "url": reverse("desk:target_photo", args=[target, picture.file, "1600"]),
        "thumb": reverse("desk:target_photo", args=[target, picture.file, "320"]),
        "at": picture.at,
        "by": picture.submission.by_label,
        "record": reverse("desk:record", args=[picture.submission.uuid]),
    }


@require_GET
@staff
def photo(request: HttpRequest, uuid: UUID, file: UUID, size: str) -> HttpResponseBase:
    """Send a picture of a target as pages show it."""
    if size not in SIZES:
        raise NotFoundError(_("没有这个版本的文件。"), code="desk.file")
    selectors.picture_for(actor_of(request), uuid, file)
    return send(stored.serve_shown(file, SIZES[size]), cached=True)
