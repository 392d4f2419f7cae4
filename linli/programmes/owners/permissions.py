"""Who starts an evaluation, who reads results before they are public, who speaks for the committee.

A committee reads its own result from the moment that it is asked about it, and no other's.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.fieldwork import permissions as fieldwork
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.people import selectors as people
from linli.foundation.people.types import Role
from linli.programmes.owners.models import Drive, Evaluation
from linli.programmes.owners.types import KIND
from linli.programmes.owners.workflow import State

WIDE = fieldwork.OVERSEERS
NEAR = frozenset(
    {Role.NEIGHBOURHOOD_SECRETARY.value, Role.COMMUNITY_WORKER.value, Role.GRID_HEAD.value,
     Role.MICROGRID_HEAD.value, Role.INSPECTOR.value}
)  # fmt: skip
OF_UNIT = frozenset({Role.UNIT_HEAD.value, Role.UNIT_HANDLER.value})
READERS = WIDE | NEAR | OF_UNIT


def check_read(by: Actor) -> None:
    """Raise ForbiddenError unless ``by`` works in the programme."""
    if not by.is_system and not by.has_role(*READERS):
        raise ForbiddenError(
            _("业委会评估由街道、居民区和业委会查看。"), code="owners.read",
            hint=_("公示的结果可以在居民页面查看。"),
        )  # fmt: skip


def paths_of(by: Actor) -> set[str]:
    """Return the areas in which ``by`` works near the committees."""
    return {g.area_path for g in by.grants if g.role in NEAR and g.area_path}


def units_of(by: Actor) -> frozenset[int]:
    """Return the units in which ``by`` works."""
    return frozenset(g.unit_id for g in by.grants if g.unit_id is not None and g.role in OF_UNIT)


def own_names(by: Actor) -> set[str]:
    """Return the names of the committees for which ``by`` speaks."""
    units = units_of(by)
    return {u.name for u in people.units(units).values() if u.kind == KIND} if units else set()


def drives_q(by: Actor) -> Q:
    """Return the filter of the yearly evaluations that ``by`` may read: those that touch where they work."""
    if by.is_system or by.has_role(*WIDE):
        return Q()
    found = Q(unit__in=units_of(by))
    for path in paths_of(by):
        above = [path[: n + 1] for n, sign in enumerate(path) if sign == "/" and n]
        found |= Q(area_path__startswith=path) | Q(area_path__in=["", *above])
    if names := own_names(by):
        own = Evaluation.objects.filter(target__name__in=names).exclude(state=State.SCORED)
        found |= Q(pk__in=own.values("drive"))
    return found


def evaluations_q(by: Actor) -> Q:
    """Return the filter of the results that ``by`` may read."""
    if by.is_system or by.has_role(*WIDE):
        return Q()
    found = Q(drive__unit__in=units_of(by))
    for path in paths_of(by):
        found |= Q(area_path__startswith=path)
    if names := own_names(by):
        found |= Q(target__name__in=names) & ~Q(state=State.SCORED)
    return found


def whole_q(by: Actor) -> Q:
    """Return the filter of the yearly evaluations of which ``by`` reads every result."""
    return Q() if by.is_system or by.has_role(*WIDE) else Q(unit__in=units_of(by))


def may_start(by: Actor) -> bool:
    """Return whether ``by`` starts evaluations anywhere."""
    if by.is_system:
        return True
    return by.has_role(*WIDE, Role.UNIT_HEAD.value, Role.NEIGHBOURHOOD_SECRETARY.value) and not own_names(by)


def may_lead(by: Actor, drive: Drive) -> bool:
    """Return whether ``by`` leads this evaluation: never who speaks for a committee."""
    return fieldwork.may_plan(by, drive.unit_id, drive.area_path) and not own_names(by)


def check_lead(by: Actor, drive: Drive) -> None:
    """Raise NotFoundError where ``by`` may not read the evaluation, ForbiddenError where they do not lead it."""
    if not Drive.objects.filter(drives_q(by), pk=drive.pk).exists():
        raise NotFoundError(_("没有这次评估。"), code="owners.no_drive")
    if not may_lead(by, drive):
        raise ForbiddenError(_("由发起单位和街道办理。"), code="owners.lead", hint=_("请联系发起评估的单位。"))


def check_evaluation(by: Actor, row: Evaluation) -> None:
    """Raise NotFoundError unless ``by`` may read the result."""
    check_read(by)
    if not Evaluation.objects.filter(evaluations_q(by), pk=row.pk).exists():
        raise NotFoundError(_("没有这个业委会的评估结果。"), code="owners.no_evaluation")


def may_object(by: Actor, row: Evaluation) -> bool:
    """Return whether ``by`` speaks for the committee, or enters what it handed in on paper."""
    return by.is_system or row.target.name in own_names(by) or any(row.area_path.startswith(p) for p in paths_of(by))
