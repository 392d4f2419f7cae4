"""Reading the journal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import keyed_hash
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.journal import rules
from linli.foundation.journal.exceptions import NotSealedError
from linli.foundation.journal.models import Entry, Seal
from linli.foundation.journal.permissions import check_reader
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


def ids_between(since: datetime, until: datetime) -> tuple[int, int]:
    """Return between which ids the entries of a stretch of time lie, with an hour on both sides.

    The journal has no index by time, which every write would pay for: ids grow with time but for transactions
    that commit late, so the place is found by halving, some thirty look-ups by key.
    """
    return _first_id(since - _SLACK), _first_id(until + _SLACK)


_SLACK = timedelta(hours=1)


def _first_id(moment: datetime) -> int:
    """Return the id from which on entries are not older than ``moment``, give or take late ones."""
    low = 1
    high = (Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = Entry.objects.filter(id__gte=middle).order_by("id").values_list("id", "at").first()
        if found is None or found[1] >= moment:
            high = middle
        else:
            low = found[0] + 1
    return low


def search(
    *,
    by: Actor,
    since: datetime,
    until: datetime,
    actors: Collection[UUID] | None = None,
    verb: str = "",
    verbs: Collection[str] | None = None,
    label: str = "",
    cursor: str = "",
    size: int = 50,
) -> Page[Entry]:
    """Return a page of what was written in a stretch of time, newest first: bounded however long the journal is.

    Args:
        actors: only of these; None for everybody.
        verb: a verb (``cases.dispatch``), or a room with its point (``cases.``).
        verbs: only these verbs; None for all.
        label: a part of what the object is called, such as a case's number.

    Raises:
        ForbiddenError: ``by`` is no audit administrator.
    """
    check_reader(by)
    first, behind = ids_between(since, until)
    rows = Entry.objects.filter(id__gte=first, id__lt=behind, at__gte=since, at__lt=until)
    if actors is not None:
        rows = rows.filter(actor_uuid__in=actors)
    if verb:
        rows = rows.filter(verb__startswith=verb) if verb.endswith(".") else rows.filter(verb=verb)
    if verbs is not None:
        rows = rows.filter(verb__in=verbs)
    if label:
        rows = rows.filter(label__icontains=label)
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def of_object(*, by: Actor, kind: str, uuid: UUID, cursor: str = "", size: int = 50) -> Page[Entry]:
    """Return a page of all that was written about one object, newest first.

    Raises:
        ForbiddenError: ``by`` is no audit administrator.
    """
    check_reader(by)
    return keyset(
        Entry.objects.filter(kind=kind, object_uuid=uuid),
        keys=[("id", int)],
        cursor=cursor,
        size=size,
        descending=True,
    )


def entry(uuid: UUID, *, by: Actor) -> Entry:
    """Return one entry.

    Raises:
        ForbiddenError: ``by`` is no audit administrator.
        NotFoundError: there is none.
    """
    check_reader(by)
    found = Entry.objects.filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这条日志。"))
    return found


def unsealed(limit: int = 1000) -> int:
    """Return how many entries wait for their seal, ``limit`` at most."""
    return len(Entry.objects.filter(seal__isnull=True).values_list("id")[:limit])


def _behind(after: int, seals: int) -> tuple[int, QuerySet[Entry]]:
    """Return the number of the last of the next seals, and the entries that they cover.

    Whoever follows the journal follows its seals: an entry has none before its transaction is over, and the next seal
    takes whatever has none, however old; by the ids of entries what a slow transaction commits late would be missed.
    """
    numbers = list(Seal.objects.filter(number__gt=after).order_by("number").values_list("number", flat=True)[:seals])
    if not numbers:
        return after, Entry.objects.none()
    return numbers[-1], Entry.objects.filter(seal__gt=after, seal__lte=numbers[-1])


def sealed(after: int, *, seals: int = 20) -> tuple[int, list[Entry]]:
    """Return the number of the last of the next seals, and the entries that they cover, in order.

    Args:
        after: the last seal that was read, 0 for none.
        seals: of how many seals at most.
    """
    last, rows = _behind(after, seals)
    return last, list(rows.order_by("seal", "id"))


def sealed_objects(kind: str, after: int, *, seals: int = 20) -> tuple[int, set[UUID]]:
    """Return the number of the last of the next seals, and what objects of a kind their entries speak of.

    Args:
        after, seals: as for :func:`sealed`.
    """
    last, rows = _behind(after, seals)
    found = rows.filter(kind=kind, object_uuid__isnull=False).values_list("object_uuid", flat=True)
    return last, {uuid for uuid in found if uuid is not None}


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
