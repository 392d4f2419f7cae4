"""What the form shows besides what was typed: kinds by group, suggestions, questions, places found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from linli.engines.cases import selectors as cases
from linli.engines.cases.selectors import CategoryNode
from linli.engines.cases.types import Source
from linli.engines.judgement.selectors import category
from linli.foundation.core import clock
from linli.foundation.forms import rules as forms
from linli.foundation.forms.types import Question, QuestionType
from linli.foundation.places import selectors as places
from linli.foundation.places.types import PlaceSort
from linli.interfaces.portal.report.place import heard_in
from linli.interfaces.web.places_heard import offered

HIDDEN = cases.NOT_FOR_RESIDENTS
# Tabler has no icon of that name.
ICONS = {"alert": "alert-circle"}


@dataclass(frozen=True, slots=True)
class Tile:
    """One kind of problem to choose."""

    code: str
    name: str
    icon: str
    danger: str


def tile(node: CategoryNode) -> Tile:
    """Return a category as a tile."""
    return Tile(node.spec.code, node.spec.resident_name, ICONS.get(node.spec.icon, node.spec.icon), node.spec.advice())


def groups(chosen: str) -> list[dict[str, Any]]:
    """Return the kinds by group; the one with the chosen kind stands open."""
    found: dict[str, list[Tile]] = {}
    for node in cases.offered():
        found.setdefault(node.parent, []).append(tile(node))
    names = {n.spec.code: n.spec.resident_name for n in cases.categories() if not n.parent}
    return [
        {"name": names.get(code, code), "tiles": tiles, "open": any(t.code == chosen for t in tiles)}
        for code, tiles in found.items()
    ]


def suggestions(text: str, *, limit: int = 4) -> list[Tile]:
    """Return the kinds that residents' words in ``text`` speak of, best first."""
    found = _suggested(text, limit + len(HIDDEN))
    return [tile(n) for n in found.nodes if n.spec.code not in HIDDEN][:limit]


def _suggested(text: str, limit: int) -> category.Suggestion:
    return category.suggest(text[:500], now=clock.now(), source=Source.RESIDENT, limit=limit)


def best(text: str) -> str:
    """Return the code of the kind that ``text`` surely speaks of, ``other`` where none is sure enough."""
    node = _suggested(text, 1).chosen
    return node.spec.code if node is not None and node.spec.code not in HIDDEN else "other"


def known(code: str) -> CategoryNode | None:
    """Return the kind with ``code``, if residents may choose it."""
    node = cases.category(code) if code and code not in HIDDEN else None
    return node if node is not None and node.leaf else None


def _word(texts: Mapping[str, str]) -> str:
    return texts.get(get_language() or "") or texts.get("zh-hans", "")


_KINDS = {
    QuestionType.LONG_TEXT: "textarea", QuestionType.INTEGER: "number", QuestionType.DECIMAL: "text",
    QuestionType.DATE: "date",
    QuestionType.TIME: "time", QuestionType.DATETIME: "datetime-local", QuestionType.YES_NO: "radio",
    QuestionType.CHOICE: "radio",
    QuestionType.CHOICES: "checkbox", QuestionType.PHONE: "tel", QuestionType.NOTE: "note",
    QuestionType.PHOTO: "file",
}  # fmt: skip


def _field(q: Question, answers: Mapping[str, Any], errors: Mapping[str, list[str]]) -> dict[str, Any]:
    options = [{"value": c.code, "label": _word(c.label)} for c in q.choices]
    value = answers.get(q.code, q.default if q.default is not None else "")
    if q.type is QuestionType.YES_NO:
        options = [{"value": "yes", "label": _("是")}, {"value": "no", "label": _("否")}]
        value = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    return {
        "code": q.code,
        "name": f"q_{q.code}",
        "kind": _KINDS.get(q.type, "text"),
        "label": _word(q.label),
        "hint": _word(q.hint),
        "required": q.required,
        "options": options,
        "value": value,
        "errors": errors.get(f"answers.{q.code}", []),
    }


def questions(
    code: str, answers: Mapping[str, Any], errors: Mapping[str, list[str]], *, every: bool = False
) -> dict[str, Any]:
    """Return the questions of a kind as fields, and their JSON for the browser."""
    return questions_of(known(code), answers, errors, every=every)


def questions_of(
    node: CategoryNode | None, answers: Mapping[str, Any], errors: Mapping[str, list[str]], *, every: bool = False
) -> dict[str, Any]:
    """Return the questions of ``node`` as fields, and their JSON for the browser."""
    if node is None or not node.spec.questions:
        return {"fields": [], "json": None}
    found = forms.from_json(dict(node.spec.questions))
    asked = [q for q in found.questions if every or forms.relevant(q, answers)]
    return {"fields": [_field(q, answers, errors) for q in asked], "json": forms.to_json(found)}


def read_answers(code: str, data: Any) -> dict[str, Any]:
    """Return what was typed to the questions of a kind."""
    return answers_of(known(code), data)


def answers_of(node: CategoryNode | None, data: Any) -> dict[str, Any]:
    """Return what was typed to the questions of ``node``."""
    if node is None or not node.spec.questions:
        return {}
    found: dict[str, Any] = {}
    for q in forms.from_json(dict(node.spec.questions)).questions:
        values = [str(v)[:5000] for v in data.getlist(f"q_{q.code}")]
        if values:
            found[q.code] = values if q.type is QuestionType.CHOICES else values[0]
    return found


def summary(node: CategoryNode | None, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return questions and answers in words, for the look over."""
    lines = []
    for item in questions_of(node, answers, {})["fields"]:
        chosen = item["value"] if isinstance(item["value"], list) else [item["value"]]
        if item["kind"] == "file" and chosen != [""]:
            lines.append((item["label"], ngettext("%(n)s 张", "%(n)s 张", len(chosen)) % {"n": len(chosen)}))
            continue
        labels = {o["value"]: o["label"] for o in item["options"]}
        words = "、".join(str(labels.get(str(v), v)) for v in chosen if v != "")
        if words:
            lines.append((item["label"], words))
    return lines


def photo_questions(node: CategoryNode | None) -> list[str]:
    """Return the codes of the questions of ``node`` that are answered with pictures."""
    if node is None or not node.spec.questions:
        return []
    asked = forms.from_json(dict(node.spec.questions)).questions
    return [q.code for q in asked if q.type is QuestionType.PHOTO]


def heard(text: str) -> dict[str, Any]:
    """Return the places that ``text`` speaks of, to be chosen: ``sure`` where one is plainly meant."""
    reading = heard_in(text[:5_000])
    rows = [
        {"ref": c.place.ref, "label": c.place.label, "phrase": c.phrase}
        for c in offered(reading)
        if c.place.sort is not PlaceSort.ROAD
    ]
    return {"rows": rows, "sure": reading.certain is not None}


def places_for(text: str) -> list[dict[str, Any]]:
    """Return known places that fit what was typed."""
    found = places.search_places(text[:80], 6) if text.strip() else []
    return [{"id": p.pk, "name": p.name, "address": p.address, "area": p.area.name if p.area else ""} for p in found]
