"""How well places are read from text, held against phrases of which a person said what they mean. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

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
        precision: of the certain answers those that are right. recall: of the phrases that are certain those answered so.
        asked: of the phrases to be asked those that were. kept: of the phrases without a place those left alone.
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
        Phrase(r["text"], Answer(r["answer"]), tuple(a for a in r.get("area", "").split("|") if a), r.get("place", "") or "")
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
