"""What one page of fieldwork hands to another: the choice of targets that a ledger sends to the planner."""

from __future__ import annotations

from django.http import HttpRequest

from linli.engines.fieldwork.rules.choosing import choice_json, choice_of
from linli.engines.fieldwork.types import Choice

_KEPT = "fieldwork_choice"


def hand(request: HttpRequest, choice: Choice) -> None:
    """Keep a choice in the session until the next one."""
    request.session[_KEPT] = choice_json(choice)


def handed(request: HttpRequest) -> Choice | None:
    """Return the choice that was handed over, None where there is none."""
    kept = request.session.get(_KEPT)
    return choice_of(kept) if kept else None
