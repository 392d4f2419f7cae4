"""Question sets as JSON, checked when they are read; the same JSON goes to the browser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from linli.foundation.forms.rules.expressions import ExpressionError, asks_the_clock, names, parse, syntax
from linli.foundation.forms.types import FLAT_TYPES, Choice, Question, QuestionSet, QuestionType

_CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_CHOOSING = {QuestionType.CHOICE, QuestionType.CHOICES}
MAX_QUESTIONS = 500


class BadSetError(ValueError):
    """A question set that cannot be: which question, and a code of what is wrong with it."""

    def __init__(self, question: str, what: str) -> None:
        """Say which question and what."""
        super().__init__(f"{question}: {what}")
        self.question, self.what = question, what


def to_json(questions: QuestionSet) -> dict[str, Any]:
    """Return the set as JSON; ``relevant_tree`` and ``constraint_tree`` are for the browser to walk."""
    return {"version": questions.version, "questions": [_question_json(q) for q in questions.questions]}


def _question_json(q: Question) -> dict[str, Any]:
    return {
        "code": q.code,
        "type": q.type.value,
        "label": dict(q.label),
        "hint": dict(q.hint),
        "required": q.required,
        "relevant": q.relevant,
        "relevant_tree": syntax(q.relevant),
        "constraint": q.constraint,
        "constraint_tree": syntax(q.constraint),
        "constraint_message": dict(q.constraint_message),
        "choices": [{"code": c.code, "label": dict(c.label)} for c in q.choices],
        "default": q.default,
        "personal": q.personal,
    }


def from_json(data: Any) -> QuestionSet:
    """Return the set that JSON describes.

    Raises:
        BadSetError: a code twice or malformed, an unknown type, no label, choices missing or
            twice, an expression that cannot be read or asks about a later or unknown question.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("questions"), list):
        raise BadSetError("", "shape")
    if len(data["questions"]) > MAX_QUESTIONS:
        raise BadSetError("", "too_many")
    found: list[Question] = []
    for raw in data["questions"]:
        question = _question(raw)
        _check_names(question, {q.code for q in found})
        found.append(question)
    version = data.get("version", 1)
    if not isinstance(version, int) or isinstance(version, bool):
        raise BadSetError("", "version")
    return QuestionSet(version, tuple(found))


def _labels(raw: Any) -> dict[str, str]:
    return {str(k): str(v) for k, v in raw.items()} if isinstance(raw, Mapping) else {}


def _question(raw: Any) -> Question:
    code = str(raw.get("code", "")) if isinstance(raw, Mapping) else ""
    if not _CODE.fullmatch(code):
        raise BadSetError(code, "code")
    try:
        kind = QuestionType(raw.get("type", "text"))
    except ValueError as error:
        raise BadSetError(code, "type") from error
    if kind not in FLAT_TYPES:
        raise BadSetError(code, "type")
    label = _labels(raw.get("label"))
    if not label.get("zh-hans"):
        raise BadSetError(code, "label")
    return Question(
        code=code,
        type=kind,
        label=label,
        hint=_labels(raw.get("hint")),
        required=bool(raw.get("required", False)),
        relevant=str(raw.get("relevant") or "").strip(),
        constraint=str(raw.get("constraint") or "").strip(),
        constraint_message=_labels(raw.get("constraint_message")),
        choices=_choices(code, kind, raw.get("choices") or []),
        default=raw.get("default"),
        personal=bool(raw.get("personal", False)),
    )


def _choices(code: str, kind: QuestionType, raw: Any) -> tuple[Choice, ...]:
    if not isinstance(raw, (list, tuple)) or not all(isinstance(c, Mapping) for c in raw):
        raise BadSetError(code, "choices")
    found = tuple(Choice(str(c.get("code", "")), _labels(c.get("label"))) for c in raw)
    codes = [c.code for c in found]
    if (kind in _CHOOSING) != bool(found) or len(set(codes)) < len(codes) or not all(codes):
        raise BadSetError(code, "choices")
    return found


def _check_names(question: Question, before: set[str]) -> None:
    if question.code in before:
        raise BadSetError(question.code, "twice")
    for text, known in ((question.relevant, before), (question.constraint, before | {question.code})):
        if not text:
            continue
        try:
            tree = parse(text)
        except ExpressionError as error:
            raise BadSetError(question.code, "expression") from error
        if asks_the_clock(tree):
            raise BadSetError(question.code, "expression")  # a set is looked at without a clock
        asked = names(tree)
        if asked - known:
            raise BadSetError(question.code, "unknown_name")
