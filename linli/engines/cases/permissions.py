"""The doors of the case room: who sees which case, and who may do what to it, with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from hmac import compare_digest
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.lookups import In
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases import workflow
from linli.engines.cases.models import Case, CaseHelper, Reporter
from linli.engines.cases.types import Button
from linli.engines.cases.workflow import (
    CLOSERS,
    JUDGING,
    READERS_ALL,
    STATES,
    UNIT_STAFF,
    VERBS,
    Level,
    Scope,
    State,
    Verb,
)
from linli.foundation.core.actors import Actor, ActorKind, Grant
from linli.foundation.core.crypto import keyed_hash
from linli.foundation.core.db.prepared import NUMBER, TEXT, Prepared
from linli.foundation.core.errors import ConflictError, ForbiddenError, NotFoundError
from linli.foundation.core.ids import normal_code
from linli.foundation.people import selectors as people
from linli.foundation.people.types import ADMIN_ROLES, Role, role_names

if TYPE_CHECKING:
    from linli.engines.cases.workflow import Text

AREA_READERS = frozenset({"grid_head", "neighbourhood_secretary", "community_worker", "microgrid_head", "inspector"})
GUARDED_READERS = frozenset({"grid_head", "neighbourhood_secretary", "inspector"})
CONTACT_READERS = frozenset(
    {
        "dispatcher",
        "shift_leader",
        "neighbourhood_secretary",
        "community_worker",
        "unit_handler",
        "unit_head",
        "inspector",
    }
)


def _of_unit(units: set[int]) -> Q | In:
    """Return the filter of what ``units`` handle.

    SQLite would read every case a unit ever had from its index, and then sort; the sum keeps it to the
    order of the list, which finds a page of them sooner. PostgreSQL weighs the two by what it knows.
    """
    return In(F("unit") + 0, sorted(units)) if connection.vendor == "sqlite" else Q(unit__in=units)


def _reads_all(actor: Actor) -> bool:
    return actor.is_system or any(g.role in READERS_ALL and not g.area_path for g in actor.grants)


def visible_q(actor: Actor) -> Q:
    """Return the filter of the cases that ``actor`` may read."""
    if _reads_all(actor):
        return Q()  # no condition at all: the lists of the centre are then read straight from their indexes
    q = Q(pk__in=[])
    for grant in actor.grants:
        q |= _reach(grant)
    units = {g.unit_id for g in actor.grants if g.unit_id is not None and g.role in UNIT_STAFF}
    if units:
        q |= Q(_of_unit(units)) | Q(asking_unit__in=units)
        q |= Q(pk__in=CaseHelper.objects.filter(unit__in=units).values("case_id"))
    if actor.user_id is not None:
        q |= Q(reported_by=actor.user_id)
        if actor.has_role("resident"):
            q |= Q(pk__in=Reporter.objects.filter(user=actor.user_id).values("case_id"))
    own = working_units(actor)
    if own and not actor.has_role(*READERS_ALL):
        # What is below the unit complained about is as near to it as the unit itself.
        about = Case.objects.filter(Q(subject_unit__in=own) | Q(subject_unit__children__in=own))
        q &= Q(subject_unit__isnull=True) | ~Q(pk__in=about.values("pk"))
    return q


def _reach(grant: Grant) -> Q:
    """Return the cases that one grant opens by where they lie."""
    if grant.role not in READERS_ALL | AREA_READERS:
        return Q(pk__in=[])
    here = Q(area_path__startswith=grant.area_path) if grant.area_path else Q(pk__isnull=False)
    return here if grant.role in READERS_ALL | GUARDED_READERS else here & Q(guarded=False)


def working_units(actor: Actor) -> frozenset[int]:
    """Return the units that the actor works in: a resident's or an administrator's post brings no case."""
    idle = {Role.RESIDENT, *ADMIN_ROLES}
    return frozenset(g.unit_id for g in actor.grants if g.unit_id is not None and g.role not in idle)


def is_of_subject(units: frozenset[int] | set[int], subject_id: int | None) -> bool:
    """Return whether one of ``units`` is the unit complained about, or belongs to it."""
    if subject_id is None or not units:
        return False
    if subject_id in units:
        return True
    return any(u.parent_id == subject_id for u in people.units(units).values())


def visible(actor: Actor) -> QuerySet[Case]:
    """Return the cases that ``actor`` may read."""
    return Case.objects.filter(visible_q(actor))


_SHOWN_WITH = ("category", "category_version", "unit", "handler", "area")


class _Reader(NamedTuple):
    """All that decides what somebody may read."""

    kind: ActorKind
    user_id: int | None
    grants: tuple[Grant, ...]


@lru_cache(maxsize=512)
def _finding(reader: _Reader, column: str) -> Prepared[Case]:
    """Return the statement that finds a case by its number or id for one reader: what they may read is built once."""
    actor = Actor(kind=reader.kind, user_id=reader.user_id, grants=reader.grants)
    mark = TEXT if column == "number" else NUMBER
    return Prepared(lambda key: visible(actor).filter(**{column: key}).select_related(*_SHOWN_WITH)[:1], [mark])


def get_case_for(actor: Actor, key: UUID | str | int) -> Case:
    """Return the case with that uuid, number or id, if ``actor`` may read it.

    Raises:
        NotFoundError: there is none, or it is not for this reader; the two look alike.
    """
    if isinstance(key, UUID):
        case = visible(actor).filter(uuid=key).select_related(*_SHOWN_WITH).first()
    else:
        column = "number" if isinstance(key, str) else "id"
        case = _finding(_Reader(actor.kind, actor.user_id, actor.grants), column).first(key)
    if case is None:
        raise NotFoundError(
            _("没有找到这个案件。"), code="cases.not_found", hint=_("它可能不存在，或不在您的查看范围内。")
        )
    return case


def get_cases_for(actor: Actor, case_ids: Iterable[int]) -> dict[int, Case]:
    """Return those of the cases that ``actor`` may read, by id, as :func:`get_case_for` returns one: one statement."""
    return visible(actor).select_related(*_SHOWN_WITH).in_bulk(list(case_ids))


def versions_of(case_ids: Iterable[int]) -> dict[int, int]:
    """Return the present version of each case: what was read before is out of date where it differs."""
    return dict(Case.objects.filter(pk__in=list(case_ids)).values_list("pk", "version"))


def reporter_for_code(code: str) -> tuple[Actor, Reporter, Case]:
    """Return who follows a case by the tracking code ``code``, and the case they now belong to.

    A merged case leads to its main one.

    Raises:
        NotFoundError: no report has that code.
    """
    return _following(Q(code_hash=keyed_hash(normal_code(code), "cases.code")))


def reporter_by_uuid(uuid: UUID) -> tuple[Actor, Reporter, Case]:
    """Return what :func:`reporter_for_code` does, for the reporter ``uuid``: only after a code or a login proved it.

    Raises:
        NotFoundError: there is none.
    """
    return _following(Q(uuid=uuid))


def email_hash(address: str) -> str:
    """Return by what a reporter's e-mail address is found; empty for none."""
    return keyed_hash(address.strip().lower(), "cases.email") if address.strip() else ""


