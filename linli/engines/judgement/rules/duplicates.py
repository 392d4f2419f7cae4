"""Is this the matter that somebody else reported already? Keys that bring candidates, and a score with its reasons.

A report is put under a few keys: the cell of ground it lies in, its address, and the smallest
hashes of its words. Only reports under a key in common are compared, so the work does not grow
with the number of reports. What is compared is a list of plain figures (:data:`FEATURES`), which
a logistic model of shipped or learned weights turns into a probability.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from linli.foundation.core.text import tokens
from linli.foundation.places.rules import numeral, parse_address

CELL = 0.0027  # degrees of latitude, about 300 metres; a cell and its eight neighbours hold what lies within 300
RADIUS = 300.0
FAR_NUMBER = 999
_SKETCH = 4
_LEAST_WORDS = 3
_SHORT = 3
_MONTH = 24 * 30

FEATURES = (
    "distance", "same_point", "gap", "months", "same_category", "words", "address", "street", "number", "open",
    "length", "short", "same_text", "nearer", "newer", "closer_words", "nearer_alike", "newer_alike", "around",
    "words_alike", "distance_gap",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is compared of a report; ``at`` in seconds, ``words`` its tokens, ``key`` its normal address.

    Attributes:
        lat, lon: None where nobody knows the point.
        open: whether it is still being handled at the moment of comparing.
    """

    id: int
    at: float
    lat: float | None
    lon: float | None
    category: str
    words: tuple[str, ...]
    key: str
    streets: frozenset[str]
    number: int
    open: bool = True


@dataclass(frozen=True, slots=True)
class Pair:
    """An earlier report beside a new one; ``figures`` in the order of :data:`FEATURES`."""

    id: int
    figures: tuple[float, ...]
    metres: float | None
    hours: float


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model, and the probability from which a page offers what was found."""

    bias: float
    weights: tuple[float, ...]
    threshold: float

    def probability(self, figures: Sequence[float]) -> float:
        """Return how likely a pair with ``figures`` is one matter."""
        total = self.bias + sum(w * f for w, f in zip(self.weights, figures, strict=True))
        return 1 / (1 + math.exp(-max(-40.0, min(40.0, total))))

    def to_json(self) -> dict[str, object]:
        """Return it as plain data."""
        named = {n: round(w, 6) for n, w in zip(FEATURES, self.weights, strict=True)}
        return {"bias": round(self.bias, 6), "weights": named, "threshold": round(self.threshold, 6)}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Weights:
        """Return the model of plain data.

        Raises:
            ValueError: a weight is missing.
        """
        named = data.get("weights")
        if not isinstance(named, dict) or set(named) != set(FEATURES):
            raise ValueError("the weights are not those of this version")
        return cls(float(str(data["bias"])), tuple(float(named[n]) for n in FEATURES), float(str(data["threshold"])))


def hashed(word: str) -> int:
    """Return a number of 60 bits for ``word``, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest()) >> 4


def cell_of(lat: float, lon: float) -> tuple[int, int]:
    """Return the cell of a point: rows of latitude, columns as wide as they are high."""
    row = math.floor(lat / CELL)
    return row, math.floor(lon / _width(row))


def _width(row: int) -> float:
    return CELL / max(0.05, math.cos(math.radians((row + 0.5) * CELL)))


def _cell_key(row: int, column: int) -> int:
    return hashed(f"c{row}/{column}")


def text_keys(words: Iterable[str]) -> tuple[int, ...]:
    """Return the smallest hashes of the words' neighbours in pairs: texts much alike have one in common."""
    several = list(words)
    if len(several) < _LEAST_WORDS:
        return ()
    return tuple(sorted({hashed(f"t{a}{b}") for a, b in pairwise(several)})[:_SKETCH])


def keys_of(sketch: Sketch) -> tuple[int, ...]:
    """Return the keys under which a report is kept; never none."""
    found = list(text_keys(sketch.words))
    if sketch.lat is not None and sketch.lon is not None:
        found.append(_cell_key(*cell_of(sketch.lat, sketch.lon)))
    if sketch.key:
        found.append(hashed(f"a{sketch.key}"))
    return tuple(dict.fromkeys(found)) or (hashed("none"),)


def keys_around(sketch: Sketch) -> tuple[int, ...]:
    """Return the keys to look under: the nine cells around, the address, and the words."""
    found = list(text_keys(sketch.words))
    if sketch.lat is not None and sketch.lon is not None:
        home, _column = cell_of(sketch.lat, sketch.lon)
        for row in (home - 1, home, home + 1):
            middle = math.floor(sketch.lon / _width(row))
            found += [_cell_key(row, column) for column in (middle - 1, middle, middle + 1)]
    if sketch.key:
        found.append(hashed(f"a{sketch.key}"))
    return tuple(dict.fromkeys(found))


_CROSSING = re.compile(r"(?i)^intersection of (.+?) & ([^,]+)")
_HOUSE = re.compile(r"^(\d+)(?:-\d+)?\s+([^,]+)")


