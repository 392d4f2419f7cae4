"""The entries of the rail and the bottom bar: each face registers its own when Django starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch

from linli.interfaces.web.links import place


@dataclass(frozen=True, slots=True)
class Entry:
    """One place one can go to.

    Attributes:
        code: what a page names as ``nav_here`` to be marked.
        label: translated lazily.
        icon: a name of the sprite.
        url_name: what ``reverse`` understands.
        roles: who sees it; empty for every user.
        order: place in the rail; 900 and more stand at its foot. What has the same hundreds belongs together: a line
            parts it from the next.
        rail: whether it stands in the rail of desktops.
        view: on the workbench of its own page: the view (list, map) that a phone switches to.
        bottom: place in the phone's bottom bar, 1 to 5 (3 is the middle button); 0 for none.
    """

    code: str
    label: Any
    icon: str
    url_name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    order: int = 100
    bottom: int = 0
    rail: bool = True
    view: str = ""


_FOOT = 900
_ENTRIES: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add ``entry``, or replace the one with its code."""
    _ENTRIES[entry.code] = entry


def _shown(entry: Entry, request: HttpRequest) -> dict[str, Any] | None:
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_user or (entry.roles and not actor.roles & entry.roles):
        return None
    try:
        url = place(entry.url_name)
    except NoReverseMatch:
        return None
    shown = {name: getattr(entry, name) for name in ("code", "label", "icon", "order", "bottom", "rail", "view")}
    return {**shown, "url": url, "face": url.split("/")[1]}


def entries(request: HttpRequest) -> list[dict[str, Any]]:
    """Return what the person who asks may see, in order, as the templates take it."""
    found = [_shown(e, request) for e in sorted(_ENTRIES.values(), key=lambda e: e.order)]
    shown = [e for e in found if e is not None]
    face = _face(request.path, shown)
    taken = {e["bottom"]: e for e in reversed(shown)} | {e["bottom"]: e for e in shown if e["face"] == face}
    for entry in shown:
        if taken[entry["bottom"]] is not entry:
            entry["bottom"] = 0
    for before, entry in pairwise([e for e in shown if e["rail"]]):
        entry["parted"] = before["order"] // 100 != entry["order"] // 100 and entry["order"] < _FOOT
    return shown


def _face(path: str, shown: list[dict[str, Any]]) -> str:
    """Return the face that goes first where two want one place of the bottom bar: the page's own, else the leftmost."""
    here = path.split("/")[1]
    faces = [e["face"] for e in sorted(shown, key=lambda e: e["bottom"]) if e["bottom"] in range(1, 5)]
    return here if here in faces else next(iter(faces), "")
