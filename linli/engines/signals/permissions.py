"""Who reads drafts and the ledger, who judges, who keeps the ledger, and which program sends for which device."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.cases.workflow import CENTRE, READERS_ALL
from linli.engines.signals.models import Device
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError

JUDGES = CENTRE
READERS = READERS_ALL


def check_read(by: Actor) -> None:
    """Raise ForbiddenError unless ``by`` reads drafts and the ledger."""
    if not (by.is_system or by.has_role(*READERS)):
        raise ForbiddenError(
            _("感知信号由街道城运中心查看。"), code="signals.read", hint=_("确需了解的，请联系值班长。")
        )


def devices_q(by: Actor) -> Q:
    """Return the filter of the devices that ``by`` may read: all for who reads all cases, else those of their units."""
    return Q() if by.is_system or by.has_role(*READERS) else Q(unit_id__in=by.unit_ids)


def can_judge(by: Actor) -> bool:
    """Return whether ``by`` makes cases of drafts, turns them down, and keeps the ledger."""
    return by.is_system or by.has_role(*JUDGES)


def check_judge(by: Actor) -> None:
    """Raise ForbiddenError unless :func:`can_judge`."""
    check_read(by)
    if not can_judge(by):
        raise ForbiddenError(_("由派单员或值班长办理。"), code="signals.judge", hint=_("您可以查看。"))


def sends_q(by: Actor) -> Q:
    """Return the filter of the devices for which ``by`` may send: those that name it as their program."""
    return Q(program_id=by.user_id, active=True) if by.user_id is not None else Q(pk__in=())


def get_device_for(by: Actor, number: str) -> Device:
    """Return the device ``number`` for the program that sends for it, held until the transaction ends.

    Raises:
        NotFoundError: there is none, it is out of use, or another program's.
    """
    found = Device.objects.select_for_update().filter(sends_q(by), number=number).first()
    if found is None:
        raise NotFoundError(
            _("没有这台设备。"), code="signals.device", hint=_("请核对设备编号，并确认台账中已指定由本程序报送。")
        )
    return found
