"""Reads of the room `places`: areas, the area of a point, places by name."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.core.text import tokens
from linli.foundation.places import events
from linli.foundation.places.models import (
    Area,
    AreaKind,
    AreaQuerySet,
    AreaUpload,
    FormerBorder,
    Layer,
    Place,
)
from linli.foundation.places.selectors import from_text, store
from linli.foundation.places.selectors.from_text import known_place as known_place
from linli.foundation.places.selectors.from_text import read_report as read_report
from linli.foundation.places.selectors.from_text import read_text as read_text
from linli.foundation.places.types import Hanging, Location

NEAR_METRES = 30.0


def _areas(on: date | None) -> AreaQuerySet:
    rows = Area.objects.select_related("kind").defer("geometry", "wkb")
    return rows if on is None else rows.on(on)


def locate(point: Point, on: date, *, near: float = NEAR_METRES) -> Location:
    """Return where ``point`` lay on the day ``on``, with the neighbours within ``near`` metres.

    From memory: no statement, but for a look at the version row at most every two seconds.
    """
    return store.index(on).locate(point, near)


def area(id: int) -> Area:
    """Return the area with ``id``, whatever its dates.

    Raises:
        NotFoundError: there is none.
    """
    found = _areas(None).filter(pk=id).first()
    if found is None:
        raise NotFoundError(_("没有这个区域。"), code="places.no_area")
    return found


def area_by_code(code: str) -> Area | None:
    """Return the area with ``code``, or None."""
    return _areas(None).filter(code=code).first()


def areas(*, on: date, kind: str = "", below: str = "") -> QuerySet[Area]:
    """Return the areas of ``kind`` that there are on a day, those below the path ``below`` only; by path."""
    rows = _areas(on).filter(path__startswith=below)
    return rows.filter(kind__code=kind) if kind else rows


def areas_by_ids(ids: set[int]) -> dict[int, Area]:
    """Return areas by id, with one statement."""
    return {a.id: a for a in _areas(None).filter(pk__in=ids)}


def children(area_id: int, on: date) -> QuerySet[Area]:
    """Return the areas directly below one, by code."""
    return _areas(on).filter(parent_id=area_id).order_by("code")


def ancestors(area: Area) -> list[Area]:
    """Return the areas above, from the root down, and the area itself last."""
    ids = [int(part) for part in area.path.strip("/").split("/") if part]
    found = areas_by_ids(set(ids))
    return [found[i] for i in ids if i in found]


def kinds() -> list[AreaKind]:
    """Return the kinds of areas, from the top down."""
    return list(AreaKind.objects.all())


def areas_geojson(on: date, kind: str = "") -> str:
    """Return the areas of ``kind`` on a day as GeoJSON text, kept in memory until areas change."""
    return store.geojson(on, kind)


def backdrop_geojson() -> str:
    """Return roads, water, parks and houses to draw behind the areas, as GeoJSON text kept in memory."""
    return store.backdrop()


def public_names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the roads and of the estates that are known here; two statements and the drawing's."""
    drawn = {str(f["properties"].get("name") or "") for f in json.loads(backdrop_geojson())["features"]}
    roads = set(Place.objects.exclude(road="").order_by().values_list("road", flat=True).distinct())
    roads |= {name for name in drawn if name.endswith(("路", "街", "道", "巷"))}
    estates = Place.objects.filter(kind=Place.Kind.ESTATE).order_by().values_list("name", flat=True).distinct()
    return tuple(sorted(roads)), tuple(sorted(estates))


def search_places(text: str, limit: int = 10) -> list[Place]:
    """Return the places whose name, other names or address hold all of ``text``; shortest name first."""
    wanted = list(dict.fromkeys(tokens(text)))[:32]
    if not wanted:
        return []
    rows = Place.objects.select_related("area")
    if len(wanted) == 1:
        rows = rows.filter(tokens__token__startswith=wanted[0]).distinct()
    else:
        rows = rows.filter(tokens__token__in=wanted).annotate(hits=Count("tokens")).filter(hits=len(wanted))
    return list(rows.order_by(Length("name"), "name", "pk")[:limit])


def place(id: int) -> Place:
    """Return the place with ``id``.

    Raises:
        NotFoundError: there is none.
    """
    found = Place.objects.select_related("area").filter(pk=id).first()
    if found is None:
        raise NotFoundError(_("没有这个地点。"), code="places.no_place")
    return found


