"""People take note of a warning; where nobody does, who leads is told."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from linli.engines.alerts import selectors
from linli.engines.alerts.events import ALERT
from linli.engines.alerts.models import Acknowledgement, Alert
from linli.engines.alerts.permissions import check_note
from linli.engines.alerts.services.telling import tell
from linli.engines.alerts.types import AlertState
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people

LEADERS = ("shift_leader", "street_leader")


@whole
def acknowledge(*, by: Actor, now: datetime, alert: Alert, expected: int | None = None) -> bool:
    """Note that ``by`` has read what a warning says now; return whether that is new.

    Args:
        expected: the message whose words were read; where another one came since, they are to be read first.

    Raises:
        ForbiddenError: ``by`` reads none, or is no person.
        ConflictError: it changed meanwhile, or is over.
    """
    user_id = check_note(by)
    row = Alert.objects.select_for_update().get(pk=alert.pk)
    if expected is not None and expected != row.current_id:
        raise ConflictError(_("预警刚有变更，请看过最新内容后再确认。"), code="alerts.stale")
    if row.state(now) in {AlertState.LIFTED, AlertState.ENDED}:
        raise ConflictError(_("这条预警已经解除或到期。"), code="alerts.over", hint=_("不需要再确认。"))
    _noted, made = Acknowledgement.objects.get_or_create(
        message_id=row.current_id, user_id=user_id, defaults={"alert": row, "by_label": by.label[:80], "at": now}
    )
    if made:
        journal.record(
            by=by, verb="alerts.acknowledge", kind=ALERT, uuid=row.uuid, label=row.headline, now=now,
            after={"colour": row.colour},
        )  # fmt: skip
    return made


@whole
def remind(*, now: datetime) -> int:
    """Tell who leads, once, of each warning of which nobody took note in time; return of how many."""
    rows = selectors.unanswered(now)
    for alert in rows:
        Alert.objects.filter(pk=alert.pk).update(reminded_at=now)
        leaders = [user for role in LEADERS for user in people.holders(role, "", now)]
        tell(alert, _("还没有人确认收到，请马上核实。"), leaders, now, key=f"{alert.current_id}:unanswered")
        journal.record(
            by=SYSTEM, verb="alerts.remind", kind=ALERT, uuid=alert.uuid, label=alert.headline, now=now,
            after={"colour": alert.colour},
        )  # fmt: skip
    return len(rows)
