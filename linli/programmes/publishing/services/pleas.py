"""Requests to take something down: filed by anybody, answered by a day, with the text away in the meantime if need be.

民法典 第1195条 asks for the necessary measures in time after a notice; 个人信息保护法 第50条 for an easy way to
ask and an answer with reasons. The days are ``publishing.takedown_days`` of the rulebook.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.cases.selectors.settings import number
from linli.foundation.core.actors import Actor
from linli.foundation.core.crypto import encrypt_text
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.ids import tracking_code
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.jobs.services import Keeping, blanking, keep
from linli.foundation.journal import services as journal
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook.exceptions import YearNotAnnouncedError
from linli.programmes.publishing.models import Article, TakedownRequest
from linli.programmes.publishing.permissions import may_decide, need
from linli.programmes.publishing.selectors.pleas import PURPOSE, hash_of
from linli.programmes.publishing.services import pieces, releasing
from linli.programmes.publishing.types import Answer, Plea, Right
from linli.programmes.publishing.workflow import State

RULE = "民法典 第1195条；个人信息保护法 第50条"
DAYS = "publishing.takedown_days"


@dataclass(frozen=True, slots=True)
class Filed:
    """What who asks gets back: the request and the code to follow it by, told only here."""

    plea: TakedownRequest
    code: str


def due_on(now: datetime) -> date:
    """Return the working day by which a request filed now is answered."""
    day, days = timezone.localtime(now).date(), int(number(DAYS, 10, now))
    calendar = rulebook.working_calendar()
    for _number in range(days):
        try:
            day = calendar.next_workday(day)
        except YearNotAnnouncedError:  # weekdays are taken for working days
            day += timedelta(days=3 if day.weekday() == 4 else 2 if day.weekday() == 5 else 1)
    return day


def _check(plea: Plea) -> dict[str, str]:
    texts = {name: clean(getattr(plea, name)) for name in ("statement", "name", "contact")}
    faults = pieces.lengths(
        {"statement": (texts["statement"], 2_000), "name": (texts["name"], 40), "contact": (texts["contact"], 100)}
    )
    if len(texts["statement"]) < 10:
        faults["statement"] = [_("请写明哪里不对、为什么，至少 10 个字。")]
    if plea.right not in Right.values:
        faults["right"] = [_("请选择一项。")]
    pieces.refuse(faults)
    return texts


@whole
def file_plea(*, by: Actor, now: datetime, article: Article, plea: Plea) -> Filed:
    """File a request about an article that is out.

    Raises:
        InvalidError: with what is wrong by field.
    """
    texts = _check(plea)
    code = tracking_code()
    row = TakedownRequest.objects.create(
        article=article,
        right=plea.right,
        statement_sealed=encrypt_text(texts["statement"], PURPOSE),
        name_sealed=encrypt_text(texts["name"], PURPOSE),
        contact_sealed=encrypt_text(texts["contact"], PURPOSE),
        code_hash=hash_of(code),
        filed_at=now,
        due_on=due_on(now),
    )
    _journal(row, "file_plea", by, now, after={"right": row.right, "due_on": row.due_on.isoformat()})
    return Filed(row, code)


def _open(row: TakedownRequest) -> None:
    if row.answer:
        raise ConflictError(_("这个申请已经答复。"), code="publishing.answered", hint=_("请刷新后查看。"))


@whole
def hide(*, by: Actor, now: datetime, plea: TakedownRequest, reason: str) -> None:
    """Take the article off the public pages at once, until the request is answered.

    Raises:
        ForbiddenError: not of those who decide. ConflictError: it is answered, or hidden already.
    """
    need(may_decide(by), _("由值班长或街道领导决定。"))
    pieces.required(reason=reason)
    _open(plea)
    if Article.objects.filter(pk=plea.article_id, hidden_at__isnull=True).update(hidden_at=now) != 1:
        raise ConflictError(_("这篇稿件已经暂时隐去。"), code="publishing.hidden", hint=_("请刷新后查看。"))
    TakedownRequest.objects.filter(pk=plea.pk).update(hidden_at=now)
    plea.hidden_at = now
    _journal(plea, "hide", by, now, reason=clean(reason), after={"article": plea.article.title})


@whole
def answer_plea(
    *, by: Actor, now: datetime, plea: TakedownRequest, answer: str, reply: str, article_version: int
) -> TakedownRequest:
    """Answer a request with the reason that who asked reads: kept, corrected, or withdrawn.

    A withdrawn article leaves every channel. ``edited`` says that it was corrected: do that first. ``kept`` and
    ``edited`` bring a hidden article back, unless another request about it waits.

    Raises:
        ForbiddenError: not of those who decide. ConflictError: it is answered, or was never corrected.
        InvalidError: no answer or no reason. StaleError: the article changed since it was looked at.
    """
    need(may_decide(by), _("由值班长或街道领导决定。"))
    if answer not in Answer.values or not answer:
        raise InvalidError(_("请选择怎样答复。"), code="publishing.answer", fields={"answer": [_("请选择一项。")]})
    pieces.required(reply=reply)
    text = mask_personal(clean(reply))
    article = Article.objects.select_for_update().get(pk=plea.article_id)
    if answer == Answer.EDITED and (article.corrected_at is None or article.corrected_at < plea.filed_at):
        raise ConflictError(
            _("稿件还没有更正。"), code="publishing.not_corrected", hint=_("请先在稿件页更正，再答复“已更正”。")
        )
    rows = TakedownRequest.objects.filter(pk=plea.pk, answer="")
    if rows.update(answer=answer, reply=text, decided_at=now, decided_label=by.label) != 1:
        _open(TakedownRequest.objects.get(pk=plea.pk))
    plea.refresh_from_db()
    if answer == Answer.WITHDRAWN and article.state == State.RELEASED:
        releasing.withdraw(by=by, now=now, piece=article, version=article_version, reason=text)
    elif answer != Answer.WITHDRAWN and not TakedownRequest.objects.filter(article=article, answer="").exists():
        Article.objects.filter(pk=article.pk).update(hidden_at=None)
    _journal(plea, "answer_plea", by, now, before={"answer": ""}, after={"answer": answer}, reason=text)
    return plea


def note_seen(*, by: Actor, now: datetime, plea: TakedownRequest) -> None:
    """Write down that somebody opened how to reach who asks."""
    need(may_decide(by), _("由值班长或街道领导决定。"))
    _journal(plea, "open_plea", by, now)


def _journal(row: TakedownRequest, verb: str, by: Actor, now: datetime, *, reason: str = "", **more: Any) -> None:
    journal.record(
        by=by,
        verb=f"publishing.{verb}",
        kind="publishing_plea",
        uuid=row.uuid,
        label=row.article.title[:80],
        now=now,
        reason=reason,
        rule=RULE,
        **more,
    )


def _over(before: datetime) -> QuerySet[TakedownRequest]:
    rows = TakedownRequest.objects.filter(decided_at__lte=before)
    return rows.exclude(statement_sealed=b"", name_sealed=b"", contact_sealed=b"")


keep(
    Keeping(
        "publishing.takedown",
        "publishing.TakedownRequest",
        ("statement_sealed", "name_sealed", "contact_sealed"),
        since="the day on which it was answered",
        end="who asked and what they wrote are blanked; the answer stays",
        take=blanking(_over, statement_sealed=b"", name_sealed=b"", contact_sealed=b""),
    )
)
