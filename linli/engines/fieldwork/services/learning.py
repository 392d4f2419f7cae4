"""线下走访、线上更新: what a visit, an import or a case tells of a target goes into the ledger, never typed again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.models import Fact, Target
from linli.engines.fieldwork.permissions import check_read
from linli.engines.fieldwork.services.facts import (
    Source,
    columns,
    facts_of,
    looked_at,
    newest,
    personal_codes,
    put_facts,
)
from linli.engines.fieldwork.services.kinds import maxima
from linli.engines.fieldwork.services.steps import note_target
from linli.engines.fieldwork.services.targets import save_next
from linli.engines.fieldwork.types import Learnt
from linli.foundation.core import faults as faults_of
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.text import clean

# Columns that a visit may correct; point, area, unit and tags are changed by who keeps the ledger.
TOLD = {"name": 100, "number": 40, "address": 200}


@whole
def learn(
    by: Actor,
    now: datetime,
    target: Target,
    facts: Mapping[str, Any],
    source_kind: str,
    source_uuid: UUID,
    *,
    at: datetime | None = None,
    sent: bool = False,
) -> Learnt:
    """Take over what a source says of a target: a fact for each field, the one with the newest time in force.

    A record that comes late (a phone without reception) changes nothing that was learnt of after it was made; it
    stands in the history all the same. A field that holds a maximum is only raised. The same source told twice is kept
    once. What is told of a double goes to the target that it was merged into.

    Args:
        facts: field → value, of the kind's form or ``name``, ``number``, ``address``; None: no longer so.
        source_kind, source_uuid: whence, such as ``submission`` and its uuid.
        at: when it was seen; None: now. Never later than ``now``.
        sent: it comes with a record that this person was allowed to send: they went there, whatever they may read.

    Returns:
        What was taken, what a newer source has said already, and which fields the ledger does not know.

    Raises:
        NotFoundError: not for this person. InvalidError: by field (``facts.<code>``), nothing of it is written.
    """
    if not sent:
        check_read(by, target)
    row = Target.objects.select_for_update(of=("self",)).select_related("kind").get(pk=selectors.main_of(target.pk))
    if not sent and row.pk != target.pk and row.kind.guarded:
        check_read(by, row)
    at = min(at or now, now)
    asked = selectors.questions_of(row.kind)
    told = {code: value for code, value in facts.items() if code not in _told_before(row, source_kind, source_uuid)}
    values, errors = looked_at(asked, selectors.known(row), told)
    named = _columns(told, errors)
    if errors:
        fields = {f"facts.{code}": said for code, said in errors.items()}
        raise faults_of.several("fieldwork", fields)
    values |= named
    known_at = newest(row, values)
    highest = _highest(row, values)
    older = tuple(sorted(c for c in values if not highest.get(c, c not in known_at or known_at[c] <= at)))
    fresh = {code: value for code, value in values.items() if code not in older}
    personal = personal_codes(asked)
    source = Source(source_kind, source_uuid)
    Fact.objects.bulk_create(facts_of(row, values, personal, by, at, source))
    before = _put(row, fresh, personal, now)
    if before:
        after = {code: fresh[code] for code in before}
        note_target(
            by, now, "learn", row, before=before, after=after,
            personal=frozenset(after) if row.kind.guarded else personal,
        )  # fmt: skip
    unknown = tuple(sorted(set(told) - set(values)))
    return Learnt(tuple(sorted(fresh)), older, unknown)


def _highest(target: Target, values: Mapping[str, Any]) -> dict[str, bool]:
    """Return field → whether what is told is higher than what is known, of the fields that hold a maximum.

    Such a field is raised by whoever saw more, whenever they did, and lowered by hand alone.
    """
    known = selectors.known(target)
    told = {code: values[code] for code in maxima().get(target.kind.code, ()) if values.get(code) is not None}
    return {c: known.get(c) is None or Decimal(str(value)) > Decimal(str(known[c])) for c, value in told.items()}


def _told_before(target: Target, kind: str, uuid: UUID) -> set[str]:
    return set(Fact.objects.filter(target=target, source_kind=kind, source_uuid=uuid).values_list("field", flat=True))


def _columns(told: Mapping[str, Any], errors: dict[str, list[str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, most in TOLD.items():
        if name not in told:
            continue
        text = clean(str(told[name] or ""))
        if len(text) > most or (name == "name" and not text):
            errors[name] = [_("应为 1 至 %(most)s 个字。") % {"most": most}]
        found[name] = text
    return found


def _put(target: Target, fresh: Mapping[str, Any], personal: frozenset[str], now: datetime) -> dict[str, Any]:
    """Bring what is newest into the row; return what it was, of the fields that changed."""
    before = {**columns(target), **selectors.known(target)}
    changed = {code: before.get(code) for code, value in fresh.items() if before.get(code) != value}
    if not changed:
        return {}
    for name in TOLD:
        if name in changed:
            setattr(target, name, fresh[name])
    put_facts(target, {code: fresh[code] for code in changed if code not in TOLD}, personal)
    save_next(target, now)
    return changed
