"""Public writes of the room `messages`. Keep it small and stable."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import encrypt_text, keyed_hash
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.ids import uuid7
from linli.foundation.jobs.services import enqueue
from linli.foundation.journal.services import record
from linli.foundation.messages import rules, selectors, templates
from linli.foundation.messages.channels import channel
from linli.foundation.messages.models import (
    ADDRESS,
    NOTE,
    PARAMS,
    THREAD,
    URL,
    ContactRecord,
    Message,
    Preference,
)
from linli.foundation.messages.permissions import check_word
from linli.foundation.messages.types import ChannelCode, Outcome, Outgoing, Recipient, State
from linli.foundation.messages.wording import LONGEST, faults_with, reset_words, set_template, set_words, template_uuid

__all__ = [
    "LONGEST",
    "faults_with",
    "mark_read",
    "not_before",
    "record_contact",
    "resend",
    "reset_words",
    "schedule_delivery",
    "send_many",
    "send_test",
    "set_preference",
    "set_template",
    "set_words",
    "template_uuid",
]
DELIVER = "messages.deliver"


def not_before(now: datetime, *, quiet: bool, urgent: bool) -> datetime:
    """Return when a message may go: at once, or at the end of the quiet hours."""
    if urgent or not quiet:
        return now
    limits = selectors.limits(now)
    zone = ZoneInfo(settings.TIME_ZONE)
    return rules.quiet_end(now, limits.quiet_from, limits.quiet_until, zone) or now


def _row(out: Outgoing, batch: UUID, now: datetime) -> Message:
    template, way = templates.check_params(out.template, out.params), channel(out.channel)
    if template.secret and not way.sends:
        # A person who passes it on would read it, and an inbox would keep it.
        message = _("验证码只能由系统直接发出，不能由人转达。")
        raise InvalidError(message, code="messages.secret", hint=_("请改用电子邮件发送。"))
    address, who = way.address(out.recipient), out.recipient
    urgent = out.urgent or template.urgent
    same = f"{out.key}|{out.channel}|{who.user_id}|{address}"
    params = {name: str(value) for name, value in out.params.items() if value is not None}
    return Message(
        batch=batch,
        key=keyed_hash(same, "messages.key") if out.key else None,
        template=out.template,
        language=who.language,
        channel=out.channel.value,
        user_id=who.user_id,
        address_sealed=encrypt_text(address, ADDRESS),
        address_hash=keyed_hash(address.lower(), ADDRESS) if address else "",
        address_masked=rules.mask_address(out.channel, address),
        params_sealed=encrypt_text(json.dumps(params, ensure_ascii=False), PARAMS),
        url_sealed=encrypt_text(out.url, URL),
        thread_sealed=encrypt_text(json.dumps(asdict(who.thread)), THREAD) if who.thread is not None else b"",
        subject_kind=out.subject_kind,
        subject_uuid=out.subject_uuid,
        urgent=urgent,
        state=way.first_state.value,
        not_before=not_before(now, quiet=way.quiet, urgent=urgent),
        created_at=now,
        changed_at=now,
    )


def schedule_delivery(batch: UUID, moments: Collection[datetime], now: datetime) -> None:
    """Enqueue the delivery of a batch, once for each moment at which some of it may go."""
    for moment in sorted(set(moments)):
        enqueue(name=DELIVER, payload={"batch": str(batch)}, now=now, run_at=moment)


@whole
def send_many(*, messages: Sequence[Outgoing], now: datetime) -> list[UUID]:
    """Tell people: one INSERT, and one job if something has to leave the house; return the messages' uuids.

    In-app messages are in the inbox with the commit. The caller journals its own verb; a message
    is its own record. A message whose ``key`` was sent to the same recipient before is left out silently.

    Raises:
        TemplateError: unknown template, missing or unknown parameters; nothing is sent.
        InvalidError: a recipient without the address that the channel needs; nothing is sent.
    """
    if not messages:
        return []
    batch = uuid7()
    rows = [_row(out, batch, now) for out in messages]
    Message.objects.bulk_create(rows, ignore_conflicts=any(r.key for r in rows))
    schedule_delivery(batch, [r.not_before for r in rows if channel(r.channel).sends], now)
    return [r.uuid for r in rows]


def tell_users(
    users: Iterable[int],
    *,
    template: str,
    params: Mapping[str, object],
    now: datetime,
    url: str = "",
    key: str = "",
    subject_kind: str = "",
    subject_uuid: UUID | None = None,
) -> list[UUID]:
    """Put one message into the inboxes of several users, of each once; the rest is as in :func:`send_many`.

    Args:
        users: their ids, in any order.
        key: the same message with the same key reaches the same user once only.

    Raises:
        TemplateError: unknown template, missing or unknown parameters; nothing is sent.
    """
    told = [
        Outgoing(
            template=template,
            params=params,
            recipient=Recipient(user_id=user_id),
            channel=ChannelCode.IN_APP,
            subject_kind=subject_kind,
            subject_uuid=subject_uuid,
            url=url,
            key=key,
        )
        for user_id in sorted(set(users))
    ]
    return send_many(messages=told, now=now)


@whole
def mark_read(*, by: Actor, now: datetime, uuids: Collection[UUID] | None = None) -> int:
    """Mark the actor's own messages read (all without ``uuids``); one statement, not journalled."""
    if by.user_id is None:
        raise ForbiddenError(_("请先登录。"))
    rows = Message.objects.filter(user_id=by.user_id, channel=ChannelCode.IN_APP.value, read_at__isnull=True)
    if uuids is not None:
        rows = rows.filter(uuid__in=uuids)
    return rows.update(read_at=now)


