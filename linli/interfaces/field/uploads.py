"""Pictures and sound in, one at a time or with their form; out again by the door of the case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.engines.cases import permissions, selectors
from linli.engines.cases.types import FilePurpose, FileRef
from linli.foundation.core import clock
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import InvalidError
from linli.foundation.files import selectors as files_read
from linli.foundation.files import services as files
from linli.foundation.files.types import Kind
from linli.interfaces.field.access import actor_of, staff_only

# Field of a form → what its files show.
PURPOSES = {
    "photos": FilePurpose.REPORT,
    "before": FilePurpose.BEFORE,
    "after": FilePurpose.AFTER,
    "check": FilePurpose.CHECK,
    "paper": FilePurpose.PAPER,
    "voice": FilePurpose.VOICE,
}
MOST = 9


def _only(purpose: FilePurpose) -> tuple[Kind, ...]:
    if purpose is FilePurpose.VOICE:
        return (Kind.VOICE, Kind.VIDEO)  # a browser's recorder may call sound a film
    return (Kind.PHOTO, Kind.DOCUMENT) if purpose is FilePurpose.PAPER else (Kind.PHOTO,)


@require_POST
@staff_only
def upload(request: HttpRequest) -> HttpResponse:
    """Keep one file and answer its uuid; a form names it later in ``kept``, and only its uploader may."""
    sent = request.FILES.get("file")
    name = str(request.POST.get("field", ""))
    if sent is None or name not in PURPOSES:
        raise InvalidError(_("没有收到文件。"), code="field.upload", fields={"file": [_("请选择照片或录音。")]})
    purpose = PURPOSES[name]
    row = files.store(
        by=actor_of(request),
        now=clock.now(),
        content=cast("BinaryIO", sent.file),
        name=sent.name or "",
        purpose=purpose.value,
        only=_only(purpose),
    )
    return JsonResponse({"kept": f"{name}:{row.uuid}", "kind": row.kind, "size": row.size}, status=201)


def _kept_before(actor: Actor, tokens: Sequence[str]) -> list[tuple[str, int, UUID]]:
    """Return (field, row id, uuid) of files kept earlier that ``actor`` uploaded; others are passed over."""
    wanted: dict[UUID, str] = {}
    for token in tokens[: MOST * 2]:
        name, _colon, raw = token.partition(":")
        try:
            wanted[UUID(raw)] = name
        except ValueError:
            continue
    rows = files_read.stored_many(list(wanted))
    mine = (r for r in rows.values() if r.stored_by == actor.uuid and r.deleted_at is None)
    return [(wanted[r.uuid], r.pk, r.uuid) for r in mine if wanted[r.uuid] in PURPOSES]


def take(request: HttpRequest, fields: Iterable[str]) -> tuple[list[FileRef], list[str]]:
    """Return what a form brought for ``fields`` as references, and tokens to name it again if the form comes back.

    Raises:
        FileRefusedError: one is no picture, too large, damaged.
    """
    actor, now = actor_of(request), clock.now()
    found = [kept for kept in _kept_before(actor, request.POST.getlist("kept")) if kept[0] in fields]
    for name in fields:
        for sent in request.FILES.getlist(name)[:MOST]:
            purpose = PURPOSES[name]
            row = files.store(
                by=actor,
                now=now,
                content=cast("BinaryIO", sent.file),
                name=sent.name or "",
                purpose=purpose.value,
                only=_only(purpose),
            )
            found.append((name, row.pk, row.uuid))
    refs = [FileRef(file_id=row_id, purpose=PURPOSES[name]) for name, row_id, _uuid in found]
    return refs, [f"{name}:{uuid}" for name, _row_id, uuid in found]


@require_GET
@staff_only
def file(request: HttpRequest, number: str, uuid: UUID, size: int = 0) -> HttpResponse:
    """Send a file of a case that the reader may read: a shown size of a photo, else the original."""
    case = permissions.get_case_for(actor_of(request), number)
    attached = selectors.attached(case, uuid)
    served = files_read.serve_shown(attached.file.uuid, size) if size else files_read.serve_original(attached.file.uuid)
    answer = StreamingHttpResponse(served.chunks, content_type=served.mime)
    answer["Content-Length"] = str(served.length)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=3600" if size else "private, no-store"
    if served.attachment:
        answer["Content-Disposition"] = f'attachment; filename="{uuid}"'
    return answer  # type: ignore[return-value]
