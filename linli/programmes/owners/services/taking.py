"""A record that comes to stand is the committee's result; one that stands in its place takes its place."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.services.submitting import moment_of
from linli.engines.fieldwork.workflow import SubmissionState
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.people import selectors as people
from linli.programmes.owners import selectors
from linli.programmes.owners.models import Drive, Evaluation
from linli.programmes.owners.rules import judged
from linli.programmes.owners.services.help import tell
from linli.programmes.owners.types import SOURCE
from linli.programmes.owners.workflow import State

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Submission

_GONE = (SubmissionState.REPLACED, SubmissionState.ASIDE)


@whole
def take_over(record: Submission, by: Actor, now: datetime) -> None:
    """Make a record that stands from now on the result of its committee.

    A second look at something mended says nothing of the grade. A result that was public is so no longer once it is
    corrected: the committee is asked anew.
    """
    round_, visit = record.round, record.visit
    if round_ is None or visit is None or round_.source_kind != SOURCE or record.target is None:
        return
    drive = Drive.objects.select_for_update(of=("self",)).filter(round=round_).first()
    if drive is None or visit.occasion not in fieldwork.occasion_days(round_, visit.occasion):
        return
    row = Evaluation.objects.select_related("record").filter(drive=drive, target=record.target_id).first()
    if row is not None and row.record_id != record.pk and row.record.state not in _GONE:
        return  # two were sent of one visit: a person judges which stands
    row = row or Evaluation(drive=drive, target=record.target)
    before = {"grade": row.grade, "state": row.state} if row.pk else None
    _fill(row, record, now)
    if row.pk:
        row.version += 1
        if row.state == State.PUBLIC:
            row.state = State.SCORED
    row.save()
    after = {"grade": row.grade, "earned": str(row.earned), "full": str(row.full), "record": str(record.uuid)}
    tell(by, now, "score", "evaluation", row.uuid, record.target.name, before=before, after=after)


def _fill(row: Evaluation, record: Submission, now: datetime) -> None:
    lines = selectors.lines_of(record, moment_of(record.made_at))
    found = judged(lines, selectors.limits(people.local_day(now)))
    row.record, row.area_path = record, record.area_path
    row.earned, row.full, row.grade = found.earned, found.full, found.grade or ""
    row.vetoes = list(found.vetoes)
    row.lines = [
        [n.code, n.group, n.text, None if n.earned is None else str(n.earned), str(n.full), n.veto] for n in lines
    ]
    row.checked_on, row.counted_at = people.local_day(min(record.made_at, now)), now
