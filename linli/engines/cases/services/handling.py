"""What a unit does with a case: contact, extension, shelving, a helper's result, handing in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseEvent, CaseFile, CaseHelper, Reporter, Request
from linli.engines.cases.permissions import check_verb, may_read_contact
from linli.engines.cases.rules.proof import missing_evidence
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.selectors.detail import helpers_waited_for
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.services.clocks import clock_rule, local
from linli.engines.cases.services.inputs import attach, need
from linli.engines.cases.services.work import SUBJECT, Work, never_stands
from linli.engines.cases.types import Decision, FilePurpose, FileRef, RequestKind
from linli.engines.cases.workflow import BEFORE_DISPATCH, UNIT_STAFF, VERBS, WITH_UNIT, Outcome, Stage, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import decrypt_text
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.deadlines import services as deadlines
from linli.foundation.deadlines.types import Duration, Unit
from linli.foundation.journal import services as journal

CONTACT_RESULTS = ("reached", "no_answer", "wrong_number", "refused")


@whole
def contact(
    *, by: Actor, now: datetime, case: Case, way: str, result: str, text: str = "", expected: int | None = None
) -> Case:
    """Record that the reporter was contacted, or that it was tried (no answer, wrong number)."""
    need(way=way, result=result)
    if result not in CONTACT_RESULTS:
        raise InvalidError(_("请选择联系结果。"), code="cases.contact", fields={"result": [_("请从列表中选择。")]})
    work = Work(case, by=by, now=now, expected=expected)
    counted = result == "reached" or attempt_counts(case, now)
    changes: dict[str, Any] = {"contact_attempts": case.contact_attempts + (1 if counted else 0)}
    if result == "reached" and case.first_contact_at is None:
        changes["first_contact_at"] = now
    stops = VERBS["contact"].stops if result == "reached" else ()
    work.act("contact", text=text, data={"way": way, "result": result}, changes=changes, stops=stops)
    return work.save()


def attempt_counts(case: Case, now: datetime) -> bool:
    """Return whether a failed attempt counts: dialling again and again (cases.contact.interval_hours) is one."""
    hours = int(rule_number("cases.contact.interval_hours", 4, now))
    recent = CaseEvent.objects.filter(case=case, verb__in=["contact", "reply"], at__gt=now - timedelta(hours=hours))
    return not any(e.data.get("result") != "reached" for e in recent.only("data")[:20])


def _open_request(case: Case, kind: RequestKind) -> Request:
    found = case.requests.filter(kind=kind, decision=Decision.PENDING).first()
    if found is None:
        raise ConflictError(_("没有待审批的申请。"), code="cases.request", hint=_("可能已由他人审批，请刷新。"))
    return found


def _ask_for(case: Case, kind: RequestKind, by: Actor, now: datetime, **fields: Any) -> None:
    if case.requests.filter(kind=kind, decision=Decision.PENDING).exists():
        raise ConflictError(_("已有一份同类申请等待审批。"), code="cases.request_pending", hint=_("请等待值班长审批。"))
    reason = mask_personal(clean(str(fields.pop("reason"))))
    Request.objects.create(
        case=case, kind=kind, asked_at=now, asked_by_id=by.user_id, asked_label=by.label, reason=reason, **fields
    )


def _decide(request: Request, by: Actor, now: datetime, *, granted: bool, reason: str) -> None:
    if by.user_id is not None and by.user_id == request.asked_by_id:
        raise ForbiddenError(_("不能审批自己的申请。"), code="cases.own_request", hint=_("请由其他有权限的人员审批。"))
    decision = Decision.GRANTED if granted else Decision.REFUSED
    changed = Request.objects.filter(pk=request.pk, decision=Decision.PENDING).update(
        decision=decision, decided_at=now, decided_label=by.label, decision_reason=mask_personal(clean(reason))
    )
    if changed != 1:
        raise ConflictError(_("这份申请已由他人审批。"), code="cases.request")


@whole
def request_extension(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    reason: str,
    amount: int,
    time_unit: str = Unit.WORK_DAYS,
    expected: int | None = None,
) -> Case:
    """Ask for more time to handle; the clock runs on until somebody else grants it."""
    need(reason=reason)
    check_verb(by, case, VERBS["request_extension"])
    _check_extension(case, amount, Unit(time_unit), now)
    work = Work(case, by=by, now=now, expected=expected)
    work.act("request_extension", reason=reason, data={"amount": amount, "unit": str(time_unit)})
    work.save()
    _ask_for(case, RequestKind.EXTENSION, by, now, reason=reason, amount=amount, time_unit=str(time_unit))
    return case


def _check_extension(case: Case, amount: int, unit: Unit, now: datetime) -> None:
    """Raise unless so much more time may be asked for: once, and not more than the limit itself."""
    allowed = int(rule_number("cases.extend.max", 1, now))
    if case.requests.filter(kind=RequestKind.EXTENSION, decision=Decision.GRANTED).count() >= allowed:
        raise ConflictError(
            _("此件已延期 %(count)s 次，不能再延。") % {"count": allowed},
            code="cases.extension_again",
            hint=_("确有困难的，可申请挂账或升级。"),
        )
    found = clock_rule(case, Stage.HANDLE, now)
    percent = int(rule_number("cases.extend.max_percent", 100, now))
    most = max(1, _minutes(found[1]) * percent // 100 // _minutes(Duration(1, unit))) if found else 30
    if not 1 <= amount <= most:
        raise InvalidError(
            _("延期时长超出允许范围。"),
            code="cases.extension",
            hint=_("延期不得超过原时限。"),
            fields={"amount": [_("请填写 1 至 %(most)s。") % {"most": most}]},
        )


_MINUTES = {
    Unit.NATURAL_MINUTES: 1,
    Unit.NATURAL_HOURS: 60,
    Unit.NATURAL_DAYS: 24 * 60,
    Unit.WORK_HOURS: 60,
    Unit.WORK_DAYS: 24 * 60,
}


def _minutes(limit: Duration) -> int:
    """Return how long a limit is, roughly: only for comparing an extension with it."""
    return limit.amount * _MINUTES[limit.unit]


@whole
def decide_extension(
    *, by: Actor, now: datetime, case: Case, granted: bool, reason: str = "", expected: int | None = None
) -> Case:
    """Grant or refuse an extension; granted, the handling and overall clocks move by as much."""
    request = _open_request(case, RequestKind.EXTENSION)
    if not granted:
        need(reason=reason)
    work = Work(case, by=by, now=now, expected=expected)
    check_verb(by, case, VERBS["decide_extension"])
    moved: dict[str, str] = {}
    if granted:
        work.lock()
        duration = Duration(request.amount or 0, Unit(request.time_unit))
        for stage in (Stage.HANDLE, Stage.OVERALL):
            if stage.value in case.dues and not never_stands(case, stage.value):
                at = deadlines.extend(
                    kind=SUBJECT,
                    subject_id=case.pk,
                    stage=stage.value,
                    duration=duration,
                    now=now,
                    by=by,
                    reason=request.reason,
                )
                moved[stage.value] = at.isoformat()
    work.act(
        "decide_extension",
        reason=reason,
        data={"granted": granted, "moved": moved},
        changes={"dues": {**case.dues, **moved}},
    )
    work.save()
    _decide(request, by, now, granted=granted, reason=reason)
    return case


@whole
def request_shelving(
    *, by: Actor, now: datetime, case: Case, reason: str, review_on: date, expected: int | None = None
) -> Case:
    """Ask to shelve a case (挂账) with a reason and a day of review."""
    need(reason=reason)
    check_verb(by, case, VERBS["request_shelving"])
    today, most = local(now).date(), int(rule_number("cases.shelve.max_days", 90, now))
    if not today < review_on <= today + timedelta(days=most):
        raise InvalidError(
            _("复查日期应在今天之后、%(days)s 天以内。") % {"days": most},
            code="cases.review_on",
            fields={"review_on": [_("请选择 %(days)s 天以内的日期。") % {"days": most}]},
        )
    work = Work(case, by=by, now=now, expected=expected)
    work.act("request_shelving", reason=reason, data={"review_on": review_on.isoformat()})
    work.save()
    _ask_for(case, RequestKind.SHELVING, by, now, reason=reason, review_on=review_on)
    return case


@whole
def decide_shelving(
    *, by: Actor, now: datetime, case: Case, granted: bool, reason: str = "", expected: int | None = None
) -> Case:
    """Grant or refuse shelving; granted, the clocks stand still until it is resumed."""
    request = _open_request(case, RequestKind.SHELVING)
    if not granted:
        need(reason=reason)
    work = Work(case, by=by, now=now, expected=expected)
    to = State.SHELVED if granted else State(case.state)
    changes: dict[str, Any] = {"review_on": request.review_on, "resume_state": case.state} if granted else {}
    work.act("decide_shelving", to=to, reason=reason or request.reason, data={"granted": granted}, changes=changes)
    work.save()
    _decide(request, by, now, granted=granted, reason=reason)
    return case


@whole
def resume(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Take up a shelved case again; its clocks run on."""
    need(reason=reason)
    work = Work(case, by=by, now=now, expected=expected)
    back = State(case.resume_state or State.HANDLING)
    work.act("resume", to=back, reason=reason, changes={"review_on": None, "resume_state": ""})
    return work.save()


