"""Proposals of who goes where: asked for, worked out apart from the page, taken whole or in part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.models import Round, RoundProposal
from linli.engines.fieldwork.models.proposals import ProposalState
from linli.engines.fieldwork.permissions import check_lead
from linli.engines.fieldwork.selectors.proposing import Proposal
from linli.engines.fieldwork.services.rounds import is_workday
from linli.engines.fieldwork.services.steps import wrong
from linli.engines.fieldwork.services.visits import assign
from linli.engines.fieldwork.types import Continuity, Free, Given, Span
from linli.foundation.accounts import selectors as accounts
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, DomainError, NotFoundError
from linli.foundation.jobs import services as jobs
from linli.foundation.messages import services as messages
from linli.foundation.people import selectors as people

PROPOSE = "fieldwork.propose"
PROPOSAL_READY, PROPOSAL_FAILED = "fieldwork.proposal_ready", "fieldwork.proposal_failed"
MOST_PEOPLE, MOST_DAYS = 200, 31
GRID, ROUTE = "grid", "route"


@dataclass(frozen=True, slots=True)
class Asking:
    """What a proposal is asked for.

    Attributes:
        how: ``grid``: dealt out to who works where the targets lie; ``route``: even loads, short walks.
        people: who can be sent; of ``route`` alone, as all that follows.
        first: the first day; ``days`` so many working days from it.
        begin, end: minutes since midnight between which they are out.
        most: visits at most in one shift.
        continuity: whether who came the last time is wanted again.
    """

    how: str
    people: tuple[int, ...] = ()
    first: date | None = None
    days: int = 5
    begin: int = 540
    end: int = 1020
    most: int = 40
    continuity: str = Continuity.NONE.value


def ask_proposal(*, by: Actor, now: datetime, round_: Round, asking: Asking) -> RoundProposal:
    """Ask for a proposal: by grid it is there at once, by route it is worked out by the worker.

    Raises:
        NotFoundError, ForbiddenError: not who leads the round. InvalidError: nobody to send, or no time.
    """
    check_lead(by, round_)
    if asking.how == ROUTE:
        _check(asking)
    asked = {
        "how": asking.how, "people": list(asking.people), "days": asking.days, "begin": asking.begin,
        "first": asking.first.isoformat() if asking.first else "", "end": asking.end, "most": asking.most,
        "continuity": asking.continuity,
    }  # fmt: skip
    with transaction.atomic():
        row = RoundProposal.objects.create(
            round=round_, user_id=by.user_id, by_label=by.label[:80], at=now, asked=asked
        )
        if asking.how == GRID:
            _keep(row, selectors.by_grid(by, round_, now))
        else:
            jobs.enqueue(name=PROPOSE, payload={"proposal": str(row.uuid)}, now=now, key=f"{PROPOSE}:{row.uuid}")
    return row


def _check(asking: Asking) -> None:
    if not 0 < len(asking.people) <= MOST_PEOPLE:
        raise wrong("people", _("请选择 1 至 %(most)s 人。") % {"most": MOST_PEOPLE})
    if asking.first is None:
        raise wrong("first", _("请选择从哪天开始。"))
    if not 0 < asking.days <= MOST_DAYS:
        raise wrong("days", _("请填写 1 至 %(most)s 天。") % {"most": MOST_DAYS})
    if not 0 <= asking.begin < asking.end <= 1440:
        raise wrong("begin", _("收工要晚于出发。"))


def work_out(*, now: datetime, uuid: UUID) -> None:
    """Work a proposal out that was asked for, and tell who asked; done twice it is the same."""
    row = RoundProposal.objects.select_related("round").filter(uuid=uuid, state=ProposalState.ASKED).first()
    if row is None:
        return
    try:
        by = _asker(row, now)
        found = selectors.propose(
            by, row.round, free_of(row.asked), now, continuity=Continuity(row.asked["continuity"])
        )
    except DomainError as error:
        with transaction.atomic():
            RoundProposal.objects.filter(pk=row.pk).update(state=ProposalState.FAILED, why_not=error.message[:300])
            _tell(row, now, PROPOSAL_FAILED, {"reason": error.message})
        return
    with transaction.atomic():
        _keep(row, found)
        _tell(row, now, PROPOSAL_READY, {"count": str(len(row.found["given"])), "left": str(row.found["left"])})


def _tell(row: RoundProposal, now: datetime, template: str, params: dict[str, str]) -> None:
    if row.user_id is not None:
        messages.tell_users(
            [row.user_id], template=template, params={"title": row.round.title, **params}, now=now,
            url=f"/desk/fieldwork/rounds/proposals/{row.uuid}/", key=f"{template}:{row.uuid}", subject_kind="round",
            subject_uuid=row.round.uuid,
        )  # fmt: skip


def _asker(row: RoundProposal, now: datetime) -> Actor:
    user = accounts.users([row.user_id or 0]).get(row.user_id or 0)
    if user is None:
        raise NotFoundError(_("申请人已不在岗。"), code="fieldwork.proposal")
    return people.actor_for(user, now)


def free_of(asked: Mapping[str, Any]) -> list[Free]:
    """Return when those asked for are free: on working days from the first."""
    days: list[date] = []
    day = date.fromisoformat(asked["first"])
    while len(days) < int(asked["days"]) and len(days) < MOST_DAYS:
        if is_workday(day):
            days.append(day)
        day += timedelta(days=1)
    shifts = tuple(Span(d, int(asked["begin"]), int(asked["end"])) for d in days)
    return [Free(int(u), shifts, int(asked["most"])) for u in dict.fromkeys(asked["people"])]


def _keep(row: RoundProposal, proposal: Proposal) -> None:
    assignment = proposal.assignment
    found: dict[str, Any] = {
        "given": [
            [
                str(g.visit),
                g.expected,
                g.user_id,
                g.second_id,
                g.planned_on.isoformat() if g.planned_on else "",
                g.place,
            ]
            for g in proposal.given
        ],
        "left": proposal.left,
    }
    if assignment is not None:
        found |= {
            "loads": dict(assignment.loads),
            "walk": assignment.walk_seconds,
            "days": [
                [list(d.people), d.shift.day.isoformat(), len(d.stops), sum(s.end - s.begin for s in d.stops),
                 -(-d.walk_seconds // 60), d.shift.minutes]
                for d in assignment.days
            ],
            "unplaced": dict(Counter(why.value for why in assignment.unplaced.values())),
        }  # fmt: skip
    RoundProposal.objects.filter(pk=row.pk).update(found=found, state=ProposalState.READY)
    row.found, row.state = found, ProposalState.READY


def proposal_for(by: Actor, uuid: UUID) -> RoundProposal:
    """Return a proposal, for who leads its round.

    Raises:
        NotFoundError, ForbiddenError.
    """
    row = RoundProposal.objects.select_related("round__form", "round__kind", "round__unit", "round__area").filter(
        uuid=uuid
    )
    found = row.defer("round__area__geometry", "round__area__wkb").first()
    if found is None:
        raise NotFoundError(_("没有这份建议。"), code="fieldwork.no_proposal")
    check_lead(by, found.round)
    return found


def given_of(row: RoundProposal, users: Collection[int] | None = None) -> list[Given]:
    """Return what a proposal gives, of some people alone where named."""
    return [
        Given(UUID(v), version, user, second, planned_on=date.fromisoformat(day) if day else None, place=place)
        for v, version, user, second, day, place in row.found.get("given", ())
        if users is None or user in users
    ]


@whole
def take_proposal(*, by: Actor, now: datetime, row: RoundProposal, users: Sequence[int]) -> int:
    """Assign as a proposal says, to those people alone; return how many visits.

    Raises:
        StaleError: a visit was changed since. ConflictError: it is not ready, or was taken.
        InvalidError: nobody was chosen. Else as :func:`assign`.
    """
    locked = RoundProposal.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.state != ProposalState.READY:
        raise ConflictError(_("这份建议已采纳或还没有算出。"), code="fieldwork.proposal", hint=_("请刷新后查看。"))
    given = given_of(locked, set(users))
    if not given:
        raise wrong("people", _("请勾选要采纳的人员。"))
    count = assign(by=by, now=now, given=given)
    RoundProposal.objects.filter(pk=row.pk).update(state=ProposalState.TAKEN)
    return count
