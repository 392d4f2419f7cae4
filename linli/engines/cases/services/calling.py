"""Sampled call-backs (回访): drawn once a week, made by the centre; an unhappy one goes to a person's review."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from linli.engines.cases.models import CallBack, CallBackRound, Case
from linli.engines.cases.permissions import check_verb
from linli.engines.cases.rules.proof import RATINGS, needs_review
from linli.engines.cases.rules.sampling import as_rows, draw
from linli.engines.cases.selectors.callbacks import candidates, week_before
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.services.clocks import local_date, local_moment
from linli.engines.cases.services.inputs import need
from linli.engines.cases.services.work import Work
from linli.engines.cases.types import CallBackState, Solved
from linli.engines.cases.workflow import VERBS, Stage, State
from linli.engines.projects import services as projects
from linli.engines.projects.selectors import tasks_of
from linli.engines.projects.types import NewTask, TaskState
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people

SHARES = {"solved": 10, "explained": 20, "unsolved": 50, "satisfied": 5, "mostly": 10, "fair": 30, "unsatisfied": 0}
REACHED = ("reached", "no_answer", "wrong_number", "refused")


@whole
def draw_call_backs(*, now: datetime, week: date | None = None, seed: str = "") -> CallBackRound | None:
    """Draw the sample of a week once and give the centre the task; return None where it was drawn already.

    Args:
        week: its Monday; None: the week before the one of ``now``.
        seed: for tests and for drawing again; empty: drawn here, and recorded either way.
    """
    week = week or week_before(local_date(now))
    if CallBackRound.objects.filter(week=week).exists():
        return None
    shares = {str(k): int(v) for k, v in dict(rule_number("cases.callback.shares", SHARES, now)).items()}
    minimum, seed = int(rule_number("cases.callback.minimum", 1, now)), seed or secrets.token_hex(16)
    found = candidates(local_moment(week, 0), local_moment(week + timedelta(days=7), 0))
    ids = draw(found, shares, minimum, seed)
    row = CallBackRound.objects.create(
        week=week,
        seed=seed,
        shares=shares,
        minimum=minimum,
        candidates=as_rows(found),
        drawn=len(ids),
        drawn_at=now,
    )
    CallBack.objects.bulk_create(CallBack(round=row, case_id=pk) for pk in ids)
    label = _("电话回访 %(week)s") % {"week": week.isoformat()}
    journal.record(
        by=SYSTEM,
        verb="cases.draw_call_backs",
        kind="call_back_round",
        uuid=row.uuid,
        label=label,
        now=now,
        after={"seed": seed, "candidates": len(found), "drawn": len(ids), "shares": shares, "minimum": minimum},
    )
    centre = people.units_of_kind("operations_centre", on=local_date(now))
    if ids and centre:
        days = int(rule_number("cases.callback.days", 7, now))
        task = NewTask(
            title=_("%(label)s 起一周结案的 %(n)s 件") % {"label": label, "n": len(ids)},
            unit_id=centre[0].pk,
            due_on=local_date(now) + timedelta(days=days),
            source_uuid=row.uuid,
            source_label=label,
        )
        projects.create_tasks(by=SYSTEM, now=now, tasks=[task])
    return row


def _check_said(result: str, solved: str, satisfied: str) -> None:
    errors: dict[str, list[str]] = {}
    if result not in REACHED:
        errors["result"] = [_("请选择是否联系上。")]
    if result == "reached" and solved not in Solved.values:
        errors["solved"] = [_("请选择问题是否解决。")]
    if result == "reached" and satisfied not in RATINGS:
        errors["satisfied"] = [_("请选择是否满意。")]
    if errors:
        raise InvalidError(_("还有内容需要填写。"), code="cases.call_back", fields=errors)


@whole
def call_back(
    *,
    by: Actor,
    now: datetime,
    call: CallBack,
    result: str,
    solved: str = "",
    satisfied: str = "",
    words: str = "",
) -> CallBack:
    """Record one attempt to call somebody back.

    Reached, it ends the call-back; an unhappy person, or one whose problem is not solved, asks for
    a review, which a person decides. Not reached, it stays until the attempts are used up.

    Args:
        result: reached, no_answer, wrong_number or refused (they do not want to talk, which ends it).
        solved: yes, partly or no. satisfied: as ratings are.

    Raises:
        ForbiddenError: not of the centre. ConflictError: it has ended, or the case is open again.
    """
    _check_said(result, solved, satisfied)
    case = Case.objects.select_related("category", "category_version", "unit").get(pk=call.case_id)
    check_verb(by, case, VERBS["call_back"])
    row = _lock(call)
    attempts, reached = row.attempts + 1, result == "reached"
    unhappy = reached and (solved == Solved.NO or needs_review(satisfied))
    work = Work(case, by=by, now=now)
    work.act(
        "call_back",
        text=words,
        data={"result": result, "attempt": attempts, **({"solved": solved, "satisfied": satisfied} if reached else {})},
        changes={"needs_review": True} if unhappy else {},
        starts=(Stage.REVIEW,) if unhappy and Stage.REVIEW.value not in case.dues else (),
    )
    work.save()
    row.attempts = attempts
    if reached:
        row.state, row.solved, row.satisfied = CallBackState.DONE, solved, satisfied
        row.words = mask_personal(clean(words))[:1000]
    elif result == "refused" or attempts >= int(rule_number("cases.callback.attempts", 3, now)):
        row.state = CallBackState.GIVEN_UP
    if row.state != CallBackState.WAITING:
        row.ended_at, row.ended_label = now, by.label
    row.save()
    _end_task(row.round, now)
    return row


def _lock(call: CallBack) -> CallBack:
    row = CallBack.objects.select_for_update(of=("self",)).select_related("round").get(pk=call.pk)
    if row.state != CallBackState.WAITING:
        raise ConflictError(_("这次回访已经结束。"), code="cases.call_back", hint=_("请刷新后查看结果。"))
    return row


@whole
def drop_call_back(*, by: Actor, now: datetime, call: CallBack, reason: str) -> CallBack:
    """Give a call-back up with the reason: the case was taken up again, or the person asked not to be called.

    Raises:
        InvalidError: no reason. ConflictError: it has ended.
    """
    need(reason=reason)
    case = Case.objects.select_related("category", "category_version", "unit").get(pk=call.case_id)
    check_verb(by, case, VERBS["note"])
    if case.state == State.CLOSED:
        check_verb(by, case, VERBS["call_back"])
    row = _lock(call)
    work = Work(case, by=by, now=now)
    work.act("note", text=_("不再回访：%(why)s") % {"why": clean(reason)}, data={"call_back": "dropped"})
    work.save()
    row.state, row.ended_at, row.ended_label = CallBackState.GIVEN_UP, now, by.label
    row.words = mask_personal(clean(reason))[:1000]
    row.save()
    _end_task(row.round, now)
    return row


def _end_task(row: CallBackRound, now: datetime) -> None:
    """End the centre's task when the last call of its week is made."""
    if CallBack.objects.filter(round=row, state=CallBackState.WAITING).exists():
        return
    done = CallBack.objects.filter(round=row, state=CallBackState.DONE).count()
    for task in (t for t in tasks_of(row.uuid) if t.state == TaskState.OPEN):
        words = _("回访完成：联系上 %(done)s 件，共 %(all)s 件。") % {"done": done, "all": row.drawn}
        projects.end_task(by=SYSTEM, now=now, task=task, result=words)
