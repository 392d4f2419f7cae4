"""Who is told how a piece goes on: who may take the next step, and who wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from linli.foundation.accounts import selectors as accounts
from linli.foundation.core.actors import Actor
from linli.foundation.core.ids import uuids_in
from linli.foundation.messages import services as messages
from linli.foundation.people.selectors.addressing import AddressBook
from linli.programmes.publishing.models import Piece
from linli.programmes.publishing.workflow import VERBS, WRITERS

TO_REVIEW, TO_RELEASE = "publishing.to_review", "publishing.to_release"
SENT_BACK, RELEASED = "publishing.sent_back", "publishing.released"


def _may(piece: Piece, code: str, now: datetime) -> set[int]:
    """Return the users who may do ``code`` with a piece by their role: everywhere, or in its unit."""
    verb, book = VERBS[code], AddressBook(now, WRITERS)
    found = set().union(*(book.holders(role, "") for role in verb.roles))
    return found | book.members(piece.unit_id, verb.unit_roles) if verb.unit_roles else found


def _hands(piece: Piece) -> set[int]:
    """Return the users who wrote a piece, who began it among them."""
    return set(accounts.ids_of(uuids_in([*piece.hands, str(piece.author_uuid)])))


def _send(piece: Piece, template: str, users: Iterable[int], *, by: Actor, now: datetime, reason: str = "") -> None:
    address = f"/desk/publishing/{piece.kind.value}s/{piece.uuid}/"
    every = {"title": piece.title, "unit": str(piece.unit), "by": by.label, "reason": reason or "—", "link": address}
    messages.tell_users(
        set(users) - {by.user_id},
        template=template,
        params=every,
        subject_kind=f"publishing_{piece.kind.value}",
        subject_uuid=piece.uuid,
        url=address,
        key=f"{template}:{piece.uuid}:{piece.version}",
        now=now,
    )


def tell_reviewers(piece: Piece, *, by: Actor, now: datetime) -> None:
    """Tell those who may review a piece that was handed in; whoever wrote it reviews it not, and is not told."""
    _send(piece, TO_REVIEW, _may(piece, "approve", now) - _hands(piece), by=by, now=now)


def tell_releasers(piece: Piece, *, by: Actor, now: datetime) -> None:
    """Tell those who may release a piece, and who wrote it, that it was reviewed."""
    _send(piece, TO_RELEASE, _may(piece, "release", now) | _hands(piece), by=by, now=now)


def tell_sent_back(piece: Piece, *, by: Actor, now: datetime, reason: str) -> None:
    """Tell who wrote a piece that it came back, and why."""
    _send(piece, SENT_BACK, _hands(piece), by=by, now=now, reason=reason)


def tell_released(piece: Piece, *, by: Actor, now: datetime) -> None:
    """Tell who wrote a piece that it is out."""
    _send(piece, RELEASED, _hands(piece), by=by, now=now)
