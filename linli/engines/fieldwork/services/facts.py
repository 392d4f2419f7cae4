"""What is known of a target: one fact appended for each field, what is personal sealed, the newest in force."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.models import Fact, Target
from linli.engines.fieldwork.rules.same import same_key, search_words, sort_key
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import encrypt_text
from linli.foundation.forms import rules as form_rules
from linli.foundation.forms.types import QuestionSet


@dataclass(frozen=True, slots=True)
class Source:
    """Whence something is known: a correction by hand, a submission, an import, a case, a merge."""

    kind: str
    uuid: UUID | None = None


BY_HAND = Source("hand")


def looked_at(
    asked: QuestionSet, before: Mapping[str, Any], told: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return what the told answers become (None: no longer known) and what is wrong with them, by code.

    What was known before is not asked again: only what is told can be wrong.
    """
    codes = {q.code for q in asked.questions}
    checked = form_rules.check(asked, {**before, **told}, partial=True)
    values = {code: checked.cleaned.get(code) for code in told if code in codes}
    errors = {code: list(said) for code, said in checked.errors.items() if code in told}
    return values, errors


def sealed_json(values: Mapping[str, Any] | Any) -> bytes:
    """Return a value sealed; nothing stays nothing."""
    empty = values is None or values == {}
    return b"" if empty else encrypt_text(json.dumps(values, ensure_ascii=False), selectors.PURPOSE)


def personal_codes(asked: QuestionSet) -> frozenset[str]:
    """Return the questions whose answers are sealed."""
    return frozenset(q.code for q in asked.questions if q.personal)


def put_facts(target: Target, values: Mapping[str, Any], personal: Collection[str]) -> None:
    """Bring answers into the row, not yet saved: what is personal sealed, the rest plain."""
    plain, hidden = dict(target.facts), selectors.unsealed(target)
    for code, value in values.items():
        place = hidden if code in personal else plain
        place.pop(code, None)
        if value is not None:
            place[code] = value
    target.facts, target.sealed = plain, sealed_json(hidden)


def index(target: Target) -> None:
    """Bring the row's keys up to date, not yet saved: by what it is found, sorted and taken for another."""
    said = [str(v) for v in target.facts.values() if isinstance(v, str)] if not target.kind.guarded else []
    tags = [f"#{words}#" for tag in target.tags if (words := search_words(str(tag)))]
    target.words = "|".join([*tags, search_words(target.name, target.number, target.address, *said)])[:600]
    target.sort_key = sort_key(target.address or target.name)
    if target.address:
        target.sort_key = f"{target.sort_key} {sort_key(target.name)}"[:200]
    target.same_key = same_key([_same_value(target, name) for name in target.kind.same_by])


def _same_value(target: Target, name: str) -> str:
    if name == "parent":
        return str(target.parent_id or "")
    value = getattr(target, name) if name in {"number", "name", "address"} else target.facts.get(name, "")
    return str(value)


def columns(target: Target) -> dict[str, Any]:
    """Return the fields that stand in columns, as facts keep them."""
    return {
        "number": target.number,
        "name": target.name,
        "address": target.address,
        "point": None if target.lat is None else [target.lat, target.lon],
        "area": target.area_id,
        "unit": target.unit_id,
        "tags": list(target.tags),
    }


def facts_of(
    target: Target, values: Mapping[str, Any], personal: Collection[str], by: Actor, at: datetime, source: Source,
    times: Mapping[str, datetime] | None = None,
) -> list[Fact]:  # fmt: skip
    """Return the rows to append, one a field, each at its own time where ``times`` names it."""
    return [
        Fact(
            target=target, field=code, at=(times or {}).get(code, at), by_label=by.label[:80],
            source_kind=source.kind, source_uuid=source.uuid,
            value=None if code in personal else value,
            sealed=sealed_json(value) if code in personal else b"",
        )
        for code, value in values.items()
    ]  # fmt: skip


def newest(target: Target, fields: Collection[str]) -> dict[str, datetime]:
    """Return when each field was last told of, by the source's time."""
    rows = Fact.objects.filter(target=target, field__in=list(fields)).values_list("field").annotate(at=Max("at"))
    return dict(rows.order_by())
