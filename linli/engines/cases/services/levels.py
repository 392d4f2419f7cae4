"""Three levels: raise, lower, convene a consultation, decide it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, Consultation, ConsultationCase
from linli.engines.cases.permissions import check_verb, is_of_subject
from linli.engines.cases.services.handling import _ask_for, _decide
from linli.engines.cases.services.inputs import need
from linli.engines.cases.services.meetings import adopt_decisions, call_meeting, seat_cases
from linli.engines.cases.services.work import Work, lock_cases
from linli.engines.cases.types import Decision, RequestKind
from linli.engines.cases.workflow import CONVENERS, LEVELS, VERBS, Level, State, next_level
from linli.engines.projects import services as projects
from linli.engines.projects.types import NewTask
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import clean, mask_personal


@whole
def request_raise(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Ask for the next level, with a reason."""
    need(reason=reason)
    if next_level(Level(case.level)) is None:
        raise ConflictError(_("已是最高一级，由党工委协调。"), code="cases.top_level", hint=_("可召集会商作出决定。"))
    work = Work(case, by=by, now=now, expected=expected)
    work.act("request_raise", reason=reason)
    work.save()
    _ask_for(case, RequestKind.RAISE, by, now, reason=reason)
    return case


def raise_work(work: Work, *, reason: str, checked: bool = True, timeout: bool = False) -> None:
    """Add the act of raising the level: the unit keeps the case, the handling clock starts anew."""
    above = next_level(Level(work.case.level))
    if above is None:
        raise ConflictError(_("已是最高一级，由党工委协调。"), code="cases.top_level", hint=_("可召集会商作出决定。"))
    work.act(
        "raise_level",
        reason=reason,
        changes={"level": above},
        checked=checked,
        data={"level": above.value, "timeout": timeout},
    )


