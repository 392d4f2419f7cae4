"""Who may enter venues, keep one up to date, and hang posters."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.people import permissions as people
from linli.foundation.people.types import Role
from linli.foundation.venues.models import Poster, Venue

KEEPERS = frozenset({Role.NEIGHBOURHOOD_SECRETARY.value, Role.GRID_HEAD.value})
POSTERS = KEEPERS | {Role.DISPATCHER.value, Role.SHIFT_LEADER.value, Role.SYSTEM_ADMIN.value}


def may_configure(by: Actor) -> bool:
    """Return whether ``by`` enters venues and their kinds."""
    return people.can(by, "console:configure")


def check_configure(by: Actor) -> None:
    """Raise ForbiddenError unless :func:`may_configure`."""
    people.check(by, "console:configure")


def may_keep(by: Actor, venue: Venue) -> bool:
    """Return whether ``by`` keeps ``venue`` up to date: who configures, or who leads the area where it lies."""
    return may_configure(by) or by.holds(KEEPERS, area_path=venue.area_path)


def check_keep(by: Actor, venue: Venue) -> None:
    """Raise ForbiddenError unless :func:`may_keep`."""
    if not may_keep(by, venue):
        raise ForbiddenError(
            _("您不能修改这个场所。"),
            code="venues.keep",
            hint=_("系统管理员，以及该场所所在区域的居民区书记、综合网格长可以修改。"),
        )


def may_post(by: Actor, area_path: str) -> bool:
    """Return whether ``by`` hangs and takes down posters where the area lies."""
    return by.is_system or by.holds(POSTERS, area_path=area_path)


def check_post(by: Actor, area_path: str) -> None:
    """Raise ForbiddenError unless :func:`may_post`."""
    if not may_post(by, area_path):
        raise ForbiddenError(
            _("您不能在这里制作或撤下海报。"),
            code="venues.post",
            hint=_("居民区书记和综合网格长限本区域，派单员、值班长和系统管理员不限。"),
        )


def check_withdraw(by: Actor, poster: Poster) -> None:
    """Raise ForbiddenError unless ``by`` may take down ``poster``."""
    check_post(by, poster.area_path)
