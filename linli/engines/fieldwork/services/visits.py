"""Visits: taken, given, walked in an own order; each knock; done, or not to be made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.models import Attempt, Visit
from linli.engines.fieldwork.permissions import (
    STAFF,
    check_lead,
    check_make,
    check_read,
    goes,
    mine_q,
    readable,
)
from linli.engines.fieldwork.rules.counts import Counts
from linli.engines.fieldwork.rules.rounds import Reached, knock
from linli.engines.fieldwork.services.counting import count, recount, take_step, tried
from linli.engines.fieldwork.services.steps import need, note_round, record, stale, wrong
from linli.engines.fieldwork.types import Given, Outcome
from linli.engines.fieldwork.workflow import VISIT_OPEN, RoundState, VisitState
from linli.foundation.accounts import selectors as accounts
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, NotFoundError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.messages import services as messages
from linli.foundation.people import selectors as people

MOST_GIVEN = 5_000
ASSIGNED = "fieldwork.assigned"
# A refusal is a neutral answer, and who asks to come later was met: only a closed door is a try that counts.
_CLOSED_DOOR = frozenset({Outcome.NOBODY.value, Outcome.CLOSED.value})


def _visit(uuid: UUID, expected: int | None = None) -> Visit:
    rows = Visit.objects.select_for_update(of=("self",)).select_related("round", "target__kind")
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(_("没有这次走访。"), code="fieldwork.no_visit")
    if expected is not None and found.version != expected:
        raise stale()
    return found


def _note(by: Actor, now: datetime, verb: str, visit: Visit, **more: object) -> None:
    record(by, now, verb, "visit", visit.uuid, visit.round.title, **more)  # type: ignore[arg-type]


@whole
def take_visit(*, by: Actor, now: datetime, uuid: UUID, expected: int | None = None) -> Visit:
    """Take a visit that nobody has: whoever works there.

    Args:
        expected: the version that the person saw; None: that nobody else has it is enough, as for a
            phone that comes late; who has it already keeps it.

    Raises:
        NotFoundError: the target is not for this person. ForbiddenError: not staff. StaleError, ConflictError:
            somebody was quicker (``params["there"]`` says who), it is done, or the round is not open.
    """
    visit = _visit(uuid)
    check_read(by, visit.target)
    if by.user_id is None or not by.has_role(*STAFF):
        raise ForbiddenError(_("走访由工作人员认领。"), code="fieldwork.take", hint=_("请联系居民区。"))
    if visit.state not in VISIT_OPEN or visit.user_id not in (None, by.user_id):
        raise _taken(visit)
    if visit.user_id == by.user_id and expected is None:
        return visit
    rows = Visit.objects.filter(pk=visit.pk, version=visit.version if expected is None else expected, user=None)
    if rows.update(user=by.user_id, version=F("version") + 1) != 1:
        raise stale()
    count(visit.round_id, Counts())
    visit.refresh_from_db()
    _note(by, now, "take_visit", visit, before={"user": None}, after={"user": by.user_id})
    return visit


def _taken(visit: Visit) -> ConflictError:
    """Return the error of a visit that is no longer free, with who has it."""
    names = [u.display_name for u in (visit.user, visit.second) if u is not None]
    there = {"by": "、".join(names), "word": str(visit.get_state_display())}
    if visit.state in VISIT_OPEN:
        message = _("这次走访已由%(who)s认领。") % {"who": there["by"]}
        return ConflictError(message, code="fieldwork.taken", hint=_("请刷新后选择别的走访。"), there=there)
    return ConflictError(
        _("这次走访已经结束，不能再认领。"), code="fieldwork.over", hint=_("请刷新后选择别的走访。"), there=there
    )


@whole
def hand_back(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> Visit:
    """Give back a visit that one is to make: it has nobody again.

    Args:
        expected: the version that the person saw; None: that they are to go is enough, as for a phone that comes late.

    Raises:
        NotFoundError, ForbiddenError (others are to go), StaleError, ConflictError, InvalidError (no reason).
    """
    need(reason=reason)
    visit = _visit(uuid, expected)
    check_make(by, visit)
    if not goes(by, visit) or visit.state not in VISIT_OPEN:
        raise ConflictError(_("这次走访不能退回。"), code="fieldwork.state", hint=_("请刷新后查看。"))
    before = {"user": visit.user_id, "second": visit.second_id}
    rows = Visit.objects.filter(pk=visit.pk, version=visit.version)
    values = {"user": None, "second": None, "planned_on": None, "place_in_walk": None}
    if rows.update(**values, version=F("version") + 1) != 1:
        raise stale()
    count(visit.round_id, Counts())
    visit.refresh_from_db()
    _note(by, now, "hand_back", visit, before=before, after={"user": None, "second": None}, reason=clean(reason))
    return visit


@whole
def assign(*, by: Actor, now: datetime, given: Sequence[Given]) -> int:
    """Give visits to people, all or none: by hand, by grid, or as a proposal says; return how many.

    Raises:
        NotFoundError, ForbiddenError: not who leads the rounds. StaleError: one was changed meanwhile, or is over.
        InvalidError: somebody may not be sent (no staff; of a guarded target: not of its grid), or two are one.
    """
    if not 0 < len(given) <= MOST_GIVEN or len({g.visit for g in given}) != len(given):
        raise wrong("visits", _("一次安排 1 至 %(most)s 次走访，每次只列一遍。") % {"most": MOST_GIVEN})
    rows = Visit.objects.select_for_update(of=("self",)).select_related("round", "target__kind")
    visits = {v.uuid: v for v in rows.filter(uuid__in=[g.visit for g in given]).order_by("pk")}
    if len(visits) != len(given):
        raise NotFoundError(_("没有这次走访。"), code="fieldwork.no_visit")
    rounds = {v.round_id: v.round for v in visits.values()}
    for round_ in sorted(rounds.values(), key=lambda r: r.pk):
        check_lead(by, round_)
    _check_people(given, visits, now)
    told: dict[int, int] = defaultdict(int)
    for each in sorted(given, key=lambda g: visits[g.visit].pk):
        visit = visits[each.visit]
        same = Visit.objects.filter(pk=visit.pk, version=each.expected, state__in=VISIT_OPEN)
        done = same.update(
            user=each.user_id, second=each.second_id, unit=each.unit_id or visit.unit_id, planned_on=each.planned_on,
            place_in_walk=each.place, version=F("version") + 1,
        )  # fmt: skip
        if done != 1:
            raise stale()
        told[visit.round_id] += 1
    moved = {v.round_id for g in given if (v := visits[g.visit]).unit_id != (g.unit_id or v.unit_id)}
    for round_id, n in sorted(told.items()):
        count(round_id, Counts())
        if round_id in moved:
            recount([round_id])
        users = sorted({g.user_id for g in given if visits[g.visit].round_id == round_id and g.user_id is not None})
        note_round(by, now, "assign", rounds[round_id], after={"visits": n, "users": users})
    _tell(by, now, given, visits)
    return len(given)


def _tell(by: Actor, now: datetime, given: Sequence[Given], visits: dict[UUID, Visit]) -> None:
    """Tell everybody who goes of what is new to them: one message for each round and day, not of one's own doing."""
    fresh: dict[tuple[int, int], list[Visit]] = defaultdict(list)
    for each in given:
        visit = visits[each.visit]
        for user_id in {each.user_id, each.second_id} - {None, visit.user_id, visit.second_id, by.user_id}:
            fresh[(user_id or 0, visit.round_id)].append(visit)
    day = timezone.localdate(now).isoformat()
    for (user_id, _round), found in sorted(fresh.items()):
        round_ = found[0].round
        due = max(v.due_on for v in found).isoformat()
        messages.tell_users(
            [user_id], template=ASSIGNED,
            params={"title": round_.title, "count": len(found), "due": due, "by": by.label},
            url="/desk/fieldwork/mine/", key=f"{ASSIGNED}:{round_.uuid}:{day}", now=now, subject_kind="round",
            subject_uuid=round_.uuid,
        )  # fmt: skip


