"""Who has a case: dispatch, recall, transfer, sign, assign, arrive, return, decide a return, share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseEvent, CaseHelper
from linli.engines.cases.permissions import check_verb, is_of_subject
from linli.engines.cases.rules.proof import coarse_distance
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.services.inputs import attach, need
from linli.engines.cases.services.routes import find_route, trace_data
from linli.engines.cases.services.work import Work
from linli.engines.cases.types import FileRef, Source
from linli.engines.cases.workflow import VERBS, Level, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import DomainError, ForbiddenError, InvalidError
from linli.foundation.people import selectors as people


def _check_unit(case: Case, unit_id: int | None) -> int:
    if unit_id is None:
        raise InvalidError(_("请选择承办单位。"), code="cases.unit", fields={"unit": [_("请选择承办单位。")]})
    unit = people.unit(unit_id)
    if case.subject_unit_id is not None and case.subject_unit_id in {unit.pk, unit.parent_id}:
        raise ForbiddenError(
            _("被反映单位不能承办此件。"), code="cases.subject", hint=_("请改派其他单位，或交督查部门。")
        )
    if not unit.active:
        raise InvalidError(_("这个单位不存在或已停用。"), code="cases.unit", fields={"unit": [_("请另选单位。")]})
    return unit_id


def assigned_by_city(case: Case) -> bool:
    """Return whether the city's hotline sent the order as 签派, which may not be returned."""
    if case.source != Source.HOTLINE or not case.pk:
        return False
    first = CaseEvent.objects.filter(case=case, seq=1).values_list("data", flat=True).first()
    return bool((first or {}).get("origin", {}).get("assigned"))


def dispatch_work(
    work: Work,
    *,
    unit_id: int | None,
    reason: str,
    rule_data: Mapping[str, Any],
    checked: bool = True,
    no_return: bool = False,
    known: bool = False,
) -> None:
    """Add the act of dispatching to ``work``; ``known``: routing has just found the unit at work."""
    fields = {
        "unit_id": unit_id if known else _check_unit(work.case, unit_id),
        "handler_id": None,
        "dispatched_at": work.now,
        "no_return": no_return or assigned_by_city(work.case),
        "unrouted": False,
    }
    work.act(
        "dispatch", changes=fields, reason=reason, data={"unit": unit_id, "route": dict(rule_data)}, checked=checked
    )


@whole
def dispatch(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    unit_id: int | None = None,
    helper_ids: Sequence[int] = (),
    reason: str = "",
    level: Level | None = None,
    expected: int | None = None,
) -> Case:
    """Send a case to a unit; without ``unit_id`` to the one that the rules name.

    A case that was only reported is accepted in the same transaction.

    Raises:
        InvalidError: no rule fitted and no unit was chosen.
        ForbiddenError: the unit is the one complained about.
    """
    trace: dict[str, Any] = {}
    if unit_id is None:
        node = catalogue.category(case.category.code)
        found = find_route(case, node, now) if node else None
        if found is not None:
            unit_id, helper_ids, trace = found.unit_id, list(helper_ids) or list(found.helper_ids), trace_data(found)
    work = Work(case, by=by, now=now, expected=expected)
    if case.state == State.REPORTED:
        work.act("accept", to=State.TO_DISPATCH, changes={"accepted_at": now})
    else:
        check_verb(by, case, VERBS["dispatch"])
    if level is not None:
        case.level = level
    dispatch_work(work, unit_id=unit_id, reason=reason, rule_data=trace)
    work.save()
    add_helpers(case, helper_ids, now)
    return case


def add_helpers(case: Case, unit_ids: Iterable[int], now: datetime) -> None:
    """Ask ``unit_ids`` to help with ``case``; those asked stay as they are, the unit complained about is left out."""
    wanted = [u for u in dict.fromkeys(unit_ids) if u not in {case.unit_id, case.subject_unit_id}]
    if case.subject_unit_id is not None:
        wanted = [u for u in wanted if not is_of_subject({u}, case.subject_unit_id)]
    if not wanted:
        return
    CaseHelper.objects.bulk_create(
        [CaseHelper(case=case, unit_id=u, asked_at=now) for u in wanted], ignore_conflicts=True
    )


@whole
def share(
    *, by: Actor, now: datetime, case: Case, unit_ids: Sequence[int], reason: str = "", expected: int | None = None
) -> Case:
    """Ask further units to help."""
    if not unit_ids:
        raise InvalidError(_("请选择协办单位。"), code="cases.units", fields={"units": [_("请至少选择一个。")]})
    if is_of_subject(set(unit_ids), case.subject_unit_id):
        raise ForbiddenError(_("被反映单位不能协办此件。"), code="cases.subject", hint=_("请选择其他协办单位。"))
    work = Work(case, by=by, now=now, expected=expected)
    work.act("share", reason=reason, data={"units": list(unit_ids)})
    work.save()
    add_helpers(case, unit_ids, now)
    return case


