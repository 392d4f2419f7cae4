"""What the desk tells the shell: the place, the areas, who is on duty, what is unread, who is logged in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.engines.cases.workflow import STAFF
from linli.foundation.core import clock
from linli.foundation.messages import selectors as messages
from linli.foundation.people.types import role_names
from linli.interfaces.desk import directory
from linli.interfaces.web import context
from linli.interfaces.web.links import place


def _is_staff(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and actor.is_user and bool(actor.roles & STAFF)


def place_name(request: HttpRequest) -> str:
    """Return the subdistrict's name."""
    found = directory.areas(clock.now().date())
    return found[0].name if found else ""


def areas(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the neighbourhoods to switch between, the chosen one first."""
    if not _is_staff(request) or not request.path.startswith("/desk/"):
        return []
    found = [a for a in directory.areas(clock.now().date()) if a.kind == "neighbourhood"]
    here = request.GET.get("area", "")
    base = place("desk:list")
    every = {"label": _("全部居民区（%(count)s）") % {"count": len(found)}, "url": base, "current": not here}
    shown = [every, *({"label": a.name, "url": f"{base}?area={a.id}", "current": str(a.id) == here} for a in found)]
    return sorted(shown, key=lambda s: not s["current"])


def duty(request: HttpRequest) -> str:
    """Return who is on duty at the centre."""
    if not _is_staff(request):
        return ""
    names = directory.duty(clock.now())
    return _("值班：%(names)s") % {"names": names} if names else _("今日未排班")


def unread(request: HttpRequest) -> int:
    """Return how many messages the user has not read, counted once a request."""
    known: int | None = getattr(request, "unread_messages", None)
    if known is None:
        actor = getattr(request, "actor", None)
        known = messages.unread_count(actor.user_id) if actor is not None and actor.user_id is not None else 0
        request.unread_messages = known  # type: ignore[attr-defined]
    return known


def profile(request: HttpRequest) -> dict[str, Any] | None:
    """Return who is logged in, with their links."""
    user = getattr(request, "user_row", None)
    actor = getattr(request, "actor", None)
    if user is None or actor is None:
        return None
    links = [{"url": place("web:account"), "icon": "user-circle", "label": _("我的账号")}]
    return {
        "name": user.display_name,
        "role": role_names(sorted(actor.roles)),
        "links": links,
        "logout_url": place("web:logout"),
    }


def register() -> None:
    """Register what the frame of every page asks for."""
    for name, provider in (
        ("place_name", place_name),
        ("areas", areas),
        ("duty", duty),
        ("unread", unread),
        ("profile", profile),
    ):
        context.provide(name, provider)
