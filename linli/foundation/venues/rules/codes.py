"""Codes of posters: ten characters drawn at random, without those that look alike; short enough to type. Pure."""

from __future__ import annotations

ALPHABET = "23456789cdfghjkmnpqrtvwxyz"
LENGTH = 10


def make(picks: list[int]) -> str:
    """Return the code that ``picks`` (numbers of any size, one a character) stand for."""
    return "".join(ALPHABET[n % len(ALPHABET)] for n in picks[:LENGTH])


def normal(text: str) -> str:
    """Return a typed code as it is kept; empty for what cannot be one."""
    plain = "".join(c for c in text.lower() if c not in " -")
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else ""
