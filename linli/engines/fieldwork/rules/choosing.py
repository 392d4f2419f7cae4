"""Which targets a round visits and when, as JSON and back; and the draw with its protocol."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from linli.engines.fieldwork.rules.drawing import draw, draw_by_stratum
from linli.engines.fieldwork.rules.rounds import Rhythm, Unit, Window
from linli.engines.fieldwork.rules.sampling import allocate, sample_size
from linli.engines.fieldwork.types import Choice, How, TargetFilter


def choice_json(choice: Choice) -> dict[str, Any]:
    """Return a choice as JSON, what is empty left out."""
    f = choice.filter
    found: dict[str, Any] = {
        "how": choice.how.value,
        "kinds": list(f.kinds),
        "area_path": f.area_path,
        "tag": f.tag,
        "text": f.text,
        "unit_id": f.unit_id,
        "parent": str(f.parent) if f.parent else "",
        "facts": dict(f.facts),
        "unvisited_since": f.unvisited_since.isoformat() if f.unvisited_since else "",
        "targets": [str(t) for t in choice.targets],
        "seed": choice.seed,
        "wanted": choice.wanted,
        "margin": choice.margin,
        "stratum": choice.stratum,
    }
    return {k: v for k, v in found.items() if v}


def choice_of(data: Mapping[str, Any]) -> Choice:
    """Return the choice that JSON describes."""
    where = TargetFilter(
        tuple(data.get("kinds", ())),
        data.get("area_path", ""),
        data.get("tag", ""),
        text=data.get("text", ""),
        unit_id=data.get("unit_id"),
        parent=UUID(data["parent"]) if data.get("parent") else None,
        facts=data.get("facts", {}),
        unvisited_since=date.fromisoformat(data["unvisited_since"]) if data.get("unvisited_since") else None,
    )
    return Choice(
        How(data.get("how", How.FILTER)),
        where,
        tuple(UUID(t) for t in data.get("targets", ())),
        data.get("seed", ""),
        data.get("wanted", 0),
        data.get("margin", 0),
        data.get("stratum", ""),
    )


def rhythm_of(data: Mapping[str, Any], first: date, last: date) -> Rhythm:
    """Return the rhythm that JSON describes, from the round's first day to its last; nothing said is once.

    Raises:
        ValueError: it cannot be; KeyError or TypeError are never raised.
    """
    try:
        return Rhythm(
            Unit(data.get("unit", Unit.ONCE)),
            first,
            int(data.get("every", 1)),
            last,
            tuple(date.fromisoformat(day) for day in data.get("days", ())),
            int(data.get("before", 0)),
            tuple(Window(*map(int, window)) for window in data.get("windows", ())),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no rhythm") from error


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn, in the order of the lot, and the protocol by which anybody can draw it again."""

    keys: tuple[str, ...]
    protocol: dict[str, Any]


def drawn(choice: Choice, strata: Mapping[str, str], day: date, confidence: int) -> Drawn:
    """Draw one occasion's targets.

    The protocol has the seed of this occasion, how many there were, the SHA-256 of their ids (sorted, one a line), how
    many of each stratum, and the ids drawn.

    Args:
        strata: id → stratum; where the choice has none, any one.
        day: first day of the occasion; it is part of the seed.
        confidence: in per cent, for a choice by margin.

    Raises:
        ValueError: no seed, or neither a number nor a margin.
    """
    seed = f"{choice.seed.strip()}/{day.isoformat()}" if choice.seed.strip() else ""
    wanted = choice.wanted
    if wanted <= 0:
        wanted = sample_size(len(strata), Fraction(choice.margin, 100), Fraction(confidence, 100))
    sizes = Counter(strata.values())
    split = allocate(sizes, min(wanted, len(strata))) if choice.stratum else {}
    if choice.stratum:
        keys = tuple(key for found in draw_by_stratum(strata, seed, split).values() for key in found)
    else:
        keys = draw(strata, seed, wanted)
    digest = hashlib.sha256("\n".join(sorted(strata)).encode()).hexdigest()
    protocol: dict[str, Any] = {"seed": seed, "of": len(strata), "digest": digest, "drawn": list(keys)}
    if choice.stratum:
        protocol["strata"] = {name: [sizes[name], count] for name, count in sorted(split.items())}
    return Drawn(keys, protocol)


def repeatable(protocol: Mapping[str, Any], ids: Sequence[str]) -> bool:
    """Return whether ids are those from which a protocol was drawn."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest() == protocol.get("digest")
