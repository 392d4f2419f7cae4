"""Areas from a GeoJSON file: everything looked at first, feature by feature; written whole or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import shapely
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import CoordinateSystem
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.text import clean
from linli.foundation.places import selectors
from linli.foundation.places.models import Area, AreaKind, Layer
from linli.foundation.places.rules import geometry as shapes
from linli.foundation.places.rules.index import shape_of
from linli.foundation.places.services.areas import add_areas, count_households, move_border, rename_area
from linli.foundation.places.types import AreaData, FeatureReport, ImportReport, Problem
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.types import Rule

MAX_FEATURES = 20_000
FAR_DEGREES = 1.0
MAPPING = {"code": "code", "name": "name", "parent": "parent", "schematic": "schematic", "households": "households"}
NAMED = 12  # so many names are told one by one


@dataclass
class _Feature:
    index: int
    code: str = ""
    name: str = ""
    parent: str = ""
    schematic: bool = False
    households: int | None = None
    shape: BaseGeometry | None = None
    existing: Area | None = None
    problems: list[Problem] = field(default_factory=list)

    def add(
        self, code: str, message: str, area: float = 0.0, *, blocking: bool = True, where: BaseGeometry | None = None
    ) -> None:
        self.problems.append(Problem(code, message, round(area, 1), blocking, drawn(where)))


def import_geojson(
    *,
    by: Actor,
    now: datetime,
    data: Mapping[str, Any],
    kind: str,
    dry_run: bool = False,
    mapping: Mapping[str, str] | None = None,
    layer: str = "",
    since: date | None = None,
    tolerance_m2: float = 1.0,
    accept_misfits: bool = False,
) -> ImportReport:
    """Take areas of ``kind`` from a FeatureCollection.

    ``mapping`` says under which property names code, name, parent (a code) and schematic
    stand. A code already known is an update: its border moves on the day ``since``. A file
    that names GCJ-02 or BD-09 is converted, swapped axes are put right, and a note says so.
    Overlaps of siblings and children outside of their parents keep the file out unless
    ``accept_misfits``; gaps, sizes outside the norm, names that fit a known area of another code,
    and areas that the file leaves out are told and never keep it out.

    Raises:
        InvalidError: no FeatureCollection, an unknown kind or layer, or too many features.
    """
    job = _Import(data, kind, layer, dict(MAPPING, **(mapping or {})), since or timezone.localdate(now))
    job.read()
    if not layer:
        job.compare(tolerance_m2, blocking=not accept_misfits)
    job.look_around()
    report = job.report()
    if dry_run or not report.ok:
        return report
    written = job.write(by, now)
    return ImportReport(report.features, report.notes, report.problems, written=True, codes=written)


def drawn(shape: BaseGeometry | None) -> dict[str, Any] | None:
    """Return a shape as GeoJSON to be drawn, None for none."""
    return None if shape is None or shape.is_empty else dict(shapely.geometry.mapping(shape))


def _count(value: Any) -> int | None:
    try:
        number = int(str(value))
    except ValueError:
        return None
    return number if 0 <= number <= 10_000_000 else None


class _Norms:
    """What the rulebook says of the size of a kind of area; nothing where it says nothing."""

    def __init__(self, kind: str, on: date) -> None:
        self.households = rulebook.find_rule(f"places.households.{kind}", on=on)
        self.square_metres = rulebook.find_rule(f"places.square_metres.{kind}", on=on)

    def said(self, feature: _Feature) -> Iterator[str]:
        """Yield what is outside of the norm, in words with the norm's source."""
        if self.households is not None and feature.households is not None:
            yield from self._outside(self.households, feature.households, _("户"))
        if self.square_metres is not None and feature.shape is not None:
            yield from self._outside(self.square_metres, round(shapes.area_m2(feature.shape)), _("平方米"))

    @staticmethod
    def _outside(rule: Rule, value: int, unit: str) -> Iterator[str]:
        limits: Any = rule.value
        try:
            least, most = int(limits["least"]), int(limits["most"])
        except (TypeError, KeyError, ValueError):  # a rule changed on site into something else says nothing here
            return
        if not least <= value <= most:
            yield _("%(value)s %(unit)s，不在 %(least)s 至 %(most)s %(unit)s之间（%(source)s）。") % {
                "value": value,
                "unit": unit,
                "least": least,
                "most": most,
                "source": rule.source,
            }


