"""Who may read documents, work on them, and fill in a unit's part of a plan."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.programmes.documents.workflow import KEEPERS, PLANNERS, READERS


def may_read(by: Actor) -> bool:
    """Return whether ``by`` may read documents: raw texts name persons, so only those who work with them."""
    return by.is_system or by.has_role(*READERS)


def may_keep(by: Actor) -> bool:
    """Return whether ``by`` may import documents, decide what they say and make tasks of it."""
    return by.is_system or by.has_role(*KEEPERS)


def may_fill(by: Actor, unit_id: int) -> bool:
    """Return whether ``by`` may write the plan of that unit: its head or secretary, or who keeps documents."""
    own = {g.unit_id for g in by.grants if g.role in PLANNERS}
    return may_keep(by) or unit_id in own


def check_read(by: Actor) -> None:
    """Raise for who may not know of documents.

    Raises:
        NotFoundError: not a reader.
    """
    if not may_read(by):
        raise NotFoundError(_("没有找到这份文件。"), code="documents.not_found")


def check_keep(by: Actor) -> None:
    """Raise for who may read documents but not work on them.

    Raises:
        ForbiddenError: not a keeper.
    """
    if not may_keep(by):
        raise ForbiddenError(
            _("文件由街道城运中心、召集人、单位负责人和督查员导入和核对。"),
            code="documents.keep",
            hint=_("请向他们提出。"),
        )


def check_fill(by: Actor, unit_id: int) -> None:
    """Raise for who may not write the plan of that unit.

    Raises:
        ForbiddenError: of another unit.
    """
    if not may_fill(by, unit_id):
        raise ForbiddenError(_("只能填写本单位的安排。"), code="documents.plan", hint=_("请联系该单位或街道。"))
