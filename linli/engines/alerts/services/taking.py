"""Messages about warnings come in: from the city's platform, or typed by who was told; one after the other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.alerts import selectors
from linli.engines.alerts.events import ALERT
from linli.engines.alerts.models import Alert, AlertMessage, AlertReference, Intake
from linli.engines.alerts.permissions import check_keep
from linli.engines.alerts.rules import cap
from linli.engines.alerts.rules.chain import Line, present
from linli.engines.alerts.services.telling import tell, told_of
from linli.engines.alerts.types import (
    AlertState,
    Colour,
    Entered,
    Hazard,
    Message,
    MessageKind,
    Outcome,
    Reference,
    Taken,
    Via,
)
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.faults import one, several
from linli.foundation.core.ids import uuid7
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal
from linli.foundation.places import selectors as places

HAND = "hand"
_SHOWN = ("hazard", "colour", "headline", "text", "instruction", "issuer", "area_text", "exercise")
_AHEAD = timedelta(minutes=15)


def take_cap(*, by: Actor, now: datetime, raw: bytes) -> Taken:
    """Take a CAP 1.2 message; a test, a draft or an acknowledgement is let pass and kept nowhere.

    Raises:
        ForbiddenError: ``by`` brings no warnings in.
        InvalidError: it is no CAP 1.2, or what it says cannot be.
        ConflictError: under its name another message came before.
    """
    check_keep(by)
    try:
        message = cap.read(raw)
    except cap.CapError as error:
        raise _unread(error) from error
    return take(by=by, now=now, message=message) if message is not None else Taken(Outcome.IGNORED)


def _unread(error: cap.CapError) -> InvalidError:
    words = {
        "xml": _("不是完整的 XML，或含有不允许的声明。"), "root": _("不是 CAP 1.2 的 alert。"),
        "missing": _("请填写这一项。"),
        "name": _("不能含有空格、逗号，也不能过长。"), "time": _("请写明日期、时间和时区。"),
        "word": _("不是 CAP 1.2 规定的取值。"), "long": _("太长。"), "order": _("结束时间应晚于开始时间。"),
    }  # fmt: skip
    return one("alerts", error.element, words[error.code])


@whole
def take(*, by: Actor, now: datetime, message: Message) -> Taken:
    """Take a message about a warning; sent again it is known, and in whatever order they come the last sent holds.

    Raises:
        ForbiddenError: ``by`` brings no warnings in.
        InvalidError: what it says cannot be.
        ConflictError: under its name another message came before.
    """
    check_keep(by)
    _check(message, now)
    Intake.objects.get_or_create(pk=1)
    Intake.objects.select_for_update().get(pk=1)
    content, digest = _content(message, now), _digest(message)
    known = AlertMessage.objects.filter(sender=message.sender, identifier=message.identifier).first()
    if known is not None:
        if known.digest != digest:
            raise ConflictError(
                _("这个编号的预警消息已经收到过，内容不同。"), code="alerts.identifier",
                hint=_("变更和解除请用新的编号，并注明所引用的消息。"),
            )  # fmt: skip
        return Taken(Outcome.REPEATED, _uuid_of(known))
    row = AlertMessage.objects.create(
        sender=message.sender, identifier=message.identifier, kind=message.kind, via=message.via,
        sent_at=message.sent_at, came_at=now, by_label=by.label[:80], content=content, digest=digest,
    )  # fmt: skip
    AlertReference.objects.bulk_create(
        [AlertReference(message=row, sender=r.sender, identifier=r.identifier) for r in message.references]
    )
    return _placed(by, now, row, message)


def _uuid_of(row: AlertMessage) -> UUID | None:
    return row.alert.uuid if row.alert is not None else None


def _check(message: Message, now: datetime) -> None:
    """Say all that is wrong with a message."""
    wrong: dict[str, list[str]] = {}
    if not message.sender.strip() or not message.identifier.strip():
        wrong["identifier"] = [_("请填写这一项。")]
    if message.sent_at > now + _AHEAD:
        wrong["sent"] = [_("发布时间不能晚于现在。")]
    if message.kind != MessageKind.ALERT and not message.references:
        wrong["references"] = [_("请注明所变更或解除的预警消息。")]
    if message.kind != MessageKind.CANCEL:
        _check_said(message, now, wrong)
    if wrong:
        raise several("alerts", wrong)


def _check_said(message: Message, now: datetime, wrong: dict[str, list[str]]) -> None:
    if message.hazard not in Hazard.values:
        wrong["hazard"] = [_("请从列出的选项中选择。")]
    if message.colour not in Colour.values:
        wrong["colour"] = [_("请从列出的选项中选择。")]
    if not message.headline.strip():
        wrong["headline"] = [_("请填写这一项。")]
    begins, ends = _span(message, now)
    most = selectors.numbers(now).longest_days
    if ends <= begins:
        wrong["ends_at"] = [_("结束时间应晚于开始时间。")]
    elif ends - begins > timedelta(days=most):
        wrong["ends_at"] = [_("一条预警最长 %(most)s 天。") % {"most": most}]


def _span(message: Message, now: datetime) -> tuple[datetime, datetime]:
    begins = message.begins_at or message.sent_at
    return begins, message.ends_at or begins + timedelta(hours=selectors.numbers(now).hours_without_end)


def _content(message: Message, now: datetime) -> dict[str, Any]:
    """Return what a message says, as it is kept: numbers of persons covered, whatever the city wrote."""
    texts = {
        "headline": 200, "text": 4_000, "instruction": 4_000, "issuer": 100, "area_text": 300,
    }  # fmt: skip
    found: dict[str, Any] = {name: mask_personal(getattr(message, name).strip())[:most] for name, most in texts.items()}
    if message.kind == MessageKind.CANCEL:
        return {"text": found["text"], "exercise": message.exercise}
    begins, ends = _span(message, now)
    return found | {
        "hazard": str(message.hazard), "colour": str(message.colour), "exercise": message.exercise,
        "area_codes": list(message.area_codes), "begins_at": begins.isoformat(), "ends_at": ends.isoformat(),
    }  # fmt: skip


def _digest(message: Message) -> str:
    """Return a hash of what was sent, so that the same name with other words is found out."""
    said = {name: getattr(message, name) for name in message.__slots__ if name != "via"}
    said["references"] = sorted(f"{r.sender},{r.identifier}" for r in message.references)
    text = json.dumps(said, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _neighbours(row: AlertMessage, references: Iterable[Reference]) -> list[AlertMessage]:
    """Return the messages that this one refers to, and those that refer to it."""
    q = Q(references__sender=row.sender, references__identifier=row.identifier)
    for reference in references:
        q |= Q(sender=reference.sender, identifier=reference.identifier)
    return list(AlertMessage.objects.filter(q).exclude(pk=row.pk).select_related("alert").distinct().order_by("id"))


def _placed(by: Actor, now: datetime, row: AlertMessage, message: Message) -> Taken:
    """Put a message into the warning that it is part of, and bring that up to date."""
    near = _neighbours(row, message.references)
    alerts = list({n.alert.pk: n.alert for n in near if n.alert is not None}.values())
    loose = [row.pk, *(n.pk for n in near if n.alert is None)]
    if not alerts and message.kind == MessageKind.CANCEL:
        _note(by, now, row, None, "cancel_early")
        return Taken(Outcome.WAITING)
    fresh = not alerts
    alert = _new(row, message, now) if fresh else min(alerts, key=lambda a: a.pk)
    before = None if fresh else _said(alert)
    AlertMessage.objects.filter(pk__in=loose).update(alert=alert)
    for other in alerts:
        if other.pk != alert.pk:
            AlertMessage.objects.filter(alert=other).update(alert=alert)
            other.acknowledgements.update(alert=alert)
            Alert.objects.filter(pk=other.pk).update(merged_into=alert)
    row.alert = alert
    outcome = _bring_up(alert, row, now, fresh=fresh)
    verb = {Outcome.TAKEN: "take", Outcome.CHANGED: "change", Outcome.LIFTED: "lift"}.get(outcome, "take_older")
    _note(by, now, row, alert, verb, before=before)
    _tell(alert, outcome, now, row)
    return Taken(outcome, alert.uuid)


def _new(row: AlertMessage, message: Message, now: datetime) -> Alert:
    content = row.content
    return Alert.objects.create(
        **{name: content[name] for name in _SHOWN}, area_paths=_paths(message.area_codes, now), came_at=now,
        begins_at=datetime.fromisoformat(content["begins_at"]), ends_at=datetime.fromisoformat(content["ends_at"]),
        sent_at=row.sent_at, changed_at=now, current=row,
    )  # fmt: skip


def _paths(codes: Iterable[str], now: datetime) -> list[str]:
    """Return those of our areas that the codes name; none of them: the whole subdistrict."""
    wanted = set(codes)
    return [a.path for a in places.areas(on=now.date()).defer("geometry", "wkb") if a.code in wanted] if wanted else []


def _bring_up(alert: Alert, row: AlertMessage, now: datetime, *, fresh: bool) -> Outcome:
    """Let the warning say what its messages come to; return what the new one did to it."""
    rows = list(AlertMessage.objects.filter(alert=alert))
    lines = [Line(m.pk, m.sent_at, m.identifier, m.kind == MessageKind.CANCEL) for m in rows]
    found = present(lines)
    said = next(m for m in rows if m.pk == found.content)
    changed = fresh or said.pk != alert.current_id or found.lifted_at != alert.lifted_at
    if changed:
        for name in _SHOWN:
            setattr(alert, name, said.content[name])
        alert.begins_at = datetime.fromisoformat(said.content["begins_at"])
        alert.ends_at = datetime.fromisoformat(said.content["ends_at"])
        alert.area_paths = _paths(said.content["area_codes"], now)
        alert.current, alert.lifted_at = said, found.lifted_at
        alert.changed_at, alert.reminded_at = now, None
    alert.sent_at = max(m.sent_at for m in rows)
    alert.save()
    if not changed:
        return Outcome.OLDER
    if alert.lifted_at is not None:
        return Outcome.LIFTED
    return Outcome.TAKEN if fresh else Outcome.CHANGED


def _said(alert: Alert) -> dict[str, Any]:
    return {
        "colour": alert.colour, "begins_at": alert.begins_at.isoformat(), "ends_at": alert.ends_at.isoformat(),
        "lifted": alert.lifted_at is not None,
    }  # fmt: skip


def _note(by: Actor, now: datetime, row: AlertMessage, alert: Alert | None, verb: str, *, before: Any = None) -> None:
    after = _said(alert) if alert is not None else {}
    after |= {"sender": row.sender, "identifier": row.identifier, "via": str(row.via)}
    journal.record(
        by=by, verb=f"alerts.{verb}", kind=ALERT, uuid=alert.uuid if alert is not None else row.uuid,
        label=alert.headline if alert is not None else row.identifier, now=now, before=before, after=after,
    )  # fmt: skip


def _tell(alert: Alert, outcome: Outcome, now: datetime, row: AlertMessage) -> None:
    words = {
        Outcome.TAKEN: _("已发布，请确认收到。"), Outcome.CHANGED: _("有变更，请再次确认收到。"),
        Outcome.LIFTED: _("已解除。"),
    }  # fmt: skip
    if outcome in words and alert.ends_at > now:
        tell(alert, words[outcome], told_of(alert, now), now, key=str(row.uuid))


def _own(kind: MessageKind, data: Entered, now: datetime, references: tuple[Reference, ...]) -> Message:
    said: dict[str, Any] = {
        name: clean(getattr(data, name)) for name in ("headline", "text", "instruction", "issuer", "area_text")
    }
    return Message(
        sender=HAND, identifier=uuid7().hex, sent_at=now, kind=kind, hazard=data.hazard, colour=data.colour,
        begins_at=data.begins_at, ends_at=data.ends_at, references=references, exercise=data.exercise, via=Via.HAND,
        **said,
    )  # fmt: skip


@whole
def enter(*, by: Actor, now: datetime, data: Entered) -> Taken:
    """Enter a warning of which somebody was told by telephone or on paper.

    Raises:
        ForbiddenError: ``by`` brings no warnings in.
        InvalidError: what is wrong, field by field.
    """
    return take(by=by, now=now, message=_own(MessageKind.ALERT, data, now, ()))


def _following(alert: Alert) -> tuple[Reference, ...]:
    rows = selectors.messages_of(alert)
    return tuple(Reference(m.sender, m.identifier) for m in rows[:50])


def _check_stands(alert: Alert, now: datetime) -> None:
    if alert.state(now) in {AlertState.LIFTED, AlertState.ENDED}:
        raise ConflictError(_("这条预警已经解除或到期。"), code="alerts.over", hint=_("需要时请录入新的预警。"))


@whole
def change(*, by: Actor, now: datetime, alert: Alert, data: Entered) -> Taken:
    """Change a warning that stands: its colour, its time, its words; everybody is asked to take note again.

    Raises:
        ForbiddenError: ``by`` brings no warnings in.
        InvalidError: what is wrong, field by field.
        ConflictError: it is over.
    """
    check_keep(by)
    _check_stands(alert, now)
    return take(by=by, now=now, message=_own(MessageKind.UPDATE, data, now, _following(alert)))


@whole
def lift(*, by: Actor, now: datetime, alert: Alert, reason: str) -> Taken:
    """Lift a warning that stands.

    Raises:
        ForbiddenError: ``by`` brings no warnings in.
        InvalidError: no reason.
        ConflictError: it is over.
    """
    check_keep(by)
    _check_stands(alert, now)
    said = clean(reason)[:300]
    if not said:
        raise one("alerts", "reason", _("请写明依据，例如解除预警的通知。"))
    message = Message(
        sender=HAND, identifier=uuid7().hex, sent_at=now, kind=MessageKind.CANCEL, text=said,
        references=_following(alert), exercise=alert.exercise, via=Via.HAND,
    )  # fmt: skip
    return take(by=by, now=now, message=message)
