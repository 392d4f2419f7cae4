"""One committee's result on its way to the public: asked about it, heard, answered, announced (公示)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, NotFoundError
from linli.foundation.people import selectors as people
from linli.programmes.owners import permissions, selectors
from linli.programmes.owners.models import Evaluation, Opinion
from linli.programmes.owners.services.help import fresh, tell, words
from linli.programmes.owners.workflow import VERBS

MOST = 1000


def begin(by: Actor, uuid: UUID, verb: str, expected: int | None) -> Evaluation:
    """Return the result, locked, where ``verb`` may be done now.

    Raises:
        NotFoundError: there is none, or not for this person. ForbiddenError: not one who leads the evaluation.
        StaleError, ConflictError.
    """
    rows = Evaluation.objects.select_for_update(of=("self",)).select_related("drive", "target")
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise NotFoundError(_("没有这个业委会的评估结果。"), code="owners.no_evaluation")
    permissions.check_evaluation(by, row)
    if verb == "object":
        if not permissions.may_object(by, row):
            raise ForbiddenError(_("由业委会提出，或由所在居民区代录。"), code="owners.object")
    else:
        permissions.check_lead(by, row.drive)
    fresh(row, expected)
    if row.state not in VERBS[verb].origins:
        raise ConflictError(
            _("这项结果现在是“%(state)s”，不能“%(verb)s”。")
            % {"state": row.get_state_display(), "verb": VERBS[verb].label},
            code="owners.state", hint=_("请刷新后查看。"),
        )  # fmt: skip
    return row


def end(row: Evaluation, verb: str, by: Actor, now: datetime, *, reason: str = "") -> Evaluation:
    """Save an act, and enter it in the journal."""
    before, row.state = row.state, VERBS[verb].to
    row.version += 1
    row.save()
    after = {
        "state": row.state, "asked_until": row.asked_until.isoformat() if row.asked_until else None,
        "public_until": row.public_until.isoformat() if row.public_until else None,
    }  # fmt: skip
    tell(by, now, verb, "evaluation", row.uuid, row.target.name, before={"state": before}, after=after, reason=reason)
    return row


@whole
def ask(*, by: Actor, now: datetime, uuid: UUID, expected: int | None = None) -> Evaluation:
    """Show the committee its result and ask what it has to say, for the days of the rulebook.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError.
    """
    row = begin(by, uuid, "ask", expected)
    today = people.local_day(now)
    row.asked_until = today + timedelta(days=selectors.number("owners.comment.days", today))
    return end(row, "ask", by, now)


@whole
def object_to(*, by: Actor, now: datetime, uuid: UUID, text: str, expected: int | None = None) -> Opinion:
    """Enter what the committee says to its result; by its 居民区 where it was handed in on paper.

    Raises:
        NotFoundError, ForbiddenError, StaleError, InvalidError. ConflictError: not asked, too late, or one is waiting.
    """
    row = begin(by, uuid, "object", expected)
    if row.asked_until is not None and people.local_day(now) > row.asked_until:
        raise ConflictError(
            _("征求意见已于 %(day)s 截止。") % {"day": row.asked_until}, code="owners.too_late",
            hint=_("请与发起评估的单位联系。"),
        )  # fmt: skip
    if row.opinions.filter(answered_at=None).exists():
        raise ConflictError(_("上一条意见还没有答复。"), code="owners.waiting", hint=_("答复后可以再提。"))
    said = words("text", text, MOST)
    made = Opinion.objects.create(
        evaluation=row, text=said, at=now, by_label=by.label[:80],
        on_behalf=not by.is_system and row.target.name not in permissions.own_names(by),
    )  # fmt: skip
    end(row, "object", by, now, reason=said)
    return made


@whole
def answer(*, by: Actor, now: datetime, uuid: UUID, text: str, changed: bool, expected: int | None = None) -> Opinion:
    """Answer what the committee said.

    Args:
        changed: the result was corrected for it, by a new record.

    Raises:
        NotFoundError, ForbiddenError, StaleError, InvalidError. ConflictError: nothing waits for an answer, or nothing
            was corrected since.
    """
    row = begin(by, uuid, "answer", expected)
    opinion = row.opinions.select_for_update().filter(answered_at=None).first()
    if opinion is None:
        raise ConflictError(_("没有待答复的意见。"), code="owners.no_opinion", hint=_("请刷新后查看。"))
    if changed and row.counted_at <= opinion.at:
        raise ConflictError(
            _("评估记录还没有更正。"), code="owners.not_changed",
            hint=_("请先把评估记录退回补正或更正，再答复“已更正”。"),
        )  # fmt: skip
    opinion.answer, opinion.changed = words("text", text, MOST), changed
    opinion.answered_at, opinion.answered_label = now, by.label[:80]
    opinion.save()
    end(row, "answer", by, now, reason=opinion.answer)
    return opinion


@whole
def publish(*, by: Actor, now: datetime, uuid: UUID, expected: int | None = None) -> Evaluation:
    """Announce a result for the days of the rulebook; afterwards it stays to be read.

    Raises:
        NotFoundError, ForbiddenError, StaleError. ConflictError: the committee may still speak, or has no answer yet.
    """
    row = begin(by, uuid, "publish", expected)
    today = people.local_day(now)
    waiting = row.opinions.filter(answered_at=None).exists()
    heard = row.opinions.exists() and not waiting
    if waiting or (not heard and row.asked_until is not None and today <= row.asked_until):
        raise ConflictError(
            _("业委会的意见还没有答复。") if waiting else _("征求意见到 %(day)s 为止。") % {"day": row.asked_until},
            code="owners.still_asked", hint=_("答复意见或期满后再公示。"),
        )  # fmt: skip
    row.public_from = today
    row.public_until = today + timedelta(days=selectors.number("owners.public.days", today))
    return end(row, "publish", by, now)


@whole
def withdraw(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> Evaluation:
    """Take a result off the residents' page, with the reason.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError, InvalidError.
    """
    row = begin(by, uuid, "withdraw", expected)
    said = words("reason", reason, 300)
    row.public_from = row.public_until = None
    return end(row, "withdraw", by, now, reason=said)
