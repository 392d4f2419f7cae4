"""A visit counts: what it brought is kept by item, what is needed goes into the register, details get their end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork import services as fieldwork_services
from linli.engines.fieldwork.selectors.submissions import whole_answers
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.people import selectors as people
from linli.programmes.visits.models import Demand, Detail, Gift
from linli.programmes.visits.rules.outcomes import Brought, Needed, Noted, outcome
from linli.programmes.visits.services import condolences
from linli.programmes.visits.services.demands import assign, happened, keep_text
from linli.programmes.visits.services.help import number
from linli.programmes.visits.types import Origin
from linli.programmes.visits.workflow import DemandState

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Submission


@whole
def take_in(submission: Submission, by: Actor, now: datetime) -> None:
    """Keep what a record says beside its findings; of a corrected one what the former said is put in its place."""
    found = outcome(fieldwork.form_of(submission.form), whole_answers(submission))
    if submission.former_id is not None:
        Gift.objects.filter(submission=submission.former_id).delete()
        Detail.objects.filter(submission=submission.former_id).delete()
    _brought(submission, found.brought, now)
    for need in found.needed:
        _needed(submission, need, by, now)
    _noted(submission, found.noted, now)
    condolences.signed_at_door(submission, by, now)


def _brought(row: Submission, brought: tuple[Brought, ...], now: datetime) -> None:
    kind = row.target.kind.code if row.target is not None else ""
    day = people.local_day(min(row.made_at, now))
    sums: dict[tuple[str, str], Gift] = {}
    for each in brought:
        same = sums.get((each.path, each.name))
        if same is not None:
            same.quantity += each.quantity
            continue
        sums[each.path, each.name] = Gift(
            submission=row, path=each.path, kind=each.gift, name=each.name, quantity=each.quantity, target_kind=kind,
            area_path=row.area_path, day=day,
        )  # fmt: skip
    Gift.objects.bulk_create(sums.values(), ignore_conflicts=True)


def _needed(row: Submission, need: Needed, by: Actor, now: datetime) -> None:
    former = Demand.objects.filter(submission=row.former_id, item=need.path).first() if row.former_id else None
    if former is not None:
        former.submission = row
        if former.state == DemandState.NEW:
            keep_text(former, need.text)
            former.due_on = need.reply_by
        former.save()
        return
    target = row.target
    guarded = target is not None and target.kind.guarded
    demand = Demand(
        origin=Origin.EXPERIENCE if row.form.form.kind == "experience" else Origin.VISIT, guarded=guarded,
        who="" if guarded or target is None else target.name, target=target, submission=row, item=need.path,
        source=row.uuid, area_path=row.area_path, due_on=need.reply_by, created_at=now, by_uuid=by.uuid,
        by_label=row.by_label or by.label[:80],
    )  # fmt: skip
    keep_text(demand, need.text)
    demand.save()
    happened(demand, by, now, "register", after={"origin": demand.origin, "due_on": demand.due_on})
    unit = next((u for u in people.active_units() if need.owner and need.owner in {u.name, u.short_name}), None)
    if unit is not None:
        assign(by=SYSTEM.for_person(by.label), now=now, uuid=demand.uuid, unit_id=unit.pk)


def _noted(row: Submission, noted: tuple[Noted, ...], now: datetime) -> None:
    """Give each detail its purpose and its end; what was not agreed to is forgotten at once."""
    today = people.local_day(now)
    made = [
        Detail(
            submission=row, path=each.path, label=each.label[:100], purpose=each.purpose[:100], consent=each.consent,
            until=today + timedelta(days=each.days or number("detail.days", today)) if each.consent else None,
            forgotten_at=None if each.consent else now, why="" if each.consent else "no_consent",
            area_path=row.area_path,
        )
        for each in noted
    ]  # fmt: skip
    Detail.objects.bulk_create(made)
    refused = [d.path for d in made if not d.consent]
    if refused:
        fieldwork_services.forget_answers(by=SYSTEM, now=now, submission=row, paths=refused, reason="no_consent")
