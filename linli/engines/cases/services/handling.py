"""What a unit does with a case: contact, extension, shelving, a helper's result, handing in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseFile, CaseHelper, Reporter, Request
from linli.engines.cases.permissions import check_verb, may_read_contact
from linli.engines.cases.rules.proof import missing_evidence
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.services.intake import attach, local, need
from linli.engines.cases.services.work import SUBJECT, Work
from linli.engines.cases.types import Decision, FilePurpose, FileRef, RequestKind
from linli.engines.cases.workflow import UNIT_STAFF, VERBS, Outcome, Stage, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import decrypt_text
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import mask_personal
from linli.foundation.deadlines import services as deadlines
from linli.foundation.deadlines.types import Duration, Unit
from linli.foundation.journal import services as journal

CONTACT_RESULTS = ("reached", "no_answer", "wrong_number", "refused")


@transaction.atomic
def contact(
    *, by: Actor, now: datetime, case: Case, way: str, result: str, text: str = "", expected: int | None = None
) -> Case:
    """Record that the reporter was contacted, or that it was tried (no answer, wrong number)."""
    need(way=way, result=result)
    if result not in CONTACT_RESULTS:
        raise InvalidError(_("请选择联系结果。"), code="cases.contact", fields={"result": [_("请从列表中选择。")]})
    work = Work(case, by=by, now=now, expected=expected)
    changes: dict[str, Any] = {"contact_attempts": case.contact_attempts + 1}
    if result == "reached" and case.first_contact_at is None:
        changes["first_contact_at"] = now
    stops = VERBS["contact"].stops if result == "reached" else ()
    work.act("contact", text=text, data={"way": way, "result": result}, changes=changes, stops=stops)
    return work.save()


def _open_request(case: Case, kind: RequestKind) -> Request:
    found = case.requests.filter(kind=kind, decision=Decision.PENDING).first()
    if found is None:
        raise ConflictError(_("没有待审批的申请。"), code="cases.request", hint=_("可能已由他人审批，请刷新。"))
    return found


def _covered(fields: dict[str, Any]) -> dict[str, Any]:
    return fields | {"reason": mask_personal(fields.get("reason", ""))}


def _ask_for(case: Case, kind: RequestKind, by: Actor, now: datetime, **fields: Any) -> None:
    if case.requests.filter(kind=kind, decision=Decision.PENDING).exists():
        raise ConflictError(_("已有一份同类申请等待审批。"), code="cases.request_pending")
    Request.objects.create(case=case, kind=kind, asked_at=now, asked_by_id=by.user_id, asked_label=by.label, **_covered(fields))


def _decide(request: Request, by: Actor, now: datetime, *, granted: bool, reason: str) -> None:
    decision = Decision.GRANTED if granted else Decision.REFUSED
    changed = Request.objects.filter(pk=request.pk, decision=Decision.PENDING).update(
        decision=decision, decided_at=now, decided_label=by.label, decision_reason=mask_personal(reason)
    )
    if changed != 1:
        raise ConflictError(_("这份申请已由他人审批。"), code="cases.request")


@transaction.atomic
def request_extension(
    *, by: Actor, now: datetime, case: Case, reason: str, amount: int, time_unit: str = Unit.WORK_DAYS, expected: int | None = None
) -> Case:
    """Ask for more time to handle; the clock runs on until somebody else grants it."""
    need(reason=reason)
    if not 1 <= amount <= int(rule_number("cases.extension_max_days", 30, now)):
        raise InvalidError(_("延期天数超出允许范围。"), code="cases.extension", fields={"amount": [_("请填写 1 至 30。")]})
    work = Work(case, by=by, now=now, expected=expected)
    work.act("request_extension", reason=reason, data={"amount": amount, "unit": str(time_unit)})
    work.save()
    _ask_for(case, RequestKind.EXTENSION, by, now, reason=reason, amount=amount, time_unit=str(time_unit))
    return case


@transaction.atomic
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
        duration = Duration(request.amount or 0, Unit(request.time_unit))
        for stage in (Stage.HANDLE, Stage.OVERALL):
            if stage.value in case.dues:
                at = deadlines.extend(kind=SUBJECT, subject_id=case.pk, stage=stage.value, duration=duration, now=now, by=by, reason=request.reason)
                moved[stage.value] = at.isoformat()
    work.act("decide_extension", reason=reason, data={"granted": granted, "moved": moved}, changes={"dues": {**case.dues, **moved}})
    work.save()
    _decide(request, by, now, granted=granted, reason=reason)
    return case


@transaction.atomic
def request_shelving(
    *, by: Actor, now: datetime, case: Case, reason: str, review_on: date, expected: int | None = None
) -> Case:
    """Ask to shelve a case (挂账) with a reason and a day of review."""
    need(reason=reason)
    if review_on <= local(now).date():
        raise InvalidError(_("复查日期应在今天之后。"), code="cases.review_on", fields={"review_on": [_("请选择今天之后的日期。")]})
    work = Work(case, by=by, now=now, expected=expected)
    work.act("request_shelving", reason=reason, data={"review_on": review_on.isoformat()})
    work.save()
    _ask_for(case, RequestKind.SHELVING, by, now, reason=reason, review_on=review_on)
    return case


@transaction.atomic
def decide_shelving(
    *, by: Actor, now: datetime, case: Case, granted: bool, reason: str = "", expected: int | None = None
) -> Case:
    """Grant or refuse shelving; granted, the clocks stand still until it is resumed."""
    request = _open_request(case, RequestKind.SHELVING)
    if not granted:
        need(reason=reason)
    work = Work(case, by=by, now=now, expected=expected)
    to = State.SHELVED if granted else State(case.state)
    changes: dict[str, Any] = {"review_on": request.review_on} if granted else {}
    work.act("decide_shelving", to=to, reason=reason or request.reason, data={"granted": granted}, changes=changes)
    work.save()
    _decide(request, by, now, granted=granted, reason=reason)
    return case


@transaction.atomic
def resume(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Take up a shelved case again; its clocks run on."""
    need(reason=reason)
    work = Work(case, by=by, now=now, expected=expected)
    work.act("resume", reason=reason, changes={"review_on": None})
    return work.save()


