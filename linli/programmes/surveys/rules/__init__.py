"""The arithmetic of a survey: shares with their margin, what is too few to be shown, waves compared.

Sources: Wilson 1927 for the interval; the finite population by the effective size n (N − 1) ÷ (N − n) (Cochran,
Sampling Techniques, 3rd ed. 1977, § 3.2: the variance of a share drawn without replacement); the whole by
``fieldwork.rules.sampling.weighted``. All shares are exact fractions; intervals hold a square root and are floats.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Any

from linli.engines.fieldwork.rules.sampling import Counted, Interval, weighted, z_of
from linli.foundation.forms.types import UPLOADS, Choice, Group, Question, QuestionType, WholeForm

CONFIDENCE = Fraction(19, 20)
_CHOSEN = frozenset({QuestionType.CHOICE, QuestionType.CHOICES, QuestionType.YES_NO})
_WRITTEN = frozenset({QuestionType.TEXT, QuestionType.LONG_TEXT})
_ASKED = _CHOSEN | _WRITTEN | {QuestionType.NOTE}
YES, NO = "yes", "no"


def between(hits: int, count: int, whole: int) -> Interval | None:
    """Return between what a share lies at 95 %; None where nobody answered.

    Args:
        hits: how many said so.
        count: how many answered.
        whole: how many there are; 0 where nobody knows: then no correction is made.
    """
    if not count:
        return None
    share = hits / count
    if whole and count >= whole:
        return Interval(share, share)
    size = count * (whole - 1) / (whole - count) if whole > 1 else float(count)
    z2 = z_of(CONFIDENCE) ** 2
    middle = (share * size + z2 / 2) / (size + z2)
    half = sqrt(z2 * (share * (1 - share) * size + z2 / 4)) / (size + z2)
    return Interval(0.0 if hits == 0 else max(0.0, middle - half), 1.0 if hits == count else min(1.0, middle + half))


def guarded(counts: Mapping[str, int], small: int) -> dict[str, int | None]:
    """Return counts as they may be shown: None for what could lead to a person.

    Counts from 1 to below ``small`` are covered; where by that only one is covered, or those covered are too few
    together, the next smallest is covered too, since it could be reckoned from the sum. Below ``small`` in all, all is.
    """
    if sum(counts.values()) < small:
        return dict.fromkeys(counts)
    hidden = {code for code, n in counts.items() if 0 < n < small}
    rest = sorted((code for code in counts if code not in hidden and counts[code]), key=lambda c: (counts[c], c))
    while hidden and rest and (len(hidden) < 2 or sum(counts[c] for c in hidden) < small):
        hidden.add(rest.pop(0))
    return {code: None if code in hidden else n for code, n in counts.items()}


@dataclass(frozen=True, slots=True)
class Figure:
    """One index of one area, or of the whole.

    Attributes:
        count: how many answered it; None where they are too few to be told.
        share: None where too few answered.
        whole: how many there are, 0 where nobody knows.
    """

    count: int | None
    share: Fraction | None = None
    between: Interval | None = None
    whole: int = 0


def figure(counts: Mapping[str, int], good: Iterable[str], whole: int, *, small: int, least: int) -> Figure:
    """Return the share of the ``good`` answers of one area."""
    count = sum(counts.values())
    if count < small:
        return Figure(None, whole=whole)
    if count < least:
        return Figure(count, whole=whole)
    hits = sum(counts.get(code, 0) for code in set(good))
    return Figure(count, Fraction(hits, count), between(hits, count, whole), whole)


def overall(areas: Mapping[str, Mapping[str, int]], good: Iterable[str], sizes: Mapping[str, int], *, small: int,
            least: int) -> Figure:  # fmt: skip
    """Return the share of the whole, each area weighted by its size; areas with too few answers are left out.

    They are left out of the counts too: nobody can take the others off the whole and see them. Where no sizes are
    known every answer weighs the same.
    """
    kept = {area: counts for area, counts in areas.items() if sum(counts.values()) >= small}
    count = sum(sum(counts.values()) for counts in kept.values())
    codes = set(good)
    if count < least:
        return Figure(count if count >= small else None)
    hits = {area: sum(n for code, n in counts.items() if code in codes) for area, counts in kept.items()}
    if not all(sizes.get(area) for area in kept):
        total = sum(hits.values())
        return Figure(count, Fraction(total, count), between(total, count, 0))
    strata = {
        area: Counted(max(sizes[area], sum(counts.values())), sum(counts.values()), hits[area])
        for area, counts in kept.items()
    }
    found = weighted(strata, CONFIDENCE)
    if found is None:
        return Figure(count)
    lies = None
    if found.margin is not None:
        share = float(found.share)
        lies = Interval(max(0.0, share - found.margin), min(1.0, share + found.margin))
    return Figure(count, found.share, lies, found.covered)


def rate(answered: int, asked: int, small: int) -> Fraction | None:
    """Return the response rate; None where nobody was asked by name of a list, or too few answered."""
    return Fraction(min(answered, asked), asked) if asked and answered >= small else None


def questions(items: tuple[Question | Group, ...], above: str = "") -> Iterator[tuple[str, Question]]:
    """Return (path, question) of a form without repeats."""
    for item in items:
        path = f"{above}/{item.code}" if above else item.code
        if isinstance(item, Question):
            yield path, item
        else:
            yield from questions(item.items, path)


def options(form: WholeForm, question: Question) -> tuple[Choice, ...]:
    """Return what may be chosen."""
    if question.type is QuestionType.YES_NO:
        return (Choice(YES, {"zh-hans": "是", "en": "Yes"}), Choice(NO, {"zh-hans": "否", "en": "No"}))
    return question.choices or form.lists.get(question.list, ())


def counted(form: WholeForm) -> list[tuple[str, Question]]:
    """Return the questions that are counted: those with answers to choose."""
    return [(path, q) for path, q in questions(form.items) if q.type in _CHOSEN]


def indices(form: WholeForm) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return index → (path of its question, the answers that are good); the first question of each counts.

    A question says it in the columns ``linli_index`` (awareness, feeling, satisfaction) and ``linli_good`` (codes by
    blanks). Without the second the yes of a yes-or-no question is good, of others what earns at least 0.6 of the mark.
    """
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for path, q in counted(form):
        name = q.extra.get("index", "")
        if name and name not in found and q.type is not QuestionType.CHOICES:
            marked = tuple(c.code for c in options(form, q) if c.mark and Fraction(c.mark) >= Fraction(3, 5))
            good = tuple(q.extra.get("good", "").split()) or ((YES,) if q.type is QuestionType.YES_NO else marked)
            found[name] = (path, good)
    return found


