"""The register of needs: entered, given to who answers, answered, told; each with a task that keeps its clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.projects import selectors as project_selectors
from linli.engines.projects import services as projects
from linli.engines.projects.types import NewTask
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.crypto import encrypt_text
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError
from linli.foundation.core.faults import stale
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places
from linli.programmes.visits import permissions
from linli.programmes.visits.models import Demand, DemandEvent
from linli.programmes.visits.selectors.demands import SEALED
from linli.programmes.visits.services.help import fitting, needed, note, number, wrong
from linli.programmes.visits.types import DemandData, Way
from linli.programmes.visits.workflow import VERBS, DemandState

SOURCE = "demand"
FARTHEST = 366


@whole
def register(*, by: Actor, now: datetime, data: DemandData) -> Demand:
    """Enter a need; where it is said who answers it, it is given to them at once.

    Raises:
        ForbiddenError: not staff. NotFoundError: the target is not for this person. InvalidError: by field.
    """
    permissions.check_enter(by)
    target = fieldwork.target_for(by, data.target) if data.target is not None else None
    guarded = target is not None and target.kind.guarded
    text = needed("text", data.text, 500)
    row = Demand(
        origin=data.origin, guarded=guarded, target=target, item=data.item, source=data.source,
        officer_id=data.officer_id, created_at=now, by_uuid=by.uuid, by_label=by.label[:80],
    )  # fmt: skip
    row.who = "" if guarded else fitting("who", data.who, 100) or (target.name if target is not None else "")
    row.area_path = target.area_path if target is not None else _area_path(by, data.area_id)
    keep_text(row, text)
    row.save()
    happened(row, by, now, "register", after={"origin": row.origin})
    if data.unit_id is not None:
        return assign(by=by, now=now, uuid=row.uuid, unit_id=data.unit_id, due_on=data.due_on)
    return row


def keep_text(row: Demand, text: str) -> None:
    """Put the words of a need where they belong: of a home sealed, else open with names and numbers masked."""
    row.text = "" if row.guarded else mask_personal(text)[:500]
    row.sealed = encrypt_text(text, SEALED) if row.guarded else b""


def _area_path(by: Actor, area_id: int | None) -> str:
    if area_id is None:
        own = {g.area_path for g in by.grants if g.area_path}
        return next(iter(own)) if len(own) == 1 else ""
    try:
        return str(places.area(area_id).path)
    except NotFoundError as error:
        raise wrong(area_id=_("没有这个区域。")) from error


def happened(
    row: Demand, by: Actor, now: datetime, verb: str, text: str = "", after: dict[str, Any] | None = None,
    before: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Append a step and enter it in the journal; of a need said at home the journal holds no words."""
    DemandEvent.objects.create(demand=row, at=now, verb=verb, text=text[:1000], by_label=by.label[:80])
    reason = "" if row.guarded else text[:300]
    note(by, now, verb, "demand", row.uuid, row.number, before=before, after=after, reason=reason)


def _begin(by: Actor, uuid: UUID, verb: str, expected: int | None) -> Demand:
    row = Demand.objects.select_for_update(of=("self",)).filter(uuid=uuid).first()
    if row is None:
        raise NotFoundError(_("没有这项需求。"), code="visits.no_demand")
    permissions.check_may(by, verb, row)
    if expected is not None and row.version != expected:
        raise stale()
    if row.state not in VERBS[verb].origins:
        raise ConflictError(
            _("这项需求现在是“%(state)s”，不能“%(verb)s”。")
            % {"state": row.get_state_display(), "verb": VERBS[verb].label},
            code="visits.state", hint=_("请刷新后查看。"),
        )  # fmt: skip
    return row


def _end(row: Demand, verb: str, by: Actor, now: datetime, text: str = "", after: dict[str, Any] | None = None) -> None:
    before, row.state = row.state, VERBS[verb].to
    row.version += 1
    row.save()
    happened(row, by, now, verb, text, before={"state": before}, after={"state": row.state, **(after or {})})


@whole
def assign(
    *, by: Actor, now: datetime, uuid: UUID, unit_id: int, due_on: date | None = None, expected: int | None = None
) -> Demand:
    """Give a need to the unit that answers it: a task of that unit falls due with the answer, and reminds as tasks do.

    Args:
        due_on: until when; None: the day promised at the door, else ``visits.demand.days`` from today.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError; InvalidError: no such unit, or no day to come.
    """
    row = _begin(by, uuid, "assign", expected)
    today = people.local_day(now)
    promised = None
    if row.due_on is not None and row.state == DemandState.NEW:
        promised = min(max(row.due_on, today), today + timedelta(days=FARTHEST))
    due = due_on or promised or today + timedelta(days=number("demand.days", today))
    if not today <= due <= today + timedelta(days=FARTHEST):
        raise wrong(due_on=_("答复期限应在今天以后、一年以内。"))
    if not people.units([unit_id]):
        raise wrong(unit_id=_("请选择承办单位。"))
    _drop_task(row, now, _("已改派。"))
    row.unit_id, row.due_on = unit_id, due
    row.task = _give_task(row, by, now)
    _end(row, "assign", by, now, after={"unit": unit_id, "due_on": due})
    return row


