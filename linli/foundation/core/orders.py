"""Orders from above (督办), the same in every room: order, answer by a day, result; not ended without both.

A room adds what is ordered about, the life cycle and the clock; the words and the refusals stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.models import Base, Personal
from linli.foundation.core.text import clean, mask_personal


class OrderBase(Base):
    """A 督办: order → reply → result."""

    text = models.TextField()
    due_on = models.DateField()
    ordered_at = models.DateTimeField()
    ordered_label = models.CharField(max_length=80)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_label = models.CharField(max_length=80, blank=True)
    result = models.TextField(blank=True)
    concluded_at = models.DateTimeField(null=True)
    concluded_label = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def declared(seen_by: str) -> dict[str, Personal]:
        """Return the declaration of the personal fields, seen by whom the room says."""
        return {
            "ordered_label": Personal("who ordered", None, seen_by),
            "replied_label": Personal("who answered", None, seen_by),
            "concluded_label": Personal("who concluded", None, seen_by),
        }


Row = TypeVar("Row", bound=OrderBase)


def check_due(due_on: date, today: date, *, code: str) -> None:
    """Refuse a day that is over.

    Raises:
        InvalidError: ``due_on`` lies before ``today``.
    """
    if due_on < today:
        raise InvalidError(_("期限不能早于今天。"), code=code, fields={"due_on": [_("请选择今天或以后的日期。")]})


def ordered(text: str, *, now: datetime, label: str) -> dict[str, Any]:
    """Return the fields of a new order but its day."""
    return {"text": mask_personal(clean(text)), "ordered_at": now, "ordered_label": label}


def answer(rows: QuerySet[Row], order: Row, *, text: str, now: datetime, label: str, code: str) -> Row:
    """Write the answer of an order; the last one stands until it is concluded.

    Raises:
        ConflictError: it is concluded.
    """
    return _write(rows, order, {"reply": mask_personal(clean(text)), "replied_at": now, "replied_label": label}, code)


def check_answered(order: OrderBase, *, code: str) -> None:
    """Refuse to conclude an order without an answer.

    Raises:
        ConflictError: there is no answer yet (有督查就有情况反馈，有督查就有处理结果).
    """
    if order.replied_at is None:
        raise ConflictError(_("还没有督办答复，不能作出结论。"), code=code, hint=_("请承办单位先答复。"))


def conclude(rows: QuerySet[Row], order: Row, *, text: str, now: datetime, label: str, code: str) -> Row:
    """Write the result of an order.

    Raises:
        ConflictError: it is concluded already.
    """
    fields = {"result": mask_personal(clean(text)), "concluded_at": now, "concluded_label": label}
    return _write(rows, order, fields, code)


def _write(rows: QuerySet[Row], order: Row, fields: Mapping[str, Any], code: str) -> Row:
    if rows.filter(pk=order.pk, concluded_at__isnull=True).update(**fields) != 1:
        raise ConflictError(_("这份督办已有结论。"), code=code, hint=_("请刷新后查看。"))
    order.refresh_from_db(fields=list(fields))
    return order
