"""Records judged by another person: accepted, sent back with the reason; of two of one visit, which stands."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Submission
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.selectors.submissions import form_of, whole_answers
from linli.engines.fieldwork.services.submitting import SUBJECT, take_effect, visit_done
from linli.engines.fieldwork.workflow import SUBMISSION, SubmissionState
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.messages import services as messages

SENT_BACK = "fieldwork.sent_back"
LONGEST = 300


def _reason(reason: str, field: str = "reason") -> str:
    said = clean(reason)
    if not said or len(said) > LONGEST:
        message = _("请写明原因。") if not said else _("最多 %(most)s 个字。") % {"most": LONGEST}
        raise InvalidError(message, code="fieldwork.reason", fields={field: [message]})
    return said


def _step(submission: Submission, code: str, by: Actor, now: datetime, reason: str = "") -> None:
    """Take a record one step on, by compare-and-set on its state.

    Raises:
        ConflictError: it stands where this step does not lead from, or somebody was quicker.
    """
    step = SUBMISSION[code]
    before = submission.state
    values = {"state": step.to, "returned": reason, "reviewed_at": now, "reviewed_label": by.label[:80]}
    # By the state that the person looked at: two who judge at once do not both do so.
    rows = Submission.objects.filter(pk=submission.pk, state=before)
    if before not in step.origins or rows.update(**values) != 1:
        submission.refresh_from_db(fields=["state"])
        raise ConflictError(
            _("“%(state)s”的记录不能%(act)s。") % {"state": submission.get_state_display(), "act": step.label},
            code="fieldwork.submission_state", state=submission.state, hint=_("请刷新页面，查看最新状态。"),
        )  # fmt: skip
    for name, value in values.items():
        setattr(submission, name, value)
    journal.record(
        by=by, verb=f"fieldwork.{code}", kind=SUBJECT, uuid=submission.uuid, label=_named(submission), now=now,
        before={"state": before}, after={"state": step.to}, reason=reason,
    )  # fmt: skip


def _named(submission: Submission) -> str:
    target, round_ = submission.target, submission.round
    return (target.name if target is not None else round_.title if round_ is not None else str(submission.uuid))[:100]


def _not_rival(submission: Submission) -> None:
    if submission.rival_id is not None and submission.judged_at is None:
        raise ConflictError(
            _("这次走访有两份记录，请先判定采用哪一份。"), code="fieldwork.rival", hint=_("在两份并排的页面上判定。")
        )


@whole
def accept(*, by: Actor, now: datetime, submission: Submission) -> Submission:
    """Accept a record; in a reviewed round its findings are followed up from now on.

    Raises:
        ForbiddenError: by who sent it, or not a reviewer of this round.
        ConflictError: it was judged already.
    """
    doors.check_may_judge(by, submission)
    _not_rival(submission)
    _step(submission, "accept", by, now)
    if submission.round is not None and submission.round.review:
        take_effect(submission, form_of(submission.form), whole_answers(submission), by=by, now=now, reviewed=True)
    return submission


@whole
def send_back(*, by: Actor, now: datetime, submission: Submission, reason: str) -> Submission:
    """Send a record back to who sent it, with the reason; they are told, and owe a correction.

    Raises:
        InvalidError: no reason.
        ForbiddenError, ConflictError: as with :func:`accept`; what no user sent has nobody to go back to.
    """
    doors.check_may_judge(by, submission)
    said = _reason(reason)
    if submission.user_id is None:
        raise ConflictError(
            _("这份记录没有提交人，不能退回。"), code="fieldwork.no_sender", hint=_("如内容不可用，请不采用。")
        )
    _not_rival(submission)
    _step(submission, "return", by, now, said)
    _tell(submission, said, by, now)
    return submission


def _tell(submission: Submission, reason: str, by: Actor, now: datetime) -> None:
    people = [u for u in (submission.user_id, submission.second_id) if u is not None]
    messages.tell_users(
        people, template=SENT_BACK,
        params={"title": _named(submission), "reason": reason, "by": by.label},
        url=f"/field/records/{submission.uuid}/", key=f"{SENT_BACK}:{submission.uuid}", now=now,
        subject_kind=SUBJECT, subject_uuid=submission.uuid,
    )  # fmt: skip


@whole
def judge(*, by: Actor, now: datetime, submission: Submission, keep: bool, reason: str) -> Submission:
    """Judge of two records of one visit which stands; the other is kept and not used.

    Args:
        submission: the one that came second.
        keep: it stands, and the first does not; else the first stands.
        reason: why; whoever sent the one that does not stand is told.

    Raises:
        ConflictError: there is nothing to judge, or it was judged.
        ForbiddenError: a party to it.
    """
    rows = Submission.objects.select_for_update(of=("self",))
    pair = {s.pk: s for s in rows.filter(pk__in=[submission.pk, submission.rival_id]).order_by("pk")}
    second, first = pair[submission.pk], pair.get(submission.rival_id or 0)
    if first is None or second.judged_at is not None:
        raise ConflictError(
            _("这里没有待判定的两份记录。"), code="fieldwork.no_rival", hint=_("可能已由他人判定，请刷新。")
        )
    doors.check_may_judge(by, second)
    doors.check_may_judge(by, first)
    said = _reason(reason)
    first = _newest(first)
    gone = first if keep else second
    if gone.state in SUBMISSION["set_aside"].origins:
        _step(gone, "set_aside", by, now, said)
        _tell(gone, said, by, now)
    Submission.objects.filter(pk=second.pk).update(judged_at=now)
    second.judged_at = now
    if keep:
        visit_done(second, second.visit, now)
        take_effect(second, form_of(second.form), whole_answers(second), by=by, now=now)
    return second


def _newest(submission: Submission) -> Submission:
    """Return the last correction of a record."""
    while submission.state == SubmissionState.REPLACED:
        after = Submission.objects.filter(former=submission).first()
        if after is None:
            return submission
        submission = after
    return submission
