"""What the round of an evaluation shows of where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.foundation.core.errors import DomainError
from linli.interfaces.desk.doors import actor_of
from linli.interfaces.desk.fieldwork.rounds import origins
from linli.interfaces.desk.fieldwork.rounds.origins import Origin
from linli.programmes.owners import selectors
from linli.programmes.owners.types import SOURCE

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round


def drive(request: HttpRequest, round_: Round) -> Origin | None:
    """Return the evaluation of a round, for who may read it."""
    if round_.source_uuid is None:
        return None
    try:
        found = selectors.drive_for(actor_of(request), round_.source_uuid)
    except DomainError:
        return None
    return Origin(found.title, reverse("desk:owners_drive", args=[found.uuid]), _("等级、全覆盖情况、征求意见和公示"))


def enter() -> None:
    """Make the rounds of evaluations known."""
    origins.register(SOURCE, drive)
