"""Who keeps the alliance, who acts for a member, and which lines somebody may read."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.people import permissions as people
from linli.foundation.people.types import Role
from linli.programmes.alliance.models import Body, Claim, Entry, Member
from linli.programmes.alliance.workflow import VERBS, EntryState, Who

LEADERS = frozenset({Role.STREET_LEADER.value})
OFFICE_ROLES = frozenset({Role.UNIT_HEAD.value, Role.UNIT_HANDLER.value})
# Whoever works in the member's unit acts for the member; a reader alone (督查员) does not.
MEMBER_ROLES = OFFICE_ROLES | {
    Role.CONTRACTOR.value, Role.NEIGHBOURHOOD_SECRETARY.value, Role.COMMUNITY_WORKER.value,
}  # fmt: skip
PUBLIC_STATES = (EntryState.PUBLISHED, EntryState.CLOSED)


def unit_ids(by: Actor, roles: frozenset[str]) -> frozenset[int]:
    """Return the units in which ``by`` holds one of ``roles``."""
    return frozenset(g.unit_id for g in by.grants if g.unit_id is not None and g.role in roles)


def may_keep(by: Actor) -> bool:
    """Return whether ``by`` keeps the alliance: leads the street, or works in the office of one of its bodies."""
    if by.is_system or by.has_role(*LEADERS):
        return True
    own = unit_ids(by, OFFICE_ROLES)
    return bool(own) and Body.objects.filter(office__in=own, ends_on__isnull=True).exists()


def check_keep(by: Actor) -> None:
    """Raise ForbiddenError unless :func:`may_keep`."""
    if not may_keep(by):
        raise ForbiddenError(
            _("您不能办理区域化党建联建事务。"),
            code="alliance.keep",
            hint=_("街道领导和联席会议办公室所在单位的负责人、承办人可以办理。"),
        )


def check_enter(by: Actor) -> None:
    """Raise ForbiddenError unless ``by`` may enter members and lines: keepers, and who brings in sheets."""
    if not people.can(by, "console:configure"):
        check_keep(by)


def may_act_for(by: Actor, member: Member) -> bool:
    """Return whether ``by`` works in the member's own unit."""
    return member.unit_id is not None and member.unit_id in unit_ids(by, MEMBER_ROLES)


def own_members(by: Actor) -> list[Member]:
    """Return the members for which ``by`` acts: one statement, none for who works nowhere."""
    own = unit_ids(by, MEMBER_ROLES)
    return list(Member.objects.filter(unit__in=own).order_by("name", "id")[:50]) if own else []


def check_contact(by: Actor, member: Member) -> None:
    """Raise ForbiddenError unless ``by`` may read who the member's contact is."""
    if not may_act_for(by, member):
        check_keep(by)


def entries_q(by: Actor) -> Q:
    """Return the filter of the lines that ``by`` may read: what is published, their own member's, all for keepers."""
    if may_keep(by):
        return Q()
    return Q(state__in=PUBLIC_STATES) | Q(member__unit__in=unit_ids(by, MEMBER_ROLES))


def _receives(by: Actor, claim: Claim) -> bool:
    """Return whether ``by`` may say that something was received: the receiving unit, else a keeper, never the giver."""
    if may_act_for(by, claim.member):
        return False
    receiver = claim.entry.receiver_id
    if receiver is not None and receiver in unit_ids(by, MEMBER_ROLES):
        return True
    return receiver is None and may_keep(by)


def may_entry(by: Actor, verb: str, entry: Entry) -> bool:
    """Return whether ``by`` is somebody who does ``verb`` to ``entry``; its state is another matter."""
    who = VERBS[verb].who
    if Who.OWNER in who and entry.member is not None and may_act_for(by, entry.member):
        return True
    if Who.REVIEWER in who:
        return may_keep(by) and (by.uuid is None or by.uuid != entry.submitted_by)
    return Who.KEEPER in who and may_keep(by)


def may_claim(by: Actor, verb: str, claim: Claim) -> bool:
    """Return whether ``by`` is somebody who does ``verb`` to ``claim``; its state is another matter."""
    who = VERBS[verb].who
    if Who.SYSTEM in who:
        return by.is_system
    if Who.CLAIMANT in who and may_act_for(by, claim.member):
        return True
    if Who.RECEIVER in who:
        return _receives(by, claim)
    return Who.KEEPER in who and may_keep(by)


def may_read_claim(by: Actor, claim: Claim) -> bool:
    """Return whether ``by`` may read the reports of ``claim``: keepers, its member, who receives."""
    receiver = claim.entry.receiver_id
    return (
        may_act_for(by, claim.member)
        or may_keep(by)
        or (receiver is not None and receiver in unit_ids(by, MEMBER_ROLES))
    )


def refuse(verb: str) -> ForbiddenError:
    """Return the error of who may not do ``verb``, saying who may."""
    names = {
        Who.KEEPER: _("联席会议办公室"),
        Who.REVIEWER: _("联席会议办公室中送审人以外的人"),
        Who.OWNER: _("提出单位"),
        Who.CLAIMANT: _("认领单位"),
        Who.RECEIVER: _("受益单位（没有指定的由联席会议办公室，认领单位自己不能确认）"),
        Who.SYSTEM: _("系统"),
    }
    words = "、".join(names[w] for w in Who if w in VERBS[verb].who)
    return ForbiddenError(
        _("您不能进行“%(verb)s”。") % {"verb": VERBS[verb].label},
        code=f"alliance.{verb}",
        hint=_("可以办理的：%(who)s。") % {"who": words},
    )
