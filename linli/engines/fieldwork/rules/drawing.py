"""Random draws that anybody can repeat: targets stand in the order of SHA-256 of seed and id.

The lot of a target is the SHA-256 of the UTF-8 text ``seed:id`` in hexadecimal. A shell prints it by

    printf '%s' 'seed:id' | sha256sum

Targets are ordered by lot, the smallest first, and the first so many are drawn. Nothing else enters: not the order in
which the list was given, not the version of a program. To check a draw outside, write one lot a line, sort, and compare
the first lines with the list drawn. The seed is fixed and written down before the list of targets is closed (a date, or
figures published later), or whoever picks the seed can pick the draw.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from linli.engines.cases.rules.sampling import order_of


@dataclass(frozen=True, slots=True)
class Lot:
    """One target with what it is ordered by, as a protocol of the draw prints it.

    Attributes:
        place: 1 for the first.
        target: the target's id as it was given.
        digest: SHA-256 of ``seed:id``, hexadecimal, 64 signs.
        drawn: it is among the first so many.
    """

    place: int
    target: str
    digest: str
    drawn: bool


def protocol(targets: Iterable[str], seed: str, wanted: int) -> tuple[Lot, ...]:
    """Return every target in the order of its lot, those drawn first.

    Args:
        targets: ids, each drawn at most once however often it is named.
        seed: any text but an empty one, written down before the draw.
        wanted: how many to draw; where there are fewer, all are drawn.

    Raises:
        ValueError: the seed is empty or ``wanted`` is negative.
    """
    if not seed.strip():
        raise ValueError("a draw needs a seed that is written down")
    if wanted < 0:
        raise ValueError("a draw cannot take fewer than none")
    order = sorted((order_of(target, seed), target) for target in set(targets))
    return tuple(Lot(n, target, digest, n <= wanted) for n, (digest, target) in enumerate(order, start=1))


def draw(targets: Iterable[str], seed: str, wanted: int) -> tuple[str, ...]:
    """Return the ids drawn without replacement, in the order of the lot; see :func:`protocol`."""
    return tuple(lot.target for lot in protocol(targets, seed, wanted) if lot.drawn)


def draw_by_stratum(strata: Mapping[str, str], seed: str, wanted: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Draw within each stratum by itself, all by the one seed.

    A target has the same lot in whatever stratum it stands, so a change in one stratum moves no draw of another.

    Args:
        strata: target id → stratum.
        wanted: stratum → how many; a stratum not named draws nothing.

    Returns:
        stratum → ids in the order of the lot, for every stratum of ``wanted``.

    Raises:
        ValueError: as :func:`protocol`.
    """
    members: dict[str, list[str]] = defaultdict(list)
    for target, stratum in strata.items():
        members[stratum].append(target)
    return {stratum: draw(members[stratum], seed, count) for stratum, count in wanted.items()}


def reserve(targets: Iterable[str], seed: str, drawn: Iterable[str]) -> tuple[str, ...]:
    """Return who stands in, in order, when a drawn target is gone: the rest of the same lot.

    Args:
        targets: as they were given to the draw.
        drawn: what was drawn or has already stood in.
    """
    taken = set(drawn)
    return tuple(lot.target for lot in protocol(targets, seed, 0) if lot.target not in taken)
