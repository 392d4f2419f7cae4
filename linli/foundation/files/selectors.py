"""Public reads of the room `files`. Keep it small and stable.

None of them asks who may see a file: that is decided by the room that attached it, before it calls.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import DecryptionError, decrypt_text
from linli.foundation.files import storage
from linli.foundation.files.exceptions import FileDamagedError, FileGoneError
from linli.foundation.files.models import TAKEN, StoredFile
from linli.foundation.files.pictures import SIZES
from linli.foundation.files.types import UNITS, Limits, Plausibility, Served, TakenAt
from linli.foundation.rulebook import selectors as rulebook

KEPT_FOR = timedelta(days=1)
"""How long an upload waits for the form that names it."""


def limits(now: datetime) -> Limits:
    """Return how large an upload may be on the day of ``now``, as the rulebook says (``files.*``)."""
    on = localtime(now).date()
    return Limits(
        **{f.name: int(rulebook.value(f"files.{f.name}", on=on)) * UNITS.get(f.name, 1) for f in fields(Limits)}
    )


def stored(uuid: UUID) -> StoredFile:
    """Return what is known of a file.

    Raises:
        FileGoneError: no such file, or it was deleted.
    """
    row = StoredFile.objects.filter(uuid=uuid).first()
    if row is None or row.deleted_at is not None:
        raise FileGoneError(_("找不到这个文件，或者它已被删除。"))
    return row


def stored_many(uuids: Collection[UUID]) -> dict[UUID, StoredFile]:
    """Return the rows of several files, tombstones included, in one statement."""
    return {row.uuid: row for row in StoredFile.objects.filter(uuid__in=uuids)} if uuids else {}


def duplicates(uuid: UUID) -> list[StoredFile]:
    """Return the other files with the same content, oldest first."""
    row = stored(uuid)
    same = StoredFile.objects.filter(sha256=row.sha256, deleted_at__isnull=True).exclude(uuid=uuid)
    return list(same.order_by("stored_at", "id")[:100])


def _taken(sealed: bytes | memoryview) -> TakenAt | None:
    text = decrypt_text(sealed, TAKEN)
    return TakenAt.from_json(json.loads(text)) if text else None


def plausibility(uuid: UUID) -> Plausibility:
    """Return what the phone said and what stood in the file of when and where it was taken."""
    row = stored(uuid)
    return Plausibility(phone=_taken(row.phone_sealed), exif=_taken(row.exif_sealed))


def _chunks(uuid: UUID, variant: str) -> Iterator[bytes]:
    try:
        yield from storage.read(uuid, variant)
    except (DecryptionError, OSError) as error:
        message = _("这个文件的内容已损坏或丢失。")
        raise FileDamagedError(message, hint=_("请联系系统管理员从备份中恢复。")) from error


def _length(uuid: UUID, variant: str) -> int:
    try:
        return storage.plain_length(uuid, variant)
    except OSError as error:
        message = _("这个文件的内容已损坏或丢失。")
        raise FileDamagedError(message, hint=_("请联系系统管理员从备份中恢复。")) from error


def serve_shown(uuid: UUID, size: int = max(SIZES)) -> Served:
    """Return the version of a photo that may stand in a page: 320 or 1600 pixels at most.

    Raises:
        FileGoneError: no such file or size, or nothing of it is shown (films, documents).
    """
    row = stored(uuid)
    if size not in SIZES or not row.has_shown:
        raise FileGoneError(_("这个文件没有可以直接显示的版本。"), hint=_("请下载原件查看。"))
    variant = f".{size}"
    extension = row.shown_mime.rsplit("/", 1)[1].replace("jpeg", "jpg")
    name = f"{row.uuid}-{size}.{extension}"
    return Served(row.shown_mime, _length(uuid, variant), name, attachment=False, chunks=_chunks(uuid, variant))


def serve_original(uuid: UUID) -> Served:
    """Return the original as it came, always as an attachment (sound and film play from one all the same)."""
    row = stored(uuid)
    return Served(row.mime, _length(uuid, ""), row.name, attachment=True, chunks=_chunks(uuid, ""))


def open_shown(uuid: UUID, size: int = max(SIZES)) -> tuple[bytes, str]:
    """Return the shown version of a photo and its MIME type."""
    served = serve_shown(uuid, size)
    return b"".join(served.chunks), served.mime


def open_original(uuid: UUID) -> tuple[bytes, str]:
    """Return the original and its MIME type; for films prefer :func:`serve_original`."""
    served = serve_original(uuid)
    return b"".join(served.chunks), served.mime


def original_intact(uuid: UUID) -> bool:
    """Return whether the original still is what was stored: decrypted to its end, hash and size compared."""
    return storage.matches(uuid, stored(uuid).sha256)


@lru_cache(maxsize=1)
def _naming() -> tuple[tuple[type[Model], str], ...]:
    """Return every model of every room that names a file, with the field in which it does."""
    found = StoredFile._meta.get_fields(include_hidden=True)
    return tuple((r.related_model, r.field.name) for r in found if r.auto_created and not r.concrete)  # type: ignore[union-attr, misc]


def attached(file_ids: Collection[int]) -> set[int]:
    """Return those of the files that a row of any room names: one statement."""
    if not file_ids:
        return set()
    return set(file_ids) - set(_free().filter(pk__in=list(file_ids)).values_list("pk", flat=True))


def _free() -> QuerySet[StoredFile]:
    rows = StoredFile.objects.all()
    for model, name in _naming():
        rows = rows.filter(~Exists(model._base_manager.filter(**{name: OuterRef("pk")})))
    return rows


def never_attached(before: datetime) -> QuerySet[StoredFile]:
    """Return the files stored before ``before`` that no row of any room names.

    A room keeps a file by a foreign key to it; one that is named otherwise counts as left behind.
    """
    return _free().filter(deleted_at__isnull=True, stored_at__lte=before)


def own_uploads(actor: Actor, uuids: Collection[UUID], *, now: datetime, purpose: str) -> dict[UUID, int]:
    """Return the row ids, by uuid, of the files that ``actor`` uploaded for ``purpose`` within a day, free as yet."""
    mine = {
        u: r.pk
        for u, r in stored_many(uuids).items()
        if actor.uuid is not None
        and r.stored_by == actor.uuid
        and r.deleted_at is None
        and now - r.stored_at < KEPT_FOR
        and r.purpose == purpose
    }
    taken = attached(mine.values())
    return {u: mine[u] for u in uuids if u in mine and mine[u] not in taken}


def waiting(actor: Actor, hashes: Collection[str], *, now: datetime, purpose: str) -> list[StoredFile]:
    """Return the files with one of these SHA-256 that ``actor`` uploaded for ``purpose`` and that are free as yet.

    Those that the clean-up may take within the hour are left out: who asks sends them anew.
    """
    if not hashes or actor.uuid is None:
        return []
    since = now - KEPT_FOR + timedelta(hours=1)
    rows = _free().filter(
        sha256__in=list(hashes), stored_by=actor.uuid, purpose=purpose, deleted_at=None, stored_at__gt=since
    )
    return list(rows.order_by("id")[:1_000])


def orphans(moment: datetime, batch: int = 500) -> Iterator[list[str]]:
    """Yield in batches the paths of content written before ``moment`` that no living row speaks of."""
    found = list(storage.older_than(moment.timestamp()))
    for start in range(0, len(found), batch):
        part = found[start : start + batch]
        asked = {uuid for uuid, _path in part if uuid}
        alive = set(StoredFile.objects.filter(uuid__in=asked, deleted_at__isnull=True).values_list("uuid", flat=True))
        yield [str(path) for uuid, path in part if uuid is None or uuid not in alive]
