"""Whose inbox holds what: the 待办 of each role, in the order of work."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.foundation.core.actors import Actor

BOXES: dict[str, Any] = {
    "new": _("待受理"),
    "dispatch": _("待派遣"),
    "unrouted": _("待定承办单位"),
    "reply": _("待反馈"),
    "contact": _("待首次联系"),
    "requests": _("待审批申请"),
    "returns": _("退单待定"),
    "review": _("待复核"),
    "verify": _("待核实"),
    "check": _("待核查"),
    "sign": _("待签收"),
    "hand": _("在办"),
    "mine": _("我承办的"),
    "helping": _("协办待反馈"),
    "consult": _("综合与困难问题"),
    "guidance": _("吹哨"),
    "orders": _("督办中"),
    "overdue": _("已超期"),
    "unit": _("本单位全部"),
    "shelving": _("待批挂账"),
    "returned": _("退单两次以上"),
    "reworked": _("核查退回过"),
    "unsolved": _("未解决"),
}

_UNIT = ("sign", "hand", "mine", "helping", "orders")
_BY_ROLE: dict[str, tuple[str, ...]] = {
    "dispatcher": ("new", "dispatch", "unrouted", "reply", "contact", "requests"),
    "shift_leader": ("returns", "requests", "review", "new", "dispatch", "reply"),
    "inspector": ("verify", "check"),
    "neighbourhood_secretary": (*_UNIT, "check"),
    "community_worker": _UNIT,
    "microgrid_head": ("check",),
    "unit_handler": _UNIT,
    "unit_head": _UNIT,
    "contractor": _UNIT,
    "grid_head": ("consult", "overdue"),
    "street_leader": ("consult", "overdue", "orders"),
    "supervisor": ("orders", "review", "overdue"),
}


def boxes_of(actor: Actor) -> list[str]:
    """Return the inboxes that ``actor`` works through, each once, in the order of their roles."""
    found = [box for role, boxes in _BY_ROLE.items() if actor.has_role(role) for box in boxes]
    return list(dict.fromkeys(found))
