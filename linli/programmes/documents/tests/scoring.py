"""Compares what the rules find with the golden set: precision, recall, and right links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from linli.programmes.documents.rules import read
from linli.programmes.documents.rules.composing import compose
from linli.programmes.documents.tests.golden_set import Golden, bare, load
from linli.programmes.documents.types import BlockKind, Found, Kind, Reading

# How much of a requirement's characters must be the same; figures, dates and claims must be the very same.
NEAR = 0.8


@dataclass
class Score:
    """What was wanted and found of one kind, and what was missed or wrong, for people to look at."""

    wanted: int = 0
    found: int = 0
    right_wanted: int = 0
    right_found: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.right_wanted / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return self.right_found / self.found if self.found else 1.0

    def add(self, other: Score) -> None:
        self.wanted += other.wanted
        self.found += other.found
        self.right_wanted += other.right_wanted
        self.right_found += other.right_found
        self.missed += other.missed
        self.wrong += other.wrong


def plain(text: str) -> str:
    return "".join(c for c, _ in bare(text))


def places(golden: Golden, found: Found) -> frozenset[int]:
    spans = found.pieces or (found.span,)
    return frozenset(i for s in spans for i in range(s.start, s.end) if i in golden.page.known)


def _likeness(a: frozenset[int], b: frozenset[int]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0


def pair(wanted: Sequence[frozenset[int]], found: Sequence[frozenset[int]], least: float) -> dict[int, int]:
    """Return wanted → found, the best first, each used once."""
    ranked = sorted(
        ((_likeness(w, f), i, j) for i, w in enumerate(wanted) for j, f in enumerate(found) if w & f),
        key=lambda t: (-t[0], t[1], t[2]),
    )
    pairs: dict[int, int] = {}
    for likeness, i, j in ranked:
        if likeness >= least and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


class Scorer:
    """One text's figures."""

    def __init__(self, golden: Golden, reading: Reading | None = None) -> None:
        self.golden = golden
        self.reading = reading or read(golden.raw)
        self.scores: dict[str, Score] = {}
        self.links: dict[str, list[bool]] = defaultdict(list)
        self._spans("number", Kind.NUMBER, "numbers", self._number)
        self._spans("date", Kind.DATE, "dates", self._date)
        self._spans("deadline", Kind.DEADLINE, "deadlines", self._date)
        self._requirements()
        self._spans("claim", Kind.CLAIM, "claims", self._claim, strict=True)
        self._spans("agreement", Kind.AGREEMENT, "agreements", self._agreement)
        self._meetings()
        self._articles()
        for kind in (Kind.PROJECT, Kind.UNIT, Kind.POST, Kind.PLACE):
            self._names(kind)

    def _of(self, kind: Kind) -> list[Found]:
        return [f for f in self.reading.found if f.kind == kind]

    def _spans(
        self, name: str, kind: Kind, key: str, check: Callable[[Sequence[Any], Found], bool], *, strict: bool = False
    ) -> None:
        rows = self.golden.data.get(key, [])
        wanted = [self.golden.page.locate(row[0])[0] for row in rows]
        found = self._of(kind)
        pairs = pair(wanted, [places(self.golden, f) for f in found], 1.0 if key in ("numbers", "dates") else NEAR)
        if strict:
            pairs = {i: j for i, j in pairs.items() if check(rows[i], found[j])}
        else:
            for i, j in pairs.items():
                check(rows[i], found[j])
        self._keep(name, pairs, [row[0] for row in rows], [f.text for f in found])

    def _keep(self, name: str, pairs: dict[int, int], wanted: Sequence[str], found: Sequence[str]) -> None:
        score = Score(len(wanted), len(found), len(pairs), len(pairs))
        score.missed = [f"{self.golden.name} {name}: {w}" for i, w in enumerate(wanted) if i not in pairs]
        score.wrong = [f"{self.golden.name} {name}: {f}" for j, f in enumerate(found) if j not in pairs.values()]
        self.scores[name] = score

    def _link(self, name: str, right: bool) -> bool:
        self.links[name].append(right)
        return right

    def _number(self, row: Sequence[Any], found: Found) -> bool:
        got = found.attributes
        right = (got["value"], got["approx"], got["unit"]) == (row[1], row[2], row[3])
        if row[4]:
            self._link("number: what is counted", plain(row[4]) == plain(str(got["of"])))
        return self._link("number: value and unit", right)

    def _date(self, row: Sequence[Any], found: Found) -> bool:
        return self._link("date: day", (found.attributes["iso"], found.attributes["precision"]) == (row[1], row[2]))

    def _claim(self, row: Sequence[Any], found: Found) -> bool:
        got = found.attributes
        return plain(str(got["project"])) == plain(row[2]) and list(got["units"]) == list(row[1])  # type: ignore[call-overload]

    def _agreement(self, row: Sequence[Any], found: Found) -> bool:
        return self._link("agreement: parties", list(found.attributes["parties"])[-len(row[1]) :] == list(row[1]))  # type: ignore[call-overload]

    def _requirements(self) -> None:
        wanted = self.golden.requirements()
        found = self._of(Kind.REQUIREMENT)
        pairs = pair([w.places for w in wanted], [places(self.golden, f) for f in found], NEAR)
        index = {self.reading.found.index(found[j]): i for i, j in pairs.items()}
        for i, j in pairs.items():
            want, got = wanted[i], found[j].attributes
            self._link("requirement: voice", str(got["voice"]) == want.voice)
            self._link("requirement: ordinal", got["ordinal"] == want.ordinal)
            parent = index.get(got["parent"]) if got["parent"] is not None else None  # type: ignore[call-overload]
            self._link("requirement: parent", parent == want.parent)
            if want.by_unit:
                self._link("requirement: by whom", got["by_unit"] == want.by_unit)
        self._keep("requirement", pairs, [w.quote for w in wanted], [f.text for f in found])

    def _meetings(self) -> None:
        rows = self.golden.data.get("meeting", [])
        found = self._of(Kind.MEETING)
        pairs: dict[int, int] = {}
        for i, row in enumerate(rows):
            for j, f in enumerate(found):
                a, b = plain(row["name"]), plain(str(f.attributes["name"]))
                if f.article == row["article"] and (a in b or b in a) and j not in pairs.values() and i not in pairs:
                    pairs[i] = j
        for i, j in pairs.items():
            for key, none in (("date", ""), ("place", ""), ("chair", ""), ("attendance", None), ("approx", "")):
                self._link(f"meeting: {key}", found[j].attributes[key] == rows[i].get(key, none))
        self._keep("meeting", pairs, [r["name"] for r in rows], [str(f.attributes["name"]) for f in found])

    def _articles(self) -> None:
        rows, reading = self.golden.data["article"], self.reading
        got = []
        for article in reading.articles:
            composed = compose(reading.cleaned, reading.blocks, article.blocks)
            body = [
                plain(composed.text[line.start : line.end])
                for line in composed.lines
                if line.kind == BlockKind.PARAGRAPH or (line.kind == BlockKind.SECTION and len(composed.text) > 0)
            ]
            got.append((article, [b for b in body if b not in ("图片新闻", "要闻简讯")]))
        pairs: dict[int, int] = {}
        for i, row in enumerate(rows):
            starts = [plain(p) for p in row["paragraphs"]]
            for j, (article, body) in enumerate(got):
                same = len(body) == len(starts) and all(b.startswith(s) for b, s in zip(body, starts, strict=True))
                if same and article.title == row["title"] and j not in pairs.values():
                    pairs[i] = j
        for i, j in pairs.items():
            article = got[j][0]
            self._link("article: office that signs", article.source_unit == rows[i].get("source_unit", ""))
            self._link("article: by-line", dict(article.by_line) == rows[i].get("by_line", {}))
            self._link("article: continued from", article.continued_from == rows[i].get("continued_from", ""))
        self._keep("article", pairs, [r["title"] for r in rows], [a.title for a, _ in got])

    def _names(self, kind: Kind) -> None:
        wanted = {plain(n): n for n in self.golden.data.get(f"{kind.value}s", [])}
        found = {plain(str(f.attributes["name"])): str(f.attributes["name"]) for f in self._of(kind)}
        score = Score(len(wanted), len(found), len(wanted.keys() & found.keys()), len(wanted.keys() & found.keys()))
        score.missed = [f"{self.golden.name} {kind.value}: {wanted[n]}" for n in sorted(wanted.keys() - found.keys())]
        score.wrong = [f"{self.golden.name} {kind.value}: {found[n]}" for n in sorted(found.keys() - wanted.keys())]
        self.scores[kind.value] = score


KINDS = (
    "article", "requirement", "number", "claim", "agreement", "project", "meeting", "date", "deadline",
    "unit", "post", "place",
)  # fmt: skip


def score(names: Iterable[str]) -> tuple[dict[str, Score], dict[str, list[bool]], dict[str, Scorer]]:
    """Return the figures of all texts by kind, those of links, and each text's own."""
    total = {kind: Score() for kind in KINDS}
    links: dict[str, list[bool]] = defaultdict(list)
    each = {}
    for name in names:
        scorer = each[name] = Scorer(load(name))
        for kind in KINDS:
            total[kind].add(scorer.scores[kind])
        for key, values in scorer.links.items():
            links[key] += values
    return total, links, each
