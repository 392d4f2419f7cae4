"""A look is planned at what was mended: a visit of the same round, or of a small one of its own."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Finding, Round, Visit
from linli.engines.fieldwork.rules.counts import Counts
from linli.engines.fieldwork.services.counting import count, tally
from linli.engines.fieldwork.services.rounds import occasion_days
from linli.engines.fieldwork.workflow import RoundState, VisitState
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.db.holding import hold
from linli.foundation.journal import services as journal
from linli.foundation.people.selectors import local_day

SOURCE = "finding"


def plan_recheck(finding: Finding, day: date, now: datetime) -> Visit | None:
    """Return the visit that looks again at a finding by ``day``; None where there is no target to go to.

    Findings of one target that are due on the same day share a visit. Whoever went is named again; the round's unit
    may name another.
    """
    row = finding.submission
    if finding.target is None or row.round is None:
        return None
    round_ = _round_for(row.round, finding, day, now)
    first = row.visit
    values = {
        "due_on": day, "unit_id": first.unit_id if first else None, "user_id": row.user_id,
        "second_id": row.second_id if row.second_id != row.user_id else None, "area_path": row.area_path,
        "guarded": hold(finding.target.kind, "guarded"),
    }  # fmt: skip
    waiting = Visit.objects.filter(round=round_, target=finding.target_id, due_on=day, state=VisitState.DUE).first()
    if waiting is not None and waiting.rechecks.exists():
        return waiting
    occasion = day
    # A day on which the round comes again is the round's own: its visit is made then, beside this one.
    taken = set(Visit.objects.filter(round=round_, target=finding.target_id).values_list("occasion", flat=True))
    taken |= occasion_days(round_, round_.ends_on)
    while occasion in taken:
        occasion = date.fromordinal(occasion.toordinal() + 1)
    visit = Visit.objects.create(round=round_, target=finding.target, occasion=occasion, **values)
    if count(round_.pk, Counts(planned=1), late=True):
        tally(visit, Counts(planned=1))
    return visit


def _round_for(round_: Round, finding: Finding, day: date, now: datetime) -> Round:
    """Return the round itself while it is open on that day, else a small one of the same form."""
    if round_.state == RoundState.OPEN and round_.ends_on >= day:
        return round_
    kept = Round.objects.filter(
        source_kind=SOURCE, source_uuid=round_.uuid, state=RoundState.OPEN, ends_on__gte=day
    ).first()
    if kept is not None:
        return kept
    small = Round.objects.create(
        title=_("复核：%(title)s") % {"title": round_.title[:90]}, programme=round_.programme, form=round_.form,
        kind=round_.kind, unit_id=round_.unit_id, area_id=round_.area_id, area_path=round_.area_path,
        starts_on=local_day(now), ends_on=date.fromordinal(day.toordinal() + 7), state=RoundState.OPEN,
        pair=round_.pair, review=False, source_kind=SOURCE, source_uuid=round_.uuid, created_label=SYSTEM.label,
        created_at=now,
    )  # fmt: skip
    journal.record(
        by=SYSTEM, verb="fieldwork.recheck_round", kind="fieldwork_round", uuid=small.uuid, label=small.title, now=now,
        after={"of": str(round_.uuid), "finding": str(finding.uuid)},
    )  # fmt: skip
    return small
