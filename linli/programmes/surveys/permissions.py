"""Who asks residents, and who reads what they said (counts alone: no sheet is ever read by anybody)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.programmes.surveys.models import Survey
from linli.programmes.surveys.workflow import OVERSEERS, READERS


def may_read(by: Actor) -> bool:
    """Return whether ``by`` reads surveys."""
    return by.is_system or by.has_role(*READERS)


def may_begin(by: Actor) -> bool:
    """Return whether ``by`` begins surveys at all."""
    return by.is_system or by.has_role(*OVERSEERS, "unit_head", "neighbourhood_secretary")


def may_keep(by: Actor, unit_id: int, area_path: str) -> bool:
    """Return whether ``by`` runs a survey of the unit in the area: overseers, the unit's head, the secretary there."""
    if by.is_system or by.has_role(*OVERSEERS) or by.holds({"unit_head"}, unit_id=unit_id):
        return True
    return bool(area_path) and by.holds({"neighbourhood_secretary"}, area_path=area_path)


def check_keep(by: Actor, unit_id: int, area_path: str) -> None:
    """Raise ForbiddenError unless :func:`may_keep`."""
    if not may_keep(by, unit_id, area_path):
        raise ForbiddenError(
            _("问卷由本单位负责人、本居民区书记或街道开展。"), code="surveys.keep",
            hint=_("居民区书记请选择本居民区。"),
        )  # fmt: skip


def check_survey(by: Actor, survey: Survey) -> None:
    """Raise ForbiddenError unless ``by`` runs the survey."""
    check_keep(by, survey.unit_id, survey.area_path)
