"""The doors of the case room: who sees which case, and who may do what to it, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.engines.cases import workflow
from linli.engines.cases.models import Case, CaseHelper, Reporter
from linli.engines.cases.types import Button
from linli.engines.cases.workflow import CLOSERS, READERS_ALL, STATES, UNIT_STAFF, VERBS, Level, Scope, State, Verb
from linli.foundation.core.actors import Actor, ActorKind
from linli.foundation.core.crypto import keyed_hash
from linli.foundation.core.errors import ConflictError, ForbiddenError, NotFoundError
from linli.foundation.core.ids import normal_code
from linli.foundation.people.types import role_names

if TYPE_CHECKING:
    from linli.engines.cases.workflow import Text

AREA_READERS = frozenset({"grid_head", "neighbourhood_secretary", "community_worker", "microgrid_head", "inspector"})
GUARDED_READERS = frozenset({"grid_head", "neighbourhood_secretary", "inspector"})
CONTACT_READERS = frozenset(
    {"dispatcher", "shift_leader", "neighbourhood_secretary", "community_worker", "unit_handler", "unit_head", "inspector"}
)


def visible_q(actor: Actor) -> Q:
    """Return the filter of the cases that ``actor`` may read."""
    if actor.is_system:
        return Q()
    q = Q(pk__in=[])
    for grant in actor.grants:
        if grant.role in READERS_ALL:
            q |= Q(area_path__startswith=grant.area_path) if grant.area_path else Q(pk__isnull=False)
        elif grant.role in AREA_READERS:
            here = Q(area_path__startswith=grant.area_path) if grant.area_path else Q(pk__isnull=False)
            q |= here if grant.role in GUARDED_READERS else here & Q(guarded=False)
    units = {g.unit_id for g in actor.grants if g.unit_id is not None and g.role in UNIT_STAFF}
    if units:
        q |= Q(unit__in=units) | Q(asking_unit__in=units)
        q |= Q(pk__in=CaseHelper.objects.filter(unit__in=units).values("case_id"))
    if actor.user_id is not None:
        q |= Q(reported_by=actor.user_id)
        if actor.has_role("resident"):
            q |= Q(pk__in=Reporter.objects.filter(user=actor.user_id).values("case_id"))
    if actor.unit_ids and not actor.has_role(*READERS_ALL):
        q &= Q(subject_unit__isnull=True) | ~Q(subject_unit__in=actor.unit_ids)
    return q


def visible(actor: Actor) -> QuerySet[Case]:
    """Return the cases that ``actor`` may read."""
    return Case.objects.filter(visible_q(actor))


def get_case_for(actor: Actor, key: UUID | str | int) -> Case:
    """Return the case with that uuid, number or id, if ``actor`` may read it.

    Raises:
        NotFoundError: there is none, or it is not for this reader; the two look alike.
    """
    where = Q(uuid=key) if isinstance(key, UUID) else Q(pk=key) if isinstance(key, int) else Q(number=key)
    case = visible(actor).filter(where).select_related("category", "category_version", "unit", "handler", "area").first()
    if case is None:
        raise NotFoundError(_("没有找到这个案件。"), code="cases.not_found", hint=_("它可能不存在，或不在您的查看范围内。"))
    return case


def reporter_for_code(code: str) -> tuple[Actor, Reporter, Case]:
    """Return who follows a case by the tracking code ``code``, and the case they now belong to.

    A merged case leads to its main one.

    Raises:
        NotFoundError: no report has that code.
    """
    return _following(Q(code_hash=keyed_hash(normal_code(code), "cases.code")))


def reporter_by_uuid(uuid: UUID) -> tuple[Actor, Reporter, Case]:
    """Return what :func:`reporter_for_code` returned earlier for the reporter ``uuid``; only after a code or a login proved it.

    Raises:
        NotFoundError: there is none.
    """
    return _following(Q(uuid=uuid))


def reporter_of_user(user_id: int, number: str) -> Reporter | None:
    """Return the row by which the user follows the case ``number``, None if they did not raise it."""
    return Reporter.objects.filter(user=user_id, case__number=number).order_by("id").first()


def _following(where: Q) -> tuple[Actor, Reporter, Case]:
    related = ("case__category", "case__category_version", "case__unit", "case__area")
    found = Reporter.objects.filter(where).select_related(*related).first()
    if found is None:
        raise NotFoundError(_("没有找到这个查询码。"), code="cases.code", hint=_("请核对纸条或短信上的 10 位查询码。"))
    return reporter_actor(found), found, main_case(found.case)


def reporter_actor(reporter: Reporter) -> Actor:
    """Return the reporter as an actor who may answer, urge, rate or withdraw that one case."""
    return Actor(
        kind=ActorKind.GUEST, label=str(_("反映人")), language=reporter.language,
        extra={"reporter": str(reporter.uuid), "case": str(reporter.case_id)},
    )


def main_case(case: Case) -> Case:
    """Return the case that ``case`` was merged into, or itself."""
    seen = {case.pk}
    while case.merged_into_id is not None and case.merged_into_id not in seen:
        seen.add(case.merged_into_id)
        case = Case.objects.select_related("category", "category_version", "unit", "area").get(pk=case.merged_into_id)
    return case


def is_reporter(actor: Actor, case: Case) -> bool:
    """Return whether ``actor`` raised ``case`` (or a case merged into it)."""
    if "case" in actor.extra:
        own = int(actor.extra["case"])
        return own == case.pk or Case.objects.filter(pk=own, merged_into=case.pk).exists()
    if actor.user_id is None:
        return False
    return Reporter.objects.filter(user=actor.user_id).filter(Q(case=case.pk) | Q(case__merged_into=case.pk)).exists()


def _role_fits(actor: Actor, case: Case, verb: Verb) -> bool:
    if verb.scope is Scope.ANY:
        return actor.kind is ActorKind.GUEST or actor.has_role(*verb.roles)
    if verb.scope is Scope.UNIT:
        return case.unit_id is not None and actor.holds(verb.roles, unit_id=case.unit_id)
    if verb.scope is Scope.HELPER:
        units = {g.unit_id for g in actor.grants if g.role in verb.roles and g.unit_id is not None}
        return bool(units) and CaseHelper.objects.filter(case=case.pk, unit__in=units).exists()
    if verb.scope is Scope.SYSTEM:
        return False
    wide = actor.holds(verb.roles - UNIT_STAFF, area_path=case.area_path)
    in_unit = case.unit_id is not None and actor.holds(verb.roles & UNIT_STAFF, unit_id=case.unit_id)
    in_area = actor.holds(verb.roles & AREA_READERS, area_path=case.area_path)
    if wide or in_unit or in_area:
        return True
    return verb.scope is Scope.REPORTER and "resident" in verb.roles and is_reporter(actor, case)


def _subject_blocks(actor: Actor, case: Case, verb: Verb) -> bool:
    return (
        case.subject_unit_id is not None
        and case.subject_unit_id in actor.unit_ids
        and not actor.has_role(*READERS_ALL)
        and verb.code != "report"
    )


def why_not(actor: Actor, case: Case, verb: Verb, *, look_at_state: bool = True) -> tuple[str, str]:
    """Return (code, translated reason) why ``actor`` may not do ``verb`` now; two empty strings if they may."""
    if look_at_state and verb.source and State(case.state) not in verb.source:
        return "state", _("“%(state)s”状态下不能%(verb)s。") % {"state": case.get_state_display(), "verb": verb.label}
    if actor.is_system:
        return "", ""
    if _subject_blocks(actor, case, verb):
        return "subject", _("您所在单位是被反映单位，不能办理此件。")
    if not _role_fits(actor, case, verb):
        return "role", _("“%(verb)s”由%(roles)s办理。") % {"verb": verb.label, "roles": roles_words(verb)}
    if verb.code == "close" and not actor.has_role(*CLOSERS[Level(case.level)]):
        return "level", _("%(level)s须由上一级结案。") % {"level": case.get_level_display()}
    if verb.code == "return_" and case.no_return:
        return "no_return", _("此件为签派，不能退单。")
    return "", ""


def roles_words(verb: Verb) -> str:
    """Return the Chinese names of the roles that may do ``verb``."""
    return role_names(verb.roles)


def check_verb(actor: Actor, case: Case, verb: Verb) -> None:
    """Raise if ``actor`` may not do ``verb`` to ``case`` now.

    Raises:
        ForbiddenError: not this person, or not this unit.
        ConflictError: not in this state.
    """
    code, why = why_not(actor, case, verb)
    if code == "state":
        raise ConflictError(why, code="cases.state", hint=_("请刷新页面，查看最新状态。"), state=case.state)
    if code:
        raise ForbiddenError(why, code=f"cases.{code}")


def can(actor: Actor, case: Case, verb: str) -> bool:
    """Return whether ``actor`` may do ``verb`` to ``case`` now: the twin of :func:`check_verb`."""
    return not why_not(actor, case, VERBS[verb])[0]


def buttons(actor: Actor, case: Case) -> list[Button]:
    """Return the verbs that fit the case's state, with whether this person may press each and, if not, why."""
    found = []
    for verb in VERBS.values():
        if not verb.source or State(case.state) not in verb.source or verb.scope is Scope.SYSTEM:
            continue
        code, why = why_not(actor, case, verb, look_at_state=False)
        found.append(Button(verb.code, str(verb.label), not code, why, verb.drastic))
    return found


def may_read_contact(actor: Actor, case: Case) -> bool:
    """Return whether ``actor`` may ask to see a reporter's name and number (each look is journalled)."""
    if case.subject_unit_id is not None and case.subject_unit_id in actor.unit_ids:
        return False
    if case.confidential and not actor.has_role("dispatcher", "shift_leader"):
        return False
    if actor.holds({"dispatcher", "shift_leader"}, area_path=case.area_path):
        return True
    if case.unit_id is not None and actor.holds(CONTACT_READERS - {"contractor"}, unit_id=case.unit_id):
        return True
    return actor.holds({"inspector", "neighbourhood_secretary"}, area_path=case.area_path) and not case.guarded


def owner_words(case: Case) -> Text:
    """Return who has to act next, in words."""
    owner = STATES[State(case.state)].owner
    if owner is workflow.Owner.UNIT and case.unit is not None:
        return str(case.unit)
    return owner.label
