"""Who may plan, lead, minute and read meetings; who keeps topics and the deputies' records."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.activities.models import Meeting, Series, Topic
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.people.types import ADMIN_ROLES, Role

CENTRE = frozenset({Role.DISPATCHER.value, Role.SHIFT_LEADER.value})
OVERSEERS = CENTRE | {Role.STREET_LEADER.value, Role.SUPERVISOR.value}
# Who leads a unit and so convenes in its name.
HEADS = frozenset({Role.UNIT_HEAD.value, Role.NEIGHBOURHOOD_SECRETARY.value, Role.GRID_HEAD.value})
PLANNERS = HEADS | CENTRE | {Role.STREET_LEADER.value}
# Who may answer, hand in texts and read for a unit that is invited.
OF_UNIT = HEADS | {
    Role.UNIT_HANDLER.value,
    Role.COMMUNITY_WORKER.value,
    Role.CONTRACTOR.value,
    Role.STREET_LEADER.value,
}
STAFF = frozenset(r.value for r in Role) - {r.value for r in ADMIN_ROLES} - {Role.RESIDENT.value}
# Who says which kinds of meetings there are, what they begin with and whom they invite.
KIND_KEEPERS = frozenset({Role.SYSTEM_ADMIN.value, Role.SHIFT_LEADER.value, Role.STREET_LEADER.value})
# The deputies' work is recorded by the offices and their leaders, read by them alone.
DEPUTIES = OVERSEERS | {Role.UNIT_HEAD.value}


def working_units(actor: Actor) -> frozenset[int]:
    """Return the units in which ``actor`` works."""
    return frozenset(g.unit_id for g in actor.grants if g.unit_id is not None and g.role in OF_UNIT | STAFF)


def visible_q(actor: Actor) -> Q:
    """Return the filter of the meetings that ``actor`` may read: who takes part, who convenes, who oversees."""
    if actor.is_system or actor.has_role(*OVERSEERS):
        return Q()
    units = working_units(actor)
    q = Q(unit__in=units) | Q(attendees__unit__in=units, attendees__group="unit")
    q |= Q(items__presenter_unit__in=units)
    if actor.user_id is not None:
        q |= Q(attendees__user=actor.user_id) | Q(secretary=actor.user_id) | Q(created_by=actor.user_id)
    for grant in actor.grants:
        if grant.role == Role.GRID_HEAD.value and grant.area_path:
            q |= Q(area_path__startswith=grant.area_path)
    return q


def may_convene(by: Actor, unit_id: int, area_path: str = "") -> bool:
    """Return whether ``by`` convenes in the name of the unit: its head, a grid head in their grid, the centre."""
    if by.is_system or by.has_role(*CENTRE, Role.STREET_LEADER.value):
        return True
    if by.holds({Role.GRID_HEAD.value}, area_path=area_path or None) and area_path:
        return True
    return by.holds(HEADS, unit_id=unit_id)


def check_convene(by: Actor, unit_id: int, area_path: str = "") -> None:
    """Raise ForbiddenError unless :func:`may_convene`."""
    if not may_convene(by, unit_id, area_path):
        raise ForbiddenError(
            _("会议由召集单位负责人、综合网格长、街道领导或城运中心召集。"),
            code="activities.convene",
            hint=_("请联系召集单位。"),
        )


def may_lead(by: Actor, meeting: Meeting) -> bool:
    """Return whether ``by`` leads the meeting: who convened it, who takes its minutes, whoever could convene it."""
    own = by.user_id is not None and by.user_id in {meeting.created_by_id, meeting.secretary_id}
    return own or may_convene(by, meeting.unit_id, meeting.area_path)


def check_lead(by: Actor, meeting: Meeting) -> None:
    """Raise ForbiddenError unless :func:`may_lead`."""
    if not may_lead(by, meeting):
        raise ForbiddenError(
            _("会议由召集人、记录人和召集单位负责人管理。"), code="activities.lead", hint=_("请联系召集人。")
        )


def check_series(by: Actor, series: Series) -> None:
    """Raise ForbiddenError unless ``by`` could convene the meetings of the series."""
    check_convene(by, series.unit_id, series.area.path if series.area else "")


def may_own(by: Actor, topic: Topic) -> bool:
    """Return whether ``by`` acts for who took the topic on: the person, or the head of the unit."""
    own = by.user_id is not None and topic.user_id == by.user_id
    return by.is_system or own or by.holds(HEADS, unit_id=topic.unit_id or -1)


def may_steer(by: Actor) -> bool:
    """Return whether ``by`` hands topics to owners and accepts results: leaders, the centre, unit and grid heads."""
    return by.is_system or by.has_role(
        *CENTRE, Role.STREET_LEADER.value, Role.UNIT_HEAD.value, Role.GRID_HEAD.value, Role.SUPERVISOR.value
    )


def may_raise(by: Actor) -> bool:
    """Return whether ``by`` may raise a topic: any working person may say what is hard."""
    return by.is_system or by.has_role(*OF_UNIT) or may_steer(by)


def topics_q(actor: Actor) -> Q:
    """Return the filter of the topics that ``actor`` may read: all for who steers; else theirs and their area's."""
    if actor.is_system or may_steer(actor):
        return Q()
    units = working_units(actor)
    q = Q(unit__in=units) | Q(raised_unit__in=units)
    if actor.user_id is not None:
        q |= Q(user=actor.user_id)
    for grant in actor.grants:
        if grant.area_path and grant.role in STAFF:
            q |= Q(area__path__startswith=grant.area_path)
    return q


def may_keep_deputies(by: Actor) -> bool:
    """Return whether ``by`` keeps the records of the deputies' work."""
    return by.is_system or by.has_role(*DEPUTIES)


def check_deputies(by: Actor) -> None:
    """Raise ForbiddenError unless :func:`may_keep_deputies`."""
    if not may_keep_deputies(by):
        raise ForbiddenError(
            _("代表工作记录由街道各办公室负责人和领导查看、登记。"), code="activities.deputies", hint=_("请联系他们。")
        )


def check_kinds(by: Actor) -> None:
    """Raise ForbiddenError unless ``by`` keeps the kinds of meetings."""
    if not (by.is_system or by.has_role(*KIND_KEEPERS)):
        raise ForbiddenError(
            _("会议类型由系统管理员、值班长、街道领导设置。"), code="activities.kinds", hint=_("请联系他们。")
        )


def may_read_entry(by: Actor, unit_id: int) -> bool:
    """Return whether ``by`` enters a standing topic's value for the 居民区: its own people, and who steers."""
    return may_steer(by) or unit_id in working_units(by)
