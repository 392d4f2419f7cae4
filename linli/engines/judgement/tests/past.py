"""Closed cases of a past that the tests make up."""

from __future__ import annotations

from copy import copy
from datetime import datetime, timedelta
from typing import Any

from linli.engines.cases.models import Case, CaseEvent, Category
from linli.engines.cases.tests.steps import raise_case
from linli.engines.judgement.tests.messages import corpus
from linli.foundation.core.ids import uuid7


def close_corpus(world: Any, *, days: int = 200, until: datetime | None = None, wrong: bool = False) -> None:
    """Enter the corpus as closed cases of the last ``days`` days; ``wrong``: each under the next kind."""
    end = until or world.now
    model = raise_case(world)
    categories = {c.code: c for c in Category.objects.select_related("version")}
    rows, labels = corpus(end - timedelta(days=days), days, seed=days), ["street_lamp", "garbage", "noise", "sewage"]
    versions: dict[str, Any] = {code: row.version for code, row in categories.items()}
    cases = []
    for i, row in enumerate(rows):
        at = row.message.at or end
        case = copy(model)
        case.pk, case.uuid, case.number = None, uuid7(), f"T{end:%Y%m%d}{days:03d}{i:05d}"
        code = labels[(labels.index(row.label) + 1) % 4] if wrong else row.label
        case.category, case.category_version = categories[code], versions[code]
        case.text, case.title = row.message.text, row.message.text[:40]
        case.reported_at, case.closed_at = at, at + timedelta(days=3)
        case.state, case.is_open, case.outcome = "closed", False, "solved"
        cases.append(case)
    Case.objects.bulk_create(cases)


def correct_many(world: Any, count: int, at: datetime) -> None:
    """Enter ``count`` corrections of a category by a person at ``at``."""
    case = raise_case(world)
    CaseEvent.objects.bulk_create(
        CaseEvent(
            case=case, seq=1_000 + i, verb="correct", at=at, by_label="派单员甲", to_state="reported",
            changes={"category_id": 1},
        )
        for i in range(count)
    )  # fmt: skip
