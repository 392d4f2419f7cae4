"""Looking with another person's grants: for some minutes, read only, said on every page, both ends in the journal.

The session keeps whose and until when. :class:`~linli.interfaces.web.middleware.ActorMiddleware` puts the other
person's grants on the request and refuses whatever is not read; the journal refuses such an actor once more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.foundation.accounts import selectors as accounts
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.people import permissions, services
from linli.foundation.people.types import role_names

if TYPE_CHECKING:
    from linli.foundation.accounts.models import User

KEY = "_seeing"


@dataclass(frozen=True, slots=True)
class Seeing:
    """Whose grants are used, until when, and who really looks.

    Attributes:
        own: the person at the keyboard, with their own grants.
        actor: the other person's grants, read only.
    """

    user: User
    until: datetime
    own: Actor
    actor: Actor

    @property
    def name(self) -> str:
        """The other person's post and name."""
        return self.actor.label

    @property
    def roles(self) -> str:
        """The roles looked with, in words."""
        return role_names(self.actor.roles)


def begin(request: HttpRequest, user: User, until: datetime) -> None:
    """Look with the grants of ``user`` from the next request on; the service was asked before."""
    request.session[KEY] = {"user": user.pk, "until": until.isoformat()}


def end(request: HttpRequest, now: datetime, reason: str = "") -> None:
    """Look with one's own grants again, if it was otherwise."""
    seeing: Seeing | None = getattr(request, "seeing", None)
    if seeing is None:
        return
    del request.session[KEY]
    request.actor = seeing.own  # type: ignore[attr-defined]
    request.seeing = None  # type: ignore[attr-defined]
    services.end_see_as(by=seeing.own, now=now, user=seeing.user, reason=reason)


def found(session: Any, own: Actor, now: datetime) -> Seeing | None:
    """Return with whose grants this session looks; None, and an end in the journal, where that is over."""
    kept = session.get(KEY)
    if not kept:
        return None
    until = datetime.fromisoformat(kept["until"])
    user = accounts.users([int(kept["user"])]).get(int(kept["user"]))
    why = _("到时自动退出")
    if user is not None and now < until:
        try:
            permissions.check(own, "people:see_as")
            other = services.check_seen(user, now)
        except ForbiddenError as error:
            why = error.message
        else:
            label = _("%(own)s（以%(other)s的岗位查看）") % {"own": own.label, "other": other.label}
            return Seeing(user, until, own, replace(other, label=label, read_only=True))
    del session[KEY]
    if user is not None:
        services.end_see_as(by=own, now=now, user=user, reason=why)
    return None
