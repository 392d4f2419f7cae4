"""Which lists and papers somebody may take out, and whose exports somebody sees: their own and nobody else's."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.exports.models import Export
from linli.foundation.exports.types import Asking, Work, work_of


def work_for(by: Actor, code: str) -> Work:
    """Return a list or a paper whose door ``by`` passes.

    Raises:
        NotFoundError: there is none. ForbiddenError: not logged in, or what its own door raises.
    """
    found = work_of(code)
    if found is None:
        raise NotFoundError(_("没有这份清单。"), code="exports.listing")
    if by.user_id is None:
        raise ForbiddenError(_("请先登录。"))
    found.door(by)
    return found


def opened(asking: Asking, code: str) -> Work:
    """Return a list or a paper that who asks may have as it is asked for.

    Raises:
        NotFoundError, ForbiddenError: as :func:`work_for`, or it is not for them as it is asked for.
    """
    found = work_for(asking.by, code)
    found.check(asking)
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
