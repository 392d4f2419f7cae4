"""Which themes of public advertising are missing at a point: only fixed forms in good state count (domain.md §4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from linli.programmes.civility.types import Theme


class Shown(StrEnum):
    """How a theme stands at a point."""

    GOOD = "good"  # a fixed one in good state
    LATE = "late"  # there, and past the day on which it was to be replaced
    WORN = "worn"  # fixed and worn
    LOOSE = "loose"  # only banners and stands, which do not count
    MISSING = "missing"
    FREE = "free"  # nothing there, and not asked of this type of point


@dataclass(frozen=True, slots=True)
class Ad:
    """One advertisement as the ledger has it."""

    point: str
    theme: str
    fixed: bool
    state: str
    replace_on: date | None = None


ASKED = frozenset({Shown.MISSING, Shown.LOOSE, Shown.WORN, Shown.LATE})
_ORDER = (Shown.GOOD, Shown.LATE, Shown.WORN, Shown.LOOSE, Shown.MISSING)


def standing(ad: Ad, today: date) -> Shown:
    """Return how one advertisement stands today."""
    if ad.state == "missing":
        return Shown.MISSING
    if not ad.fixed:
        return Shown.LOOSE
    if ad.state == "worn":
        return Shown.WORN
    return Shown.LATE if ad.replace_on is not None and ad.replace_on < today else Shown.GOOD


def matrix(points: Mapping[str, Iterable[str]], ads: Iterable[Ad], today: date) -> dict[str, dict[str, Shown]]:
    """Return point → theme → how it stands: the best of what is there.

    Args:
        points: point → themes that it must show.
    """
    found: dict[str, dict[str, Shown]] = {}
    for point, asked in points.items():
        wanted = set(asked)
        found[point] = {t.value: Shown.MISSING if t.value in wanted else Shown.FREE for t in Theme}
    for ad in ads:
        row = found.get(ad.point)
        if row is None or ad.theme not in row:
            continue
        now, there = standing(ad, today), row[ad.theme]
        if there is Shown.FREE or _ORDER.index(now) < _ORDER.index(there):
            row[ad.theme] = now
    return found
