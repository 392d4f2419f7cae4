"""How members and agreements stand on a day, and whose turn it is: by rule, never by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from linli.programmes.alliance.types import AgreementState, Stage, Standing


def standing(stage: str, *, issued: bool, valid_to: date | None, today: date, grace_days: int) -> Standing:
    """Return how a member stands.

    Args:
        stage: how far its admission is.
        issued: whether it has its certificate.
        valid_to: the last day of its term; None for no end.
        grace_days: days after the term in which it may still renew.
    """
    if stage in (Stage.APPLIED, Stage.CHECKED):
        return Standing.PROPOSED
    if stage == Stage.REFUSED:
        return Standing.REFUSED
    if stage == Stage.LEFT:
        return Standing.LEFT
    if valid_to is not None and valid_to < today:
        return Standing.GRACE if today <= valid_to + timedelta(days=grace_days) else Standing.LAPSED
    return Standing.CURRENT if issued else Standing.ADMITTED


def term_end(first: date, months: int) -> date | None:
    """Return the last day of a term of ``months`` from ``first``; None for 0, which is no end."""
    if months <= 0:
        return None
    year, month = first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1
    day = first.day
    while True:
        try:
            return date(year, month, day) - timedelta(days=1)
        except ValueError:
            day -= 1


def agreement_state(
    *, starts_on: date, ends_on: date, ended_on: date | None, renewed: bool, today: date, remind_days: int
) -> AgreementState:
    """Return how an agreement stands: ended early, renewed by another, before, in, near the end of, after its term."""
    if ended_on is not None and ended_on <= today:
        return AgreementState.ENDED
    if renewed:
        return AgreementState.RENEWED
    if today < starts_on:
        return AgreementState.COMING
    if today > ends_on:
        return AgreementState.EXPIRED
    return AgreementState.EXPIRING if ends_on - today <= timedelta(days=remind_days) else AgreementState.CURRENT


def next_in_turn(order: Sequence[int], last: int | None, current: Collection[int]) -> int | None:
    """Return who chairs next: the first after ``last`` in the order who still is a member, round and round.

    None where nobody in the order is a member. Who chaired last comes again only where nobody else is left.
    """
    ids = list(dict.fromkeys(order))
    at = ids.index(last) + 1 if last in ids else 0
    return next((i for i in ids[at:] + ids[:at] if i in current), None)


def overlap(a: tuple[date, date | None], b: tuple[date, date | None]) -> bool:
    """Return whether two terms (both days included; None: open) share a day."""
    return (b[1] is None or a[0] <= b[1]) and (a[1] is None or b[0] <= a[1])
