"""Shipped sentences that staff insert while they write (快捷用语)."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

SHIPPED = Path(__file__).resolve().parent.parent / "shipped" / "phrases.toml"


@lru_cache(maxsize=1)
def _shipped() -> dict[str, tuple[str, ...]]:
    read = tomllib.loads(SHIPPED.read_text(encoding="utf8"))
    return {verb: tuple(spec["texts"]) for verb, spec in read.items()}


def phrases(verb: str) -> tuple[str, ...]:
    """Return the sentences shipped for ``verb``; none where there are none."""
    return _shipped().get(verb, ())


def phrase_verbs() -> tuple[str, ...]:
    """Return the verbs that have sentences, in their order."""
    return tuple(_shipped())
