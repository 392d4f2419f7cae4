"""The public writes of people: units, posts, appointments, absences, hand-over, lines, duty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.foundation.accounts import selectors as accounts
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.people import events, permissions, rules, selectors
from linli.foundation.people.exceptions import AdministratorsApartError
from linli.foundation.people.models import Absence, Appointment, DutyShift, LineForce, LineGrid, Post, Unit, UnitKind
from linli.foundation.people.services.standing import (
    EXAMPLES,
    add_body_member,
    check_desk_keeper,
    create_body,
    end_body_member,
    save_desk,
    save_grid_item,
    set_grid_item,
)
from linli.foundation.people.types import ADMIN_ROLES, ROLES, Away, HandedOver, Line, Role, Term, Where
from linli.foundation.places import selectors as places

if TYPE_CHECKING:
    from linli.foundation.accounts.models import User

__all__ = [
    "EXAMPLES",
    "add_body_member",
    "appoint",
    "assign_line_force",
    "check_desk_keeper",
    "close_unit",
    "create_body",
    "create_post",
    "create_unit",
    "end_absence",
    "end_appointment",
    "end_body_member",
    "end_line_force",
    "hand_over",
    "hand_over_duty",
    "map_line_grid",
    "plan_duty",
    "record_absence",
    "save_desk",
    "save_grid_item",
    "set_grid_item",
]

_APART = frozenset(r.value for r in ADMIN_ROLES)


def _note(
    by: Actor, now: datetime, verb: str, kind: str, uuid: UUID | None, label: str,
    *, after: Mapping[str, Any] | None = None, before: Mapping[str, Any] | None = None, reason: str = "",
) -> None:  # fmt: skip
    journal.record(
        by=by, verb=f"people.{verb}", kind=kind, uuid=uuid, label=label, now=now,
        before=before, after=after, reason=reason,
    )  # fmt: skip


def _invalid(field: str, message: str) -> InvalidError:
    return InvalidError(message, fields={field: [message]})


def _check_days(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise _invalid("ends_on", _("结束日期不能早于开始日期。"))


def _name(user_id: int) -> str:
    user = accounts.users([user_id]).get(user_id)
    if user is None:
        raise NotFoundError(_("没有这个账号。"))
    return user.display_name


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


@whole
def create_unit(
    *,
    by: Actor,
    now: datetime,
    name: str,
    kind: str,
    short_name: str = "",
    parent: Unit | None = None,
    area_id: int | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    phone: str = "",
) -> Unit:
    """Create a unit; a temporary body (``task_force``) must have an end date.

    Raises:
        InvalidError: no name, unknown kind, wrong dates.
        ConflictError: an active unit has that name.
    """
    permissions.check(by, "people:manage_units")
    shown = clean(name)[:128]
    if not shown:
        raise _invalid("name", _("请填写单位名称。"))
    if kind not in UnitKind.values:
        raise _invalid("kind", _("没有这种单位类型。"))
    first = starts_on or selectors.local_day(now)
    _check_days(first, ends_on)
    if kind == UnitKind.TASK_FORCE and ends_on is None:
        raise _invalid("ends_on", _("临时机构必须有结束日期。"))
    made = Unit(
        name=shown, short_name=clean(short_name)[:32], kind=kind, parent=parent, starts_on=first, ends_on=ends_on,
        phone=clean(phone)[:32],
    )  # fmt: skip
    made.area_id = area_id
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise ConflictError(_("已经有一个同名的单位。"), code="people.unit_taken") from error
    _note(by, now, "create_unit", "unit", made.uuid, made.name, after={"kind": kind, "area_id": area_id})
    return made


@whole
def close_unit(*, by: Actor, now: datetime, unit: Unit, on: date, reason: str = "") -> None:
    """End a unit with the day ``on``; its posts give no grants afterwards."""
    permissions.check(by, "people:manage_units")
    _check_days(unit.starts_on, on)
    before = _day(unit.ends_on)
    unit.ends_on = on
    unit.save(update_fields=["ends_on"])
    _note(
        by, now, "close_unit", "unit", unit.uuid, unit.name,
        before={"ends_on": before}, after={"ends_on": _day(on)}, reason=reason,
    )  # fmt: skip


@whole
def create_post(
    *, by: Actor, now: datetime, unit: Unit, role: str, title: str = "", area_id: int | None = None
) -> Post:
    """Create a post in a unit.

    Raises:
        InvalidError: unknown role, or a role for an area without one: it would reach everything.
    """
    permissions.check(by, "people:manage_units")
    if role not in ROLES:
        raise _invalid("role", _("没有这种岗位。"))
    info = ROLES[Role(role)]
    if info.where is Where.AREA and area_id is None and unit.area_id is None:
        raise _invalid("area", _("“%(role)s”必须对应一个区域。") % {"role": info.name})
    made = Post(unit=unit, role=role, title=clean(title)[:64] or str(info.name))
    made.area_id = area_id
    made.save(force_insert=True)
    _note(by, now, "create_post", "post", made.uuid, made.title, after={"role": role, "unit_id": unit.pk})
    return made


def _lock_administrators() -> None:
    """Lock every post of an administrator, in one order: before any single one, or two changes wait for ever."""
    list(Post.objects.select_for_update().filter(role__in=_APART).order_by("id").values_list("id", flat=True))


def _check_administrators_apart() -> None:
    """Raise where somebody would now act as two of the three administrators; call inside the transaction.

    The posts of administrators are locked first, so that two such changes follow one another.
    """
    _lock_administrators()
    rows = Appointment.objects.filter(post__role__in=_APART).values_list(
        "user_id", "post__role", "starts_on", "ends_on"
    )
    terms = [Term(*row) for row in rows]
    away = Absence.objects.filter(user__in={t.user_id for t in terms}, stand_in__isnull=False).values_list(
        "user_id", "stand_in_id", "starts_on", "ends_on"
    )
    clash = rules.find_clash(terms, [Away(*row) for row in away], _APART)
    if clash is None:
        return
    first, second = (ROLES[Role(r)].name for r in clash.roles)
    message = _("%(person)s将同时担任%(first)s和%(second)s，不能这样安排。") % {
        "person": _name(clash.user_id), "first": first, "second": second,
    }  # fmt: skip
    how = _("系统、安全、审计三类管理员必须由不同的人担任，代理期间也不例外。请另选一人。")
    raise AdministratorsApartError(message, hint=how)


@whole
def appoint(
    *, by: Actor, now: datetime, user_id: int, post: Post, starts_on: date, ends_on: date | None = None
) -> Appointment:
    """Put somebody into a post from ``starts_on`` to ``ends_on``, both included.

    Raises:
        ForbiddenError: ``by`` may not, or would appoint themselves.
        ConflictError: they hold that post in those days.
        AdministratorsApartError: they would be two of the three administrators, be it as a stand-in.
    """
    permissions.check(by, "people:appoint")
    if by.user_id == user_id:
        raise ForbiddenError(_("不能任命自己。"), hint=_("请由另一位安全管理员操作。"))
    _check_days(starts_on, ends_on)
    name = _name(user_id)
    if post.role in ADMIN_ROLES and accounts.users([user_id])[user_id].kind == "program":
        raise ForbiddenError(_("对接程序不能担任管理员岗位。"), hint=_("请另选一人。"))
    if post.role in _APART:
        _lock_administrators()
    Post.objects.select_for_update().get(pk=post.pk)
    for held in Appointment.objects.filter(user=user_id, post=post):
        if rules.overlap(held.starts_on, held.ends_on, starts_on, ends_on):
            raise ConflictError(_("%(person)s在这段时间已经担任这个岗位。") % {"person": name})
    made = Appointment.objects.create(user_id=user_id, post=post, starts_on=starts_on, ends_on=ends_on)
    if post.role in _APART:
        _check_administrators_apart()
    _note(
        by, now, "appoint", "appointment", made.uuid, f"{post.title} {name}",
        after={"post_id": post.pk, "role": post.role, "starts_on": _day(starts_on), "ends_on": _day(ends_on)},
    )  # fmt: skip
    return made


def _end(appointment: Appointment, on: date) -> None:
    if appointment.starts_on > on:
        appointment.delete()  # it never began
        return
    appointment.ends_on = on
    appointment.save(update_fields=["ends_on"])


@whole
def end_appointment(*, by: Actor, now: datetime, appointment: Appointment, on: date, reason: str = "") -> None:
    """End an appointment with the day ``on``; one that has not begun is taken back."""
    permissions.check(by, "people:appoint")
    if appointment.ends_on is not None and appointment.ends_on < on:
        raise ConflictError(_("这项任职已经结束。"))
    uuid, label = appointment.uuid, appointment.post.title
    _end(appointment, on)
    _note(by, now, "end_appointment", "appointment", uuid, label, after={"ends_on": _day(on)}, reason=reason)


def _check_absence(by: Actor, user_id: int, on: date) -> None:
    if by.user_id == user_id:
        return
    units = list(selectors.in_force(on).filter(user=user_id).values_list("post__unit_id", flat=True))
    if not any(permissions.can(by, "people:manage_absence", unit_id=unit_id) for unit_id in units):
        permissions.check(by, "people:manage_absence", unit_id=-1)


@whole
def record_absence(
    *, by: Actor, now: datetime, user_id: int, stand_in_id: int | None, starts_on: date, ends_on: date
) -> Absence:
    """Note that somebody is away from ``starts_on`` to ``ends_on`` (both included), and who stands in.

    The stand-in has the absent one's grants on those days and is marked as acting for them.

    Raises:
        InvalidError: standing in for oneself, a stand-in who is away themselves, wrong dates.
        AdministratorsApartError: the stand-in would be a second kind of administrator.
    """
    _check_absence(by, user_id, selectors.local_day(now))
    _check_days(starts_on, ends_on)
    if stand_in_id == user_id:
        raise _invalid("stand_in", _("不能由本人代理自己。"))
    names = accounts.users([i for i in (user_id, stand_in_id) if i is not None])
    stand_in = names.get(stand_in_id) if stand_in_id is not None else None
    if stand_in_id is not None and (stand_in is None or not stand_in.is_active or stand_in.kind != "staff"):
        raise _invalid("stand_in", _("代理人必须是账号有效的工作人员。"))
    if (
        stand_in is not None
        and Absence.objects.filter(user=stand_in, starts_on__lte=ends_on, ends_on__gte=starts_on).exists()
    ):
        raise _invalid("stand_in", _("%(person)s在这段时间也不在岗。") % {"person": stand_in.display_name})
    made = Absence.objects.create(user_id=user_id, stand_in_id=stand_in_id, starts_on=starts_on, ends_on=ends_on)
    if stand_in_id is not None:
        _check_administrators_apart()
    _note(
        by, now, "record_absence", "absence", made.uuid, _name(user_id),
        after={"stand_in_id": stand_in_id, "starts_on": _day(starts_on), "ends_on": _day(ends_on)},
    )  # fmt: skip
    return made


@whole
def end_absence(*, by: Actor, now: datetime, absence: Absence, on: date) -> None:
    """Note that somebody is back: the absence ends with the day ``on``, or is dropped if it had not begun."""
    _check_absence(by, absence.user_id, selectors.local_day(now))
    uuid = absence.uuid
    if on < absence.starts_on:
        absence.delete()
    elif on < absence.ends_on:
        absence.ends_on = on
        absence.save(update_fields=["ends_on"])
    _note(by, now, "end_absence", "absence", uuid, _name(absence.user_id), after={"ends_on": _day(on)})


@whole
def hand_over(
    *,
    by: Actor,
    now: datetime,
    from_user: int,
    to_user: int | None,
    on: date,
    take_posts: bool = True,
    reason: str = "",
) -> list[HandedOver]:
    """End everything that ``from_user`` holds with the day ``on`` and pass posts and open work to ``to_user``.

    Every engine that registered with :func:`events.on_hand_over` passes its open work on in the same
    transaction; the answer lists what was handed over. ``to_user`` begins on the day ``on`` itself, so
    that no day is without anybody.

    Raises:
        AdministratorsApartError: the successor would be two of the three administrators.
    """
    permissions.check(by, "people:appoint")
    if from_user == to_user:
        raise _invalid("to_user", _("不能移交给本人。"))
    if to_user is not None and by.user_id == to_user:
        raise ForbiddenError(_("不能任命自己。"), hint=_("请由另一位安全管理员操作。"))
    name = _name(from_user)
    open_rows = Appointment.objects.filter(user=from_user).exclude(ends_on__lt=on).select_related("post")
    moved: list[HandedOver] = []
    for row in open_rows.order_by("id"):
        moved.append(HandedOver(row.post.title, 1))
        term_end = row.ends_on
        first = max(on, row.starts_on)
        _end(row, on)
        if to_user is not None and take_posts and not _holds(to_user, row.post, first, term_end):
            Appointment.objects.create(user_id=to_user, post=row.post, starts_on=first, ends_on=term_end)
    Absence.objects.filter(stand_in=from_user, ends_on__gt=on).update(stand_in=None)
    _check_administrators_apart()
    for handler in events.handlers():
        moved.extend(handler(from_user, to_user, by, now))
    _note(
        by, now, "hand_over", "user", accounts.users([from_user])[from_user].uuid, name,
        after={"to_user_id": to_user, "on": _day(on), "what": [f"{m.what} × {m.count}" for m in moved]}, reason=reason,
    )  # fmt: skip
    return moved


def _holds(user_id: int, post: Post, first: date, last: date | None) -> bool:
    held = Appointment.objects.filter(user=user_id, post=post)
    return any(rules.overlap(h.starts_on, h.ends_on, first, last) for h in held)


@whole
def map_line_grid(
    *,
    by: Actor,
    now: datetime,
    line: str,
    code: str,
    name: str,
    area_id: int,
    starts_on: date,
    ends_on: date | None = None,
) -> LineGrid:
    """Say that a line's own grid is merged into the grid ``area_id`` from a day on (多格合一)."""
    permissions.check(by, "people:manage_lines", area_path=places.area(area_id).path)
    _check_line(line)
    _check_days(starts_on, ends_on)
    made = LineGrid.objects.create(
        line=line, code=clean(code)[:64], name=clean(name)[:64], area_id=area_id, starts_on=starts_on, ends_on=ends_on
    )
    _note(by, now, "map_line_grid", "line_grid", None, made.name, after={"line": line, "area_id": area_id})
    return made


