"""Taking a list or paper out: sent at once if short, asked for if long; cancelled, begun again, fetched."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError
from linli.foundation.exports import permissions, rules, selectors
from linli.foundation.exports.exceptions import RightsChangedError, TooLongError, TooManyError, UnknownFormError
from linli.foundation.exports.models import Export
from linli.foundation.exports.services import writing
from linli.foundation.exports.types import AGAIN, GOING, TYPES, Asking, Form, Line, Listing, Made, Paper, State, Work
from linli.foundation.files import selectors as stored
from linli.foundation.files import services as files
from linli.foundation.files.exceptions import FileGoneError
from linli.foundation.files.types import Served
from linli.foundation.jobs import services as jobs
from linli.foundation.journal import services as journal

JOB = "exports.run"
MOST_ROWS_OF_A_SHEET = 1_000_000
QUERY_LENGTH = 4_000


def form_of(work: Work, text: str) -> Form:
    """Return the form that was asked for.

    Raises:
        UnknownFormError: the list is not taken out in it.
    """
    if text not in [f.value for f in work.forms]:
        raise UnknownFormError(
            _("这份清单不能导出成这种格式。"),
            hint=_("可以导出：%(forms)s。") % {"forms": "、".join(f.value for f in work.forms)},
            fields={"form": [_("请选择一种格式。")]},
        )
    return Form(text)


def most_rows(form: Form, now: datetime) -> int:
    """Return how many rows a file of ``form`` may have."""
    most = selectors.number("most_rows", now)
    return min(most, MOST_ROWS_OF_A_SHEET) if form is Form.XLSX else most


def too_long(most: int) -> TooLongError:
    """Return the error for a list of more than ``most`` rows."""
    return TooLongError(
        _("这份清单超过 %(most)s 行，不能一次导出。") % {"most": most}, hint=_("请缩小筛选范围，分批导出。"), most=most
    )


def send(*, by: Actor, now: datetime, code: str, form: str, query: str, origin: str = "") -> Made | None:
    """Return the list or paper as a file if it is short enough to be made at once, else None; journalled if made.

    Raises:
        NotFoundError, ForbiddenError: not one that ``by`` may have. UnknownFormError: not in this form.
    """
    asking = Asking(by, query[:QUERY_LENGTH], now, origin)
    work = permissions.opened(asking, code)
    wanted = form_of(work, form)
    return _paper(work, asking, wanted) if isinstance(work, Paper) else _list(work, asking, wanted)


def _list(listing: Listing, asking: Asking, form: Form) -> Made | None:
    limit = selectors.number("rows_at_once", asking.now)
    if not listing.short and selectors.count(listing, asking, at_most=limit + 1) > limit:
        return None
    lines: list[Line] = []
    for page in listing.pages(asking):
        lines += page
        if len(lines) > limit:
            return None
    _note(listing, asking, form, len(lines))
    content = writing.write(form, listing, asking, lines, len(lines))
    return Made(content, writing.file_name(listing, form, asking), TYPES[form].mime, len(lines))


def _paper(paper: Paper, asking: Asking, form: Form) -> Made | None:
    if paper.chapters(asking) > selectors.number(paper.at_once[form], asking.now):
        return None
    made = paper.write(asking, form, lambda _done, _step: None)
    _note(paper, asking, form, made.rows)
    return Made(made.content, writing.file_name(paper, form, asking), TYPES[form].mime, made.rows)


def _note(work: Work, asking: Asking, form: Form, rows: int) -> None:
    """Journal that a list or paper was taken out, narrowed by which fields (never by which words)."""
    after: dict[str, object] = {"rows": rows, "form": form.value, "fields": fields_of(asking.query)}
    # One of several lists of a kind (the ledger of shops) is named; what somebody wrote over a paper is not.
    if isinstance(work, Listing) and work.titled is not None:
        after["title"] = work.titled(asking)
    with transaction.atomic():
        journal.record(
            by=asking.by, verb="exports.send", kind="list", uuid=None, label=work.code, now=asking.now, after=after
        )


def fields_of(query: str) -> list[str]:
    """Return the names of the filters in an address that are set, without what was typed into them."""
    names = (part.partition("=") for part in query.split("&"))
    return sorted({name for name, _equals, value in names if value and name.isidentifier()})[:30]


@whole
def ask(*, by: Actor, now: datetime, code: str, form: str, query: str, origin: str = "") -> Export:
    """Ask the worker for a list or a paper as a file; who asked is told when it is ready.

    Raises:
        NotFoundError, ForbiddenError: not one that ``by`` may have. UnknownFormError: not in this form.
        TooManyError: as many are going on already as one person may have.
    """
    asking = Asking(by, query[:QUERY_LENGTH], now, origin[:200])
    work = permissions.opened(asking, code)
    wanted = form_of(work, form)
    _check_free(by, now)
    row = Export(kind=code, form=wanted.value, user_id=by.user_id or 0, language=by.language)
    row.origin, row.title, row.rights = asking.origin, work.title_for(asking)[:100], _rights(by)
    row.asked_at = row.touched_at = now
    row.set_query(asking.query)
    row.save(force_insert=True)
    _entry(by, now, row, "exports.ask", {"form": row.form, "fields": fields_of(query)})
    _enqueue(row, now)
    return row


def _rights(by: Actor) -> list[list[object]]:
    return [list(r) for r in rules.rights_of(by.grants)]


def _check_free(by: Actor, now: datetime) -> None:
    most = selectors.number("at_once", now)
    if selectors.going(by) >= most:
        raise TooManyError(
            _("您已有 %(most)s 个导出正在进行。") % {"most": most}, hint=_("请等其中一个完成，或先取消一个。")
        )


def asking_of(row: Export, by: Actor, now: datetime) -> Asking:
    """Return what an export asks for, asked by ``by`` now."""
    return Asking(by, row.query, now, row.origin)


def _enqueue(row: Export, now: datetime) -> None:
    # A worker that is lost leaves the job to another; whatever else goes wrong ends the export and says so.
    jobs.enqueue(name=JOB, payload={"export": str(row.uuid)}, now=now, key=f"{JOB}:{row.uuid}", max_attempts=3)


def _entry(by: Actor, now: datetime, row: Export, verb: str, after: dict[str, object]) -> None:
    journal.record(by=by, verb=verb, kind="export", uuid=row.uuid, label=row.kind, now=now, after=after)


@whole
def cancel(*, by: Actor, now: datetime, uuid: UUID) -> Export:
    """Stop an export that waits or is being written; whoever writes it notices at the next page.

    Raises:
        NotFoundError: not an export of ``by``. ConflictError: it has ended.
    """
    row = permissions.export_for(by, uuid, lock=True)
    if not row.going:
        raise ConflictError(_("这次导出已经结束，不用取消。"), code="exports.ended")
    row.state, row.ended_at, row.touched_at = State.CANCELLED, now, now
    row.save(update_fields=["state", "ended_at", "touched_at"])
    _entry(by, now, row, "exports.cancel", {"done": row.done})
    return row


@whole
def again(*, by: Actor, now: datetime, uuid: UUID) -> Export:
    """Begin an export again that failed, was cancelled, is over its days, or of which nothing was heard for long.

    Raises:
        NotFoundError: not an export of ``by``, or its list is no longer theirs to open. ForbiddenError: likewise.
        ConflictError: it goes on, or is ready. TooManyError: as many are going on as one person may have.
    """
    row = permissions.export_for(by, uuid, lock=True)
    permissions.opened(asking_of(row, by, now), row.kind)
    if row.state not in AGAIN and not selectors.stale(row, now):
        raise ConflictError(_("这次导出不需要重新开始。"), code="exports.going")
    if row.state not in GOING:
        _check_free(by, now)
    row.state, row.ended_at, row.touched_at, row.asked_at = State.WAITING, None, now, now
    row.done, row.total, row.why, row.step, row.file, row.turn = 0, None, "", "", None, row.turn + 1
    row.rights = _rights(by)
    row.save()
    _entry(by, now, row, "exports.ask", {"form": row.form, "fields": fields_of(row.query), "again": True})
    _enqueue(row, now)
    return row


@whole
def fetch(*, by: Actor, now: datetime, uuid: UUID) -> Served:
    """Return the file of an export, for who asked for it and still holds what they held when it was made.

    Raises:
        NotFoundError: not an export of ``by``. ForbiddenError: the list is no longer theirs to open, or they may see
        less now. FileGoneError: there is no file (yet, or any more).
    """
    row = permissions.export_for(by, uuid, lock=True)
    permissions.opened(asking_of(row, by, now), row.kind)
    over = selectors.expires_at(row, now)
    if row.state != State.READY or row.file is None or over is None or over <= now:
        raise FileGoneError(_("这份文件还没有完成，或已过期删除。"), hint=_("过期的可以重新导出。"))
    if not rules.still_covers(rules.rights_of(by.grants), row.rights):
        raise RightsChangedError(
            _("您的岗位或权限有变动，这份文件不能再下载。"), hint=_("请回到清单，按现在的权限重新导出。")
        )
    Export.objects.filter(pk=row.pk).update(fetched=row.fetched + 1)
    counted = "chapters" if row.is_paper else "rows"
    _entry(by, now, row, "exports.fetch", {counted: row.done, "form": row.form, "times": row.fetched + 1})
    # The type that was kept has no character set; the mark at the beginning of a CSV file says it.
    return replace(stored.serve_original(row.file.uuid), mime=TYPES[Form(row.form)].mime)


def expire_one(row: Export, now: datetime, by: Actor) -> None:
    """Delete the file of an export whose days are over."""
    with transaction.atomic():
        changed = Export.objects.filter(pk=row.pk, state=State.READY).update(
            state=State.EXPIRED, ended_at=now, touched_at=now
        )
        if changed and row.file is not None:
            files.delete(by=by, now=now, uuid=row.file.uuid, reason=_("导出文件保存期满"))