def mail_mark(reporter: Reporter) -> str:
    """Return what stands in the subject of mails to ``reporter``: the case's number and a code that only they know."""
    return f"{reporter.case.number}/{keyed_hash(str(reporter.uuid), 'cases.mark')[:10].upper()}"


def reporter_by_mail(case: UUID, sender: str) -> tuple[Actor, Reporter, Case] | None:
    """Return what :func:`reporter_for_code` does, for who wrote from ``sender``; None where they did not raise it.

    Only where the mail itself answers one of ours: an address alone proves nothing.
    """
    found = Case.objects.filter(uuid=case).only("pk").first()
    if found is None or not sender.strip():
        return None
    mine = Reporter.objects.filter(raised_q(found.pk), email_hash=email_hash(sender))
    return next((_following(Q(pk=pk)) for pk in mine.order_by("id").values_list("pk", flat=True)[:1]), None)


def marked_case(mark: str) -> tuple[UUID, bool] | None:
    """Return (case, whether the code fits) of a mark that :func:`mail_mark` could have made; None: no such number."""
    number, _slash, code = mark.partition("/")
    found = Case.objects.filter(number=number.upper()).only("pk", "uuid").first()
    if found is None:
        return None
    rows = Reporter.objects.filter(raised_q(found.pk)).only("uuid")
    known = (keyed_hash(str(r.uuid), "cases.mark")[:10].upper() for r in rows)
    return found.uuid, bool(code) and any(compare_digest(code.upper().encode(), k.encode()) for k in known)


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
        kind=ActorKind.GUEST,
        label=str(_("反映人")),
        language=reporter.language,
        extra={"reporter": str(reporter.uuid), "case": str(reporter.case_id)},
    )


def main_case(case: Case) -> Case:
    """Return the case that ``case`` was merged into, or itself."""
    seen = {case.pk}
    while case.merged_into_id is not None and case.merged_into_id not in seen:
        seen.add(case.merged_into_id)
        case = Case.objects.select_related("category", "category_version", "unit", "area").get(pk=case.merged_into_id)
    return case


def raised_q(case_id: int) -> Q:
    """Return the filter of the reporters of a case and of those merged into it.

    By the cases' ids: asked over a join to the case, both databases read every reporter there is.
    """
    return Q(case=case_id) | Q(case__in=Case.objects.filter(merged_into=case_id).values("pk"))


def is_reporter(actor: Actor, case: Case) -> bool:
    """Return whether ``actor`` raised ``case`` (or a case merged into it)."""
    if "case" in actor.extra:
        own = int(actor.extra["case"])
        return own == case.pk or Case.objects.filter(pk=own, merged_into=case.pk).exists()
    if actor.user_id is None:
        return False
    # One page asks for many verbs: what was found is kept on the row in memory.
    known: dict[int, bool] = case.__dict__.setdefault("_reporters_known", {})
    if actor.user_id not in known:
        rows = Reporter.objects.filter(raised_q(case.pk), user=actor.user_id)
        known[actor.user_id] = rows.exists()
    return known[actor.user_id]


