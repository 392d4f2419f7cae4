"""Entering areas, moving borders, ending areas; kinds and layers as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.resources import files
from typing import Any

import shapely
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core import namespaces
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.ids import uuid7
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.places import selectors
from linli.foundation.places.models import Area, AreaKind, FormerBorder, GeographyVersion, Layer
from linli.foundation.places.rules.geometry import BadShapeError, positions_rounded, read_shape
from linli.foundation.places.rules.index import shape_of
from linli.foundation.places.types import AreaData


def bump() -> None:
    """Let every process read the areas anew: this one at once and after the commit, others within two seconds."""
    GeographyVersion.objects.update_or_create(pk=1, defaults={"token": uuid7()})
    namespace = namespaces.current()
    selectors.forget_index(namespace)
    transaction.on_commit(lambda: selectors.forget_index(namespace))


def patterns() -> dict[str, Any]:
    """Return the shipped patterns of areas by name."""
    text = files("linli.foundation.places").joinpath("shipped/patterns.toml").read_text(encoding="utf8")
    return tomllib.loads(text)


@whole
def load_pattern(*, by: Actor, now: datetime, pattern: str = "street") -> None:
    """Enter the kinds and layers of a shipped pattern; kinds already there keep their names and gain parents."""
    shipped = patterns().get(pattern)
    if shipped is None:
        raise InvalidError(_("没有这种区域层级方案。"), code="places.no_pattern")
    there = {k.code: k for k in AreaKind.objects.all()}
    for data in [*shipped["kinds"], *shipped["layer_kinds"]]:
        kept = there.get(data["code"])
        if kept is None:
            AreaKind.objects.create(**data)
        elif set(data["parents"]) - set(kept.parents):
            kept.parents = [*kept.parents, *(p for p in data["parents"] if p not in kept.parents)]
            kept.save(update_fields=["parents"])
    for data in shipped["layers"]:
        Layer.objects.get_or_create(code=data["code"], defaults={"name": data["name"]})
    journal.record(by=by, verb="places.load_pattern", kind="area_kind", uuid=None, label=pattern, now=now)


@whole
def found(*, by: Actor, now: datetime, root: AreaData, pattern: str = "street") -> Area:
    """Enter the kinds of a shipped pattern and the area at the root of the tree.

    Raises:
        ConflictError: there is a root already.
        InvalidError: no such pattern, or the root is of a kind that cannot stand alone.
    """
    if selectors.areas(on=timezone.localdate(now)).filter(parent=None, layer=None).exists():
        raise ConflictError(_("根区域已经建立。"), hint=_("改名或调整请到“区域”页面。"), code="places.root_taken")
    load_pattern(by=by, now=now, pattern=pattern)
    return add_areas(by=by, now=now, areas=[root])[root.code]


@whole
def set_kind(*, by: Actor, now: datetime, code: str, name: str, parents: Sequence[str], order: int = 0) -> AreaKind:
    """Enter a kind of area, or change its name and the kinds that may stand above it."""
    unknown = set(parents) - {""} - set(AreaKind.objects.values_list("code", flat=True)) - {code}
    if unknown:
        raise InvalidError(
            _("上级类型不存在：%(codes)s") % {"codes": "、".join(sorted(unknown))}, code="places.no_kind"
        )
    kind, _made = AreaKind.objects.update_or_create(
        code=code, defaults={"name": clean(name), "parents": list(parents), "order": order}
    )
    journal.record(
        by=by,
        verb="places.set_kind",
        kind="area_kind",
        uuid=None,
        label=code,
        now=now,
        after={"name": name, "parents": list(parents), "order": order},
    )
    return kind


@whole
def add_layer(*, by: Actor, now: datetime, code: str, name: str) -> Layer:
    """Enter a free layer (片区, 商务区) whose areas cross the tree."""
    layer, _made = Layer.objects.update_or_create(code=code, defaults={"name": clean(name)})
    journal.record(by=by, verb="places.add_layer", kind="layer", uuid=None, label=code, now=now, after={"name": name})
    return layer


def shape_fields(geometry: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a geometry as the two fields that keep it: GeoJSON and WKB.

    Raises:
        InvalidError: it is no polygon.
    """
    if geometry is None:
        return {"geometry": None, "wkb": None}
    try:
        shape = positions_rounded(read_shape(geometry))
    except BadShapeError as error:
        raise InvalidError(_("边界不是有效的面（Polygon 或 MultiPolygon）。"), code="places.bad_shape") from error
    if not shape.is_valid:
        raise InvalidError(
            _("边界自相交或不闭合：%(why)s") % {"why": shapely.is_valid_reason(shape)}, code="places.bad_shape"
        )
    return {"geometry": shapely.geometry.mapping(shape), "wkb": shapely.to_wkb(shape)}


