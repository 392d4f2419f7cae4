"""The library of legal texts: what may be cited by a category and explained to people (普法)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.cases.models import Category, LegalText
from linli.engines.cases.types import CategorySpec
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.ids import uuids_in
from linli.foundation.core.kept import Kept
from linli.foundation.core.paging import Page, keyset

MOST = 500
_in_use = Kept(5.0)


def _in_force(on: date) -> Q:
    return Q(active=True, valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def legal_texts(uuids: Iterable[str]) -> list[LegalText]:
    """Return the texts of the library that ``uuids`` cite, in the order of the library; none: no statement."""
    wanted = uuids_in(uuids)
    return list(LegalText.objects.filter(uuid__in=wanted).order_by("title", "id")) if wanted else []


def legal_names(uuids: Iterable[str]) -> dict[str, str]:
    """Return uuid → name of the texts that ``uuids`` cite."""
    return {str(t.uuid): str(t) for t in legal_texts(uuids)}


def legal_choices(kept: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return (uuid, name) of the texts in use, and of those in ``kept`` though they are not."""
    rows: QuerySet[LegalText] = LegalText.objects.filter(Q(active=True) | Q(uuid__in=uuids_in(kept)))
    return [(str(t.uuid), str(t)) for t in rows.only("uuid", "title", "article").order_by("title", "id")[:MOST]]


def laws_for(spec: CategorySpec, on: date) -> list[tuple[str, str]]:
    """Return (uuid, words) of what may be shown and explained for a category on ``on``; uuid empty for its own text."""
    own = [("", spec.law)] if spec.law else []
    if not spec.laws:
        return own
    rows = LegalText.objects.filter(_in_force(on), uuid__in=uuids_in(spec.laws)).order_by("title", "id")
    return own + [(str(t.uuid), cited(t)) for t in rows]


def explainable(spec: CategorySpec, uuid: str, on: date) -> str:
    """Return the words of the text ``uuid`` if it may be explained on ``on``, empty if not.

    Any text of the library in force may be; without ``uuid`` what the category cites.
    """
    if not uuid:
        return law_words(spec, on)
    row = LegalText.objects.filter(_in_force(on), uuid__in=uuids_in([uuid])).first()
    return cited(row) if row is not None else ""


def laws_to_explain(spec: CategorySpec, on: date) -> list[tuple[str, str]]:
    """Return (uuid, words) of what may be explained on ``on``: what the category cites first, then the library."""
    first = laws_for(spec, on)
    rows = LegalText.objects.filter(_in_force(on)).exclude(uuid__in=uuids_in(u for u, _words in first))
    return first + [(str(t.uuid), cited(t)) for t in rows.order_by("title", "id")[:MOST]]


def library_in_use(on: date) -> bool:
    """Return whether the library holds a text in force on ``on``; asked of the database at most every few seconds."""
    return _in_use.get(LegalText.objects.filter(_in_force(on)).exists, on)


def forget_laws() -> None:
    """Let the next page ask the library anew."""
    _in_use.forget()


def law_words(spec: CategorySpec, on: date) -> str:
    """Return in one text what a category cites on ``on``."""
    return "\n".join(words for _uuid, words in laws_for(spec, on))


def cited(text: LegalText) -> str:
    """Return a legal text as it is cited: 《title》article：words."""
    return f"{text}：{text.text}"


def legal_page(*, words: str = "", state: str = "", on: date, cursor: str = "", size: int = 50) -> Page[LegalText]:
    """Return a page of the library by title.

    Args:
        words: in title, article or text.
        state: ``on`` in force on the day, ``off`` not; empty: all.
    """
    rows = LegalText.objects.all()
    if words := words.strip()[:40]:
        rows = rows.filter(Q(title__icontains=words) | Q(article__icontains=words) | Q(text__icontains=words))
    if state == "on":
        rows = rows.filter(_in_force(on))
    if state == "off":
        rows = rows.exclude(_in_force(on))
    return keyset(rows, keys=[("title", str), ("id", int)], cursor=cursor, size=size)


def legal_text(uuid: str) -> LegalText:
    """Return one text of the library.

    Raises:
        NotFoundError: there is none.
    """
    row = LegalText.objects.filter(uuid__in=uuids_in([uuid])).first()
    if row is None:
        raise NotFoundError(_("没有这条法律条文。"), code="cases.law")
    return row


def citing(uuid: str) -> list[str]:
    """Return the names of the categories in use whose current version cites a text."""
    rows = Category.objects.filter(active=True, version__spec__laws__isnull=False).select_related("version")
    return [r.name for r in rows.order_by("order", "id") if r.version and uuid in (r.version.spec.get("laws") or ())]
