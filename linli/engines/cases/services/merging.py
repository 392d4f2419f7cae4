"""One problem, many reporters: merge, unmerge and join; a problem found with another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseEvent, Reporter
from linli.engines.cases.permissions import check_verb, may_read_contact
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.selectors.places import phone_key
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.services.inputs import attach, need
from linli.engines.cases.services.intake import new_reporter, take_in
from linli.engines.cases.services.intake import report as enter
from linli.engines.cases.services.work import Work, lock_cases
from linli.engines.cases.types import Contact, FileRef, Kind, Receipt, Report, Source
from linli.engines.cases.workflow import REPORTERS, VERBS, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.ids import tracking_code, uuid7
from linli.foundation.core.text import clean

MOST_WORDS = 5_000


@whole
def merge(*, by: Actor, now: datetime, case: Case, main: Case, reason: str, expected: int | None = None) -> Case:
    """Merge ``case`` into ``main``: its reporters are told, counted and asked with the main case.

    Raises:
        ConflictError: the main case is itself merged or ended, or both are the same.
    """
    need(reason=reason)
    if case.pk == main.pk:
        raise InvalidError(_("不能与自身合并。"), code="cases.merge", hint=_("请选择另一件作为主件。"))
    lock_cases(case, main)
    if not main.is_open:
        raise ConflictError(_("主件已结束，不能并入。"), code="cases.merge", hint=_("请选择仍在办理的案件作为主件。"))
    if Case.objects.filter(merged_into=case).exists():
        raise ConflictError(_("此件已是其他件的主件。"), code="cases.merge", hint=_("请改为把对方并入此件。"))
    if case.subject_unit_id != main.subject_unit_id:
        raise ConflictError(
            _("两件的被反映单位不同，不能合并。"),
            code="cases.subject",
            hint=_("合并后被反映单位可能看到反映人，请分别办理。"),
        )
    most = int(rule_number("cases.merge.max_children", 50, now))
    if Case.objects.filter(merged_into=main).count() >= most:
        raise ConflictError(
            _("一个主件最多合并 %(most)s 件。") % {"most": most}, code="cases.merge", hint=_("请另选主件。")
        )
    work = Work(case, by=by, now=now, expected=expected)
    check_verb(by, main, VERBS["note"])
    work.act(
        "merge",
        reason=reason,
        data={"main": main.number, "resume": case.state},
        changes={"merged_into_id": main.pk, "resume_state": case.state},
    )
    work.save()
    other = Work(main, by=by, now=now)
    other.act(
        "note",
        text=_("并入 %(number)s") % {"number": case.number},
        changes={"reporter_count": main.reporter_count + case.reporter_count},
    )
    other.save()
    return main


@whole
def unmerge(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Take a merged case out again, as it stood; its clocks, which stood meanwhile, run on."""
    need(reason=reason)
    main = case.merged_into
    if main is None:
        raise ConflictError(_("此件没有合并。"), code="cases.unmerge", hint=_("请刷新后查看。"))
    lock_cases(case, main)
    back = State(case.resume_state or State.REPORTED)
    work = Work(case, by=by, now=now, expected=expected)
    work.act(
        "unmerge",
        to=back,
        reason=reason,
        data={"main": main.number},
        changes={"merged_into_id": None, "resume_state": ""},
    )
    work.save()
    other = Work(main, by=by, now=now)
    other.act(
        "note",
        text=_("已撤出 %(number)s") % {"number": case.number},
        changes={"reporter_count": max(1, main.reporter_count - case.reporter_count)},
    )
    other.save()
    return case


def report_found_with(*, by: Actor, now: datetime, case: Case, report: Report, dispatch: bool = False) -> Receipt:
    """Enter a problem that was found while ``case`` was handled: a case of its own, linked to this one."""
    check_verb(by, case, VERBS["note"])
    if case.state == State.SPLIT or not case.is_open:
        raise ConflictError(_("原案已结束，不能再关联新问题。"), code="cases.found_with", hint=_("请直接登记新问题。"))
    return take_in(by=by, now=now, report=report, dispatch=dispatch, split_from=case.pk)


