"""The files that a form names, as whoever fills or edits it gets them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.fieldwork.models.media import FormMedia
from linli.foundation.core.errors import NotFoundError
from linli.foundation.files import selectors as files
from linli.foundation.files.types import Kind, Served
from linli.foundation.forms.rules import media_names, write_form
from linli.foundation.forms.types import WholeForm


def media_of(code: str) -> dict[str, FormMedia]:
    """Return name → file of a form: one statement."""
    rows = FormMedia.objects.filter(form__code=code, file__deleted_at=None).select_related("file")
    return {row.name: row for row in rows}


def media_missing(code: str, form: WholeForm) -> list[str]:
    """Return the names that a form names and for which there is no file, in the order of the form."""
    there = media_of(code)
    return [name for name in media_names(form) if name not in there]


def serve_media(code: str, name: str) -> Served:
    """Return a file of a form.

    Raises:
        NotFoundError: the form has no file of that name.
    """
    row = media_of(code).get(name)
    if row is None:
        raise NotFoundError(_("表单没有这个文件。"), code="fieldwork.no_media")
    return files.serve_shown(row.file.uuid) if row.file.kind == Kind.PHOTO else files.serve_original(row.file.uuid)


def to_fill(code: str, form: WholeForm) -> dict[str, Any]:
    """Return a form as a browser fills it: with parsed expressions, and the small versions of its pictures.

    The pictures stand in it as ``data:`` addresses (``media``: name → address), so that a form that was taken along
    shows them without reception; ``stamp`` changes when one of them does.
    """
    there = media_of(code)
    pictures = [name for name, kind in media_names(form).items() if kind == "image" and name in there]
    shown = {name: _address(there[name]) for name in pictures if there[name].file.has_shown}
    return write_form(form, trees=True) | ({"media": shown, "stamp": _stamp(there)} if there else {})


def _address(row: FormMedia) -> str:
    content, mime = files.open_shown(row.file.uuid, 320)
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


def _stamp(rows: dict[str, FormMedia]) -> str:
    said = "\n".join(f"{name}:{row.digest}" for name, row in sorted(rows.items()))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def media_stamps(codes: Collection[str]) -> dict[str, str]:
    """Return form's code → stamp of its files, of those that have any: one statement."""
    found: dict[str, dict[str, FormMedia]] = {}
    for row in FormMedia.objects.filter(form__code__in=codes, file__deleted_at=None).select_related("form"):
        found.setdefault(row.form.code, {})[row.name] = row
    return {code: _stamp(rows) for code, rows in found.items()}
