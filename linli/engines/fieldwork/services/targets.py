"""Entering, changing and ending targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.fieldwork import search, selectors
from linli.engines.fieldwork.models import Fact, Target, Visit
from linli.engines.fieldwork.permissions import check_enter, check_keep, check_read, readable
from linli.engines.fieldwork.services.counting import drop_open, recount
from linli.engines.fieldwork.services.facts import (
    BY_HAND,
    Source,
    columns,
    facts_of,
    index,
    looked_at,
    personal_codes,
    put_facts,
)
from linli.engines.fieldwork.services.steps import label_of, need, note_target, stale, wrong
from linli.engines.fieldwork.types import TargetData
from linli.engines.fieldwork.workflow import VISIT_OPEN
from linli.foundation.core import faults as faults_of
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, DomainError, NotFoundError
from linli.foundation.core.text import clean
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.foundation.venues import selectors as venues

MOST_TAGS, LONGEST_TAG = 20, 20
_LONGEST = {"name": 100, "number": 40, "address": 200}


@whole
def add_target(
    *, by: Actor, now: datetime, data: TargetData, double_ok: bool = False, source: Source = BY_HAND,
    uuid: UUID | None = None, times: Mapping[str, datetime] | None = None,
) -> Target:  # fmt: skip
    """Enter a target; its area is that of its point, else the one given, else that of what it stands in.

    Args:
        double_ok: enter it though there is one that looks the same.
        uuid: given by the device or the system that found it; None: made here.
        times: field → when it was seen, where that was before ``now``.

    Raises:
        ForbiddenError: not who keeps the ledger there. InvalidError: by field (a fact under ``facts.<code>``).
        ConflictError: ``fieldwork.double``: one that this person may read looks the same; ``params["uuid"]`` names it.
    """
    kind = selectors.kind(data.kind)
    if not kind.active:
        raise wrong("kind", _("这个台账已经停用。"))
    today = timezone.localdate(now)
    if data.since is not None and data.since > today:
        raise wrong("since", _("入册日期不能晚于今天。"))
    target = Target(kind=kind, since=data.since or today, changed_at=now)
    if uuid is not None:
        target.uuid = uuid
    personal = fill(target, data, by, now)
    check_enter(by, kind, target.area_path, target.unit_id)
    if not double_ok:
        _no_double(by, target)
    _save(target)
    told = {**columns(target), **selectors.known(target)}
    told = {k: v for k, v in told.items() if v not in (None, "", [])}
    Fact.objects.bulk_create(facts_of(target, told, personal, by, now, source, times))
    note_target(by, now, "add_target", target, after=told, personal=_private(target, told, personal))
    return target


@whole
def change_target(
    *, by: Actor, now: datetime, uuid: UUID, data: TargetData, expected: int, reason: str = "", source: Source = BY_HAND
) -> Target:
    """Change a target that was at version ``expected``; its kind and first day stay.

    Raises:
        NotFoundError, ForbiddenError: not for this person. StaleError: somebody changed it meanwhile.
        InvalidError: as :func:`add_target`. ConflictError: it has left the ledger.
    """
    target = locked(by, uuid, expected)
    _living(target)
    before = {**columns(target), **selectors.known(target)}
    personal = fill(target, data, by, now)
    check_enter(by, target.kind, target.area_path, target.unit_id)
    after = {**columns(target), **selectors.known(target)}
    changed = {k: after.get(k) for k in {**before, **after} if before.get(k) != after.get(k)}
    if changed:
        save_next(target, now)
        Fact.objects.bulk_create(facts_of(target, changed, personal, by, now, source))
        if "area" in changed or "point" in changed:
            moving = Visit.objects.filter(target=target, state__in=VISIT_OPEN)
            touched = list(moving.exclude(area_path=target.area_path).values_list("round", flat=True))
            moving.update(area_path=target.area_path)
            recount(touched)
    note_target(
        by, now, "change_target", target, before={k: before.get(k) for k in changed}, after=changed,
        reason=clean(reason), personal=_private(target, changed, personal),
    )  # fmt: skip
    return target


@whole
def end_target(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int) -> Target:
    """Take a target out of the ledger from today on; visits to it that are due are dropped.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError (already out; something in it is still there).
        InvalidError: no reason.
    """
    need(reason=reason)
    target = locked(by, uuid, expected)
    _living(target)
    below = Target.objects.filter(parent=target, until=None).count()
    if below:
        raise ConflictError(
            _("下面还有 %(n)s 个对象在册。") % {"n": below}, code="fieldwork.below", hint=_("请先让它们退出台账。")
        )
    target.until = max(timezone.localdate(now), target.since)
    target.ended_reason = clean(reason)[:300]
    save_next(target, now)
    dropped = drop_open(by, now, target, _("对象已退出台账。"))
    note_target(
        by, now, "end_target", target, before={"until": None}, after={"until": target.until, "visits": dropped},
        reason=target.ended_reason,
    )  # fmt: skip
    return target


@whole
def restore_target(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int) -> Target:
    """Take a target that was ended by mistake into the ledger again.

    Raises:
        as :func:`end_target`; ConflictError: it is there, or it was merged into another.
    """
    need(reason=reason)
    target = locked(by, uuid, expected)
    if target.until is None or target.merged_into_id is not None:
        raise ConflictError(_("只有已退出台账的对象可以恢复。"), code="fieldwork.state", hint=_("请刷新后查看。"))
    before, target.until, target.ended_reason = target.until, None, ""
    save_next(target, now)
    note_target(
        by, now, "restore_target", target, before={"until": before}, after={"until": None}, reason=clean(reason)
    )
    return target


def locked(by: Actor, uuid: UUID, expected: int | None = None) -> Target:
    """Return the target to be changed, locked; checks the right and, where given, the version."""
    target = Target.objects.select_for_update(of=("self",)).select_related("kind").filter(uuid=uuid).first()
    if target is None:
        raise NotFoundError(_("没有这个对象。"), code="fieldwork.no_target")
    check_keep(by, target)
    if expected is not None and target.version != expected:
        raise stale()
    return target


def _living(target: Target) -> None:
    if target.until is not None:
        raise ConflictError(_("这个对象已退出台账。"), code="fieldwork.ended", hint=_("如需修改，请先恢复。"))


def save_next(target: Target, now: datetime) -> None:
    """Save ``target`` as its next version."""
    target.version += 1
    target.changed_at = now
    _save(target)


def _save(target: Target) -> None:
    index(target)
    try:
        with transaction.atomic():
            target.save()
    except IntegrityError as error:
        raise wrong("number", _("这个台账里已经有编号“%(number)s”。") % {"number": target.number}) from error
    search.write([target])


def _private(target: Target, told: dict[str, Any], personal: frozenset[str]) -> frozenset[str]:
    """Return of which fields the journal keeps commitments only: of a guarded kind all."""
    return frozenset(told) if target.kind.guarded else personal


def fill(target: Target, data: TargetData, by: Actor, now: datetime) -> frozenset[str]:
    """Put what was entered into ``target``, every fault said at its field at once; return what is sealed."""
    faults: dict[str, list[str]] = {}
    for name, most in _LONGEST.items():
        text = clean(getattr(data, name))
        if len(text) > most:
            faults[name] = [_("最多 %(most)s 个字，现在有 %(now)s 个。") % {"most": most, "now": len(text)}]
        setattr(target, name, text)
    if not target.name:
        faults["name"] = [_("请填写名称。")]
    target.tags = list(dict.fromkeys(t for t in map(clean, data.tags) if t))
    if len(target.tags) > MOST_TAGS or any(len(t) > LONGEST_TAG for t in target.tags):
        faults["tags"] = [_("最多 %(n)s 个标签，每个最多 %(most)s 个字。") % {"n": MOST_TAGS, "most": LONGEST_TAG}]
    _stand(target, data, by, faults)
    _place(target, data, now, faults)
    asked = selectors.questions_of(target.kind)
    values, errors = looked_at(asked, selectors.known(target), data.facts)
    faults |= {f"facts.{code}": said for code, said in errors.items()}
    if faults:
        raise faults_of.several("fieldwork", faults)
    personal = personal_codes(asked)
    put_facts(target, values, personal)
    return personal


def _stand(target: Target, data: TargetData, by: Actor, faults: dict[str, list[str]]) -> None:
    """Settle what the target stands in, at which venue it is and who answers for it."""
    target.parent = None
    if data.parent is not None:
        parent = Target.objects.select_related("kind").filter(uuid=data.parent, until=None).first()
        fits = parent is not None and target.kind.parent_id == parent.kind_id and parent.pk != target.pk
        if parent is None or not fits:
            faults["parent"] = [_("没有这个上级对象。")]
        else:
            check_read(by, parent)
            target.parent = parent
    venue = venues.venue_by_id(data.venue_id) if data.venue_id is not None else None
    if data.venue_id is not None and venue is None:
        faults["venue"] = [_("没有这个场所。")]
    target.venue = venue
    if data.unit_id is not None and data.unit_id != target.unit_id and not people.units([data.unit_id]):
        faults["unit"] = [_("没有这个单位。")]
    target.unit_id = data.unit_id


def _place(target: Target, data: TargetData, now: datetime, faults: dict[str, list[str]]) -> None:
    above = target.parent or target.venue
    target.lat, target.lon, area_id = data.lat, data.lon, data.area_id
    if (data.lat is None) != (data.lon is None):
        faults["point"] = [_("纬度和经度要一起填。")]
        return
    if above is not None and data.lat is None and area_id in (None, above.area_id):
        target.lat, target.lon, area_id = above.lat, above.lon, above.area_id
    elif data.lat is not None and data.lon is not None:
        where = places.locate(Point(data.lat, data.lon), timezone.localdate(now))
        if where.area_id is None:
            faults["point"] = [_("这个位置不在本街道范围内，请重新选点。")]
        area_id = where.area_id or area_id
    if target.parent is not None and not target.address:
        target.address = target.parent.address
    try:
        area = places.area(area_id) if area_id is not None else None
    except DomainError:
        faults["area"] = [_("没有这个区域。")]
        return
    target.area, target.area_path = area, area.path if area else ""


def _no_double(by: Actor, target: Target) -> None:
    """Raise ConflictError where one that this person may read looks the same; of others nothing is said."""
    index(target)
    if not target.same_key:
        return
    rows = readable(by, guarded=target.kind.guarded).filter(kind=target.kind, same_key=target.same_key, until=None)
    found = rows.select_related("kind").exclude(pk=target.pk).first()
    if found is not None:
        raise ConflictError(
            _("台账里已有“%(name)s”，可能是同一个。") % {"name": label_of(found)}, code="fieldwork.double",
            hint=_("请核对；确实不是同一个的，可以继续登记。"), uuid=str(found.uuid),
            there={"name": label_of(found), "address": "" if found.kind.guarded else found.address},
        )  # fmt: skip
