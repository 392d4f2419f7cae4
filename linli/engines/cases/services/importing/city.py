"""What the city's hotline says of an order that is here: its call-back and rating, and what it has changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from linli.engines.cases.models import Case, Reporter
from linli.engines.cases.rules.proof import RATINGS, needs_review
from linli.engines.cases.services.clocks import OUTSIDE, until_moment
from linli.engines.cases.services.correcting import correct
from linli.engines.cases.services.triage import note
from linli.engines.cases.services.work import SUBJECT, Work
from linli.engines.cases.types import Solved, Source
from linli.engines.cases.workflow import CENTRE, Stage, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.deadlines import services as deadlines
from linli.foundation.deadlines.selectors import clocks_of

WAY = "city"
RATING_WORDS: Mapping[str, str] = {
    "满意": "satisfied", "非常满意": "satisfied", "基本满意": "mostly", "较满意": "mostly",
    "一般": "fair", "不满意": "unsatisfied", "非常不满意": "unsatisfied",
}  # fmt: skip
SOLVED_WORDS: Mapping[str, str] = {
    "是": "yes", "已解决": "yes", "实际解决": "yes", "解决": "yes", "部分解决": "partly",
    "否": "no", "未解决": "no", "没有解决": "no",
}  # fmt: skip
UNRATED = frozenset({"", "未评价", "未接通", "-", "—", "/"})


def _check(by: Actor, case: Case) -> None:
    if not (by.is_system or by.has_role(*CENTRE)):
        raise ForbiddenError(_("导入由派单员或值班长办理。"), code="cases.import.role")
    if case.source != Source.HOTLINE:
        raise ConflictError(_("不是 12345 工单。"), code="cases.not_hotline")


@whole
def take_rating(
    *, by: Actor, now: datetime, case: Case, rating: str, solved: str = "", words: str = "", at: datetime | None = None
) -> bool:
    """Enter what the city's call-back brought; return whether it is new.

    Such an order has no rating of ours: the city calls the person, and its result is the case's. An unhappy one asks
    for a review, as one of ours would.

    Args:
        rating: one of :data:`RATINGS`, empty where the person was reached and gave none.
        solved: a code of :class:`Solved`, empty where nothing was said.

    Raises:
        ConflictError: the case is not closed here yet.
        ForbiddenError: ``by`` is not of the centre.
        InvalidError: a rating or result that does not exist.
    """
    _check(by, case)
    if rating and rating not in RATINGS:
        raise InvalidError(_("没有这种评价。"), code="cases.rating", fields={"rating": [_("请从列表中选择。")]})
    if solved and solved not in Solved.values:
        raise InvalidError(_("没有这种结果。"), code="cases.solved", fields={"solved": [_("请从列表中选择。")]})
    case = Case.objects.select_for_update(of=("self",)).select_related("category", "category_version").get(pk=case.pk)
    reporter = Reporter.objects.filter(case=case).order_by("id").first()
    if case.state != State.CLOSED:
        raise ConflictError(_("案件尚未结案，不能登记市级回访。"), code="cases.not_closed", hint=_("请先结案。"))
    said = {"rating": rating, "solved": solved, "way": WAY}
    last = case.events.filter(verb="rate", data__way=WAY).order_by("-seq").values_list("data", flat=True).first()
    if last is not None and {k: last.get(k, "") for k in said} == said:
        return False
    if rating and reporter is not None:
        Reporter.objects.filter(pk=reporter.pk).update(
            rating=rating, rating_text=mask_personal(clean(words))[:500], rating_way=WAY, rated_at=at or now
        )
    unhappy = needs_review(rating) or solved == Solved.NO
    work = Work(case, by=by, now=now)
    changes = {"needs_review": case.needs_review or unhappy} | ({"rating": rating} if rating else {})
    review = (Stage.REVIEW,) if unhappy and Stage.REVIEW.value not in case.dues else ()
    told = {**said, "at": at.isoformat() if at else ""}
    work.act("rate", text=clean(words)[:500], data=told, changes=changes, starts=review, checked=False)
    work.save()
    return True


@whole
def take_due(*, by: Actor, now: datetime, case: Case, due: datetime) -> Case:
    """Let the case go by the date that the city now sets, sooner or later than the one before."""
    _check(by, case)
    work = Work(case, by=by, now=now)
    work.lock()
    clock = next((c for c in clocks_of(SUBJECT, case.pk, open_only=True) if c.stage == Stage.OVERALL), None)
    fields: dict[str, object] = {"external_due": due}
    reason = _("12345 工单的办理时限改为 %(at)s") % {"at": f"{due.isoformat(timespec='minutes')}"}
    if clock is not None:
        limits = {Stage.OVERALL.value: (OUTSIDE, until_moment(clock.started_at, due))}
        moved = deadlines.change_limits(kind=SUBJECT, subject_id=case.pk, limits=limits, now=now, by=by, reason=reason)
        fields["dues"] = {**case.dues, **{stage: at.isoformat() for stage, at in moved.items()}}
    work.act("correct", reason=reason, changes=fields)
    return work.save()


def take_change(*, by: Actor, now: datetime, case: Case, field: str, value: str, at: datetime | None = None) -> Case:
    """Take one thing that an order now says differently; a new text stands beside the old one, which stays.

    Raises:
        DomainError: the case is in a state, or ``by`` in a post, that does not allow it.
    """
    _check(by, case)
    reason = _("按 12345 工单的新内容更正")
    if field == "due" and at is not None:
        return take_due(by=by, now=now, case=case, due=at)
    if field == "address":
        return correct(by=by, now=now, case=case, reason=reason, changes={"address": value})
    if field == "text":
        return note(by=by, now=now, case=case, text=_("12345 工单的新内容：%(text)s") % {"text": value})
    raise InvalidError(_("没有这一项。"), code="cases.import.field")
