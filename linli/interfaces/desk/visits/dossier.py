"""What the dossier of a household, a shop or a company shows of 四百走访: its needs, and what was given.

Words said at home stay sealed here as in every list: number and standing alone, and the way to where they are opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.template.loader import render_to_string

from linli.interfaces.desk.doors import actor_of
from linli.interfaces.desk.fieldwork.ledgers import sections
from linli.interfaces.desk.visits.demands import row_of
from linli.programmes.visits import selectors
from linli.programmes.visits.types import KINDS

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target


def needs(request: HttpRequest, target: Target) -> str:
    """Return needs with what became of them, and gifts; nothing where there are none."""
    rows = [row_of(r) for r in selectors.demands_at(actor_of(request), target)]
    given = selectors.given_at(target)
    if not rows and not given:
        return ""
    context = {"rows": rows, "given": given, "target": target}
    return render_to_string("desk/visits/_dossier.html", context, request)


def enter() -> None:
    """Put the part into dossiers."""
    sections.register("visits.needs", frozenset(KINDS), 45, needs)