def _give_task(row: Demand, by: Actor, now: datetime) -> UUID:
    """Give the owner a task that names the need; the words of a home stay in the register."""
    title = _("答复走访需求 %(number)s") % {"number": row.number} if row.guarded else row.text
    wanted = NewTask(
        title=title[:200], unit_id=row.unit_id or 0, due_on=row.due_on or people.local_day(now), source_kind=SOURCE,
        source_uuid=row.uuid, source_label=row.number, outside_reason=_("走访中收到的需求，由所在居民区答复。"),
    )  # fmt: skip
    try:
        made = projects.create_tasks(by=by, now=now, tasks=[wanted])[0]
    except InvalidError as error:
        raise wrong(unit_id=error.message) from error
    return made.uuid


def _drop_task(row: Demand, now: datetime, why: str, *, done: bool = False) -> None:
    """End the open task of a need: answered, or given to somebody else."""
    if row.task is None:
        return
    for task in project_selectors.tasks_of(row.uuid):
        if task.uuid == row.task and task.state == "open":
            projects.end_task(by=SYSTEM, now=now, task=task, result=why[:500], dropped=not done)
    row.task = None


@whole
def give_back(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> Demand:
    """Give a need back that is not this unit's: it has no owner again.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError, InvalidError.
    """
    row = _begin(by, uuid, "give_back", expected)
    why = mask_personal(needed("reason", reason, 300))
    _drop_task(row, now, why)
    row.unit_id, row.due_on = None, None
    _end(row, "give_back", by, now, why)
    return row


@whole
def reply(*, by: Actor, now: datetime, uuid: UUID, text: str, expected: int | None = None) -> Demand:
    """Answer a need; its task is done with that.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError, InvalidError.
    """
    row = _begin(by, uuid, "reply", expected)
    row.reply, row.replied_at = mask_personal(needed("reply", text, 1000)), now
    _drop_task(row, now, _("已答复。") if row.guarded else row.reply, done=True)
    _end(row, "reply", by, now, row.reply)
    return row


@whole
def tell(*, by: Actor, now: datetime, uuid: UUID, way: str, text: str = "", expected: int | None = None) -> Demand:
    """Say that whoever needs it was told the answer, and how.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError; InvalidError: an unknown way.
    """
    row = _begin(by, uuid, "tell", expected)
    if way not in Way.values:
        raise wrong(way=_("请从列出的选项中选择。"))
    row.told_at, row.told_way = now, way
    _end(row, "tell", by, now, mask_personal(fitting("text", text, 300)), {"way": way})
    return row


@whole
def ask_again(
    *, by: Actor, now: datetime, uuid: UUID, reason: str, due_on: date, expected: int | None = None
) -> Demand:
    """Let the owner go on: the answer did not meet the need.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError, InvalidError.
    """
    row = _begin(by, uuid, "ask_again", expected)
    why = mask_personal(needed("reason", reason, 300))
    today = people.local_day(now)
    if not today <= due_on <= today + timedelta(days=FARTHEST):
        raise wrong(due_on=_("答复期限应在今天以后、一年以内。"))
    row.due_on, row.replied_at, row.told_at, row.told_way = due_on, None, None, ""
    row.task = _give_task(row, by, now)
    _end(row, "ask_again", by, now, why, {"due_on": due_on})
    return row


@whole
def drop(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> Demand:
    """Say that a need is not taken on, with the reason that they are told.

    Raises:
        NotFoundError, ForbiddenError, StaleError, ConflictError, InvalidError.
    """
    row = _begin(by, uuid, "drop", expected)
    why = mask_personal(needed("reason", reason, 300))
    _drop_task(row, now, why)
    row.reply, row.replied_at = why, now
    _end(row, "drop", by, now, why)
    return row


@whole
def note_task_ended(*, now: datetime, source: UUID, task: UUID, result: str, label: str) -> bool:
    """Bring the result of a need's task back as the answer; False where the need went on by another way."""
    row = Demand.objects.select_for_update(of=("self",)).filter(uuid=source).first()
    if row is None or row.task != task or row.state != DemandState.ASSIGNED:
        return False
    row.reply, row.replied_at, row.task = mask_personal(clean(result))[:1000], now, None
    _end(row, "reply", SYSTEM.for_person(label), now, row.reply)
    return True
