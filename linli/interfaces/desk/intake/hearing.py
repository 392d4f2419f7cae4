"""What a form hears of places in the words of a call: offered to be chosen, never put in by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.fieldwork.permissions import reads_widely
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.places import selectors as places
from linli.foundation.places.types import Audience, Candidate, KnownPlace, PlaceSort, Reading
from linli.interfaces.desk.doors import local
from linli.interfaces.web.places_heard import offered, why


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard: the choices, whether it is sure (one place) or asked, and the one that is sure."""

    options: Sequence[Mapping[str, str]] = ()
    sure: bool = False
    certain: KnownPlace | None = None


def heard(actor: Actor, text: str, chosen: str = "") -> Heard:
    """Return the places that ``text`` speaks of as this person may know them; ``chosen`` stays among the choices."""
    reading = read(actor, text)
    found = offered(reading)
    options = [{"value": value_of(c.place), "label": c.place.label, "hint": _from(c)} for c in found]
    if chosen and chosen not in {o["value"] for o in options}:
        options.append({"value": chosen, "label": _address_in(chosen), "hint": ""})
    if chosen:
        options.append({"value": "", "label": _("不采用"), "hint": ""})
    return Heard(options, reading.certain is not None, reading.certain.place if reading.certain else None)


def read(actor: Actor, text: str) -> Reading:
    """Return which places ``text`` speaks of: with the ledgers of buildings for who reads all of them."""
    audience = Audience.LEDGERS if reads_widely(actor) else Audience.STAFF
    return places.read_text(text, on=local(clock.now()).date(), audience=audience)


def value_of(place: KnownPlace) -> str:
    """Return a place as the form carries it; it comes back to :func:`parsing.chosen_spot`."""
    kind, _colon, key = place.ref.partition(":")
    value = {
        "id": int(key) if kind == "place" else None,
        "address": "" if place.sort is PlaceSort.AREA else place.address or place.name,
        "lat": place.lat, "lon": place.lon, "area": place.area_id,
    }  # fmt: skip
    return json.dumps(value, ensure_ascii=False)


def _from(candidate: Candidate) -> str:
    return _("出自“%(phrase)s”・%(why)s") % {"phrase": candidate.phrase, "why": why(candidate)}


def _address_in(chosen: str) -> str:
    try:
        found: Any = json.loads(chosen)
        return str(found.get("address") or _("所选居民区"))
    except (ValueError, AttributeError):
        return _("所选地点")
