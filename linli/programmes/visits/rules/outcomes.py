"""What a filled visit says beside its findings: what was given out, what is needed, which details were noted.

A form says so in the columns ``linli_given``, ``linli_need`` and ``linli_noted`` (docs/how-to/door-visits.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from linli.engines.fieldwork.rules.finding import near
from linli.foundation.forms.rules import answered, in_words
from linli.foundation.forms.types import Question, QuestionType, WholeForm

GIFTS = frozenset({"publicity", "service", "resource"})
MOST_NAME, MOST_NEED = 60, 500
YES = (True, "yes")
NUMBERS = frozenset({QuestionType.INTEGER, QuestionType.DECIMAL})


@dataclass(frozen=True, slots=True)
class Brought:
    """One thing given out on a visit: of which sort, what, how many."""

    path: str
    gift: str
    name: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Needed:
    """Something that somebody needs, in their words; ``reply_by``: the day by which an answer was promised."""

    path: str
    text: str
    owner: str = ""
    reply_by: date | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """A detail noted about a person.

    Attributes:
        purpose: what for, as the form says.
        consent: the person agreed that it is kept; without that it is forgotten.
        days: how long it is kept; None: as long as the rulebook says.
    """

    path: str
    label: str
    purpose: str
    consent: bool
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a visit brought and what it leaves to be done."""

    brought: tuple[Brought, ...]
    needed: tuple[Needed, ...]
    noted: tuple[Noted, ...]


def outcome(form: WholeForm, answers: Mapping[str, Any]) -> Outcome:
    """Return what the cleaned ``answers`` to ``form`` say, in the order of the form."""
    rows = list(answered(form, answers))
    values = {path: value for path, _q, value in rows}
    brought: list[Brought] = []
    needed: list[Needed] = []
    noted: list[Noted] = []
    for path, question, value in rows:
        extra = question.extra
        if extra.get("given"):
            brought.extend(_brought(form, path, question, value, values))
        if extra.get("need") and isinstance(value, str) and value.strip():
            reply_by = _day(values.get(near(values, path, extra.get("reply", ""))))
            needed.append(Needed(path, value.strip()[:MOST_NEED], extra.get("owner", "").strip(), reply_by))
        if extra.get("noted"):
            consent = values.get(near(values, path, extra.get("consent", ""))) in YES
            label = in_words(question.label, form.settings.default_language) or question.code
            noted.append(Noted(path, label, extra["noted"].strip(), consent, _days(extra.get("keep_days", ""))))
    return Outcome(tuple(brought), tuple(needed), tuple(noted))


def _brought(
    form: WholeForm, path: str, question: Question, value: Any, values: Mapping[str, Any]
) -> Iterator[Brought]:
    code, gift = question.extra.get("quantity", ""), question.extra["given"]
    gift = gift if gift in GIFTS else str(values.get(near(values, path, gift), ""))
    counted = question.type in NUMBERS and not code
    quantity = _number(value if counted else values.get(near(values, path, code))) if code or counted else Decimal(1)
    if quantity <= 0 or gift not in GIFTS:
        return
    for name in _names(form, question, value):
        yield Brought(path, gift, name[:MOST_NAME], quantity)


def _names(form: WholeForm, question: Question, value: Any) -> Iterator[str]:
    """Return what was given in words: of a choice its label, of a yes or a number the question's own."""
    language = form.settings.default_language
    if question.type in {QuestionType.CHOICE, QuestionType.CHOICES}:
        labels = {c.code: in_words(c.label, language) or c.code for c in form.choices(question)}
        yield from (labels.get(code, code) for code in ([value] if isinstance(value, str) else value))
    elif question.type is QuestionType.YES_NO or question.type in NUMBERS:
        if question.type in NUMBERS or value in YES:
            yield in_words(question.label, language) or question.code
    elif isinstance(value, str) and value.strip():
        yield value.strip()


def _number(value: Any) -> Decimal:
    try:
        return Decimal(str(value)) if value is not None else Decimal(1)
    except InvalidOperation:
        return Decimal(1)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _days(text: str) -> int | None:
    return int(text) if text.strip().isdecimal() and 0 < int(text) < 20_000 else None
