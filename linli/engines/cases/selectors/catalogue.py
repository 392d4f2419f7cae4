"""Reading categories and routing rules, from a cache per namespace."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time as clock_time
from typing import Any

from linli.engines.cases.models import Category, CategoryVersion, RoutingRule
from linli.engines.cases.rules.proof import EvidenceRule
from linli.engines.cases.rules.routing import RuleSpec
from linli.engines.cases.types import CategorySpec
from linli.engines.cases.workflow import Level
from linli.foundation.core.namespaces import current

logger = logging.getLogger(__name__)
OTHER = "other"
_MAX_AGE = 5.0


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category with its spec and its place in the tree."""

    id: int
    version_id: int
    spec: CategorySpec
    parent: str
    group: str
    leaf: bool


@dataclass(frozen=True, slots=True)
class _Catalogue:
    read_at: float
    stamp: tuple[int, int]
    nodes: dict[str, CategoryNode]
    rules: tuple[RuleSpec, ...]
    public: tuple[int, ...]


_cache: dict[str, _Catalogue] = {}


def forget() -> None:
    """Drop what this process knows of the namespace's catalogue."""
    _cache.pop(current(), None)


def to_spec(raw: Mapping[str, Any]) -> CategorySpec:
    """Return the spec that a version's JSON describes."""
    return CategorySpec(
        code=raw["code"],
        name=raw["name"],
        resident_name=raw.get("resident_name") or raw["name"],
        words=tuple(raw.get("words", ())),
        public_space=bool(raw.get("public_space")),
        guarded=bool(raw.get("guarded")),
        verify=bool(raw.get("verify")),
        urgent=bool(raw.get("urgent")),
        level=Level(raw.get("level") or Level.GENERAL),
        questions=raw.get("questions") or {},
        evidence=EvidenceRule(**raw.get("evidence", {})),
        unit_kinds=tuple(raw.get("unit_kinds", ())),
        law=raw.get("law", ""),
        danger=raw.get("danger", ""),
        danger_en=raw.get("danger_en", ""),
        relapse_days=int(raw.get("relapse_days", 0)),
        icon=raw.get("icon", "alert"),
    )


def _to_rule(row: RoutingRule) -> RuleSpec:
    conditions, action = row.conditions, row.action
    hours = conditions.get("hours")
    return RuleSpec(
        id=row.pk,
        name=row.name,
        categories=tuple(conditions.get("categories", ())),
        area_paths=tuple(conditions.get("area_paths", ())),
        sources=tuple(conditions.get("sources", ())),
        hours=(clock_time.fromisoformat(hours[0]), clock_time.fromisoformat(hours[1])) if hours else None,
        answers=conditions.get("answers", {}),
        unit_kind=action.get("unit_kind", ""),
        unit_id=action.get("unit_id"),
        helper_kinds=tuple(action.get("helper_kinds", ())),
        level=action.get("level", ""),
    )


_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError)


def _to_node(row: Category, *, leaf: bool) -> CategoryNode | None:
    """Return a category, None for one whose version cannot be read: one bad record must not stop the others."""
    if row.version is None:
        return None
    try:
        spec = to_spec(row.version.spec)
    except _MALFORMED:
        logger.exception("cases: category %s cannot be read and is left out", row.code)
        return None
    parent = row.parent
    return CategoryNode(
        row.pk, row.version.pk, spec, parent.code if parent else "", parent.name if parent else row.name, leaf
    )


def _try_rule(row: RoutingRule) -> RuleSpec | None:
    try:
        return _to_rule(row)
    except _MALFORMED:
        logger.exception("cases: routing rule %s cannot be read and is left out", row.name)
        return None


def read_category(row: Category) -> CategoryNode | None:
    """Return a category with its spec, None where it cannot be read."""
    return _to_node(row, leaf=True)


def read_rule(row: RoutingRule) -> RuleSpec | None:
    """Return a routing rule, None where it cannot be read."""
    return _try_rule(row)


def _read() -> _Catalogue:
    rows = list(Category.objects.select_related("version", "parent").filter(active=True))
    parents = {r.parent_id for r in rows}
    nodes = {r.code: node for r in rows if (node := _to_node(r, leaf=r.pk not in parents)) is not None}
    rules = tuple(
        rule
        for r in RoutingRule.objects.filter(active=True).order_by("order", "id")
        if (rule := _try_rule(r)) is not None
    )
    # Every version that a case may have been taken in under, not only those in use.
    public = CategoryVersion.objects.filter(spec__public_space=True).order_by("pk").values_list("pk", flat=True)
    return _Catalogue(time.monotonic(), _stamp(), nodes, rules, tuple(public))


def _stamp() -> tuple[int, int]:
    version = CategoryVersion.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rule = RoutingRule.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return version, rule


def _catalogue() -> _Catalogue:
    key = current()
    found = _cache.get(key)
    if found is None or time.monotonic() - found.read_at > _MAX_AGE:
        unchanged = found is not None and found.stamp == _stamp()
        found = replace(found, read_at=time.monotonic()) if found is not None and unchanged else _read()
        _cache[key] = found
    return found


def category(code: str) -> CategoryNode | None:
    """Return the category with that code, None where there is none in use."""
    return _catalogue().nodes.get(code)


def categories() -> list[CategoryNode]:
    """Return the categories in use, in their order."""
    return list(_catalogue().nodes.values())


def icons() -> dict[int, str]:
    """Return the icon of each category in use by its row id."""
    return {node.id: node.spec.icon for node in _catalogue().nodes.values()}


def public_versions() -> tuple[int, ...]:
    """Return the ids of all versions of categories that lie in public space, those out of use included."""
    return _catalogue().public


def routing_rules() -> tuple[RuleSpec, ...]:
    """Return the routing rules in use, in their order."""
    return _catalogue().rules


def spec_of(version: CategoryVersion) -> CategorySpec:
    """Return the spec that a case was taken in under."""
    return to_spec(version.spec)


def suggest(words: str, limit: int = 6) -> list[CategoryNode]:
    """Return the leaf categories whose name or residents' words stand in ``words``, best first."""
    text = words.strip()
    if not text:
        return []
    scored = []
    for node in categories():
        if not node.leaf:
            continue
        names = (node.spec.name, node.spec.resident_name, *node.spec.words)
        score = sum(len(w) for w in names if w and (w in text or (len(text) >= 2 and text in w)))
        if score:
            scored.append((score, node))
    scored.sort(key=lambda pair: -pair[0])
    return [node for _score, node in scored[:limit]]