def _check_line(line: str) -> None:
    if line not in {x.value for x in Line}:
        raise _invalid("line", _("没有这种条线。"))


@whole
def assign_line_force(
    *,
    by: Actor,
    now: datetime,
    line: str,
    title: str,
    unit: Unit,
    area_id: int,
    starts_on: date,
    ends_on: date | None = None,
    user_id: int | None = None,
) -> LineForce:
    """Put a line's person or unit to work in an area from a day on."""
    permissions.check(by, "people:manage_lines", area_path=places.area(area_id).path)
    _check_line(line)
    _check_days(starts_on, ends_on)
    made = LineForce.objects.create(
        line=line, title=clean(title)[:64], unit=unit, user_id=user_id, area_id=area_id, starts_on=starts_on,
        ends_on=ends_on,
    )  # fmt: skip
    _note(by, now, "assign_line_force", "line_force", None, made.title, after={"line": line, "area_id": area_id})
    return made


@whole
def end_line_force(*, by: Actor, now: datetime, force: LineForce, on: date) -> None:
    """End the work of a line force in its area with the day ``on``."""
    permissions.check(by, "people:manage_lines", area_path=force.area.path)
    _check_days(force.starts_on, on)
    force.ends_on = on
    force.save(update_fields=["ends_on"])
    _note(by, now, "end_line_force", "line_force", None, force.title, after={"ends_on": _day(on)})


