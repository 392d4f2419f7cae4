"""What is not right in categories and routing: told by ``linli doctor`` before a case finds out."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from linli.engines.cases.models import Category
from linli.engines.cases.rules.routing_checks import BLOCKING
from linli.engines.cases.selectors import routing
from linli.engines.cases.selectors.catalogue import read_category


def unsound(on: date, limit: int = 20) -> list[str]:
    """Return in words the categories that cannot be read and the routing rules that lead nowhere on that day."""
    rows = Category.objects.select_related("version", "parent").filter(active=True)
    found = [_("类别“%(name)s”的内容读不出") % {"name": r.name} for r in rows if read_category(r) is None]
    rules = routing.in_force()
    health = routing.health(rules, on)
    found += [_("派遣规则“%(name)s”的内容读不出") % {"name": b.name} for b in health.broken]
    wrong = dict.fromkeys(f.rule_id for f in health.findings if f.code in BLOCKING)
    names = [rules[place - 1]["name"] for place in wrong]
    found += [_("派遣规则“%(name)s”写了已经没有的分类、区域或单位") % {"name": name} for name in names]
    return found[:limit]
