"""What the dossier of a committee shows of its evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.template.loader import render_to_string

from linli.interfaces.desk.doors import actor_of
from linli.interfaces.desk.fieldwork.ledgers import sections
from linli.interfaces.desk.owners.common import GRADES
from linli.programmes.owners import selectors
from linli.programmes.owners.permissions import READERS
from linli.programmes.owners.types import KIND

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target


def evaluations(request: HttpRequest, target: Target) -> str:
    """Return the results of a committee, year by year; nothing for who is not in the programme."""
    by = actor_of(request)
    if not by.has_role(*READERS):
        return ""
    rows = [{"row": r, "tone": GRADES[r.grade]} for r in selectors.history(by, target)]
    return render_to_string("desk/owners/_history.html", {"rows": rows}, request)


def enter() -> None:
    """Put the part into dossiers."""
    sections.register("owners.evaluations", frozenset({KIND}), 40, evaluations)
