"""What the pages of the programme share: tabs, choices, forms with photos, links into the engine's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from linli.engines.cases.selectors import catalogue
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError
from linli.foundation.files import services as files
from linli.foundation.files.types import Kind
from linli.interfaces.desk import directory
from linli.interfaces.desk.acting import ActForm
from linli.interfaces.desk.doors import actor_of, staff_who, today, unit_options
from linli.programmes.civility import permissions

if TYPE_CHECKING:
    pass

NAV, PURPOSE = "programmes", "civility"


# Who is of the staff and works in the programme.
check_reader = staff_who(permissions.check_read)


def self_test() -> str:
    """Return what stands above every result and every standard of the programme."""
    return _("自测，非官方测评")


def units() -> list[tuple[Any, Any]]:
    """Return the working units as choices."""
    return [(o["value"], o["label"]) for o in unit_options()]


def areas() -> list[tuple[Any, Any]]:
    """Return the areas as choices."""
    return [(a.id, f"{'　' * a.depth}{a.name}") for a in directory.areas(today())]


def case_categories() -> list[tuple[Any, Any]]:
    """Return the case categories as choices."""
    return [(c.spec.code, c.spec.name) for c in catalogue.categories() if c.leaf]


def category_names(codes: Any) -> list[str]:
    """Return the names of case categories."""
    return [found.spec.name for code in codes if (found := catalogue.category(code)) is not None]


def form_page(
    request: HttpRequest, form: ActForm, *, title: Any, back: tuple[str, Any], status: int = 200, hint: Any = "",
    version: Any = "", aside: Any = None,
) -> HttpResponse:  # fmt: skip
    """Show one form on a page of its own."""
    context = {
        "form": form, "title": title, "back": back, "hint": hint, "version": version,
        "multipart": form.is_multipart(), "aside": aside, "nav_here": NAV,
    }  # fmt: skip
    return render(request, "desk/civility/form.html", context, status=status)


def stored(request: HttpRequest, form: ActForm, name: str) -> int | None:
    """Keep a photo that was sent, and return its row; what is refused is said at its field."""
    sent = form.cleaned_data.get(name)
    if sent is None:
        return None
    try:
        row = files.store(
            by=actor_of(request), now=clock.now(), content=cast("BinaryIO", sent.file), name=sent.name or "",
            purpose=PURPOSE, only=(Kind.PHOTO,),
        )  # fmt: skip
    except DomainError as error:
        form.add_error(name, str(error))
        return None
    return row.pk


def tab(label: Any, url: str, *, current: bool, count: Any = None, late: bool = False) -> dict[str, Any]:
    """Return one tab as the component takes it."""
    return {"label": label, "url": url, "current": current, "count": count, "late": late}


def percent(part: Any) -> str:
    """Return a share in words, a dash where nothing was counted."""
    return "—" if part is None else f"{float(part) * 100:.1f}%"
