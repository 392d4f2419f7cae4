"""What the pages of ledgers share: fields as people read them, options, links to rooms that may not be there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from linli.engines.fieldwork import permissions, selectors
from linli.engines.fieldwork.rules.details import SHOWN, said
from linli.foundation.core.actors import Actor
from linli.foundation.forms.types import CHOOSING, Question, QuestionSet, QuestionType
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import local, today

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Kind, Target

NAV = "fieldwork"
Option = dict[str, Any]
_WIDE = permissions.WIDE


def labels() -> dict[str, str]:
    """Return the names of the fields that stand in columns of a target."""
    return {
        "number": _("台账编号"),
        "name": _("名称"),
        "address": _("地址"),
        "point": _("位置"),
        "area": _("所属区域"),
        "unit": _("责任单位"),
        "tags": _("标签"),
        "parent": _("上级"),
    }


def label_of(question: Question) -> str:
    """Return what a question is called."""
    return question.label.get("zh-hans", question.code)


def plain_questions(asked: QuestionSet) -> list[Question]:
    """Return the questions whose answers may stand in a list: nothing personal, no pictures, no places."""
    types = SHOWN | {QuestionType.CHOICES, QuestionType.DATETIME}
    return [q for q in asked.questions if not q.personal and q.type in types]


def in_words(asked: dict[str, Question], code: str, value: Any) -> str:
    """Return a value of a field as people read it, whatever the field."""
    if value is None or value in ("", []):
        return ""
    if code == "area":
        return directory.area_name(value) if isinstance(value, int) else str(value)
    if code == "unit":
        return directory.unit_name(value) if isinstance(value, int) else str(value)
    if code == "point" and isinstance(value, list):
        return "、".join(f"{part:.5f}" for part in value)
    if isinstance(value, list) and code not in asked:
        return "、".join(map(str, value))
    question = asked.get(code)
    return said(question, value) if question is not None else str(value)


def area_options(by: Actor, first: str = "") -> list[Option]:
    """Return the areas that somebody's posts reach, set in by their depth."""
    found = directory.areas(today())
    paths = {g.area_path for g in by.grants if g.area_path}
    if paths and not by.has_role(*_WIDE):
        found = [a for a in found if any(a.path.startswith(p) for p in paths)]
    top = min((a.depth for a in found), default=0)
    head = [{"value": "", "label": first}] if first else []
    return head + [{"value": a.id, "label": "　" * max(0, a.depth - top) + a.name} for a in found]


def unit_options(first: str = "") -> list[Option]:
    """Return the working units."""
    head = [{"value": "", "label": first}] if first else []
    return head + [{"value": u.id, "label": u.name} for u in directory.units().values()]


def yes_no(first: str) -> list[Option]:
    """Return the two answers, behind words for neither."""
    return [
        {"value": "", "label": first},
        {"value": "true", "label": _("是")},
        {"value": "false", "label": _("否")},
    ]


def choices_of(question: Question, first: str) -> list[Option]:
    """Return what a question offers as options of a select."""
    if question.type is QuestionType.YES_NO:
        return yes_no(first)
    return [
        {"value": "", "label": first},
        *({"value": c.code, "label": c.label.get("zh-hans", c.code)} for c in question.choices),
    ]


def choosing(questions: Iterable[Question]) -> list[Question]:
    """Return the questions by which a list may be narrowed."""
    types = (CHOOSING - {QuestionType.RANK, QuestionType.CHOICES}) | {QuestionType.YES_NO}
    return [q for q in questions if q.type in types]


def ago(at: datetime | None, now: datetime) -> str:
    """Return how long ago somebody was there, in days."""
    if at is None:
        return _("从未走访")
    days = (local(now).date() - local(at).date()).days
    return _("今天") if days == 0 else _("%(n)s 天前") % {"n": days}


def may_keep(by: Actor, target: Target) -> bool:
    """Return whether somebody changes a target."""
    return permissions.may_enter(by, target.kind, target.area_path, target.unit_id)


def may_add(by: Actor, kind: Kind) -> bool:
    """Return whether somebody enters targets of a ledger anywhere."""
    paths = {g.area_path for g in by.grants if g.area_path} or {""}
    units = {g.unit_id for g in by.grants} | {None}
    return kind.active and any(permissions.may_enter(by, kind, p, u) for p in paths for u in units)


def may_plan(by: Actor) -> bool:
    """Return whether somebody plans rounds anywhere."""
    return by.has_role(*permissions.OVERSEERS, "grid_head", "neighbourhood_secretary", "unit_head")


def asked_of(kind: Kind) -> QuestionSet:
    """Return what is asked of a target of a kind."""
    return selectors.questions_of(kind)
