"""Keeping the files of a record that come one by one, by the names under which the record speaks of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from linli.engines.fieldwork.models import Part
from linli.engines.fieldwork.services.photos import PURPOSE
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ForbiddenError
from linli.foundation.files import selectors as files_read
from linli.foundation.files import services as files

LONGEST = 200


def keep_part(*, by: Actor, now: datetime, record: UUID, name: str, content: BinaryIO) -> UUID:
    """Keep one file of a record that is on its way; sent again with the same content it is not kept twice.

    Raises:
        FileRefusedError: no picture, too big, damaged; nothing was kept.
        ForbiddenError: nobody who is logged in.
    """
    if by.user_id is None:
        raise ForbiddenError("no user")
    name = name[:LONGEST]
    row = Part.objects.filter(record=record, user_id=by.user_id, name=name).first()
    if row is not None and _same(row.file_uuid, content, now):
        return row.file_uuid
    stored = files.store(by=by, now=now, content=content, name=name, purpose=PURPOSE)
    Part.objects.update_or_create(
        record=record, user_id=by.user_id, name=name, defaults={"file_uuid": stored.uuid, "came_at": now}
    )
    return stored.uuid


def _same(uuid: UUID, content: BinaryIO, now: datetime) -> bool:
    """Return whether the stored file holds this content and waits for its record still."""
    row = files_read.stored_many([uuid]).get(uuid)
    if row is None or row.deleted_at is not None:
        return False
    total = hashlib.sha256()
    while chunk := content.read(1 << 20):
        total.update(chunk)
    content.seek(0)
    return row.sha256 == total.hexdigest() and now - row.stored_at < files_read.KEPT_FOR / 2


def parts_of(*, by: Actor, record: UUID, names: Collection[str]) -> dict[str, UUID]:
    """Return name → file of those that came for a record from this person: one statement."""
    short = {name[:LONGEST]: name for name in names}
    rows = Part.objects.filter(record=record, user_id=by.user_id or 0, name__in=short)
    return {short[name]: uuid for name, uuid in rows.values_list("name", "file_uuid")}
