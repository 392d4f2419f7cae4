"""What a rule finds, in the coordinates of an article's composed text, before it is placed on the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from linli.programmes.documents.types import Kind


@dataclass(slots=True, eq=False)
class Draft:
    """A thing found; an attribute may hold another draft, which becomes its index."""

    kind: Kind
    start: int
    end: int
    confidence: int
    rule: str
    attributes: dict[str, Any] = field(default_factory=dict)

    def within(self, start: int, end: int) -> bool:
        """Return whether the thing stands between two places."""
        return start <= self.start and self.end <= end