@whole
def help_result(
    *, by: Actor, now: datetime, case: Case, text: str, files: Sequence[FileRef] = (), expected: int | None = None
) -> Case:
    """Record a helping unit's own result."""
    need(text=text)
    work = Work(case, by=by, now=now, expected=expected)
    work.act("help_result", text=text)
    work.save()
    units = {g.unit_id for g in by.grants if g.role in UNIT_STAFF and g.unit_id is not None}
    CaseHelper.objects.filter(case=case, unit__in=units).update(result=mask_personal(clean(text)), result_at=now)
    attach(case, files, seq=case.version)
    return case


@whole
def hand_in(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    text: str,
    outcome: Outcome,
    files: Sequence[FileRef] = (),
    expected: int | None = None,
) -> Case:
    """Hand in the result for checking; helpers that have not answered do not hold it up, the event names them.

    Raises:
        InvalidError: pictures that the category asks for are missing; says which, how many and why.
    """
    need(text=text)
    if outcome not in {Outcome.SOLVED, Outcome.EXPLAINED, Outcome.UNSOLVED}:
        raise InvalidError(
            _("请选择处置结论。"), code="cases.outcome", fields={"outcome": [_("请选择：实际解决、解释说明、未解决。")]}
        )
    check_verb(by, case, VERBS["hand_in"])
    _check_evidence(case, outcome, files)
    work = Work(case, by=by, now=now, expected=expected)
    data: dict[str, Any] = {"outcome": outcome.value}
    if waiting := helpers_waited_for(case):
        data["outstanding"] = waiting
    work.act("hand_in", text=text, changes={"outcome": outcome, "handed_in_at": now}, data=data)
    work.save()
    attach(case, files, seq=case.version)
    return case


