"""Who goes on a round: those whom it can be given to, and of them the second of two."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.engines.fieldwork.models import Round, RoundUnit
from linli.engines.fieldwork.permissions import STAFF, guarded_roles
from linli.engines.fieldwork.permissions.ledgers import GRID
from linli.foundation.accounts import selectors as accounts
from linli.foundation.core.actors import Actor
from linli.foundation.people import selectors as people
from linli.foundation.people.types import Holder, Role

_BELOW = frozenset({Role.COMMUNITY_WORKER.value, Role.MICROGRID_HEAD.value, Role.NEIGHBOURHOOD_SECRETARY.value})
MOST_MATES = 120


@dataclass(frozen=True, slots=True)
class Mate:
    """A colleague who may go along: post and name as lists to choose from show them."""

    uuid: UUID
    label: str


def crews(rounds: Collection[Round], now: datetime) -> dict[int, list[Holder]]:
    """Return round → who can be sent, each once: of its unit, of those that join, and who works where it goes.

    Three statements, and two for each area in which the rounds go.
    """
    units: dict[int, list[int]] = {r.pk: [r.unit_id] for r in rounds}
    joining = RoundUnit.objects.filter(round__in=units).order_by("unit__name")
    for round_id, unit_id in joining.values_list("round", "unit"):
        units[round_id].append(unit_id)
    found = people.members_of_units({u for ids in units.values() for u in ids}, STAFF, now=now)
    of_unit: dict[int, list[Holder]] = {}
    for holder in found:
        of_unit.setdefault(holder.unit_id, []).append(holder)
    below = {p: people.answering_below(p, _BELOW, now) for p in {r.area_path for r in rounds}}
    return {
        r.pk: _once([h for u in units[r.pk] for h in of_unit.get(u, ())] + below[r.area_path]) for r in rounds
    }  # fmt: skip


def _once(holders: list[Holder]) -> list[Holder]:
    found: dict[int, Holder] = {}
    for holder in holders:
        found.setdefault(holder.user_id, holder)
    return list(found.values())


def mates(by: Actor, rounds: Collection[Round], now: datetime) -> dict[int, list[Mate]]:
    """Return round → with whom ``by`` may go, by name; to households only who works in the same grid."""
    open_ = [r for r in rounds if r.kind is None or not r.kind.guarded]
    found = crews(open_, now) if open_ else {}
    if len(open_) < len(rounds):
        paths = {g.area_path for g in by.grants if g.role in GRID and g.area_path}
        near = _once([h for p in sorted(paths) for h in people.answering_below(p, guarded_roles(), now)])
        found |= {r.pk: near for r in rounds if r.pk not in found}
    users = accounts.users(sorted({h.user_id for holders in found.values() for h in holders}))
    return {
        pk: [
            Mate(users[h.user_id].uuid, h.label)
            for h in sorted(holders, key=lambda h: h.label)
            if h.user_id != by.user_id and h.user_id in users
        ][:MOST_MATES]
        for pk, holders in found.items()
    }