@whole
def raise_level(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Raise a case to the next level; an open request for it is granted with it."""
    need(reason=reason)
    work = Work(case, by=by, now=now, expected=expected)
    check_verb(by, case, VERBS["raise_level"])
    raise_work(work, reason=reason)
    work.save()
    for request in case.requests.filter(kind=RequestKind.RAISE, decision=Decision.PENDING):
        _decide(request, by, now, granted=True, reason=reason)
    return case


@whole
def refuse_raise(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Refuse a unit's request for the next level."""
    need(reason=reason)
    check_verb(by, case, VERBS["raise_level"])
    request = case.requests.filter(kind=RequestKind.RAISE, decision=Decision.PENDING).first()
    if request is None:
        raise ConflictError(_("没有待审批的申请。"), code="cases.request", hint=_("可能已由他人审批，请刷新。"))
    work = Work(case, by=by, now=now, expected=expected)
    work.act("note", text=_("不同意升级：%(reason)s") % {"reason": reason})
    work.save()
    _decide(request, by, now, granted=False, reason=reason)
    return case


@whole
def lower_level(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Lower a case by the upper level's decision."""
    need(reason=reason)
    check_verb(by, case, VERBS["lower_level"])
    at = LEVELS.index(Level(case.level))
    if at == 0:
        raise ConflictError(_("已是一般问题，不能再降。"), code="cases.bottom_level", hint=_("由承办单位继续办理。"))
    if case.level == Level.DIFFICULT and not by.is_system and not by.has_role("street_leader"):
        raise ForbiddenError(_("困难问题由街道领导决定降级。"), code="cases.level", hint=_("请联系街道领导。"))
    work = Work(case, by=by, now=now, expected=expected)
    work.act(
        "lower_level",
        reason=reason,
        changes={"level": LEVELS[at - 1]},
        data={"level": LEVELS[at - 1].value},
    )
    return work.save()


@whole
def convene(
    *,
    by: Actor,
    now: datetime,
    cases: Sequence[Case],
    title: str,
    held_at: datetime,
    unit_ids: Sequence[int],
    place: str = "",
) -> Consultation:
    """Call a consultation over one or more cases: who is invited, when, where.

    Its level is the highest of its cases; general problems are not consulted on.
    """
    need(title=title)
    if not cases:
        raise InvalidError(_("请至少选择一个问题。"), code="cases.consultation", fields={"cases": [_("请选择。")]})
    level = max((Level(c.level) for c in cases), key=LEVELS.index)
    if level is Level.GENERAL:
        raise InvalidError(
            _("一般问题由支部或居民区解决，不召集会商。"), code="cases.consultation", hint=_("请先升级为综合问题。")
        )
    for case in cases:
        check_verb(by, case, VERBS["convene"])
        if is_of_subject(set(unit_ids), case.subject_unit_id):
            raise ForbiddenError(
                _("被反映单位不能参加对自己的会商。"), code="cases.subject", hint=_("请从参会单位中去掉它。")
            )
    if level is Level.DIFFICULT and not by.has_role("street_leader", "shift_leader"):
        raise ForbiddenError(_("困难问题由党工委召集协调。"), code="cases.level", hint=_("请街道领导或值班长召集。"))
    lock_cases(*cases)
    units = list(dict.fromkeys([*unit_ids, *(c.unit_id for c in cases if c.unit_id is not None)]))
    path = _common_path([c.area_path for c in cases])
    row = Consultation.objects.create(
        title=mask_personal(title),
        level=level,
        area_path=path,
        place=place,
        held_at=held_at,
        called_at=now,
        called_label=by.label,
    )
    row.meeting = call_meeting(row, cases, units, by=by, now=now)
    row.save(update_fields=["meeting"])
    seat_cases(row, cases, units, by=by, now=now)
    return row


def _common_path(paths: Sequence[str]) -> str:
    parts = [p.strip("/").split("/") for p in paths]
    common: list[str] = []
    for column in zip(*parts, strict=False):
        if len(set(column)) > 1 or not column[0]:
            break
        common.append(column[0])
    return "/" + "/".join(common) + "/" if common else ""


@dataclass(frozen=True, slots=True)
class TaskOrder:
    """A task that a consultation gives: what, which unit, by when; to a 居民区, under which entry or why outside."""

    title: str
    unit_id: int
    due_on: date
    admission_id: int | None = None
    outside_reason: str = ""


@whole
def decide(
    *,
    by: Actor,
    now: datetime,
    consultation: Consultation,
    decisions: Mapping[int, str],
    minutes: str,
    positions: Mapping[int, str] | None = None,
    attended: Sequence[int] = (),
    tasks: Mapping[int, Sequence[TaskOrder]] | None = None,
) -> Consultation:
    """Record what a consultation decided: a decision for each case (by id), positions by unit, tasks.

    The cases go back to their units, who carry the decisions out; the tasks' results come back to the case.
    """
    need(minutes=minutes)
    if not by.is_system and not by.holds(CONVENERS, area_path=consultation.area_path):
        raise ForbiddenError(
            _("会商决定由召集一级作出。"), code="cases.role", hint=_("请综合网格长、街道领导或值班长记录。")
        )
    # Claimed first: of two who record a decision at once, one is told.
    if Consultation.objects.filter(pk=consultation.pk, decided_at__isnull=True).update(decided_at=now) != 1:
        raise ConflictError(_("这次会商已有决定。"), code="cases.consultation", hint=_("请刷新后查看。"))
    items = list(consultation.items.select_related("case__category", "case__category_version", "case__unit"))
    missing = [i.case.number for i in items if not decisions.get(i.case_id, "").strip()]
    if missing:
        raise InvalidError(
            _("还有问题没有决定：%(numbers)s") % {"numbers": "、".join(missing)},
            code="cases.consultation",
            hint=_("请为每个问题写明决定。"),
        )
    for item in items:
        orders = list((tasks or {}).get(item.case_id, ()))
        _decide_item(item, decisions[item.case_id], orders, consultation, by=by, now=now)
    for party in consultation.parties.all():
        party.attended = party.unit_id in attended
        party.position = mask_personal(clean((positions or {}).get(party.unit_id, "")))
        party.save(update_fields=["attended", "position"])
    minutes = mask_personal(clean(minutes))
    Consultation.objects.filter(pk=consultation.pk).update(minutes=minutes)
    consultation.decided_at, consultation.minutes = now, minutes
    adopt_decisions(consultation, [i.case for i in items], decisions, attended, by=by, now=now)
    return consultation


def _decide_item(
    item: ConsultationCase,
    decision: str,
    orders: Sequence[TaskOrder],
    consultation: Consultation,
    *,
    by: Actor,
    now: datetime,
) -> None:
    case = item.case
    new = [
        NewTask(
            title=o.title,
            unit_id=o.unit_id,
            due_on=o.due_on,
            source_kind="case",
            source_uuid=case.uuid,
            source_label=case.number,
            admission_id=o.admission_id,
            outside_reason=o.outside_reason,
        )
        for o in orders
    ]
    if is_of_subject({o.unit_id for o in orders}, case.subject_unit_id):
        raise ForbiddenError(
            _("被反映单位不能承担此件的任务。"), code="cases.subject", hint=_("请将任务交给其他单位。")
        )
    made: list[Any] = projects.create_tasks(by=by, now=now, tasks=new) if new else []
    work = Work(case, by=by, now=now)
    data = {"consultation": str(consultation.uuid), "tasks": [str(t.uuid) for t in made]}
    if case.state == State.CONSULTING:
        work.act("decide", to=State.HANDLING, text=decision, data=data)
    else:
        # It was handed in, sent elsewhere or ended meanwhile; the others on the agenda still get their decision.
        work.act("note", text=_("会商决定：%(decision)s") % {"decision": decision}, data=data, checked=False)
    work.save()
    ConsultationCase.objects.filter(pk=item.pk).update(decision=mask_personal(clean(decision)), decided_at=now)
