"""Routing rules that do not do what they say: the administrators are told, whoever looks at no page."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localtime

from linli.engines.cases.rules.routing_checks import BLOCKING
from linli.engines.cases.selectors import routing
from linli.foundation.messages import services as messages
from linli.foundation.people import selectors as people

_LINK = "/console/routing/"


def watch_routing(now: datetime) -> int:
    """Tell the system administrators, once a day, of rules in force that cannot be read or name what is not there.

    Returns how many rules are at fault.
    """
    rules = routing.in_force()
    found = routing.health(rules, localtime(now).date())
    names = {b.key: b.name for b in found.broken}
    by_place = dict(enumerate(rules, 1))
    names |= {by_place[f.rule_id]["key"]: by_place[f.rule_id]["name"] for f in found.findings if f.code in BLOCKING}
    if not names:
        return 0
    messages.tell_users(
        people.holders("system_admin", "", now),
        template="cases.routing_broken",
        params={"count": str(len(names)), "names": "、".join(list(names.values())[:5]), "link": _LINK},
        url=_LINK,
        key=f"cases.routing_broken:{localtime(now):%Y-%m-%d}",
        now=now,
    )
    return len(names)
