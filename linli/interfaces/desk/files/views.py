"""Taking files and showing them to whoever may see their case."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, NotFoundError
from linli.foundation.files import selectors as stored
from linli.foundation.files import services as files
from linli.foundation.files.types import Served
from linli.interfaces.desk.doors import actor_of, staff
from linli.interfaces.desk.files.uploads import PURPOSE
from linli.interfaces.web.sending import stream

if TYPE_CHECKING:
    from linli.foundation.files.models import StoredFile

SIZES = {"320": 320, "1600": 1600}


def taken(request: HttpRequest, purpose: str) -> StoredFile | JsonResponse:
    """Store the file (field ``file``) that a script sent for ``purpose``; or answer why it was refused."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        return JsonResponse({"message": _("请选择一个文件。")}, status=422)
    try:
        return files.store(
            by=actor_of(request), now=clock.now(), content=cast("BinaryIO", sent.file), name=sent.name or "",
            purpose=purpose,
        )  # fmt: skip
    except DomainError as error:
        return JsonResponse({"message": error.message, "hint": error.hint, "code": error.code}, status=error.status)


@require_POST
@staff
def upload(request: HttpRequest) -> HttpResponse:
    """Take one file (field ``file``); answer its id, uuid, thumbnail and name, or why it was refused."""
    row = taken(request, PURPOSE)
    if isinstance(row, JsonResponse):
        return row
    thumb = reverse("desk:file", args=[row.uuid, "320"]) if row.has_shown else ""
    return JsonResponse({"id": row.pk, "uuid": str(row.uuid), "thumb": thumb, "name": row.name}, status=201)


@require_GET
def file(request: HttpRequest, uuid: UUID, size: str) -> HttpResponseBase:
    """Send a file of a case: ``320`` or ``1600`` as shown in pages, ``original`` as it came."""
    actor, now = actor_of(request), clock.now()
    if size in SIZES:
        try:
            cases.case_file_for(actor, uuid)
        except NotFoundError:
            if not cases.own_uploads(actor, [uuid], now=now):
                raise
        return send(stored.serve_shown(uuid, SIZES[size]), cached=True)
    if size != "original":
        raise NotFoundError(_("没有这个版本的文件。"), code="desk.file")
    attached = cases.case_file_for(actor, uuid)
    return send(services.open_original(by=actor, now=now, attached=attached))


def send(served: Served, *, cached: bool = False) -> HttpResponseBase:
    """Stream a file: never sniffed, never kept by anybody between us and the reader."""
    return stream(served, "private, max-age=86400, immutable" if cached else "private, no-store")
