"""Which lists somebody may take out, and whose exports somebody sees: their own and nobody else's."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.exports.models import Export
from linli.foundation.exports.types import LISTINGS, Listing


def listing_for(by: Actor, code: str) -> Listing:
    """Return a list that ``by`` may open.

    Raises:
        NotFoundError: no such list. ForbiddenError: not logged in, or what the list's own door raises.
    """
    found = LISTINGS.get(code)
    if found is None:
        raise NotFoundError(_("没有这份清单。"), code="exports.listing")
    if by.user_id is None:
        raise ForbiddenError(_("请先登录。"))
    found.door(by)
    return found


def own(by: Actor) -> QuerySet[Export]:
    """Return the exports of ``by``."""
    return Export.objects.filter(user_id=by.user_id) if by.user_id is not None else Export.objects.none()


def export_for(by: Actor, uuid: UUID, *, lock: bool = False) -> Export:
    """Return an export of ``by``.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    rows = own(by)
    found = (rows.select_for_update() if lock else rows).filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这次导出。"), hint=_("请从“我的导出”重新打开。"), code="exports.export")
    return found
