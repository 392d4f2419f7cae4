"""Who may see projects, keep one up to date, and take it on in its life."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.projects.models import Project
from linli.engines.projects.rules.life import APPROVERS, KEEPERS, STEPS
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.people.types import ADMIN_ROLES, ROLES, Role, Where

IDLE = frozenset({Role.RESIDENT.value, *(r.value for r in ADMIN_ROLES)})
OVERSEERS = frozenset({"dispatcher", "shift_leader", "street_leader", "supervisor"})
_OF_AREA = frozenset(r.value for r in Role if ROLES[r].where is Where.AREA)
LISTERS = frozenset({"street_leader", "shift_leader", "supervisor"})
OPENERS = APPROVERS | KEEPERS | LISTERS


def _above(path: str) -> list[str]:
    """Return the paths of an area and of those above it, and the empty one."""
    parts = [p for p in path.split("/") if p]
    return ["", *("/" + "/".join(parts[: n + 1]) + "/" for n in range(len(parts)))]


def project_q(actor: Actor) -> Q:
    """Return the filter of the projects that ``actor`` reads.

    All for those who oversee; else those of their units or areas, those given to them, and those that are public.
    """
    grants = [g for g in actor.grants if g.role not in IDLE]
    if actor.is_system or any(g.role in OVERSEERS and not g.area_path for g in grants):
        return Q()
    if not grants:
        return Q(pk__in=[])
    units = {g.unit_id for g in grants if g.unit_id is not None}
    q = Q(public=True) | Q(unit__in=units) | Q(user=actor.user_id, user__isnull=False)
    for grant in grants:
        if grant.area_path and grant.role in _OF_AREA:
            q |= Q(area_path__startswith=grant.area_path) | Q(area_path__in=_above(grant.area_path))
    return q


def may_keep(by: Actor, project: Project) -> bool:
    """Return whether ``by`` keeps the project up to date: its unit, its person, or who approves where it lies."""
    if by.is_system or (project.user_id is not None and project.user_id == by.user_id):
        return True
    return by.holds(APPROVERS, area_path=project.area_path) or by.holds(KEEPERS, unit_id=project.unit_id)


def check_keep(by: Actor, project: Project) -> None:
    """Raise ForbiddenError unless :func:`may_keep`."""
    if not may_keep(by, project):
        raise ForbiddenError(
            _("您不能修改这个项目。"),
            code="projects.keep",
            hint=_("由责任单位、负责人，以及所在区域的综合网格长和街道领导维护。"),
        )


def check_open(by: Actor, *, unit_id: int, area_path: str) -> None:
    """Raise ForbiddenError unless ``by`` may open a project of that unit there."""
    held = by.holds(APPROVERS | LISTERS, area_path=area_path) or by.holds(KEEPERS, unit_id=unit_id)
    if not by.is_system and not held:
        raise ForbiddenError(
            _("您不能为这个单位立项。"), code="projects.open", hint=_("责任单位自己，或综合网格长、街道领导可以立项。")
        )


def may_step(by: Actor, project: Project, verb: str) -> bool:
    """Return whether ``by`` may do ``verb`` to the project, whatever else it needs."""
    step = STEPS[verb]
    return by.is_system or by.holds(step.roles, area_path=project.area_path) or (step.keeper and may_keep(by, project))


def check_step(by: Actor, project: Project, verb: str) -> None:
    """Raise ForbiddenError unless :func:`may_step`."""
    if not may_step(by, project, verb):
        raise ForbiddenError(_("您不能进行这一步。"), code="projects.step", hint=_("请联系街道领导或综合网格长。"))


def may_list(by: Actor) -> bool:
    """Return whether ``by`` makes yearly lists, classes and teams."""
    return by.is_system or by.has_role(*LISTERS)


def check_list(by: Actor) -> None:
    """Raise ForbiddenError unless :func:`may_list`."""
    if not may_list(by):
        raise ForbiddenError(
            _("清单和班组由街道维护。"), code="projects.list", hint=_("请联系街道领导、值班长或督查员。")
        )
