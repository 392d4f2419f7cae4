"""From the plan to the joint action, the legal education and the watch; papers on the way."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.fieldwork import services as watching
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.crypto import encrypt_text
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.text import clean
from linli.foundation.people import selectors as people
from linli.programmes.housing import permissions, selectors
from linli.programmes.housing.models import Dossier, Paper
from linli.programmes.housing.selectors import SEALED
from linli.programmes.housing.services.finding import open_again
from linli.programmes.housing.services.help import begin, check_needs, end, note, words, wrong
from linli.programmes.housing.types import CATEGORY, ActionData, PaperData, PaperKind, PlanData
from linli.programmes.housing.workflow import State

PICTURES = frozenset({PaperKind.BEFORE, PaperKind.AFTER})
STATEMENTS = frozenset({PaperKind.OWNER, PaperKind.TENANT})
MOST_PAPERS, LONGEST = 100, 5_000


@whole
def add_paper(*, by: Actor, now: datetime, uuid: UUID, data: PaperData, expected: int | None = None) -> Paper:
    """Put a paper or a picture into a dossier; its words are sealed.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError; InvalidError: nothing in it.
    """
    row = begin(by, uuid, "paper", expected)
    text = clean(data.text)
    declined = data.declined and data.kind in STATEMENTS
    if len(text) > LONGEST:
        raise wrong(text=_("最多 %(most)s 个字。") % {"most": LONGEST})
    if data.kind in PICTURES and data.file_id is None:
        raise wrong(file=_("请选择照片。"))
    if not text and data.file_id is None and not declined:
        raise wrong(text=_("请填写内容、上传文件，或登记“不愿陈述”。"))
    if row.papers.count() >= MOST_PAPERS:
        raise wrong(file=_("一户最多 %(most)s 份材料。") % {"most": MOST_PAPERS})
    made = Paper.objects.create(
        dossier=row, kind=data.kind, text_sealed=encrypt_text(text, SEALED) if text else b"", declined=declined,
        file_id=data.file_id, at=now, by_label=by.label[:80],
    )  # fmt: skip
    end(row, "paper", by, now, str(PaperKind(data.kind).label), {"kind": data.kind, "declined": declined})
    return made


@whole
def plan(*, by: Actor, now: datetime, uuid: UUID, data: PlanData, expected: int | None = None) -> Dossier:
    """Say how a flat is put right: which units, on what day, on what basis, how nobody comes to harm.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError.
    """
    row = begin(by, uuid, "plan", expected)
    basis = [line for line in map(clean, data.basis) if line][:20]
    if not basis:
        article = selectors.article("basis", now)
        raise wrong(basis=_("请写明法律依据（%(article)s）。") % {"article": article})
    units = people.units(data.units)
    if not units:
        raise wrong(units=_("请至少选择一个参加单位。"))
    if data.joint_on < people.local_day(now):
        raise wrong(joint_on=_("整治日期不能早于今天。"))
    row.plan, row.safety = words("text", data.text, 1000), words("safety", data.safety, 500)
    row.units, row.basis, row.joint_on = sorted(units), [b[:200] for b in basis], data.joint_on
    return end(row, "plan", by, now, row.plan, {"units": row.units, "joint_on": row.joint_on})


@whole
def act(*, by: Actor, now: datetime, uuid: UUID, data: ActionData, expected: int | None = None) -> Dossier:
    """Enter what the joint action did: things removed, layout restored.

    Raises:
        NotFoundError, ForbiddenError, StaleError, InvalidError. ConflictError: a notice, a statement, the inventory or
            the pictures are missing; all that is missing is named with its article.
    """
    row = begin(by, uuid, "act", expected)
    check_needs(row, "act", now)
    if data.on > people.local_day(now):
        raise wrong(on=_("整治日期不能在今天以后。"))
    removed = [(words("removed", what, 40), count) for what, count in data.removed]
    if not removed or any(not 0 < count < 10_000 for _what, count in removed):
        raise wrong(removed=_("请逐行写明拆除的物品和数量，如“隔离板 4”。"))
    row.removed, row.restored, row.cleared_on = removed, words("restored", data.restored, 500), data.on
    return end(row, "act", by, now, row.restored, {"removed": removed, "on": data.on})


@whole
def educate(*, by: Actor, now: datetime, uuid: UUID, on: date, text: str, expected: int | None = None) -> Dossier:
    """Enter that owner and tenant were told what the law says, and how.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError.
    """
    row = begin(by, uuid, "educate", expected)
    if on > people.local_day(now):
        raise wrong(on=_("日期不能在今天以后。"))
    row.educated_on, row.education = on, words("text", text, 300)
    return end(row, "educate", by, now, row.education, {"on": on})


@whole
def watch(*, by: Actor, now: datetime, uuid: UUID, firm_id: int | None, expected: int | None = None) -> Dossier:
    """Put a flat that was put right on the watch list; the property firm reports every month.

    Raises:
        NotFoundError, ForbiddenError, StaleError, InvalidError. ConflictError: the education is missing.
    """
    row = begin(by, uuid, "watch", expected)
    row.firm_id = firm_id if firm_id is not None and people.units([firm_id]) else None
    check_needs(row, "watch", now)
    system = SYSTEM.for_person(by.label)
    made = watching.begin_watch(
        by=system,
        now=now,
        target=row.target,
        unit_id=row.firm_id or 0,
        cleared_on=row.cleared_on or people.local_day(now),
        category=CATEGORY,
    )
    row.watch = made
    return end(row, "watch", by, now, after={"until": made.until, "firm": row.firm_id})


@whole
def report(*, by: Actor, now: datetime, watch_uuid: UUID, again: bool, text: str = "") -> Dossier | None:
    """Take the firm's monthly report; that it began again opens the flat anew. Return the new dossier, if there is one.

    Raises:
        NotFoundError: no such watch for this person. ForbiddenError, ConflictError, InvalidError.
    """
    found = fieldwork.watches(by).filter(uuid=watch_uuid).first()
    if found is None:
        raise NotFoundError(_("监控清单里没有这一户。"), code="housing.no_watch")
    watching.report_watch(by=by, now=now, watch=found, again=again, text=text)
    row = Dossier.objects.select_for_update(of=("self",)).filter(watch=found).first()
    if row is not None:
        note(row, "report", by, now, clean(text)[:300], after={"again": again})
    if not again:
        return None
    if row is not None and row.state == State.WATCHED:
        end_watch(row, now, relapsed=True)
    return open_again(by=SYSTEM.for_person(by.label), now=now, target=found.target, former=row)


def end_watch(row: Dossier, now: datetime, *, relapsed: bool = False) -> None:
    """Close a dossier whose watch is over: the days have passed, or it began again and a new one follows."""
    row.ended_at = now
    end(row, "end_watch", SYSTEM, now, _("回潮，另行立案。") if relapsed else _("监控期满，没有回潮。"))


def end_watches(*, now: datetime) -> int:
    """Close every dossier whose watch is over; return how many. Meant for once a day."""
    count = 0
    for pk in selectors.over(people.local_day(now)):
        with transaction.atomic():
            row = Dossier.objects.select_for_update(of=("self",)).filter(pk=pk, state=State.WATCHED).first()
            if row is not None:
                end_watch(row, now)
                count += 1
    return count


@whole
def note_opened(*, by: Actor, now: datetime, uuid: UUID) -> list[tuple[Paper, str]]:
    """Return the papers of a dossier with their words opened; that somebody opened them stands in the journal.

    Raises:
        NotFoundError, ForbiddenError: not a law officer.
    """
    row = selectors.dossier_for(by, uuid)
    permissions.check_papers(by)
    note(row, "open_papers", by, now)
    return selectors.opened_papers(row)
