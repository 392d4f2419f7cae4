"""城管进社区: who keeps in touch with which neighbourhood, and each time that one was there."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, DomainError
from linli.foundation.people.selectors import local_day
from linli.foundation.places import selectors as places
from linli.programmes.streets import permissions, selectors
from linli.programmes.streets.models import Contact, ContactVisit
from linli.programmes.streets.services import help as h

MOST_A_MONTH = 31


@whole
def make_contact(*, by: Actor, now: datetime, user_id: int, area_id: int, per_month: int, starts_on: date) -> Contact:
    """Say which officer keeps in touch with a neighbourhood, and how often a month.

    Raises:
        ForbiddenError: neither leads the street nor the officers. InvalidError. ConflictError: it is so already.
    """
    if not permissions.may_plan_contacts(by):
        raise permissions.refuse(_("安排联络"))
    faults = h.Faults()
    officer = selectors.all_officers(now).get(user_id)
    if officer is None:
        faults.add("user_id", _("请选择一名执法人员。"))
    if not 1 <= per_month <= MOST_A_MONTH:
        faults.add("per_month", _("应为 1 至 31 次。"))
    path = ""
    try:
        path = str(places.area(area_id).path)
    except DomainError:
        faults.add("area_id", _("没有这个区域。"))
    faults.check()
    made = Contact(
        user_id=user_id, unit_id=officer.unit_id if officer else 0, area_id=area_id, area_path=path,
        per_month=per_month, starts_on=starts_on,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise ConflictError(_("这名执法人员已经联络这个区域。"), code="streets.contact") from error
    h.step(by, now, "make_contact", "contact", made, label=made.area.name, after={"per_month": per_month})
    return made


def _open(by: Actor, uuid: UUID, expected: int | None) -> Contact:
    row = selectors.contact_for(by, uuid, lock=True)
    if row.ends_on is not None:
        raise ConflictError(_("这项联络已经结束。"), code="streets.contact_ended")
    h.check_version(row, expected)
    return row


@whole
def end_contact(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> Contact:
    """End a contact with its reason.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError.
    """
    row = selectors.contact_for(by, uuid)
    if not permissions.may_plan_contacts(by):
        raise permissions.refuse(_("结束联络"))
    row = _open(by, uuid, expected)
    reason = h.needed("reason", reason)
    h.put(row, ends_on=local_day(now))
    h.step(by, now, "end_contact", "contact", row, label=row.area.name, reason=reason, after={"ends_on": row.ends_on})
    return row


@whole
def visit_contact(
    *, by: Actor, now: datetime, uuid: UUID, on: date, text: str, asked: str = "", files: tuple[int, ...] = ()
) -> ContactVisit:
    """Write down that the officer was there: what was said, and what the neighbourhood asked for.

    Raises:
        NotFoundError, ForbiddenError: another's contact. ConflictError: that day is written down. InvalidError.
    """
    row = selectors.contact_for(by, uuid)
    if not permissions.may_visit(by, row):
        raise permissions.refuse(_("走访记录"))
    row = _open(by, uuid, None)
    faults = h.Faults()
    text = faults.words("text", text, 500, needed=True)
    asked = faults.words("asked", asked, 500)
    if not row.starts_on <= on <= local_day(now):
        faults.add("on", _("日期应在联络开始之后、今天之前。"))
    faults.check()
    try:
        with transaction.atomic():
            made = ContactVisit.objects.create(contact=row, on=on, text=text, asked=asked, by_label=by.label[:80])
    except IntegrityError as error:
        raise ConflictError(_("这一天已经登记过。"), code="streets.contact_visit") from error
    h.step(by, now, "visit_contact", "contact", row, label=row.area.name, text=text, files=files, after={"on": on})
    return made
