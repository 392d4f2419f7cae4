"""Reads of records: receipts, answers, what waits for review or for a correction, rivals, the chain of one record."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Finding, FindingEvent, Kind, Round, Submission, SubmissionFile
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.rules.coverage import Link
from linli.engines.fieldwork.rules.sending import Noted, joined
from linli.engines.fieldwork.types import Receipt
from linli.engines.fieldwork.workflow import SubmissionState
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import decrypt_text
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.forms import selectors as forms
from linli.foundation.forms.rules import read_form
from linli.foundation.forms.types import Group, Question, WholeForm

SEALED = "fieldwork.answers"
MOST = 1_000


def form_of(version: Any) -> WholeForm:
    """Return the form of a ``forms.FormVersion``, as it was when a record was filled."""
    return read_form(version.questions)


def fields_of(kind: Kind) -> frozenset[str]:
    """Return the fields of a ledger."""
    if kind.fields is None:
        return frozenset()
    try:
        form = forms.whole_form(kind.fields.code)
    except NotFoundError:
        return frozenset()
    return frozenset(_codes(form.items))


def _codes(items: Iterable[Question | Group]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Question):
            yield item.code
        else:
            yield from _codes(item.items)


def noted_words(codes: Iterable[str]) -> tuple[str, ...]:
    """Return what was odd about a record, in words."""
    words = {
        Noted.CLOCK_AHEAD: _("手机时钟比服务器快，记录照常收下，请校准手机时间。"),
        Noted.FAR_AHEAD: _("填写时间在将来，记录照常收下，请校准手机日期。"),
        Noted.CLOCK_WRONG: _("手机时钟不准，填写时间已按服务器时间更正。"),
        Noted.FUTURE_DATE: _("所填的日期在将来，请核对。"),
        Noted.AFTER_CLOSE: _("收到时这一轮已经办结，记录已保存，不计入本轮的数。"),
        Noted.VISIT_DROPPED: _("这次走访已取消，记录已保存，不计入本轮的数。"),
        Noted.NOT_ASSIGNED: _("这次走访后来派给了他人，记录照常收下。"),
        Noted.FORMER_VERSION: _("表单已有新版，这份按填写时的版本收下。"),
        Noted.TARGET_ENDED: _("这个对象已不在台账内，请核对。"),
        Noted.OUT_OF_HOURS: _("不在这一轮规定的时段内填写，记录照常收下，是否采用由审核人员判断。"),
    }
    return tuple(str(words[Noted(c)]) for c in codes if c in set(Noted))


def receipt_of(row: Submission, *, seen_before: bool = False) -> Receipt:
    """Return the receipt of a record."""
    words = list(noted_words(row.noted))
    if row.rival_id is not None and row.judged_at is None:
        words.append(_("这次走访已有他人提交，两份都已保存，由审核人员判定采用哪一份。"))
    return Receipt(
        uuid=row.uuid, digest=row.digest, received_at=row.received_at, state=row.state, returned=row.returned,
        rival=row.rival.uuid if row.rival is not None else None, noted=tuple(row.noted), words=tuple(words),
        findings=Finding.objects.filter(submission=row).count() if row.pk else 0, seen_before=seen_before,
    )  # fmt: skip


def receipts_of(actor: Actor, uuids: Collection[UUID]) -> dict[UUID, Receipt]:
    """Return the receipts of those records that arrived, of this person alone: what is missing did not arrive.

    Two statements, whatever their number.
    """
    if actor.user_id is None:
        return {}
    own = Submission.objects.filter(user=actor.user_id, uuid__in=list(uuids)[:MOST])
    rows = list(own.select_related("rival"))
    counts: dict[int, int] = {}
    for pk in Finding.objects.filter(submission__in=[r.pk for r in rows]).values_list("submission_id", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    return {
        r.uuid: Receipt(
            r.uuid, r.digest, r.received_at, r.state, r.returned, r.rival.uuid if r.rival is not None else None,
            tuple(r.noted), noted_words(r.noted), counts.get(r.pk, 0), seen_before=True,
        )
        for r in rows
    }  # fmt: skip


def receipt_page(actor: Actor, *, cursor: str = "", size: int = 50) -> Page[Submission]:
    """Return what this person has sent, the newest first."""
    own = Submission.objects.filter(user=actor.user_id) if actor.user_id is not None else Submission.objects.none()
    return keyset(
        own.select_related("form__form", "round", "target", "rival"),
        keys=[("id", int)],
        cursor=cursor,
        size=size,
        descending=True,
    )


def submission_for(actor: Actor, uuid: UUID) -> Submission:
    """Return one record.

    Raises:
        NotFoundError: there is none for this reader.
    """
    return doors.get_submission_for(actor, uuid)


def page(
    actor: Actor, *, round_: Round | None = None, state: str = "", cursor: str = "", size: int = 50
) -> Page[Submission]:
    """Return the records that somebody may read, the newest first."""
    rows = doors.visible(actor).select_related(*doors.WITH)
    if round_ is not None:
        rows = rows.filter(round=round_)
    if state:
        rows = rows.filter(state=state)
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def to_review(actor: Actor, *, round_: Round | None = None) -> QuerySet[Submission]:
    """Return the records of reviewed rounds that wait, the oldest first; not one's own.

    Whether this person is the one to judge, ``permissions.submissions.may_judge`` says of each.
    """
    rows = doors.visible(actor).filter(state=SubmissionState.RECEIVED, review=True, rival=None)
    if round_ is not None:
        rows = rows.filter(round=round_)
    if actor.user_id is not None:
        rows = rows.exclude(user=actor.user_id).exclude(second=actor.user_id)
    return rows.select_related(*doors.WITH).order_by("id")


def rivals(actor: Actor, *, round_: Round | None = None) -> QuerySet[Submission]:
    """Return the records of visits that somebody else had done before, which nobody has judged yet."""
    rows = doors.visible(actor).filter(rival__isnull=False, judged_at=None).exclude(state=SubmissionState.REPLACED)
    if round_ is not None:
        rows = rows.filter(round=round_)
    return rows.select_related(*doors.WITH, "rival").order_by("id")


def owed_corrections(actor: Actor) -> QuerySet[Submission]:
    """Return what was sent back to this person and not corrected yet, the oldest first."""
    if actor.user_id is None:
        return Submission.objects.none()
    rows = Submission.objects.filter(user=actor.user_id, state=SubmissionState.RETURNED)
    return rows.select_related(*doors.WITH).order_by("reviewed_at", "id")


def answers_of(actor: Actor, row: Submission) -> dict[str, Any]:
    """Return the answers as this reader may see them: personal ones only for who may open them."""
    if not row.sealed or not doors.may_open_sealed(actor, row):
        return dict(row.answers)
    return whole_answers(row)


def sealed_answers(actor: Actor, row: Submission) -> dict[str, Any]:
    """Return path → personal answer.

    Raises:
        ForbiddenError: not for this reader.
    """
    if not doors.may_open_sealed(actor, row):
        raise ForbiddenError(
            _("您不能查看其中的个人信息。"), code="fieldwork.sealed",
            hint=_("由提交人、居民区书记或本轮组织单位的负责人查看。"),
        )  # fmt: skip
    return _sealed(row)


def whole_answers(row: Submission) -> dict[str, Any]:
    """Return the answers whole, for rules of the house: never for a page."""
    sealed = _sealed(row)
    return joined(form_of(row.form), row.answers, sealed) if sealed else dict(row.answers)


def _sealed(row: Submission) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(decrypt_text(row.sealed, SEALED)) if row.sealed else {}
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a finding, and the state that it led to."""

    at: datetime
    verb: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class FoundChain:
    """One finding from the look that found it to its score.

    Attributes:
        links: the states in order, held to ``rules.coverage.FOLLOWS``.
        rechecked: the record that looked again.
    """

    finding: Finding
    steps: tuple[Step, ...]
    links: tuple[Link, ...]
    rechecked: Submission | None


