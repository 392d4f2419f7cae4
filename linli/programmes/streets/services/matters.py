"""A shop's matter: warned, ordered, handed over, put right, answered; objected to, upheld or annulled."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.engines.cases import services as cases
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.types import FilePurpose, FileRef, Report, Source
from linli.engines.cases.workflow import REPORTERS, Level, Outcome, State
from linli.engines.fieldwork.permissions.submissions import visible_findings
from linli.engines.fieldwork.rules.coverage import Link
from linli.engines.fieldwork.selectors import finding_files
from linli.engines.fieldwork.services.findings import move
from linli.engines.fieldwork.workflow import FindingState
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError
from linli.foundation.people import selectors as people
from linli.foundation.people.selectors import local_day
from linli.programmes.streets import permissions, selectors
from linli.programmes.streets.models import Evidence, Matter
from linli.programmes.streets.rules import escalation, shipped
from linli.programmes.streets.services import help as h
from linli.programmes.streets.types import OrderData, Served, WarnData, Way
from linli.programmes.streets.workflow import VERBS, MatterState

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Finding, Target

KIND = "matter"
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇0-9]+条")
SHOPS = ("shop", "frontage", "company")


def _label(row: Matter) -> str:
    return f"{row.target.name}・{shipped.fault_name(row.fault)}"


@whole
def warn(*, by: Actor, now: datetime, data: WarnData) -> Matter:
    """Warn a shop: what was found, until when it is to be put right, and what the rule asks for next.

    The shop is locked, so that of two who warn at once each counts the other.

    Raises:
        NotFoundError: no such shop for this person. ForbiddenError. InvalidError: by field.
        ConflictError: of this finding there is a matter already.
    """
    shop = h.street_target(by, data.target, SHOPS, lock=True)
    permissions.check_walk(by, shop.area_path, _("提醒告知"))
    today, faults = local_day(now), h.Faults()
    if data.fault not in shipped.faults():
        faults.add("fault", _("请从列出的选项中选择。"))
    text = faults.words("text", data.text, 500, needed=True)
    correct_by = data.correct_by or today + timedelta(days=h.number("warn_days", today))
    if correct_by < today:
        faults.add("correct_by", _("改正期限不能早于今天。"))
    faults.check()
    finding = _finding(by, shop, data.finding)
    days = [*selectors.fault_days(shop, data.fault), today]
    ladder = selectors.ladder(today)
    made = Matter(
        target=shop, fault=data.fault, text=text, found_on=today, correct_by=correct_by, area_path=shop.area_path,
        times=escalation.within(days, today, max(ladder.order_days, ladder.hand_days)),
        by_count=escalation.suggested(days, today, ladder), finding_uuid=finding.uuid if finding else None,
        unit_id=next(iter(by.unit_ids), None), warned_by=by.user_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise ConflictError(
            _("这个问题已经开过提醒。"), code="streets.finding", hint=_("请在商户档案里查看。")
        ) from error
    seen = finding_files(finding) if finding else []
    h.step(
        by, now, "warn", KIND, made, label=_label(made), text=text, files=[*seen, *data.files],
        after={"fault": made.fault, "correct_by": correct_by, "times": made.times, "by_count": made.by_count},
    )  # fmt: skip
    return made


def _finding(by: Actor, shop: Target, uuid: UUID | None) -> Finding | None:
    if uuid is None:
        return None
    found = selectors.open_finding(by, uuid)
    if found.target_id != shop.pk:
        raise h.invalid("finding", _("这个问题不是这家商户的。"))
    return found


def _start(by: Actor, uuid: UUID, verb: str, expected: int | None) -> Matter:
    row = selectors.matter_for(by, uuid, lock=True)
    permissions.check_matter(by, verb, row)
    h.check_state(verb, row)
    h.check_version(row, expected)
    return row


def _finish(by: Actor, now: datetime, verb: str, row: Matter, changes: dict[str, Any], **said: Any) -> Matter:
    before = {"state": row.state}
    target = VERBS[verb].target
    h.put(row, **changes, **({"state": target} if target else {}))
    h.step(by, now, verb, KIND, row, label=_label(row), before=before, after={"state": row.state, **changes}, **said)
    return row


@whole
def order(*, by: Actor, now: datetime, uuid: UUID, data: OrderData, expected: int | None = None) -> Matter:
    """Order a shop to put something right: by two officers, with the article, the period, and to whom it was given.

    Raises:
        NotFoundError, ForbiddenError: no officer. ConflictError, StaleError. InvalidError: by field; before the rule
            asks for an order it needs a reason.
    """
    row = _start(by, uuid, "order", expected)
    today = local_day(now)
    second, text = _check_order(by, now, row, data, today)
    changes = {
        "basis": data.basis.strip(), "correct_by": data.correct_by, "served": data.served, "way": data.way,
        "served_on": data.served_on, "ordered_on": today, "order_year": today.year, "ordered_by": by.user_id,
        "order_number": h.next_number(Matter, "order_year", "order_number", today.year),
    }  # fmt: skip
    try:
        with transaction.atomic():
            return _finish(by, now, "order", row, changes, text=text, files=data.files, second=second)
    except IntegrityError as error:
        raise h.stale() from error


def _check_order(by: Actor, now: datetime, row: Matter, data: OrderData, today: date) -> tuple[str, str]:
    """Return who went along and what is said, once everything of an order is in order."""
    faults = h.Faults()
    if faults.words("basis", data.basis, 300, needed=True) and not _ARTICLE.search(data.basis):
        faults.add("basis", _("请写明依据的是第几条，例如“第二十一条”。"))
    if data.correct_by < today:
        faults.add("correct_by", _("改正期限不能早于今天。"))
    if data.served not in Served.values:
        faults.add("served", _("请选择送达给谁。"))
    if data.way not in Way.values:
        faults.add("way", _("请选择送达方式。"))
    if not row.found_on <= data.served_on <= today:
        faults.add("served_on", _("送达日期应在发现之日到今天之间。"))
    colleagues = selectors.companions(by, now)
    if data.second_id is None or data.second_id == by.user_id or data.second_id not in colleagues:
        faults.add("second_id", _("执法人员不得少于两人，请选择另一名执法人员。"))
    due = escalation.due_step(row.state, row.by_count, row.correct_by, today)
    early = faults.words("early", data.early, 300, needed=not due)
    text = faults.words("text", data.text, 500)
    faults.check()
    return colleagues[data.second_id or 0], "　".join(filter(None, [text, early]))


@whole
def hand_over(
    *, by: Actor, now: datetime, uuid: UUID, reason: str, files: tuple[int, ...] = (), expected: int | None = None
) -> Matter:
    """Hand a matter over to the enforcement unit as a case with all its pictures, once the rule asks for it.

    Raises:
        NotFoundError, ForbiddenError, StaleError. ConflictError: not yet due, or an objection is open.
        InvalidError: no reason, or there is no enforcement unit.
    """
    row = _start(by, uuid, "hand_over", expected)
    _no_objection(row)
    reason = h.needed("reason", reason, 500)
    today = local_day(now)
    due = escalation.due_step(row.state, row.by_count, row.correct_by, today)
    if due != escalation.HAND_OVER and not permissions.is_officer(by):
        raise ConflictError(
            _("还没有到移送的条件：责令改正到期未改，或者屡次再犯。"), code="streets.early",
            hint=_("情况紧急的，请由执法人员移送。"),
        )  # fmt: skip
    case_uuid, case_number = _case(by, now, row, reason, files)
    changes = {"case_uuid": case_uuid, "case_number": case_number}
    return _finish(by, now, "hand_over", row, changes, text=reason, files=files)


def _no_objection(row: Matter) -> None:
    if row.appeal_open:
        raise ConflictError(
            _("商户的陈述申辩还没有答复。"), code="streets.appeal", hint=_("先维持或撤销，再继续办理。")
        )


def _case(by: Actor, now: datetime, row: Matter, reason: str, files: tuple[int, ...]) -> tuple[UUID, str]:
    unit = next(iter(people.units_of_kind(permissions.ENFORCEMENT, on=local_day(now))), None)
    if unit is None:
        raise h.invalid("reason", _("还没有登记综合行政执法队，无法移送。"))
    fault, shop = shipped.faults()[row.fault], row.target
    kept = list(Evidence.objects.filter(step__subject=row.uuid).values_list("file_id", flat=True))
    place: dict[str, Any] = {"address": shop.address or shop.name, "area_id": shop.area_id}
    if shop.lat is not None and shop.lon is not None:
        place |= {"point": Point(shop.lat, shop.lon), "coordinate_source": "map"}
    report = Report(
        text=_("%(shop)s：%(fault)s。%(text)s\n移送原因：%(reason)s")
        % {"shop": shop.name, "fault": fault.name, "text": row.text, "reason": reason},
        category=fault.category if catalogue.category(fault.category) is not None else "",
        source=Source.PATROL, uuid=uuid5(NAMESPACE_OID, f"streets:{row.uuid}"), origin={"matter": str(row.uuid)},
        files=tuple(FileRef(pk, FilePurpose.REPORT) for pk in list(dict.fromkeys([*kept, *files]))[:9]), **place,
    )  # fmt: skip
    reporter = by if by.is_system or by.has_role(*REPORTERS) else SYSTEM.for_person(by.label)
    receipt = cases.report(by=reporter, now=now, report=report)
    case = get_case_for(SYSTEM, receipt.uuid)
    cases.dispatch(
        by=SYSTEM.for_person(by.label), now=now, case=case, unit_id=unit.pk, level=Level.GENERAL,
        reason=_("街面商户屡改屡犯，移送执法。"),
    )  # fmt: skip
    _tell_finding(by, now, row, Link.CASE, text=receipt.number, case_uuid=receipt.uuid)
    return receipt.uuid, receipt.number


def _tell_finding(by: Actor, now: datetime, row: Matter, *links: Link, text: str, **fields: Any) -> None:
    """Bring the finding that a matter came of along, where nobody else has taken it up."""
    if row.finding_uuid is None:
        return
    rows = visible_findings(SYSTEM).filter(uuid=row.finding_uuid, state=FindingState.FOUND)
    found = rows.select_for_update(of=("self",)).first()
    if found is None:
        return
    for link in links:
        move(found, link, by=by, now=now, text=text, **fields)


@whole
def mend(
    *, by: Actor, now: datetime, uuid: UUID, text: str, files: tuple[int, ...] = (), expected: int | None = None
) -> Matter:
    """Say that a second look found it put right; an ordered one needs a picture.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError.
    """
    row = _start(by, uuid, "mend", expected)
    text = h.needed("text", text, 500)
    if row.state == MatterState.ORDERED and not files:
        raise h.invalid("photo", _("责令改正的，请附复查照片。"))
    _tell_finding(by, now, row, Link.ON_THE_SPOT, text=_("提醒后改正：%(text)s") % {"text": text}, mended_at=now)
    if row.finding_uuid is not None:
        closed = visible_findings(SYSTEM).filter(uuid=row.finding_uuid, state=FindingState.ON_THE_SPOT).first()
        if closed is not None:
            move(closed, Link.SCORED, by=by, now=now, closed_at=now)
    return _finish(by, now, "mend", row, {"closed_on": local_day(now)}, text=text, files=files, role="after")


@whole
def answer(
    *, by: Actor, now: datetime, uuid: UUID, result: str, outside_number: str = "", expected: int | None = None
) -> Matter:
    """Write down what the enforcement did, and the number it has there; Linli sets no fine.

    Raises:
        NotFoundError, ForbiddenError: no officer. ConflictError, StaleError, InvalidError.
    """
    row = _start(by, uuid, "answer", expected)
    faults = h.Faults()
    result = faults.words("result", result, 500, needed=True)
    outside = faults.words("outside_number", outside_number, 60)
    faults.check()
    changes = {"result": result, "outside_number": outside, "closed_on": local_day(now)}
    return _finish(by, now, "answer", row, changes, text=result)


@whole
def appeal(*, by: Actor, now: datetime, uuid: UUID, text: str, expected: int | None = None) -> Matter:
    """Write down what the shop says against it; until it is answered nothing is handed over.

    Raises:
        NotFoundError, ForbiddenError, ConflictError: one is open already. StaleError, InvalidError.
    """
    row = _start(by, uuid, "appeal", expected)
    if row.appeal_open:
        raise ConflictError(_("已有一份陈述申辩等待答复。"), code="streets.appeal", hint=_("先答复，再登记新的。"))
    text = h.needed("text", text, 500)
    changes = {"appeal": text, "appealed_on": local_day(now), "appeal_open": True}
    return _finish(by, now, "appeal", row, changes, text=text)


@whole
def uphold(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> Matter:
    """Answer an objection: it stands, and why. Decided by another than who warned or ordered.

    Raises:
        NotFoundError, ForbiddenError, StaleError, InvalidError. ConflictError: there is no open objection.
    """
    row = _start(by, uuid, "uphold", expected)
    if not row.appeal_open:
        raise ConflictError(_("没有等待答复的陈述申辩。"), code="streets.appeal", hint=_("请刷新后查看。"))
    return _finish(by, now, "uphold", row, {"appeal_open": False}, reason=h.needed("reason", reason, 500))


@whole
def annul(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> Matter:
    """Annul a matter with its reason: it counts no more, nor towards the next step. Decided by another.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError.
    """
    row = _start(by, uuid, "annul", expected)
    reason = h.needed("reason", reason, 500)
    _tell_finding(by, now, row, Link.DROPPED, text=reason, closed_at=now)
    changes = {"appeal_open": False, "closed_on": local_day(now)}
    return _finish(by, now, "annul", row, changes, reason=reason)


@whole
def follow_case(*, now: datetime, case_uuid: UUID) -> bool:
    """Write the end of its case into the matter that was handed over; False where there is nothing to write."""
    row = Matter.objects.select_for_update(of=("self",)).select_related("target").filter(
        case_uuid=case_uuid, state=MatterState.HANDED
    ).first()  # fmt: skip
    if row is None:
        return False
    case = get_case_for(SYSTEM, case_uuid)
    state = State(case.state)
    if state == State.MERGED and case.merged_into is not None:
        main = case.merged_into
        h.put(row, case_uuid=main.uuid, case_number=main.number)
        return follow_case(now=now, case_uuid=main.uuid)
    if state not in {State.CLOSED, State.VOID, State.REFUSED}:
        return False
    words = Outcome(case.outcome).label if case.outcome else case.get_state_display()
    result = _("案件 %(number)s：%(words)s") % {"number": case.number, "words": words}
    _finish(SYSTEM, now, "answer", row, {"result": result, "closed_on": local_day(now)}, text=result)
    return True
