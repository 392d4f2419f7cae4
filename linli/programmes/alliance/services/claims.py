"""Claims: claimed, agreed, reported, delivered, confirmed by who received it, thanked; withdrawn, lapsed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.projects import services as projects
from linli.engines.projects.types import NewTask
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.faults import check_version
from linli.foundation.core.text import mask_personal
from linli.programmes.alliance import permissions, selectors
from linli.programmes.alliance.models import Agreement, Claim, ClaimReport, Entry, Member, Milestone
from linli.programmes.alliance.rules import naming, quantities
from linli.programmes.alliance.services.help import (
    Faults,
    check_state,
    invalid,
    needed,
    number,
    tell,
)  # fmt: skip
from linli.programmes.alliance.types import ClaimData, ListKind, Stage
from linli.programmes.alliance.workflow import VERBS, ClaimState, EntryState


def _check_claimant(by: Actor, member: Member) -> None:
    if not permissions.may_act_for(by, member) and not permissions.may_keep(by):
        raise permissions.refuse("claim")


@whole
def claim(*, by: Actor, now: datetime, uuid: UUID, data: ClaimData) -> Claim:
    """Claim a share of a published project for a member.

    The project is locked, so that of two who want the last share one gets it and the other is told what is left.

    Raises:
        NotFoundError, ForbiddenError: neither the office nor who works in the member.
        ConflictError: not published, or claimed by this member already. InvalidError: the share does not fit.
    """
    made = _claim(by, now, selectors.entry_for(by, uuid, lock=True), data)
    _told(by, now, "claim", made, after={"share": quantities.share_text(data.share), "role": made.role})
    return made


@whole
def claim_many(*, by: Actor, now: datetime, uuid: UUID, data: Sequence[ClaimData]) -> list[Claim]:
    """Enter several claims of one project at once, as called out in a conference: all of them or none.

    Raises:
        as :func:`claim`.
    """
    entry = selectors.entry_for(by, uuid, lock=True)
    made = [_claim(by, now, entry, one) for one in data]
    for row in made:
        _told(by, now, "claim", row, after={"share": quantities.share_text(row.share), "role": row.role})
    return made


def _claim(by: Actor, now: datetime, entry: Entry, data: ClaimData) -> Claim:
    faults, today = Faults(), timezone.localdate(now)
    member = Member.objects.filter(pk=data.member_id, stage=Stage.ADMITTED).first()
    if member is None:
        raise invalid("member_id", _("请选择一个已接纳的成员单位。"))
    _check_claimant(by, member)
    if entry.kind != ListKind.PROJECT or entry.state != EntryState.PUBLISHED:
        raise ConflictError(
            _("%(title)s现在不能认领。") % {"title": naming.quoted(entry.title)},
            code="alliance.unpublished",
            hint=_("只有已发布的项目可以认领。"),
        )
    if selectors.holding_claims(entry).filter(member=member).exists():
        raise ConflictError(
            _("%(member)s已经认领了这个项目。") % {"member": member.name},
            code="alliance.claimed",
            hint=_("要改份额，请先撤回原来的认领。"),
        )
    role = mask_personal(faults.words("role", data.role, 100, needed=True))
    taken = [c.share for c in selectors.holding_claims(entry)]
    if not quantities.share_fits(taken, data.share):
        left = quantities.unclaimed(taken)
        words = (
            _("这个项目已经全部认领。")
            if left <= 0
            else _("份额不够，还剩 %(left)s。") % {"left": quantities.share_text(left)}
        )
        faults.add("share", words)
    faults.check()
    return Claim.objects.create(
        entry=entry, member=member, share_top=data.share.numerator, share_bottom=data.share.denominator, role=role,
        on_spot=data.on_spot, claimed_on=today, answer_by=today + timedelta(days=number("answer_days", today)),
    )  # fmt: skip


def share_of(text: str) -> Fraction:
    """Return the share that somebody typed.

    Raises:
        InvalidError: it is none between 0 and the whole.
    """
    try:
        return quantities.parse_share(text)
    except quantities.BadShareError as error:
        raise invalid("share", _("份额请写成 40%、1/3 或“全部”，大于 0，不超过 100%。")) from error


def _start(by: Actor, uuid: UUID, verb: str, expected: int | None) -> Claim:
    row = selectors.claim_for(by, uuid, lock=True)
    if not permissions.may_claim(by, verb, row):
        raise permissions.refuse(verb)
    check_state(verb, row)
    check_version(row, expected)
    return row


def _finish(row: Claim, verb: str) -> None:
    target = VERBS[verb].target
    row.state = ClaimState(target) if target is not None else row.state
    row.version += 1
    row.save()


def _told(
    by: Actor, now: datetime, verb: str, row: Claim, *, after: dict[str, object] | None = None, reason: str = ""
) -> None:
    label = f"{row.entry.title}・{row.member.called}"
    tell(by, now, verb, row, kind="claim", label=label, after={"state": row.state, **(after or {})}, reason=reason)


@whole
def agree(
    *, by: Actor, now: datetime, uuid: UUID, agreement_uuid: UUID, on: date, expected: int | None = None
) -> Claim:
    """Say under which agreement a claim stands; the member must be a party to it.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError. InvalidError: no such agreement of this member.
    """
    row = _start(by, uuid, "agree", expected)
    found = Agreement.objects.filter(uuid=agreement_uuid, ended_on__isnull=True, parties__member=row.member).first()
    if found is None:
        raise invalid("agreement", _("请选择该单位签署的协议；没有的请先登记协议。"))
    if on < row.claimed_on:
        raise invalid("on", _("签约日期不能早于认领日期。"))
    row.agreement, row.agreed_on = found, on
    _finish(row, "agree")
    _told(by, now, "agree", row, after={"agreement": found.number})
    return row


def _note(row: Claim, by: Actor, now: datetime, verb: str, text: str, file_id: int | None = None) -> None:
    ClaimReport.objects.create(claim=row, at=now, verb=verb, text=text, file_id=file_id, by_label=by.label[:80])


@whole
def report(
    *, by: Actor, now: datetime, uuid: UUID, text: str, file_id: int | None = None, milestone_id: int | None = None,
    expected: int | None = None,
) -> Claim:  # fmt: skip
    """Report what was done, with a file as evidence; a milestone that is named is done with it.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError. InvalidError: nothing said.
    """
    row = _start(by, uuid, "report", expected)
    _note(row, by, now, "report", mask_personal(needed("text", text, 1000)), file_id)
    if milestone_id is not None:
        step = Milestone.objects.filter(pk=milestone_id, claim=row, done_on__isnull=True).first()
        if step is None:
            raise invalid("milestone", _("没有这个未完成的节点。"))
        step.done_on = timezone.localdate(now)
        step.save(update_fields=["done_on"])
    _finish(row, "report")
    _told(by, now, "report", row)
    return row


@whole
def deliver(
    *, by: Actor, now: datetime, uuid: UUID, text: str, file_id: int | None = None, expected: int | None = None
) -> Claim:
    """Say that it is done and ask who received it to confirm.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError. InvalidError: nothing said.
    """
    row = _start(by, uuid, "deliver", expected)
    _note(row, by, now, "deliver", mask_personal(needed("text", text, 1000)), file_id)
    row.delivered_on = timezone.localdate(now)
    _finish(row, "deliver")
    _told(by, now, "deliver", row)
    return row


@whole
def redo(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> Claim:
    """Say what is still missing of what was delivered.

    Raises:
        NotFoundError, ForbiddenError: not who received it. ConflictError, StaleError, InvalidError.
    """
    row = _start(by, uuid, "redo", expected)
    text = mask_personal(needed("reason", reason))
    _note(row, by, now, "redo", text)
    _finish(row, "redo")
    _told(by, now, "redo", row, reason=text)
    return row


@whole
def confirm(*, by: Actor, now: datetime, uuid: UUID, text: str, expected: int | None = None) -> Claim:
    """Confirm as who received it that it was delivered, and what came of it.

    Raises:
        NotFoundError, ForbiddenError: not who received it; the claimant never. ConflictError, StaleError, InvalidError.
    """
    row = _start(by, uuid, "confirm", expected)
    row.confirm_text = mask_personal(needed("text", text, 500))
    row.confirmed_on, row.confirmed_label = timezone.localdate(now), by.label[:80]
    _note(row, by, now, "confirm", row.confirm_text)
    _finish(row, "confirm")
    _told(by, now, "confirm", row)
    return row


@whole
def thank(
    *, by: Actor, now: datetime, uuid: UUID, text: str, public: bool = False, expected: int | None = None
) -> Claim:
    """Thank the member; everybody reads it where the street (``public``) and the member agree.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError. InvalidError: nothing said.
    """
    row = _start(by, uuid, "thank", expected)
    row.thanks = mask_personal(needed("text", text, 500))
    row.thanked_on, row.street_agrees = timezone.localdate(now), public
    _finish(row, "thank")
    _told(by, now, "thank", row, after={"public": public})
    return row


@whole
def agree_public(*, by: Actor, now: datetime, uuid: UUID, agrees: bool) -> Claim:
    """Say for the member whether its claim's thanks may be public; it may change its mind at any time.

    Raises:
        NotFoundError. ForbiddenError: only who works in the member, or the office with the member's word for it.
    """
    row = selectors.claim_for(by, uuid, lock=True)
    _check_claimant(by, row.member)
    row.member_agrees = agrees
    row.version += 1
    row.save(update_fields=["member_agrees", "version"])
    _told(by, now, "agree_public", row, after={"agrees": agrees})
    return row


@whole
def withdraw(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> Claim:
    """Take a claim back before work began; its share can be claimed again.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError: no reason.
    """
    row = _start(by, uuid, "withdraw", expected)
    row.end_reason, row.ended_on = mask_personal(needed("reason", reason)), timezone.localdate(now)
    _finish(row, "withdraw")
    _told(by, now, "withdraw", row, reason=row.end_reason)
    return row


@whole
def lapse_silent(*, by: Actor, now: datetime) -> int:
    """End the claims that nobody signed by their day (``alliance.answer_days``); return how many."""
    today, count = timezone.localdate(now), 0
    for uuid in selectors.silent_claims(today):
        row = selectors.claim_for(by, uuid, lock=True)
        if row.state == ClaimState.CLAIMED and permissions.may_claim(by, "lapse", row):
            row.end_reason, row.ended_on = _("逾期没有签约。"), today
            _finish(row, "lapse")
            _told(by, now, "lapse", row, reason=row.end_reason)
            count += 1
    return count


@whole
def add_milestone(*, by: Actor, now: datetime, uuid: UUID, title: str, due_on: date) -> Milestone:
    """Add a step with its day to a claim under way.

    Raises:
        NotFoundError, ForbiddenError, ConflictError: it is over. InvalidError.
    """
    row = selectors.claim_for(by, uuid, lock=True)
    _check_claimant(by, row.member)
    if row.state not in {ClaimState.CLAIMED, ClaimState.AGREED, ClaimState.DELIVERING}:
        raise ConflictError(_("这个认领已经不在实施中。"), code="alliance.state", hint=_("请刷新后查看。"))
    title = needed("title", title, 100)
    if row.milestones.filter(title=title).exists():
        raise invalid("title", _("已经有这个节点。"))
    if due_on < row.claimed_on:
        raise invalid("due_on", _("节点日期不能早于认领日期。"))
    made = Milestone.objects.create(claim=row, title=title, due_on=due_on)
    _told(by, now, "add_milestone", row, after={"title": title, "due_on": due_on})
    return made


@whole
def give_task(*, by: Actor, now: datetime, uuid: UUID, title: str, unit_id: int, due_on: date) -> UUID:
    """Give a unit a task that a claim needs; it stands in the unit's list of tasks and names the claim.

    Raises:
        NotFoundError, ForbiddenError: not the office. ConflictError, InvalidError.
    """
    permissions.check_keep(by)
    row = selectors.claim_for(by, uuid, lock=True)
    if row.state not in {ClaimState.AGREED, ClaimState.DELIVERING}:
        raise ConflictError(_("签约以后、交付以前才能布置任务。"), code="alliance.state")
    if due_on < timezone.localdate(now):
        raise invalid("due_on", _("期限不能早于今天。"))
    wanted = NewTask(
        title=title, unit_id=unit_id, due_on=due_on, source_kind="claim", source_uuid=row.uuid,
        source_label=f"{row.entry.title}・{row.member.called}"[:80],
    )  # fmt: skip
    try:
        task = projects.create_tasks(by=by, now=now, tasks=[wanted])[0]
    except InvalidError as error:
        if "title" in error.fields:
            raise
        raise invalid("unit_id", str(error)) from error
    _told(by, now, "give_task", row, after={"task": str(task.uuid)})
    return task.uuid


@whole
def note_task_ended(*, by: Actor, now: datetime, source: UUID, title: str, result: str) -> bool:
    """Bring the result of a task back to its claim as a report; False where the claim is gone."""
    row = Claim.objects.select_for_update(of=("self",)).select_related("entry", "member").filter(uuid=source).first()
    if row is None:
        return False
    text = _("任务“%(title)s”已办结：%(result)s") % {"title": title, "result": result}
    _note(row, by, now, "task", text[:1000])
    _told(by, now, "task_ended", row)
    return True
