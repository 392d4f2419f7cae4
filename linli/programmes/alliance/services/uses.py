"""Pieces of resources: promised to a need or a member, used, called off. Nothing is promised twice."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError
from linli.foundation.core.text import mask_personal
from linli.programmes.alliance import permissions, selectors
from linli.programmes.alliance.models import Entry, Member, Use
from linli.programmes.alliance.rules import naming
from linli.programmes.alliance.rules.quantities import amount_text
from linli.programmes.alliance.services.help import Faults, invalid, needed, tell
from linli.programmes.alliance.types import ListKind, Stage, UseState
from linli.programmes.alliance.workflow import EntryState


def _check(by: Actor, resource: Entry) -> None:
    if resource.member is None or not permissions.may_act_for(by, resource.member):
        permissions.check_keep(by)


def _open(entry: Entry, day: date) -> None:
    if entry.state != EntryState.PUBLISHED:
        raise ConflictError(
            _("%(title)s现在没有发布。") % {"title": naming.quoted(entry.title)},
            code="alliance.unpublished",
            hint=_("审核发布后才能约定。"),
        )
    if entry.ends_on is not None and entry.ends_on < day:
        raise ConflictError(_("%(title)s已经到期。") % {"title": naming.quoted(entry.title)}, code="alliance.over")


@whole
def commit(
    *, by: Actor, now: datetime, uuid: UUID, quantity: Decimal, need_uuid: UUID | None = None,
    member_id: int | None = None, purpose: str = "",
) -> Use:  # fmt: skip
    """Promise a piece of a resource to a need, or to a member for a purpose.

    Both lines are locked, always the one with the smaller id first, so that two who come at once neither take the
    last piece twice nor wait for each other.

    Raises:
        NotFoundError, ForbiddenError: neither who keeps the alliance nor whose resource it is.
        ConflictError: one is not published, or over. InvalidError: more than there is or is needed; for nobody.
    """
    resource = selectors.entry_for(by, uuid)
    if resource.kind != ListKind.RESOURCE:
        raise invalid("quantity", _("只有资源可以约定使用。"))
    _check(by, resource)
    found = selectors.entry_for(by, need_uuid) if need_uuid is not None else None
    both = {e.pk: e for e in selectors.lock_entries([resource.pk, *([found.pk] if found else [])])}
    resource, need = both[resource.pk], both[found.pk] if found else None
    day = timezone.localdate(now)
    for entry in both.values():
        _open(entry, day)
    faults = Faults()
    purpose = mask_personal(faults.words("purpose", purpose, 200, needed=need is None))
    if need is None:
        _check_user(resource, member_id, faults)
    elif need.kind != ListKind.NEED or (need.member_id is not None and need.member_id == resource.member_id):
        faults.add("need", _("请选择一条别的单位的需求。"))
    _check_quantity(resource, need, quantity, faults)
    faults.check()
    made = Use.objects.create(
        resource=resource, need=need, member_id=need.member_id if need else member_id, quantity=quantity,
        purpose=purpose, committed_on=day,
    )  # fmt: skip
    told = {"quantity": amount_text(quantity), "need": need.title if need else "", "purpose": purpose}
    tell(by, now, "commit", resource, kind="entry", after=told)
    return made


def _check_user(resource: Entry, member_id: int | None, faults: Faults) -> None:
    if member_id is None or not Member.objects.filter(pk=member_id, stage=Stage.ADMITTED).exists():
        faults.add("member_id", _("请选择使用的成员单位。"))
    elif member_id == resource.member_id:
        faults.add("member_id", _("本单位使用自己的资源不用登记。"))


def _check_quantity(resource: Entry, need: Entry | None, quantity: Decimal, faults: Faults) -> None:
    if not 0 < quantity < 10**10:
        faults.add("quantity", _("数量应大于 0。"))
        return
    there = selectors.balance(resource)
    if not there.fits(quantity):
        left = amount_text(there.remaining) or "0"
        faults.add("quantity", _("只剩 %(left)s%(unit)s。") % {"left": left, "unit": resource.unit_word})
    if need is not None and need.unit_word == resource.unit_word:
        wanted = selectors.balance(need)
        if not wanted.fits(quantity):
            left = amount_text(wanted.remaining) or "0"
            faults.add("quantity", _("需求只差 %(left)s%(unit)s。") % {"left": left, "unit": need.unit_word})


@whole
def note_used(*, by: Actor, now: datetime, uuid: UUID, on: date) -> Use:
    """Enter that a promised piece was used on a day, not after today; the use counter goes up by one.

    Raises:
        NotFoundError, ForbiddenError, ConflictError: used or called off already. InvalidError: the day cannot be.
    """
    use = _use(uuid, by)
    if on > timezone.localdate(now) or on < use.committed_on:
        raise invalid("on", _("使用日期应在约定之后，不晚于今天。"))
    use.state, use.used_on = UseState.USED, on
    use.save(update_fields=["state", "used_on"])
    tell(by, now, "note_used", use.resource, kind="entry", after={"use": str(use.uuid), "on": on})
    return use


@whole
def cancel(*, by: Actor, now: datetime, uuid: UUID, reason: str) -> Use:
    """Call a promised piece off: it is there again.

    Raises:
        NotFoundError, ForbiddenError, ConflictError: used or called off already. InvalidError: no reason.
    """
    use = _use(uuid, by)
    use.ended_note, use.state = needed("reason", reason, 200), UseState.CANCELLED
    use.save(update_fields=["state", "ended_note"])
    tell(by, now, "cancel", use.resource, kind="entry", after={"use": str(use.uuid)}, reason=use.ended_note)
    return use


def _use(uuid: UUID, by: Actor) -> Use:
    use = selectors.use_for(uuid, lock=True)
    _check(by, use.resource)
    if use.state != UseState.COMMITTED:
        raise ConflictError(
            _("这一笔现在是“%(state)s”。") % {"state": use.get_state_display()},
            code="alliance.use",
            hint=_("请刷新后查看。"),
        )
    return use
