"""Marks of a filled form: weights, full marks, vetoes; what does not apply leaves the reckoning (domain.md §4).

得分率 = Σ score / Σ full score. A mark is full × weight × part: of a choice its ``mark``, of several the sum of
theirs up to 1, of yes or no 1 or 0, of a range how far along it is, of others whether ``passes`` holds (without it,
whether it was answered). A mark of nought with a veto makes its group, or the form, nought.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from linli.foundation.forms.rules.expressions import evaluate, parse, truth
from linli.foundation.forms.rules.filling import Filling
from linli.foundation.forms.rules.shape import Item, Path, Place
from linli.foundation.forms.rules.standing import Index, written
from linli.foundation.forms.types import Question, QuestionType, Score, Scored, Total

_NOUGHT, _ONE = Decimal(0), Decimal(1)


class _Marking:
    def __init__(self, filling: Filling) -> None:
        self.filling, self.form, self.sheet = filling, filling.form, filling.sheet
        self.groups: dict[str, Total] = {}
        self.questions: dict[str, Total] = {}
        self.spared: list[str] = []
        self.unanswered: list[str] = []
        self.vetoes: list[str] = []

    def level(self, items: tuple[Item, ...], above: Path, index: Index) -> Total:
        """Return the marks of what stands together; a veto of the group counts here."""
        parts: list[Total] = []
        vetoes: list[str] = []
        for item in items:
            path = (*above, item.code)
            place = self.sheet.shape.by_path[path]
            if isinstance(item, Question):
                if item.score and self.sheet.asked.get((path, index)):
                    parts += self.question(place, item, item.score, index, vetoes)
            elif item.repeat:
                parts.append(self.repeat(place, item.items, index))
            else:
                parts.append(self.group(written(path, place.parent_repeats, index), item.items, path, index))
        found = _sum(parts)
        return Total(_NOUGHT, found.full, tuple(vetoes)) if vetoes else found

    def group(self, name: str, items: tuple[Item, ...], path: Path, index: Index) -> Total:
        found = self.level(items, path, index)
        if found.full or found.vetoed:
            self.groups[name] = found
        return found

    def repeat(self, place: Place, items: tuple[Item, ...], index: Index) -> Total:
        name = written(place.path, place.parent_repeats, index)
        count = self.sheet.counts.get((place.path, index), 0)
        parts = [self.group(f"{name}[{n}]", items, place.path, (*index, n)) for n in range(1, count + 1)]
        found = _sum(parts)
        if found.full:
            self.groups[name] = found
        return found

    def question(self, place: Place, q: Question, score: Score, index: Index, vetoes: list[str]) -> list[Total]:
        where = written(place.path, place.parent_repeats, index)
        value = self.sheet.kept.get((place.path, index))
        codes = value if isinstance(value, list) else [_code(value)]
        if value is not None and set(codes) & set(score.spared):
            self.spared.append(where)
            return []
        if value is None:
            self.unanswered.append(where)
        part = _NOUGHT if value is None else self.part(place, q, score, index, value)
        full = Decimal(score.full) * Decimal(score.weight)
        found = Total(full * part, full)
        self.questions[where] = found
        if not part and value is not None and score.veto:
            vetoes.append(where)
            if score.veto == "form":
                self.vetoes.append(where)
        return [found]

    def part(self, place: Place, q: Question, score: Score, index: Index, value: Any) -> Decimal:
        """Return which part of the full mark an answer earns, 0 to 1."""
        if score.passes:
            scope = self.filling.scope(place, index, value)
            return _ONE if truth(evaluate(parse(score.passes), scope)) else _NOUGHT
        if q.type in {QuestionType.CHOICE, QuestionType.CHOICES}:
            chosen = value if isinstance(value, list) else [value]
            marks = sum((Decimal(c.mark or 0) for c in self.form.choices(q) if c.code in chosen), _NOUGHT)
            return min(max(marks, _NOUGHT), _ONE)
        if q.type is QuestionType.YES_NO:
            return _ONE if value else _NOUGHT
        if q.type is QuestionType.RANGE:
            start, end = (Decimal(q.parameters.get(k, usual)) for k, usual in (("start", "1"), ("end", "10")))
            return (Decimal(str(value)) - start) / (end - start)
        return _ONE


def _code(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _sum(parts: list[Total]) -> Total:
    return Total(sum((p.earned for p in parts), _NOUGHT), sum((p.full for p in parts), _NOUGHT))


def marks_of(filling: Filling) -> Scored:
    """Return the marks that the answers of a form that was worked out earn.

    Raises:
        ExpressionError: the form's conditions are too much work.
    """
    marking = _Marking(filling)
    total = marking.level(filling.form.items, (), ())
    if marking.vetoes:
        total = Total(_NOUGHT, total.full, tuple(marking.vetoes))
    return Scored(total, marking.groups, marking.questions, tuple(marking.spared), tuple(marking.unanswered))
