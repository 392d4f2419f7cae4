"""What is not right in categories and routing: told by ``linli doctor`` before a case finds out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.cases.models import Category, RoutingRule
from linli.engines.cases.rules.routing import RuleSpec
from linli.engines.cases.selectors.catalogue import read_category, read_rule
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places


def unsound(on: date, limit: int = 20) -> list[str]:
    """Return in words the categories that cannot be read and the routing rules that lead nowhere on that day."""
    found: list[str] = []
    rows = list(Category.objects.select_related("version", "parent").filter(active=True))
    found += [_("类别“%(name)s”的内容读不出") % {"name": r.name} for r in rows if read_category(r) is None]
    known = _Known({r.code for r in rows}, on)
    for row in RoutingRule.objects.filter(active=True).order_by("order", "id"):
        rule = read_rule(row)
        wrong = [_("内容读不出")] if rule is None else known.faults(rule)
        found += [_("派遣规则“%(name)s”：%(fault)s") % {"name": row.name, "fault": fault} for fault in wrong]
    return found[:limit]


class _Known:
    """What a rule may name: read once for all of them."""

    def __init__(self, codes: set[str], on: date) -> None:
        self.codes = codes
        units = [u for u in people.active_units() if u.starts_on <= on and (u.ends_on is None or u.ends_on >= on)]
        self.units = {u.pk for u in units}
        self.kinds = {u.kind for u in units}
        self.kinds |= {f"{u.kind}/{name}" for u in units for name in (u.short_name, u.name) if name}
        self.paths = {a.path for a in places.areas(on=on)}

    def faults(self, rule: RuleSpec) -> list[str]:
        """Return what is wrong with one rule."""
        found: list[str] = []
        missing: list[Any] = [c for c in rule.categories if c not in self.codes]
        if missing:
            found.append(_("没有类别 %(codes)s") % {"codes": "、".join(missing)})
        if rule.unit_id is not None and rule.unit_id not in self.units:
            found.append(_("派往的单位已结束或不存在"))
        if rule.unit_kind and rule.unit_kind not in self.kinds:
            found.append(_("没有“%(kind)s”这样的单位") % {"kind": rule.unit_kind})
        if any(p not in self.paths for p in rule.area_paths):
            found.append(_("限定的区域已不存在"))
        return found
