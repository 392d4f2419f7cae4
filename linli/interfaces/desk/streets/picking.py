"""Choosing an entry of a ledger before something is written about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from linli.interfaces.desk.doors import actor_of, uuid_of
from linli.interfaces.desk.streets.frame import Cell, Listing, listing
from linli.programmes.streets import selectors

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Target


def picked(request: HttpRequest) -> UUID | None:
    """Return the entry that the address names."""
    return uuid_of(request.GET.get("target", ""))


def chosen(request: HttpRequest, kinds: Sequence[str]) -> Target | None:
    """Return the entry that the address names.

    Raises:
        NotFoundError: there is none, or not for this person.
    """
    uuid = picked(request)
    return selectors.target_for(actor_of(request), uuid, kinds) if uuid else None


def pick(request: HttpRequest, kinds: Sequence[str], *, here: str, title: Any, what: Any) -> HttpResponse:
    """Show the ledger to choose from; each entry leads back with ``?target=``."""
    text = request.GET.get("q", "").strip()[:60]
    page = selectors.target_page(actor_of(request), kinds, text, cursor=request.GET.get("cursor", ""))
    more = "".join(f"&{k}={v}" for k in ("finding",) if (v := request.GET.get(k, "")))
    rows = [
        [Cell(t.name, f"?target={t.uuid}{more}"), Cell(t.address), Cell(t.area.name if t.area else "")]
        for t in page.rows
    ]
    return listing(
        request,
        Listing(
            here, title, (what, _("地址"), _("区域")), rows, page=page, search=_("名称或地址"),
            empty=(_("台账里还没有"), _("先在走访台账里登记，再回到这里。")),
            note=_("先选是哪一个，再填写。"),
        ),
    )  # fmt: skip
