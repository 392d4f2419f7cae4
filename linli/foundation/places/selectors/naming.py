"""Areas by what people call them: a code, a name, or names parted by strokes (华阳路街道/陶家宅居民区)."""

from __future__ import annotations

import re
from collections import defaultdict

from django.utils.translation import gettext as _

from linli.foundation.core.text import clean
from linli.foundation.places.models import Area
from linli.foundation.sheets.types import Known, Row

_OFFERED_LEVEL = 3  # subdistrict, grid, neighbourhood, micro-grid: nobody calls more by a name of their own
_STROKES = re.compile(r"\s*[/／>＞→]\s*")


def name_parts(text: str) -> list[str]:
    """Return the names in a path of names."""
    return [p for p in _STROKES.split(clean(text)) if p]


class AreaNames:
    """All areas, ended ones too, found by their names; those that live on before those that ended."""

    def __init__(self) -> None:
        """Read them: one statement."""
        rows = Area.objects.select_related("kind", "layer", "parent").defer("geometry", "wkb", "parent__geometry")
        self.areas = {a.pk: a for a in rows.defer("geometry", "wkb", "parent__geometry", "parent__wkb")}
        self.by_code = {a.code: a for a in self.areas.values()}
        self._words: dict[int, str] = {}
        self._ends: dict[str, list[Area]] = defaultdict(list)
        for area in sorted(self.areas.values(), key=lambda a: (a.valid_to is not None, a.pk)):
            self._ends[area.name].append(area)

    def full(self, area_id: int) -> str:
        """Return the names from the root down to an area, parted by strokes."""
        ids = [int(part) for part in self.areas[area_id].path.strip("/").split("/") if part]
        return "/".join(self.areas[i].name for i in ids if i in self.areas)

    def words(self, area_id: int | None) -> str:
        """Return how a sheet names an area: its full path of names, its code where two share that."""
        if area_id is None or area_id not in self.areas:
            return ""
        if area_id not in self._words:
            full = self.full(area_id)
            self._words[area_id] = full if self.find(full) == [self.areas[area_id]] else self.areas[area_id].code
        return self._words[area_id]

    def find(self, text: str) -> list[Area]:
        """Return the areas that ``text`` may mean: by code, else by the last names of their path.

        A full path wins over others that end alike; living areas win over ended ones.
        """
        if text in self.by_code:
            return [self.by_code[text]]
        parts = name_parts(text)
        if not parts:
            return []
        ending = [a for a in self._ends[parts[-1]] if self.full(a.pk).split("/")[-len(parts) :] == parts]
        for narrower in (
            [a for a in ending if a.level + 1 == len(parts) and a.valid_to is None],
            [a for a in ending if a.level + 1 == len(parts)],
            [a for a in ending if a.valid_to is None],
        ):
            if narrower:
                return narrower
        return ending


def known_areas() -> Known:
    """Return what a column of areas may name; offered are those that live on, down to the micro-grids."""
    names = AreaNames()
    tree = sorted(names.areas.values(), key=lambda a: a.path)
    open_to_all = [a for a in tree if a.valid_to is None and a.layer_id is None and a.level <= _OFFERED_LEVEL]
    return Known(
        lambda text: len(names.find(text)) == 1, [(names.words(a.pk), f"{'　' * a.level}{a.name}") for a in open_to_all]
    )


def settle_area(row: Row, names: AreaNames) -> None:
    """Bring the area of a row into the one way in which it is named; ``row.data["areas"]`` holds what it may mean."""
    row.data["areas"] = names.find(row.get("area")) if row.get("area") else []
    if len(row.data["areas"]) == 1:
        row.values["area"] = names.words(row.data["areas"][0].pk)


def check_area(row: Row) -> None:
    """Refuse an area that is not there, or a name that several have."""
    areas, text = row.data["areas"], row.get("area")
    if text and not areas:
        row.refuse("area", _("没有“%(name)s”这个区域。") % {"name": text})
    elif len(areas) > 1:
        row.refuse("area", _("有 %(count)s 个区域叫“%(name)s”，请写全路径。") % {"count": len(areas), "name": text})
