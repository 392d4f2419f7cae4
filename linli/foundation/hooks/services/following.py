"""From the journal to deliveries: what was sealed since the last time, once for each subscription that wants it.

A seal covers entries that are committed, and seals are made one after the other: read in their order nothing is left
out, however slowly a transaction ended.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from linli.foundation.core.db.again import whole
from linli.foundation.core.namespaces import current
from linli.foundation.hooks import rules
from linli.foundation.hooks.events import described
from linli.foundation.hooks.models import Delivery, Followed, Hook
from linli.foundation.hooks.types import HookState
from linli.foundation.jobs import services as jobs
from linli.foundation.journal import selectors as journal

if TYPE_CHECKING:
    from linli.foundation.journal.models import Entry

SEALS = 20


def follow(*, now: datetime) -> int:
    """Make the deliveries of all that was sealed since the last time; return how many were made."""
    made = 0
    while (done := _stretch(now=now)) is not None:
        made += done
    return made


@whole
def _stretch(*, now: datetime) -> int | None:
    """Tell of some seals, in one transaction with how far it came; None where there is nothing new."""
    Followed.objects.get_or_create(pk=1, defaults={"seal": 0})
    place = Followed.objects.select_for_update().get(pk=1)
    hooks = list(Hook.objects.exclude(state=HookState.CLOSED))
    if not hooks:
        _skip(place)
        return None
    last, entries = journal.sealed(place.seal, seals=SEALS)
    if last == place.seal:
        return None
    rows = deliveries(hooks, entries, now)
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    place.seal = last
    place.save(update_fields=["seal"])
    if rows:
        jobs.enqueue(name="hooks.deliver", payload={}, now=now, key="hooks.deliver")
    return len(rows)


def _skip(place: Followed) -> None:
    """Nobody wants to know: whoever subscribes later is told of what happens from then on."""
    last = journal.last_seal()
    if last is not None and last.number != place.seal:
        place.seal = last.number
        place.save(update_fields=["seal"])


def deliveries(hooks: Sequence[Hook], entries: Sequence[Entry], now: datetime) -> list[Delivery]:
    """Return what is to be sent of ``entries``: nothing about webhooks themselves, which would never end."""
    told = [(e, [h for h in hooks if rules.wanted(h.patterns, e.verb)]) for e in entries if e.kind != "hook"]
    wanted = [(e, takers) for e, takers in told if takers]
    said = _said([e for e, _takers in wanted])
    return [
        Delivery(hook=hook, event=entry.uuid, verb=entry.verb, body=text_for(hook, event), made_at=now, due_at=now)
        for entry, takers in wanted
        for event in [event_of(entry, said)]
        for hook in takers
        if hook.created_at <= entry.at
    ]


def text_for(hook: Hook, event: dict[str, Any]) -> str:
    """Return an event as a subscription is sent it: in the receiver's own fields where it has a mapping."""
    found = rules.mapped(hook.mapping, event) if hook.mapping else event
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _said(entries: Sequence[Entry]) -> dict[UUID, Any]:
    kinds: dict[str, set[UUID]] = {}
    for entry in entries:
        if entry.object_uuid is not None:
            kinds.setdefault(entry.kind, set()).add(entry.object_uuid)
    found: dict[UUID, Any] = {}
    for kind, uuids in kinds.items():
        found |= described(kind, uuids)
    return found


def event_of(entry: Entry, said: dict[UUID, Any]) -> dict[str, Any]:
    """Return an entry as CloudEvents 1.0 has it: ids and states, no words of anybody, no names."""
    thing = entry.object_uuid
    data = {"kind": entry.kind, "id": str(thing) if thing else None, "verb": entry.verb}
    more = said.get(thing, {}) if thing else {}
    return {
        "specversion": "1.0",
        "id": str(entry.uuid),
        "source": f"urn:linli:{current()}",
        "type": f"linli.{entry.verb}",
        "time": entry.at.isoformat(),
        "datacontenttype": "application/json",
        **({"subject": f"{entry.kind}/{thing}"} if thing else {}),
        "data": {**data, **more},
    }
