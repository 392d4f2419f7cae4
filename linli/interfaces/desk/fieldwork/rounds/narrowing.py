"""What a ledger had narrowed beyond what the planner asks for: carried in parts, each in words and droppable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.rules.details import said
from linli.engines.fieldwork.types import TargetFilter
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.interfaces.desk.doors import day_of, uuid_of
from linli.interfaces.desk.fieldwork.ledgers import shared

FACT, PARENT, SINCE = "fact", "parent", "since"


def parts_of(where: TargetFilter) -> list[str]:
    """Return what a filter holds beyond the planner's own fields, as a page sends it: ``fact:trade=food`` …"""
    found = [f"{FACT}:{code}={value}" for code, value in sorted(where.facts.items())]
    if where.parent:
        found.append(f"{PARENT}:{where.parent}")
    if where.unvisited_since:
        found.append(f"{SINCE}:{where.unvisited_since.isoformat()}")
    return found


def _read(part: str) -> dict[str, Any]:
    """Return the field of a filter that a part says; empty where it says nothing."""
    what, _colon, text = part.partition(":")
    code, equals, value = text.partition("=")
    if what == FACT and code and equals and len(part) <= 200:
        return {"facts": {code: value}}
    if what == PARENT and (uuid := uuid_of(text)) is not None:
        return {"parent": uuid}
    if what == SINCE and (day := day_of(text)) is not None:
        return {"unvisited_since": day}
    return {}


def is_part(text: str) -> bool:
    """Return whether a part says something."""
    return bool(_read(text))


def narrowed(where: TargetFilter, parts: Iterable[str]) -> TargetFilter:
    """Return a filter with what the parts say."""
    facts: dict[str, str] = {}
    for found in map(_read, parts):
        facts |= found.pop("facts", {})
        where = replace(where, **found)
    return replace(where, facts=facts)


def in_words(by: Actor, where: TargetFilter) -> list[tuple[str, str]]:
    """Return each part with its words: 业态：餐饮; the name of what they belong to only for who may read it."""
    asked: Mapping[str, Any] = {}
    if where.facts and where.kinds:
        try:
            asked = {q.code: q for q in selectors.questions_of(selectors.kind(where.kinds[0])).questions}
        except NotFoundError:
            asked = {}
    words = []
    for code, value in sorted(where.facts.items()):
        q = asked.get(code)
        shown = {"true": _("是"), "false": _("否")}.get(value) or (said(q, value) if q is not None else value)
        words.append(f"{shared.label_of(q) if q is not None else code}：{shown}")
    if where.parent:
        words.append(_("上级：%(name)s") % {"name": _parent(by, where)})
    if where.unvisited_since:
        words.append(_("%(day)s 起没有走访过") % {"day": where.unvisited_since.isoformat()})
    return list(zip(parts_of(where), words, strict=True))


def _parent(by: Actor, where: TargetFilter) -> str:
    try:
        return selectors.target_for(by, where.parent).name if where.parent else ""
    except NotFoundError:
        return _("不在您的范围内")
