"""The grid of a building: its floors and flats made at once, those that are there left alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.fieldwork import search
from linli.engines.fieldwork.models import Fact, Kind, Target
from linli.engines.fieldwork.permissions import check_enter
from linli.engines.fieldwork.rules.grids import floors
from linli.engines.fieldwork.services.facts import BY_HAND, columns, facts_of, index
from linli.engines.fieldwork.services.steps import note_target, wrong
from linli.engines.fieldwork.services.targets import locked
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError
from linli.foundation.rulebook import selectors as rulebook


@whole
def make_grid(
    *, by: Actor, now: datetime, building: UUID, first: int, last: int, doors: int, without: Collection[int] = ()
) -> int:
    """Make the floors of a building and the flats of each; return how many were new.

    Floors are of the kind below the building's, flats of the kind below that. Done again it adds what is missing.

    Raises:
        NotFoundError, ForbiddenError: not for this person. InvalidError: floors or doors that cannot be.
        ConflictError: the building is gone, or its kind has no kinds below.
    """
    top = locked(by, building)
    if top.until is not None:
        raise ConflictError(_("这个对象已退出台账。"), code="fieldwork.ended", hint=_("如需修改，请先恢复。"))
    floor_kind, flat_kind = _below(top.kind)
    for kind in (floor_kind, flat_kind):
        check_enter(by, kind, top.area_path, top.unit_id)
    most = int(rulebook.value("fieldwork.flats.most", on=timezone.localdate(now)))
    try:
        wanted = floors(first, last, doors, without=without, most=most)
    except ValueError as error:
        raise wrong(
            "floors", _("请核对楼层和每层户数：每层 1 至 99 户，一栋最多 %(most)s 户。") % {"most": most}
        ) from error
    made = _children(by, now, floor_kind, {top: [f.name for f in wanted]})
    rows = {t.name: t for t in Target.objects.filter(parent=top, kind=floor_kind, until=None).select_related("kind")}
    flats = {rows[f.name]: list(f.flats) for f in wanted}
    made += _children(by, now, flat_kind, flats)
    note_target(by, now, "make_grid", top, after={"first": first, "last": last, "doors": doors, "made": made})
    return made


def _below(kind: Kind) -> tuple[Kind, Kind]:
    floor = Kind.objects.filter(parent=kind, active=True, guarded=False).first()
    flat = Kind.objects.filter(parent=floor, active=True, guarded=False).first() if floor else None
    if floor is None or flat is None:
        raise ConflictError(
            _("“%(kind)s”下面没有楼层和房屋台账。") % {"kind": kind.name}, code="fieldwork.no_floors",
            hint=_("请先在台账类型里设置。"),
        )  # fmt: skip
    return floor, flat


def _children(by: Actor, now: datetime, kind: Kind, wanted: dict[Target, list[str]]) -> int:
    """Make what is not there yet of one kind below each parent."""
    parents = {p.pk: p for p in wanted}
    there = set(Target.objects.filter(parent__in=parents, kind=kind, until=None).values_list("parent_id", "name"))
    today = timezone.localdate(now)
    rows = []
    for parent, names in wanted.items():
        for name in names:
            if (parent.pk, name) in there:
                continue
            # A flat's address is the building's with the room behind it; a floor's is the building's.
            leaf = parent.parent_id is not None
            address = f"{parent.address}{name}".replace(" ", "")[:200] if leaf and parent.address else parent.address
            row = Target(
                kind=kind, name=name, address=address, parent=parent, lat=parent.lat, lon=parent.lon,
                area_id=parent.area_id, area_path=parent.area_path, venue_id=parent.venue_id, unit_id=parent.unit_id,
                since=today, changed_at=now,
            )  # fmt: skip
            index(row)
            rows.append(row)
    made = Target.objects.bulk_create(rows, batch_size=500)
    search.write(made)
    told = [f for row in made for f in facts_of(row, _first(row), frozenset(), by, now, BY_HAND)]
    Fact.objects.bulk_create(told, batch_size=500)
    return len(made)


def _first(row: Target) -> dict[str, object]:
    return {k: v for k, v in columns(row).items() if v not in (None, "", [])}