def _check_evidence(case: Case, outcome: Outcome, files: Sequence[FileRef]) -> None:
    rule = catalogue.spec_of(case.category_version).evidence
    if outcome is not Outcome.SOLVED:
        return
    # A result that was sent back needs a new picture of what was done then; the others keep their worth.
    again = (
        CaseEvent.objects.filter(
            case=case, verb__in=["check", "review", "reopen"], to_state__in=WITH_UNIT | BEFORE_DISPATCH
        )
        .order_by("-seq")
        .values_list("seq", flat=True)
        .first()
    ) or 0
    have = CaseFile.objects.filter(case=case).exclude(purpose=FilePurpose.AFTER, event_seq__lte=again)
    purposes = [*have.values_list("purpose", flat=True), *(f.purpose for f in files)]
    missing = missing_evidence(rule, [str(p) for p in purposes])
    if missing:
        words = "、".join(
            _("%(what)s照片还差 %(n)s 张") % {"what": FilePurpose(p).label, "n": n} for p, n in missing.items()
        )
        raise InvalidError(
            _("%(words)s。") % {"words": words}, code="cases.evidence", hint=rule.reasons(), fields={"files": [words]}
        )


def open_contacts(*, by: Actor, now: datetime, case: Case, purpose: str) -> list[dict[str, str]]:
    """Return the reporters' names and numbers in clear; the look is journalled with its purpose.

    The reporter can see who looked.

    Raises:
        ForbiddenError: not for this reader. InvalidError: no purpose given.
    """
    if not may_read_contact(by, case):
        raise ForbiddenError(_("您不能查看反映人的联系方式。"), code="cases.contact", hint=_("可请派单员代为联系。"))
    need(purpose=purpose)
    with transaction.atomic():
        journal.record(
            by=by,
            verb="cases.open_contact",
            kind=SUBJECT,
            uuid=case.uuid,
            label=case.number,
            reason=mask_personal(clean(purpose)),
            now=now,
        )
        rows = list(Reporter.objects.filter(case=case))
        # A merged report keeps its own protection (要求保密, 被反映单位).
        merged = Reporter.objects.filter(case__merged_into=case).select_related("case")
        rows += [r for r in merged if may_read_contact(by, r.case)]
    return [
        {
            "name": decrypt_text(r.name_sealed, "cases.contact"),
            "phone": decrypt_text(r.phone_sealed, "cases.contact"),
            "email": decrypt_text(r.email_sealed, "cases.contact"),
            "way": r.get_way_display(),
        }
        for r in rows
    ]


def open_text(*, by: Actor, now: datetime, case: Case, purpose: str) -> str:
    """Return the report as it was written, where parts of it are covered; the look is journalled."""
    if not may_read_contact(by, case):
        raise ForbiddenError(_("您不能查看原文。"), code="cases.text", hint=_("可请派单员代为转述。"))
    need(purpose=purpose)
    with transaction.atomic():
        journal.record(
            by=by,
            verb="cases.open_text",
            kind=SUBJECT,
            uuid=case.uuid,
            label=case.number,
            reason=mask_personal(clean(purpose)),
            now=now,
        )
    return decrypt_text(case.text_sealed, "cases.text") if case.text_sealed else case.text
