"""Deciding what a document says: confirm, change, reject, take back, add, finish."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, StaleError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people
from linli.foundation.rulebook import selectors as rulebook
from linli.programmes.documents.models import Document, Finding
from linli.programmes.documents.permissions import check_keep
from linli.programmes.documents.selectors.aliases import Known
from linli.programmes.documents.selectors.texts import Text, text_of
from linli.programmes.documents.services import aliases
from linli.programmes.documents.services.laying import move
from linli.programmes.documents.types import Kind, Span
from linli.programmes.documents.workflow import FINDING_STEPS, KNOWN, DocumentState, FindingState

# What a person may set of each kind, beside its words: attributes of the reader's own.
EDITABLE: dict[str, tuple[str, ...]] = {
    Kind.REQUIREMENT: ("voice", "by_unit", "due"),
    Kind.DEADLINE: ("iso", "by_unit"),
    Kind.DATE: ("iso",),
    Kind.NUMBER: ("value", "unit", "of"),
    Kind.MEETING: ("kind", "date", "place", "chair", "attendance"),
    Kind.PROJECT: ("name",),
    Kind.CLAIM: ("project",),
}
_WHOLE = {"value", "attendance"}
_PERSON = "person"


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person says a finding is: its words (as in the text), its kind, some attributes."""

    kind: str
    text: str
    attributes: dict[str, str] = field(default_factory=dict)


def _check(by: Actor, document: Document) -> None:
    check_keep(by)
    if document.state == DocumentState.ORDERED:
        return
    hint = {
        DocumentState.READ: _("请先确定段落顺序。"),
        DocumentState.DECIDED: _("这份文件已核对完，如需修改请先“重新核对”。"),
    }.get(DocumentState(document.state), _("请等待识读完成。"))
    raise ConflictError(_("现在不能核对。"), code="documents.state", hint=hint)


def _take(finding: Finding, verb: str, revision: int, **fields: Any) -> dict[str, Any]:
    """Take a finding one step on, if it still is as the person saw it; return what it was."""
    step, before = FINDING_STEPS[verb], {"state": finding.state}
    if finding.state not in step.source or finding.revision != revision:
        _stale(finding)
    rows = Finding.objects.filter(pk=finding.pk, revision=revision, state__in=step.source)
    if rows.update(state=step.target, revision=revision + 1, **fields) != 1:
        _stale(finding)
    finding.refresh_from_db()
    return before


def _stale(finding: Finding) -> None:
    finding.refresh_from_db()
    who = finding.decided_label or _("别人")
    state = FindingState(finding.state).label
    raise StaleError(
        _("%(who)s刚刚改动了这一条，现在是“%(state)s”。") % {"who": who, "state": state},
        code="documents.stale",
        hint=_("请看过后再决定。"),
    )


@whole
def confirm(*, by: Actor, now: datetime, finding: Finding, revision: int) -> Finding:
    """Say that it is so.

    Raises:
        ForbiddenError: not a keeper. ConflictError: the document is not being decided.
        StaleError: somebody decided it meanwhile.
    """
    _check(by, finding.document)
    before = _take(finding, "confirm", revision, decided_at=now, decided_label=by.label[:80])
    _journal(finding, "confirm", by=by, now=now, before=before)
    return finding


@whole
def reject(*, by: Actor, now: datetime, finding: Finding, revision: int) -> Finding:
    """Say that it is not so; it stays, marked, so that the rules can be measured by it.

    Raises:
        ConflictError: a task was made of it. Others as :func:`confirm`.
    """
    _check(by, finding.document)
    _no_tasks(finding)
    before = _take(finding, "reject", revision, decided_at=now, decided_label=by.label[:80])
    _journal(finding, "reject", by=by, now=now, before=before)
    return finding


@whole
def undo(*, by: Actor, now: datetime, finding: Finding, revision: int) -> Finding:
    """Take a decision back: it is proposed again as the rules said it.

    Raises:
        ConflictError: a task was made of it. Others as :func:`confirm`.
    """
    _check(by, finding.document)
    _no_tasks(finding)
    first = finding.proposal
    if made := finding.attributes.get("alias"):
        aliases.forget(by=by, now=now, uuid=UUID(made))
    restored = {**first, "proposal": {}} if first else {}
    before = _take(finding, "undo", revision, decided_at=None, decided_label="", **restored)
    _journal(finding, "undo", by=by, now=now, before=before)
    return finding


