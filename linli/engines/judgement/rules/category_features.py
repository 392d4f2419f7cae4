"""From messages to numbers: pieces of one and two characters, hashed, counted and weighed; pure.

Spaces, marks and the small words that carry no matter (的、了、吗…) are dropped first, so that a text cut into
words without stop words and the same text as it was written come out alike.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

BITS = 20
SIZES = (1, 2)
LONGEST = 2_000
# The first characters are mostly the subject, which says what it is about: they count this much more.
HEAD, HEAD_WEIGHT = 20, 3
_BREAKS = re.compile(r"[\W_]+")
_SMALL = str.maketrans(
    dict.fromkeys(
        "吗的又但且也都他们或了把我与和将让按并那被而没如其就还是样等很些你才从对给这由在为及因向然去于着不据以该此过各您"
    )
)
_WIDE = str.maketrans({chr(c): chr(c - 0xFEE0) for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF5B))})
_STEP = np.uint64(0x9E3779B97F4A7C15)
_TURN = np.uint64(0xC2B2AE3D27D4EB4F)
# scipy has no types: a sparse table, one row for each message.
Counts: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Message:
    """What is known of a report when its category is asked.

    Attributes:
        text: in the person's words.
        source: code of the channel it came by; empty: not said.
        area: code or name of the area it lies in; empty: not known.
        at: when it came, in the local time.
    """

    text: str
    source: str = ""
    area: str = ""
    at: datetime | None = None


def squeezed(text: str) -> str:
    """Return ``text`` as the model reads it: no spaces, marks or small words, letters small, at most 2,000 long."""
    return _BREAKS.sub("", text.translate(_WIDE).lower()).translate(_SMALL)[:LONGEST]


def squeezed_at(text: str) -> tuple[str, list[int]]:
    """Return :func:`squeezed` and for each of its characters its place in ``text``."""
    kept = [(c, i) for i, raw in enumerate(text) for c in squeezed(raw)][:LONGEST]
    return "".join(c for c, _i in kept), [i for _c, i in kept]


def _runs(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    points = np.frombuffer("\0".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    return points, np.cumsum(points == 0)


def hashed(texts: Sequence[str], sizes: Sequence[int]) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return for each size of piece (row, place in the joined texts, 64-bit hash) of every piece of ``texts``."""
    if not texts:
        return []
    points, rows = _runs(texts)
    inside = points != 0
    run, found = points * _STEP, []
    for size in range(1, max(sizes) + 1):
        if size > 1:
            run = (run[:-1] * _STEP) ^ ((points[size - 1 :] + np.uint64(size)) * _TURN)
            run ^= run >> np.uint64(29)
            inside = inside[:-1] & (points[size - 1 :] != 0)
        if size in sizes:
            at = np.nonzero(inside)[0]
            found.append((rows[at], at, run[at] * _STEP))
    return found


def pieces(texts: Sequence[str]) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return for each size of piece (row, place in the joined texts, bucket) of every piece of ``texts``."""
    shift = np.uint64(64 - BITS)
    return [(row, at, (run >> shift).astype(np.int64)) for row, at, run in hashed(texts, SIZES)]


@lru_cache(maxsize=4_096)
def _bucket(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big") >> (64 - BITS)


def facts_of(message: Message) -> list[str]:
    """Return what is known beside the text, as words: channel, area, part of the day, weekend, month."""
    found = []
    if message.source:
        found.append(f"source={message.source}")
    if message.area:
        found.append(f"area={message.area}")
    if message.at is not None:
        found += [f"hour={message.at.hour // 6}", f"weekend={message.at.weekday() > 4}", f"month={message.at.month}"]
    return found


def counts(messages: Sequence[Message]) -> Counts:
    """Return how often each piece stands in each message, the first characters counting more; one row each."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415  heavy, and every process imports this module

    texts = [squeezed(m.text) for m in messages]
    rows: list[np.ndarray] = []
    columns: list[np.ndarray] = []
    values: list[np.ndarray] = []
    for part, weight in ((texts, 1), ([t[:HEAD] for t in texts], HEAD_WEIGHT)):
        for row, _at, bucket in pieces(part):
            rows.append(row)
            columns.append(bucket)
            values.append(np.full(len(row), weight, dtype=np.float32))
    facts = [(i, _bucket(word)) for i, m in enumerate(messages) for word in facts_of(m)]
    rows.append(np.array([i for i, _b in facts], dtype=np.int64))
    columns.append(np.array([b for _i, b in facts], dtype=np.int64))
    values.append(np.ones(len(facts), dtype=np.float32))
    table = csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
        shape=(len(messages), 1 << BITS),
        dtype=np.float32,
    )
    table.sum_duplicates()
    return table


def weighed(table: Counts, buckets: np.ndarray, idf: np.ndarray) -> Counts:
    """Return the columns ``buckets`` of ``table`` as (1 + log count) × idf, each row of length one."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415  heavy, and every process imports this module

    places = np.full(1 << BITS, -1, dtype=np.int64)
    places[buckets] = np.arange(len(buckets))
    at = places[table.indices]
    known = at >= 0
    row = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))[known]
    data = (1 + np.log(table.data[known])) * idf[at[known]]
    length = np.sqrt(np.bincount(row, weights=data**2, minlength=table.shape[0]))
    data = data / np.maximum(length, 1e-9)[row]
    shape = (table.shape[0], len(buckets))
    found = csr_matrix((data.astype(np.float32), (row, at[known])), shape=shape)
    found.sort_indices()
    return found
