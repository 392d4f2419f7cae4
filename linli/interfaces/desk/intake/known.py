"""What is known already while a call is typed: the caller's earlier cases, what others reported, places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.judgement.selectors import duplicates as judgement
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.places import selectors as places
from linli.foundation.places.types import PlaceSort
from linli.interfaces.desk.intake import hearing, parsing
from linli.interfaces.desk.intake.hearing import Heard
from linli.interfaces.web.places_heard import offered

if TYPE_CHECKING:
    from linli.engines.cases.models import Case
    from linli.engines.cases.selectors import CategoryNode

JOIN = "join:"
MOST = 6


@dataclass(frozen=True, slots=True)
class Known:
    """A case that may be of the same matter.

    Attributes:
        callers: the caller raised it. joins: the call can be put to it; first: by the key.
    """

    case: Case
    reasons: tuple[str, ...]
    callers: bool
    joins: bool
    first: bool = False


def near(actor: Actor, data: QueryDict, node: CategoryNode | None, heard: Heard) -> list[Known]:
    """Return what may have been reported already, the caller's own before others': only what this person may read.

    Where no place was chosen or typed yet, the one that was surely heard is looked at; it is put in nowhere.
    """
    spot = parsing.chosen_spot(data)
    address, point = data.get("address", "").strip()[:200] or spot.address, parsing.point_of(data, spot)
    if not address and point is None and heard.certain is not None:
        spot = parsing.chosen_spot({"place": hearing.value_of(heard.certain)})
        address, point = spot.address, parsing.point_of({}, spot)
    text, code, now = data.get("text", "")[:5_000], node.spec.code if node else "", clock.now()
    if len(text.strip()) < 2 or (point is None and not address):
        return []
    own = cases.callers_earlier_typed(
        actor, phone=data.get("phone", "")[:40], category=code, address=address, point=point, now=now
    )
    found = [Known(c, (), True, c.is_open) for c in own]
    others = judgement.alike_typed(actor, text=text, category=code, point=point, address=address, now=now)
    seen = {c.pk for c in own}
    found += [
        Known(a.case, a.reasons, False, a.case.is_open and services.open_to_all(a.case))
        for a in others
        if a.case.pk not in seen
    ]
    first = next((i for i, k in enumerate(found) if k.joins), None)
    return [replace(k, first=i == first) for i, k in enumerate(found)]


def places_for(actor: Actor, words: str) -> list[dict[str, str]]:
    """Return the places that fit an address as far as it is typed: what it says, then what holds all its words."""
    read = [c.place for c in offered(hearing.read(actor, words)) if c.place.sort is not PlaceSort.ROAD]
    rows = [
        {"value": hearing.value_of(p), "label": p.label if p.sort is PlaceSort.CROSSING else p.name, "hint": _hint(p)}
        for p in read
    ]
    ids = {p.ref for p in read}
    more = [p for p in places.search_places(words, MOST) if f"place:{p.pk}" not in ids]
    return [*rows, *parsing.place_rows(more)][:MOST]


def _hint(place: Any) -> str:
    parts = (place.address, place.area_name) if place.sort is not PlaceSort.AREA else ()
    return " · ".join(p for p in parts if p and p != place.name)
