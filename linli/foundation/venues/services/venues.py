"""Entering and changing venues."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core import faults as faults_of
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import DomainError, NotFoundError, StaleError
from linli.foundation.core.text import clean
from linli.foundation.forms import rules as form_rules
from linli.foundation.forms import selectors as forms
from linli.foundation.forms import services as form_services
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.foundation.places.rules import normal_key
from linli.foundation.venues import permissions
from linli.foundation.venues.models import Facility, Venue, VenueKind
from linli.foundation.venues.rules import standard as standards
from linli.foundation.venues.services.indexing import index_all
from linli.foundation.venues.services.kinds import form_code, invalid
from linli.foundation.venues.types import Level, State, VenueData

# What the journal tells of a change; `note` is for staff and stands in it too, since it holds no persons.
_TOLD = (
    "name", "aliases", "address", "lat", "lon", "area_id", "district", "level", "hours", "keeper_id", "keeper_post_id",
    "phone", "facilities", "intro", "partner", "offers", "plaque", "state", "valid_from", "valid_to", "review_on",
    "answers", "note",
)  # fmt: skip
_WORDS = {
    "name": 64, "address": 200, "district": 64, "phone": 32, "partner": 100, "offers": 300, "plaque": 40,
    "intro": 2000, "note": 2000,
}  # fmt: skip


@whole
def add_venue(*, by: Actor, now: datetime, data: VenueData) -> Venue:
    """Enter a venue; without an area it gets the smallest one that holds its point.

    Raises:
        ForbiddenError: not whoever configures.
        InvalidError: by field, what is missing, too long, unknown or twice.
    """
    permissions.check_configure(by)
    venue = Venue(changed_at=now)
    _fill(venue, data, by, now)
    venue.lacking = len(standards.slots(standards.from_json(venue.kind.standard)))
    venue.save(force_insert=True)
    index_all([venue])
    _record(by, now, "add", venue, None)
    return venue


@whole
def change_venue(*, by: Actor, now: datetime, uuid: UUID, data: VenueData, expected: int, reason: str = "") -> Venue:
    """Change a venue at version ``expected``; its kind stays.

    Raises:
        NotFoundError, ForbiddenError: no such venue, or not by this person.
        StaleError: somebody changed it meanwhile.
        InvalidError: as :func:`add_venue`.
    """
    venue = locked(uuid, by, expected)
    before = _values(venue)
    _fill(venue, data, by, now)
    save_next(venue, now)
    index_all([venue])
    _record(by, now, "change", venue, before, reason)
    return venue


def locked(uuid: UUID, by: Actor, expected: int | None = None) -> Venue:
    """Return the venue to be changed, locked; checks the right and, where given, the version."""
    venue = Venue.objects.select_for_update(of=("self",)).select_related("kind").filter(uuid=uuid).first()
    if venue is None:
        raise NotFoundError(_("没有这个场所。"), code="venues.none")
    permissions.check_keep(by, venue)
    if expected is not None and venue.version != expected:
        raise StaleError(
            _("别人刚刚改过这个场所，您的修改没有保存。"), hint=_("您填写的内容还在页面上：请对照最新内容后再保存。")
        )
    return venue


def save_next(venue: Venue, now: datetime) -> None:
    """Save ``venue`` as its next version."""
    venue.version += 1
    venue.changed_at = now
    venue.save()


def _values(venue: Venue) -> dict[str, Any]:
    values = {name: getattr(venue, name) for name in _TOLD}
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}


def _record(by: Actor, now: datetime, verb: str, venue: Venue, before: dict[str, Any] | None, reason: str = "") -> None:
    after = _values(venue)
    if before is not None:
        changed = {k for k in after if after[k] != before[k]}
        before, after = {k: before[k] for k in changed}, {k: after[k] for k in changed}
    journal.record(
        by=by, verb=f"venues.{verb}", kind="venue", uuid=venue.uuid, label=venue.name, now=now,
        before=before, after=after, reason=reason,
    )  # fmt: skip


def _fill(venue: Venue, data: VenueData, by: Actor, now: datetime) -> None:
    """Put what was entered into ``venue``; every fault is said at its field at once."""
    faults: dict[str, list[str]] = {}
    if venue.pk is None:
        kind = VenueKind.objects.filter(code=data.kind, active=True).first()
        if kind is None:
            raise invalid("kind", _("请选择类别。"))
        venue.kind = kind
    _words(venue, data, faults)
    _choices(data, faults)
    _days(data, faults)
    _keeper(data, faults)
    _place(venue, data, now, faults)
    answers = _answers(venue, data, by, now, faults)
    if faults:
        raise faults_of.several("venues", faults)
    plain = asdict(data)
    for name in (
        "level", "hours", "keeper_id", "keeper_post_id", "state", "valid_from", "valid_to", "review_on", "schematic",
    ):  # fmt: skip
        setattr(venue, name, plain[name])
    venue.facilities, venue.answers = list(data.facilities), answers
    _only_once(venue)


def _words(venue: Venue, data: VenueData, faults: dict[str, list[str]]) -> None:
    for name, most in _WORDS.items():
        text = clean(getattr(data, name))
        if len(text) > most:
            faults[name] = [_("最多 %(most)s 个字，现在有 %(now)s 个。") % {"most": most, "now": len(text)}]
        setattr(venue, name, text)
    if not venue.name:
        faults["name"] = [_("请填写名称。")]
    venue.aliases = [a[:64] for a in map(clean, data.aliases) if a][:20]
    if venue.phone and not 3 <= sum(c.isdigit() for c in venue.phone) <= 15:
        faults["phone"] = [_("电话号码应为 3 至 15 位数字。")]
    venue.sort_key = normal_key(venue.address)[:200]


def _choices(data: VenueData, faults: dict[str, list[str]]) -> None:
    if data.state not in State.values or data.level not in Level.values:
        faults["state"] = [_("请从列出的选项中选择。")]
    if set(data.facilities) - set(Facility.objects.values_list("code", flat=True)):
        faults["facilities"] = [_("请从列出的选项中选择。")]


def _days(data: VenueData, faults: dict[str, list[str]]) -> None:
    if data.valid_from and data.valid_to and data.valid_to < data.valid_from:
        faults["valid_to"] = [_("结束日早于开始日。")]


def _keeper(data: VenueData, faults: dict[str, list[str]]) -> None:
    if data.keeper_id is not None and not people.units([data.keeper_id]):
        faults["keeper"] = [_("没有这个单位。")]
    elif data.keeper_post_id is not None:
        posts = people.posts(data.keeper_id) if data.keeper_id is not None else []
        if data.keeper_post_id not in {p.pk for p in posts}:
            faults["keeper_post"] = [_("这个岗位不属于管理单位，请先保存管理单位再选岗位。")]


def _place(venue: Venue, data: VenueData, now: datetime, faults: dict[str, list[str]]) -> None:
    venue.lat, venue.lon = data.lat, data.lon
    area_id = data.area_id
    if data.lat is not None and data.lon is not None:
        where = places.locate(Point(data.lat, data.lon), timezone.localdate(now))
        if where.area_id is None:
            faults["point"] = [_("这个位置不在本街道范围内，请重新选点。")]
        area_id = where.area_id or area_id
        venue.district = venue.district or next((layer.name for layer in where.layers), "")
    try:
        area = places.area(area_id) if area_id is not None else None
    except DomainError:
        faults["area"] = [_("没有这个区域。")]
        return
    venue.area_id, venue.area_path = (area.pk, area.path) if area else (None, "")


def _answers(venue: Venue, data: VenueData, by: Actor, now: datetime, faults: dict[str, list[str]]) -> dict[str, Any]:
    """Return the answers to the kind's questions at their newest version, which they freeze."""
    code = form_code(venue.kind.code)
    try:
        asked = forms.question_set(code)
    except NotFoundError:
        return {}
    checked = form_rules.check(asked, data.answers)
    faults.update({f"answers.{k}": list(v) for k, v in checked.errors.items()})
    if checked.cleaned and not faults:
        venue.form_number = form_services.use(by=by, now=now, code=code).number
    return dict(checked.cleaned)


def _only_once(venue: Venue) -> None:
    others = Venue.objects.filter(kind=venue.kind).exclude(pk=venue.pk)
    if others.filter(name=venue.name, sort_key=venue.sort_key).exists():
        raise invalid("name", _("这个地址已经有同类、同名的场所。"))
    if venue.plaque and others.filter(plaque=venue.plaque).exists():
        raise invalid("plaque", _("这个铭牌编号已经用过。"))
