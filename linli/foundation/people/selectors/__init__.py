"""Reading people: who is who, who holds what where, who is on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.accounts import selectors as accounts
from linli.foundation.core.actors import Actor, ActorKind, Grant
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.people.models import (
    Absence,
    Appointment,
    DutyShift,
    LineForce,
    LineGrid,
    Post,
    Unit,
    UnitKind,
)
from linli.foundation.people.selectors.standing import (
    GridLine,
    active_posts,
    bodies,
    body_for,
    body_members,
    called,
    desk_for,
    desks,
    grid_items,
    grid_list,
    grid_missing,
    hours_of,
    names_of_holders,
)
from linli.foundation.people.types import ADMIN_ROLES, ROLES, Gap, Holder, OnDuty, Role, Where
from linli.foundation.sheets.rules import tidy
from linli.foundation.sheets.types import Known

if TYPE_CHECKING:
    from linli.foundation.accounts.models import User

__all__ = [
    "HEADS",
    "GridLine",
    "absences_of",
    "active_posts",
    "active_units",
    "actor_for",
    "answering",
    "answering_below",
    "appointments_of",
    "bodies",
    "body_for",
    "body_members",
    "called",
    "desk_for",
    "desks",
    "gaps",
    "grid_items",
    "grid_list",
    "grid_missing",
    "grids_of_line",
    "holders",
    "hours_of",
    "in_force",
    "is_guarded",
    "line_forces",
    "line_grids",
    "local_day",
    "members_of",
    "names_of_holders",
    "nearest",
    "on_duty",
    "path_of",
    "posts_of_users",
    "roster",
    "unit",
    "unit_by_uuid",
    "unit_for",
    "units",
    "units_of_kind",
    "units_of_kinds",
]

HEADS = {
    "grid": Role.GRID_HEAD,
    "neighbourhood": Role.NEIGHBOURHOOD_SECRETARY,
    "microgrid": Role.MICROGRID_HEAD,
    "stairwell": Role.STAIRWELL_HEAD,
}


def local_day(now: datetime) -> date:
    """Return the calendar day of ``now`` where the subdistrict lies."""
    return timezone.localtime(now).date()


def _days(on: date) -> Q:
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def in_force(on: date) -> QuerySet[Appointment]:
    """Return the appointments in force on that day, with post, unit and areas."""
    return (
        Appointment.objects.filter(_days(on), post__active=True, post__unit__active=True, user__is_active=True)
        .filter(post__unit__starts_on__lte=on)
        .filter(Q(post__unit__ends_on__isnull=True) | Q(post__unit__ends_on__gte=on))
        .select_related("user", "post__unit__area", "post__area")
    )


def path_of(appointment: Appointment) -> str:
    """Return the area path that an appointment covers; empty for the whole subdistrict."""
    post = appointment.post
    unit_area = post.unit.area
    return _path(post.role, post.area.path if post.area else None, unit_area.path if unit_area else None)


def _path(role: str, own_area: str | None, unit_area: str | None) -> str:
    if own_area is not None:
        return own_area
    return "" if ROLES[Role(role)].where in {Where.STREET, Where.SELF} else unit_area or ""


_OF_NO_BODY = frozenset({Role.RESIDENT.value, *(r.value for r in ADMIN_ROLES)})
# Every request of somebody who is logged in asks this: as plain text it costs a tenth of what the query builder takes.
_GRANTS = """
SELECT a.user_id, p.role, p.title, p.unit_id, own_area.path, unit_area.path, u.display_name, a.id, g.body_id
FROM people_appointment a
JOIN people_post p ON p.id = a.post_id
JOIN people_unit n ON n.id = p.unit_id
JOIN accounts_user u ON u.id = a.user_id
LEFT JOIN places_area own_area ON own_area.id = p.area_id
LEFT JOIN places_area unit_area ON unit_area.id = n.area_id
LEFT JOIN (
    SELECT m.post_id, m.body_id FROM people_bodymember m
    JOIN people_body b ON b.id = m.body_id
    JOIN people_unit bn ON bn.id = b.unit_id
    WHERE m.until IS NULL AND bn.active AND bn.starts_on <= %(on)s AND (bn.ends_on IS NULL OR bn.ends_on >= %(on)s)
) g ON g.post_id = p.id
WHERE (a.user_id = %(user)s OR a.user_id IN (
    SELECT user_id FROM people_absence WHERE stand_in_id = %(user)s AND starts_on <= %(on)s AND ends_on >= %(on)s))
  AND a.starts_on <= %(on)s AND (a.ends_on IS NULL OR a.ends_on >= %(on)s)
  AND n.starts_on <= %(on)s AND (n.ends_on IS NULL OR n.ends_on >= %(on)s)
  AND p.active AND n.active AND u.is_active