@whole
def report_at_desk(*, by: Actor, now: datetime, report: Report, desk: str, dispatch: bool = False) -> Receipt:
    """Enter what somebody came to say at a walk-in desk (城管社区工作室); a note on the case names the desk."""
    receipt = enter(by=by, now=now, report=report, dispatch=dispatch)
    if not receipt.seen_before:
        case = Case.objects.select_related("category", "category_version", "unit").get(pk=receipt.case_id)
        work = Work(case, by=by, now=now)
        work.act("note", text=_("在%(desk)s接待来访") % {"desk": desk}, data={"desk": desk}, checked=False)
        work.save()
    return receipt


def open_to_all(case: Case) -> bool:
    """Return whether anybody may know of ``case``: public space, nothing guarded, about no unit."""
    spec = catalogue.spec_of(case.category_version)
    private = case.guarded or case.confidential or case.subject_unit_id is not None
    return spec.public_space and not private and case.kind == Kind.PROBLEM


@whole
def join(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    contact: Contact,
    text: str = "",
    files: Sequence[FileRef] = (),
    uuid: UUID | None = None,
    code: str = "",
    source: Source = Source.RESIDENT,
) -> Receipt:
    """Make somebody another reporter of an open problem of public space: told, counted and asked like the first.

    Args:
        uuid: of the new reporter, made by the face: sent again it is answered, not entered twice.
        code: a tracking code drawn beforehand; empty: drawn here.

    Raises:
        ForbiddenError: the problem is not one that anybody may know of.
        ConflictError: it is no longer open.
    """
    uuid, code = uuid or uuid7(), code or tracking_code()
    if Reporter.objects.filter(uuid=uuid).exists():
        return Receipt(case.pk, case.uuid, case.number, code, seen_before=True)
    if not open_to_all(case):
        raise ForbiddenError(_("这件事不能直接关注，请单独反映。"), code="cases.join")
    if not case.is_open:
        raise ConflictError(_("这件事已经办结。"), code="cases.join", hint=_("如果问题还在，请重新反映。"))
    work = Work(case, by=by, now=now)
    work.act("join", text=clean(text)[:MOST_WORDS], changes={"reporter_count": case.reporter_count + 1}, checked=False)
    new_reporter(case, contact, uuid=uuid, code=code, channel=source, now=now).save(force_insert=True)
    work.save()
    attach(case, files, seq=case.version)
    return Receipt(case.pk, case.uuid, case.number, code, danger=catalogue.spec_of(case.category_version).advice())


@whole
def join_by_call(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    contact: Contact,
    text: str,
    uuid: UUID,
    files: Sequence[FileRef] = (),
    source: Source = Source.PHONE,
) -> Receipt:
    """Put a call to an open problem that is known already: the caller is another voice of it.

    Somebody who raised it before is not counted twice: what they say now is noted, and their code stays.

    Args:
        case: comes from the door. uuid: of the call, made by the form: sent again it is answered, not entered twice.

    Raises:
        ForbiddenError: ``by`` takes no calls, or the problem is not one that anybody may know of.
        ConflictError: it is no longer open.
    """
    if by.is_user and not by.has_role(*REPORTERS):
        raise ForbiddenError(_("您的岗位不登记问题。"), code="cases.role", hint=_("请以居民身份反映，或请同事登记。"))
    # That somebody called before is known only to who may open their number: to others they are another voice.
    known = (
        bool(contact.phone)
        and may_read_contact(by, case)
        and Reporter.objects.filter(case=case, phone_hash=phone_key(contact.phone)).exists()
    )
    if not known or Reporter.objects.filter(uuid=uuid).exists():
        return join(
            by=by, now=now, case=case, contact=contact, text=text, files=files, uuid=uuid, source=source
        )  # fmt: skip
    if not case.is_open:
        raise ConflictError(_("这件事已经办结。"), code="cases.join", hint=_("如果问题还在，请重新反映。"))
    if not CaseEvent.objects.filter(case=case, verb="note", data__call=str(uuid)).exists():
        work = Work(case, by=by, now=now)
        words = _("反映人再次来电：%(text)s") % {"text": clean(text)[:MOST_WORDS]}
        work.act("note", text=words, data={"call": str(uuid)}, checked=False)
        work.save()
        attach(case, files, seq=case.version)
    return Receipt(case.pk, case.uuid, case.number, "", seen_before=True)
