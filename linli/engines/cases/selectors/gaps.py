"""What the catalogue leaves to nobody."""

from __future__ import annotations

from linli.engines.cases.rules.routing_checks import untaken
from linli.engines.cases.selectors.catalogue import CategoryNode, categories, routing_rules


def unrouted() -> list[CategoryNode]:
    """Return the categories that no routing rule in use names or lets through, in their order, from memory."""
    leaves = {node.spec.code: node for node in categories() if node.leaf}
    return [leaves[code] for code in untaken(routing_rules(), list(leaves))]