@transaction.atomic
def help_result(
    *, by: Actor, now: datetime, case: Case, text: str, files: Sequence[FileRef] = (), expected: int | None = None
) -> Case:
    """Record a helping unit's own result."""
    need(text=text)
    work = Work(case, by=by, now=now, expected=expected)
    work.act("help_result", text=text)
    work.save()
    units = {g.unit_id for g in by.grants if g.role in UNIT_STAFF and g.unit_id is not None}
    CaseHelper.objects.filter(case=case, unit__in=units).update(result=mask_personal(text), result_at=now)
    attach(case, files, seq=case.version)
    return case


@transaction.atomic
def hand_in(
    *, by: Actor, now: datetime, case: Case, text: str, outcome: Outcome, files: Sequence[FileRef] = (), expected: int | None = None
) -> Case:
    """Hand in the result for checking.

    Raises:
        InvalidError: pictures that the category asks for are missing; says which, how many and why.
        ConflictError: a helping unit has not given its result.
    """
    need(text=text)
    if outcome not in {Outcome.SOLVED, Outcome.EXPLAINED, Outcome.UNSOLVED}:
        raise InvalidError(_("请选择处置结论。"), code="cases.outcome", fields={"outcome": [_("请选择：实际解决、解释说明、未解决。")]})
    _check_evidence(case, outcome, files)
    work = Work(case, by=by, now=now, expected=expected)
    work.act("hand_in", text=text, changes={"outcome": outcome, "handed_in_at": now}, data={"outcome": outcome.value})
    work.save()
    attach(case, files, seq=case.version)
    return case


def _check_evidence(case: Case, outcome: Outcome, files: Sequence[FileRef]) -> None:
    rule = catalogue.spec_of(case.category_version).evidence
    if outcome is not Outcome.SOLVED:
        return
    purposes = [*CaseFile.objects.filter(case=case).values_list("purpose", flat=True), *(f.purpose for f in files)]
    missing = missing_evidence(rule, [str(p) for p in purposes])
    if missing:
        words = "、".join(
            _("%(what)s照片还差 %(n)s 张") % {"what": FilePurpose(p).label, "n": n} for p, n in missing.items()
        )
        raise InvalidError(
            _("%(words)s。") % {"words": words}, code="cases.evidence", hint=rule.why, fields={"files": [words]}
        )


def open_contacts(*, by: Actor, now: datetime, case: Case, purpose: str) -> list[dict[str, str]]:
    """Return the reporters' names and numbers in clear; the look is journalled with its purpose, and the reporter can see it.

    Raises:
        ForbiddenError: not for this reader. InvalidError: no purpose given.
    """

    if not may_read_contact(by, case):
        raise ForbiddenError(_("您不能查看反映人的联系方式。"), code="cases.contact", hint=_("可请派单员代为联系。"))
    need(purpose=purpose)
    with transaction.atomic():
        journal.record(by=by, verb="cases.open_contact", kind=SUBJECT, uuid=case.uuid, label=case.number, reason=mask_personal(purpose), now=now)
        rows = list(Reporter.objects.filter(case=case)) + list(Reporter.objects.filter(case__merged_into=case))
    return [
        {
            "name": decrypt_text(r.name_sealed, "cases.contact"),
            "phone": decrypt_text(r.phone_sealed, "cases.contact"),
            "way": r.get_way_display(),
        }
        for r in rows
    ]


def open_text(*, by: Actor, now: datetime, case: Case, purpose: str) -> str:
    """Return the report as it was written, where parts of it are covered; the look is journalled."""

    if not may_read_contact(by, case):
        raise ForbiddenError(_("您不能查看原文。"), code="cases.text")
    need(purpose=purpose)
    with transaction.atomic():
        journal.record(by=by, verb="cases.open_text", kind=SUBJECT, uuid=case.uuid, label=case.number, reason=mask_personal(purpose), now=now)
    return decrypt_text(case.text_sealed, "cases.text") if case.text_sealed else case.text
