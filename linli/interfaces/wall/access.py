"""Who sees the wall: those who read every case of the subdistrict. To others the page does not exist."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _

from linli.engines.cases.workflow import READERS_ALL
from linli.foundation.accounts import selectors as accounts
from linli.foundation.accounts import services
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError

if TYPE_CHECKING:
    from linli.foundation.accounts.models import Screen

READERS = READERS_ALL


def check_reader(by: Actor) -> None:
    """Raise NotFoundError unless ``by`` reads every case."""
    if not any(g.role in READERS and not g.area_path for g in by.grants):
        raise NotFoundError(_("没有找到这个页面。"))


def screen_of(token: str, now: datetime) -> Screen:
    """Return the screen whose link has ``token``, and note that it was here.

    Raises:
        NotFoundError: there is none, or its link has run out or was taken back.
    """
    found = accounts.screen_for(token, now)
    if found is None:
        raise NotFoundError(
            _("这个大屏链接已失效。"), code="wall.screen", hint=_("它可能到期或已撤销，请系统管理员重新发放。")
        )
    services.touch_screen(screen=found, now=now)
    return found


def kept_close(answer: HttpResponse) -> HttpResponse:
    """Mark the page of a screen: its address tells nobody, and no engine lists it."""
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
