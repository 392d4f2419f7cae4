"""What a round of a self-check, a mock test or a supervision shows of where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.foundation.core.errors import DomainError
from linli.interfaces.desk.doors import actor_of
from linli.interfaces.desk.fieldwork.rounds import origins
from linli.interfaces.desk.fieldwork.rounds.origins import Origin
from linli.programmes.civility import selectors
from linli.programmes.civility.types import TRIAL

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round


def trial(request: HttpRequest, round_: Round) -> Origin | None:
    """Return the trial of a round, for who may read it."""
    if round_.source_uuid is None:
        return None
    try:
        found = selectors.trial_for(actor_of(request), round_.source_uuid)
    except DomainError:
        return None
    name = f"{found.get_purpose_display()}：{found.title}"
    return Origin(name, reverse("desk:civility_test", args=[found.uuid]), _("满分率、最低的几项和问题清单"))


def enter() -> None:
    """Make the rounds of trials known."""
    origins.register(TRIAL, trial)
