"""Who plans rounds, gives visits, takes them, and reads them."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Round, RoundUnit, Visit
from linli.engines.fieldwork.permissions.ledgers import CENTRE, GRID, OF_UNIT, STAFF, may_read
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.people.types import Role

# Who leads a unit, and so plans in its name.
HEADS = frozenset({Role.UNIT_HEAD.value, Role.NEIGHBOURHOOD_SECRETARY.value, Role.GRID_HEAD.value})
OVERSEERS = CENTRE | {Role.STREET_LEADER.value, Role.SUPERVISOR.value}


def may_plan(by: Actor, unit_id: int, area_path: str) -> bool:
    """Return whether ``by`` plans a round of the unit in the area: the centre, leaders, heads of the unit or grid."""
    if by.is_system or by.has_role(*OVERSEERS):
        return True
    if any(
        g.role in {Role.GRID_HEAD.value, Role.NEIGHBOURHOOD_SECRETARY.value}
        and g.area_path
        and area_path.startswith(g.area_path)
        for g in by.grants
    ):
        return True
    return by.holds({Role.UNIT_HEAD.value}, unit_id=unit_id)


def check_plan(by: Actor, unit_id: int, area_path: str) -> None:
    """Raise ForbiddenError unless :func:`may_plan`."""
    if not may_plan(by, unit_id, area_path):
        raise ForbiddenError(
            _("走访检查由本单位、本网格负责人或城运中心安排。"), code="fieldwork.plan", hint=_("请联系他们。")
        )


def check_lead(by: Actor, round_: Round) -> None:
    """Raise NotFoundError where ``by`` may not see the round, ForbiddenError where they do not lead it."""
    check_round(by, round_)
    check_plan(by, round_.unit_id, round_.area_path)


def _grid_paths(by: Actor) -> set[str]:
    return {g.area_path for g in by.grants if g.role in GRID and g.area_path}


def rounds_q(by: Actor) -> Q:
    """Return the filter of the rounds that ``by`` may read: theirs, their unit's, those of their grid."""
    if by.is_system or by.has_role(*OVERSEERS):
        return Q()
    if not by.has_role(*STAFF):
        return Q(pk__in=())
    units = [g.unit_id for g in by.grants if g.unit_id is not None and g.role in STAFF]
    found = Q(unit__in=units) | Q(pk__in=RoundUnit.objects.filter(unit__in=units).values("round"))
    found |= Q(pk__in=Visit.objects.filter(mine_q(by)).values("round"))
    for path in _grid_paths(by):
        above = [path[: n + 1] for n, sign in enumerate(path) if sign == "/" and n]
        found |= Q(area_path__startswith=path) | Q(area_path__in=["", *above])
    return found


def mine_q(by: Actor) -> Q:
    """Return the filter of the visits that ``by`` is to make, and of those of the units they work in."""
    if by.user_id is None:
        return Q(pk__in=())
    units = [g.unit_id for g in by.grants if g.unit_id is not None and g.role in OF_UNIT]
    return Q(user=by.user_id) | Q(second=by.user_id) | Q(unit__in=units)


def check_round(by: Actor, round_: Round) -> None:
    """Raise NotFoundError unless ``by`` may read the round."""
    if not Round.objects.filter(rounds_q(by), pk=round_.pk).exists():
        raise NotFoundError(_("没有这项走访检查。"), code="fieldwork.no_round")


def goes(by: Actor, visit: Visit) -> bool:
    """Return whether ``by`` is one of those who are to go."""
    return by.user_id is not None and by.user_id in {visit.user_id, visit.second_id}


def may_make(by: Actor, visit: Visit) -> bool:
    """Return whether ``by`` makes the visit: who is to go; where nobody is, who may read the target.

    To a guarded target only who works in its grid, whoever was sent.
    """
    if by.is_system or (goes(by, visit) and not visit.target.kind.guarded):
        return True
    mine = visit.user_id is None or goes(by, visit)
    return mine and by.has_role(*STAFF) and may_read(by, visit.target)


def check_make(by: Actor, visit: Visit) -> None:
    """Raise NotFoundError where ``by`` sees neither the target nor the visit, ForbiddenError where others are to go."""
    if may_make(by, visit):
        return
    if not may_read(by, visit.target):
        raise NotFoundError(_("没有这次走访。"), code="fieldwork.no_visit")
    raise ForbiddenError(_("这次走访已经安排给别人。"), code="fieldwork.make", hint=_("请联系安排走访的负责人改派。"))