@whole
def resend(*, by: Actor, now: datetime, uuid: UUID) -> None:
    """Send a failed or suppressed message again, from the first attempt.

    Raises:
        ConflictError: it is under way or gone already, or its content was wiped.
    """
    row = selectors.message(uuid)
    if not row.params_sealed:
        raise ConflictError(_("这条消息的内容已清除，不能重发。"), hint=_("请重新发起。"))
    # Sent by hand on purpose: it does not wait for morning.
    changed = Message.objects.filter(pk=row.pk, state__in=[State.FAILED.value, State.SUPPRESSED.value]).update(
        state=State.QUEUED.value, attempts=0, last_error="", not_before=now, changed_at=now, urgent=True
    )
    if changed != 1:
        raise ConflictError(_("只有发送失败或被拦下的消息可以重发。"), code="messages.not_failed")
    if channel(row.channel).sends:
        schedule_delivery(row.batch, [now], now)
    record(by=by, verb="messages.resend", kind="message", uuid=uuid, label=row.template, now=now)


_AFTER = {
    Outcome.REACHED: State.DELIVERED,
    Outcome.NO_ANSWER: State.QUEUED,
    Outcome.WRONG_NUMBER: State.FAILED,
    Outcome.DECLINED: State.FAILED,
}


def _answer(row: Message, outcome: Outcome, now: datetime) -> None:
    """Move the message on by the result; it was waiting for a person."""
    state = _AFTER[outcome]
    secret = templates.shipped_template(row.template).secret and state is not State.QUEUED
    changed = Message.objects.filter(pk=row.pk, state=State.QUEUED.value).update(
        state=state.value,
        attempts=row.attempts + 1,
        last_error="" if state is State.DELIVERED else outcome.value,
        changed_at=now,
        **({"params_sealed": b""} if secret else {}),
    )
    if changed != 1:
        raise ConflictError(_("这条联系任务已经有了结果。"), code="messages.answered")


