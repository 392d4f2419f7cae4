"""Word lists of official Chinese, kept as data: one toml file for each matter."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text(encoding="utf8"))


@cache
def words(matter: str, key: str) -> tuple[str, ...]:
    """Return the words of one list, the longest first, so that a regular expression finds the longest.

    Args:
        matter: the file's name without its ending.
        key: the list's name in it; its words may be written one after another, parted by spaces.
    """
    value = _load(matter)[key]
    flat = value.split() if isinstance(value, str) else [str(v) for v in value]
    return tuple(sorted(set(flat), key=lambda w: (-len(w), w)))


def one_of(matter: str, key: str) -> str:
    """Return a list as an alternative for a regular expression."""
    return "|".join(map(_escape, words(matter, key)))


def _escape(word: str) -> str:
    return "".join(f"\\{c}" if c in ".^$*+?{}[]\\|()" else c for c in word)