@whole
def link(*, by: Actor, now: datetime, finding: Finding, revision: int, known: Known) -> Finding:
    """Say that a name in the text is a unit, post or place that Linli knows; the name is remembered for the next text.

    :func:`undo` takes both back.

    Raises:
        ConflictError: what was found is no name. Others as :func:`confirm`.
    """
    _check(by, finding.document)
    if finding.kind not in KNOWN:
        raise ConflictError(
            _("只有单位、岗位和地点可以关联。"), code="documents.link", hint=_("种类不对时，请先修改种类。")
        )
    name = clean(finding.text)[:60]
    held = finding.attributes.get("alias")
    alias, new = aliases.remember(by=by, now=now, name=name, known=known)
    if held and new:
        aliases.forget(by=by, now=now, uuid=UUID(held))
    said = {"uuid": str(known.uuid), "known": known.label}
    # Only the link that made the name takes it back: other findings may stand on one that was there before.
    own = {"alias": str(alias.uuid) if new else held if held == str(alias.uuid) else None}
    fields = {
        "kind": known.kind,
        "attributes": {**finding.attributes, **said, **own},
        "proposal": finding.proposal or _proposal(finding),
    }
    before = {
        **_seen(finding),
        **_take(finding, "change", revision, decided_at=now, decided_label=by.label[:80], **fields),
    }
    _journal(finding, "link", by=by, now=now, before=before, more={"known": known.label})
    return finding


def _proposal(finding: Finding) -> dict[str, Any]:
    return {n: getattr(finding, n) for n in ("kind", "start", "end", "text", "attributes")}


def _no_tasks(finding: Finding) -> None:
    if finding.tasked_at is not None:
        raise ConflictError(
            _("这一条已经生成任务，不能撤销。"), code="documents.tasked", hint=_("如不需要，请在任务页面取消任务。")
        )


@whole
def change(*, by: Actor, now: datetime, finding: Finding, revision: int, edit: Edit) -> Finding:
    """Say what it is instead; what the rules said is kept.

    Raises:
        InvalidError: its words do not stand in the text, or a value is wrong. Others as :func:`confirm`.
    """
    _check(by, finding.document)
    text = text_of(finding.document)
    span, words = _locate(text, edit.text, near=text.clean_at(finding.start))
    attributes = {**finding.attributes, **_values(edit)}
    proposal = finding.proposal or _proposal(finding)
    same_place = (span.start, span.end) == (finding.start, finding.end)
    fields = {
        "kind": _kind(edit.kind),
        "start": span.start,
        "end": span.end,
        "pieces": finding.pieces if same_place else [],
        "text": words,
        "attributes": attributes,
        "proposal": proposal,
    }
    before = {
        **_seen(finding),
        **_take(finding, "change", revision, decided_at=now, decided_label=by.label[:80], **fields),
    }
    _journal(finding, "change", by=by, now=now, before=before)
    return finding


def _seen(finding: Finding) -> dict[str, Any]:
    return {"kind": finding.kind, "start": finding.start, "end": finding.end}


def _kind(kind: str) -> str:
    if kind not in {k.value for k in Kind}:
        raise InvalidError(_("请选择一种。"), code="documents.kind", fields={"kind": [_("请选择一种。")]})
    return kind


def _locate(text: Text, words: str, *, near: int) -> tuple[Span, str]:
    """Return the raw span of ``words`` in the text, the one nearest to the clean offset ``near``."""
    wanted = clean(words)
    found, at = [], text.clean.find(wanted) if wanted else -1
    while at >= 0:
        found.append(at)
        at = text.clean.find(wanted, at + 1)
    if not found:
        message = _("原文里没有这段文字。") if wanted else _("请填写这一项。")
        raise InvalidError(message, code="documents.words", fields={"text": [message + _("请从左侧原文中复制。")]})
    best = min(found, key=lambda p: abs(p - near))
    return text.raw_span(best, best + len(wanted)), wanted


def _values(edit: Edit) -> dict[str, object]:
    found: dict[str, object] = {}
    errors: dict[str, list[str]] = {}
    for name in EDITABLE.get(Kind(_kind(edit.kind)), ()):
        if name not in edit.attributes:
            continue
        typed = clean(edit.attributes[name])[:200]
        if name in _WHOLE and typed:
            try:
                found[name] = float(typed) if "." in typed else int(typed)
            except ValueError:
                errors[name] = [_("请填写数字。")]
        elif name == "due":
            found[name] = {"raw": typed, "iso": _iso(typed)} if typed else None
        else:
            found[name] = typed or None
    if errors:
        raise InvalidError(_("还有内容需要修改。"), code="documents.values", fields=errors)
    return found


