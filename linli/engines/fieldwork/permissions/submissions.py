"""The doors of what is sent in: who may send for a visit, who reads a record, who judges it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Q, QuerySet, Value
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Finding, Round, RoundUnit, Submission, Target, Visit
from linli.foundation.core.actors import Actor, Grant
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.people.types import ADMIN_ROLES, Role

# Who reads all of the subdistrict; who reads what lies in their area; of these, who reads guarded kinds (households).
WIDE = frozenset({"dispatcher", "shift_leader", "street_leader", "supervisor"})
IN_AREA = frozenset({"grid_head", "neighbourhood_secretary", "community_worker", "microgrid_head", "inspector"})
NEAR_HOMES = frozenset({"neighbourhood_secretary", "community_worker", "microgrid_head"})
# Who judges records: of the round's unit, of the area, of the subdistrict.
HEADS = frozenset({"unit_head", "neighbourhood_secretary"})
AREA_JUDGES = frozenset({"neighbourhood_secretary", "grid_head"})
WIDE_JUDGES = frozenset({"shift_leader", "supervisor", "street_leader"})
_IDLE = frozenset({Role.RESIDENT.value, *(r.value for r in ADMIN_ROLES)})
WITH = ("form__form", "round__unit", "target__kind", "visit", "user")


def staff_grants(actor: Actor) -> tuple[Grant, ...]:
    """Return the grants by which somebody works: a resident's and an administrator's bring no visit."""
    return tuple(g for g in actor.grants if g.role not in _IDLE)


def working_units(actor: Actor) -> frozenset[int]:
    """Return the units in which somebody works."""
    return frozenset(g.unit_id for g in staff_grants(actor) if g.unit_id is not None)


def is_due_to(actor: Actor, visit: Visit) -> bool:
    """Return whether the visit is this person's: named, or of their unit where nobody is named."""
    if actor.user_id is not None and actor.user_id in (visit.user_id, visit.second_id):
        return True
    return visit.user_id is None and (visit.unit_id or visit.round.unit_id) in working_units(actor)


def reaches(actor: Actor, round_: Round, visit: Visit | None, target: Target | None) -> bool:
    """Return whether somebody may go there for the round: named for it, of its unit, and where their post lies."""
    if actor.is_system or (visit is not None and is_due_to(actor, visit)):
        return True
    units = {round_.unit_id, visit.unit_id if visit is not None else None, *_joining(actor, round_)}
    path = target.area_path if target is not None else round_.area_path
    return any(
        g.unit_id in units and (not g.area_path or path.startswith(g.area_path)) for g in staff_grants(actor)
    ) or any(g.role in IN_AREA and g.area_path and path.startswith(g.area_path) for g in staff_grants(actor))


def _joining(actor: Actor, round_: Round) -> set[int]:
    """Return those of somebody's units that take part in a round."""
    units = working_units(actor)
    rows = RoundUnit.objects.filter(round=round_, unit__in=units) if units else RoundUnit.objects.none()
    return set(rows.values_list("unit_id", flat=True))


def check_may_send(actor: Actor, round_: Round, visit: Visit | None, target: Target | None) -> None:
    """Raise unless somebody may send a record of this round about this target.

    Raises:
        ForbiddenError: nobody who works here, or the target lies in another grid.
    """
    if not actor.is_system and not staff_grants(actor):
        raise ForbiddenError(
            _("您的岗位不上报走访记录。"),
            code="fieldwork.role",
            hint=_("请用工作人员的账号登录后再提交，记录仍保留在本机。"),
        )
    if reaches(actor, round_, visit, target):
        return
    if target is not None:
        raise ForbiddenError(
            _("“%(name)s”不在您的网格内，也没有派给您。") % {"name": target.name}, code="fieldwork.other_grid",
            hint=_("请联系本轮的组织单位改派；记录仍保留在本机，改派后可以再次提交。"),
            fields={"target": [_("这个对象属于其他网格。")]},
        )  # fmt: skip
    raise ForbiddenError(
        _("这一轮没有派给您或您的单位。"), code="fieldwork.other_round",
        hint=_("请联系本轮的组织单位；记录仍保留在本机。"), fields={"round": [_("您不在这一轮的参加人员内。")]},
    )  # fmt: skip


