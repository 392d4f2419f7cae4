"""Which row of a sheet names its columns, and which column is what. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from linli.foundation.core.text import clean, to_halfwidth

Cells = tuple[str, ...]


def plain(header: str) -> str:
    """Return a header as it is compared: half width, small letters, without spaces and punctuation."""
    return "".join(c for c in to_halfwidth(clean(header)).casefold() if c.isalnum())


def combined(upper: Cells, lower: Cells) -> Cells:
    """Return two header rows as one: the lower one's words, the upper one's where the lower is empty."""
    width = max(len(upper), len(lower))
    above = (*upper, *[""] * (width - len(upper)))
    below = (*lower, *[""] * (width - len(lower)))
    return tuple(b if b.strip() else a for a, b in zip(above, below, strict=True))


def _score(cells: Cells, known: Collection[str]) -> int:
    return len({p for c in cells if (p := plain(c)) in known})


def find_header(rows: Sequence[Cells], known: Collection[str]) -> tuple[int, Cells] | None:
    """Return the last row of the header (from 0) and its words; None where no two known names stand in one row.

    The row with most of the ``known`` names (as :func:`plain` has them) is the header, whatever titles stand
    above it. Two rows of names, one above the other, are read as one where that finds more names.
    """
    best: tuple[int, int, int, Cells] | None = None
    for i, cells in enumerate(rows):
        candidates = [(_score(cells, known), 0, cells)]
        if i:
            both = combined(rows[i - 1], cells)
            # A title or a row of data behind the header only adds to what is there if it names columns itself.
            if _score(cells, known) >= 1 and _score(rows[i - 1], known) >= 1:
                candidates.append((_score(both, known), -1, both))
        for score, single, words in candidates:
            if score >= 2 and (best is None or (score, single, -i) > (best[0], best[1], -best[2])):
                best = (score, single, i, words)
    return None if best is None else (best[2], best[3])


def find_words(rows: Sequence[Cells]) -> tuple[int, Cells] | None:
    """Return the row (from 0) that most likely names the columns where no name is known, and its words.

    Of the rows whose filled cells are words, each another, with a letter in it, the first of those with most; what
    stands alone in its row is a title. A row that only repeats numbers or days is none. None where there is no such row
    with rows below it.
    """
    best: tuple[int, Cells] | None = None
    most = 1
    for i, cells in enumerate(rows[:-1]):
        words = [plain(c) for c in cells if c.strip()]
        if len(words) > most and len(set(words)) == len(words) and all(any(map(str.isalpha, w)) for w in words):
            best, most = (i, cells), len(words)
    return best


def match_headers(headers: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return column name → place in the sheet (from 0) by the headers; an exact name only, no place twice."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    there = [plain(h) for h in headers]
    for name, words in names.items():
        for word in map(plain, words):
            at = next((i for i, h in enumerate(there) if h and h == word and i not in taken), None)
            if at is not None:
                found[name] = at
                taken.add(at)
                break
    return found
