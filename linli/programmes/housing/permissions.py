"""Who reads a flat's dossier, who takes its steps, and who opens what owner and tenant said.

Law is enforced by law officers; who works in the neighbourhood reads where it stands and goes along. Statements,
inventories and warrants are opened by law officers alone, and each opening stands in the journal.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.errors import ForbiddenError, NotFoundError
from linli.foundation.people import selectors as people
from linli.foundation.people.types import Role
from linli.foundation.rulebook import selectors as rulebook
from linli.programmes.housing.models import Dossier
from linli.programmes.housing.workflow import VERBS, Who

WIDE = frozenset({Role.SHIFT_LEADER.value, Role.STREET_LEADER.value, Role.SUPERVISOR.value, Role.DISPATCHER.value})
NEAR = frozenset({Role.NEIGHBOURHOOD_SECRETARY.value, Role.COMMUNITY_WORKER.value, Role.GRID_HEAD.value})
OFFICERS = frozenset({Role.UNIT_HANDLER.value, Role.UNIT_HEAD.value})


def law_units() -> frozenset[int]:
    """Return the units whose people enforce the law in homes, by the kinds that the rulebook names."""
    kinds = rulebook.value("housing.law_units", on=people.local_day(clock.now()))
    return frozenset(u.pk for u in people.active_units() if u.kind in kinds)


def is_officer(by: Actor) -> bool:
    """Return whether ``by`` is a law officer."""
    held = {g.unit_id for g in by.grants if g.role in OFFICERS and g.unit_id is not None}
    return by.is_system or bool(held and held & law_units())


def reader(by: Actor) -> Actor:
    """Return as whom ``by`` looks up buildings and flats: law officers work in every grid, others in their own."""
    return SYSTEM if is_officer(by) else by


def _leads_law(by: Actor) -> bool:
    held = {g.unit_id for g in by.grants if g.role == Role.UNIT_HEAD.value and g.unit_id is not None}
    return by.is_system or by.has_role(Role.STREET_LEADER.value) or bool(held & law_units())


def _paths(by: Actor) -> set[str]:
    return {g.area_path for g in by.grants if g.role in NEAR and g.area_path}


def dossiers_q(by: Actor) -> Q:
    """Return the filter of the dossiers that ``by`` may read: law officers, who leads, and who works in the grid."""
    if by.is_system or by.has_role(*WIDE) or is_officer(by):
        return Q()
    found = Q(pk__in=())
    for path in _paths(by):
        found |= Q(area_path__startswith=path)
    return found


def enters(by: Actor) -> bool:
    """Return whether ``by`` sees the pages at all."""
    return by.is_system or by.has_role(*WIDE, *NEAR, Role.INSPECTOR.value) or is_officer(by)


def check_enter(by: Actor) -> None:
    """Raise ForbiddenError unless :func:`enters`."""
    if not enters(by):
        raise ForbiddenError(
            _("群租整治由执法、居民区和街道人员查看。"), code="housing.enter", hint=_("物业企业请打开“零报告”。")
        )


def may_open(by: Actor, area_path: str) -> bool:
    """Return whether ``by`` takes up a flat that lies there."""
    return is_officer(by) or by.has_role(*WIDE) or any(area_path.startswith(p) for p in _paths(by))


def may(by: Actor, verb: str, row: Dossier) -> bool:
    """Return whether ``by`` is somebody who does ``verb``; the state is another matter."""
    who = VERBS[verb].who
    if by.is_system or (Who.OFFICER in who and is_officer(by)):
        return True
    if Who.LEADER in who and _leads_law(by):
        return True
    return Who.NEAR in who and any(row.area_path.startswith(p) for p in _paths(by))


def check_may(by: Actor, verb: str, row: Dossier) -> None:
    """Raise NotFoundError where ``by`` may not read the dossier, ForbiddenError where the step is not theirs."""
    if not Dossier.objects.filter(dossiers_q(by), pk=row.pk).exists():
        raise NotFoundError(_("没有这户的整治档案。"), code="housing.no_dossier")
    if may(by, verb, row):
        return
    names = {
        Who.OFFICER: _("执法人员"),
        Who.LEADER: _("执法单位负责人"),
        Who.NEAR: _("所在居民区"),
        Who.SYSTEM: _("系统"),
    }
    words = "、".join(names[w] for w in Who if w in VERBS[verb].who)
    raise ForbiddenError(
        _("您不能进行“%(verb)s”。") % {"verb": VERBS[verb].label}, code=f"housing.{verb}",
        hint=_("可以办理的：%(who)s。居民区人员只陪同，不执法。") % {"who": words},
    )  # fmt: skip


def check_papers(by: Actor) -> None:
    """Raise ForbiddenError unless ``by`` opens statements and inventories."""
    if not is_officer(by):
        raise ForbiddenError(
            _("陈述和清单只由执法人员查看。"), code="housing.papers", hint=_("确需了解的，请联系承办的执法人员。")
        )
