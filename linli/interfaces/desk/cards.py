"""A page of cards, each leading to a list: for whoever finds something in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Card:
    """One list: words, icon, address, and who finds something in it."""

    title: Any
    text: Any
    icon: str
    url_name: str
    roles: frozenset[str]


def shown(cards: Iterable[Card], held: frozenset[str]) -> list[dict[str, Any]]:
    """Return the cards of somebody who holds these roles, as the template takes them."""
    return [
        {"title": c.title, "text": c.text, "icon": c.icon, "url": reverse(c.url_name)} for c in cards if held & c.roles
    ]