def _check_people(given: Sequence[Given], visits: dict[UUID, Visit], now: datetime) -> None:
    of: dict[int, set[int]] = defaultdict(set)
    for each in given:
        _check_two(each)
        for user_id in {each.user_id, each.second_id} - {None}:
            of[user_id or 0].add(visits[each.visit].target_id)
    guarded = {v.target_id for v in visits.values() if v.target.kind.guarded}
    users = accounts.users(list(of))
    for user_id, targets in of.items():
        user = users.get(user_id)
        actor = people.actor_for(user, now) if user is not None else None
        if actor is None or not actor.has_role(*STAFF):
            raise wrong("user", _("只能安排在岗的工作人员。"))
        closed = targets & guarded
        if closed and readable(actor, guarded=True).filter(pk__in=closed).count() != len(closed):
            raise wrong("user", _("居民走访只能安排本网格的工作人员：%(name)s不在其中。") % {"name": actor.label})


def _check_two(given: Given) -> None:
    if given.second_id is not None and given.second_id == given.user_id:
        raise wrong("second", _("两人检查须是两个人。"))
    if given.second_id is not None and given.user_id is None:
        raise wrong("second", _("请先安排第一个人。"))


@whole
def reorder(*, by: Actor, now: datetime, day: date, order: Sequence[UUID]) -> int:
    """Put one's own visits of a day in an own order: what was proposed is a proposal. Return how many.

    Raises:
        InvalidError: one is not one's own, or over, or there twice.
    """
    if len(set(order)) != len(order):
        raise wrong("order", _("同一次走访只能出现一次。"))
    rows = Visit.objects.filter(mine_q(by), uuid__in=order, state__in=VISIT_OPEN, round__state=RoundState.OPEN)
    found = {v.uuid: v for v in rows.filter(Q(user=by.user_id) | Q(second=by.user_id)).order_by("pk")}
    if len(found) != len(order):
        raise wrong("order", _("有些走访不是您的，或已经结束，请刷新后重新排序。"))
    for place, uuid in enumerate(order, 1):
        found[uuid].place_in_walk, found[uuid].planned_on = place, day
    Visit.objects.bulk_update(found.values(), ["place_in_walk", "planned_on"], batch_size=500)
    record(by, now, "reorder", "visit", None, by.label, after={"day": day, "visits": len(order)})
    return len(order)


