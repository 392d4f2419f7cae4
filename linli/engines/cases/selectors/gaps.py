"""What the catalogue leaves to nobody."""

from __future__ import annotations

from linli.engines.cases.rules.routing import category_fits
from linli.engines.cases.selectors.catalogue import CategoryNode, categories, routing_rules


def unrouted() -> list[CategoryNode]:
    """Return the categories that no routing rule in use names or lets through, in their order, from memory."""
    rules = routing_rules()
    if any(not rule.categories for rule in rules):
        return []
    return [
        node
        for node in categories()
        if node.leaf and not any(category_fits(rule.categories, node.spec.code) for rule in rules)
    ]
