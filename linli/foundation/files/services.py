"""Public writes of the room `files`. Keep it small and stable."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.crypto import encrypt_text
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.ids import uuid7
from linli.foundation.files import intake, rules, selectors, storage
from linli.foundation.files.exceptions import FileGoneError
from linli.foundation.files.intake import Accepted
from linli.foundation.files.models import NAME, TAKEN, StoredFile
from linli.foundation.files.types import Content, FileType, Kind, TakenAt
from linli.foundation.journal.services import record

ORPHAN_AGE = timedelta(days=1)


def store(
    *,
    by: Actor,
    now: datetime,
    content: Content,
    name: str,
    purpose: str,
    taken: TakenAt | None = None,
    only: Collection[Kind] = (),
    plain: bool = False,
) -> StoredFile:
    """Keep a file: the original encrypted and untouched, for a photo also what may be shown.

    The content is on disk before the row is written; call it before opening a transaction of
    your own, since large files take a while. Should that transaction be undone, the daily
    clean-up removes the content. ``only`` limits what is taken (photos, say); ``plain`` lets plain text in.

    Raises:
        FileRefusedError: nothing was kept.
    """
    accepted = intake.examine(content, name, selectors.limits(now), only, plain=plain)
    uuid = uuid7()
    try:
        written = _write(uuid, accepted)
        row = _row(uuid, accepted, written, purpose, taken)
        row.stored_at, row.stored_by = now, by.uuid
        return _keep(row, by, now)
    except BaseException:
        storage.remove(uuid)
        raise


def keep_made(
    *, by: Actor, now: datetime, content: IO[bytes], name: str, file_type: FileType, purpose: str, most: int
) -> StoredFile:
    """Keep a file that Linli itself made for ``by``: encrypted as uploads are, held to ``most`` bytes.

    Raises:
        FileRefusedError: more than ``most`` bytes, or none; nothing was kept.
    """
    chunks = iter(lambda: content.read(256 * 1024), b"")
    accepted = Accepted(file_type, rules.clean_name(name, file_type.extension), most, chunks, None)
    uuid = uuid7()
    try:
        written = _write(uuid, accepted)
        if not written.size:
            raise intake.refuse("empty")
        row = _row(uuid, accepted, written, purpose, None)
        row.stored_at, row.stored_by = now, by.uuid
        return _keep(row, by, now)
    except BaseException:
        storage.remove(uuid)
        raise


def check(*, content: bytes, name: str, now: datetime, only: Collection[Kind] = (), plain: bool = False) -> FileType:
    """Return what sort of file it is that :func:`store` would keep; keep nothing.

    Raises:
        FileRefusedError: as :func:`store`.
    """
    limits = selectors.limits(now)
    accepted = intake.examine(content, name, limits, only, plain=plain)
    if len(content) > accepted.limit:
        raise intake.too_large(accepted.limit)
    return accepted.type


def _write(uuid: UUID, accepted: Accepted) -> storage.Written:
    try:
        written = storage.write(uuid, "", accepted.chunks, accepted.limit)
    except storage.TooLargeError as error:
        raise intake.too_large(accepted.limit) from error
    for size, version in accepted.picture.versions.items() if accepted.picture else ():
        storage.write(uuid, f".{size}", iter([version]), len(version))
    return written


def _sealed(taken: TakenAt | None) -> bytes:
    return encrypt_text(json.dumps(taken.to_json()), TAKEN) if taken else b""


def _row(uuid: UUID, accepted: Accepted, written: storage.Written, purpose: str, taken: TakenAt | None) -> StoredFile:
    picture = accepted.picture
    return StoredFile(
        uuid=uuid,
        kind=accepted.type.kind.value,
        mime=accepted.type.mime,
        extension=accepted.type.extension,
        name_sealed=encrypt_text(accepted.name, NAME),
        size=written.size,
        sha256=written.sha256,
        purpose=purpose,
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        shown_mime=picture.mime if picture else "",
        phone_sealed=_sealed(taken),
        exif_sealed=_sealed(picture.exif if picture else None),
    )


@whole
def _keep(row: StoredFile, by: Actor, now: datetime) -> StoredFile:
    earlier = StoredFile.objects.filter(sha256=row.sha256, deleted_at__isnull=True).order_by("stored_at", "id")
    row.duplicate_of = earlier.values_list("uuid", flat=True).first()
    row.save(force_insert=True)
    record(
        by=by,
        verb="files.store",
        kind="file",
        uuid=row.uuid,
        label=row.kind,
        now=now,
        after={"sha256": row.sha256, "size": row.size, "mime": row.mime, "purpose": row.purpose},
    )
    return row


@whole
def delete(*, by: Actor, now: datetime, uuid: UUID, reason: str) -> None:
    """Delete a file's content for good; its row stays as a tombstone with the reason.

    The content goes after the commit; what a crash leaves behind is taken by the clean-up.

    Raises:
        InvalidError: no reason.
        FileGoneError: no such file, or deleted already.
    """
    reason = reason.strip()[:500]
    if not reason:
        raise InvalidError(_("请写明删除文件的理由。"), code="files.reason", fields={"reason": [_("必填。")]})
    row = selectors.stored(uuid)
    changed = StoredFile.objects.filter(pk=row.pk, deleted_at__isnull=True).update(
        deleted_at=now,
        deleted_by=by.label[:100],
        deleted_why=reason,
        name_sealed=b"",
        phone_sealed=b"",
        exif_sealed=b"",
    )
    if changed != 1:
        raise FileGoneError(_("找不到这个文件，或者它已被删除。"))
    record(
        by=by,
        verb="files.delete",
        kind="file",
        uuid=uuid,
        label=row.kind,
        now=now,
        before={"sha256": row.sha256, "size": row.size},
        reason=reason,
    )
    transaction.on_commit(lambda: storage.remove(uuid))


def drop_uploads(before: datetime, now: datetime, limit: int) -> int:
    """Delete at most ``limit`` files uploaded before ``before`` that no row names; the content goes with the commit."""
    over = selectors.never_attached(before)
    # Locked first and asked again: a form that is being sent in this moment keeps its file.
    ids = list(over.select_for_update(of=("self",)).order_by("id").values_list("id", flat=True)[:limit])
    rows = list(over.filter(id__in=ids))
    for row in rows:
        delete(by=SYSTEM, now=now, uuid=row.uuid, reason=_("上传后未提交"))
    return len(rows)


def clean_up(*, now: datetime) -> int:
    """Remove content older than a day that no living row speaks of; return how many files went."""
    gone = 0
    for paths in selectors.orphans(now - ORPHAN_AGE):
        for path in paths:
            Path(path).unlink(missing_ok=True)
            gone += 1
    return gone
