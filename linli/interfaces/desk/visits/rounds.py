"""What a round of 四百走访 or of condolences shows of where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.foundation.core.errors import DomainError
from linli.interfaces.desk.doors import actor_of
from linli.interfaces.desk.fieldwork.rounds import origins
from linli.interfaces.desk.fieldwork.rounds.origins import Origin
from linli.programmes.visits import selectors
from linli.programmes.visits.types import CONDOLENCE, PROGRAMME

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round


def programme(_request: HttpRequest, _round: Round) -> Origin:
    """Return the programme's page."""
    return Origin(_("四百走访"), reverse("desk:visits"), _("覆盖、送出的东西、需求和答复"))


def condolence(request: HttpRequest, round_: Round) -> Origin | None:
    """Return the list of a round of condolences, for the unit whose list it is."""
    if round_.source_uuid is None:
        return None
    try:
        found = selectors.list_for(actor_of(request), round_.source_uuid)
    except DomainError:
        return None
    return Origin(found.title, reverse("desk:visits_condolence", args=[found.uuid]), _("名单、签收"))


def enter() -> None:
    """Make the rounds of the room known."""
    origins.register(PROGRAMME, programme)
    origins.register(CONDOLENCE, condolence)
