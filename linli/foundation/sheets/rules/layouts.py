"""When two sheets have the same layout, and what of one's mapping holds for the other. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from linli.foundation.core.text import find_personal
from linli.foundation.sheets.rules.headers import plain

MOST_VALUES = 300
LONGEST_VALUE = 200


def header_key(headers: Sequence[str]) -> str:
    """Return what is the same for two sheets with the same header row, however spaced."""
    return hashlib.sha256("\x1f".join(plain(h) for h in headers).encode()).hexdigest()


def transferred(headers: Sequence[str], mapping: Mapping[str, int], there: Sequence[str]) -> dict[str, int] | None:
    """Return ``mapping`` of a sheet with ``headers`` for one with the headers ``there``.

    None where a header that it needs does not stand there exactly once, or stood twice: it is another layout then.
    """
    own, found = [plain(h) for h in headers], [plain(h) for h in there]
    moved: dict[str, int] = {}
    for name, at in mapping.items():
        word = own[at] if 0 <= at < len(own) else ""
        if not word or own.count(word) != 1 or found.count(word) != 1:
            return None
        moved[name] = found.index(word)
    return moved or None


def unknown_values(cells: Iterable[str], known: Iterable[str], said: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return the values of a column that nothing here is called, with how often each stands there, commonest first.

    What may say who somebody is is no value of a list, and is left out.
    """
    named = {*known, *said}
    found: dict[str, int] = {}
    for cell in cells:
        if cell and cell not in named:
            found[cell] = found.get(cell, 0) + 1
    commonest = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES]
    return [(raw, count) for raw, count in commonest if len(raw) <= LONGEST_VALUE and not find_personal(raw)]


def tidied(values: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return what was said of values in the one way in which it is kept; nothing of persons, no column for nothing."""
    kept = {
        name: {raw: meant for raw, meant in sorted(said.items())[:MOST_VALUES] if meant and not find_personal(raw)}
        for name, said in values.items()
    }
    return {name: said for name, said in kept.items() if said}
