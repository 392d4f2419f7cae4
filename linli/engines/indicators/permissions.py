"""The doors of the figures: who may see which, and of which cases."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from linli.engines.cases.permissions import visible, visible_q
from linli.engines.cases.workflow import READERS_ALL
from linli.engines.indicators.definitions import FIGURES
from linli.engines.indicators.types import READERS, Figure
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError

M = TypeVar("M", bound=Model)


def may_read(actor: Actor) -> bool:
    """Return whether ``actor`` may see figures at all."""
    return actor.is_system or actor.has_role(*READERS)


def check_reader(actor: Actor) -> None:
    """Refuse whom no figure is for.

    Raises:
        ForbiddenError: ``actor`` answers for no unit, no area and not for the whole.
    """
    if not may_read(actor):
        raise ForbiddenError(
            _("指标供城运中心、街道领导、督查员，以及单位和居民区负责人查看。"), code="indicators.reader"
        )


def reads_all(actor: Actor) -> bool:
    """Return whether ``actor`` reads every case, so that figures are of the whole subdistrict."""
    return not visible_q(actor)


def may_enter(actor: Actor) -> bool:
    """Return whether ``actor`` may enter what an outside platform says."""
    return actor.has_role(*READERS_ALL)


def check_enter(actor: Actor) -> None:
    """Refuse who may not enter outside figures.

    Raises:
        ForbiddenError: ``actor`` does not answer for the whole subdistrict.
    """
    if not may_enter(actor):
        raise ForbiddenError(_("外部平台的数据由城运中心或街道领导导入。"), code="indicators.outside")


def figure_for(actor: Actor, code: str) -> Figure:
    """Return a figure.

    Raises:
        NotFoundError: there is none of that name, or it is not for ``actor``.
    """
    found = FIGURES.get(code)
    if found is None or not (actor.is_system or actor.has_role(*found.readers)):
        raise NotFoundError(_("没有找到这个指标。"), code="indicators.figure")
    return found


def scoped(rows: QuerySet[M, Any], actor: Actor) -> QuerySet[M, Any]:
    """Return those of ``rows`` (each of one case) whose case ``actor`` may read."""
    return rows if reads_all(actor) else rows.filter(case__in=visible(actor).values("pk"))
