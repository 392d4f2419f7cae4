"""What the pages of signals share: their tabs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.engines.signals.permissions import READERS
from linli.foundation.core.actors import Actor

NAV = "more"


def tabs(by: Actor, here: str) -> list[dict[str, Any]]:
    """Return the tabs of the pages that ``by`` may open."""
    found = [("devices", _("设备台账"))]
    if by.has_role(*READERS):
        found = [("signals", _("待判断")), ("signals_decided", _("已处理")), *found]
    return [{"label": label, "url": reverse(f"desk:{name}"), "current": name == here} for name, label in found]
