"""How messages make up a warning: whatever the order in which they came, the one sent last holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A message of a warning, as far as its place among the others goes."""

    key: int
    sent_at: datetime
    identifier: str
    cancels: bool


@dataclass(frozen=True, slots=True)
class Present:
    """Whose words hold, and since when the warning is lifted; None: it is not."""

    content: int | None
    lifted_at: datetime | None


def present(lines: Sequence[Line]) -> Present:
    """Return how a warning stands by its messages; the same for every order of them."""
    ordered = sorted(lines, key=lambda line: (line.sent_at, line.identifier, line.key))
    saying = [line for line in ordered if not line.cancels]
    last = ordered[-1] if ordered else None
    return Present(saying[-1].key if saying else None, last.sent_at if last is not None and last.cancels else None)


def state_at(begins_at: datetime, ends_at: datetime, lifted_at: datetime | None, now: datetime) -> str:
    """Return ``lifted``, ``ended``, ``coming`` or ``in_force``; what ended before it was lifted has ended."""
    if lifted_at is not None and lifted_at <= ends_at:
        return "lifted"
    if ends_at <= now:
        return "ended"
    return "coming" if now < begins_at else "in_force"
