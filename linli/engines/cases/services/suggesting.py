"""Where the rules would send a case, for whoever dispatches it."""

from __future__ import annotations

from datetime import datetime

from linli.engines.cases.models import Case
from linli.engines.cases.rules.routing import Route
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.services.routes import find_route


def suggest_route(case: Case, now: datetime) -> Route:
    """Return where the routing rules send ``case`` as things stand, with the rules looked at; no write."""
    node = catalogue.category(case.category.code)
    return find_route(case, node, now) if node is not None else Route(None, (), "", None, ())
