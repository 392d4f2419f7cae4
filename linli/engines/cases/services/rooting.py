"""Repeated causes: open a case for the root, link what came of it, watch the place after the cure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, RootCause, RootCauseChild
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.services.clocks import local_date
from linli.engines.cases.services.inputs import need
from linli.engines.cases.services.intake import take_in
from linli.engines.cases.services.work import Work, lock_cases, note_on_each
from linli.engines.cases.types import Kind, Receipt, Report, Source
from linli.engines.cases.workflow import CENTRE, Level, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import clean, mask_personal

OPENERS = CENTRE | {"grid_head", "street_leader", "supervisor"}
MOST = 100


def check_opener(by: Actor) -> None:
    """Raise unless ``by`` may open a root-cause case: the centre, those who convene, the supervisor.

    Raises:
        ForbiddenError: another post.
    """
    if not by.is_system and not by.has_role(*OPENERS):
        raise ForbiddenError(
            _("根因案件由街道城运中心、综合网格长、街道领导或督查员发起。"),
            code="cases.root",
            hint=_("可在备注中提醒派单员。"),
        )


def _check_children(cases: Sequence[Case], least: int) -> None:
    if len({c.pk for c in cases}) < least:
        raise InvalidError(
            _("请至少选择 %(n)s 件案件。") % {"n": least},
            code="cases.root",
            fields={"chosen": [_("请至少选择 %(n)s 件。") % {"n": least}]},
        )
    if len(cases) > MOST:
        raise InvalidError(_("一次最多关联 %(n)s 件。") % {"n": MOST}, code="cases.root")
    if len({c.subject_unit_id for c in cases}) > 1:
        raise ConflictError(
            _("所选案件的被反映单位不同，不能归为同一根因。"), code="cases.subject", hint=_("请分别发起。")
        )
    if any(c.kind == Kind.ROOT_CAUSE for c in cases):
        raise InvalidError(_("根因案件不能再归到另一个根因下。"), code="cases.root")


@whole
def open_root_cause(
    *,
    by: Actor,
    now: datetime,
    cases: Sequence[Case],
    title: str,
    text: str,
    level: Level = Level.COMPREHENSIVE,
) -> Receipt:
    """Open a case for what several cases have in common; they are linked to it and stay as they are.

    It lies where the first of them lies, is as guarded as the most guarded of them, and waits to be dispatched.

    Args:
        cases: two or more, from the door.
        text: what the common cause is thought to be.

    Raises:
        ConflictError: they are about different units.
    """
    check_opener(by)
    need(title=title, text=text)
    _check_children(cases, 2)
    first = next((c for c in cases if c.guarded), cases[0])
    point = Point(first.lat, first.lon) if first.lat is not None and first.lon is not None else None
    receipt = take_in(
        by=by,
        now=now,
        report=Report(
            text=text,
            title=title,
            category=first.category.code,
            address=first.address,
            point=point,
            coordinate_source=first.coordinate_source,
            area_id=None if point else first.area_id,
            source=Source.INTERNAL,
            kind=Kind.ROOT_CAUSE,
            level=level,
            urgent=False,
            confidential=any(c.confidential for c in cases),
            subject_unit_id=first.subject_unit_id,
        ),
    )
    case = Case.objects.select_related("category", "category_version", "unit").get(pk=receipt.case_id)
    row = RootCause.objects.create(case=case)
    work = Work(case, by=by, now=now)
    work.act("accept", to=State.TO_DISPATCH, changes={"accepted_at": now}, checked=False)
    work.act("note", text=_linked_words(cases), data={"children": [c.number for c in cases]}, checked=False)
    work.save()
    _link(row, case.number, cases, by=by, now=now)
    return receipt


@whole
def link_to_root(*, by: Actor, now: datetime, root: Case, cases: Sequence[Case]) -> int:
    """Link more cases to an open root-cause case; return how many were new.

    Raises:
        ConflictError: the root-cause case has ended, or they are about different units.
    """
    check_opener(by)
    _check_children(cases, 1)
    row = RootCause.objects.filter(case=root).first()
    if row is None or not root.is_open:
        raise ConflictError(_("根因案件已结束，不能再关联。"), code="cases.root", hint=_("请重新办理或另行发起。"))
    if any(c.subject_unit_id != root.subject_unit_id for c in cases):
        raise ConflictError(_("被反映单位不同，不能归为同一根因。"), code="cases.subject", hint=_("请另行发起。"))
    known = set(RootCauseChild.objects.filter(root=row).values_list("case_id", flat=True))
    fresh = [c for c in cases if c.pk not in known]
    if fresh:
        work = Work(root, by=by, now=now)
        work.act("note", text=_linked_words(fresh), data={"children": [c.number for c in fresh]}, checked=False)
        work.save()
        _link(row, root.number, fresh, by=by, now=now)
    return len(fresh)


def _linked_words(cases: Sequence[Case]) -> str:
    return _("关联 %(n)s 件：%(numbers)s") % {"n": len(cases), "numbers": "、".join(c.number for c in cases)}


def _link(row: RootCause, number: str, cases: Sequence[Case], *, by: Actor, now: datetime) -> None:
    """Link ``cases``; each notes it, and is otherwise left as it is."""
    lock_cases(*cases)
    RootCauseChild.objects.bulk_create(
        RootCauseChild(root=row, case=c, added_at=now, added_label=by.label) for c in cases
    )
    note_on_each(cases, by=by, now=now, text=_("列入根因案件 %(number)s") % {"number": number}, data={"root": number})


def cured(case: Case, reason: str, now: datetime) -> None:
    """Keep what was changed at the root, and until when the place is watched; called when the case is closed.

    Raises:
        InvalidError: nothing was said.
    """
    if case.kind != Kind.ROOT_CAUSE:
        return
    if not clean(reason):
        raise InvalidError(
            _("请写明从根上改了什么。"), code="cases.root", fields={"reason": [_("请写明从根上改了什么。")]}
        )
    days = int(rule_number("cases.root.watch_days", 90, now))
    RootCause.objects.filter(case=case).update(
        changed=mask_personal(clean(reason)), watch_until=local_date(now) + timedelta(days=days)
    )


def not_cured(case: Case) -> None:
    """Forget the cure of a root-cause case that is taken up again; what was said stays in the events."""
    if case.kind == Kind.ROOT_CAUSE:
        RootCause.objects.filter(case=case).update(changed="", watch_until=None)
