"""Who keeps the library, who starts trials, who reads what, who enters what was done."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.fieldwork import permissions as fieldwork
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.people.types import Role
from linli.programmes.civility.models import Trial

# Who keeps the library and the log: the leading group's office sits with them.
KEEPERS = frozenset({Role.STREET_LEADER.value, Role.SUPERVISOR.value, Role.SHIFT_LEADER.value})
WIDE = fieldwork.OVERSEERS
HEADS = frozenset({Role.UNIT_HEAD.value, Role.NEIGHBOURHOOD_SECRETARY.value, Role.GRID_HEAD.value})
OF_UNIT = frozenset(
    {Role.UNIT_HEAD.value, Role.UNIT_HANDLER.value, Role.CONTRACTOR.value, Role.NEIGHBOURHOOD_SECRETARY.value,
     Role.COMMUNITY_WORKER.value}
)  # fmt: skip
IN_AREA = frozenset({Role.NEIGHBOURHOOD_SECRETARY.value, Role.GRID_HEAD.value, Role.COMMUNITY_WORKER.value})
READERS = KEEPERS | HEADS | OF_UNIT | WIDE | {Role.INSPECTOR.value, Role.MICROGRID_HEAD.value}


def may_keep(by: Actor) -> bool:
    """Return whether ``by`` keeps the library: who leads or oversees the street."""
    return by.is_system or by.has_role(*KEEPERS)


def check_keep(by: Actor) -> None:
    """Raise ForbiddenError unless :func:`may_keep`."""
    if not may_keep(by):
        raise ForbiddenError(
            _("指标库和督导记录由街道领导、督查员和值班长维护。"), code="civility.keep", hint=_("请联系他们。")
        )


def check_read(by: Actor) -> None:
    """Raise ForbiddenError unless ``by`` works in the programme."""
    if not by.is_system and not by.has_role(*READERS):
        raise ForbiddenError(_("您不参与文明创建工作。"), code="civility.read", hint=_("请联系街道督查员。"))


def _paths(by: Actor, roles: frozenset[str]) -> set[str]:
    return {g.area_path for g in by.grants if g.role in roles and g.area_path}


def units_of(by: Actor, roles: frozenset[str] = OF_UNIT) -> frozenset[int]:
    """Return the units in which ``by`` works."""
    return frozenset(g.unit_id for g in by.grants if g.unit_id is not None and g.role in roles)


def area_q(by: Actor) -> Q:
    """Return the filter of what lies where ``by`` works, or belongs to their unit; all for who oversees.

    Of what is of the whole subdistrict everybody who works in the programme reads.
    """
    if by.is_system or by.has_role(*WIDE):
        return Q()
    found = Q(area_path="") | Q(unit__in=units_of(by))
    for path in _paths(by, READERS):
        above = [path[: n + 1] for n, sign in enumerate(path) if sign == "/" and n]
        found |= Q(area_path__startswith=path) | Q(area_path__in=above)
    return found


def check_trial(by: Actor, trial: Trial) -> None:
    """Raise NotFoundError unless ``by`` may read the trial."""
    check_read(by)
    if not Trial.objects.filter(area_q(by), pk=trial.pk).exists():
        raise NotFoundError(_("没有这次检查。"), code="civility.no_trial")


def may_lead(by: Actor, unit_id: int, area_path: str) -> bool:
    """Return whether ``by`` starts and closes trials of the unit there: as the planner of rounds has it."""
    return fieldwork.may_plan(by, unit_id, area_path)


def may_start(by: Actor) -> bool:
    """Return whether ``by`` starts trials anywhere."""
    return by.is_system or by.has_role(*WIDE, *HEADS)


def may_enter(by: Actor, unit_id: int | None, area_path: str) -> bool:
    """Return whether ``by`` enters what is done by the unit, or in the area: who oversees, works there or leads it."""
    if by.is_system or by.has_role(*WIDE):
        return True
    if unit_id is not None and unit_id in units_of(by):
        return True
    return bool(area_path) and any(area_path.startswith(path) for path in _paths(by, IN_AREA))


def check_enter(by: Actor, unit_id: int | None, area_path: str) -> None:
    """Raise ForbiddenError unless :func:`may_enter`."""
    if not may_enter(by, unit_id, area_path):
        raise ForbiddenError(
            _("您不能登记其他单位或其他居民区的事项。"), code="civility.enter",
            hint=_("由责任单位、所在居民区、城运中心和督查员登记。"),
        )  # fmt: skip