def unfit(form: WholeForm) -> list[str]:
    """Return the questions that an anonymous survey cannot ask: what leads to a person, a place, a moment or a file."""
    found = []
    for item in _all(form.items):
        if isinstance(item, Group):
            if item.repeat:
                found.append(item.code)
        elif item.personal or item.type in UPLOADS or item.type not in _ASKED:
            found.append(item.code)
    return found


def _all(items: tuple[Question | Group, ...]) -> Iterator[Question | Group]:
    for item in items:
        yield item
        if isinstance(item, Group):
            yield from _all(item.items)


def tally(form: WholeForm, sheets: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, dict[str, dict[str, int]]]:
    """Return path → area → code → how many, of (area, answers); nothing of two questions together.

    Of several answers each counts; the area of who named none is the empty text.
    """
    asked = counted(form)
    found: dict[str, dict[str, dict[str, int]]] = {path: {} for path, _q in asked}
    for area, answers in sheets:
        for path, _question in asked:
            value = _at(answers, path)
            codes = value if isinstance(value, list) else [] if value is None else [value]
            for code in codes:
                name = YES if code is True else NO if code is False else str(code)
                here = found[path].setdefault(area, {})
                here[name] = here.get(name, 0) + 1
    return found


def _at(answers: Mapping[str, Any], path: str) -> Any:
    here: Any = answers
    for step in path.split("/"):
        here = here.get(step) if isinstance(here, Mapping) else None
    return here
