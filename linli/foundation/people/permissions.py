"""Who may change who does what."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.people.models import Unit
from linli.foundation.people.types import ROLES, Role, Where

_WIDE = {r.value for r in Role if ROLES[r].where is Where.STREET}


def permissions_of(role: str) -> frozenset[str]:
    """Return the permission codes of a role; none for one that is unknown."""
    return frozenset(ROLES[Role(role)].permissions) if role in ROLES else frozenset()


def can(by: Actor, permission: str, *, area_path: str = "", unit_id: int | None = None) -> bool:
    """Return whether a grant of ``by`` gives ``permission`` where the area lies and, for unit roles, in that unit."""
    if by.is_system:
        return True
    return any(
        permission in permissions_of(g.role)
        and area_path.startswith(g.area_path)
        and (unit_id is None or g.unit_id == unit_id or ROLES[Role(g.role)].where is not Where.UNIT)
        for g in by.grants
    )


def check(by: Actor, permission: str, *, area_path: str = "", unit_id: int | None = None) -> None:
    """Raise ForbiddenError, naming the roles that may, unless :func:`can`."""
    if can(by, permission, area_path=area_path, unit_id=unit_id):
        return
    roles = "、".join(str(info.name) for info in ROLES.values() if permission in info.permissions)
    raise ForbiddenError(_("您没有进行这项操作的权限。"), hint=_("可以操作的岗位：%(roles)s。") % {"roles": roles})


def visible_units(by: Actor) -> QuerySet[Unit]:
    """Return the units that ``by`` may look up: all for street roles, else of their areas or their own."""
    if by.is_system or any(g.role in _WIDE for g in by.grants):
        return Unit.objects.all()
    staff = [g for g in by.grants if g.role != Role.RESIDENT]
    if not staff:
        return Unit.objects.none()
    reach = Q(pk__in=by.unit_ids)
    if not by.has_role(Role.CONTRACTOR):
        reach |= Q(area__isnull=True)
    for grant in staff:
        if grant.area_path:
            reach |= Q(area__path__startswith=grant.area_path)
    return Unit.objects.filter(reach)