ORDER BY a.id
"""


def actor_for(user: User, now: datetime, language: str = "zh-hans") -> Actor:
    """Return ``user`` as an Actor with every grant in force, stand-ins included: one statement.

    An absent person keeps their own grants; a stand-in does not pass on what they stand in for. A post belongs to
    leading groups; whoever acts in it belongs to them too.
    """
    on = connection.ops.adapt_datefield_value(local_day(now))
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS, {"user": user.pk, "on": on})
        found = cursor.fetchall()
    # A post of several leading groups comes once for each.
    rows = list({row[-2]: row[:-2] for row in found}.values())
    own = [row for row in rows if row[0] == user.pk]
    grants = [Grant(role, _path(role, post_area, at), unit) for _u, role, _t, unit, post_area, at, _n in own]
    grants += [
        Grant(role, _path(role, post_area, unit_area), unit, acting_for=name)
        for user_id, role, _t, unit, post_area, unit_area, name in rows
        if user_id != user.pk
    ]
    title = own[0][2] if own else ""
    return Actor(
        kind=ActorKind.USER,
        uuid=user.uuid,
        user_id=user.pk,
        label=f"{title} {user.display_name}".strip(),
        grants=tuple(grants) or (Grant(Role.RESIDENT.value),),
        language=user.language or language,
        bodies=frozenset(row[-1] for row in found if row[-1] is not None and row[1] not in _OF_NO_BODY),
    )


def is_guarded(user: User, now: datetime) -> bool:
    """Return whether ``user`` acts as security or audit administrator, whose way in the system administrator leaves."""
    return actor_for(user, now).has_role(Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


def unit(unit_id: int) -> Unit:
    """Return a unit.

    Raises:
        NotFoundError: there is none.
    """
    found = Unit.objects.select_related("area", "parent").filter(pk=unit_id).first()
    if found is None:
        raise NotFoundError(_("没有这个单位。"))
    return found


def unit_by_uuid(uuid: UUID) -> Unit:
    """Return a unit by its uuid, or raise NotFoundError."""
    found = Unit.objects.select_related("area", "parent").filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这个单位。"))
    return found


def units(ids: Iterable[int]) -> dict[int, Unit]:
    """Return the units with these ids, by id."""
    return Unit.objects.select_related("area").in_bulk(list(ids))


def active_units() -> list[Unit]:
    """Return every working unit with its area, by kind and name: one statement."""
    return list(Unit.objects.filter(active=True).select_related("area").order_by("kind", "name", "id")[:2000])


def known_units() -> Known:
    """Return what a column of units may name: those that work, by their whole names."""
    names = {tidy(u.name): u for u in active_units()}
    return Known(names.__contains__, [(name, u.name) for name, u in names.items()])


def units_of_kind(kind: str, *, on: date | None = None) -> list[Unit]:
    """Return the working units of a kind, by name; on a day, those that exist then."""
    rows = Unit.objects.filter(kind=kind, active=True).select_related("area").order_by("name", "id")
    if on is not None:
        rows = rows.filter(_days(on))
    return list(rows)


def units_of_kinds(kinds: Collection[str]) -> list[Unit]:
    """Return the working units of several kinds, by kind and name: one statement."""
    rows = Unit.objects.filter(kind__in=kinds, active=True).select_related("area")
    return list(rows.order_by("kind", "name", "id")[:2000])


def unit_kinds() -> dict[str, str]:
    """Return the kinds of units by code, with what people call them."""
    return {kind.value: str(kind.label) for kind in UnitKind}


def _prefixes(path: str) -> list[str]:
    parts = [p for p in path.split("/") if p]
    return ["/" + "/".join(parts[: i + 1]) + "/" for i in range(len(parts))]


def unit_for(kind: str, area_path: str, *, on: date | None = None) -> Unit | None:
    """Return the unit of that kind whose area contains ``area_path``, the nearest first; else one without area."""
    rows = Unit.objects.filter(kind=kind, active=True).select_related("area")
    if on is not None:
        rows = rows.filter(_days(on))
    return nearest(rows.filter(Q(area__path__in=_prefixes(area_path)) | Q(area__isnull=True)), area_path)


def nearest(units: Iterable[Unit], area_path: str) -> Unit | None:
    """Return of ``units`` the one whose area contains ``area_path``, the nearest first; else one without area."""
    inside = [u for u in units if u.area is None or area_path.startswith(u.area.path)]
    return max(inside, key=lambda u: (len(u.area.path) if u.area else 0, -u.pk), default=None)


def _covers(area_path: str) -> Q:
    """Return the filter for appointments that cover ``area_path``, as :func:`path_of` says."""
    prefixes = _prefixes(area_path)
    wide = [r.value for r in Role if ROLES[r].where in {Where.STREET, Where.SELF}]
    by_unit = Q(post__unit__area__isnull=True) | Q(post__unit__area__path__in=prefixes) | Q(post__role__in=wide)
    return Q(post__area__path__in=prefixes) | (Q(post__area__isnull=True) & by_unit)


def _holders(rows: QuerySet[Appointment], on: date) -> list[Holder]:
    """Return who acts in these posts: stand-ins in place of the absent, who stay where nobody stands in."""
    found = list(rows.order_by("id"))
    absences = Absence.objects.filter(
        user__in=[a.user_id for a in found], stand_in__is_active=True, starts_on__lte=on, ends_on__gte=on
    ).select_related("stand_in")
    for_whom: dict[int, list[User]] = {}
    for absence in absences.order_by("id"):
        if absence.stand_in is not None:
            for_whom.setdefault(absence.user_id, []).append(absence.stand_in)
    result: list[Holder] = []
    for a in found:
        people = for_whom.get(a.user_id)
        for person in people or [a.user]:
            acting = a.user.display_name if people else ""
            result.append(Holder(person.pk, person.display_name, a.post.title, a.post.role, a.post.unit_id, acting))
    return result


def holders(role: str, area_path: str, now: datetime) -> list[int]:
    """Return the people who act in ``role`` where it covers ``area_path``, each once: at most two statements."""
    on = local_day(now)
    found = _holders(in_force(on).filter(_covers(area_path), post__role=role), on)
    return list(dict.fromkeys(h.user_id for h in found))


def answering(area_path: str, roles: Collection[str], now: datetime) -> list[Holder]:
    """Return who acts in one of ``roles`` where it covers ``area_path``: at most two statements."""
    on = local_day(now)
    return _holders(in_force(on).filter(_covers(area_path), post__role__in=roles), on)


def answering_below(area_path: str, roles: Collection[str], now: datetime) -> list[Holder]:
    """Return who acts in one of ``roles`` for an area inside ``area_path``: at most two statements."""
    on = local_day(now)
    inside = Q(post__area__path__startswith=area_path) | Q(
        post__area__isnull=True, post__unit__area__path__startswith=area_path
    )
    return _holders(in_force(on).filter(inside, post__role__in=roles), on)


def members_of(unit_id: int, roles: Collection[str] | None = None, *, now: datetime) -> list[Holder]:
    """Return who acts in a unit, of these roles only if given: at most two statements."""
    return members_of_units([unit_id], roles, now=now)


def members_of_units(unit_ids: Collection[int], roles: Collection[str] | None = None, *, now: datetime) -> list[Holder]:
    """Return who acts in one of the units, of these roles only if given: at most two statements."""
    on = local_day(now)
    rows = in_force(on).filter(post__unit__in=unit_ids)
    return _holders(rows.filter(post__role__in=roles) if roles is not None else rows, on)


def on_duty(now: datetime, *, unit_id: int | None = None) -> list[OnDuty]:
    """Return who is on duty now, by unit: one statement."""
    rows = DutyShift.objects.filter(starts_at__lte=now, ends_at__gt=now).select_related("user", "unit")
    if unit_id is not None:
        rows = rows.filter(unit=unit_id)
    return [
        OnDuty(s.user_id, s.user.display_name, s.unit_id, s.unit.name, s.kind, s.unit.phone)
        for s in rows.order_by("unit__name", "starts_at", "id")[:200]
    ]


def roster(*, start: datetime, end: datetime, unit_id: int | None = None) -> list[DutyShift]:
    """Return the shifts between two moments (at most 500), earliest first."""
    rows = DutyShift.objects.filter(starts_at__lt=end, ends_at__gt=start).select_related("user", "unit")
    if unit_id is not None:
        rows = rows.filter(unit=unit_id)
    return list(rows.order_by("starts_at", "id")[:500])


def appointments_of(user_id: int) -> list[Appointment]:
    """Return every post that somebody held or holds, the latest first."""
    rows = Appointment.objects.filter(user=user_id).select_related("post__unit", "post__area")
    return list(rows.order_by("-starts_on", "-id")[:200])


def posts_of_users(uuids: Collection[UUID]) -> dict[UUID, str]:
    """Return user uuid → unit and title of their latest post, without their name: one statement."""
    rows = Appointment.objects.filter(user__uuid__in=uuids).select_related("post__unit", "user")
    rows = rows.order_by("starts_on", "id")
    return {a.user.uuid: f"{a.post.unit.short_name or a.post.unit.name} {a.post.title}" for a in rows}


def absences_of(user_id: int) -> list[Absence]:
    """Return somebody's absences, the latest first."""
    return list(Absence.objects.filter(user=user_id).select_related("stand_in").order_by("-starts_on", "-id")[:200])