@lru_cache(maxsize=20_000)
def streets_of(address: str) -> tuple[frozenset[str], int]:
    """Return the roads, lanes or estates that ``address`` names, and its number there; -1 without one."""
    if found := _CROSSING.match(address):
        return frozenset(part.strip().lower() for part in found.groups()), -1
    if found := _HOUSE.match(address):
        return frozenset({found.group(2).strip().lower()}), int(found.group(1))
    parts = parse_address(address)
    road = f"{parts.road}{parts.lane}弄" if parts.road and parts.lane else parts.road
    number = numeral(parts.number)
    digits = re.match(r"\d{1,6}", number)
    return frozenset(filter(None, (road, parts.estate))), int(digits.group()) if digits else -1


def sketch(
    *,
    id: int = 0,
    at: float,
    point: tuple[float, float] | None,
    category: str,
    text: str,
    address: str = "",
    key: str = "",
    is_open: bool = True,
) -> Sketch:
    """Return what is compared of a report."""
    streets, number = streets_of(address)
    lat, lon = point if point is not None else (None, None)
    return Sketch(id, at, lat, lon, category, tuple(tokens(text[:2_000])), key, streets, number, is_open)


def metres_between(one: Sketch, other: Sketch) -> float | None:
    """Return the distance, None where a point is unknown."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    dy = (one.lat - other.lat) * 111_195
    dx = (one.lon - other.lon) * 111_195 * math.cos(math.radians((one.lat + other.lat) / 2))
    return math.hypot(dx, dy)


def alike(new: Sketch, others: Sequence[Sketch]) -> list[float]:
    """Return for each of ``others`` the cosine of its words with those of ``new``.

    A word weighs by how few of those compared have it: what all around say tells nothing.
    """
    have = Counter(word for other in others for word in set(other.words))
    size = len(others)

    def vector(words: Sequence[str]) -> tuple[dict[str, float], float]:
        weighed = {
            word: (1 + math.log(n)) * (1 + math.log((1 + size) / (1 + have[word])))
            for word, n in Counter(words).items()
        }
        return weighed, math.sqrt(sum(v * v for v in weighed.values()))

    mine, long = vector(new.words)
    found = []
    for other in others:
        theirs, wide = vector(other.words)
        shared = sum(v * theirs[word] for word, v in mine.items() if word in theirs)
        found.append(shared / (long * wide) if long and wide else 0.0)
    return found


def _ranks(values: Sequence[float]) -> list[int]:
    """Return for each value how many are smaller."""
    first: dict[float, int] = {}
    for i, value in enumerate(sorted(values)):
        first.setdefault(value, i)
    return [first[v] for v in values]


def _ranks_within(values: Sequence[float], groups: Sequence[bool]) -> list[int]:
    found = [0] * len(values)
    for group in (True, False):
        at = [i for i, g in enumerate(groups) if g is group]
        for i, rank in zip(at, _ranks([values[i] for i in at]), strict=True):
            found[i] = rank
    return found


def _place(new: Sketch, other: Sketch) -> tuple[float, float, float]:
    """Return (same address, same street, how far apart the numbers are)."""
    same = bool(new.key) and new.key == other.key
    street = bool(new.streets & other.streets)
    known = street and new.number >= 0 and other.number >= 0
    return float(same), float(street), float(abs(new.number - other.number) if known else FAR_NUMBER)


def compare(new: Sketch, others: Sequence[Sketch]) -> list[Pair]:
    """Return the figures of each of ``others``, all earlier than ``new`` and found by its keys."""
    places = [_place(new, other) for other in others]
    gaps = [max(0.0, (new.at - other.at) / 3600) for other in others]
    known = [metres_between(new, other) for other in others]
    metres = [RADIUS * (1 - same) if m is None else m for m, (same, _s, _n) in zip(known, places, strict=True)]
    same = [new.category == other.category for other in others]
    words = alike(new, others)
    nearer, newer, closer = _ranks(metres), _ranks(gaps), _ranks([-w for w in words])
    nearer_alike, newer_alike = _ranks_within(metres, same), _ranks_within(gaps, same)
    around = math.log1p(len(others))
    found = []
    for i, other in enumerate(others):
        length = min(len(new.words), len(other.words))
        distance, gap = math.log1p(metres[i]), math.log1p(gaps[i])
        figures = (
            distance, float(metres[i] < 1), gap, min(3.0, gaps[i] / _MONTH), float(same[i]), words[i], places[i][0],
            places[i][1], math.log1p(places[i][2]), float(other.open), math.log1p(length), float(length < _SHORT),
            float(bool(new.words) and new.words == other.words), math.log1p(nearer[i]), math.log1p(newer[i]),
            math.log1p(closer[i]), math.log1p(nearer_alike[i]), math.log1p(newer_alike[i]), around,
            words[i] * same[i], distance * gap,
        )  # fmt: skip
        found.append(Pair(other.id, figures, known[i], gaps[i]))
    return found


def ranked(model: Weights, pairs: Sequence[Pair]) -> list[tuple[float, Pair]]:
    """Return pairs with their probability, likeliest first; of equal ones the newer."""
    scored = [(model.probability(p.figures), p) for p in pairs]
    return sorted(scored, key=lambda s: (-s[0], s[1].hours, -s[1].id))


def offered(model: Weights, pairs: Sequence[Pair], most: int) -> list[tuple[float, Pair]]:
    """Return what a page offers: at most ``most`` of those from the threshold on."""
    return [s for s in ranked(model, pairs)[:most] if s[0] >= model.threshold]
