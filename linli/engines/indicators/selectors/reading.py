"""What figures were on past days, as they were read when each ended."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from linli.engines.cases.permissions import AREA_READERS, working_units
from linli.engines.indicators.models import Folded, Reading
from linli.engines.indicators.permissions import figure_for, reads_all
from linli.engines.indicators.types import Dimension
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError


def folded_at() -> datetime | None:
    """Return when something was last folded, None before the first time."""
    return Folded.objects.values_list("folded_at", flat=True).first()


def _may(actor: Actor, dimension: str, key: str) -> bool:
    if reads_all(actor):
        return True
    if dimension == Dimension.UNIT:
        return key.isdigit() and int(key) in working_units(actor)
    mine = [g.area_path for g in actor.grants if g.role in AREA_READERS and g.area_path]
    return dimension == Dimension.AREA and any(key.startswith(path) for path in mine)


def readings(actor: Actor, code: str, since: date, until: date, *, dimension: str = "", key: str = "") -> list[Reading]:
    """Return what a figure was read as at the end of each day, in order: one statement.

    Raises:
        NotFoundError: there is no such figure for ``actor``, or not of this unit or area.
    """
    figure_for(actor, code)
    if not _may(actor, dimension, key):
        raise NotFoundError(_("没有找到这个指标。"), code="indicators.figure")
    rows = Reading.objects.filter(figure=code, dimension=dimension, key=key, day__range=(since, until))
    return list(rows.order_by("day")[:1_000])


def was(actor: Actor, code: str, day: date, *, dimension: str = "", key: str = "") -> Reading | None:
    """Return what a figure was when ``day`` ended, None where that was not read.

    Raises:
        NotFoundError: there is no such figure for ``actor``, or not of this unit or area.
    """
    return next(iter(readings(actor, code, day, day, dimension=dimension, key=key)), None)
