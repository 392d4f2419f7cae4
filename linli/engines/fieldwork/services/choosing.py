"""The targets of one occasion: looked up by the round's choice, drawn with a protocol where it says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from linli.engines.fieldwork.models import Round, Target
from linli.engines.fieldwork.rules.choosing import choice_of, drawn
from linli.engines.fieldwork.selectors.planning import candidates, stratum_of
from linli.engines.fieldwork.types import How
from linli.foundation.rulebook import selectors as rulebook


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows for visits, and for a draw its protocol."""

    targets: list[Target]
    protocol: dict[str, Any]


def choose(round_: Round, day: date) -> Chosen:
    """Return the targets of the occasion that begins on ``day``.

    Raises:
        ValueError: as ``rules.choosing.drawn``.
    """
    choice = choice_of(round_.choice)
    rows = candidates(choice).order_by("sort_key", "pk")
    rows = rows.only("pk", "uuid", "area_path", "area", "unit", "tags", "facts")
    if choice.how is not How.DRAW:
        return Chosen(list(rows), {})
    found = {str(t.uuid): t for t in rows}
    confidence = int(rulebook.value("fieldwork.draw.confidence", on=day))
    result = drawn(choice, {key: stratum_of(t, choice.stratum) for key, t in found.items()}, day, confidence)
    return Chosen([found[key] for key in result.keys], result.protocol)
