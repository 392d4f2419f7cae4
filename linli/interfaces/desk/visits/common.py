"""What the pages of the programme share: where they stand, periods, forms of a whole page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from linli.engines.fieldwork.rules.coverage import Period
from linli.interfaces.desk import directory
from linli.interfaces.desk.doors import day_of, id_of, today
from linli.interfaces.desk.made_for import lacking
from linli.interfaces.web.forms import DomainForm

NAV = "programmes"
MOST_DAYS = 1_100


def percent(share: Fraction | None) -> str:
    """Return a share as pages show it, a dash where there is nothing to count."""
    return "—" if share is None else f"{float(share * 100):.1f}%"


def asked_period(request: HttpRequest) -> Period:
    """Return the period that was asked for; without one the year so far."""
    on = today()
    first = day_of(request.GET.get("from", "")) or date(on.year, 1, 1)
    last = day_of(request.GET.get("until", "")) or on
    if not first <= last or last - first > timedelta(days=MOST_DAYS):
        return Period(date(on.year, 1, 1), on)
    return Period(first, last)


@dataclass(frozen=True, slots=True)
class Where:
    """The area asked for: its row, path and name; the whole street where none was."""

    id: int | None
    path: str
    name: str


def asked_area(request: HttpRequest) -> Where:
    """Return the area that was asked for."""
    wanted = id_of(request.GET.get("area", ""))
    found = next((a for a in directory.areas(today()) if a.id == wanted), None)
    return Where(found.id, found.path, found.name) if found else Where(None, "", _("全街道"))


def area_names() -> dict[str, str]:
    """Return path → name of the areas."""
    return {a.path: a.name for a in directory.areas(today())}


def area_name(names: dict[str, str], path: str) -> str:
    """Return the name of the smallest area known on a path, a dash for none."""
    while path and path not in names:
        path = path.rstrip("/").rpartition("/")[0] + "/" if "/" in path.rstrip("/") else ""
        if path == "/":
            break
    return names.get(path, "—")


def area_options() -> list[dict[str, Any]]:
    """Return the areas as options, the whole street first."""
    return [
        {"value": "", "label": _("全街道")},
        *({"value": a.id, "label": a.name} for a in directory.areas(today())),
    ]


def form_page(
    request: HttpRequest, form: DomainForm, *, title: str, back: tuple[str, str], status: int = 200, hint: str = "",
    version: Any = "", lacks: tuple[str, ...] = (),
) -> HttpResponse:  # fmt: skip
    """Show a form of a whole page.

    Args:
        back: address and words.
        lacks: purposes of forms of which one has to be published; where there is none, the page says what to do.
    """
    context = {
        "form": form, "title": title, "back": back, "version": version, "hint": hint, "nav_here": NAV,
        "multipart": form.is_multipart(), "lacking": lacking(request, *lacks) if lacks else {},
    }  # fmt: skip
    return render(request, "desk/visits/form.html", context, status=status)