def line_forces(area_path: str, on: date) -> list[LineForce]:
    """Return the line forces at work where ``area_path`` lies or below it."""
    rows = LineForce.objects.filter(_days(on)).filter(
        Q(area__path__in=_prefixes(area_path)) | Q(area__path__startswith=area_path)
    )
    return list(rows.select_related("unit", "user", "area").order_by("line", "id")[:500])


def line_grids(area_id: int | None, on: date) -> list[LineGrid]:
    """Return the grids of the lines that were merged into this grid, or into any."""
    rows = LineGrid.objects.filter(_days(on))
    if area_id is not None:
        rows = rows.filter(area=area_id)
    return list(rows.order_by("line", "code")[:2000])


def grids_of_line(line: str, code: str, on: date) -> list[int]:
    """Return the areas into which a line's grid was merged."""
    return list(LineGrid.objects.filter(_days(on), line=line, code=code).values_list("area_id", flat=True))


def staffing(on: date) -> dict[str, int]:
    """Return how many people hold each role on that day, by role; roles without anybody are left out: one statement."""
    rows = in_force(on).order_by().values_list("post__role").annotate(n=Count("user", distinct=True))
    return dict(rows)


def unit_counts(on: date) -> dict[str, int]:
    """Return how many working units there are of each kind on that day: one statement."""
    return dict(Unit.objects.on(on).order_by().values_list("kind").annotate(n=Count("pk")))


