"""Campaigns for branches and experience officers: entered and ended by who leads."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors as fieldwork
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import NotFoundError
from linli.programmes.visits import permissions
from linli.programmes.visits.models import Campaign, Demand, Officer
from linli.programmes.visits.services.demands import register
from linli.programmes.visits.services.help import needed, note, wrong
from linli.programmes.visits.types import DemandData, Origin


@whole
def begin_campaign(
    *, by: Actor, now: datetime, title: str, branch_type: str, wanted: int, starts_on: date, ends_on: date
) -> Campaign:
    """Say how many branches of a type are to be there by a day.

    Raises:
        ForbiddenError, InvalidError.
    """
    permissions.check_lead(by)
    if not 0 < wanted <= 1_000:
        raise wrong(wanted=_("请填 1 至 1000。"))
    if ends_on < starts_on:
        raise wrong(ends_on=_("结束日期不能早于开始日期。"))
    row = Campaign.objects.create(
        title=needed("title", title, 60), branch_type=needed("branch_type", branch_type, 32), wanted=wanted,
        starts_on=starts_on, ends_on=ends_on, by_label=by.label[:80],
    )  # fmt: skip
    note(by, now, "begin_campaign", "campaign", row.uuid, row.title, after={"wanted": wanted, "ends_on": ends_on})
    return row


@whole
def appoint_officer(
    *, by: Actor, now: datetime, post: str, since: date, station: UUID | None = None, until: date | None = None
) -> Officer:
    """Enter an experience officer by the post that they speak from.

    Raises:
        ForbiddenError, InvalidError, NotFoundError.
    """
    permissions.check_lead(by)
    if until is not None and until < since:
        raise wrong(until=_("结束日期不能早于开始日期。"))
    target = fieldwork.target_for(by, station) if station is not None else None
    row = Officer.objects.create(post=needed("post", post, 60), station=target, since=since, until=until)
    note(by, now, "appoint_officer", "officer", row.uuid, row.post, after={"since": since, "until": until})
    return row


@whole
def take_report(
    *, by: Actor, now: datetime, officer: UUID, text: str, unit_id: int, due_on: date | None = None
) -> Demand:
    """Enter what an experience officer reports: a need for better, with owner, day and task.

    Raises:
        ForbiddenError, InvalidError; NotFoundError: no such officer.
    """
    permissions.check_lead(by)
    found = Officer.objects.select_related("station").filter(uuid=officer).first()
    if found is None:
        raise NotFoundError(_("没有这位体验官。"), code="visits.no_officer")
    data = DemandData(
        text=text, origin=Origin.EXPERIENCE, who=found.post, source=found.uuid, officer_id=found.pk,
        target=found.station.uuid if found.station is not None else None, unit_id=unit_id, due_on=due_on,
    )  # fmt: skip
    return register(by=by, now=now, data=data)
