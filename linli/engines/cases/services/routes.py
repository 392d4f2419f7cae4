"""Where the rules send a case, and how a route is kept with it."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime
from typing import Any

from linli.engines.cases.models import Case
from linli.engines.cases.rules.routing import Facts, Route, looks_at_zones, route
from linli.engines.cases.selectors import catalogue, directory
from linli.engines.cases.services.clocks import local
from linli.foundation.core.coordinates import Point
from linli.foundation.places import selectors as places


def find_route(case: Case, node: catalogue.CategoryNode, now: datetime) -> Route:
    """Return where the routing rules send ``case``; hours and days are those of its report."""
    rules = catalogue.routing_rules()
    at = local(case.reported_at or now)
    facts = Facts(
        category=node.spec.code,
        area_path=case.area_path,
        source=case.source,
        local_time=at.time(),
        answers=case.answers,
        subject_unit_id=case.subject_unit_id,
        zones=zones_of(case.lat, case.lon, at.date()) if looks_at_zones(rules) else (),
        local_date=at.date(),
    )
    return route(rules, facts, directory.unit_for)


def zones_of(lat: float | None, lon: float | None, on: date) -> tuple[str, ...]:
    """Return the paths of the free layers' areas that hold a point on a day; from memory."""
    if lat is None or lon is None:
        return ()
    return tuple(layer.path for layer in places.locate(Point(lat, lon), on).layers)


def across_border(case: Case, node: catalogue.CategoryNode, now: datetime) -> dict[str, Any]:
    """Return the other candidate of a place near a border: the area and the unit that it would go to from there."""
    if case.other_area_id is None:
        return {}
    other = copy(case)
    other.area_path = getattr(case, "other_path", "") or places.area(case.other_area_id).path
    return {"area": case.other_area_id, "unit": find_route(other, node, now).unit_id}


def trace_data(found: Route) -> dict[str, Any]:
    """Return a route as an event keeps it: the rule that fitted and those before it that did not."""
    lines = [{"rule": t.rule_id, "name": t.name, "fits": t.fits, "why": t.why} for t in found.trace]
    return {
        "rule": found.rule_id,
        "unit": found.unit_id,
        "helpers": list(found.helper_ids),
        "level": found.level,
        "trace": lines[-12:],
    }