def gaps(on: date) -> list[Gap]:
    """Return units without anybody, units that answer for nothing, and areas without their head (2 statements)."""
    return [*_unit_gaps(on), *_area_gaps(on)]


def _manned(on: date) -> QuerySet[Any]:
    """Return the units in which somebody holds a post on that day: one set, not a question for each unit."""
    return in_force(on).select_related(None).order_by().values("post__unit")


def _unit_gaps(on: date) -> list[Gap]:
    forces = LineForce.objects.filter(_days(on), unit=OuterRef("pk"))
    children = Unit.objects.filter(_days(on), parent=OuterRef("pk"), active=True)
    rows = Unit.objects.filter(_days(on), ~Q(pk__in=_manned(on)), active=True).annotate(
        answers=Exists(forces) | Exists(children) | Q(area__isnull=False)
    )
    found: list[Gap] = []
    for pk, name, answers in rows.order_by("name", "id").values_list("pk", "name", "answers")[:1000]:
        detail = _("没有在岗人员。") if answers else _("没有人员，也不负责任何区域。")
        found.append(Gap("unit_empty" if answers else "unit_idle", pk, name, detail))
    return found


def _area_gaps(on: date) -> list[Gap]:
    area_model = Unit._meta.get_field("area").related_model
    head = in_force(on).filter(
        Q(post__area=OuterRef("pk")) | Q(post__area__isnull=True, post__unit__area=OuterRef("pk"))
    )
    wanted = Q(pk__in=[])
    for kind, role in HEADS.items():
        wanted |= Q(Q(kind__code=kind), ~Exists(head.filter(post__role=role.value)))
    areas: Any = area_model
    rows = areas.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), wanted, valid_from__lte=on)
    return [
        Gap("area_without_head", pk, name, _("缺少%(role)s。") % {"role": ROLES[HEADS[kind]].name})
        for pk, name, kind in rows.order_by("path").values_list("pk", "name", "kind__code")[:2000]
    ]


