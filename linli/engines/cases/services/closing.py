"""From a result to an answered, rated, closed case: check, reply, close, rate, review, reopen, withdraw, void."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, CaseEvent, CaseHelper, Order, Reporter
from linli.engines.cases.permissions import check_verb
from linli.engines.cases.rules.proof import RATINGS, feedback_done, may_check, needs_review, overall_rating, rating_open
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.services.intake import attach, need
from linli.engines.cases.services.work import Work
from linli.engines.cases.types import FeedbackWay, FileRef, Source
from linli.engines.cases.workflow import VERBS, Outcome, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import mask_personal


def _checker_words(why: str) -> str:
    return {
        "same_person": _("核查人不能是承办人。"),
        "same_unit": _("核查应由承办、协办单位以外的人员进行。"),
        "subject_unit": _("被反映单位不能核查此件。"),
    }[why]


@transaction.atomic
def check(
    *, by: Actor, now: datetime, case: Case, passed: bool, text: str = "", files: Sequence[FileRef] = (), expected: int | None = None
) -> Case:
    """Check a result: by another person of another unit. What fails goes back to be done again, with the reason.

    Raises:
        ForbiddenError: the checker handled it or belongs to a unit that did.
    """
    check_verb(by, case, VERBS["check"])
    if not passed:
        need(text=text)
    handlers = frozenset(
        u for u in [case.handler_id] if u is not None
    )
    why = may_check(
        checker_units=by.unit_ids, handling_unit=case.unit_id, subject_unit=case.subject_unit_id, checker_user=by.user_id,
        helper_units=frozenset(CaseHelper.objects.filter(case=case).values_list("unit_id", flat=True)), handler_users=handlers,
    )
    if why and not by.is_system:
        raise ForbiddenError(_checker_words(why), code="cases.checker", hint=_("请由其他单位的人员核查。"))
    work = Work(case, by=by, now=now, expected=expected)
    if passed:
        work.act("check", to=State.TO_REPLY, text=text, data={"passed": True})
    else:
        changes = {"rework_count": case.rework_count + 1, "outcome": "", "handed_in_at": None}
        work.act("check", to=State.HANDLING, text=text, data={"passed": False}, changes=changes, starts=VERBS["dispatch"].starts[2:])
    work.save()
    attach(case, files, seq=case.version)
    return case


def _reporters(case: Case) -> list[Reporter]:
    return list(Reporter.objects.filter(Q(case=case) | Q(case__merged_into=case)))


@transaction.atomic
def reply(
    *, by: Actor, now: datetime, case: Case, way: str, text: str, result: str = "reached", reporter_id: int | None = None,
    expected: int | None = None,
) -> Case:
    """Answer the people who raised the case, by the way they asked for; the text is also the public reply.

    Args:
        result: reached, or how the attempt failed (no_answer, wrong_number, refused).
        reporter_id: one of several reporters; None: all who can be reached this way.
    """
    need(way=way, text=text)
    work = Work(case, by=by, now=now, expected=expected)
    attempts = case.contact_attempts + (0 if result == "reached" else 1)
    work.act(
        "reply", text=text, data={"way": way, "result": result, "reporter": reporter_id},
        changes={"contact_attempts": attempts, "feedback_given": True},
    )
    work.save(job={"reply": True})
    if result == "reached":
        told = Reporter.objects.filter(Q(case=case) | Q(case__merged_into=case), told_at__isnull=True)
        if reporter_id is not None:
            told = told.filter(pk=reporter_id)
        told.update(told_at=now)
    return case


def feedback_missing(case: Case, now: datetime) -> str:
    """Return why the feedback is not yet done, empty if it is."""
    reporters = _reporters(case)
    wanted = [r for r in reporters if r.reachable and r.way != FeedbackWay.NONE]
    needed = int(rule_number("cases.contact.attempts", 3, now))
    done = feedback_done(
        reachable_reporters=len(wanted), told_reporters=sum(1 for r in wanted if r.told_at is not None),
        attempts=case.contact_attempts, attempts_needed=needed, public_reply=case.feedback_given,
    )
    if done:
        return ""
    if not wanted:
        return _("请先写明公开答复。")
    return _("还有 %(left)s 位反映人没有得到答复（已尝试 %(tried)s 次，满 %(needed)s 次可结案）。") % {
        "left": sum(1 for r in wanted if r.told_at is None), "tried": case.contact_attempts, "needed": needed,
    }


@transaction.atomic
def close(*, by: Actor, now: datetime, case: Case, reason: str = "", expected: int | None = None) -> Case:
    """Close a case that was checked and answered.

    Raises:
        ConflictError: the reporters are not answered, an order (督办) is open, or tasks of a consultation are.
        ForbiddenError: this level's case is closed by somebody above.
    """
    check_verb(by, case, VERBS["close"])
    if missing := feedback_missing(case, now):
        raise ConflictError(missing, code="cases.feedback", hint=_("请按反映人要求的方式答复后再结案。"))
    if Order.objects.filter(case=case, concluded_at__isnull=True).exists():
        raise ConflictError(_("还有督办没有结论，不能结案。"), code="cases.order")
    if case.source == Source.HOTLINE and case.contact_attempts == 0 and case.first_contact_at is None:
        raise ConflictError(_("12345 工单须先联系市民。"), code="cases.first_contact")
    work = Work(case, by=by, now=now, expected=expected)
    work.act("close", reason=reason, changes={"closed_at": now, "outcome": case.outcome or Outcome.EXPLAINED})
    return work.save(job={"closed": True})


@transaction.atomic
def rate(
    *, by: Actor, now: datetime, case: Case, reporter_id: int, rating: str, text: str = "", way: str = "link",
    expected: int | None = None,
) -> Case:
    """Take one reporter's rating of a closed case, by link, telephone or paper alike; an unhappy one asks for a review.

    Raises:
        ConflictError: the window is over, it was rated already, or the city rates (12345).
    """
    if rating not in RATINGS:
        raise InvalidError(_("请选择评价。"), code="cases.rating", fields={"rating": [_("请选择一项。")]})
    if case.source == Source.HOTLINE:
        raise ConflictError(_("12345 工单由市级回访评价。"), code="cases.city_rates")
    window = timedelta(days=int(rule_number("cases.rating.window_days", 14, now)))
    if case.state == State.CLOSED and not rating_open(case.closed_at, now, window):
        raise ConflictError(_("评价期已过。"), code="cases.rating_window", hint=_("如问题仍在，请重新反映，或拨打居委会电话。"))
    found = Reporter.objects.filter(Q(case=case) | Q(case__merged_into=case), pk=reporter_id)
    if found.filter(rating="").update(rating=rating, rating_text=mask_personal(text)[:500], rating_way=way, rated_at=now) != 1:
        raise ConflictError(_("已经评价过了，谢谢。"), code="cases.rated")
    ratings = [r.rating for r in _reporters(case) if r.rating]
    work = Work(case, by=by, now=now, expected=expected)
    changes: dict[str, Any] = {"rating": overall_rating(ratings), "needs_review": case.needs_review or needs_review(rating)}
    work.act("rate", text=text, data={"rating": rating, "way": way, "reporter": reporter_id}, changes=changes)
    return work.save()


@transaction.atomic
def review(
    *, by: Actor, now: datetime, case: Case, reopen: bool, reason: str, expected: int | None = None
) -> Case:
    """Decide on an unhappy rating: handle it again, or explain why not; a person decides, never a rule."""
    need(reason=reason)
    if not case.needs_review:
        raise ConflictError(_("此件没有待复核的评价。"), code="cases.review")
    work = Work(case, by=by, now=now, expected=expected)
    changes: dict[str, Any] = {"needs_review": False}
    if reopen:
        changes |= {"closed_at": None, "outcome": "", "rework_count": case.rework_count + 1, "feedback_given": False, "handed_in_at": None}
        work.act("review", to=State.HANDLING, reason=reason, data={"reopen": True}, changes=changes,
                 starts=(*VERBS["reopen"].starts, VERBS["dispatch"].starts[2]))
        Reporter.objects.filter(Q(case=case) | Q(case__merged_into=case)).update(told_at=None)
    else:
        work.act("review", to=State.CLOSED, reason=reason, data={"reopen": False}, changes=changes)
    return work.save()


@transaction.atomic
def reopen(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Open a closed or refused case again, to be dispatched anew."""
    need(reason=reason)
    work = Work(case, by=by, now=now, expected=expected)
    changes = {
        "closed_at": None, "outcome": "", "unit_id": None, "handler_id": None, "feedback_given": False, "needs_review": False,
        "handed_in_at": None, "no_return": False,
    }
    work.act("reopen", reason=reason, changes=changes)
    Reporter.objects.filter(Q(case=case) | Q(case__merged_into=case)).update(told_at=None)
    return work.save()


@transaction.atomic
def withdraw(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Close a case because the only reporter takes it back; one that others raised too stays open.

    Raises:
        ConflictError: other people raised it as well.
    """
    need(reason=reason)
    if len(_reporters(case)) > 1:
        raise ConflictError(_("还有其他居民反映同一问题，不能撤单。"), code="cases.withdraw")
    work = Work(case, by=by, now=now, expected=expected)
    work.act("withdraw", reason=reason, changes={"outcome": Outcome.WITHDRAWN, "closed_at": now})
    return work.save()


@transaction.atomic
def void(*, by: Actor, now: datetime, case: Case, reason: str, expected: int | None = None) -> Case:
    """Void a case entered by mistake; it leaves every rate."""
    need(reason=reason)
    work = Work(case, by=by, now=now, expected=expected)
    work.act("void", reason=reason)
    return work.save()


def timeline(case: Case) -> list[CaseEvent]:
    """Return every event of ``case``, newest first."""
    return list(CaseEvent.objects.filter(case=case).order_by("-seq"))
