"""The doors of tasks: who sees which, how somebody stands to one, and who may do what, with the reason."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.projects.models import Task, TaskHelper
from linli.engines.projects.types import Standing
from linli.engines.projects.workflow import CENTRE, HEADS, ORDERERS, OVERSEERS, VERBS, Verb, Who
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError
from linli.foundation.people.types import ADMIN_ROLES, Role

_IDLE = frozenset({Role.RESIDENT, *ADMIN_ROLES})


def working_units(actor: Actor) -> frozenset[int]:
    """Return the units that the actor works in: a resident's or an administrator's post brings no task."""
    return frozenset(g.unit_id for g in actor.grants if g.unit_id is not None and g.role not in _IDLE)


def visible_q(actor: Actor) -> Q:
    """Return the filter of the tasks that ``actor`` may read.

    Those that their units owe, help with or gave, their own, those of the leading groups that they are members of,
    and all for those who oversee.
    """
    if actor.is_system or actor.has_role(*OVERSEERS):
        return Q()
    units = working_units(actor)
    q = Q(unit__in=units) | Q(sender_unit__in=units)
    q |= Q(pk__in=TaskHelper.objects.filter(unit__in=units).values("task_id"))
    if actor.bodies:
        q |= Q(body__in=actor.bodies)
    if actor.user_id is not None:
        q |= Q(user=actor.user_id) | Q(giver=actor.user_id)
    return q


def visible(actor: Actor) -> QuerySet[Task]:
    """Return the tasks that ``actor`` may read."""
    return Task.objects.filter(visible_q(actor))


def owns(actor: Actor, task: Task) -> bool:
    """Return whether the task is the actor's to do: their unit's, or given to them."""
    return (
        actor.is_system
        or task.unit_id in working_units(actor)
        or (task.user_id is not None and task.user_id == actor.user_id)
    )


may_end = owns


def gives(actor: Actor, task: Task) -> bool:
    """Return whether the actor stands for who asked: themselves, their unit; the centre for what nobody else gave.

    A task inside a unit is judged by its head or by whoever gave it.
    """
    if actor.is_system or (task.giver_id is not None and task.giver_id == actor.user_id):
        return True
    if task.sender_unit_id is None:
        return task.giver_id is None and actor.has_role(*CENTRE)
    if task.sender_unit_id == task.unit_id:
        return actor.holds(HEADS, unit_id=task.unit_id)
    return task.sender_unit_id in working_units(actor)


def ways(actor: Actor, task: Task) -> frozenset[Who]:
    """Return in which ways the actor stands to the task."""
    if actor.is_system:
        return frozenset(Who)
    found = set()
    if owns(actor, task):
        found.add(Who.OWNER)
        if task.to_neighbourhood:
            found.add(Who.NEIGHBOURHOOD)
    if actor.holds(HEADS, unit_id=task.unit_id):
        found.add(Who.HEAD)
    if gives(actor, task):
        found.add(Who.GIVER)
    if actor.has_role(*ORDERERS):
        found.add(Who.ORDERER)
    if {h.unit_id for h in task.helpers.all()} & working_units(actor):
        found.add(Who.HELPER)
    return frozenset(found)


_WHO_ELSE = {
    Who.OWNER: gettext_lazy("只有承担单位可以做这一步。"),
    Who.GIVER: gettext_lazy("只有交办的一方可以做这一步。"),
    Who.HEAD: gettext_lazy("只有单位负责人可以指派。"),
    Who.ORDERER: gettext_lazy("督办由街道领导和督查员进行。"),
    Who.NEIGHBOURHOOD: gettext_lazy("只有承担的居民区可以退回。"),
}


def why_not(actor: Actor, task: Task, verb: Verb, stood: frozenset[Who] | None = None) -> DomainError | None:
    """Return why ``actor`` may not do ``verb`` on the task now, None if they may."""
    held = ways(actor, task) if stood is None else stood
    if verb.code == "refuse" and Who.OWNER in held and not task.to_neighbourhood:
        return ConflictError(
            _("这项任务不是外单位交给居民区的，不能退回。"),
            code="projects.refuse",
            hint=_("如不能完成，请取消任务并写明原因。"),
        )
    if not held & verb.who:
        first = next((w for w in _WHO_ELSE if w in verb.who), Who.OWNER)
        return ForbiddenError(str(_WHO_ELSE[first]), code="projects.unit", hint=_("请联系该单位。"))
    if verb.code == "drop" and task.needs_acceptance and Who.GIVER not in held:
        return ForbiddenError(
            _("这项任务由交办的一方取消。"),
            code="projects.unit",
            hint=_("不能完成的，请写明原因申请延期或与交办方联系。"),
        )
    return _standing_forbids(task, verb)


def _standing_forbids(task: Task, verb: Verb) -> DomainError | None:
    if verb.source and Standing(task.standing) not in verb.source:
        ended = task.ended_at is not None
        return ConflictError(
            _("这项任务已经办结。")
            if ended
            else _("任务现在是“%(state)s”，不能做这一步。") % {"state": task.get_standing_display()},
            code="projects.ended" if ended else "projects.standing",
            hint=_("请刷新后查看。"),
        )
    if verb.accepted is not None and verb.accepted != task.needs_acceptance:
        return ConflictError(
            _("这项任务要由交办的一方验收。") if task.needs_acceptance else _("这项任务不需要验收，可以直接办结。"),
            code="projects.acceptance",
            hint=_("请提交验收。") if task.needs_acceptance else "",
        )
    if verb.ends and task.open_orders:
        return ConflictError(
            _("还有督办没有结论，不能%(verb)s。") % {"verb": verb.label},
            code="projects.order",
            hint=_("请先答复督办，由督办人作出结论。"),
        )
    return None


def check(actor: Actor, task: Task, verb: Verb) -> None:
    """Raise what stands in the way of ``verb``.

    Raises:
        ForbiddenError, ConflictError: see :func:`why_not`.
    """
    if (error := why_not(actor, task, verb)) is not None:
        raise error


def doable(actor: Actor, task: Task) -> frozenset[str]:
    """Return the codes of the verbs that the actor may do on the task now: one statement at most."""
    held = ways(actor, task)
    return frozenset(
        code for code, verb in VERBS.items() if code != "give" and why_not(actor, task, verb, held) is None
    )
