"""Sending what waits: called by the job, in short transactions of its own, never inside one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from linli.foundation.messages import rules, selectors, services, templates
from linli.foundation.messages.channels import channel
from linli.foundation.messages.models import Message
from linli.foundation.messages.types import ChannelCode, Letter, Sent, State

# A message that has stood in "sending" so long was left by a worker that stopped.
STALE = timedelta(minutes=10)


def sending() -> list[str]:
    """Return the channels that send by themselves here: settings decide for those of a gateway."""
    return [code.value for code in ChannelCode if channel(code).sends]


def deliver(batch: UUID, now: datetime) -> int:
    """Send what of a batch is due; return how many letters went out.

    A letter left in "sending" by a worker that stopped is sent again with the same Message-ID and
    marked ``outcome_unknown``: at least once, and honest about it.
    """
    rows = selectors.due_of_batch(batch, sending(), now)
    fresh = [r for r in rows if r.state == State.SENDING.value and r.changed_at > now - STALE]
    rows = [r for r in rows if r not in fresh]
    with transaction.atomic():
        rows = _hold_back(rows, now)
        _claim(rows, now)
        services.schedule_delivery(batch, [r.changed_at + STALE for r in fresh], now)
    sent = 0
    again: list[datetime] = []
    for code in {r.channel for r in rows}:
        with channel(code).opened() as send:
            for row in (r for r in rows if r.channel == code):
                moment = _send(row, send, now)
                sent += row.state == State.SENT.value
                again += [moment] if moment else []
    services.schedule_delivery(batch, again, now)
    return sent


def _hold_back(rows: Sequence[Message], now: datetime) -> list[Message]:
    """Suppress what its reader has switched off and put off what would disturb now; return the rest."""
    off: set[tuple[int, str]] = set()
    for code in {r.channel for r in rows}:
        ids = {r.user_id for r in rows if r.channel == code and r.user_id is not None and not r.urgent}
        off |= {(user_id, code) for user_id in selectors.switched_off(ids, code)} if ids else set()
    silent = [r for r in rows if r.user_id is not None and not r.urgent and (r.user_id, r.channel) in off]
    rest = [r for r in rows if r not in silent]
    if silent:
        ids_silent = [r.pk for r in silent]
        Message.objects.filter(pk__in=ids_silent).update(state=State.SUPPRESSED.value, changed_at=now)
    later = {r.pk: services.not_before(now, quiet=channel(r.channel).quiet, urgent=r.urgent) for r in rest}
    for moment in {m for m in later.values() if m > now}:
        waiting = [r for r in rest if later[r.pk] == moment]
        Message.objects.filter(pk__in=[r.pk for r in waiting]).update(not_before=moment, state=State.QUEUED.value)
        for stop in {r.batch for r in waiting}:
            services.schedule_delivery(stop, [moment], now)
    return [r for r in rest if later[r.pk] <= now]


def _claim(rows: Sequence[Message], now: datetime) -> None:
    left = [r.pk for r in rows if r.state == State.SENDING.value]
    if left:
        Message.objects.filter(pk__in=left).update(outcome_unknown=True)
    if rows:
        Message.objects.filter(pk__in=[r.pk for r in rows]).update(
            state=State.SENDING.value, attempts=F("attempts") + 1, changed_at=now
        )
    for row in rows:
        row.attempts += 1
        row.outcome_unknown = row.outcome_unknown or row.pk in left


def _letter(row: Message) -> Letter:
    url = selectors.url_of(row)
    thread = selectors.thread_of(row)
    return Letter(row.uuid, selectors.address_of(row), selectors.words_of(row), url, row.language, thread)


def _send(row: Message, send: Callable[[Letter], Sent], now: datetime) -> datetime | None:
    """Send one letter and keep what became of it; return when to try again, if so."""
    try:
        result = send(_letter(row))
    except Exception as error:
        result = Sent(State.FAILED, type(error).__name__, again=False)
    limits, moment = selectors.limits(now), None
    row.state, row.last_error, row.changed_at = result.state.value, result.error[:500], now
    row.receipt, row.outcome_unknown = result.receipt[:64], row.outcome_unknown or result.unknown
    if result.state is State.QUEUED:
        row.attempts -= 1
        row.not_before = moment = services.not_before(
            now + result.after, quiet=channel(row.channel).quiet, urgent=row.urgent
        )
    elif result.state is State.FAILED and result.again and row.attempts < limits.attempts:
        waited = now + max(result.after, rules.wait(row.attempts, limits.first_wait, limits.longest_wait))
        moment = services.not_before(waited, quiet=channel(row.channel).quiet, urgent=row.urgent)
        row.state, row.not_before = State.QUEUED.value, moment
    elif templates.shipped_template(row.template).secret:
        row.params_sealed = b""
    row.save(
        update_fields=[
            "state", "last_error", "changed_at", "not_before", "params_sealed", "attempts", "receipt",
            "outcome_unknown",
        ]
    )  # fmt: skip
    return moment
