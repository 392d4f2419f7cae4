"""Who warns and who orders, who keeps frontages, lanes and logs, and what somebody may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.fieldwork.permissions import ledgers
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.people import selectors as people
from linli.foundation.people.types import Role
from linli.programmes.streets.models import Contact, Matter
from linli.programmes.streets.workflow import VERBS

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

CENTRE = ledgers.CENTRE
WIDE = CENTRE | {Role.STREET_LEADER.value, Role.SUPERVISOR.value}
LEADERS = frozenset({Role.STREET_LEADER.value, Role.SHIFT_LEADER.value})
# Who goes through a grid's streets; one without an area walks everywhere.
WALKERS = frozenset(
    {
        Role.COMMUNITY_WORKER.value,
        Role.NEIGHBOURHOOD_SECRETARY.value,
        Role.MICROGRID_HEAD.value,
        Role.INSPECTOR.value,
        Role.GRID_HEAD.value,
    }
)
OF_UNIT = frozenset({Role.UNIT_HANDLER.value, Role.UNIT_HEAD.value})
FIRMS = frozenset({Role.CONTRACTOR.value})
ENFORCEMENT, OFFICES = "enforcement", ("enforcement", "department", "street_office", "operations_centre")


def _units(by: Actor, roles: frozenset[str], kinds: tuple[str, ...]) -> frozenset[int]:
    """Return the units of these kinds in which ``by`` holds one of the roles."""
    own = {g.unit_id for g in by.grants if g.unit_id is not None and g.role in roles}
    return frozenset(u.pk for u in people.units(own).values() if u.kind in kinds) if own else frozenset()


def officer_units(by: Actor) -> frozenset[int]:
    """Return the enforcement units in which ``by`` works."""
    return _units(by, OF_UNIT, (ENFORCEMENT,))


def head_units(by: Actor) -> frozenset[int]:
    """Return the enforcement units that ``by`` leads."""
    return _units(by, frozenset({Role.UNIT_HEAD.value}), (ENFORCEMENT,))


def is_officer(by: Actor) -> bool:
    """Return whether ``by`` is one of the law's officers."""
    return by.is_system or bool(officer_units(by))


def is_office(by: Actor) -> bool:
    """Return whether ``by`` works in an office of the street or in its enforcement."""
    return by.is_system or by.has_role(*WIDE) or bool(_units(by, OF_UNIT, OFFICES))


def sees_all(by: Actor) -> bool:
    """Return whether ``by`` reads everything of the streets, whatever the grid."""
    if by.is_system or by.has_role(*WIDE):
        return True
    return is_office(by) or any(g.role == Role.INSPECTOR.value and not g.area_path for g in by.grants)


def area_q(by: Actor) -> Q:
    """Return the filter of rows with an ``area_path`` that ``by`` may read."""
    if sees_all(by):
        return Q()
    found = Q(pk__in=())
    for path in {g.area_path for g in by.grants if g.role in WALKERS and g.area_path}:
        found |= Q(area_path__startswith=path)
    return found


def area_or(by: Actor, more: Q) -> Q:
    """Return the filter of :func:`area_q` or ``more``; who reads everything is narrowed by neither."""
    return Q() if sees_all(by) else area_q(by) | more


def targets_q(by: Actor) -> Q:
    """Return the filter of the ledgers' entries that this room shows to ``by``: never of guarded kinds."""
    return Q(kind__guarded=False) & area_q(by)


def walks(by: Actor, area_path: str) -> bool:
    """Return whether ``by`` works on the streets there: offices and officers everywhere, the grid within it."""
    if by.has_role(Role.SUPERVISOR.value) and len(by.roles) == 1:
        return False
    if sees_all(by):
        return True
    return bool(area_path) and any(
        g.role in WALKERS and g.area_path and area_path.startswith(g.area_path) for g in by.grants
    )


def refuse(what: str) -> ForbiddenError:
    """Return the error of who may not do ``what``."""
    return ForbiddenError(
        _("您不能办理“%(what)s”。") % {"what": what}, code="streets.role",
        hint=_("由本网格工作人员、街道相关办公室或综合行政执法队按职责办理。"),
    )  # fmt: skip


def check_walk(by: Actor, area_path: str, what: str) -> None:
    """Raise ForbiddenError unless :func:`walks`."""
    if not walks(by, area_path):
        raise refuse(what)


def may_matter(by: Actor, verb: str, row: Matter) -> bool:
    """Return whether ``by`` is somebody who does ``verb`` to a shop's matter; its state is another matter."""
    if verb in {"order", "answer"}:
        return is_officer(by)
    if verb in {"uphold", "annul"}:
        own = by.user_id is not None and by.user_id in {row.warned_by, row.ordered_by}
        return by.is_system or (not own and (by.has_role(*LEADERS) or bool(head_units(by))))
    return walks(by, row.area_path)


def check_matter(by: Actor, verb: str, row: Matter) -> None:
    """Raise ForbiddenError unless :func:`may_matter`."""
    if may_matter(by, verb, row):
        return
    if verb in {"uphold", "annul"} and by.user_id in {row.warned_by, row.ordered_by}:
        raise ForbiddenError(
            _("您办过这件事，陈述申辩要由另一人决定。"), code="streets.own", hint=_("请由执法队负责人或街道领导决定。")
        )
    raise refuse(str(VERBS[verb].label))


def check_read(by: Actor, area_path: str, what: str) -> None:
    """Raise NotFoundError unless ``by`` may read what lies there: to others it does not exist."""
    if sees_all(by):
        return
    if not any(g.role in WALKERS and g.area_path and area_path.startswith(g.area_path) for g in by.grants):
        raise NotFoundError(what, code="streets.not_found", hint=_("它可能不存在，或不在您的查看范围内。"))


def firm_units(by: Actor) -> frozenset[int]:
    """Return the firms for which ``by`` works."""
    return frozenset(g.unit_id for g in by.grants if g.unit_id is not None and g.role in FIRMS)


def own_routes_q(by: Actor) -> Q:
    """Return the filter of the routes of the firms for which ``by`` works."""
    return Q(kind__guarded=False, unit__in=firm_units(by))


def routes_q(by: Actor) -> Q:
    """Return the filter of what has a ``unit`` and an ``area_path``: a firm reads its own."""
    return area_or(by, Q(unit__in=firm_units(by)))


def may_log(by: Actor, route: Target) -> bool:
    """Return whether ``by`` writes down what was done on a route: its firm, and who works on the streets there."""
    return route.unit_id in firm_units(by) or walks(by, route.area_path)


def may_visit(by: Actor, row: Contact) -> bool:
    """Return whether ``by`` writes into the log of a contact: the officer, and who leads the unit."""
    return by.is_system or by.user_id == row.user_id or by.holds({Role.UNIT_HEAD.value}, unit_id=row.unit_id)


def may_plan_contacts(by: Actor) -> bool:
    """Return whether ``by`` says which officer keeps in touch with whom."""
    return by.is_system or by.has_role(*LEADERS) or bool(head_units(by))