@dataclass(frozen=True, slots=True)
class Chain:
    """One record with all that went before it and came of it.

    Attributes:
        record: the record asked for.
        versions: what it corrects and what corrects it, the first first, itself among them.
        rivals: others of the same visit.
        files: its pictures and papers.
        findings: what it found, each with its own chain.
        rechecks: findings of former records that this one looked at again.
    """

    record: Submission
    versions: tuple[Submission, ...]
    rivals: tuple[Submission, ...]
    files: tuple[SubmissionFile, ...]
    findings: tuple[FoundChain, ...]
    rechecks: tuple[Finding, ...]


_LINKS = {link.value for link in Link}


def chain(actor: Actor, uuid: UUID) -> Chain:
    """Return one record as a chain: finding, case, rectification, re-check, score.

    Raises:
        NotFoundError: there is none for this reader.
    """
    record = doors.get_submission_for(actor, uuid)
    found = list(
        Finding.objects.filter(submission=record).select_related("rechecked", "relapse_of", "recheck").order_by("id")
    )
    steps: dict[int, list[Step]] = {}
    for e in FindingEvent.objects.filter(finding__in=[f.pk for f in found]).order_by("id"):
        steps.setdefault(e.finding_id, []).append(Step(e.at, e.verb, e.text, e.by_label))
    rival_rows: tuple[Submission, ...] = ()
    if record.visit_id is not None:
        others = Submission.objects.filter(visit=record.visit_id).exclude(pk=record.pk).select_related(*doors.WITH)
        rival_rows = tuple(r for r in others.order_by("id") if r.rival_id is not None or record.rival_id == r.pk)
    return Chain(
        record=record,
        versions=_versions(record),
        rivals=rival_rows,
        files=tuple(SubmissionFile.objects.filter(submission=record).select_related("file").order_by("id")),
        findings=tuple(
            FoundChain(
                f, tuple(steps.get(f.pk, ())),
                tuple(Link(s.verb) for s in steps.get(f.pk, ()) if s.verb in _LINKS), f.rechecked,
            )
            for f in found
        ),
        rechecks=tuple(Finding.objects.filter(rechecked=record).order_by("id")),
    )  # fmt: skip


def _versions(record: Submission) -> tuple[Submission, ...]:
    """Return the record with those it corrects and those that correct it: one statement for each."""
    found = [record]
    while (former := found[0].former) is not None:
        found.insert(0, former)
    while (after := Submission.objects.filter(former=found[-1]).first()) is not None:
        found.append(after)
    return tuple(found)
