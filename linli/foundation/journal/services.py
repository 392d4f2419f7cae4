"""Writing the journal, sealing it, and showing that nobody changed it.

The public face of the room for writes: keep it small and stable.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Max, Min, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.db.inserting import insert
from linli.foundation.core.namespaces import current
from linli.foundation.journal import rules, signing
from linli.foundation.journal.checking import Check
from linli.foundation.journal.exceptions import LookingOnlyError
from linli.foundation.journal.models import Entry, Seal
from linli.foundation.journal.selectors import commitment, last_seal
from linli.foundation.journal.types import EntryData, Report

SEAL_BATCH = 1000
_MAIL = """请妥善保存附件，日后可用 linli verify --days 核对。
Keep the attachment; linli verify --days checks against it.
"""


def record(
    *,
    by: Actor,
    verb: str,
    kind: str,
    uuid: UUID | None,
    label: str,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    rule: str = "",
    personal: Collection[str] = (),
) -> None:
    """Write one entry into the caller's transaction: one INSERT."""
    record_many([EntryData(by, verb, kind, uuid, label, now, before, after, reason, rule, personal)])


def record_many(entries: Sequence[EntryData]) -> None:
    """Write several entries into the caller's transaction: one INSERT.

    Raises:
        LookingOnlyError: one is by somebody who only looks with another person's grants.
    """
    if entries:
        insert([_row(entry) for entry in entries])


def _row(data: EntryData) -> Entry:
    if data.by.read_only:
        raise LookingOnlyError(
            _("您正以他人的岗位查看，只能看，不能办理。"), hint=_("请先退出查看，再以自己的身份操作。")
        )
    nonce = secrets.token_bytes(32) if data.personal else None
    row = Entry(
        at=data.now,
        actor_kind=data.by.kind.value,
        actor_uuid=data.by.uuid,
        actor_label=data.by.label,
        on_behalf_of=data.by.on_behalf_of,
        verb=data.verb,
        kind=data.kind,
        object_uuid=data.uuid,
        label=data.label,
        before=_kept(data.before, data.personal, nonce),
        after=_kept(data.after, data.personal, nonce),
        reason=data.reason,
        rule=data.rule,
        nonce=nonce,
    )
    row.clean_texts()
    return row


def _kept(values: Mapping[str, Any] | None, personal: Collection[str], nonce: bytes | None) -> dict[str, Any] | None:
    """Return what is kept of ``values``: personal fields as commitments, unless they are empty."""
    if values is None:
        return None
    return {
        rules.clean_text(field): {"commitment": commitment(nonce, field, value)}
        if nonce is not None and field in personal and value not in (None, "")
        else rules.plain(value)
        for field, value in values.items()
    }


@whole
def forget(*, by: Actor, now: datetime, kind: str, uuid: UUID, reason: str) -> int:
    """Erase the nonces of all entries about one object: its personal values can never be shown again.

    The seals stay whole, since a nonce is no part of what is sealed. Returns how many entries.
    """
    rows: QuerySet[Entry] = QuerySet(Entry).filter(kind=kind, object_uuid=uuid, nonce__isnull=False)
    count = rows.update(nonce=None)
    record(by=by, verb="journal.forget", kind=kind, uuid=uuid, label="", now=now, after={"count": count}, reason=reason)
    return count


def seal(*, now: datetime, limit: int = SEAL_BATCH) -> int:
    """Put one seal over the entries that have none, at most ``limit``; return how many it covers.

    It takes whatever has no seal, not whatever came after the last: an entry of a slow
    transaction, whose id is older, is found by the next seal. Of two sealers at once the
    unique seal number lets one through; the other returns 0.
    """
    try:
        with transaction.atomic():
            return _seal(now, limit)
    except IntegrityError:
        return 0


def _seal(now: datetime, limit: int) -> int:
    last = last_seal()
    rows = list(Entry.objects.filter(seal__isnull=True).order_by("id")[:limit])
    if not rows:
        return 0
    leaves = [(row.uuid.bytes, rules.leaf_hash(row.sealed_bytes())) for row in rows]
    made = Seal(
        number=last.number + 1 if last else 1,
        at=now,
        count=len(rows),
        root=rules.merkle_root([leaf for _uuid, leaf in leaves]),
        previous=bytes(last.hash) if last else rules.FIRST,
        leaves=rules.join_leaves(leaves),
    )
    made.hash = rules.seal_hash(made.header())
    made.save(force_insert=True)
    changed = QuerySet(Entry).filter(id__in=[row.id for row in rows], seal__isnull=True).update(seal=made.number)
    if changed != len(rows):
        raise IntegrityError
    return len(rows)


def seal_all(*, now: datetime) -> int:
    """Seal until nothing is left without a seal; return how many entries were sealed."""
    total = 0
    while done := seal(now=now):
        total += done
    return total


def seal_day(*, now: datetime, day: date | None = None) -> Path | None:
    """Write the signed file of ``day`` (yesterday, unless given) and mail it where that is set up.

    Returns its path, or None while there is no seal. The file is never written twice.
    """
    seal_all(now=now)
    day = day or timezone.localdate(now) - timedelta(days=1)
    head = last_seal()
    if head is None:
        return None
    target = signing.folder() / f"{day.isoformat()}.json"
    if target.exists():
        return target
    path = signing.write(
        day,
        number=head.number,
        head=bytes(head.hash),
        entries=Seal.objects.aggregate(n=Sum("count"))["n"],
        made_at=rules.moment(now),
    )
    _mail(path, day)
    return path


def _mail(path: Path, day: date) -> None:
    """Send the file to the addresses in ``LINLI_SEAL_MAIL``, if there are any and a mail server is set."""
    to = [address.strip() for address in settings.SEAL_MAIL.split(",") if address.strip()]
    if not settings.EMAIL_HOST or not to:
        return
    mail = EmailMessage(
        subject=f"Linli 日志封存 / journal seal {current()} {day.isoformat()}",
        body=_MAIL,
        to=to,
    )
    mail.attach(path.name, path.read_bytes(), "application/json")
    mail.send()


def verify(*, days: Sequence[Path] = ()) -> Report:
    """Check everything sealed against the entries and the signed day files, in bounded memory.

    ``days`` are further folders with day files, such as the mailed ones.
    """
    return Check([signing.folder(), *days]).run()


@whole
def retire(*, by: Actor, now: datetime, before: datetime, reason: str, seals: int | None = None) -> int:
    """Delete the entries of the seals made before ``before``, of ``seals`` of them at most; return how many.

    The seals with their leaf hashes stay, so that the chain still holds. Only a leading
    run of seals goes, and the journal says so.
    """
    open_seals = Seal.objects.filter(retired_at__isnull=True)
    kept = open_seals.filter(at__gte=before).aggregate(n=Min("number"))["n"]
    going = open_seals if kept is None else open_seals.filter(number__lt=kept)
    if seals is not None:
        last = going.order_by("number").values_list("number", flat=True)[:seals]
        going = going.filter(number__lte=max(last, default=-1))
    ends = going.aggregate(first=Min("number"), last=Max("number"))
    if ends["first"] is None:
        return 0
    entries: QuerySet[Entry] = QuerySet(Entry).filter(seal__range=(ends["first"], ends["last"]))
    count = int(entries._raw_delete("default"))  # no other model points here
    going.update(retired_at=now)
    after = {"through": ends["last"], "entries": count}
    record(by=by, verb="journal.retire", kind="journal", uuid=None, label="", now=now, after=after, reason=reason)
    return count
