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
    for finding in health.findings:
        if finding.code in BLOCKING:
            name = rules[finding.rule_id - 1]["name"]
            fault = _fault(finding.code, finding.what)
            found.append(_("派遣规则“%(name)s”：%(fault)s") % {"name": name, "fault": fault})
    return found[:limit]


def _fault(code: str, what: str) -> str:
    words = {
        "no_category": _("没有类别 %(what)s"),
        "no_area": _("限定的区域已不存在"),
        "no_unit": _("派往的单位已结束或不存在"),
        "no_kind": _("没有“%(what)s”这样的单位"),
        "no_source": _("没有来源 %(what)s"),
        "no_time": _("时段永远不会到"),
    }
    return words[code] % {"what": what} if "%(what)s" in words[code] else words[code]
