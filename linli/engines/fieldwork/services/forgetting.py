"""Forgetting what a record says of a person: in the record, in those that it corrects, and in the ledger."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.models import Fact, Submission, Target
from linli.engines.fieldwork.selectors.submissions import SEALED, whole_answers
from linli.engines.fieldwork.services.facts import personal_codes, put_facts
from linli.engines.fieldwork.services.steps import record
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import decrypt_text, encrypt_text
from linli.foundation.core.db.again import whole
from linli.foundation.forms.rules import answered


@whole
def forget_answers(*, by: Actor, now: datetime, submission: Submission, paths: Collection[str], reason: str) -> int:
    """Take sealed answers out of a record and of those that it corrects, and out of the ledger; return how many.

    What a later record or another source says of the same field stays. The record's digest stays as well: it says what
    was received, not what is kept.

    Args:
        paths: of the answers.
    """
    rows = [submission]
    while (former := rows[-1].former) is not None:
        rows.append(former)
    target = submission.target
    fields = _fields(submission, paths) if target is not None else set()
    gone = sum(_unseal(row, paths) for row in rows)
    if target is not None:
        _unlearn(target, rows, fields)
    record(
        by, now, "forget", "fieldwork", submission.uuid, target.kind.name if target is not None else "",
        after={"answers": len(paths)}, reason=reason,
    )  # fmt: skip
    return gone


def _unseal(row: Submission, paths: Collection[str]) -> int:
    found = json.loads(decrypt_text(row.sealed, SEALED)) if row.sealed else {}
    left = {path: value for path, value in found.items() if path not in paths}
    if len(left) == len(found):
        return 0
    row.sealed = encrypt_text(json.dumps(left, ensure_ascii=False), SEALED) if left else b""
    row.save(update_fields=["sealed"])
    return len(found) - len(left)


def _fields(row: Submission, paths: Collection[str]) -> set[str]:
    """Return the fields of the ledger that the answers became."""
    rows = answered(selectors.form_of(row.form), whole_answers(row))
    return {q.extra.get("fact") or q.code for path, q, _value in rows if path in paths}


def _unlearn(target: Target, rows: Collection[Submission], fields: set[str]) -> None:
    uuids = {row.uuid for row in rows}
    told = Fact.objects.filter(target=target, field__in=fields)
    mine = {name for name in fields if (f := told.filter(field=name).order_by("-at", "-id").first()) is not None
            and f.source_uuid in uuids}  # fmt: skip
    told.filter(source_kind="submission", source_uuid__in=uuids).update(value=None, sealed=b"")
    if mine:
        locked = Target.objects.select_for_update().select_related("kind").get(pk=target.pk)
        put_facts(locked, dict.fromkeys(mine), personal_codes(selectors.questions_of(locked.kind)))
        locked.version += 1
        locked.save(update_fields=["facts", "sealed", "version"])
