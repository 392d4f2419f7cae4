"""Counting as things happen: each record that stands adds to the tallies, and is taken back when it no longer does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import F

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork.rules.finding import bare
from linli.engines.fieldwork.services.rounds import occasion_days
from linli.engines.fieldwork.services.submitting import moment_of
from linli.engines.fieldwork.workflow import SubmissionState
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.forms.rules import work_out
from linli.foundation.people import selectors as people
from linli.programmes.civility.models import Counted, Standard, Tally, Trial
from linli.programmes.civility.rules.tallying import Added, added
from linli.programmes.civility.types import TRIAL, Mark

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Submission, Target

_GONE = (SubmissionState.REPLACED, SubmissionState.ASIDE)
_NAMES = ("observed", "perfect", "spared", "earned", "full", "vetoed")


def count(record: Submission, _by: Actor, _now: datetime) -> None:
    """Count a record of a trial that stands from now on, and take back what it stands in place of.

    What a second look at something mended finds (复核) is a matter of the gap list, not of the rate: only visits that
    the trial planned count, or a test would look better the more it found.
    """
    round_ = record.round
    if round_ is None or round_.source_kind != TRIAL or round_.source_uuid is None:
        return
    trial = Trial.objects.filter(uuid=round_.source_uuid).first()
    if trial is None or not _planned(record) or Counted.objects.filter(record=record.pk).exists():
        return
    for gone in Counted.objects.select_related("record", "trial").filter(visit=record.visit_id):
        if gone.record.state in _GONE:
            _take_back(gone)
    row = Counted.objects.create(
        trial=trial, record_id=record.pk, visit_id=record.visit_id, area_path=record.area_path,
        marks=marks_of(trial, record),
    )  # fmt: skip
    _apply(row, 1)


def _planned(record: Submission) -> bool:
    """Return whether a record is of a visit that its round planned, and not of a second look in between."""
    round_, visit = record.round, record.visit
    if round_ is None or visit is None:
        return False
    return visit.occasion in occasion_days(round_, visit.occasion)


def marks_of(trial: Trial, record: Submission) -> dict[str, Any]:
    """Return what a record says: standard → [marks, full marks, unit, whether it carries a veto]; None: spared."""
    form = fieldwork.form_of(record.form)
    scored = work_out(form, record.answers, moment=moment_of(record.made_at)).marks()
    standards = {s.code: s for s in Standard.objects.filter(edition=trial.edition_id)}
    own = _owner(record.target, record.area_path)
    found: dict[str, Any] = {}
    for mark in _marks(scored):
        standard = standards.get(mark.standard)
        if standard is not None:
            unit = standard.unit_id or own
            earned = None if mark.earned is None else str(mark.earned)
            found[mark.standard] = [earned, str(mark.full), unit, standard.veto]
    return found


def _marks(scored: Any) -> Iterable[Mark]:
    for path, total in scored.questions.items():
        yield Mark(bare(path).rpartition("/")[2], total.earned, total.full)
    for path in scored.spared:
        yield Mark(bare(path).rpartition("/")[2], None)


def _owner(target: Target | None, area_path: str) -> int | None:
    """Return who answers for a point: its unit, else the committee of its 居民区."""
    if target is not None and target.unit_id is not None:
        return int(target.unit_id)
    unit = people.unit_for("neighbourhood_committee", area_path) if area_path else None
    return unit.pk if unit is not None else None


def adds(marks: Mapping[str, Any]) -> dict[tuple[str, int | None], Added]:
    """Return (standard, unit) → what a record's marks add."""
    found = {}
    for code, (earned, full, unit, veto) in marks.items():
        mark = Mark(code, None if earned is None else Decimal(earned), Decimal(full))
        found[code, unit] = added(mark, veto=veto)
    return found


def _apply(row: Counted, sign: int) -> None:
    ids = dict(
        Standard.objects.filter(edition=row.trial.edition_id, code__in=list(row.marks)).values_list("code", "pk")
    )
    lines = {(ids[code], unit): more for (code, unit), more in sorted(adds(row.marks).items(), key=_key)}
    Tally.objects.bulk_create(
        (
            Tally(trial_id=row.trial_id, standard_id=pk, area_path=row.area_path, unit_id=unit, unit_key=unit or 0)
            for pk, unit in lines
        ),
        ignore_conflicts=True,
    )
    there = Tally.objects.filter(trial=row.trial_id, area_path=row.area_path, standard__in=[pk for pk, _u in lines])
    pks: dict[tuple[int, int | None], int] = {
        (t["standard"], t["unit"]): t["pk"] for t in there.values("pk", "standard", "unit")
    }
    for key, more in lines.items():
        values = dict(zip(_NAMES, astuple(more), strict=True))
        Tally.objects.filter(pk=pks[key]).update(**{n: F(n) + sign * v for n, v in values.items() if v})


def _key(pair: tuple[tuple[str, int | None], Added]) -> tuple[str, int]:
    (code, unit), _more = pair
    return code, unit or 0


def _take_back(row: Counted) -> None:
    _apply(row, -1)
    row.delete()


@whole
def recount(*, trial: Trial) -> int:
    """Make the tallies of a trial anew from what was counted of each record; return how many records."""
    rows = list(Counted.objects.filter(trial=trial).select_related("trial").order_by("pk"))
    Tally.objects.filter(trial=trial).delete()
    for row in rows:
        _apply(row, 1)
    return len(rows)
