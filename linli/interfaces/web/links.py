"""Addresses of many things of one kind: a list has fifty, and asking Django for each costs more than the rows."""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse

_HOLE = "0-0"


@lru_cache(maxsize=256)
def _around(name: str, _prefix: str, _urlconf: str | None) -> tuple[str, str]:
    before, _hole, after = reverse(name, args=[_HOLE]).rpartition(_HOLE)
    return before, after


@lru_cache(maxsize=256)
def _plain(name: str, _prefix: str, _urlconf: str | None) -> str:
    return reverse(name)


def place(name: str) -> str:
    """Return what ``reverse(name)`` does."""
    return _plain(name, get_script_prefix(), get_urlconf())


def address(name: str, number: str) -> str:
    """Return what ``reverse(name, args=[number])`` does, for a ``number`` of letters, digits and hyphens."""
    before, after = _around(name, get_script_prefix(), get_urlconf())
    return f"{before}{number}{after}"
