"""Many problems in one report: split it, take the split back, answer once when every part has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, Reporter
from linli.engines.cases.permissions import check_verb
from linli.engines.cases.rules.parts import whole_ended, whole_outcome
from linli.engines.cases.selectors.parts import facts_of, part_cases
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.services.dispatching import dispatch
from linli.engines.cases.services.inputs import need
from linli.engines.cases.services.intake import take_in
from linli.engines.cases.services.work import Work, lock_cases
from linli.engines.cases.types import FeedbackWay, Receipt, Report, Source
from linli.engines.cases.workflow import BEFORE_DISPATCH, VERBS, Stage, State
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError


@whole
def split(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    parts: Sequence[Report],
    reason: str,
    unit_ids: Sequence[int | None] = (),
    expected: int | None = None,
) -> list[Receipt]:
    """Split a report that holds several problems into one case each, with clocks of their own.

    The whole waits; when every part has ended it comes back to be answered once (``gather``). The
    parts keep the contact, for whoever has to call, but are not answered apart.

    Args:
        parts: 2 to ``cases.split.max_parts`` problems.
        unit_ids: for each part the unit that it is sent to at once; None or missing: it waits to be dispatched.

    Raises:
        InvalidError: too few, too many, or what is wrong with one of them.
    """
    need(reason=reason)
    if len(parts) < 2:
        raise InvalidError(_("拆分至少需要两个问题。"), code="cases.split", fields={"parts": [_("请至少填写两项。")]})
    check_verb(by, case, VERBS["split"])
    most = int(rule_number("cases.split.max_parts", 10, now))
    if len(parts) > most:
        raise InvalidError(
            _("一次最多拆分为 %(most)s 件。") % {"most": most},
            code="cases.split",
            fields={"parts": [_("请减少项数。")]},
        )
    work = Work(case, by=by, now=now, expected=expected)
    receipts = [_enter(p, case, by=by, now=now, at=i) for i, p in enumerate(parts, 1)]
    _keep_contact(case, [r.case_id for r in receipts])
    data = {"parts": [r.number for r in receipts], "one_answer": True}
    work.act("split", reason=reason, data=data, changes={"resume_state": case.state})
    work.save()
    for receipt, unit_id in zip(receipts, unit_ids, strict=False):
        if unit_id is not None:
            part = Case.objects.select_related("category", "category_version", "unit").get(pk=receipt.case_id)
            dispatch(by=by, now=now, case=part, unit_id=unit_id)
    return receipts


def _enter(part: Report, case: Case, *, by: Actor, now: datetime, at: int) -> Receipt:
    try:
        return take_in(by=by, now=now, report=_part(part, case), split_from=case.pk)
    except InvalidError as error:
        words = [w for texts in error.fields.values() for w in texts] or [error.message]
        raise InvalidError(
            _("第 %(n)s 件还有内容需要修改。") % {"n": at},
            code=error.code,
            fields={"parts": [_("第 %(n)s 件：%(what)s") % {"n": at, "what": w} for w in words]},
        ) from error


def _part(part: Report, case: Case) -> Report:
    """Return a part as protected as the report that it came from, and from the same source."""
    return replace(
        part,
        source=Source(case.source),
        confidential=part.confidential or case.confidential,
        subject_unit_id=part.subject_unit_id or case.subject_unit_id,
        address=part.address or case.address,
        area_id=part.area_id if part.area_id is not None or part.point is not None else case.area_id,
        external_due=part.external_due or case.external_due,
    )


def _keep_contact(case: Case, part_ids: list[int]) -> None:
    """Let whoever handles a part reach the person (journalled as ever); the answer goes out with the whole alone."""
    origin = Reporter.objects.filter(case=case).order_by("id").first()
    if origin is None:
        return
    Reporter.objects.filter(case__in=part_ids).update(
        name_sealed=origin.name_sealed,
        phone_sealed=origin.phone_sealed,
        phone_hash=origin.phone_hash,
        email_sealed=origin.email_sealed,
        email_hash=origin.email_hash,
        way=FeedbackWay.NONE,
        language=origin.language,
        channel=origin.channel,
    )


@whole
def unsplit(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Take a split back while no part has been sent out: the parts are voided, the report stands as it stood.

    Raises:
        ConflictError: a part is with a unit, or was handled already.
    """
    need(reason=reason)
    check_verb(by, case, VERBS["unsplit"])
    parts = part_cases(case)
    lock_cases(case, *parts)
    if any(p.state not in BEFORE_DISPATCH for p in parts) or not parts:
        raise ConflictError(
            _("拆出的案件已经派出或办理，不能撤销拆分。"),
            code="cases.unsplit",
            hint=_("请先撤回派遣，或让各件分别办结。"),
        )
    back = State(case.resume_state or State.REPORTED)
    for part in parts:
        voided = Work(part, by=by, now=now)
        voided.act("void", reason=reason, data={"unsplit": case.number}, checked=False)
        voided.save()
    work = Work(case, by=by, now=now, expected=expected)
    numbers = [p.number for p in parts]
    work.act(
        "unsplit",
        to=back,
        reason=reason,
        data={"undone": numbers},
        changes={"resume_state": ""},
        starts=(Stage.OVERALL,),
    )
    return work.save()


@whole
def follow_parts(*, case_id: int, now: datetime) -> list[str]:
    """Look at the reports that ``case_id``, or what was merged into it, is a part of; return those that moved.

    A report all of whose parts have ended comes to be answered; one of whose parts was taken up
    again before the answer waits again. Doing it twice changes nothing.
    """
    near = Case.objects.filter(pk=case_id) | Case.objects.filter(merged_into=case_id)
    parents = {p for p in near.values_list("split_from", flat=True) if p is not None}
    rows = Case.objects.select_for_update(of=("self",)).filter(pk__in=parents, state__in=[State.SPLIT, State.TO_REPLY])
    wholes = rows.select_related("category", "category_version", "unit").order_by("pk")
    return [whole.number for whole in wholes if _follow(whole, now)]


def _follow(whole: Case, now: datetime) -> bool:
    parts = part_cases(whole)
    facts = facts_of(parts)
    work = Work(whole, by=SYSTEM, now=now)
    if whole.state == State.SPLIT and whole_ended(facts):
        work.act("gather", changes={"outcome": whole_outcome(facts), "resume_state": ""})
    elif whole.state == State.TO_REPLY and facts and not whole_ended(facts):
        work.act("await_parts", changes={"outcome": ""})
    else:
        return False
    work.save()
    return True
