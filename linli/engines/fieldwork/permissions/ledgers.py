"""Who sees which targets, who keeps the ledgers, and who says which ledgers there are.

Households and other guarded kinds are seen by those who work in the grid (the rulebook names their posts), never across
grids; whoever leads reads how many there are, nothing else.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Kind, Target, Visit
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.people.types import ADMIN_ROLES, Role
from linli.foundation.rulebook import selectors as rulebook

CENTRE = frozenset({Role.DISPATCHER.value, Role.SHIFT_LEADER.value})
LEADERS = frozenset({Role.STREET_LEADER.value, Role.SUPERVISOR.value, Role.GRID_HEAD.value})
# Who reads every ledger that is not guarded, whatever the grid.
WIDE = CENTRE | {Role.STREET_LEADER.value, Role.SUPERVISOR.value, Role.SYSTEM_ADMIN.value}
# Who works in a grid, and so goes by where a target lies.
GRID = frozenset(
    {
        Role.COMMUNITY_WORKER.value,
        Role.NEIGHBOURHOOD_SECRETARY.value,
        Role.MICROGRID_HEAD.value,
        Role.INSPECTOR.value,
        Role.GRID_HEAD.value,
    }
)
OF_UNIT = frozenset({Role.UNIT_HANDLER.value, Role.UNIT_HEAD.value, Role.CONTRACTOR.value})
# Who enters and changes whatever is not guarded; those of the grid within it.
OF_UNIT = frozenset({Role.UNIT_HEAD.value, Role.UNIT_HANDLER.value})
KEEPERS = CENTRE | {Role.SYSTEM_ADMIN.value}
KIND_KEEPERS = frozenset({Role.SYSTEM_ADMIN.value, Role.SHIFT_LEADER.value, Role.STREET_LEADER.value})
STAFF = frozenset(r.value for r in Role) - {r.value for r in ADMIN_ROLES} - {Role.RESIDENT.value}
_NOBODY = Q(pk__in=())


def guarded_roles() -> frozenset[str]:
    """Return the posts that see guarded targets of their own grid, as the rulebook names them."""
    on = clock.now().date()
    return frozenset(rulebook.value("fieldwork.guarded.readers", on=on)) & GRID


def working_units(by: Actor) -> frozenset[int]:
    """Return the units in which ``by`` works."""
    return frozenset(g.unit_id for g in by.grants if g.unit_id is not None and g.role in OF_UNIT)


def _below(by: Actor, roles: frozenset[str], column: str) -> Q:
    """Return where grants of these roles reach; one without an area reaches nothing."""
    found = _NOBODY
    for path in {g.area_path for g in by.grants if g.role in roles and g.area_path}:
        found |= Q(**{f"{column}__startswith": path})
    return found


def reads_widely(by: Actor) -> bool:
    """Return whether ``by`` reads every ledger that is not guarded, whatever the grid."""
    return by.is_system or by.has_role(*WIDE)


def plain_q(by: Actor) -> Q:
    """Return the filter of the targets of kinds not guarded that ``by`` may read."""
    if reads_widely(by):
        return Q(kind__guarded=False)
    found = _below(by, GRID, "area_path")
    # A street's inspector has no area of their own: they walk everywhere.
    if any(g.role == Role.INSPECTOR.value and not g.area_path for g in by.grants):
        found |= Q(pk__isnull=False)
    units = working_units(by)
    if units:
        found |= Q(unit__in=units) | _due(Q(unit__in=units))
    if by.user_id is not None and by.has_role(*STAFF):
        found |= _due(Q(user=by.user_id)) | _due(Q(second=by.user_id))
    return Q(kind__guarded=False) & found


def _due(q: Q) -> Q:
    """Return the filter of the targets that such visits go to: looked up by themselves, never joined."""
    return Q(pk__in=Visit.objects.filter(q).values("target"))


def guarded_q(by: Actor) -> Q:
    """Return the filter of the targets of guarded kinds that ``by`` may read: of their own grid alone."""
    if by.is_system:
        return Q(kind__guarded=True)
    return Q(kind__guarded=True) & _below(by, guarded_roles(), "area_path")


def readable(by: Actor, *, guarded: bool) -> QuerySet[Target]:
    """Return the targets that ``by`` may read, of the guarded kinds or of the others; never both in one list."""
    return Target.objects.filter(guarded_q(by) if guarded else plain_q(by))


def may_read(by: Actor, target: Target) -> bool:
    """Return whether ``by`` may read ``target``."""
    q = guarded_q(by) if target.kind.guarded else plain_q(by)
    return by.is_system or Target.objects.filter(q, pk=target.pk).exists()


def check_read(by: Actor, target: Target) -> None:
    """Raise NotFoundError unless :func:`may_read`: to others it does not exist."""
    if not may_read(by, target):
        raise NotFoundError(_("没有这个对象。"), code="fieldwork.no_target")


def may_count(by: Actor) -> bool:
    """Return whether ``by`` reads numbers of guarded kinds: who leads or oversees, and who works in a grid."""
    return by.is_system or by.has_role(*LEADERS, *CENTRE, *GRID)


def may_list(by: Actor, kind: Kind) -> bool:
    """Return whether ``by`` opens the list of a ledger: of a guarded one who works in a grid alone."""
    if by.is_system or not kind.guarded:
        return by.is_system or by.has_role(*STAFF, Role.SYSTEM_ADMIN.value)
    return any(g.role in guarded_roles() and g.area_path for g in by.grants)


def may_enter(by: Actor, kind: Kind, area_path: str, unit_id: int | None = None) -> bool:
    """Return whether ``by`` enters a target of ``kind`` that lies in the area."""
    if by.is_system:
        return True
    if kind.guarded:
        return bool(area_path) and any(
            g.role in guarded_roles() and g.area_path and area_path.startswith(g.area_path) for g in by.grants
        )
    if by.has_role(*KEEPERS):
        return True
    if unit_id is not None and by.holds(OF_UNIT, unit_id=unit_id):
        return True
    here = any(g.role in GRID and g.area_path and area_path.startswith(g.area_path) for g in by.grants)
    return here or any(g.role == Role.INSPECTOR.value and not g.area_path for g in by.grants)


def check_enter(by: Actor, kind: Kind, area_path: str, unit_id: int | None = None) -> None:
    """Raise ForbiddenError unless :func:`may_enter`."""
    if not may_enter(by, kind, area_path, unit_id):
        raise ForbiddenError(
            _("您不能登记或修改这里的“%(kind)s”。") % {"kind": kind.name},
            code="fieldwork.keep",
            hint=_("本网格的工作人员、责任单位和城运中心可以登记。"),
        )


def check_keep(by: Actor, target: Target) -> None:
    """Raise NotFoundError where ``by`` may not see ``target``, ForbiddenError where they may not change it."""
    check_read(by, target)
    check_enter(by, target.kind, target.area_path, target.unit_id)


def may_import(by: Actor) -> bool:
    """Return whether ``by`` brings in and takes out whole ledgers as sheets, which hold nothing guarded."""
    return by.is_system or by.has_role(Role.SYSTEM_ADMIN.value, Role.SHIFT_LEADER.value)


def may_keep_kinds(by: Actor) -> bool:
    """Return whether ``by`` says which ledgers there are."""
    return by.is_system or by.has_role(*KIND_KEEPERS)


def check_kinds(by: Actor) -> None:
    """Raise ForbiddenError unless :func:`may_keep_kinds`."""
    if not may_keep_kinds(by):
        raise ForbiddenError(
            _("台账类型由系统管理员、值班长和街道领导设置。"), code="fieldwork.kinds", hint=_("请联系他们。")
        )
