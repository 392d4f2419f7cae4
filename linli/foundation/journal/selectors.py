"""Reading the journal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from linli.foundation.core.crypto import keyed_hash
from linli.foundation.core.paging import Page, keyset
from linli.foundation.journal import rules
from linli.foundation.journal.exceptions import NotSealedError
from linli.foundation.journal.models import Entry, Seal
from linli.foundation.journal.types import Proof


def entries_for(kind: str, uuid: UUID, limit: int = 200) -> list[Entry]:
    """Return the latest ``limit`` entries about one object, newest first."""
    return list(Entry.objects.filter(kind=kind, object_uuid=uuid).order_by("-id")[:limit])


def acted(uuids: Collection[UUID]) -> set[UUID]:
    """Return those of ``uuids`` in whose name anything was ever written."""
    ids, found = list(uuids), set()
    for begin in range(0, len(ids), 500):
        rows = Entry.objects.filter(actor_uuid__in=ids[begin : begin + 500]).order_by()
        found |= set(rows.values_list("actor_uuid", flat=True).distinct())
    return {uuid for uuid in found if uuid is not None}


def page(
    *,
    cursor: str = "",
    size: int = 50,
    verb: str = "",
    actor: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page[Entry]:
    """Return a page of the journal, newest first, by verb (or room, ``cases.``), actor and time."""
    rows = Entry.objects.all()
    if verb:
        rows = rows.filter(verb__startswith=verb) if verb.endswith(".") else rows.filter(verb=verb)
    if actor:
        rows = rows.filter(actor_uuid=actor)
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def last_seal() -> Seal | None:
    """Return the newest seal."""
    return Seal.objects.order_by("-number").first()


def proof(entry: Entry) -> Proof:
    """Return the proof that ``entry`` is in its seal; :func:`rules.proves` checks it.

    Raises:
        NotSealedError: it has no seal yet.
    """
    seal = Seal.objects.filter(number=entry.seal).first() if entry.seal is not None else None
    if seal is None:
        raise NotSealedError(_("这条记录还没有封存。"), hint=_("请在几秒钟后重试。"))
    leaves = rules.split_leaves(bytes(seal.leaves))
    index = [uuid for uuid, _leaf in leaves].index(entry.uuid.bytes)
    return Proof(
        entry=entry.sealed_bytes(),
        path=rules.merkle_path([leaf for _uuid, leaf in leaves], index),
        seal=seal.header(),
        seal_hash=bytes(seal.hash),
    )


def commitment(nonce: bytes, field: str, value: object) -> str:
    """Return the keyed commitment to ``value``: binding, and not to be guessed without the nonce."""
    text = rules.canonical({"field": field, "value": rules.plain(value)}).decode()
    return keyed_hash(f"{nonce.hex()}:{text}", "journal.commitment")


def committed_to(entry: Entry, field: str, value: object) -> bool:
    """Return whether ``entry`` recorded ``value`` for the personal ``field``; never after it was forgotten."""
    if entry.nonce is None:
        return False
    expected = {"commitment": commitment(bytes(entry.nonce), field, value)}
    return expected in ((entry.after or {}).get(field), (entry.before or {}).get(field))
