"""Answers to a flat question set: cleaned by type, hidden ones dropped, each fault said at its question.

Whole forms, with groups and repeats, are looked at in ``filling``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.foundation.core import faults as faults_of
from linli.foundation.forms.rules.cleaning import RefusedError
from linli.foundation.forms.rules.cleaning import cleaned as clean_answer
from linli.foundation.forms.rules.expressions import ExpressionError, evaluate, parse, truth
from linli.foundation.forms.types import Checked, Question, QuestionSet, QuestionType, Words


def relevant(question: Question, answers: Mapping[str, Any]) -> bool:
    """Return whether ``question`` is asked, given the cleaned ``answers`` before it."""
    return not question.relevant or truth(evaluate(parse(question.relevant), answers))


def check(questions: QuestionSet, answers: Mapping[str, Any], *, partial: bool = False) -> Checked:
    """Return ``answers`` looked at question by question; a draft (``partial``) may leave required ones open."""
    cleaned: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for question in questions.questions:
        if question.type is QuestionType.NOTE or not relevant(question, cleaned):
            continue
        try:
            value = clean_answer(question, answers.get(question.code))
            if value is None:
                if question.required and not partial:
                    errors[question.code] = [_("请回答这个问题。")]
                continue
            cleaned[question.code] = value
            if question.constraint and not truth(evaluate(parse(question.constraint), cleaned, value)):
                del cleaned[question.code]
                errors[question.code] = [constraint_said(question)]
        except RefusedError as error:
            errors[question.code] = [str(error)]
        except ExpressionError:
            cleaned.pop(question.code, None)
            errors[question.code] = [constraint_said(question)]
    return Checked(cleaned, errors, dict(answers))


def validate(questions: QuestionSet, answers: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
    """Return the cleaned answers.

    Raises:
        InvalidError: something is to be mended; ``fields`` says what at which question.
    """
    return settled(check(questions, answers, partial=partial))


def settled(checked: Checked) -> dict[str, Any]:
    """Return the cleaned answers of what was looked at.

    Raises:
        InvalidError: something is to be mended; ``fields`` says what at which question or path.
    """
    if not checked.ok:
        raise faults_of.several("forms", checked.errors)
    return dict(checked.cleaned)


def constraint_said(question: Question, default_language: str = "zh-hans") -> str:
    """Return what is said where the constraint of a question does not hold."""
    return in_words(question.constraint_message, default_language) or _("这个回答不符合要求。")


def in_words(words: Words, default_language: str = "zh-hans") -> str:
    """Return words in the reader's language, else in that of the form, else in any."""
    first = words.get(get_language() or "") or words.get(default_language) or words.get("zh-hans")
    return first or next(filter(None, words.values()), "")
