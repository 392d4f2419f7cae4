"""Which acts on a target stand open to somebody, as its dossier draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.fieldwork import services
from linli.foundation.core.actors import Actor
from linli.interfaces.desk.fieldwork.ledgers import shared
from linli.interfaces.desk.fieldwork.ledgers.forms import ReasonForm

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

ACTS: dict[str, tuple[Any, Any, str, Any]] = {
    "end": (gettext_lazy("退出台账"), services.end_target, "logout", gettext_lazy("已退出台账。")),
    "restore": (gettext_lazy("恢复入册"), services.restore_target, "refresh", gettext_lazy("已恢复入册。")),
    "unmerge": (gettext_lazy("撤销合并"), services.unmerge, "refresh", gettext_lazy("已撤销合并。")),
}


def open_acts(by: Actor, target: Target) -> list[str]:
    """Return which acts stand open to somebody."""
    if not shared.may_keep(by, target):
        return []
    if target.until is None:
        return ["end"]
    return ["unmerge"] if target.merged_into_id is not None else ["restore"]


def shown(by: Actor, target: Target, sent: tuple[str, ReasonForm] | None = None) -> list[dict[str, Any]]:
    """Return the acts as the page draws them, with the one that was refused."""
    codes = open_acts(by, target)
    if sent and sent[0] not in codes:
        codes = [*codes, sent[0]]
    return [
        {
            "code": code,
            "label": ACTS[code][0],
            "icon": ACTS[code][2],
            "danger": code == "end",
            "open": bool(sent and sent[0] == code),
            "form": sent[1] if sent and sent[0] == code else ReasonForm(),
        }
        for code in codes
    ]


def unmerge_note(target: Target) -> str:
    """Return what is said above a double, empty for any other."""
    if target.merged_into is None:
        return ""
    return _("这一条已并入“%(name)s”，历史记录一并显示在那里。") % {"name": target.merged_into.name}
