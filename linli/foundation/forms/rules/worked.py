"""A form worked out once with its answers, and what is read from it: faults, marks, findings, names, what is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from linli.foundation.forms.rules.answers import settled
from linli.foundation.forms.rules.expressions import Budget, ExpressionError, Moment, evaluate, parse, text
from linli.foundation.forms.rules.filling import Filling
from linli.foundation.forms.rules.scoring import marks_of
from linli.foundation.forms.rules.shape import Place
from linli.foundation.forms.rules.standing import FORM_STEPS, Index, spoken, written
from linli.foundation.forms.types import UNSEEN, Checked, Question, Scored, WholeForm, Words


class Worked:
    """One working out of a form; :func:`work_out` makes it, the readings below evaluate nothing twice.

    Each reading may be as much work as the working out itself. Where that was too much, :meth:`checked` says so as
    a fault, and the other readings raise ``ExpressionError``.
    """

    def __init__(self, filling: Filling) -> None:
        self._filling = filling
        self._failure: ExpressionError | None = None
        try:
            filling.run()
        except ExpressionError as error:
            self._failure = error

    @property
    def form(self) -> WholeForm:
        """Return the form that was worked out."""
        return self._filling.form

    def _read(self) -> Filling:
        if self._failure is not None:
            raise self._failure
        self._filling.sheet.budget = Budget(FORM_STEPS)
        return self._filling

    def _asked(self) -> Iterator[tuple[Place, Index]]:
        sheet = self._read().sheet
        for place in sheet.shape.places:
            for index in sheet.indexes(place):
                if sheet.asked.get((place.path, index)):
                    yield place, index

    def checked(self, *, partial: bool = False) -> Checked:
        """Return the answers looked at: cleaned, calculated, what is not asked dropped, each fault at its path.

        Args:
            partial: a draft may leave required questions open.
        """
        given = dict(self._filling.answers)
        try:
            filling = self._read()
            filling.check(partial=partial)
        except ExpressionError:
            return Checked({}, {"": [_("这张表的条件或算式太费时，没有算完。请联系表单的作者简化。")]}, given)
        return Checked(filling.nested(self.form.items, (), ()), filling.errors, given)

    def settled(self, *, partial: bool = False) -> dict[str, Any]:
        """Return the cleaned answers.

        Raises:
            InvalidError: something is to be mended; ``fields`` says what at which path.
        """
        return settled(self.checked(partial=partial))

    def marks(self) -> Scored:
        """Return the marks that the answers earn."""
        return marks_of(self._read())

    def finds(self) -> list[str]:
        """Return the paths of the answered questions whose ``finds`` holds, in the order of the form."""
        filling = self._read()
        return [
            written(place.path, place.parent_repeats, index)
            for place, index in self._asked()
            if isinstance(place.item, Question) and place.item.finds
            if (value := filling.sheet.kept.get((place.path, index))) is not None
            and filling.holds(place, index, place.item.finds, value, empty=False)
        ]

    def asked(self) -> list[str]:
        """Return the paths of the questions that are asked, in the order of the form."""
        return [
            written(place.path, place.parent_repeats, index)
            for place, index in self._asked()
            if isinstance(place.item, Question) and place.item.type not in UNSEEN
        ]

    def words(self) -> dict[str, dict[str, Words]]:
        """Return path → label and hint of what is asked, the answers put in that they refer to (``${name}``)."""
        filling = self._read()
        found: dict[str, dict[str, Words]] = {}
        for place, index in self._asked():
            scope = filling.scope(place, index)
            found[written(place.path, place.parent_repeats, index)] = {
                name: {language: spoken(said, scope) for language, said in words.items()}
                for name in ("label", "hint")
                if (words := getattr(place.item, name, {}))
            }
        return found

    def name(self) -> str:
        """Return how the filled form is called, by the expression of its settings; empty where it has none."""
        expression = self.form.settings.instance_name
        if not expression:
            return ""
        nowhere = Place(self.form.items[0], ())
        return text(evaluate(parse(expression), self._read().scope(nowhere, ())))


def work_out(form: WholeForm, answers: Mapping[str, Any], *, moment: Moment) -> Worked:
    """Return a form worked out with its answers.

    Args:
        form: a form without problems.
        answers: nested as the form is, as they were sent or as they were cleaned.
        moment: what time it was where the form was filled.
    """
    return Worked(Filling(form, answers, moment, starting=False))


def check_form(form: WholeForm, answers: Mapping[str, Any], *, moment: Moment, partial: bool = False) -> Checked:
    """Return answers looked at, where nothing else is read: :meth:`Worked.checked`."""
    return work_out(form, answers, moment=moment).checked(partial=partial)


def start_form(form: WholeForm, *, moment: Moment, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the answers that stand at the start: what is known, defaults, what can be counted already.

    Args:
        form: a form without problems.
        moment: what time it is where the form is filled.
        known: nested answers known of the target, which go before any default.
    """
    filling = Filling(form, known or {}, moment, starting=True)
    try:
        filling.run()
    except ExpressionError:
        return dict(known or {})
    return filling.nested(form.items, (), ())
