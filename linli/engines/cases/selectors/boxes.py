"""The inboxes and tabs of the desk and of those on foot: what lies in each."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.db import connection
from django.db.models import Q

from linli.engines.cases.models import CaseHelper, Request
from linli.engines.cases.permissions import working_units
from linli.engines.cases.selectors import measures
from linli.engines.cases.selectors.counting import Condition, written
from linli.engines.cases.types import Decision, RequestKind
from linli.engines.cases.workflow import BEFORE_DISPATCH, UNIT_STAFF, VERBS, WITH_UNIT, Level, State
from linli.foundation.core.actors import Actor

# Tab → states; ``overdue`` and ``closed`` narrow by more than the state.
TABS: dict[str, tuple[State, ...]] = {
    "new": (*sorted(BEFORE_DISPATCH), State.AWAITING_INFO, State.RETURN_PENDING),
    "doing": tuple(sorted(WITH_UNIT)),
    "check": (State.TO_CHECK, State.TO_REPLY),
}
BOXES: dict[str, Q] = {
    "new": Q(state=State.REPORTED),
    "verify": Q(state=State.TO_VERIFY),
    "dispatch": Q(state__in=[State.TO_DISPATCH, State.FILED]),
    "unrouted": Q(state__in=[*BEFORE_DISPATCH], unrouted=True),
    "returns": Q(state=State.RETURN_PENDING),
    "check": Q(state=State.TO_CHECK),
    "reply": Q(state=State.TO_REPLY),
    "orders": Q(open_orders__gt=0),
    "review": Q(needs_review=True),
    "consult": Q(
        state__in=[s for s in WITH_UNIT if s != State.SHELVED], level__in=[Level.COMPREHENSIVE, Level.DIFFICULT]
    ),
    "guidance": Q(kind="guidance"),
}


# Those that are the same for everybody at any time.
CONSTANT: dict[str, Q] = {
    **BOXES,
    "requests": Q(pk__in=Request.objects.filter(decision=Decision.PENDING).values("case_id")),
    "contact": Q(dues__has_key="first_contact"),
    **{f"tab {tab}": Q(state__in=states) for tab, states in TABS.items()},
}
# What the figures for leaders open to; not counted beside the lists.
LEADERS: dict[str, Q] = {
    "shelving": Q(
        pk__in=Request.objects.filter(decision=Decision.PENDING, kind=RequestKind.SHELVING).values("case_id")
    ),
    "returned": Q(is_open=True, return_count__gte=2),
    "reworked": measures.REWORKED,
    "unsolved": measures.UNSOLVED,
}


@lru_cache(maxsize=64)
def _kept(name: str, vendor: str) -> Condition:
    return written(CONSTANT[name])


def kept(name: str) -> Condition:
    """Return the inbox or tab ``name``, one that is the same for everybody at any time, as text."""
    return _kept(name, connection.vendor)


def box_q(actor: Actor, box: str, now: datetime) -> Q:
    """Return the filter of the inbox ``box`` for ``actor``."""
    if box in CONSTANT or box in LEADERS:
        return CONSTANT[box] if box in CONSTANT else LEADERS[box]
    if box == "mine":
        return Q(handler=actor.user_id)
    in_unit = {
        "unit": Q(),
        "sign": Q(state=State.TO_SIGN),
        "hand": Q(state__in=[State.HANDLING, State.CONSULTING]),
    }
    if box in in_unit:
        return in_unit[box] & Q(unit__in=working_units(actor))
    if box == "overdue":
        return Q(is_open=True, due_at__lt=now)
    if box == "helping":
        return Q(
            pk__in=CaseHelper.objects.filter(unit__in=working_units(actor), result_at__isnull=True).values("case_id")
        )
    return _today(actor, now) if box == "today" else Q()


def box_condition(actor: Actor, box: str, now: datetime) -> Condition:
    """Return the inbox ``box`` for ``actor`` as text."""
    return kept(box) if box in CONSTANT else written(box_q(actor, box, now))


def boxes_on_foot(actor: Actor) -> list[str]:
    """Return the inboxes that somebody on foot has by their roles, in the order of the loop."""
    found = ["sign", "hand", "helping"] if actor.roles & UNIT_STAFF else []
    return found + [box for box in ("verify", "check", "reply") if actor.roles & VERBS[box].roles]


def _today(actor: Actor, now: datetime) -> Q:
    q = Q(pk__in=[])
    for box in boxes_on_foot(actor):
        q |= box_q(actor, box, now)
    return q