@whole
def plan_duty(
    *, by: Actor, now: datetime, unit: Unit, user_id: int, starts_at: datetime, ends_at: datetime, kind: str = "duty"
) -> DutyShift:
    """Enter a stretch of duty, at most 48 hours, into the roster.

    Raises:
        InvalidError: wrong times.
        ConflictError: that person is on duty elsewhere then.
    """
    permissions.check(by, "people:manage_duty")
    if not starts_at < ends_at <= starts_at + timedelta(hours=48):
        raise _invalid("ends_at", _("值班时间应晚于开始时间，且不超过 48 小时。"))
    if DutyShift.objects.filter(user=user_id, starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise ConflictError(_("%(person)s在这段时间已有值班。") % {"person": _name(user_id)})
    made = DutyShift.objects.create(unit=unit, user_id=user_id, starts_at=starts_at, ends_at=ends_at, kind=kind)
    _note(
        by, now, "plan_duty", "duty_shift", made.uuid, _name(user_id),
        after={"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()},
    )  # fmt: skip
    return made


@whole
def hand_over_duty(*, by: Actor, now: datetime, shift: DutyShift, note: str) -> None:
    """Close a shift with what the next one must know: by the one on duty, or who makes the roster."""
    if by.user_id != shift.user_id:
        permissions.check(by, "people:manage_duty")
    text = clean(note)[:5000]
    changed = DutyShift.objects.filter(pk=shift.pk, handed_over_at__isnull=True).update(handed_over_at=now, note=text)
    if not changed:
        raise ConflictError(_("这一班已经交接过了。"))
    shift.refresh_from_db()
    _note(by, now, "hand_over_duty", "duty_shift", shift.uuid, _name(shift.user_id))


def check_seen(user: User, now: datetime) -> Actor:
    """Return ``user`` as an actor with whose grants somebody may look.

    Raises:
        ForbiddenError: a resident's own account, an administrator's, or one that is closed or holds no post.
    """
    actor = selectors.actor_for(user, now)
    hint = _("请另选一位在岗的工作人员。")
    if not user.is_active:
        raise ForbiddenError(_("这个账号已停用。"), hint=hint)
    if actor.roles & ADMIN_ROLES:
        raise ForbiddenError(_("不能以另一位管理员的岗位查看。"), hint=hint)
    if user.kind != "staff" or actor.roles <= {Role.RESIDENT}:
        raise ForbiddenError(_("居民的账号是其本人的，不能以居民的身份查看。"), hint=hint)
    return actor


@whole
def begin_see_as(*, by: Actor, now: datetime, user: User, reason: str, minutes: int = 15) -> datetime:
    """Let ``by`` look with the grants of ``user``, writing nothing; return until when.

    Raises:
        ForbiddenError: ``by`` may not, or not with this account (:func:`check_seen`).
        InvalidError: no reason was given.
    """
    permissions.check(by, "people:see_as")
    text = clean(reason)[:200]
    if not text:
        raise _invalid("reason", _("请写明为什么要查看。"))
    check_seen(user, now)
    until = now + timedelta(minutes=minutes)
    _note(by, now, "see_as", "user", user.uuid, user.display_name, after={"until": until.isoformat()}, reason=text)
    return until


@whole
def end_see_as(*, by: Actor, now: datetime, user: User, reason: str = "") -> None:
    """Note that ``by`` looks with their own grants again."""
    _note(by, now, "end_see_as", "user", user.uuid, user.display_name, reason=reason)
