"""Reading categories and routing rules, from a cache per namespace.

A catalogue is read again when its stamp has changed: the token that every write renews, and what the tables
themselves tell of categories. Another process's change is seen within some seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from linli.engines.cases.models import CatalogueVersion, Category, CategoryVersion, RoutingRule
from linli.engines.cases.rules.proof import EvidenceRule
from linli.engines.cases.rules.routing import RuleSpec
from linli.engines.cases.rules.routing_data import Broken, read_rules
from linli.engines.cases.types import CategorySpec
from linli.engines.cases.workflow import Level
from linli.foundation.core.namespaces import current
from linli.foundation.core.versioned import Versioned

logger = logging.getLogger(__name__)
OTHER = "other"
NOT_FOR_RESIDENTS = frozenset({"guidance", "complaint_unit", "suggestion"})
"""Kinds with ways in of their own, which nobody outside is offered."""


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category with its spec and its place in the tree."""

    id: int
    version_id: int
    spec: CategorySpec
    parent: str
    group: str
    leaf: bool

    @property
    def title(self) -> str:
        """The name behind the name of its group."""
        return f"{self.group} · {self.spec.name}"


_Stamp = tuple[UUID | None, int, int]


@dataclass(frozen=True, slots=True)
class _Catalogue:
    nodes: dict[str, CategoryNode]
    rules: tuple[RuleSpec, ...]
    broken: tuple[Broken, ...]
    public: tuple[int, ...]


def forget() -> None:
    """Drop what this process knows of the namespace's catalogue."""
    _kept.forget(current())


def changed() -> None:
    """Tell the cache that the transaction in force has changed the catalogue of this namespace."""
    _kept.changed()


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
        laws=tuple(raw.get("laws", ())),
        danger=raw.get("danger", ""),
        danger_en=raw.get("danger_en", ""),
        relapse_days=int(raw.get("relapse_days", 0)),
        icon=raw.get("icon", "alert"),
    )


def raw_rule(row: RoutingRule) -> dict[str, Any]:
    """Return a routing rule as :mod:`linli.engines.cases.rules.routing_data` keeps it."""
    return {
        "key": str(row.pk),
        "name": row.name,
        "conditions": row.conditions,
        "action": row.action,
        "active": row.active,
        "note": row.note,
    }


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


def _read_rules() -> tuple[tuple[RuleSpec, ...], tuple[Broken, ...]]:
    rows = list(RoutingRule.objects.order_by("order", "id"))
    rules, broken = read_rules([raw_rule(r) for r in rows], [r.pk for r in rows])
    for fault in broken:
        logger.error("cases: routing rule %s cannot be read (%s) and is left out", fault.name, fault.part)
    return tuple(rules), tuple(broken)


def read_category(row: Category) -> CategoryNode | None:
    """Return a category with its spec, None where it cannot be read."""
    return _to_node(row, leaf=True)


def _read(_: _Stamp) -> _Catalogue:
    """Read the whole catalogue."""
    every = list(Category.objects.select_related("version", "parent"))
    rows = [r for r in every if r.active]
    # A group whose categories are all switched off is still a group: nobody files a case under it.
    parents = {r.parent_id for r in every}
    nodes = {r.code: node for r in rows if (node := _to_node(r, leaf=r.pk not in parents)) is not None}
    rules, broken = _read_rules()
    # Every version that a case may have been taken in under, not only those in use.
    public = CategoryVersion.objects.filter(spec__public_space=True).order_by("pk").values_list("pk", flat=True)
    return _Catalogue(nodes, rules, broken, tuple(public))


def _stamp() -> _Stamp:
    token = CatalogueVersion.objects.values_list("token", flat=True).first()
    found = Category.objects.filter(active=True).aggregate(count=Count("pk"), version=Max("version"))
    return token, found["count"], found["version"] or 0


_kept: Versioned[_Catalogue] = Versioned(_stamp, _read, 5.0)


def _catalogue() -> _Catalogue:
    return _kept.get()


def category(code: str) -> CategoryNode | None:
    """Return the category with that code, None where there is none in use."""
    return _catalogue().nodes.get(code)


def categories() -> list[CategoryNode]:
    """Return the categories in use, in their order."""
    return list(_catalogue().nodes.values())


def fileable() -> list[CategoryNode]:
    """Return the kinds that a working person may file a problem under: leaves, and none that is advice alone."""
    return [n for n in categories() if n.leaf and n.spec.code != "guidance"]


def offered() -> list[CategoryNode]:
    """Return the kinds that anybody may report, in their order."""
    return [n for n in categories() if n.leaf and n.parent and n.spec.code not in NOT_FOR_RESIDENTS]


def icons() -> dict[int, str]:
    """Return the icon of each category in use by its row id."""
    return {node.id: node.spec.icon for node in _catalogue().nodes.values()}


def public_versions() -> tuple[int, ...]:
    """Return the ids of all versions of categories that lie in public space, those out of use included."""
    return _catalogue().public


def routing_rules() -> tuple[RuleSpec, ...]:
    """Return the routing rules in use, in their order."""
    return _catalogue().rules


def broken_rules() -> tuple[Broken, ...]:
    """Return the routing rules that are switched on but cannot be read, and so take no case."""
    return _catalogue().broken


def spec_of(version: CategoryVersion) -> CategorySpec:
    """Return the spec that a case was taken in under."""
    return to_spec(version.spec)


def named_in(words: str, limit: int = 6) -> list[CategoryNode]:
    """Return the leaf categories whose name or residents' words stand in ``words``, best first: for searching.

    What a report is about is suggested by the room `judgement`.
    """
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
