"""That records were taken out is journalled."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.engines.fieldwork.models import Round
from linli.foundation.core.actors import Actor
from linli.foundation.journal import services as journal


def note_export(*, by: Actor, now: datetime, round_: Round, count: int, way: str) -> None:
    """Journal that the records of a round were taken out: how many, as what (xlsx, csv, geojson)."""
    with transaction.atomic():
        journal.record(
            by=by, verb="fieldwork.export", kind="fieldwork_round", uuid=round_.uuid, label=round_.title, now=now,
            after={"count": count, "way": way},
        )  # fmt: skip
