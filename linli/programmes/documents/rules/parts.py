"""The numbered parts of a policy or plan, two versions of them side by side, and whether a split dropped one. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

_NUMERAL = "[一二三四五六七八九十百零〇]{1,5}"
# From the coarsest numbering (党政机关公文格式 GB/T 9704：一、（一）1.) to the finest; 第X章/条 in rules and measures.
_LEVELS = (
    re.compile(rf"^[ \t　]*(第{_NUMERAL}章)[ 　、:：]*(.*)$", re.MULTILINE),
    re.compile(rf"^[ \t　]*({_NUMERAL}、)[ 　]*(.*)$", re.MULTILINE),
    re.compile(rf"^[ \t　]*(第{_NUMERAL}条)[ 　、:：]*(.*)$", re.MULTILINE),
    re.compile(rf"^[ \t　]*([（(]{_NUMERAL}[）)])[ 　]*(.*)$", re.MULTILINE),
)
_TITLE = 60


@dataclass(frozen=True, slots=True)
class PartOf:
    """A numbered part: offsets into the clean text, half-open."""

    number: str
    title: str
    start: int
    end: int
    text: str


def parts_of(text: str) -> list[PartOf]:
    """Return the parts of ``text`` by the coarsest numbering that it has at least twice; else one, the whole."""
    for pattern in _LEVELS:
        heads = list(pattern.finditer(text))
        if len(heads) > 1:
            ends = [h.start() for h in heads[1:]] + [len(text)]
            return [_part(text, h, end) for h, end in zip(heads, ends, strict=True)]
    whole = text.strip()
    if not whole:
        return []
    start = text.index(whole)
    return [PartOf("", _titled(whole), start, start + len(whole), whole)]


def _part(text: str, head: re.Match[str], end: int) -> PartOf:
    words = text[head.start() : end].rstrip()
    return PartOf(head.group(1), _titled(head.group(2)), head.start(), head.start() + len(words), words.strip())


def numbering(words: str) -> tuple[str, str]:
    """Return number and title of a part by its first words; the number is empty where none stands there."""
    first = words.strip().split("\n", 1)[0]
    for pattern in _LEVELS:
        head = pattern.match(first)
        if head:
            return head.group(1), _titled(head.group(2))
    return "", _titled(first)


def _titled(line: str) -> str:
    first = line.strip().splitlines()[0] if line.strip() else ""
    return re.split(r"[。；;]", first)[0][:_TITLE]


def _plain(part: PartOf) -> str:
    """Return the words of a part without its number, which a part before it may have moved, and without spaces."""
    return re.sub(r"\s+", "", part.text.removeprefix(part.number))


@dataclass(frozen=True, slots=True)
class Pair:
    """A part of the new version and the one of the old that it comes from (indices); ``changed`` where words differ."""

    new: int
    old: int | None
    changed: bool


def compare(old: Sequence[PartOf], new: Sequence[PartOf]) -> tuple[list[Pair], list[int]]:
    """Return each new part with the old one it comes from, and the old parts that are no more.

    Parts belong together by their words, else by their title, else by their number.
    """
    free = dict(enumerate(old))
    pairs: dict[int, Pair] = {}
    for same in (
        lambda a, b: _plain(a) == _plain(b),
        lambda a, b: bool(a.title) and a.title == b.title,
        lambda a, b: bool(a.number) and a.number == b.number,
    ):
        for n, part in enumerate(new):
            if n in pairs:
                continue
            found = next((o for o, before in free.items() if same(before, part)), None)
            if found is not None:
                pairs[n] = Pair(n, found, _plain(free[found]) != _plain(part))
                del free[found]
    return [pairs.get(n, Pair(n, None, changed=False)) for n in range(len(new))], list(free)


@dataclass(frozen=True, slots=True)
class Split:
    """What is missing in the split of a plan: cells that nobody filled, parts that no unit takes up.

    Attributes:
        missing: (part, unit) without an entry.
        dropped: parts with no unit that does anything and not every unit's reason why not.
        declined: parts that every unit says do not apply to it.
    """

    missing: tuple[tuple[int, int], ...]
    dropped: tuple[int, ...]
    declined: tuple[int, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was dropped."""
        return not self.dropped


def check_split(parts: Collection[int], units: Collection[int], cells: Mapping[tuple[int, int], bool]) -> Split:
    """Return what the split of a plan lacks.

    Args:
        parts: ids of the parts.
        units: ids of the units that make a plan of their own.
        cells: (part, unit) → True where the unit says what it does, False where it says why the part does not apply.
    """
    missing = tuple((p, u) for p in parts for u in units if (p, u) not in cells)
    taken = {p for (p, u), does in cells.items() if does and u in units}
    open_parts = {p for p, _u in missing}
    idle = [p for p in parts if p not in taken]
    declined = tuple(p for p in idle if units and p not in open_parts)
    return Split(missing, tuple(p for p in idle if p not in declined), declined)