class _Import:
    def __init__(self, data: Mapping[str, Any], kind: str, layer: str, names: Mapping[str, str], since: date) -> None:
        features = data.get("features") if isinstance(data, Mapping) else None
        if not isinstance(features, list) or data.get("type") != "FeatureCollection":
            raise InvalidError(_("文件不是 GeoJSON 的 FeatureCollection。"), code="places.not_geojson")
        if not 0 < len(features) <= MAX_FEATURES:
            raise InvalidError(
                _("文件应有 1 到 %(most)s 个要素。") % {"most": MAX_FEATURES}, code="places.feature_count"
            )
        found = AreaKind.objects.filter(code=kind).first()
        if found is None or (layer and not Layer.objects.filter(code=layer).exists()):
            raise InvalidError(_("未知的区域类型：%(code)s") % {"code": kind}, code="places.no_kind")
        self.raw, self.names, self.since, self.layer, self.kind = features, names, since, layer, found
        self.system = shapes.declared_system(data)
        self.notes: list[str] = []
        self.problems: list[Problem] = []
        self.parents = self._possible_parents()
        self.features: list[_Feature] = []

    def _possible_parents(self) -> dict[str, tuple[Area, BaseGeometry | None]]:
        if self.layer:
            return {}
        rows = selectors.areas(on=self.since).filter(kind__code__in=self.kind.parents).defer(None)
        return {a.code: (a, shape_of(a.wkb) if a.wkb else None) for a in rows}

    def read(self) -> None:
        """Read every feature by itself."""
        self.features = [self._feature(i, raw) for i, raw in enumerate(self.raw)]
        if self.system is not CoordinateSystem.WGS84:
            self.notes.append(
                _("文件声明为 %(system)s 坐标，已换算为 WGS-84。") % {"system": self.system.value.upper()}
            )
        known = Area.objects.filter(code__in=[f.code for f in self.features if f.code])
        existing = {a.code: a for a in known.select_related("kind")}
        seen: set[str] = set()
        for feature in self.features:
            feature.existing = existing.get(feature.code)
            if feature.code in seen:
                feature.add("code_twice", _("编码在文件中重复。"))
            if feature.existing and feature.existing.kind_id != self.kind.pk:
                feature.add("other_kind", _("编码已用于另一类区域。"))
            if feature.existing and feature.shape and feature.existing.border_from >= self.since:
                if self._same(feature):
                    feature.shape = shape_of(feature.existing.wkb or b"")
                else:
                    feature.add("border_later", _("该区域的边界自这一天或以后已有更新。"))
            seen.add(feature.code)
            self._find_parent(feature)

    def _same(self, feature: _Feature) -> bool:
        area = feature.existing
        return bool(area and area.wkb and feature.shape and shape_of(area.wkb).equals(feature.shape))

    def _feature(self, index: int, raw: Any) -> _Feature:
        feature = _Feature(index)
        properties = raw.get("properties") if isinstance(raw, Mapping) else None
        if not isinstance(properties, Mapping):
            feature.add("no_properties", _("要素没有属性。"))
            return feature
        values = {key: properties.get(name) for key, name in self.names.items()}
        feature.code = clean(str(values["code"] or ""))[:48]
        feature.name = clean(str(values["name"] or ""))[:64]
        feature.parent = clean(str(values["parent"] or ""))[:48]
        feature.schematic = bool(values["schematic"])
        feature.households = _count(values["households"])
        for key, text in (("code", _("缺少编码。")), ("name", _("缺少名称。"))):
            if not getattr(feature, key):
                feature.add(f"no_{key}", text)
        if raw.get("geometry") is not None:
            self._shape(feature, raw["geometry"])
        return feature

    def _shape(self, feature: _Feature, geometry: Any) -> None:
        try:
            shape: BaseGeometry = shapes.read_shape(geometry)
        except shapes.BadShapeError:
            feature.add("bad_shape", _("边界不是有效的面（Polygon 或 MultiPolygon）。"))
            return
        if shapes.is_swapped(shape):
            shape = shapes.swap(shape)
            feature.add("swapped", _("经纬度写反了，已对调。"), blocking=False)
        if not shapes.in_china(shape):
            feature.add("far_away", _("坐标不在中国境内，请检查坐标系和经纬度次序。"))
            return
        shape = shapes.positions_rounded(shapes.to_wgs(shape, self.system))
        if not shape.is_valid:
            feature.add(
                "invalid", _("边界自相交：%(why)s") % {"why": shapely.is_valid_reason(shape)}, shapes.area_m2(shape)
            )
            return
        feature.shape = shape

    def _find_parent(self, feature: _Feature) -> None:
        if self.layer:
            return
        if feature.existing and not feature.parent:
            feature.parent = feature.existing.parent.code if feature.existing.parent else ""
        if not feature.parent and "" not in self.kind.parents and feature.shape is not None:
            feature.parent = self._covering(feature.shape)
        if feature.parent and feature.parent not in self.parents:
            feature.add("no_parent", _("找不到上级区域：%(code)s") % {"code": feature.parent})
        if not feature.parent and "" not in self.kind.parents:
            feature.add("no_parent", _("没有写明上级区域，也没有包含它的上级区域。"))
        if feature.shape is not None:
            self._far(feature, feature.shape)

    def _covering(self, shape: BaseGeometry) -> str:
        shares = [(shapes.area_m2(shape.intersection(s)), code) for code, (_a, s) in self.parents.items() if s]
        best = max(shares, default=(0.0, ""))
        return best[1] if best[0] > shapes.area_m2(shape) / 2 else ""

    def _far(self, feature: _Feature, shape: BaseGeometry) -> None:
        around = [s for code, (_a, s) in self.parents.items() if s is not None and feature.parent in ("", code)]
        if around and min(s.distance(shape) for s in around) > FAR_DEGREES:
            feature.add("far_away", _("离上级区域超过一百公里，请检查坐标。"))

    def compare(self, tolerance: float, *, blocking: bool) -> None:
        """Compare features with one another, with areas already there, and with their parents."""
        mine = [f for f in self.features if f.shape is not None]
        stay = self._others({f.code for f in mine})
        all_shapes = [f.shape for f in mine if f.shape is not None] + [s for _a, s in stay]
        names = [f.name for f in mine] + [a.name for a, _s in stay]
        for i, j, shared in shapes.overlaps(all_shapes, tolerance):
            if i < len(mine):
                text = _("与“%(other)s”重叠 %(area).1f 平方米。") % {"other": names[j], "area": shared}
                where = all_shapes[i].intersection(all_shapes[j])
                mine[i].add("overlap", text, shared, blocking=blocking, where=where)
        below: dict[str, list[BaseGeometry]] = defaultdict(list)
        for area, shape in stay:
            below[area.parent.code if area.parent else ""].append(shape)
        for feature in mine:
            below[feature.parent].extend([feature.shape] if feature.shape is not None else [])
            self._outside(feature, tolerance, blocking=blocking)
        self._gaps({f.parent: below[f.parent] for f in mine}, tolerance)
        self._left_below(mine, tolerance)

    def _others(self, codes: set[str]) -> list[tuple[Area, BaseGeometry]]:
        rows = selectors.areas(on=self.since, kind=self.kind.code).exclude(code__in=codes).exclude(wkb=None)
        return [(a, shape_of(a.wkb)) for a in rows.select_related("parent").defer(None) if a.wkb]

    def _outside(self, feature: _Feature, tolerance: float, *, blocking: bool) -> None:
        parent, shape = self.parents.get(feature.parent, (None, None))
        if parent is None or shape is None or feature.shape is None:
            return
        out = shapes.outside_m2(feature.shape, shape)
        if out > tolerance:
            text = _("有 %(area).1f 平方米在上级“%(parent)s”之外。") % {"area": out, "parent": parent.name}
            feature.add("outside", text, out, blocking=blocking, where=feature.shape.difference(shape))

    def _gaps(self, below: Mapping[str, list[BaseGeometry]], tolerance: float) -> None:
        for code, children in below.items():
            parent, shape = self.parents.get(code, (None, None))
            if parent is None or shape is None:
                continue
            gap = shapes.gap_m2(shape, children)
            if gap > tolerance:
                text = _("“%(parent)s”有 %(area).1f 平方米没有下级区域覆盖。") % {"parent": parent.name, "area": gap}
                where = drawn(shape.difference(shapely.union_all(list(children))))
                self.problems.append(Problem("gap", text, round(gap, 1), blocking=False, geometry=where))

    def _left_below(self, mine: list[_Feature], tolerance: float) -> None:
        """Tell which areas below a moved border would stick out of it: they are to be moved too."""
        moved = {f.existing.pk: f for f in mine if f.existing is not None and not self._same(f)}
        if not moved:
            return
        rows = selectors.areas(on=self.since).filter(parent__in=moved).exclude(wkb=None).defer(None)
        for area in rows:
            feature = moved[area.parent_id or 0]
            if feature.shape is None or area.wkb is None:
                continue
            shape = shape_of(area.wkb)
            out = shapes.outside_m2(shape, feature.shape)
            if out > tolerance:
                text = _("下级“%(name)s”将有 %(area).1f 平方米在新边界之外，请一并调整。") % {
                    "name": area.name,
                    "area": out,
                }
                feature.add("below", text, out, blocking=False, where=shape.difference(feature.shape))

    def look_around(self) -> None:
        """Compare with what is known: sizes with the norm, names with areas of other codes, areas with the file."""
        norms = _Norms(self.kind.code, self.since)
        known = {a.name: a.code for a in selectors.areas(on=self.since, kind=self.kind.code)}
        codes = {f.code for f in self.features}
        for feature in self.features:
            for text in norms.said(feature):
                feature.add("size", text, blocking=False)
            code = known.get(feature.name)
            if feature.existing is None and code is not None and code != feature.code:
                text = _("已有同名区域，编码是 %(code)s：是不是编码写错了？") % {"code": code}
                feature.add("name_known", text, blocking=False)
        left = sorted(name for name, code in known.items() if code not in codes)
        if left and any(f.existing for f in self.features):
            text = _("现有 %(count)s 个区域不在文件里，保持不变：%(names)s") % {
                "count": len(left),
                "names": "、".join(left[:NAMED]) + ("……" if len(left) > NAMED else ""),
            }
            self.problems.append(Problem("left_out", text, blocking=False))

    def report(self) -> ImportReport:
        """Return what was found."""
        return ImportReport(
            features=tuple(
                FeatureReport(
                    index=f.index,
                    code=f.code,
                    name=f.name,
                    action=self._action(f),
                    problems=tuple(f.problems),
                    households=f.households,
                    geometry=drawn(f.shape),
                    area_m2=round(shapes.area_m2(f.shape), 1) if f.shape is not None else 0.0,
                )
                for f in self.features
            ),
            notes=tuple(self.notes),
            problems=tuple(self.problems),
        )

    def _action(self, feature: _Feature) -> str:
        if any(p.blocking for p in feature.problems):
            return "refused"
        if feature.existing is None:
            return "create"
        same = (feature.shape is None or self._same(feature)) and feature.existing.name == feature.name
        same = same and feature.households in (None, feature.existing.households)
        return "unchanged" if same else "update"

    @transaction.atomic
    def write(self, by: Actor, now: datetime) -> dict[str, int]:
        """Write it all; returns ids by code."""
        fresh = [
            AreaData(
                code=f.code,
                name=f.name,
                kind=self.kind.code,
                parent=f.parent,
                layer=self.layer,
                valid_from=self.since,
                schematic=f.schematic,
                households=f.households,
                geometry=None if f.shape is None else shapely.geometry.mapping(f.shape),
            )
            for f in self.features
            if f.existing is None
        ]
        codes = {code: a.pk for code, a in add_areas(by=by, now=now, areas=fresh).items()} if fresh else {}
        for f in self.features:
            if f.existing is not None:
                codes[f.code] = f.existing.pk
                if f.shape is not None and not self._same(f):
                    border = shapely.geometry.mapping(f.shape)
                    move_border(by=by, now=now, area_id=f.existing.pk, geometry=border, since=self.since)
                if f.existing.name != f.name:
                    rename_area(by=by, now=now, area_id=f.existing.pk, name=f.name)
                if f.households is not None and f.existing.households != f.households:
                    count_households(by=by, now=now, area_id=f.existing.pk, households=f.households)
        return codes
