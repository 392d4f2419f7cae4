"""What may be reported: kinds as services, their questions as attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.engines.cases import selectors as cases
from linli.engines.cases.selectors import CategoryNode
from linli.foundation.forms import rules as forms
from linli.foundation.forms.types import Question, QuestionType
from linli.interfaces.open311.answers import Items

REALTIME, BATCH = "realtime", "batch"
_DATATYPES = {
    QuestionType.LONG_TEXT: "text",
    QuestionType.INTEGER: "number",
    QuestionType.DECIMAL: "number",
    QuestionType.DATE: "datetime",
    QuestionType.DATETIME: "datetime",
    QuestionType.YES_NO: "singlevaluelist",
    QuestionType.CHOICE: "singlevaluelist",
    QuestionType.CHOICES: "multivaluelist",
}
READ_ONLY = frozenset({QuestionType.NOTE, QuestionType.PHOTO})
"""Nothing is typed there: words to read, and pictures, which are sent as ``media``."""


def _word(texts: Mapping[str, str]) -> str:
    return texts.get(get_language() or "") or texts.get("zh-hans", "")


def service(code: str) -> CategoryNode | None:
    """Return the kind with ``code``, None where nobody outside may report it."""
    return next((n for n in cases.offered() if n.spec.code == code), None)


def way(node: CategoryNode) -> str:
    """Return how one learns the number: at once, or by a token once somebody has been on the spot."""
    return BATCH if node.spec.verify else REALTIME


def questions(node: CategoryNode) -> list[Question]:
    """Return the questions of a kind, in their order."""
    return list(forms.from_json(dict(node.spec.questions)).questions) if node.spec.questions else []


def services() -> Items:
    """Return the list of what may be reported."""
    groups = {n.spec.code: n.spec.resident_name for n in cases.categories() if not n.parent}
    return Items("service", [_service(n, groups.get(n.parent, n.group)) for n in cases.offered()])


def _service(node: CategoryNode, group: str) -> dict[str, Any]:
    spec = node.spec
    return {
        "service_code": spec.code,
        "service_name": spec.resident_name,
        "description": spec.advice() or (spec.name if spec.name != spec.resident_name else ""),
        "metadata": bool(questions(node)),
        "type": way(node),
        "keywords": ",".join(w.replace(",", " ") for w in spec.words),
        "group": group,
    }


def definition(node: CategoryNode) -> dict[str, Any]:
    """Return the questions of a kind as the standard's attributes."""
    rows = [_attribute(q, order) for order, q in enumerate(questions(node), 1)]
    return {"service_code": node.spec.code, "attributes": Items("attribute", rows)}


def _attribute(question: Question, order: int) -> dict[str, Any]:
    typed = question.type not in READ_ONLY
    found: dict[str, Any] = {
        "variable": typed,
        "code": question.code,
        "datatype": _DATATYPES.get(question.type, "string"),
        "required": typed and question.required and not question.relevant,
        "datatype_description": _described(question),
        "order": order,
        "description": _word(question.label),
    }
    values = [{"key": c.code, "name": _word(c.label)} for c in question.choices]
    if question.type is QuestionType.YES_NO:
        values = [{"key": "yes", "name": _("是")}, {"key": "no", "name": _("否")}]
    return found | ({"values": Items("value", values)} if values else {})


def _described(question: Question) -> str | None:
    """Return how the answer is written, with the question's own hint."""
    ways = {
        QuestionType.DATE: _("日期，如 2026-03-10。"),
        QuestionType.TIME: _("时间，如 09:30。"),
        QuestionType.DATETIME: _("日期和时间，如 2026-03-10T09:30。"),
        QuestionType.PLACE: _("地点的文字，或“纬度 经度”。"),
        QuestionType.PHOTO: _("照片用 media 字段随上报一起发送。"),
    }
    return " ".join(filter(None, [_word(question.hint), ways.get(question.type, "")])) or None
