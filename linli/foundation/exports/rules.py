"""Pure rules of taking lists out: who may still have a file, what stands in its head, what a cell says."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from linli.foundation.core.actors import Grant
from linli.foundation.core.text import harmless

Right = tuple[str, str, int | None]


def rights_of(grants: Iterable[Grant]) -> list[Right]:
    """Return what somebody holds, sorted, as it is kept beside a file that was made with it."""
    found = {(g.role, g.area_path, g.unit_id) for g in grants}
    return sorted(found, key=lambda r: (r[0], r[1], -1 if r[2] is None else r[2]))


def still_covers(now: Collection[Right], then: Collection[Sequence[Any]]) -> bool:
    """Return whether everything held ``then`` is held ``now``, there or further up.

    An area's path ends in a slash, so that what covers it is a beginning of it; a right held in no unit does not
    stand for one held in a unit, nor the other way round.

    >>> still_covers([("grid_head", "/1/", None)], [["grid_head", "/1/5/", None]])
    True
    >>> still_covers([("grid_head", "/1/5/", None)], [["grid_head", "/1/", None]])
    False
    """
    return all(
        any(role == had and unit == of and str(path).startswith(held) for role, held, unit in now)
        for had, path, of in then
    )


def percent(done: int, total: int | None) -> int | None:
    """Return how much is done in percent, never all of it before the end; None where the total is not known."""
    if not total:
        return None
    return min(99, math.floor(100 * done / total))


def moment(value: datetime) -> str:
    """Return a moment as a text file has it."""
    return f"{value:%Y-%m-%d %H:%M}"


def plain(value: Any) -> Any:
    """Return a cell for a text file: never a formula, moments to the minute, numbers as they are."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return value
    return harmless(str(value))


def feature(labels: Sequence[str], cells: Sequence[Any], place: tuple[float, float] | None) -> str:
    """Return one row as a GeoJSON feature in WGS-84; a row without a place has no geometry."""
    shown: Mapping[str, Any] = {
        label: value if isinstance(value, int | float) else _said(value)
        for label, value in zip(labels, cells, strict=True)
    }
    geometry = None if place is None else {"type": "Point", "coordinates": [round(place[0], 6), round(place[1], 6)]}
    return json.dumps({"type": "Feature", "geometry": geometry, "properties": shown}, ensure_ascii=False)


def _said(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
