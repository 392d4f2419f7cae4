"""From a result to an answered, rated, closed case: check, reply, close, rate, review, reopen, withdraw, void."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseEvent, CaseHelper, Reporter
from linli.engines.cases.permissions import check_verb, is_of_subject, raised_q, working_units
from linli.engines.cases.rules.proof import RATINGS, feedback_done, may_check, needs_review, overall_rating, rating_open
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.services.handling import attempt_counts
from linli.engines.cases.services.inputs import attach, need
from linli.engines.cases.services.rooting import cured, not_cured
from linli.engines.cases.services.work import Work
from linli.engines.cases.types import FeedbackWay, FileRef, Source
from linli.engines.cases.workflow import CENTRE, VERBS, Outcome, Stage, State
from linli.engines.projects import selectors as projects
from linli.engines.projects.types import TaskState
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.db.prepared import NUMBER, Prepared
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import mask_personal
from linli.foundation.people import selectors as people


def _checker_words(why: str) -> str:
    return {
        "same_person": _("核查人不能是承办人。"),
        "same_unit": _("核查应由承办、协办单位以外的人员进行。"),
        "subject_unit": _("被反映单位不能核查此件。"),
        "client": _("委托方不能核查自己的外包单位。"),
    }[why]


def _is_client(units: frozenset[int], handling_unit: int) -> bool:
    """Return whether one of ``units`` has hired the firm that handled it."""
    handler = people.unit(handling_unit)
    return handler.kind in {"contractor", "property_company", "company"} and handler.parent_id in units


@whole
def check(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    passed: bool,
    text: str = "",
    files: Sequence[FileRef] = (),
    expected: int | None = None,
) -> Case:
    """Check a result: by another person of another unit. What fails goes back to be done again, with the reason.

    Raises:
        ForbiddenError: the checker handled it or belongs to a unit that did.
    """
    check_verb(by, case, VERBS["check"])
    if not passed:
        need(text=text)
    handlers = frozenset(u for u in [case.handler_id] if u is not None)
    mine = working_units(by)
    if is_of_subject(mine, case.subject_unit_id):
        raise ForbiddenError(_checker_words("subject_unit"), code="cases.checker", hint=_("请由其他单位的人员核查。"))
    did = CaseEvent.objects.filter(case=case, verb__in=["sign", "arrive", "hand_in", "help_result"], by_uuid=by.uuid)
    if by.uuid is not None and did.exists():
        raise ForbiddenError(_checker_words("same_person"), code="cases.checker", hint=_("请由其他单位的人员核查。"))
    if case.unit_id is not None and _is_client(mine, case.unit_id):
        raise ForbiddenError(_checker_words("client"), code="cases.checker", hint=_("请由其他单位的人员核查。"))
    why = may_check(
        checker_units=mine,
        handling_unit=case.unit_id,
        subject_unit=case.subject_unit_id,
        checker_user=by.user_id,
        helper_units=frozenset(CaseHelper.objects.filter(case=case).values_list("unit_id", flat=True)),
        handler_users=handlers,
    )
    if why and not by.is_system:
        raise ForbiddenError(_checker_words(why), code="cases.checker", hint=_("请由其他单位的人员核查。"))
    work = Work(case, by=by, now=now, expected=expected)
    if passed:
        work.act("check", to=State.TO_REPLY, text=text, data={"passed": True})
    else:
        changes = {"rework_count": case.rework_count + 1, "outcome": "", "handed_in_at": None}
        work.act("check", to=State.HANDLING, text=text, data={"passed": False}, changes=changes)
    work.save()
    attach(case, files, seq=case.version)
    return case


_REPORTERS = Prepared(lambda c: Reporter.objects.filter(raised_q(c)), [NUMBER])


def _reporters(case: Case) -> list[Reporter]:
    return _REPORTERS.all(case.pk)


@whole
def reply(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    way: str,
    text: str,
    result: str = "reached",
    reporter_id: int | None = None,
    expected: int | None = None,
) -> Case:
    """Answer the people who raised the case, by the way they asked for; the text is also the public reply.

    Args:
        result: reached, or how the attempt failed (no_answer, wrong_number, refused).
        reporter_id: one of several reporters; None: all who can be reached this way.
    """
    need(way=way, text=text)
    reached = result == "reached"
    work = Work(case, by=by, now=now, expected=expected)
    changes: dict[str, Any] = {"feedback_given": True}
    personal = way in _IN_PERSON
    if not reached and attempt_counts(case, now):
        changes["contact_attempts"] = case.contact_attempts + 1
    if reached and personal and case.first_contact_at is None:
        changes["first_contact_at"] = now
    work.act(
        "reply",
        text=text,
        data={"way": way, "result": result, "reporter": reporter_id},
        changes=changes,
        stops=(Stage.FIRST_CONTACT,) if reached and personal else (),
    )
    work.save()
    told = [r.pk for r in _reporters(case) if _told_by(r, way, reporter_id, reached=reached)]
    Reporter.objects.filter(pk__in=told, told_at__isnull=True).update(told_at=now)
    return case


_IN_PERSON = frozenset({FeedbackWay.PHONE.value, FeedbackWay.VISIT.value, FeedbackWay.LETTER.value})


def _told_by(reporter: Reporter, way: str, reporter_id: int | None, *, reached: bool) -> bool:
    """Return whether a reply tells this reporter.

    Whoever asked for a message or a mail gets one from every reply; a call, visit or letter tells the one
    it was for, or those who asked for that way.
    """
    if reporter.way in {FeedbackWay.MESSAGE, FeedbackWay.EMAIL}:
        return True
    if not reached or way not in _IN_PERSON:
        return False
    return reporter.pk == reporter_id if reporter_id is not None else reporter.way == way


def feedback_missing(case: Case, now: datetime) -> str:
    """Return why the feedback is not yet done, empty if it is."""
    reporters = _reporters(case)
    wanted = [r for r in reporters if r.reachable and r.way != FeedbackWay.NONE]
    needed = int(rule_number("cases.contact.attempts", 3, now))
    done = feedback_done(
        reachable_reporters=len(wanted),
        told_reporters=sum(1 for r in wanted if r.told_at is not None),
        attempts=case.contact_attempts,
        attempts_needed=needed,
        public_reply=case.feedback_given,
    )
    if done:
        return ""
    if not wanted:
        return _("请先写明公开答复。")
    return _("还有 %(left)s 位反映人没有得到答复（已尝试 %(tried)s 次，满 %(needed)s 次可结案）。") % {
        "left": sum(1 for r in wanted if r.told_at is None),
        "tried": case.contact_attempts,
        "needed": needed,
    }


@whole
def close(*, by: Actor, now: datetime, case: Case, reason: str = "", expected: int | None = None) -> Case:
    """Close a case that was checked and answered.

    Raises:
        ConflictError: the reporters are not answered, an order (督办) is open, or tasks of a consultation are.
        ForbiddenError: this level's case is closed by somebody above.
        InvalidError: a root-cause case, and ``reason`` does not say what was changed at the root.
    """
    check_verb(by, case, VERBS["close"])
    if missing := feedback_missing(case, now):
        raise ConflictError(missing, code="cases.feedback", hint=_("请按反映人要求的方式答复后再结案。"))
    if any(t.state == TaskState.OPEN for t in projects.tasks_of(case.uuid)):
        raise ConflictError(
            _("会商布置的任务还没有完成，不能结案。"), code="cases.tasks", hint=_("请承担单位先填写任务结果。")
        )
    if case.source == Source.HOTLINE and case.contact_attempts == 0 and case.first_contact_at is None:
        raise ConflictError(
            _("12345 工单须先联系市民。"), code="cases.first_contact", hint=_("请先联系并记录，无法接通也要记录。")
        )
    cured(case, reason, now)
    work = Work(case, by=by, now=now, expected=expected)
    work.act("close", reason=reason, changes={"closed_at": now, "outcome": case.outcome or Outcome.EXPLAINED})
    return work.save(job={"closed": True})


@whole
def rate(
    *,
    by: Actor,
    now: datetime,
    case: Case,
    reporter_id: int,
    rating: str,
    text: str = "",
    way: str = "link",
    expected: int | None = None,
) -> Case:
    """Take one reporter's rating of a closed case, by link, telephone or paper alike; an unhappy one asks for a review.

    Raises:
        ConflictError: the window is over, it was rated already, or the city rates (12345).
    """
    if rating not in RATINGS:
        raise InvalidError(_("请选择评价。"), code="cases.rating", fields={"rating": [_("请选择一项。")]})
    check_verb(by, case, VERBS["rate"])
    if case.source == Source.HOTLINE:
        raise ConflictError(
            _("12345 工单由市级回访评价。"), code="cases.city_rates", hint=_("市级回访的结果会另行登记。")
        )
    window = timedelta(days=int(rule_number("cases.rating.window_days", 14, now)))
    if case.state == State.CLOSED and not rating_open(case.closed_at, now, window):
        raise ConflictError(
            _("评价期已过。"), code="cases.rating_window", hint=_("如问题仍在，请重新反映，或拨打居委会电话。")
        )
    found = Reporter.objects.filter(raised_q(case.pk), pk=reporter_id)
    if not by.is_system and not by.has_role(*CENTRE, "inspector"):
        found = found.filter(_own(by))
    if not found.exists():
        raise ForbiddenError(_("只能评价自己反映的问题。"), code="cases.reporter", hint=_("请用自己的查询码打开。"))
    if (
        found.filter(rating="").update(
            rating=rating, rating_text=mask_personal(text)[:500], rating_way=way, rated_at=now
        )
        != 1
    ):
        raise ConflictError(_("已经评价过了，谢谢。"), code="cases.rated", hint=_("如问题仍在，请重新反映。"))
    ratings = [r.rating for r in _reporters(case) if r.rating]
    work = Work(case, by=by, now=now, expected=expected)
    changes: dict[str, Any] = {
        "rating": overall_rating(ratings),
        "needs_review": case.needs_review or needs_review(rating),
    }
    unhappy = needs_review(rating) and Stage.REVIEW.value not in case.dues
    work.act(
        "rate",
        text=text,
        data={"rating": rating, "way": way, "reporter": reporter_id},
        changes=changes,
        starts=(Stage.REVIEW,) if unhappy else (),
    )
    return work.save()


def _own(by: Actor) -> Q:
    if "reporter" in by.extra:
        return Q(uuid=by.extra["reporter"])
    return Q(user=by.user_id) if by.user_id is not None else Q(pk__in=[])


@whole
def review(*, by: Actor, now: datetime, case: Case, reopen: bool, reason: str, expected: int | None = None) -> Case:
    """Decide on an unhappy rating: handle it again, or explain why not; a person decides, never a rule.

    What is handled again goes back to its unit; a case that never had one waits to be dispatched.
    """
    need(reason=reason)
    check_verb(by, case, VERBS["review"])
    if not case.needs_review:
        raise ConflictError(_("此件没有待复核的评价。"), code="cases.review", hint=_("可能已由他人复核，请刷新。"))
    work = Work(case, by=by, now=now, expected=expected)
    changes: dict[str, Any] = {"needs_review": False}
    if reopen:
        changes |= {**_AFRESH, "rework_count": case.rework_count + 1}
        work.act(
            "review",
            to=State.HANDLING if case.unit_id is not None else State.TO_DISPATCH,
            reason=reason,
            data={"reopen": True},
            changes=changes,
            starts=VERBS["reopen"].starts,
        )
        _ask_again(case)
        not_cured(case)
    else:
        work.act(
            "review", to=State.CLOSED, reason=reason, data={"reopen": False}, changes=changes, stops=(Stage.REVIEW,)
        )
    return work.save()


# What a case that is taken up again has not got yet.
_AFRESH: dict[str, Any] = {
    "closed_at": None,
    "outcome": "",
    "feedback_given": False,
    "handed_in_at": None,
    "contact_attempts": 0,
    "rating": "",
}


def _ask_again(case: Case) -> None:
    """The reporters are to be told and asked again; what they said before stays in the events."""
    Reporter.objects.filter(raised_q(case.pk)).update(
        told_at=None, rating="", rating_text="", rating_way="", rated_at=None
    )


@whole
def reopen(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Open a closed or refused case again, to be dispatched anew.

    Raises:
        ConflictError: it was closed too long ago; what is there now is a new problem.
    """
    need(reason=reason)
    check_verb(by, case, VERBS["reopen"])
    days = int(rule_number("cases.reopen.window_days", 30, now))
    if case.closed_at is not None and now > case.closed_at + timedelta(days=days):
        raise ConflictError(
            _("结案已超过 %(days)s 天，不能重新办理。") % {"days": days},
            code="cases.reopen_window",
            hint=_("请另行登记，系统会标明返潮。"),
        )
    work = Work(case, by=by, now=now, expected=expected)
    changes = {
        **_AFRESH,
        "unit_id": None,
        "handler_id": None,
        "needs_review": False,
        "no_return": False,
        "dispatched_at": None,
        "signed_at": None,
        "arrived_at": None,
    }
    work.act("reopen", reason=reason, changes=changes)
    _ask_again(case)
    not_cured(case)
    return work.save()


@whole
def withdraw(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Close a case because the only reporter takes it back; one that others raised too stays open.

    Raises:
        ConflictError: other people raised it as well.
    """
    need(reason=reason)
    check_verb(by, case, VERBS["withdraw"])
    if len(_reporters(case)) > 1:
        raise ConflictError(
            _("还有其他居民反映同一问题，不能撤单。"),
            code="cases.withdraw",
            hint=_("可先撤销合并，再单独撤单。"),
        )
    work = Work(case, by=by, now=now, expected=expected)
    work.act("withdraw", reason=reason, changes={"outcome": Outcome.WITHDRAWN, "closed_at": now})
    return work.save()


@whole
def void(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Void a case entered by mistake; it leaves every rate."""
    need(reason=reason)
    work = Work(case, by=by, now=now, expected=expected)
    work.act("void", reason=reason)
    return work.save()


def timeline(case: Case) -> list[CaseEvent]:
    """Return every event of ``case``, newest first."""
    return list(CaseEvent.objects.filter(case=case).order_by("-seq"))