@whole
def recall(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Take back a dispatch that nobody has signed for."""
    need(reason=reason)
    work = Work(case, by=by, now=now, expected=expected)
    work.act("recall", reason=reason, changes={"unit_id": None, "handler_id": None, "dispatched_at": None})
    return work.save()


@whole
def transfer(*, by: Actor, now: datetime, case: Case, unit_id: int, reason: str, expected: int | None = None) -> Case:
    """Send a case to another unit instead."""
    need(reason=reason)
    check_verb(by, case, VERBS["transfer"])
    if unit_id == case.unit_id:
        raise InvalidError(_("此件已在该单位。"), code="cases.unit", fields={"unit": [_("请选择另一个单位。")]})
    work = Work(case, by=by, now=now, expected=expected)
    work.act(
        "transfer",
        reason=reason,
        data={"from": case.unit_id, "unit": unit_id},
        changes={
            "unit_id": _check_unit(case, unit_id),
            "handler_id": None,
            "dispatched_at": now,
            "signed_at": None,
            "arrived_at": None,
            "no_return": False,
        },
    )
    return work.save()


@whole
def sign(*, by: Actor, now: datetime, case: Case, expected: int | None = None) -> Case:
    """Sign for a case on the unit's behalf; whoever signs has it until somebody else is named."""
    work = Work(case, by=by, now=now, expected=expected)
    work.act("sign", changes={"signed_at": now, "handler_id": case.handler_id or by.user_id})
    return work.save()


@whole
def assign(*, by: Actor, now: datetime, case: Case, user_id: int, expected: int | None = None) -> Case:
    """Name the person in the unit who handles the case.

    Raises:
        InvalidError: that person is not of the unit.
    """
    check_verb(by, case, VERBS["assign"])
    if case.unit_id is None or user_id not in {h.user_id for h in people.members_of(case.unit_id, now=now)}:
        raise InvalidError(
            _("承办人应是承办单位的人员。"), code="cases.handler", fields={"handler": [_("请从本单位人员中选择。")]}
        )
    work = Work(case, by=by, now=now, expected=expected)
    work.act("assign", changes={"handler_id": user_id}, data={"user": user_id})
    return work.save()


@whole
def arrive(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    text: str = "",
    files: Sequence[FileRef] = (),
    near: Point | None = None,
    expected: int | None = None,
) -> Case:
    """Record that somebody is on the spot: the time, no track of the person.

    Of ``near``, where the phone was, only the rough distance to the case's place is kept.
    """
    work = Work(case, by=by, now=now, expected=expected)
    data: dict[str, Any] = {}
    if near is not None and case.lat is not None and case.lon is not None:
        data["within_metres"] = coarse_distance(near.metres_to(Point(case.lat, case.lon)))
    work.act("arrive", text=text, changes={"arrived_at": case.arrived_at or now}, data=data)
    work.save()
    attach(case, files, seq=case.version)
    return case


@whole
def return_(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Give a case back (退单). After two returns the 值班长 decides; a 签派 case cannot be returned."""
    need(reason=reason)
    allowed = int(rule_number("cases.return.max", 2, now))
    again = case.return_count >= allowed
    to = State.RETURN_PENDING if again else State.TO_DISPATCH
    work = Work(case, by=by, now=now, expected=expected)
    changes: dict[str, Any] = {"return_count": case.return_count + 1, "handler_id": None, "signed_at": None}
    if not again:
        changes["unit_id"] = None
    work.act("return_", to=to, reason=reason, changes=changes, data={"unit": case.unit_id})
    return work.save()


@whole
def decide_return(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    uphold: bool,
    reason: str,
    unit_id: int | None = None,
    expected: int | None = None,
) -> Case:
    """Decide a disputed return: uphold it (the centre dispatches anew), or 签派 to a unit that may not return it."""
    need(reason=reason)
    work = Work(case, by=by, now=now, expected=expected)
    check_verb(by, case, VERBS["decide_return"])
    if uphold:
        work.act("decide_return", to=State.TO_DISPATCH, reason=reason, changes={"unit_id": None}, data={"uphold": True})
        return work.save()
    target = _check_unit(case, unit_id or case.unit_id)
    work.act(
        "decide_return",
        to=State.TO_SIGN,
        reason=reason,
        data={"uphold": False, "unit": target},
        changes={"unit_id": target, "no_return": True, "dispatched_at": now},
        starts=VERBS["dispatch"].starts,
    )
    return work.save()


def dispatch_many(
    *, by: Actor, now: datetime, cases: Sequence[Case], unit_id: int | None = None, reason: str = ""
) -> tuple[list[Case], list[tuple[Case, str]]]:
    """Dispatch each of ``cases`` in a transaction of its own; return (sent, (case, why not) of the others)."""
    sent: list[Case] = []
    failed: list[tuple[Case, str]] = []
    for case in cases:
        try:
            sent.append(dispatch(by=by, now=now, case=case, unit_id=unit_id, reason=reason))
        except DomainError as error:
            failed.append((case, str(error)))
    return sent, failed