@whole
def add_areas(*, by: Actor, now: datetime, areas: Sequence[AreaData]) -> dict[str, Area]:
    """Enter areas, parents before or among them, with one INSERT for each step of the tree; by code.

    Raises:
        InvalidError: an unknown kind, layer or parent, a parent of a kind that may not stand there,
            a code twice, or a bad shape.
    """
    entering = _Entering(areas, timezone.localdate(now))
    made: dict[str, Area] = {}
    waiting = list(areas)
    while waiting:
        ready = [a for a in waiting if a.parent == "" or a.parent in entering.there]
        if not ready:
            raise InvalidError(_("找不到上级区域：%(code)s") % {"code": waiting[0].parent}, code="places.no_parent")
        made |= entering.insert(ready)
        waiting = [a for a in waiting if a.code not in made]
    bump()
    journal.record(
        by=by,
        verb="places.add_areas",
        kind="area",
        uuid=None,
        now=now,
        label=_("%(count)s 个区域") % {"count": len(made)},
        after={"codes": sorted(made)},
    )
    return made


class _Entering:
    """What `add_areas` needs to know while it goes down the tree."""

    def __init__(self, areas: Sequence[AreaData], today: date) -> None:
        self.today = today
        self.kinds = {k.code: k for k in AreaKind.objects.all()}
        self.layers = {layer.code: layer for layer in Layer.objects.all()}
        codes = {a.code for a in areas}
        wanted = codes | {a.parent for a in areas}
        known = Area.objects.filter(code__in=wanted).select_related("kind").defer("geometry", "wkb")
        self.there = {a.code: a for a in known}
        twice = codes & set(self.there)
        if twice or len(codes) < len(areas):
            raise ConflictError(
                _("区域编码重复：%(codes)s") % {"codes": "、".join(sorted(twice)[:5])}, code="places.code_twice"
            )

    def insert(self, ready: Sequence[AreaData]) -> dict[str, Area]:
        rows = Area.objects.bulk_create([self._row(a) for a in ready])
        for row in rows:
            row.path = f"{row.parent.path if row.parent else '/'}{row.pk}/"
        Area.objects.bulk_update(rows, ["path"], batch_size=200)
        made = {row.code: row for row in rows}
        self.there |= made
        return made

    def _row(self, data: AreaData) -> Area:
        kind, parent = self.kinds.get(data.kind), self.there.get(data.parent) if data.parent else None
        if kind is None or (data.layer and data.layer not in self.layers):
            raise InvalidError(
                _("未知的区域类型：%(code)s") % {"code": data.kind if kind is None else data.layer},
                code="places.no_kind",
            )
        above = parent.kind.code if parent else ""
        if not data.layer and above not in kind.parents:
            raise InvalidError(
                _("%(kind)s不能直接放在%(above)s之下。")
                % {"kind": kind.name, "above": parent.kind if parent else _("最上层")},
                code="places.parent_kind",
            )
        since = data.valid_from or self.today
        return Area(
            kind=kind,
            parent=parent,
            layer=self.layers.get(data.layer),
            name=clean(data.name),
            code=data.code,
            level=parent.level + 1 if parent else 0,
            schematic=data.schematic,
            households=data.households,
            valid_from=since,
            border_from=since,
            **shape_fields(data.geometry),
        )


def _locked(area_id: int) -> Area:
    return Area.objects.select_for_update(of=("self",)).select_related("kind").get(pk=area_id)


@whole
def move_border(
    *, by: Actor, now: datetime, area_id: int, geometry: Mapping[str, Any] | None, since: date, reason: str = ""
) -> Area:
    """Give an area a new border from the day ``since`` on; until then the old one stays in force.

    Raises:
        ConflictError: its border was already moved on that day or later.
        InvalidError: a bad shape.
    """
    fields = shape_fields(geometry)
    area = _locked(area_id)
    if since <= area.border_from:
        raise ConflictError(
            _("该区域的边界自 %(day)s 起已有更新，不能早于或等于这一天再改。") % {"day": area.border_from.isoformat()},
            code="places.border_later",
        )
    FormerBorder.objects.create(
        area=area, geometry=area.geometry, wkb=area.wkb, valid_from=area.border_from, valid_to=since
    )
    before = {"border_from": area.border_from.isoformat()}
    area.geometry, area.wkb, area.border_from = fields["geometry"], fields["wkb"], since
    area.save(update_fields=["geometry", "wkb", "border_from"])
    bump()
    journal.record(
        by=by,
        verb="places.move_border",
        kind="area",
        uuid=area.uuid,
        label=area.name,
        now=now,
        before=before,
        after={"border_from": since.isoformat()},
        reason=reason,
    )
    return area


@whole
def rename_area(*, by: Actor, now: datetime, area_id: int, name: str) -> Area:
    """Give an area another name."""
    area = _locked(area_id)
    before, area.name = area.name, clean(name)
    if not area.name:
        raise InvalidError(_("请填写区域名称。"), code="places.no_name", fields={"name": [_("请填写区域名称。")]})
    area.save(update_fields=["name"])
    bump()
    journal.record(
        by=by,
        verb="places.rename_area",
        kind="area",
        uuid=area.uuid,
        label=area.name,
        now=now,
        before={"name": before},
        after={"name": area.name},
    )
    return area


