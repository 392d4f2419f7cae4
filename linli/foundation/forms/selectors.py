"""Reads of the room `forms`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.forms.models import Form, FormVersion
from linli.foundation.forms.rules import from_json, read_form
from linli.foundation.forms.rules.editing import UNFINISHED
from linli.foundation.forms.types import QuestionSet, WholeForm


def version(code: str, number: int | None = None) -> FormVersion:
    """Return a version of the form with ``code``: the newest that is published, if no number is given.

    Raises:
        NotFoundError: there is none.
    """
    rows = FormVersion.objects.filter(form__code=code).select_related("form").order_by("-number")
    found = rows.filter(published_at__isnull=False).first() if number is None else rows.filter(number=number).first()
    if found is None:
        raise NotFoundError(_("没有这张表单。"), code="forms.no_form")
    return found


def made_for(*kinds: str) -> list[tuple[str, str]]:
    """Return (code, title) of the published forms of these purposes, the shipped ones first: one statement.

    Args:
        kinds: codes of ``types.KINDS``.
    """
    rows = Form.objects.filter(kind__in=kinds, versions__published_at__isnull=False).distinct()
    found = rows.order_by("-shipped", "title", "code").values_list("code", "title", "shipped")
    return [(code, title) for code, title, _edition in found]


def question_set(code: str, number: int | None = None) -> QuestionSet:
    """Return the questions of a version."""
    return from_json(version(code, number).questions)


def whole_form(code: str, number: int | None = None) -> WholeForm:
    """Return a version as a whole form; a flat question set is read as one without groups."""
    return form_of(version(code, number))


def form_of(row: FormVersion) -> WholeForm:
    """Return a version as a whole form; a draft may still be unfinished."""
    return read_form(row.questions, lacking=() if row.published_at else UNFINISHED)


@dataclass(frozen=True, slots=True)
class Listed:
    """A whole form in the list.

    Attributes:
        number: its newest version.
        draft: whether that is not published yet.
        published: number of the version in use, 0 for none.
        frozen: whether the version in use was already filled.
    """

    id: int
    uuid: str
    code: str
    title: str
    kind: str
    shipped: int
    number: int
    draft: bool
    published: int
    frozen: bool
    changed_at: datetime | None
    changed_label: str


def listing(*, words: str = "", kind: str = "", state: str = "", cursor: str = "", size: int = 50) -> Page[Listed]:
    """Return the whole forms by title: two statements at most, however many.

    Args:
        words: part of the title or code.
        kind: a code of ``types.KINDS``; empty for all.
        state: ``draft`` (a version waits to be published), ``use`` (one is published); empty for all.
        cursor: of the page before.
        size: rows of a page.
    """
    newest = FormVersion.objects.filter(form=OuterRef("pk")).order_by("-number")
    used = newest.filter(published_at__isnull=False)
    rows: QuerySet[Any] = Form.objects.filter(whole=True).annotate(
        newest_number=Subquery(newest.values("number")[:1]),
        newest_published=Subquery(newest.values("published_at")[:1]),
        changed_at=Subquery(newest.values("changed_at")[:1]),
        changed_label=Subquery(newest.values("changed_label")[:1]),
        used_number=Subquery(used.values("number")[:1]),
        used_frozen=Subquery(used.values("frozen_at")[:1]),
    )
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(code__icontains=words))
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = (
            rows.filter(newest_published__isnull=True) if state == "draft" else rows.filter(used_number__isnull=False)
        )
    found = keyset(rows, keys=[("title", str), ("code", str)], cursor=cursor, size=size)
    return Page([_listed(row) for row in found.rows], found.next, found.previous, found.size)


def _listed(row: Form) -> Listed:
    noted = vars(row)  # what the query counted beside the columns
    return Listed(
        row.pk, str(row.uuid), row.code, row.title, row.kind, row.shipped, noted["newest_number"],
        noted["newest_published"] is None, noted["used_number"] or 0, noted["used_frozen"] is not None,
        noted["changed_at"], noted["changed_label"] or "",
    )  # fmt: skip


def form(code: str) -> Form:
    """Return a whole form by its code.

    Raises:
        NotFoundError: there is none.
    """
    found = Form.objects.filter(code=code, whole=True).first()
    if found is None:
        raise NotFoundError(_("没有这张表单。"), code="forms.no_form")
    return found


def versions_of(code: str) -> list[FormVersion]:
    """Return all versions of a form, the newest first."""
    return list(FormVersion.objects.filter(form__code=code).select_related("form").order_by(F("number").desc()))


def codes() -> set[str]:
    """Return the codes of all forms."""
    return set(Form.objects.values_list("code", flat=True))


def editions() -> dict[str, int]:
    """Return code of each whole form → number of the shipped edition that it was taken from."""
    return dict(Form.objects.filter(whole=True).values_list("code", "shipped"))


def fillable(*, without: tuple[str, ...] = ("target.",), most: int = 500) -> list[tuple[str, str]]:
    """Return code and title of the forms that somebody can be sent out with, by title.

    Args:
        without: beginnings of the codes that are left out: what is known of a ledger's targets is no form to fill.
    """
    rows = Form.objects.filter(versions__published_at__isnull=False).distinct()
    for start in without:
        rows = rows.exclude(code__startswith=start)
    return list(rows.order_by("title", "code").values_list("code", "title")[:most])