@whole
def record_contact(
    *,
    by: Actor,
    now: datetime,
    channel: ChannelCode,
    outcome: Outcome,
    at: datetime | None = None,
    note: str = "",
    message: UUID | None = None,
    subject_kind: str = "",
    subject_uuid: UUID | None = None,
) -> ContactRecord:
    """Record an attempt to reach somebody by telephone, at the door or by text message.

    With ``message`` the to-do is completed: reached → delivered; no answer → it stays, one attempt
    more; wrong number or declined → failed.

    Raises:
        InvalidError: a channel without a person, or a time that has not come yet.
        ConflictError: the to-do has its result already.
    """
    if channel.value not in selectors.BY_HAND:
        raise InvalidError(_("只有电话、上门和短信需要登记联系结果。"), code="messages.channel")
    moment = at or now
    if moment > now:
        raise InvalidError(_("联系时间不能晚于现在。"), fields={"at": [_("联系时间不能晚于现在。")]})
    row = selectors.message(message) if message else None
    if row is not None:
        _answer(row, outcome, now)
    contact = ContactRecord.objects.create(
        message=row,
        channel=channel.value,
        subject_kind=row.subject_kind if row else subject_kind,
        subject_uuid=row.subject_uuid if row else subject_uuid,
        outcome=outcome.value,
        note_sealed=encrypt_text(note.strip(), NOTE),
        at=moment,
        by_uuid=by.uuid,
        by_label=by.label[:100],
        recorded_at=now,
    )
    after = {"channel": channel.value, "outcome": outcome.value, "at": moment.isoformat(), "note": note.strip()}
    record(
        by=by,
        verb="messages.record_contact",
        kind=contact.subject_kind or "contact",
        uuid=contact.subject_uuid or contact.uuid,
        label=channel.value,
        now=now,
        after=after,
        personal=("note",),
    )
    return contact


@whole
def set_preference(
    *,
    by: Actor,
    now: datetime,
    user_id: int,
    channel_code: ChannelCode,
    enabled: bool,
    digest: bool = False,
    email: str = "",
    language: str = "zh-hans",
) -> None:
    """Set how a user is told by a channel: on or off, and for e-mail whether a daily digest comes to ``email``.

    Raises:
        InvalidError: a channel that cannot be switched off, or a digest without an address.
        ForbiddenError: somebody else's preference.
    """
    if by.user_id != user_id and not by.is_system:
        raise ForbiddenError(_("只能修改自己的消息偏好。"))
    way = channel(channel_code)
    if not way.optional:
        raise InvalidError(_("这种方式不能关闭。"), code="messages.not_optional")
    address = way.address(Recipient(user_id=user_id, email=email, language=language)) if digest else ""
    values = {
        "enabled": enabled,
        "digest": digest,
        "address_sealed": encrypt_text(address, ADDRESS),
        "language": language,
    }
    Preference.objects.update_or_create(user_id=user_id, channel=channel_code.value, defaults=values)
    after = {"channel": channel_code.value, "enabled": enabled, "digest": digest, "email": address}
    record(
        by=by,
        verb="messages.set_preference",
        kind="preference",
        uuid=by.uuid,
        label=channel_code.value,
        now=now,
        after=after,
        personal=("email",),
    )


@whole
def send_test(
    *, by: Actor, now: datetime, code: str, language: str, channel_code: ChannelCode, email: str = ""
) -> UUID:
    """Send a template with made-up values to whoever asks: into their inbox, or to ``email``.

    Raises:
        ForbiddenError: not an administrator, or nobody with a login.
        InvalidError: a channel that a person carries, or no address.
    """
    check_word(by)
    if by.user_id is None:
        raise ForbiddenError(_("请先登录。"))
    if channel_code not in {ChannelCode.IN_APP, ChannelCode.EMAIL}:
        raise InvalidError(_("只能向自己的站内消息或电子邮件发送测试。"), code="messages.channel")
    out = Outgoing(
        template=code,
        params=templates.samples(code, language),
        recipient=Recipient(user_id=by.user_id, email=email.strip(), language=language),
        channel=channel_code,
        subject_kind="template_test",
        urgent=True,  # asked for now, by whoever gets it
    )
    (uuid,) = send_many(messages=[out], now=now)
    record(
        by=by,
        verb="messages.send_test",
        kind="message_template",
        uuid=template_uuid(code),
        label=f"{code} {language} {channel_code.value}",
        now=now,
        after={"channel": channel_code.value, "email": email.strip()},
        personal=("email",),
    )
    return uuid
