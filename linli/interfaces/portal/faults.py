"""What is wrong with a form, by field."""

from __future__ import annotations


class Faults(dict[str, list[str]]):
    """Messages by field; fields without any answer with none, so that templates need not ask."""

    def __missing__(self, key: str) -> list[str]:
        """Return no messages."""
        return []