def visible_q(actor: Actor, at: str = "") -> Q:
    """Return the filter of the records that somebody may read.

    Of guarded kinds (households) only their own, those of their grid for who works there, and those of rounds whose
    unit they head. Everything it asks stands on the record itself, so that a list is read along its index, whether
    somebody reads all of them or few; which rounds are a unit's is asked before, by one statement for who is not of
    the centre.

    Args:
        at: where the record stands from the rows that are filtered, ``submission__`` of findings.
    """
    if actor.is_system:
        return Q()

    def _is(**conditions: Any) -> Q:
        return Q(**{f"{at}{name}": value for name, value in conditions.items()})

    grants = staff_grants(actor)
    everything = any(g.role in WIDE and not g.area_path for g in grants)
    free = _is(guarded=False)
    q = free if everything else Q(pk__in=[])
    if actor.user_id is not None:
        q |= _is(user=actor.user_id) | _is(second=actor.user_id)
    for grant in grants:
        here = _is(area_path__startswith=grant.area_path)
        if grant.role in IN_AREA and grant.area_path:
            q |= here if grant.role in NEAR_HOMES else here & free
        elif grant.role in WIDE:
            q |= here & free
    headed = {g.unit_id for g in grants if g.unit_id is not None and g.role in HEADS}
    units = {g.unit_id for g in grants if g.unit_id is not None}
    if headed or (units and not everything):
        whole, plain = _rounds_of(units, headed)
        q |= _is(round__in=whole) | (free & _is(round__in=plain))
    return q


def _rounds_of(units: set[int], headed: set[int]) -> tuple[list[int], list[int]]:
    """Return the rounds of these units that they head, and the others, and those in which they take part."""
    rows = Round.objects.filter(unit__in=units).values_list("pk", "unit")
    joined = RoundUnit.objects.filter(unit__in=units).values_list("round", Value(0, output_field=BigIntegerField()))
    found = rows.order_by().union(joined.order_by(), all=True)
    whole: list[int] = []
    plain: list[int] = []
    for pk, unit in found:
        (whole if unit in headed else plain).append(pk)
    return whole, plain


def visible(actor: Actor) -> QuerySet[Submission]:
    """Return the records that somebody may read."""
    return Submission.objects.filter(visible_q(actor))


def get_submission_for(actor: Actor, uuid: UUID) -> Submission:
    """Return a record, if ``actor`` may read it.

    Raises:
        NotFoundError: there is none, or not for this reader; the two look alike.
    """
    found = visible(actor).select_related(*WITH).filter(uuid=uuid).first()
    if found is None:
        raise NotFoundError(
            _("没有找到这条记录。"), code="fieldwork.not_found", hint=_("它可能不存在，或不在您的查看范围内。")
        )
    return found


def visible_findings(actor: Actor) -> QuerySet[Finding]:
    """Return the findings of the records that somebody may read."""
    if actor.is_system:
        return Finding.objects.all()
    return Finding.objects.filter(visible_q(actor, "submission__"))


def get_finding_for(actor: Actor, uuid: UUID) -> Finding:
    """Return a finding, if ``actor`` may read it.

    Raises:
        NotFoundError: there is none, or not for this reader.
    """
    found = visible_findings(actor).select_related("submission__round", "target__kind", "recheck").filter(uuid=uuid)
    row = found.first()
    if row is None:
        raise NotFoundError(
            _("没有找到这个问题。"), code="fieldwork.not_found", hint=_("它可能不存在，或不在您的查看范围内。")
        )
    return row


def may_judge(actor: Actor, submission: Submission) -> bool:
    """Return whether somebody reviews records of this round: never one that they sent or went along with."""
    if actor.is_system:
        return True
    if actor.user_id is not None and actor.user_id in (submission.user_id, submission.second_id):
        return False
    round_ = submission.round
    path = submission.area_path or (round_.area_path if round_ is not None else "")
    if round_ is not None and actor.holds(HEADS, unit_id=round_.unit_id):
        return True
    return actor.holds(WIDE_JUDGES, area_path=path) or (bool(path) and actor.holds(AREA_JUDGES, area_path=path))


def check_may_judge(actor: Actor, submission: Submission) -> None:
    """Raise ForbiddenError unless somebody reviews records of this round."""
    if may_judge(actor, submission):
        return
    if actor.user_id is not None and actor.user_id in (submission.user_id, submission.second_id):
        raise ForbiddenError(
            _("不能审核自己提交的记录。"), code="fieldwork.own", hint=_("请由本轮组织单位的其他人员审核。")
        )
    raise ForbiddenError(
        _("您不审核这一轮的记录。"), code="fieldwork.judge",
        hint=_("由本轮组织单位的负责人、居民区书记、综合网格长、值班长或督查员审核。"),
    )  # fmt: skip


def may_open_sealed(actor: Actor, submission: Submission) -> bool:
    """Return whether somebody may read the personal answers: who sent them, the secretary there, the round's head."""
    if actor.is_system or (actor.user_id is not None and actor.user_id in (submission.user_id, submission.second_id)):
        return True
    if submission.area_path and actor.holds({"neighbourhood_secretary"}, area_path=submission.area_path):
        return True
    return submission.round is not None and actor.holds({"unit_head"}, unit_id=submission.round.unit_id)
