"""Visits of leaders to enterprises; each request becomes a need with owner, day and task."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.faults import stale
from linli.foundation.core.text import mask_personal
from linli.foundation.people import selectors as people
from linli.programmes.visits import permissions
from linli.programmes.visits.models import CompanyVisit, Demand
from linli.programmes.visits.services.demands import register
from linli.programmes.visits.services.help import fitting, needed, note, wrong
from linli.programmes.visits.types import CompanyVisitData, DemandData, Origin


@whole
def enter_company_visit(*, by: Actor, now: datetime, data: CompanyVisitData) -> CompanyVisit:
    """Enter a visit that was made.

    Raises:
        ForbiddenError: not who leads. InvalidError: by field. NotFoundError: the enterprise is not for this person.
    """
    permissions.check_lead(by)
    row = CompanyVisit(created_at=now, by_label=by.label[:80])
    _fill(row, by, now, data)
    row.save()
    note(by, now, "enter_company_visit", "company_visit", row.uuid, row.name, after={"held_on": row.held_on})
    return row


@whole
def change_company_visit(
    *, by: Actor, now: datetime, uuid: UUID, data: CompanyVisitData, expected: int
) -> CompanyVisit:
    """Change what was entered of a visit at version ``expected``.

    Raises:
        ForbiddenError, NotFoundError, InvalidError, StaleError.
    """
    permissions.check_lead(by)
    row = _locked(uuid)
    if row.version != expected:
        raise stale()
    names = ("held_on", "name", "leaders", "departments", "topics", "notes")
    before = {n: getattr(row, n) for n in names}
    _fill(row, by, now, data)
    row.version += 1
    row.save()
    changed = [n for n in names if before[n] != getattr(row, n)]
    note(
        by, now, "change_company_visit", "company_visit", row.uuid, row.name,
        before={n: before[n] for n in changed}, after={n: getattr(row, n) for n in changed},
    )  # fmt: skip
    return row


def _locked(uuid: UUID) -> CompanyVisit:
    row = CompanyVisit.objects.select_for_update(of=("self",)).filter(uuid=uuid).first()
    if row is None:
        raise NotFoundError(_("没有这次走访。"), code="visits.no_company_visit")
    return row


def _fill(row: CompanyVisit, by: Actor, now: datetime, data: CompanyVisitData) -> None:
    if data.held_on > people.local_day(now):
        raise wrong(held_on=_("走访日期不能在今天以后。"))
    target = fieldwork.target_for(by, data.target) if data.target is not None else None
    row.target, row.held_on = target, data.held_on
    row.name = fitting("name", data.name, 100) or (target.name if target is not None else "")
    if not row.name:
        raise wrong(name=_("请填写单位名称，或从台账中选择。"))
    row.leaders = mask_personal(needed("leaders", data.leaders, 200))
    row.departments = mask_personal(fitting("departments", data.departments, 200))
    row.topics = mask_personal(fitting("topics", data.topics, 1000))
    row.notes = mask_personal(fitting("notes", data.notes, 2000))


@whole
def add_request(*, by: Actor, now: datetime, uuid: UUID, text: str, unit_id: int, due_on: date | None = None) -> Demand:
    """Enter a request of an enterprise: a need with its owner and day, and a task that keeps them.

    Raises:
        ForbiddenError, NotFoundError, InvalidError.
    """
    permissions.check_lead(by)
    row = _locked(uuid)
    target = row.target.uuid if row.target is not None else None
    data = DemandData(
        text=text, origin=Origin.COMPANY, who=row.name, target=target, unit_id=unit_id, due_on=due_on, source=row.uuid
    )
    return register(by=by, now=now, data=data)
