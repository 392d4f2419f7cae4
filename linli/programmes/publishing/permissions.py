"""Who may read and do what with words that go out; the table is ``workflow``'s."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, ForbiddenError
from linli.foundation.people.types import ADMIN_ROLES, Role, role_names
from linli.programmes.publishing.models import Piece
from linli.programmes.publishing.workflow import (
    READERS_ALL,
    RELEASERS,
    REVIEWERS,
    VERBS,
    WRITERS,
    State,
    Verb,
)

P = TypeVar("P", bound=Piece)
DECIDERS = REVIEWERS
_IDLE = frozenset({Role.RESIDENT, *ADMIN_ROLES})


def working_units(actor: Actor) -> frozenset[int]:
    """Return the units in which ``actor`` works."""
    return frozenset(g.unit_id for g in actor.grants if g.unit_id is not None and g.role not in _IDLE)


def visible(actor: Actor, rows: QuerySet[P]) -> QuerySet[P]:
    """Return the pieces that ``actor`` may read: all for who oversees, else their units', their own, what is out."""
    if actor.is_system or actor.has_role(*READERS_ALL):
        return rows
    mine = Q(unit__in=working_units(actor)) | Q(state=State.RELEASED)
    return rows.filter(mine | Q(author_uuid=actor.uuid)) if actor.uuid else rows.filter(mine)


def _held(by: Actor, verb: Verb, piece: Piece) -> bool:
    if by.is_system or by.has_role(*verb.roles):
        return True
    if verb.author and by.uuid is not None and by.uuid == piece.author_uuid:
        return True
    return bool(verb.unit_roles) and by.holds(verb.unit_roles, unit_id=piece.unit_id)


def _is_second(by: Actor, piece: Piece) -> bool:
    return by.uuid is None or str(by.uuid) not in piece.hands


def why_not(by: Actor, verb: Verb, piece: Piece) -> str:
    """Return why ``by`` may not do ``verb`` with ``piece`` now; empty where they may."""
    if piece.state not in verb.source:
        return _("现在是“%(state)s”，不能%(verb)s。") % {"state": piece.get_state_display(), "verb": verb.label}
    if not _held(by, verb, piece):
        return _("可以%(verb)s的岗位：%(roles)s。") % {
            "verb": verb.label,
            "roles": role_names(sorted(verb.roles | verb.unit_roles)) or _("作者本人"),
        }
    if verb.second and not _is_second(by, piece):
        return _("写稿的人不能审核自己的稿子，请换一个人审核。")
    return ""


def can(by: Actor, code: str, piece: Piece) -> bool:
    """Return whether ``by`` may do ``code`` with ``piece`` now."""
    return not why_not(by, VERBS[code], piece)


def check(by: Actor, code: str, piece: Piece) -> Verb:
    """Return the verb if ``by`` may do it now.

    Raises:
        ConflictError: the piece is in another state. ForbiddenError: not their role, or they wrote it themselves.
    """
    verb = VERBS[code]
    reason = why_not(by, verb, piece)
    if not reason:
        return verb
    if piece.state not in verb.source:
        raise ConflictError(reason, code="publishing.state", hint=_("请刷新后查看。"))
    raise ForbiddenError(reason, code="publishing.role")


def may_write(by: Actor) -> bool:
    """Return whether ``by`` may begin articles and ways of working."""
    return by.is_system or by.has_role(*WRITERS)


def may_report(by: Actor) -> bool:
    """Return whether ``by`` may read figures over the whole subdistrict, begin reports and issues."""
    return by.is_system or by.has_role(*READERS_ALL)


def may_release(by: Actor) -> bool:
    """Return whether ``by`` sees to channels and what stands in them."""
    return by.is_system or by.has_role(*RELEASERS)


def may_clear(by: Actor) -> bool:
    """Return whether ``by`` clears pictures for the public."""
    return by.is_system or by.has_role(*REVIEWERS, "dispatcher", "unit_head")


def may_decide(by: Actor) -> bool:
    """Return whether ``by`` reads and decides requests to take something down."""
    return by.is_system or by.has_role(*DECIDERS)


def need(allowed: bool, message: str) -> None:
    """Raise ForbiddenError with ``message`` unless ``allowed``."""
    if not allowed:
        raise ForbiddenError(message, code="publishing.role", hint=_("请联系街道的审核人员。"))
