"""What is known of a target as one cell of a sheet, and back: 业态：餐饮；商户联盟成员：是."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from linli.foundation.forms.types import CHOOSING, Question, QuestionSet, QuestionType

SHOWN = frozenset(
    {
        QuestionType.TEXT,
        QuestionType.LONG_TEXT,
        QuestionType.INTEGER,
        QuestionType.DECIMAL,
        QuestionType.DATE,
        QuestionType.TIME,
        QuestionType.YES_NO,
        QuestionType.CHOICE,
    }
)
_PARTS = re.compile(r"\s*[；;\n]+\s*")
_NAMED = re.compile(r"\s*[：:]\s*")
_BREAKING = re.compile(r"[；;\n]+")


class BadDetailError(ValueError):
    """A part of the cell that cannot be read; the message is the part."""


def cell_questions(asked: QuestionSet, *, personal: bool = False) -> dict[str, Question]:
    """Return label → question of what a cell holds: what is personal or what is not, no pictures, no places."""
    types = SHOWN | {QuestionType.PHONE} if personal else SHOWN
    plain = (q for q in asked.questions if q.personal == personal and q.type in types)
    return {q.label.get("zh-hans", q.code): q for q in plain}


def to_cell(asked: QuestionSet, facts: Mapping[str, Any]) -> str:
    """Return the facts as one text, in the order of the questions."""
    parts = []
    for label, question in cell_questions(asked).items():
        value = facts.get(question.code)
        if value is not None:
            parts.append(f"{label}：{said(question, value)}")
    return "；".join(parts)


def said(question: Question, value: Any) -> str:
    """Return an answer as people read it, in one line."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if question.type in CHOOSING:
        labels = {c.code: c.label.get("zh-hans", c.code) for c in question.choices}
        return "、".join(labels.get(v, str(v)) for v in (value if isinstance(value, list) else [value]))
    return _BREAKING.sub("，", str(value)).strip()


def from_cell(asked: QuestionSet, text: str, *, personal: bool = False) -> dict[str, str]:
    """Return code → answer as it is typed, for every question a cell holds: empty where the cell says nothing.

    Raises:
        BadDetailError: a part without a name, or of a name that the ledger does not know.
    """
    known = cell_questions(asked, personal=personal)
    found = {q.code: "" for q in known.values()}
    for part in filter(None, _PARTS.split(text.strip())):
        label, *rest = _NAMED.split(part, maxsplit=1)
        question = known.get(label)
        if question is None or not rest:
            raise BadDetailError(part)
        codes = {c.label.get("zh-hans", c.code): c.code for c in question.choices}
        found[question.code] = codes.get(rest[0].strip(), rest[0].strip())
    return found