@whole
def attempt(
    *, by: Actor, now: datetime, uuid: UUID, outcome: str, note: str = "", at: datetime | None = None,
    attempt_uuid: UUID | None = None,
) -> Reached:  # fmt: skip
    """Enter a knock that led to no visit: after as many as the rulebook asks for, the door counts as not reached.

    A refusal is neutral: it is kept, and is no try of a closed door. What is sent twice is kept once.

    Args:
        at: when it was; None: now. Never later than ``now``.
        attempt_uuid: given by the device.

    Returns:
        Whether enough was tried, or when to try next.

    Raises:
        NotFoundError, ForbiddenError: not who goes. ConflictError: it is done or dropped, or the round is not open.
        InvalidError: an unknown outcome.
    """
    if outcome not in {o.value for o in Outcome}:
        raise wrong("outcome", _("请从列出的选项中选择。"))
    visit = _visit(uuid)
    check_make(by, visit)
    known = Attempt.objects.filter(uuid=attempt_uuid).first() if attempt_uuid is not None else None
    if known is not None:
        if known.visit_id != visit.pk:
            raise ConflictError(_("这条记录的编号已经用过。"), code="fieldwork.attempt")
        return reached(visit, now)
    row = Attempt(
        visit=visit, at=min(at or now, now), outcome=outcome, note=mask_personal(clean(note))[:200],
        by_label=by.label[:80],
    )  # fmt: skip
    if attempt_uuid is not None:
        row.uuid = attempt_uuid
    if visit.state == VisitState.UNREACHED:  # one more try, after enough were made
        count(visit.round_id, Counts())
        Visit.objects.filter(pk=visit.pk).update(tries=F("tries") + 1, version=F("version") + 1)
    else:
        take_step(visit, "try", tries=F("tries") + 1)
    row.save()
    tried(visit.target_id, row.at)
    found = reached(visit, now)
    if found.unreachable and visit.state == VisitState.TRIED:
        take_step(visit, "give_up")
    _note(by, now, "attempt", visit, after={"outcome": outcome, "state": visit.state})
    return found


def reached(visit: Visit, now: datetime) -> Reached:
    """Return what the closed doors of a visit amount to, by the rulebook."""
    tries = Attempt.objects.filter(visit=visit, outcome__in=_CLOSED_DOOR).values_list("at", flat=True)
    return knock(selectors.knocking(timezone.localdate(now)), tries, now, selectors.zone())


@whole
def join_visit(*, by: Actor, now: datetime, uuid: UUID, second_id: int, expected: int) -> Visit:
    """Say with whom one goes, where two are to go.

    Raises:
        NotFoundError, ForbiddenError: not who goes. StaleError. InvalidError: not staff, or oneself.
    """
    visit = _visit(uuid, expected)
    check_make(by, visit)
    user_id = visit.user_id if visit.user_id is not None else by.user_id
    _check_people([Given(uuid, expected, user_id, second_id)], {uuid: visit}, now)
    rows = Visit.objects.filter(pk=visit.pk, version=expected, state__in=VISIT_OPEN)
    if rows.update(user=user_id, second=second_id, version=F("version") + 1) != 1:
        raise stale()
    count(visit.round_id, Counts())
    visit.refresh_from_db()
    _note(by, now, "join_visit", visit, after={"user": user_id, "second": second_id})
    return visit


@whole
def drop_visit(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int) -> Visit:
    """Say that a visit is not to be made; it leaves the plan.

    Raises:
        NotFoundError, ForbiddenError: not who leads the round. StaleError, ConflictError; InvalidError: no reason.
    """
    need(reason=reason)
    visit = _visit(uuid, expected)
    check_lead(by, visit.round)
    before = visit.state
    take_step(visit, "drop", why_not=mask_personal(clean(reason))[:300])
    _note(by, now, "drop_visit", visit, before={"state": before}, after={"state": visit.state}, reason=visit.why_not)
    return visit


def hand_over(*, from_user: int, to_user: int | None) -> int:
    """Pass on the open visits of somebody who leaves; of two who were to go one stays. Return how many."""
    rows = Visit.objects.filter(state__in=VISIT_OPEN, round__state__in=[RoundState.DRAFT, RoundState.OPEN])
    first, second = rows.filter(user=from_user), rows.filter(second=from_user)
    ids = set(first.values_list("pk", flat=True)) | set(second.values_list("pk", flat=True))
    second.update(second=None, version=F("version") + 1)
    if to_user is None:  # who was to go along goes alone until somebody else is named
        first.filter(second__isnull=False).update(user=F("second"), second=None, version=F("version") + 1)
    else:
        first.filter(second=to_user).update(second=None)
    first.update(user=to_user, place_in_walk=None, version=F("version") + 1)
    return len(ids)
