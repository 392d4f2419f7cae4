"""How places read from a text are offered: which, in what words, and why."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.foundation.places.types import Candidate, PlaceReason, Reading

WHY = {
    PlaceReason.NAME: _("名称相符"),
    PlaceReason.ALIAS: _("别名相符"),
    PlaceReason.AREA_NAME: _("居民区名相符"),
    PlaceReason.ADDRESS: _("地址相符"),
    PlaceReason.LANE: _("弄号相符"),
    PlaceReason.LANE_ALONE: _("只说了弄号"),
    PlaceReason.NUMBER: _("号码没有登记，按相近号码"),
    PlaceReason.RANGE: _("一段号码"),
    PlaceReason.CROSSING: _("路口"),
    PlaceReason.ROAD: _("只说了路名"),
    PlaceReason.NEARBY: _("在它附近"),
    PlaceReason.SAID_TWICE: _("前后说法一致"),
    PlaceReason.ONE_AREA: _("都在这个居民区"),
}


def offered(reading: Reading) -> list[Candidate]:
    """Return what to offer: the certain place first, then what is to be asked, each once."""
    found = {c.place.ref: c for c in (*([reading.certain] if reading.certain else []), *reading.asked)}
    return list(found.values())


def why(candidate: Candidate) -> str:
    """Return why a place is offered, in words."""
    return "，".join(str(WHY[r]) for r in candidate.reasons)
