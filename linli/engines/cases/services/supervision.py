"""Urging (催办) and orders from above (督办): order, reply, result; not closed without both."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseEvent, Order, ShiftNote
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.services.clocks import local, local_moment
from linli.engines.cases.services.inputs import need
from linli.engines.cases.services.work import Work
from linli.engines.cases.workflow import VERBS, Stage
from linli.foundation.core import orders
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal


@whole
def urge(*, by: Actor, now: datetime, case: Case, text: str = "", expected: int | None = None) -> Case:
    """Urge whoever has the case; a reporter may once a day.

    Raises:
        ConflictError: a reporter urged within the last 24 hours.
    """
    staff = by.is_system or by.has_role(*VERBS["urge"].roles - {"resident"})
    if not staff:
        hours = int(rule_number("cases.urge.interval_hours", 24, now))
        recent = CaseEvent.objects.filter(
            case=case, verb="urge", at__gt=now - timedelta(hours=hours), data__from=_whose(by)
        )
        if recent.exists():
            raise ConflictError(
                _("今天已经催过了，承办单位已收到。"), code="cases.urged", hint=_("急事请直接拨打居委会电话。")
            )
    work = Work(case, by=by, now=now, expected=expected)
    work.act(
        "urge",
        text=text,
        data={} if staff else {"from": _whose(by)},
        changes={"urge_count": case.urge_count + 1},
    )
    return work.save()


def _whose(by: Actor) -> str:
    return by.extra.get("reporter") or str(by.uuid or "")


@whole
def order(*, by: Actor, now: datetime, case: Case, text: str, due_on: date, expected: int | None = None) -> Order:
    """Order from above that something be done by a day (督办)."""
    need(text=text)
    orders.check_due(due_on, local(now).date(), code="cases.order")
    work = Work(case, by=by, now=now, expected=expected)
    work.act(
        "order",
        text=text,
        data={"due_on": due_on.isoformat()},
        changes={"open_orders": case.open_orders + 1},
        starts=() if Stage.ORDER.value in case.dues else (Stage.ORDER,),
        until=local_moment(due_on, 17),
    )
    work.save()
    return Order.objects.create(case=case, due_on=due_on, **orders.ordered(text, now=now, label=by.label))


@whole
def order_reply(*, by: Actor, now: datetime, order: Order, text: str) -> Order:
    """Answer an order."""
    need(text=text)
    work = Work(order.case, by=by, now=now)
    others = Order.objects.filter(case=order.case_id, replied_at__isnull=True).exclude(pk=order.pk).exists()
    work.act("order_reply", text=text, data={"order": order.pk}, stops=() if others else (Stage.ORDER,))
    work.save()
    return orders.answer(Order.objects.all(), order, text=text, now=now, label=by.label, code="cases.order")


@whole
def order_result(*, by: Actor, now: datetime, order: Order, text: str) -> Order:
    """Conclude an order that was answered.

    Raises:
        ConflictError: there is no answer yet (有督查就有情况反馈，有督查就有处理结果).
    """
    need(text=text)
    orders.check_answered(order, code="cases.order")
    work = Work(order.case, by=by, now=now)
    work.act(
        "order_result", text=text, data={"order": order.pk}, changes={"open_orders": max(0, order.case.open_orders - 1)}
    )
    work.save()
    return orders.conclude(Order.objects.all(), order, text=text, now=now, label=by.label, code="cases.order")


@whole
def hand_over_shift(*, by: Actor, now: datetime, text: str, case_numbers: list[str]) -> ShiftNote:
    """Write what the next shift must know."""
    need(text=text)
    if not by.has_role("dispatcher", "shift_leader"):
        raise ForbiddenError(_("交接班由城运中心人员填写。"), code="cases.role")
    note = ShiftNote.objects.create(
        at=now, by_label=by.label, by_user_id=by.user_id, text=mask_personal(clean(text)), open_cases=case_numbers
    )
    journal.record(
        by=by,
        verb="cases.hand_over_shift",
        kind="shift",
        uuid=None,
        label=str(note.pk),
        after={"cases": case_numbers},
        now=now,
    )
    return note


@whole
def take_over_shift(*, by: Actor, now: datetime, note: ShiftNote) -> ShiftNote:
    """Confirm having read what the last shift left; somebody else than its writer.

    Raises:
        ConflictError: already confirmed, or one's own note.
    """
    if note.read_at is not None:
        raise ConflictError(_("已由 %(who)s 接班。") % {"who": note.read_label}, code="cases.shift")
    if note.by_user_id == by.user_id:
        raise ConflictError(_("不能接自己的班。"), code="cases.shift")
    if not by.has_role("dispatcher", "shift_leader"):
        raise ForbiddenError(_("交接班由城运中心人员确认。"), code="cases.role")
    note.read_at, note.read_label = now, by.label
    note.save(update_fields=["read_at", "read_label"])
    journal.record(by=by, verb="cases.take_over_shift", kind="shift", uuid=None, label=str(note.pk), now=now)
    return note
