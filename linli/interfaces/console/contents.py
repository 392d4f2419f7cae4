"""What the console's home lists: each of its rooms enters its own pages when Django starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

GROUPS: dict[str, Any] = {
    "set_up": _("开始使用"),
    "places": _("地域与场所"),
    "people": _("单位与人员"),
    "loop": _("分类、规则与派遣"),
    "words": _("表单与文字"),
    "watch": _("运行"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One page of the console.

    Attributes:
        group: a code of :data:`GROUPS`.
        title, text: translated lazily; what one does there in one sentence.
        icon: a name of the sprite.
        url_name: what ``reverse`` understands, without arguments.
        roles: who sees it.
        order: place in its group.
    """

    group: str
    title: Any
    text: Any
    icon: str
    url_name: str
    roles: frozenset[str]
    order: int = 100


_CARDS: dict[str, Card] = {}


def enter(*cards: Card) -> None:
    """Add pages to the home, or replace those of the same address."""
    for card in cards:
        _CARDS[card.url_name] = card


def roles() -> frozenset[str]:
    """Return who finds anything in the console at all."""
    return frozenset().union(*(c.roles for c in _CARDS.values()))


def shown(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups with the pages that the person who asks may open, empty groups left out."""
    held = request.actor.roles  # type: ignore[attr-defined]
    mine = sorted((c for c in _CARDS.values() if held & c.roles), key=lambda c: c.order)
    groups = [
        {
            "title": title,
            "cards": [
                {"title": c.title, "text": c.text, "icon": c.icon, "url": reverse(c.url_name)}
                for c in mine
                if c.group == code
            ],
        }
        for code, title in GROUPS.items()
    ]
    return [g for g in groups if g["cards"]]
