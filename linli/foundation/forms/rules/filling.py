"""Answers to a whole form worked out: what is asked, what is counted, what is wrong at which path.

The items are taken in the order in which they hang on each other (``ordering``). What is not asked is dropped,
what is counted is counted anew, whatever was sent. What was answered wrongly still decides, until it is mended,
which further questions are asked, as it does on the screen. What is read from it stands in ``worked``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from linli.foundation.forms.rules.answers import constraint_said, in_words
from linli.foundation.forms.rules.cleaning import RefusedError, cleaned
from linli.foundation.forms.rules.expressions import Moment, evaluate, number, parse, text, truth
from linli.foundation.forms.rules.ordering import ordered
from linli.foundation.forms.rules.shape import Item, Path, Place, Shape
from linli.foundation.forms.rules.standing import Index, Sheet, Standing, written
from linli.foundation.forms.types import CHOOSING, UNSEEN, Group, Question, QuestionType, WholeForm

MAX_INSTANCES = 200
_ALWAYS = {QuestionType.CALCULATE, QuestionType.HIDDEN, QuestionType.NOTE}
_CLOCKED = {QuestionType.START, QuestionType.END, QuestionType.TODAY}


class Filling:
    """One working out of a form; what it found stands in ``sheet`` and ``errors``."""

    def __init__(self, form: WholeForm, answers: Mapping[str, Any], moment: Moment, *, starting: bool) -> None:
        self.form, self.answers, self.starting = form, answers, starting
        shape = Shape.of(form)
        self.sheet = Sheet(shape, moment)
        self.order = ordered(shape)[0]
        self.errors: dict[str, list[str]] = {}
        self.unclean: dict[str, list[str]] = {}

    def run(self) -> None:
        """Work out every item, at each instance that it has."""
        for place in self.order:
            for index in self.sheet.indexes(place):
                self.sheet.budget.spend()
                self.work(place, index)
        self.unclean = self.errors

    def work(self, place: Place, index: Index) -> None:
        """Work out whether an item is asked, and its answer."""
        asked = self.above(place, index) and self.holds(place, index, place.item.relevant, empty=True)
        self.sheet.asked[place.path, index] = asked
        if isinstance(place.item, Group):
            if place.item.repeat:
                self.sheet.counts[place.path, index] = self.count(place, index) if asked else 0
        elif asked:
            self.answer(place, place.item, index)

    def above(self, place: Place, index: Index) -> bool:
        """Return whether the group of an item is asked."""
        if len(place.path) == 1:
            return True
        group = self.sheet.shape.by_path[place.path[:-1]]
        return self.sheet.asked.get((group.path, index[: len(group.parent_repeats)]), False)

    def scope(self, place: Place, index: Index, own: Any = None) -> Standing:
        """Return what an expression of an item sees."""
        return Standing(self.sheet, place, index, own)

    def holds(self, place: Place, index: Index, condition: str, own: Any = None, *, empty: bool) -> bool:
        """Return whether a condition holds; ``empty`` where there is none."""
        if not condition:
            return empty
        return truth(evaluate(parse(condition), self.scope(place, index, own)))

    def raw(self, place: Place, index: Index) -> Any:
        """Return what was answered, untouched."""
        here: Any = self.answers
        numbers = dict(zip(place.parent_repeats, index, strict=True))
        for size, code in enumerate(place.path, 1):
            here = here.get(code) if isinstance(here, Mapping) else None
            if size in numbers:
                rows = here if isinstance(here, (list, tuple)) else ()
                here = rows[numbers[size] - 1] if numbers[size] <= len(rows) else None
        return here

    def count(self, place: Place, index: Index) -> int:
        """Return how many instances a repeat has."""
        group = place.item
        rows = self.raw(place, index)
        given = len(rows) if isinstance(rows, (list, tuple)) else 0
        if isinstance(group, Group) and group.count:
            wanted = number(evaluate(parse(group.count), self.scope(place, index)))
            given = max(int(wanted), 0) if wanted is not None else 0
        elif self.starting and not given:
            given = 1
        if given > MAX_INSTANCES:
            self.wrong(place, index, _("最多 %(most)s 项，现在有 %(now)s 项。") % {"most": MAX_INSTANCES, "now": given})
        return min(given, MAX_INSTANCES)

    def wrong(self, place: Place, index: Index, message: str) -> None:
        """Keep a fault at a path."""
        self.errors.setdefault(written(place.path, place.parent_repeats, index), []).append(message)

    def answer(self, place: Place, q: Question, index: Index) -> None:
        """Keep the answer of a question, or say why not."""
        if q.type is QuestionType.NOTE and not q.calculation:
            return
        raw = self.raw(place, index)
        try:
            value = cleaned(q, self.given(place, q, index, raw), self.known(place, q, index, raw))
        except RefusedError as error:
            self.wrong(place, index, str(error))
            return
        if value is not None:
            self.sheet.kept[place.path, index] = value

    def given(self, place: Place, q: Question, index: Index, raw: Any) -> Any:
        """Return what is answered: what was sent, what is counted, or what stands at the start."""
        if q.type in _CLOCKED:
            now = self.sheet.moment.now
            return raw or (now.date() if q.type is QuestionType.TODAY else now).isoformat()
        counted = q.calculation and (q.type in _ALWAYS or (q.read_only and not q.trigger))
        empty = raw in (None, "", [], {})
        if counted or (q.calculation and empty):
            return _as_sent(q, evaluate(parse(q.calculation), self.scope(place, index, raw)))
        if not (self.starting and empty):
            return raw
        if q.default_expression:
            return _as_sent(q, evaluate(parse(q.default_expression), self.scope(place, index, raw)))
        return q.default

    def known(self, place: Place, q: Question, index: Index, raw: Any) -> list[str] | None:
        """Return the codes that may be chosen now; of a filtered list those alone that were chosen are looked at."""
        if q.type not in CHOOSING:
            return None
        choices = self.form.choices(q)
        if not q.choice_filter:
            return [c.code for c in choices]
        wanted = None if q.type is QuestionType.RANK else _codes(raw)
        tree = parse(q.choice_filter, columns=True)
        scope = self.scope(place, index)
        found = []
        for choice in choices:
            if wanted is None or choice.code in wanted:
                scope.row = choice
                if truth(evaluate(tree, scope)):
                    found.append(choice.code)
        return found

    def check(self, *, partial: bool) -> None:
        """Look whether constraints hold and what must be answered is; looked at again it begins anew."""
        self.errors = {path: list(said) for path, said in self.unclean.items()}
        for place in self.sheet.shape.places:
            if not isinstance(place.item, Question) or place.item.type in UNSEEN | {QuestionType.NOTE}:
                continue
            for index in self.sheet.indexes(place):
                where = written(place.path, place.parent_repeats, index)
                if self.sheet.asked.get((place.path, index)) and where not in self.errors:
                    self.check_one(place, place.item, index, partial)

    def check_one(self, place: Place, q: Question, index: Index, partial: bool) -> None:
        """Look at the constraint of one answer, and whether it must be there."""
        language = self.form.settings.default_language
        value = self.sheet.kept.get((place.path, index))
        if value is None:
            required = q.required or self.holds(place, index, q.required_when, empty=False) or q.least
            if required and not partial:
                self.wrong(place, index, in_words(q.required_message, language) or _("请回答这个问题。"))
            return
        if q.constraint and not self.holds(place, index, q.constraint, value, empty=True):
            self.wrong(place, index, constraint_said(q, language))
        if q.type is QuestionType.PHOTO:
            self.photos(place, q, index, len(value), partial)

    def photos(self, place: Place, q: Question, index: Index, count: int, partial: bool) -> None:
        """Look whether there are enough photos, and not too many."""
        if count < q.least and not partial:
            self.wrong(place, index, _("至少 %(least)s 张照片，现在有 %(now)s 张。") % {"least": q.least, "now": count})
        if q.most and count > q.most:
            self.wrong(place, index, _("最多 %(most)s 张照片。") % {"most": q.most})

    def nested(self, items: tuple[Item, ...], above: Path, index: Index) -> dict[str, Any]:
        """Return the answers that can be kept, nested as the form is."""
        found: dict[str, Any] = {}
        for item in items:
            path = (*above, item.code)
            if isinstance(item, Question):
                where = written(path, self.sheet.shape.by_path[path].parent_repeats, index)
                if (path, index) in self.sheet.kept and where not in self.errors:
                    found[item.code] = self.sheet.kept[path, index]
            elif item.repeat:
                count = self.sheet.counts.get((path, index), 0)
                rows = [self.nested(item.items, path, (*index, n)) for n in range(1, count + 1)]
                if rows:
                    found[item.code] = rows
            elif inner := self.nested(item.items, path, index):
                found[item.code] = inner
        return found


def _codes(raw: Any) -> set[str]:
    return {str(c) for c in raw} if isinstance(raw, (list, tuple)) else {text(raw), *text(raw).split()}


def _as_sent(q: Question, value: Any) -> Any:
    """Return a counted value as it would be sent; a number for an integer without a point."""
    if isinstance(value, (list, tuple)):
        return list(value)
    if q.type is QuestionType.ACKNOWLEDGE:
        return truth(value) or None
    return value if isinstance(value, Mapping) else text(value)


def answered(form: WholeForm, answers: Mapping[str, Any]) -> list[tuple[str, Question, Any]]:
    """Return (path, question, answer) of what is in cleaned nested ``answers``, in the order of the form."""
    return list(_answered(form.items, answers, ""))


def _answered(items: tuple[Item, ...], answers: Mapping[str, Any], above: str) -> Iterator[tuple[str, Question, Any]]:
    for item in items:
        path = f"{above}/{item.code}" if above else item.code
        value = answers.get(item.code)
        if isinstance(item, Question):
            if value is not None:
                yield path, item, value
        elif item.repeat:
            for n, row in enumerate(value if isinstance(value, list) else (), 1):
                yield from _answered(item.items, row if isinstance(row, Mapping) else {}, f"{path}[{n}]")
        elif isinstance(value, Mapping):
            yield from _answered(item.items, value, path)
