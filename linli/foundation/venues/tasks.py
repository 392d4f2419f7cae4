"""What the room `venues` tells other rooms: what of it hangs on an area that is to end, where its venues are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from linli.foundation.places.events import Teller, on_hanging, on_places_told
from linli.foundation.places.types import Audience, Hanging
from linli.foundation.venues import selectors


@on_hanging
def hanging(area_id: int, path: str, day: date) -> Sequence[Hanging]:
    """Return the venues and posters of an area and of those below it."""
    del area_id, day
    found = selectors.living_below(path)
    named = ((_("未关闭的场所"), found[0]), (_("未撤下的海报"), found[1]))
    return [Hanging(what, count) for what, count in named if count]


on_places_told(Teller(frozenset({Audience.PUBLIC}), selectors.told_to_all, selectors.told_stamp))
on_places_told(Teller(frozenset({Audience.STAFF, Audience.LEDGERS}), selectors.told_to_staff, selectors.told_stamp))