def _iso(text: str) -> str:
    """Return the day in ``text`` if that is what it is, else nothing: 每月10日 is no day."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


@whole
def add(*, by: Actor, now: datetime, document: Document, edit: Edit, near: int = 0) -> Finding:
    """Enter what the rules did not find.

    Args:
        near: clean offset at which the words are looked for first.

    Raises:
        InvalidError: its words do not stand in the text, or it is there already. Others as :func:`confirm`.
    """
    _check(by, document)
    span, words = _locate(text_of(document), edit.text, near=near)
    kind = _kind(edit.kind)
    if Finding.objects.filter(document=document, kind=kind, start=span.start, end=span.end).exists():
        message = _("这一条已经在列表里。")
        raise InvalidError(message, code="documents.there", fields={"text": [message]})
    block = document.blocks.filter(start__lte=span.start, end__gt=span.start).first()
    row = Finding.objects.create(
        document=document,
        article_id=block.article_id if block else None,
        kind=kind,
        start=span.start,
        end=span.end,
        text=words,
        confidence=100,
        rule=_PERSON,
        attributes=_values(edit),
        state=FindingState.CONFIRMED,
        decided_at=now,
        decided_label=by.label[:80],
    )
    _journal(row, "add", by=by, now=now, before=None)
    return row


@whole
def confirm_sure(*, by: Actor, now: datetime, document: Document, kind: str = "") -> int:
    """Confirm at once what the rules are sure of and nobody has decided (``documents.sure``); return how many.

    Raises:
        ForbiddenError, ConflictError: as :func:`confirm`.
    """
    _check(by, document)
    sure = int(rulebook.value("documents.sure", on=people.local_day(now)))
    rows = Finding.objects.filter(document=document, state=FindingState.PROPOSED, confidence__gte=sure)
    rows = rows.exclude(kind=Kind.REQUIREMENT) if not kind else rows.filter(kind=_kind(kind))
    count = rows.update(state=FindingState.CONFIRMED, decided_at=now, decided_label=by.label[:80], revision=1)
    if count:
        _journal_document(document, "confirm_sure", by=by, now=now, after={"count": count, "kind": kind, "from": sure})
    return count


@whole
def finish(*, by: Actor, now: datetime, document: Document) -> Document:
    """Close a document whose findings are all decided.

    Raises:
        ConflictError: some are not. ForbiddenError: not a keeper.
    """
    _check(by, document)
    left = Finding.objects.filter(document=document, state=FindingState.PROPOSED).count()
    if left:
        raise ConflictError(
            _("还有 %(count)s 条没有核对。") % {"count": left}, code="documents.left", hint=_("请逐条确认或不采用。")
        )
    move(document, "decide", decided_at=now, decided_label=by.label[:80])
    _journal_document(document, "finish", by=by, now=now, after={"state": document.state})
    return document


@whole
def reopen(*, by: Actor, now: datetime, document: Document, reason: str) -> Document:
    """Open a closed document again, with the reason.

    Raises:
        InvalidError: no reason. StaleError: it is open.
    """
    check_keep(by)
    if not clean(reason):
        raise InvalidError(_("请写明理由。"), code="documents.reason", fields={"reason": [_("请填写这一项。")]})
    move(document, "reopen", decided_at=None, decided_label="")
    _journal_document(document, "reopen", by=by, now=now, after={"state": document.state}, reason=clean(reason)[:500])
    return document


def _journal(
    finding: Finding,
    verb: str,
    *,
    by: Actor,
    now: datetime,
    before: dict[str, Any] | None,
    more: dict[str, Any] | None = None,
) -> None:
    journal.record(
        by=by,
        verb=f"documents.{verb}",
        kind="finding",
        uuid=finding.uuid,
        label=f"{finding.get_kind_display()} {finding.start}–{finding.end}",
        now=now,
        before=before,
        after={"state": finding.state, **_seen(finding), **(more or {})},
    )


def _journal_document(document: Document, verb: str, *, by: Actor, now: datetime, after: Any, reason: str = "") -> None:
    journal.record(
        by=by,
        verb=f"documents.{verb}",
        kind="document",
        uuid=document.uuid,
        label=document.title[:80],
        now=now,
        after=after,
        reason=reason,
    )
