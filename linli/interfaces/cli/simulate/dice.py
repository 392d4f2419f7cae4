"""Chance by name: what is drawn under a key is the same in every run of a seed, whatever else was drawn before.

So two variants of a rule meet the same residents and the same luck (common random numbers): what differs between
their reports is what the rule did.
"""

from __future__ import annotations

import random
from hashlib import blake2b
from math import log
from statistics import NormalDist

Key = str | int
_NORMAL = NormalDist()


def _mark(*key: Key) -> bytes:
    return blake2b("\x1f".join(str(k) for k in key).encode(), digest_size=16).digest()


def dice(*key: Key) -> random.Random:
    """Return dice of their own for ``key``."""
    return random.Random(_mark(*key))  # noqa: S311  a simulation, not a secret


def share(*key: Key) -> float:
    """Return the number between 0 and 1 (without 1) that belongs to ``key``."""
    return int.from_bytes(_mark(*key)[:7], "big") / 2**56


def happens(chance: float, *key: Key) -> bool:
    """Return whether what has ``chance`` happens under ``key``; one that happens also does at any higher chance."""
    return share(*key) < chance


def waiting(mean: float, *key: Key) -> float:
    """Return an exponential time with ``mean``."""
    return -mean * log(1.0 - share(*key))


def about(median: float, spread: float, *key: Key) -> float:
    """Return a lognormal amount around ``median``; ``spread`` is the deviation of its logarithm."""
    at = min(max(share(*key), 1e-9), 1 - 1e-9)
    return float(median * 2.718281828459045 ** (spread * _NORMAL.inv_cdf(at)))
