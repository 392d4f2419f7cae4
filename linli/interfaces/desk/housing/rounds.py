"""What the round of a sweep (排查) shows of where it belongs: its building floor by floor, or the list of sweeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.interfaces.desk.doors import actor_of
from linli.interfaces.desk.fieldwork.rounds import origins
from linli.interfaces.desk.fieldwork.rounds.origins import Origin
from linli.programmes.housing import permissions
from linli.programmes.housing.types import CHECK, PROGRAMME

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round


def sweep(request: HttpRequest, round_: Round) -> Origin | None:
    """Return the page of a round of this room, for who sees its pages."""
    if not permissions.enters(actor_of(request)):
        return None
    if round_.form.kind != CHECK:
        return Origin(_("房屋安全"), reverse("desk:housing_safety"), _("各楼栋隐患和整改"))
    return Origin(_("群租排查"), reverse("desk:housing_sweeps"), _("逐楼逐户进度、整治档案"))


def enter() -> None:
    """Make the rounds of the room known."""
    origins.register(PROGRAMME, sweep)
