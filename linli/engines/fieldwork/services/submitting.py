"""A record comes in from the street: looked at, kept once, counted, followed up, all in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.fieldwork.events import Learned, learners, listeners
from linli.engines.fieldwork.models import Submission, SubmissionFile, Visit
from linli.engines.fieldwork.rules.finding import Found, checked_items, facts_in, found_in
from linli.engines.fieldwork.rules.sending import coarse, digest, odd_times, parted
from linli.engines.fieldwork.selectors.submissions import SEALED, fields_of, form_of, receipt_of
from linli.engines.fieldwork.services.asking import Asked, asked_of
from linli.engines.fieldwork.services.counting import seen, take_step
from linli.engines.fieldwork.services.findings import follow_up
from linli.engines.fieldwork.services.learning import TOLD
from linli.engines.fieldwork.services.photos import Uploads, uploads_of, with_files
from linli.engines.fieldwork.types import Packet, Receipt
from linli.engines.fieldwork.workflow import SUBMISSION, VISIT, SubmissionState, VisitState
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import encrypt_text
from linli.foundation.core.db.again import again
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError
from linli.foundation.forms.rules import Moment, work_out
from linli.foundation.forms.types import Scored, WholeForm
from linli.foundation.journal import services as journal

SUBJECT = "fieldwork"
PLACES = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Filled:
    """What a packet says, looked at: answers cleaned, marked, and what they found wrong."""

    form: WholeForm
    answers: Mapping[str, Any]
    scored: Scored
    found: tuple[Found, ...]
    uploads: Uploads


@again
def submit(*, by: Actor, now: datetime, packet: Packet) -> Receipt:
    """Take one filled form in; sent again it is answered with the same receipt and kept once.

    A clock that is wrong, a round that ended meanwhile, a visit that somebody else did before: all of it is noted and
    nothing lost. What is refused says in which place and what to do, and the packet stays on the device.

    Raises:
        InvalidError: answers or files to be mended; ``fields`` says what at which path.
        ForbiddenError: not this person's visit, or of another grid.
        NotFoundError: no such visit, round, target, form or version.
        ConflictError: the same uuid with other content, a round that takes no records, or a record corrected already.
    """
    content = digest(_content(packet))
    if (seen := _seen(by, packet, content)) is not None:
        return seen
    try:
        with transaction.atomic():
            return _take_in(by, now, packet, content)
    except (IntegrityError, DomainError) as error:
        # Sent twice at once: the other was quicker, and has the same or says otherwise. What this one was refused for
        # may be the other's doing: the former is corrected, the photos are used, the visit is done.
        if (seen := _seen(by, packet, content)) is not None:
            return seen
        former = packet.former if isinstance(error, IntegrityError) else None
        if former is not None and Submission.objects.filter(former__uuid=former).exists():
            raise _corrected() from None
        raise


def _content(packet: Packet) -> dict[str, Any]:
    """Return what the digest is of: a photo by what is in it, so that one uploaded twice is the same."""
    prints = uploads_of(packet).prints
    return {
        "uuid": packet.uuid, "form": packet.form, "version": packet.version, "visit": packet.visit,
        "round": packet.round, "target": packet.target, "former": packet.former, "second": packet.second,
        "answers": _printed(packet.answers, prints), "made_at": packet.made_at.isoformat(),
        "files": {path: [prints.get(str(u), str(u)) for u in ids] for path, ids in packet.files.items()},
        "place": [packet.lat, packet.lon],
    }  # fmt: skip


def _printed(value: Any, prints: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {k: _printed(v, prints) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printed(v, prints) for v in value]
    return prints.get(value, value) if isinstance(value, str) else value


def _seen(by: Actor, packet: Packet, content: str) -> Receipt | None:
    """Return the receipt of a record that came before with this uuid.

    Raises:
        ConflictError: it came with other content; both digests are named.
    """
    row = Submission.objects.select_related("rival").filter(uuid=packet.uuid).first()
    if row is None:
        return None
    if row.digest == content and (by.is_system or row.user_id == by.user_id):
        return receipt_of(row, seen_before=True)
    raise ConflictError(
        _("这个编号的记录已在 %(at)s 收到，内容与这次提交的不同。")
        % {"at": f"{row.received_at.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m-%d %H:%M}"},
        code="fieldwork.other_content", there=row.digest, here=content,
        hint=_("已收到的一份没有改动，本机的一份也请保留；如要更正，请在原记录上点“更正”后重新提交。"),
    )  # fmt: skip


def _corrected() -> ConflictError:
    return ConflictError(
        _("这条记录已经有一次更正。"), code="fieldwork.corrected", hint=_("请打开最新的一份，在它上面更正。")
    )


def _take_in(by: Actor, now: datetime, packet: Packet, content: str) -> Receipt:
    asked = asked_of(by, now, packet)
    filled = _filled(by, now, packet, asked)
    row = _row(by, now, packet, asked, filled, content)
    _settle_former(by, now, asked)
    rival = _rival(asked)
    row.rival = rival
    row.save(force_insert=True)
    SubmissionFile.objects.bulk_create(
        SubmissionFile(submission=row, path=path[:200], file_id=filled.uploads.ids[uuid])
        for path, uuids in filled.uploads.by_path.items()
        for uuid in uuids
    )
    _note_sent(by, now, packet, asked, row)
    if rival is None:
        visit_done(row, asked.visit, now)
        take_effect(row, filled.form, filled.answers, by=by, now=now, filled=filled)
    return receipt_of(row)


def _note_sent(by: Actor, now: datetime, packet: Packet, asked: Asked, row: Submission) -> None:
    """Write into the journal that a record came."""
    journal.record(
        by=by, verb="fieldwork.submit", kind=SUBJECT, uuid=row.uuid, label=_label(asked), now=now,
        after={
            "form": packet.form, "version": packet.version, "digest": row.digest, "noted": row.noted,
            "former": str(packet.former) if packet.former else "",
            "rival": str(row.rival.uuid) if row.rival is not None else "",
        },
    )  # fmt: skip


def _label(asked: Asked) -> str:
    return (asked.target.name if asked.target is not None else asked.round.title)[:100]


def _filled(by: Actor, now: datetime, packet: Packet, asked: Asked) -> Filled:
    """Look at the answers under the version that was filled, and at the files they name."""
    form = form_of(asked.version)
    moment = moment_of(packet.made_at)
    uploads = uploads_of(packet)
    worked = work_out(form, with_files(form, packet.answers, packet.files), moment=moment)
    answers = worked.settled()
    uploads = uploads.checked(by, now, form, answers, former=asked.former)
    scored = worked.marks()
    found = found_in(worked, answers, scored)
    missing = {path: name for f in found for path, name in f.missing.items()}
    if missing:
        words = {"before": _("当场整改须有整改前的照片。"), "after": _("当场整改须有整改后的照片。")}
        raise InvalidError(
            _("当场整改的问题要有前后对比照片，还缺 %(count)s 张。") % {"count": len(missing)},
            code="fieldwork.before_after", hint=_("请补拍照片；无法补拍的，请改为未当场整改，由系统立案。"),
            fields={path: [words[name]] for path, name in missing.items()},
        )  # fmt: skip
    return Filled(form, answers, scored, found, uploads)


def moment_of(made_at: datetime) -> Moment:
    """Return what time it was where the form was filled."""
    return Moment(made_at.astimezone(ZoneInfo(settings.TIME_ZONE)))


def _row(by: Actor, now: datetime, packet: Packet, asked: Asked, filled: Filled, content: str) -> Submission:
    """Return the unsaved record."""
    open_answers, sealed = parted(filled.form, filled.answers)
    noted = [
        *asked.noted,
        *odd_times(
            filled.form, filled.answers, moment_of(packet.made_at).now, now,
            minutes=int(rule_number("fieldwork.clock.minutes", 10, now)),
            days=int(rule_number("fieldwork.future.days", 1, now)), device_at=packet.device_at,
        ),
    ]  # fmt: skip
    total = filled.scored.total
    row = Submission(
        uuid=packet.uuid, digest=content, round=asked.round, form=asked.version, answers=open_answers,
        sealed=encrypt_text(json.dumps(sealed, ensure_ascii=False), SEALED) if sealed else b"",
        made_at=packet.made_at, device_at=packet.device_at, received_at=now,
        former=asked.former, review=asked.round.review,
        noted=[n.value for n in noted], vetoed=bool(total.vetoed),
        marks=total.earned.quantize(PLACES) if total.full else None,
        full=total.full.quantize(PLACES) if total.full else None,
    )  # fmt: skip
    row.visit, row.target, row.guarded = asked.visit, asked.target, asked.guarded
    row.user_id, row.by_label = by.user_id, by.label[:80]
    row.area_path = asked.target.area_path if asked.target is not None else asked.round.area_path
    if asked.second is not None:
        row.second_id, row.second_label = asked.second.user_id, asked.second.label
    if packet.lat is not None and packet.lon is not None:
        row.lat, row.lon = coarse(packet.lat, packet.lon)
    return row


def _settle_former(by: Actor, now: datetime, asked: Asked) -> None:
    """Mark the record that is corrected, by compare-and-set."""
    if asked.former is None:
        return
    step = SUBMISSION["replace"]
    rows = Submission.objects.filter(pk=asked.former.pk, state__in=step.origins)
    before = asked.former.state
    if rows.update(state=step.to) != 1:
        raise _corrected()
    journal.record(
        by=by, verb="fieldwork.replace", kind=SUBJECT, uuid=asked.former.uuid, label=_label(asked), now=now,
        before={"state": before}, after={"state": step.to},
    )  # fmt: skip


def _rival(asked: Asked) -> Submission | None:
    """Return the record that had done the same visit before, None for none; a correction stands as the former did."""
    if asked.former is not None:
        return asked.former.rival if asked.former.judged_at is None else None
    if asked.visit is None or asked.visit.state != VisitState.DONE:
        return None
    stands = Submission.objects.filter(visit=asked.visit, rival=None, state__in=STANDING)
    return stands.order_by("id").last()


STANDING = (SubmissionState.RECEIVED, SubmissionState.ACCEPTED, SubmissionState.RETURNED)


def visit_done(row: Submission, visit: Visit | None, now: datetime) -> None:
    """Let a visit be done, its round count it, and its target know when somebody was there.

    A round that is closed stays as it was closed; a visit that was dropped stays dropped.
    """
    at = min(row.made_at, now)
    if row.target_id is not None:
        seen(row.target_id, at)
    if visit is not None and visit.state in VISIT["do"].origins:
        take_step(visit, "do", late=True, done_at=at)


def take_effect(
    row: Submission, form: WholeForm, answers: Mapping[str, Any], *, by: Actor, now: datetime,
    filled: Filled | None = None, reviewed: bool = False,
) -> None:  # fmt: skip
    """Let a record count: its facts go to the ledger; its findings are followed up, after the review if there is one.

    Args:
        filled: where it was worked out already.
        reviewed: it has just been accepted: its facts are known already.
    """
    if not reviewed:
        _learn(row, form, answers, by, now)
    waits = row.round is not None and row.round.review and not reviewed
    if not waits:
        if filled is not None:
            found, marks = filled.found, filled.scored
        else:
            worked = work_out(form, answers, moment=moment_of(row.made_at))
            marks = worked.marks()
            found = found_in(worked, answers, marks)
        follow_up(row, found, checked_items(form, answers, marks), by=by, now=now)
    if not waits:
        for listener in listeners():
            listener(row, by, now)


def _learn(row: Submission, form: WholeForm, answers: Mapping[str, Any], by: Actor, now: datetime) -> None:
    if row.target is None or not learners():
        return
    values = facts_in(form, answers, fields_of(row.target.kind), frozenset(TOLD))
    if values:
        learned = Learned(values, min(row.made_at, now), "submission", row.uuid)
        for learner in learners():
            learner(row.target, learned, by, now)
