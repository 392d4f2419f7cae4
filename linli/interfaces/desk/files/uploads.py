"""Files that come with a form: stored at once, so that a form with a mistake does not lose them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.engines.cases import selectors as cases
from linli.engines.cases.types import FilePurpose, FileRef
from linli.foundation.core.errors import DomainError, InvalidError
from linli.foundation.files import selectors as stored
from linli.foundation.files import services as files
from linli.interfaces.desk.doors import actor_of, uuid_of

PURPOSE = "case"
FIELD, KEPT = "photos", "file"


def take(request: HttpRequest, *, now: datetime, field: str = FIELD) -> tuple[list[UUID], list[str]]:
    """Store what was sent in ``field``; return the uuids, with those kept from an earlier try, and what was refused."""
    found = [u for u in map(uuid_of, request.POST.getlist(KEPT)) if u is not None]
    refused: list[str] = []
    for sent in request.FILES.getlist(field):
        try:
            row = files.store(
                by=actor_of(request),
                now=now,
                content=cast("BinaryIO", sent.file),
                name=sent.name or "",
                purpose=PURPOSE,
            )
        except DomainError as error:
            refused.append(f"{sent.name}：{error}")
        else:
            found.append(row.uuid)
    return list(dict.fromkeys(found)), refused


class FilesError(InvalidError):
    """Files that cannot be taken; the others are kept."""

    def __init__(self, uuids: Sequence[UUID], refused: Sequence[str]) -> None:
        """Say which."""
        super().__init__(
            _("有文件不能上传。"), code="desk.files", fields={"photos": list(refused), "files": list(refused)}
        )
        self.params["uploaded"] = list(uuids)


def sent(request: HttpRequest, *, now: datetime) -> tuple[list[UUID], list[int]]:
    """Store what a form brought; return the uuids, to be shown again, and the row ids that may be attached.

    Raises:
        FilesError: some cannot be taken.
    """
    uuids, refused = take(request, now=now)
    if refused:
        raise FilesError(uuids, refused)
    return uuids, list(cases.own_uploads(actor_of(request), uuids, now=now).values())


def refs(request: HttpRequest, uuids: Sequence[UUID], purpose: FilePurpose, *, now: datetime) -> list[FileRef]:
    """Return the uploaded files as what a service attaches; those of others or attached already are left out."""
    if not uuids:
        return []
    return [FileRef(file_id, purpose) for file_id in cases.own_uploads(actor_of(request), uuids, now=now).values()]


def shown(uuids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return the uploaded files as thumbnails that a form shows again."""
    rows = stored.stored_many(uuids)
    return [
        {
            "uuid": str(u),
            "name": rows[u].name,
            "thumb": reverse("desk:file", args=[u, "320"]) if rows[u].has_shown else "",
        }
        for u in uuids
        if u in rows
    ]