def area_counts(on: date) -> list[tuple[str, str, int, int]]:
    """Return for each kind of the tree code, name, how many areas there are on that day, how many without a border.

    In the order of the kinds, those without areas left out: one statement.
    """
    rows = Area.objects.on(on).filter(layer=None).values_list("kind__order", "kind__code", "kind__name")
    counted = rows.order_by("kind__order").annotate(n=Count("pk"), bare=Count("pk", filter=Q(geometry=None)))
    return [(code, name, n, bare) for _order, code, name, n, bare in counted]


def places_nowhere(limit: int = 1000) -> list[Place]:
    """Return the places that lie in no area, by name: whoever lives there is nobody's."""
    return list(Place.objects.filter(area=None).order_by("name", "pk")[:limit])


def places_of(area_path: str, *, limit: int = 200) -> list[Place]:
    """Return the places in the area with ``area_path`` and below it, by name."""
    return list(Place.objects.filter(area__path__startswith=area_path).order_by("name")[:limit])


def names(on: date, *, shortest: int = 3) -> list[tuple[str, int]]:
    """Return the names by which areas below the subdistrict and places are spoken of on a day, each with its area's id.

    With two statements. Names shorter than ``shortest`` characters are left out, since they stand in other words.
    """
    areas = Area.objects.on(on).filter(level__gt=0).values_list("name", "pk")
    spoken = Place.objects.filter(area__isnull=False).values_list("name", "aliases", "area_id")
    found = [*areas, *((name, area) for own, more, area in spoken for name in (own, *more) if area is not None)]
    return [(name, area) for name, area in found if len(name) >= shortest]


def hanging(area: Area, day: date) -> list[Hanging]:
    """Return what of other rooms hangs on an area and those below it, were it to end on ``day``."""
    return [h for asked in events.handlers() for h in asked(area.pk, area.path, day)]


def former_borders(area_id: int) -> list[FormerBorder]:
    """Return the borders that an area had, the latest first, without their shapes."""
    return list(FormerBorder.objects.filter(area=area_id).defer("geometry", "wkb").order_by("-valid_from"))


def borders(ids: set[int]) -> dict[int, Any]:
    """Return the GeoJSON shapes of areas as entered last, by id."""
    return dict(Area.objects.filter(pk__in=ids).exclude(geometry=None).values_list("pk", "geometry"))


def area_page(
    *, on: date | None, kind: str = "", text: str = "", below: str = "", cursor: str = "", size: int = 100
) -> Page[Area]:
    """Return a page of areas in the order of the tree: of a day, or of all times (None)."""
    rows = _areas(on).filter(path__startswith=below).select_related("kind", "parent", "layer")
    rows = rows.defer("geometry", "wkb", "parent__geometry", "parent__wkb")
    if kind:
        rows = rows.filter(kind__code=kind)
    if text.strip():
        words = text.strip()[:60]
        rows = rows.filter(Q(name__icontains=words) | Q(code__istartswith=words))
    return keyset(rows, keys=[("path", str), ("id", int)], cursor=cursor, size=size)


def child_counts(ids: set[int], on: date) -> dict[int, int]:
    """Return how many areas there are directly below each on a day, with one statement."""
    rows = Area.objects.on(on).filter(parent__in=ids).values("parent").annotate(n=Count("id"))
    return {row["parent"] or 0: row["n"] for row in rows}


def layers() -> list[Layer]:
    """Return the free layers."""
    return list(Layer.objects.order_by("name"))


def upload(uuid: UUID) -> AreaUpload:
    """Return a kept file of areas.

    Raises:
        NotFoundError: there is none.
    """
    found = AreaUpload.objects.select_related("kind", "layer").filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这个文件，可能已经放弃。"), code="places.no_upload")
    return found


def open_uploads(limit: int = 20) -> list[AreaUpload]:
    """Return the kept files that are not written yet, the newest first."""
    rows = AreaUpload.objects.filter(applied_at=None).select_related("kind").defer("data")
    return list(rows.order_by("-id")[:limit])


def forget_index(namespace: str | None = None) -> None:
    """Drop what this process keeps of areas and of places by name, so that the next read asks the database."""
    store.forget(namespace)
    from_text.forget(namespace)
