"""Writing long lists and papers in the worker: with the rights that hold then, part by part, stopped if cancelled."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import IO, TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from linli.foundation.accounts import selectors as accounts
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.errors import DomainError, ForbiddenError
from linli.foundation.exports import permissions, rules, selectors
from linli.foundation.exports.exceptions import RightsChangedError, StoppedError
from linli.foundation.exports.models import Export
from linli.foundation.exports.services import taking, writing
from linli.foundation.exports.types import GOING, TYPES, Asking, Form, Listing, Paper, State, Work
from linli.foundation.files import services as files
from linli.foundation.journal import services as journal
from linli.foundation.messages import services as messages
from linli.foundation.people import selectors as people

if TYPE_CHECKING:
    from linli.foundation.files.models import StoredFile

log = logging.getLogger(__name__)
FILE_PURPOSE = "exports"
MOST_BYTES = 1024**3
READY, PAPER_READY, FAILED = "exports.ready", "exports.paper_ready", "exports.failed"


def run(*, now: datetime, uuid: UUID) -> None:
    """Write an export that waits, or whose worker was lost; done twice it is done once more from the beginning."""
    row = Export.objects.filter(uuid=uuid, state__in=GOING).first()
    if row is None:
        return
    Export.objects.filter(pk=row.pk, state__in=GOING, turn=row.turn).update(
        state=State.RUNNING, turn=F("turn") + 1, touched_at=clock.now(), done=0, total=None, step=""
    )
    row.refresh_from_db()
    with translation.override(row.language):
        try:
            _write(row, now)
        except StoppedError:
            log.info("export %s was stopped", row.uuid)
        except DomainError as error:
            _fail(row, error.message)
        except Exception:  # told to who asked; what went wrong stands in the log
            log.exception("export %s of %s", row.uuid, row.kind)
            _fail(row, _("导出中断，不是您的操作造成的。"))


def asker(row: Export, now: datetime) -> Actor:
    """Return who asked, with what they hold now.

    Raises:
        ForbiddenError: they have left.
    """
    user = accounts.users([row.user_id]).get(row.user_id)
    if user is None or not user.is_active:
        raise ForbiddenError(_("申请人已不在岗。"), code="exports.asker")
    return people.actor_for(user, now, row.language)


def _write(row: Export, now: datetime) -> None:
    by = asker(row, now)
    asking, form = taking.asking_of(row, by, now), Form(row.form)
    work = permissions.opened(asking, row.kind)
    # What they saw when they asked, they may still see; a file that is silently shorter would look whole.
    if not rules.still_covers(rules.rights_of(by.grants), row.rights):
        raise RightsChangedError(_("您的岗位或权限在申请后有变动，没有导出。"))
    if isinstance(work, Paper):
        _write_paper(row, work, asking, form)
    else:
        _write_list(row, work, asking, form)


def _write_list(row: Export, listing: Listing, asking: Asking, form: Form) -> None:
    most = taking.most_rows(form, asking.now)
    total = selectors.count(listing, asking, at_most=most + 1)
    if total > most:
        raise taking.too_long(most)
    _tick(row, 0, total)
    with writing.Spool() as spool:
        for page in listing.pages(asking):
            spool.add(page)
            if spool.rows > most:
                raise taking.too_long(most)
            _tick(row, spool.rows, max(total, spool.rows))
        with writing.write(form, listing, asking, spool.lines(), spool.rows) as content:
            _keep(row, listing, asking, content, done=spool.rows, after={"rows": spool.rows})


def _write_paper(row: Export, paper: Paper, asking: Asking, form: Form) -> None:
    chapters = paper.chapters(asking)
    _tick(row, 0, chapters)
    made = paper.write(asking, form, lambda done, step: _tick(row, done, chapters, step))
    with made.content as content:
        _keep(row, paper, asking, content, done=chapters, after={"rows": made.rows, "chapters": chapters})


def _tick(row: Export, done: int, total: int, step: str = "") -> None:
    mine = Export.objects.filter(pk=row.pk, state=State.RUNNING, turn=row.turn)
    if not mine.update(done=done, total=total, step=step[:100], touched_at=clock.now()):
        raise StoppedError(str(row.uuid))


def _keep(row: Export, work: Work, asking: Asking, content: IO[bytes], *, done: int, after: dict[str, int]) -> None:
    form = Form(row.form)
    made = files.keep_made(
        by=asking.by, now=asking.now, content=content, name=writing.file_name(work, form, asking),
        file_type=TYPES[form], purpose=FILE_PURPOSE, most=MOST_BYTES,
    )  # fmt: skip
    try:
        _ready(row, work, asking, made, done=done, after=after)
    except BaseException:
        files.delete(by=SYSTEM, now=clock.now(), uuid=made.uuid, reason=_("导出没有完成"))
        raise


def _ready(row: Export, work: Work, asking: Asking, made: StoredFile, *, done: int, after: dict[str, int]) -> None:
    now, by = clock.now(), asking.by
    with transaction.atomic():
        changed = Export.objects.filter(pk=row.pk, state=State.RUNNING, turn=row.turn).update(
            state=State.READY, file=made, done=done, total=done, step="", ended_at=now, touched_at=now,
            rights=[list(r) for r in rules.rights_of(by.grants)],
        )  # fmt: skip
        if not changed:
            raise StoppedError(str(row.uuid))
        journal.record(
            by=by, verb="exports.made", kind="export", uuid=row.uuid, label=row.kind, now=now,
            after={**after, "form": row.form, "size": made.size},
        )  # fmt: skip
        said = {"title": work.title_for(asking), "days": str(selectors.number("keep_days", now))}
        if isinstance(work, Paper):
            _tell(row, PAPER_READY, said, now)
        else:
            _tell(row, READY, {**said, "count": str(done)}, now)


def _fail(row: Export, why: str) -> None:
    now = clock.now()
    with transaction.atomic():
        mine = Export.objects.filter(pk=row.pk, state__in=GOING, turn=row.turn)
        if mine.update(state=State.FAILED, why=why[:300], ended_at=now, touched_at=now):
            _tell(row, FAILED, {"title": selectors.title(row), "reason": why}, now)


def _tell(row: Export, template: str, params: dict[str, str], now: datetime) -> None:
    messages.tell_users(
        [row.user_id], template=template, params=params, now=now, url=f"/exports/{row.uuid}/",
        key=f"{template}:{row.uuid}:{row.turn}", subject_kind="export", subject_uuid=row.uuid,
    )  # fmt: skip


def fail_silent(*, now: datetime) -> int:
    """End the exports of which nothing was heard for long, and tell who asked; return how many."""
    found = selectors.silent(now)
    for row in found:
        with translation.override(row.language):
            _fail(row, _("很久没有动静，导出已中断。"))
    return len(found)


def expire(*, now: datetime) -> int:
    """Delete the files that are over their days; return how many."""
    found = selectors.over(now)
    for row in found:
        taking.expire_one(row, now, SYSTEM)
    return len(found)
