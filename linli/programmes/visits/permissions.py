"""Who keeps the register of needs, who answers, who reads what was said at home, and who keeps the words.

What was said at home (guarded) is for those who work in that very grid and for the unit that answers: never for grid
peers, never in general lists (domain.md §13).
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.fieldwork.permissions import guarded_roles
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.people.types import ADMIN_ROLES, Role
from linli.programmes.visits.models import CondolenceList, Demand, Detail
from linli.programmes.visits.workflow import VERBS, Who

WIDE = frozenset(
    {Role.DISPATCHER.value, Role.SHIFT_LEADER.value, Role.STREET_LEADER.value, Role.SUPERVISOR.value}
)  # who reads every need that is not guarded
GRID = frozenset(
    {
        Role.COMMUNITY_WORKER.value,
        Role.NEIGHBOURHOOD_SECRETARY.value,
        Role.MICROGRID_HEAD.value,
        Role.GRID_HEAD.value,
    }
)
LEADERS = frozenset({Role.STREET_LEADER.value, Role.UNIT_HEAD.value, Role.SHIFT_LEADER.value})
OF_UNIT = frozenset(
    {
        Role.UNIT_HEAD.value,
        Role.UNIT_HANDLER.value,
        Role.NEIGHBOURHOOD_SECRETARY.value,
        Role.COMMUNITY_WORKER.value,
    }
)
# Who draws up lists of condolences and confirms them: who works next to homes, and the offices.
CONDOLERS = frozenset(
    {Role.COMMUNITY_WORKER.value, Role.NEIGHBOURHOOD_SECRETARY.value, Role.UNIT_HEAD.value, Role.UNIT_HANDLER.value}
)
STAFF = frozenset(r.value for r in Role) - {r.value for r in ADMIN_ROLES} - {Role.RESIDENT.value}


def _paths(by: Actor, roles: frozenset[str]) -> set[str]:
    return {g.area_path for g in by.grants if g.role in roles and g.area_path}


def _here(paths: set[str]) -> Q:
    found = Q(pk__in=())
    for path in paths:
        found |= Q(area_path__startswith=path)
    return found


def _units(by: Actor) -> list[int]:
    return [g.unit_id for g in by.grants if g.unit_id is not None and g.role in OF_UNIT]


def demands_q(by: Actor) -> Q:
    """Return the filter of the needs that ``by`` may read."""
    if by.is_system:
        return Q()
    if not by.has_role(*STAFF):
        return Q(pk__in=())
    mine = Q(unit__in=_units(by)) | (Q(by_uuid=by.uuid) if by.uuid else Q(pk__in=()))
    near = _here(_paths(by, guarded_roles()))
    plain = Q() if by.has_role(*WIDE) else _here(_paths(by, GRID))
    return mine | near | (Q(guarded=False) & plain)


def may_read(by: Actor, demand: Demand) -> bool:
    """Return whether ``by`` may read a need."""
    return Demand.objects.filter(demands_q(by), pk=demand.pk).exists()


def keeps(by: Actor, demand: Demand) -> bool:
    """Return whether ``by`` keeps a need: who works where it arose; of one not guarded who leads there, too."""
    if by.is_system:
        return True
    if any(demand.area_path.startswith(p) for p in _paths(by, guarded_roles()) if demand.area_path):
        return True
    if demand.guarded:
        return False
    led = any(demand.area_path.startswith(p) for p in _paths(by, GRID) if demand.area_path)
    noted = by.uuid is not None and demand.by_uuid == by.uuid
    return led or noted or by.has_role(Role.SHIFT_LEADER.value, Role.STREET_LEADER.value, Role.DISPATCHER.value)


def owns(by: Actor, demand: Demand) -> bool:
    """Return whether ``by`` works in the unit that answers."""
    return demand.unit_id is not None and demand.unit_id in _units(by)


def may(by: Actor, verb: str, demand: Demand) -> bool:
    """Return whether ``by`` is somebody who does ``verb``; its state is another matter."""
    who = VERBS[verb].who
    return (Who.KEEPER in who and keeps(by, demand)) or (Who.OWNER in who and owns(by, demand))


def check_may(by: Actor, verb: str, demand: Demand) -> None:
    """Raise NotFoundError where ``by`` may not read the need, ForbiddenError where the act is not theirs."""
    if not may_read(by, demand):
        raise NotFoundError(_("没有这项需求。"), code="visits.no_demand")
    if not may(by, verb, demand):
        names = {Who.KEEPER: _("所在居民区和负责人"), Who.OWNER: _("承办单位")}
        words = "、".join(names[w] for w in Who if w in VERBS[verb].who)
        raise ForbiddenError(
            _("您不能进行“%(verb)s”。") % {"verb": VERBS[verb].label}, code=f"visits.{verb}",
            hint=_("可以办理的：%(who)s。") % {"who": words},
        )  # fmt: skip


def check_enter(by: Actor) -> None:
    """Raise ForbiddenError unless ``by`` works here and so enters needs and visits."""
    if not by.is_system and not by.has_role(*STAFF):
        raise ForbiddenError(_("需求由工作人员登记。"), code="visits.enter", hint=_("居民请从首页反映。"))


def may_lead(by: Actor) -> bool:
    """Return whether ``by`` keeps words, enterprise visits, campaigns and officers: who leads."""
    return by.is_system or by.has_role(*LEADERS)


def check_lead(by: Actor) -> None:
    """Raise ForbiddenError unless :func:`may_lead`."""
    if not may_lead(by):
        raise ForbiddenError(
            _("这一项由街道领导、值班长和部门负责人办理。"), code="visits.lead", hint=_("请联系他们。")
        )


def may_count(by: Actor) -> bool:
    """Return whether ``by`` reads the coverage of the whole street."""
    return by.is_system or by.has_role(*WIDE, *GRID, Role.UNIT_HEAD.value)


def details_q(by: Actor) -> Q:
    """Return the filter of the noted details that ``by`` looks after: who works next to those homes."""
    return Q() if by.is_system else _here(_paths(by, guarded_roles()))


def check_detail(by: Actor, detail: Detail) -> None:
    """Raise NotFoundError unless ``by`` looks after a noted detail."""
    if not Detail.objects.filter(details_q(by), pk=detail.pk).exists():
        raise NotFoundError(_("没有这条信息。"), code="visits.no_detail")


def condolences_q(by: Actor) -> Q:
    """Return the filter of the lists that ``by`` may open: of the units that they work in; nobody else's."""
    if by.is_system:
        return Q()
    units = [g.unit_id for g in by.grants if g.unit_id is not None and g.role in CONDOLERS]
    return Q(unit__in=units)


def may_condole(by: Actor, unit_id: int) -> bool:
    """Return whether ``by`` draws up a list for a unit."""
    return by.is_system or by.holds(CONDOLERS, unit_id=unit_id)


def check_condole(by: Actor, row: CondolenceList) -> None:
    """Raise NotFoundError unless ``by`` works in the unit whose list it is."""
    if not CondolenceList.objects.filter(condolences_q(by), pk=row.pk).exists():
        raise NotFoundError(_("没有这份名单。"), code="visits.no_list")