def staff_page(
    *,
    by: Actor,
    now: datetime,
    text: str = "",
    role: str = "",
    unit_id: int | None = None,
    state: str = "",
    cursor: str = "",
    size: int = 50,
) -> Page[User]:
    """Return a page of the staff's accounts by name: two statements with :func:`posts_now` of its rows.

    Args:
        text: a part of the name, the login name, the unit or the title of the post; or a whole telephone number.
        state: ``active``, ``closed``, ``never`` (logged in) or ``without`` (a post).

    Raises:
        ForbiddenError: ``by`` may neither manage accounts nor appoint.
    """
    held = in_force(local_day(now)).select_related(None).filter(user=OuterRef("pk"))
    rows = accounts.staff(by=by, state=state)
    if state == "without":
        rows = rows.filter(~Exists(held), is_active=True)
    if role:
        rows = rows.filter(Exists(held.filter(post__role=role)))
    if unit_id is not None:
        rows = rows.filter(Exists(held.filter(post__unit=unit_id)))
    if wanted := text.strip()[:64]:
        within = Q(post__title__icontains=wanted) | Q(post__unit__name__icontains=wanted)
        within |= Q(post__unit__short_name__icontains=wanted)
        rows = rows.filter(accounts.named(wanted) | Q(Exists(held.filter(within))))
    return keyset(rows, keys=[("display_name", str), ("id", int)], cursor=cursor, size=size)


def posts_now(user_ids: Collection[int], on: date) -> dict[int, list[Appointment]]:
    """Return user → posts held on that day: one statement."""
    found: dict[int, list[Appointment]] = {}
    for row in in_force(on).filter(user__in=user_ids).order_by("id"):
        found.setdefault(row.user_id, []).append(row)
    return found


def unit_page(
    *, on: date, text: str = "", kind: str = "", state: str = "", cursor: str = "", size: int = 50
) -> Page[Unit]:
    """Return a page of the units by name: all working ones, those ``empty`` (nobody in a post), or those ``ended``."""
    rows = Unit.objects.select_related("area", "parent")
    working = Q(_days(on), active=True)
    rows = rows.filter(~working) if state == "ended" else rows.filter(working)
    if state == "empty":
        rows = rows.filter(~Q(pk__in=_manned(on)))
    if kind:
        rows = rows.filter(kind=kind)
    if wanted := text.strip()[:64]:
        rows = rows.filter(Q(name__icontains=wanted) | Q(short_name__icontains=wanted))
    return keyset(rows, keys=[("name", str), ("id", int)], cursor=cursor, size=size)


def post(post_id: int) -> Post:
    """Return a post with its unit, or raise NotFoundError."""
    found = Post.objects.select_related("unit", "area").filter(pk=post_id).first()
    if found is None:
        raise NotFoundError(_("没有这个岗位。"))
    return found


def posts_of_units(unit_ids: Collection[int]) -> dict[int, list[Post]]:
    """Return unit → its posts in use, by role and title: one statement."""
    found: dict[int, list[Post]] = {}
    rows = Post.objects.filter(unit__in=unit_ids, active=True).select_related("area").order_by("role", "title", "id")
    for row in rows[:5000]:
        found.setdefault(row.unit_id, []).append(row)
    return found


def holders_of_posts(post_ids: Collection[int], on: date) -> dict[int, list[Appointment]]:
    """Return post → who holds it on that day: one statement."""
    found: dict[int, list[Appointment]] = {}
    for row in in_force(on).filter(post__in=post_ids).order_by("id"):
        found.setdefault(row.post_id, []).append(row)
    return found


def appointment(appointment_id: int, user_id: int) -> Appointment:
    """Return an appointment of a user with its post, or raise NotFoundError."""
    found = Appointment.objects.select_related("post__unit").filter(pk=appointment_id, user=user_id).first()
    if found is None:
        raise NotFoundError(_("没有这项任职。"))
    return found


def absence_page(*, on: date, past: bool = False, cursor: str = "", size: int = 50) -> Page[Absence]:
    """Return a page of the absences that go on or are to come, or of the past ones; the latest first."""
    rows = Absence.objects.select_related("user", "stand_in")
    rows = rows.filter(ends_on__lt=on) if past else rows.filter(ends_on__gte=on)
    return keyset(rows, keys=[("starts_on", date), ("id", int)], cursor=cursor, size=size, descending=True)


def absence(absence_id: int) -> Absence:
    """Return an absence, or raise NotFoundError."""
    found = Absence.objects.select_related("user", "stand_in").filter(pk=absence_id).first()
    if found is None:
        raise NotFoundError(_("没有这条代理记录。"))
    return found


def posts(unit_id: int) -> list[Post]:
    """Return the posts of a unit, by title."""
    return list(Post.objects.filter(unit=unit_id, active=True).order_by("title", "id"))


def counts_below(path: str, day: date) -> tuple[int, int]:
    """Return how many units at work on ``day``, and posts not given up, belong to an area or one below it."""
    units = Unit.objects.filter(area__path__startswith=path, active=True).exclude(ends_on__lt=day).count()
    return units, Post.objects.filter(area__path__startswith=path, active=True).count()
