"""What the programme puts into the dossier of a point or an advertisement: its photos of the same spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.template.loader import render_to_string

from linli.interfaces.desk.civility.lists import photo
from linli.interfaces.desk.doors import actor_of
from linli.interfaces.desk.fieldwork.ledgers import sections
from linli.programmes.civility import selectors
from linli.programmes.civility.permissions import READERS
from linli.programmes.civility.types import ADS, KIND

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

SHOWN = 6


def spot(request: HttpRequest, target: Target) -> str:
    """Return the newest photos of a spot, with the way to its page; nothing for who is not in the programme."""
    if not actor_of(request).has_role(*READERS):
        return ""
    photos = [photo(s, alt=target.name) for s in reversed(selectors.shots(target)[-SHOWN:])]
    return render_to_string("desk/civility/_spot.html", {"target": target, "photos": photos}, request)


def enter() -> None:
    """Put the part into dossiers."""
    sections.register("civility.spot", frozenset({KIND, ADS}), 60, spot)
