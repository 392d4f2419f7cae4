"""Identifiers that travel: UUIDv7, sortable by the time they were made (RFC 9562)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from uuid import UUID

from linli.foundation.core.text import to_halfwidth

# No 0/O, 1/I/L, and no vowels that could spell a word: read out over a telephone.
_CODE_ALPHABET = "23456789CDFGHJKMNPQRTVWXYZ"


def uuid7() -> UUID:
    """Return a new UUIDv7: 48 bits of milliseconds, 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80
    value |= 0x7 << 76
    value |= secrets.randbits(12) << 64
    value |= 0b10 << 62
    value |= secrets.randbits(62)
    return UUID(int=value)


def uuids_in(texts: Iterable[str]) -> list[UUID]:
    """Return those of ``texts`` that are UUIDs, in their order; what is none is left out."""
    found = []
    for text in texts:
        try:
            found.append(UUID(str(text)))
        except ValueError:
            continue
    return found


def tracking_code() -> str:
    """Return a code of ten characters (47 bits) that a person can read out and type: ``7KQ4-2MXP-9C``."""
    raw = "".join(secrets.choice(_CODE_ALPHABET) for _ in range(10))
    return f"{raw[:4]}-{raw[4:8]}-{raw[8:]}"


def normal_code(text: str) -> str:
    """Return a typed tracking code as it is kept: upper case, hyphens where they belong."""
    raw = "".join(c for c in to_halfwidth(text).upper() if c.isascii() and c.isalnum())
    return f"{raw[:4]}-{raw[4:8]}-{raw[8:]}" if len(raw) == 10 else raw
