"""What a filled form found wrong: which items, in which words, mended on the spot or a case.

How a form says so stands in docs/reference/forms.md, "Findings".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from linli.foundation.core.text import mask_personal
from linli.foundation.forms.rules import Worked, answered, in_words
from linli.foundation.forms.types import Question, QuestionType, Scored, WholeForm

_INSTANCE = re.compile(r"\[\d+\]")
LEVELS = frozenset({"general", "comprehensive", "difficult"})
SEEN, BEFORE, AFTER = "seen", "before", "after"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found wrong.

    Attributes:
        item: the path of the question.
        text: what was found, in words.
        category: code of the case category; empty: a person decides.
        level: the level that the case begins on; empty: the category's.
        mended: it was put right on the spot.
        pictures: seen, before, after → paths of the answers that hold the pictures.
        missing: path → which pictures of it must be there and are not (before, after).
    """

    item: str
    text: str
    category: str = ""
    level: str = ""
    mended: bool = False
    pictures: Mapping[str, list[str]] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


def found_in(worked: Worked, answers: Mapping[str, Any], scored: Scored) -> tuple[Found, ...]:
    """Return what was found wrong, in the order of the form.

    Args:
        worked: the form that was filled, worked out.
        answers: cleaned and nested.
        scored: the marks that the answers earn.
    """
    rows = answered(worked.form, answers)
    held = set(worked.finds())
    return tuple(
        _found(worked.form, rows, path, question)
        for path, question, _value in rows
        if path in held or _nought(path, question, scored)
    )


def checked_items(form: WholeForm, answers: Mapping[str, Any], scored: Scored) -> frozenset[str]:
    """Return the paths of the items looked at: those that could have been found wrong; 不适用 says nothing."""
    return frozenset(
        path
        for path, q, _value in answered(form, answers)
        if (q.finds or "category" in q.extra) and path not in scored.spared
    )


def _nought(path: str, question: Question, scored: Scored) -> bool:
    marks = scored.questions.get(path)
    return not question.finds and "category" in question.extra and marks is not None and not marks.earned


def _found(form: WholeForm, rows: Sequence[tuple[str, Question, Any]], path: str, question: Question) -> Found:
    extra, values = question.extra, {p: v for p, _q, v in rows}
    words = extra.get("text") or in_words(question.label, form.settings.default_language) or question.code
    note = _note(rows, near(values, path, extra.get("note", "").strip()))
    mended = values.get(near(values, path, extra.get("mended", ""))) in (True, "yes")
    codes = {name: extra.get(name, "").split() or [name] for name in (BEFORE, AFTER)}
    pictures = {name: [p for c in of if values.get(p := near(values, path, c))] for name, of in codes.items()}
    missing = {near(values, path, of[0]): name for name, of in codes.items() if not pictures[name]}
    level = extra.get("level", "")
    return Found(
        item=path,
        text=(f"{words}：{note}" if note else words)[:500],
        category=extra.get("category", ""),
        level=level if level in LEVELS else "",
        mended=mended,
        pictures={SEEN: _seen(rows, path, extra.get("photos", ""), values), **pictures},
        missing=missing if mended else {},
    )


def _note(rows: Iterable[tuple[str, Question, Any]], path: str) -> str:
    """Return what was written about a finding: nothing that is personal goes with it, into a case least of all."""
    return next((mask_personal(v) for p, q, v in rows if p == path and isinstance(v, str) and not q.personal), "")


def _seen(rows: Iterable[tuple[str, Question, Any]], path: str, codes: str, values: Mapping[str, Any]) -> list[str]:
    if codes:
        return [p for code in codes.split() if values.get(p := near(values, path, code))]
    group = path.rpartition("/")[0]
    return [p for p, q, v in rows if q.type is QuestionType.PHOTO and v and p.rpartition("/")[0] == group]


def near(values: Mapping[str, Any], path: str, code: str) -> str:
    """Return the path of the question ``code`` as seen from ``path``: in the same group, then in one around it.

    Where none of them is answered it is the place in the same group.
    """
    if not code:
        return ""
    group = path.rpartition("/")[0]
    here = group
    while True:
        at = f"{here}/{code}" if here else code
        if at in values:
            return at
        if not here:
            return f"{group}/{code}" if group else code
        here = here.rpartition("/")[0]


def bare(path: str) -> str:
    """Return a path without the numbers of instances: the question of the form."""
    return _INSTANCE.sub("", path)


def facts_in(
    form: WholeForm, answers: Mapping[str, Any], fields: frozenset[str], columns: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Return field of the ledger → answer: of the questions that name one, or that are called like one.

    What stands in a repeat is no fact of the target.

    Args:
        fields: the ledger's fields.
        columns: what every target has, such as its name; of a question that names it alone.
    """
    found: dict[str, Any] = {}
    for path, question, value in answered(form, answers):
        if "[" in path:
            continue
        named = [question.extra.get("fact", ""), *question.extra.get("tells", "").split()]
        told = {name for name in named if name in fields or name in columns}
        if not question.extra.get("fact") and question.code in fields:
            told.add(question.code)
        found |= dict.fromkeys(told, value)
    return found
