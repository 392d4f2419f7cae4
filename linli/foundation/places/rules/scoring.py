"""How well places are read: phrases of which a person said what they mean, addresses with labelled parts. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from linli.foundation.places.rules.spans import Part, PartKind
from linli.foundation.places.types import Candidate, Reading


class Answer(StrEnum):
    """What is right for a phrase: a certain place, a question, or nothing."""

    CERTAIN = "certain"
    ASKED = "asked"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase with what a person said of it.

    Attributes:
        areas: names of the area that is meant, or of those that come into question, without 居民区.
        place: the name or the address that the place must have, empty where only the area counts.
    """

    text: str
    answer: Answer
    areas: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was answered to a phrase, and whether that is right."""

    phrase: Phrase
    given: Answer
    right: bool
    reading: Reading


@dataclass(frozen=True, slots=True)
class Score:
    """What came out over many phrases.

    Attributes:
        outcomes: one for each phrase, in their order.
    """

    outcomes: tuple[Outcome, ...]

    def of(self, answer: Answer) -> list[Outcome]:
        """Return the outcomes of the phrases of which ``answer`` is right."""
        return [o for o in self.outcomes if o.phrase.answer is answer]

    @property
    def wrong(self) -> list[Outcome]:
        """What was answered wrongly."""
        return [o for o in self.outcomes if not o.right]

    @property
    def precision(self) -> float:
        """Of the certain answers the share that is right."""
        certain = [o for o in self.outcomes if o.given is Answer.CERTAIN]
        return _share(sum(o.right for o in certain), len(certain))

    @property
    def recall(self) -> float:
        """Of the phrases that name a certain place the share answered so, and rightly."""
        return self.rate(Answer.CERTAIN)

    def rate(self, answer: Answer) -> float:
        """Return the share of the phrases of one kind that were answered rightly."""
        rows = self.of(answer)
        return _share(sum(o.right for o in rows), len(rows))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def phrases_of(rows: Iterable[dict[str, str]]) -> list[Phrase]:
    """Return the phrases of a sheet with the columns text, answer, area (parted by |) and place.

    Raises:
        ValueError: an answer that is none of ours.
    """
    return [
        Phrase(
            r["text"],
            Answer(r["answer"]),
            tuple(a for a in r.get("area", "").split("|") if a),
            r.get("place", "") or "",
        )
        for r in rows
        if r.get("text")
    ]


def score(phrases: Iterable[Phrase], read: Callable[[str], Reading]) -> Score:
    """Return how well ``read`` answers."""
    return Score(tuple(_outcome(p, read(p.text)) for p in phrases))


def _outcome(phrase: Phrase, reading: Reading) -> Outcome:
    given = Answer.CERTAIN if reading.certain else Answer.ASKED if reading.asked else Answer.NONE
    right = given is phrase.answer
    if right and given is Answer.CERTAIN and reading.certain is not None:
        right = _is(reading.certain, phrase.areas, phrase.place)
    elif right and given is Answer.ASKED and (phrase.areas or phrase.place):
        right = _asks(reading.asked, phrase)
    return Outcome(phrase, given, right, reading)


def _asks(asked: Sequence[Candidate], phrase: Phrase) -> bool:
    """Return whether every place that comes into question is among what is asked."""
    if not phrase.areas:
        return any(_is(c, (), phrase.place) for c in asked)
    return all(any(_is(c, (area,), phrase.place) for c in asked) for area in phrase.areas)


def _is(found: Candidate, areas: Sequence[str], place: str) -> bool:
    area = found.place.area_name.removesuffix("居民区")
    named = place in found.place.name or place in found.place.address or place in found.place.aliases
    return (not areas or area in areas) and (not place or named)


LABELS = {
    "road": PartKind.ROAD, "roadno": PartKind.NUMBER, "poi": PartKind.NAME, "community": PartKind.COMMUNITY,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartScore:
    """How many spans of one kind were found that are right, found that are not, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of the spans found the share that is right to the character."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of the spans that there are the share that was found."""
        return _share(self.right, self.right + self.missed)


def labelled(lines: Iterable[str]) -> Iterator[tuple[str, set[Part]]]:
    """Return addresses with their labelled parts: a line has characters and a label (B-road), a blank one ends it."""
    text, spans = "", list[tuple[str, int, int]]()
    for line in (*lines, ""):
        written, _space, label = line.rstrip("\n").rpartition(" ")
        if not written and text:
            yield text, {Part(LABELS[kind], begin, end) for kind, begin, end in spans if kind in LABELS}
            text, spans = "", []
            continue
        begin = len(text)
        text += written
        if label.startswith("I-") and spans:
            spans[-1] = (spans[-1][0], spans[-1][1], len(text))
        elif label.startswith("B-"):
            spans.append((label[2:], begin, len(text)))


def score_parts(
    addresses: Iterable[tuple[str, set[Part]]], find: Callable[[str], Iterable[Part]]
) -> dict[PartKind, PartScore]:
    """Return for each kind of part how well ``find`` finds it: exact spans only."""
    right, wrong, missed = Counter[PartKind](), Counter[PartKind](), Counter[PartKind]()
    for text, there in addresses:
        found = {p for p in find(text) if p.kind in LABELS.values()}
        right.update(p.kind for p in found & there)
        wrong.update(p.kind for p in found - there)
        missed.update(p.kind for p in there - found)
    return {k: PartScore(right[k], wrong[k], missed[k]) for k in LABELS.values()}
