"""Agreements: signed, renewed by another, ended; reminders before they run out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError
from linli.foundation.core.faults import check_version
from linli.foundation.messages import services as messages
from linli.programmes.alliance import permissions, selectors
from linli.programmes.alliance.models import Agreement, Member, Party
from linli.programmes.alliance.rules import naming
from linli.programmes.alliance.services.help import Faults, invalid, needed, number, tell
from linli.programmes.alliance.types import AgreementData, Stage

REMIND = "alliance.agreement_ends"


@whole
def sign_agreement(
    *, by: Actor, now: datetime, data: AgreementData, previous: UUID | None = None
) -> Agreement:  # fmt: skip
    """Enter an agreement that was signed; ``previous`` is the one that it renews.

    Raises:
        ForbiddenError. ConflictError: the previous one was renewed or ended already.
        InvalidError: by field: fewer than two parties, nothing agreed, a term that cannot be.
    """
    permissions.check_keep(by)
    before = selectors.agreement_for(previous, lock=True) if previous else None
    if before is not None and (before.ended_on is not None or Agreement.objects.filter(previous=before).exists()):
        raise ConflictError(_("这份协议已经续签或终止。"), code="alliance.renewed")
    made = _filled(data, before)
    made.number = _next_number(data.signed_on.year)
    made.previous = before
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise ConflictError(_("刚刚有人登记了另一份协议，请再保存一次。"), code="alliance.number") from error
    Party.objects.bulk_create(
        [Party(agreement=made, member_id=m) for m in data.member_ids]
        + [Party(agreement=made, name=n.strip()[:100]) for n in data.others if n.strip()]
    )
    told = {"number": made.number, "from": made.starts_on, "to": made.ends_on, "items": made.items}
    tell(by, now, "renew_agreement" if before else "sign_agreement", made, kind="agreement", after=told)
    return made


def _filled(data: AgreementData, before: Agreement | None) -> Agreement:
    faults = Faults()
    title = faults.words("title", data.title, 120, needed=True)
    items = [faults.words("items", i, 300) for i in data.items if i.strip()]
    if not items:
        faults.add("items", _("请写明约定的事项，一行一条。"))
    others = [n for n in data.others if n.strip()]
    if any(len(n) > 100 for n in others):
        faults.add("others", _("名称最多 100 个字。"))
    if len(set(data.member_ids)) + len(set(others)) < 2 or len(set(data.member_ids)) != len(data.member_ids):
        faults.add("members", _("协议至少有两方，每方一次。"))
    if Member.objects.filter(pk__in=data.member_ids, stage=Stage.ADMITTED).count() != len(set(data.member_ids)):
        faults.add("members", _("请选择已接纳的成员单位。"))
    if data.ends_on < data.starts_on:
        faults.add("ends_on", _("结束日期不能早于开始日期。"))
    if before is not None and data.starts_on <= before.starts_on:
        faults.add("starts_on", _("续签的开始日期应晚于原协议的开始日期。"))
    faults.check()
    return Agreement(
        title=title, title_key=naming.fold(title)[:240], signed_on=data.signed_on, starts_on=data.starts_on,
        ends_on=data.ends_on, items=items, file_id=data.file_id,
    )  # fmt: skip


def _next_number(year: int) -> str:
    prefix = f"{year}-协-"
    taken = Agreement.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    last = max((int(t[len(prefix) :]) for t in taken if t[len(prefix) :].isdigit()), default=0)
    return f"{prefix}{last + 1:03d}"


@whole
def end_agreement(
    *, by: Actor, now: datetime, uuid: UUID, on: date, reason: str, expected: int | None = None
) -> Agreement:
    """End an agreement before its day.

    Raises:
        ForbiddenError, ConflictError: ended already. StaleError. InvalidError: no reason, or a day outside its term.
    """
    permissions.check_keep(by)
    row = selectors.agreement_for(uuid, lock=True)
    if row.ended_on is not None:
        raise ConflictError(_("这份协议已经终止。"), code="alliance.ended")
    check_version(row, expected)
    reason = needed("reason", reason)
    if not row.starts_on <= on <= row.ends_on:
        raise invalid("on", _("终止日期应在协议期内。"))
    row.ended_on, row.end_reason, row.version = on, reason, row.version + 1
    row.save()
    tell(by, now, "end_agreement", row, kind="agreement", after={"ended_on": on}, reason=reason)
    return row


@whole
def attach_file(*, by: Actor, now: datetime, uuid: UUID, file_id: int) -> Agreement:
    """Attach the signed paper, once: nothing takes the place of what was signed.

    Raises:
        ForbiddenError, NotFoundError. ConflictError: there is one already.
    """
    permissions.check_keep(by)
    row = selectors.agreement_for(uuid, lock=True)
    if row.file_id is not None:
        raise ConflictError(
            _("这份协议已经附有扫描件。"), code="alliance.attached", hint=_("内容有变动时，请续签或另登记补充协议。")
        )
    row.file_id, row.version = file_id, row.version + 1
    row.save(update_fields=["file", "version"])
    tell(by, now, "attach_file", row, kind="agreement", after={"file": file_id})
    return row


def remind(*, now: datetime) -> int:
    """Tell who keeps the alliance of agreements that run out within ``alliance.renewal_days``; return how many.

    Each agreement is told of once; a renewal has its own day.
    """
    today = timezone.localdate(now)
    until = today + timedelta(days=number("renewal_days", today))
    told = 0
    for row in selectors.ending_agreements(today, until):
        with transaction.atomic():
            if Agreement.objects.filter(pk=row.pk, reminded_on__isnull=True).update(reminded_on=today) != 1:
                continue
            url = f"/desk/alliance/agreements/{row.uuid}/"
            messages.tell_users(
                selectors.keepers(now),
                template=REMIND,
                params={"title": row.title, "when": row.ends_on.isoformat(), "link": url},
                subject_kind="agreement",
                subject_uuid=row.uuid,
                url=url,
                key=f"{REMIND}:{row.pk}",
                now=now,
            )
            told += 1
    return told