@whole
def end_area(*, by: Actor, now: datetime, area_id: int, day: date, reason: str = "") -> Area:
    """Let an area be gone from ``day`` on; what happened in it before stays there.

    Raises:
        ConflictError: areas below it live on, something of another room hangs on it, or it had ended before.
    """
    area = _locked(area_id)
    if area.valid_to is not None or day <= area.valid_from:
        raise ConflictError(_("该区域已经撤销，或撤销日早于设立日。"), code="places.ended")
    if area.children.filter(valid_to=None).exists():
        raise ConflictError(
            _("下级区域仍在使用，不能撤销。"), code="places.has_children", hint=_("请先调整或撤销下级区域。")
        )
    _refuse_hanging(area, day)
    area.valid_to = day
    area.save(update_fields=["valid_to"])
    bump()
    journal.record(
        by=by,
        verb="places.end_area",
        kind="area",
        uuid=area.uuid,
        label=area.name,
        now=now,
        after={"valid_to": day.isoformat()},
        reason=reason,
    )
    return area


def _refuse_hanging(area: Area, day: date) -> None:
    found = selectors.hanging(area, day)
    if found:
        words = "、".join(f"{h.what} {h.count}" for h in found)
        raise ConflictError(
            _("“%(name)s”还有：%(what)s。") % {"name": area.name, "what": words},
            code="places.hanging",
            hint=_("请先办结、移交或调整这些内容，再改动区域。"),
            hanging=found,
        )


@whole
def count_households(*, by: Actor, now: datetime, area_id: int, households: int | None) -> Area:
    """Enter how many households an area has (None: not known).

    Raises:
        InvalidError: a number that cannot be.
    """
    if households is not None and not 0 <= households <= 10_000_000:
        message = _("户数应为 0 至 10000000。")
        raise InvalidError(message, code="places.households", fields={"households": [message]})
    area = _locked(area_id)
    before, area.households = area.households, households
    area.save(update_fields=["households"])
    journal.record(
        by=by, verb="places.count_households", kind="area", uuid=area.uuid, label=area.name, now=now,
        before={"households": before}, after={"households": households},
    )  # fmt: skip
    return area


@whole
def move_area(*, by: Actor, now: datetime, area_id: int, parent_id: int, reason: str = "") -> Area:
    """Put an area with all below it under another parent; only while nothing hangs on it.

    Paths are written into cases and rights, so an area in use is ended and a new one set up instead.

    Raises:
        ConflictError: something hangs on it, it has ended, or the parent lies below it.
        InvalidError: the parent does not exist or is of a kind that may not stand above.
    """
    area = _locked(area_id)
    parent = Area.objects.select_related("kind").filter(pk=parent_id, valid_to=None).first()
    if parent is None or parent.kind.code not in area.kind.parents:
        message = _("请选择可以放在上面的区域。")
        raise InvalidError(message, code="places.no_parent", fields={"parent": [message]})
    if area.layer_id is not None or area.valid_to is not None or parent.path.startswith(area.path):
        raise ConflictError(_("这个区域不能移动。"), code="places.cannot_move")
    _refuse_hanging(area, timezone.localdate(now))
    before, start, step = area.path, f"{parent.path}{area.pk}/", parent.level + 1 - area.level
    rows = list(Area.objects.filter(path__startswith=before).defer("geometry", "wkb"))
    for row in rows:
        row.path, row.level = start + row.path[len(before) :], row.level + step
    Area.objects.bulk_update(rows, ["path", "level"], batch_size=200)
    Area.objects.filter(pk=area.pk).update(parent=parent)
    bump()
    journal.record(
        by=by, verb="places.move_area", kind="area", uuid=area.uuid, label=area.name, now=now,
        before={"path": before}, after={"path": start}, reason=clean(reason),
    )  # fmt: skip
    area.refresh_from_db()
    return area


@whole
def merge_areas(*, by: Actor, now: datetime, area_id: int, into_id: int, day: date, reason: str = "") -> Area:
    """End an area on ``day`` and give its ground to another of its kind from that day on; returns that one.

    Raises:
        ConflictError: something hangs on the area that ends, or either has ended or moved later than ``day``.
        InvalidError: not two areas of one kind.
    """
    area, into = _locked(area_id), Area.objects.filter(pk=into_id).first()
    if into is None or into.pk == area.pk or into.kind_id != area.kind_id or into.valid_to is not None:
        message = _("请选择同类的另一个区域。")
        raise InvalidError(message, code="places.merge", fields={"into": [message]})
    end_area(by=by, now=now, area_id=area.pk, day=day, reason=reason)
    if area.wkb and into.wkb:
        whole = shapely.union_all([shape_of(area.wkb), shape_of(into.wkb)])
        border = shapely.geometry.mapping(positions_rounded(whole))
        into = move_border(by=by, now=now, area_id=into.pk, geometry=border, since=day, reason=reason)
    return into
