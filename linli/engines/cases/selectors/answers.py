"""What was answered to the questions of the version that a case was taken in under, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case
from linli.engines.cases.selectors.catalogue import spec_of
from linli.foundation.forms.rules import from_json
from linli.foundation.forms.types import Question, QuestionType

COVERED = "＊＊＊＊"


def _word(texts: Mapping[str, str]) -> str:
    return texts.get(get_language() or "") or texts.get("zh-hans", "")


def words_of(question: Question, answer: Any) -> str:
    """Return an answer as it was kept, in words; empty for none."""
    if answer in (None, "", [], {}):
        return ""
    if isinstance(answer, bool):
        return _("是") if answer else _("否")
    if question.type is QuestionType.PHOTO and isinstance(answer, list):
        return ngettext("%(n)s 张", "%(n)s 张", len(answer)) % {"n": len(answer)}
    if isinstance(answer, Mapping):
        return str(answer.get("text", ""))
    labels = {c.code: _word(c.label) for c in question.choices}
    chosen = answer if isinstance(answer, list) else [answer]
    return "、".join(labels.get(str(a), str(a)) for a in chosen)


def answers_of(case: Case, *, personal: bool) -> list[tuple[str, str]]:
    """Return (question, answer) in words, in the order asked; by the version of the case, never a later one.

    Args:
        personal: whether the reader may see answers that point to a person; else they are covered.
    """
    questions = spec_of(case.category_version).questions
    if not questions or not case.answers:
        return []
    found = []
    for question in from_json(dict(questions)).questions:
        words = words_of(question, case.answers.get(question.code))
        if words:
            found.append((_word(question.label), COVERED if question.personal and not personal else words))
    return found
