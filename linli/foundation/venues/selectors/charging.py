"""Sockets against e-bikes, by 居民区 and by 小区."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from linli.foundation.places import selectors as places
from linli.foundation.venues.models import BikeCount, ChargingProject, Venue
from linli.foundation.venues.types import ChargingLine, State


def bike_counts() -> dict[tuple[str, int], BikeCount]:
    """Return the newest count of each 居民区 (``("area", id)``) and 小区 (``("place", id)``)."""
    found: dict[tuple[str, int], BikeCount] = {}
    for row in BikeCount.objects.select_related("place").order_by("counted_on", "id"):
        key = ("area", row.area_id) if row.area_id is not None else ("place", row.place_id or 0)
        found[key] = row
    return found


def _sockets(paths: Sequence[tuple[str, int]]) -> dict[int, tuple[int, int]]:
    """Return sockets and cabinet slots of the open facilities by 居民区."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    rows = Venue.objects.filter(kind__charging=True, state__in=[State.OPEN, State.PAUSED])
    for path, answers in rows.values_list("area_path", "answers"):
        home = next((pk for start, pk in paths if path.startswith(start)), None)
        if home is not None:
            found[home][0] += int(answers.get("sockets") or 0)
            found[home][1] += int(answers.get("cabinets") or 0)
    return {pk: (a, b) for pk, (a, b) in found.items()}


def charging_lines(on: date) -> list[ChargingLine]:
    """Return how each 居民区 stands, the widest gap first, those never counted last.

    A 居民区 counted as a whole goes by that count; else by the sum of its 小区 that were counted.
    """
    areas = list(places.areas(on=on, kind="neighbourhood"))
    sockets = _sockets([(a.path, a.pk) for a in areas])
    counts = bike_counts()
    parts: dict[int, list[BikeCount]] = defaultdict(list)
    for (what, _id), row in counts.items():
        if what == "place" and row.place is not None and row.place.area_id is not None:
            parts[row.place.area_id].append(row)
    lines = []
    for area in areas:
        own, below = counts.get(("area", area.pk)), parts.get(area.pk, [])
        used = [own] if own else below
        bikes = sum(row.bikes for row in used) if used else None
        plugs, cabinets = sockets.get(area.pk, (0, 0))
        gap = None if bikes is None else max(0, bikes - plugs - cabinets)
        source = "、".join(dict.fromkeys(row.source for row in used))
        counted = min((row.counted_on for row in used), default=None)
        lines.append(ChargingLine(area.name, area.pk, None, plugs, cabinets, bikes, counted, source, gap))
    return sorted(lines, key=lambda x: (x.gap is None, -(x.gap or 0), x.name))


def projects() -> list[ChargingProject]:
    """Return charging facilities being built, with their areas, those still under way first."""
    return list(
        ChargingProject.objects.select_related("area").defer("area__geometry", "area__wkb").order_by("-stage_on", "id")
    )
