"""What programmes put into a dossier: parts of a target's page, registered when Django starts.

A programme registers each of its parts once::

    sections.register("streets.warnings", frozenset({"shop"}), 50, warnings)

``warnings(request, target)`` returns safe HTML, or an empty text where there is nothing to show; it is called for
whoever may read the target, and asks its own doors for what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target

Render = Callable[[HttpRequest, "Target"], str]


@dataclass(frozen=True, slots=True)
class Section:
    """One part: for which ledgers (None: all), where it stands among the parts, and what it shows."""

    code: str
    kinds: frozenset[str] | None
    order: int
    render: Render


SECTIONS: dict[str, Section] = {}


def register(code: str, kinds: frozenset[str] | None, order: int, render: Callable[[HttpRequest, Target], str]) -> None:
    """Make a part known, or put another in its place."""
    SECTIONS[code] = Section(code, kinds, order, render)


def section(*, kind_codes: Iterable[str] | None = None, order: int = 100) -> Callable[[Render], Render]:
    """Register the function below as a part, under its own name."""

    def enter(render: Render) -> Render:
        kinds = frozenset(kind_codes) if kind_codes is not None else None
        register(f"{render.__module__}.{render.__qualname__}", kinds, order, render)
        return render

    return enter


def sections_of(request: HttpRequest, target: Target) -> list[SafeString]:
    """Return what the parts of a target's ledger show, in their order."""
    code = target.kind.code
    wanted = sorted((s for s in SECTIONS.values() if s.kinds is None or code in s.kinds), key=lambda s: s.order)
    return [SafeString(html) for s in wanted if (html := s.render(request, target))]
