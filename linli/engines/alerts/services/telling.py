"""Tells who is on duty, and whom the rulebook names for a colour."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.engines.alerts import selectors
from linli.engines.alerts.events import ALERT
from linli.engines.alerts.models import Alert
from linli.foundation.messages import services as messages
from linli.foundation.people import selectors as people


def told_of(alert: Alert, now: datetime) -> list[int]:
    """Return who is told: who is on duty now, and who acts in the roles of its colour where it holds or inside."""
    roles = selectors.numbers(now).told.get(alert.colour, [])
    found = [d.user_id for d in people.on_duty(now)]
    for path in alert.area_paths or [""]:
        found += [h.user_id for h in people.answering(path, roles, now)]
        found += [h.user_id for h in people.answering_below(path, roles, now)]
    return list(dict.fromkeys(found))


def tell(alert: Alert, what: str, users: list[int], now: datetime, key: str) -> None:
    """Tell once of ``what`` became of a warning."""
    begins, ends = localtime(alert.begins_at), localtime(alert.ends_at)
    title = f"{_('【演练】')}{alert.headline}" if alert.exercise else alert.headline
    messages.tell_users(
        users, template="alerts.told",
        params={
            "title": title, "what": what, "place": alert.area_text or _("本街道"),
            "span": _("%(first)s 至 %(last)s") % {"first": f"{begins:%m-%d %H:%M}", "last": f"{ends:%m-%d %H:%M}"},
        },
        url=f"/desk/alerts/{alert.uuid}/", key=f"alerts.told:{key}", now=now, subject_kind=ALERT,
        subject_uuid=alert.uuid,
    )  # fmt: skip