class _Ties:
    """How an actor stands to a case; each question asked of the database once, and only if needed."""

    def __init__(self, actor: Actor, case: Case) -> None:
        self.actor, self.case = actor, case

    @cached_property
    def reporter(self) -> bool:
        return is_reporter(self.actor, self.case)

    @cached_property
    def subject(self) -> bool:
        return is_of_subject(working_units(self.actor), self.case.subject_unit_id)

    @cached_property
    def helpers(self) -> frozenset[int]:
        rows = CaseHelper.objects.filter(case=self.case.pk, unit__in=self.actor.unit_ids)
        return frozenset(rows.values_list("unit_id", flat=True)) if self.actor.unit_ids else frozenset()

    @cached_property
    def reads(self) -> bool:
        return visible(self.actor).filter(pk=self.case.pk).exists()


def _role_fits(ties: _Ties, verb: Verb) -> bool:
    actor, case = ties.actor, ties.case
    if verb.code == "note":
        return actor.has_role(*verb.roles) and ties.reads
    if verb.scope is Scope.ANY:
        return actor.kind is ActorKind.GUEST or actor.has_role(*verb.roles)
    if verb.scope is Scope.UNIT:
        return case.unit_id is not None and actor.holds(verb.roles, unit_id=case.unit_id)
    if verb.scope is Scope.HELPER:
        return any(g.role in verb.roles and g.unit_id in ties.helpers for g in actor.grants)
    if verb.scope is Scope.SYSTEM:
        return False
    wide = actor.holds(verb.roles - UNIT_STAFF, area_path=case.area_path)
    in_unit = case.unit_id is not None and actor.holds(verb.roles & UNIT_STAFF, unit_id=case.unit_id)
    in_area = actor.holds(verb.roles & AREA_READERS, area_path=case.area_path)
    if wide or in_unit or in_area:
        return True
    return verb.scope is Scope.REPORTER and "resident" in verb.roles and ties.reporter


def _subject_blocks(ties: _Ties, verb: Verb) -> bool:
    """Whether the actor's unit is complained about; those who read all may still route it, not judge it."""
    if verb.code == "report" or ties.case.subject_unit_id is None or not ties.subject:
        return False
    return verb.code in JUDGING or not ties.actor.has_role(*READERS_ALL)


def why_not(
    actor: Actor, case: Case, verb: Verb, *, look_at_state: bool = True, ties: _Ties | None = None
) -> tuple[str, str]:
    """Return (code, translated reason) why ``actor`` may not do ``verb`` now; two empty strings if they may."""
    ties = ties or _Ties(actor, case)
    if look_at_state and verb.source and State(case.state) not in verb.source:
        return "state", _("“%(state)s”状态下不能%(verb)s。") % {"state": case.get_state_display(), "verb": verb.label}
    if actor.is_system:
        return "", ""
    if _subject_blocks(ties, verb):
        return "subject", _("您所在单位是被反映单位，不能办理此件。")
    if not _role_fits(ties, verb):
        return "role", _("“%(verb)s”由%(roles)s办理。") % {"verb": verb.label, "roles": roles_words(verb)}
    if verb.code == "close" and not actor.holds(CLOSERS[Level(case.level)], area_path=case.area_path):
        return "level", _("%(level)s须由上一级结案。") % {"level": case.get_level_display()}
    if verb.code == "return_" and case.no_return:
        return "no_return", _("此件为签派，不能退单。")
    if verb.code in {"accept", "refuse"} and case.state == State.AWAITING_INFO and case.resume_state not in _UNDECIDED:
        return "state", _("此件已受理，反映人补充后继续办理。")
    return "", ""


_UNDECIDED = {"", State.REPORTED, State.TO_VERIFY}
_HINTS = {
    "subject": gettext_lazy("可请值班长改派其他单位。"),
    "role": gettext_lazy("请联系有权限的同事，或请派单员协助。"),
    "level": gettext_lazy("请交上一级决定，或先申请降级。"),
    "no_return": gettext_lazy("如确不属职责，可申请升级或会商。"),
}


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
        raise ForbiddenError(why, code=f"cases.{code}", hint=str(_HINTS[code]))


def can(actor: Actor, case: Case, verb: str) -> bool:
    """Return whether ``actor`` may do ``verb`` to ``case`` now: the twin of :func:`check_verb`."""
    return not why_not(actor, case, VERBS[verb])[0]


def buttons(actor: Actor, case: Case) -> list[Button]:
    """Return the verbs that fit the case's state, with whether this person may press each and, if not, why."""
    found = []
    ties = _Ties(actor, case)
    for verb in VERBS.values():
        if not verb.source or State(case.state) not in verb.source or verb.scope is Scope.SYSTEM:
            continue
        code, why = why_not(actor, case, verb, look_at_state=False, ties=ties)
        found.append(Button(verb.code, str(verb.label), not code, why, verb.drastic))
    return found


def may_read_contact(actor: Actor, case: Case) -> bool:
    """Return whether ``actor`` may ask to see a reporter's name and number (each look is journalled)."""
    if is_of_subject(working_units(actor), case.subject_unit_id):
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
