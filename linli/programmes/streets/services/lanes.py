"""一弄一案: a lane's plan drafted, agreed, carried out by tasks, finished; its problems taken from what was found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.projects import services as projects
from linli.engines.projects.types import NewTask
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError
from linli.foundation.people import selectors as people
from linli.foundation.people.selectors import local_day
from linli.programmes.streets import permissions, selectors
from linli.programmes.streets.models import LanePlan, LaneProblem
from linli.programmes.streets.services import help as h
from linli.programmes.streets.types import LaneData
from linli.programmes.streets.workflow import OPEN_LANES, VERBS

KIND = "lane"
MOST_PROBLEMS = 100


@whole
def draft_lane(*, by: Actor, now: datetime, target: UUID, data: LaneData) -> LanePlan:
    """Begin a lane's plan; what is found there and nobody has taken up becomes its first problems.

    Raises:
        NotFoundError, ForbiddenError, InvalidError. ConflictError: the lane has an open plan.
    """
    lane = h.street_target(by, target, ("lane",), lock=True)
    permissions.check_walk(by, lane.area_path, _("拟定方案"))
    values = _checked(data)
    made = LanePlan(target=lane, drafted_on=local_day(now), area_path=lane.area_path, **values)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise ConflictError(
            _("这条弄堂已有方案。"), code="streets.lane", hint=_("一条弄堂一个方案，请打开它修改。")
        ) from error
    found = fieldwork.findings_at(by, lane).filter(state="found")[:MOST_PROBLEMS]
    LaneProblem.objects.bulk_create(
        LaneProblem(plan=made, text=f.text[:300], finding_uuid=f.uuid) for f in reversed(list(found))
    )
    h.step(by, now, "draft_lane", KIND, made, label=lane.name, after=_told(made))
    return made


def _checked(data: LaneData) -> dict[str, Any]:
    faults = h.Faults()
    values: dict[str, Any] = {
        "facts": faults.words("facts", data.facts, 2000), "plan": faults.words("plan", data.plan, 4000),
        "unit_id": data.unit_id, "due_on": data.due_on,
    }  # fmt: skip
    if data.unit_id is not None and not people.units([data.unit_id]):
        faults.add("unit_id", _("没有这个单位。"))
    faults.check()
    return values


def _told(row: LanePlan) -> dict[str, Any]:
    return {"state": row.state, "plan": row.plan[:200], "unit": row.unit_id, "due_on": row.due_on}


def _start(by: Actor, uuid: UUID, verb: str, expected: int | None) -> LanePlan:
    row = selectors.lane_for(by, uuid, lock=True)
    permissions.check_walk(by, row.area_path, str(VERBS[verb].label))
    h.check_state(verb, row)
    h.check_version(row, expected)
    return row


def _finish(by: Actor, now: datetime, verb: str, row: LanePlan, changes: dict[str, Any], **said: Any) -> LanePlan:
    before, target = _told(row), VERBS[verb].target
    h.put(row, **changes, **({"state": target} if target else {}))
    h.step(by, now, verb, KIND, row, label=row.target.name, before=before, after=_told(row), **said)
    return row


@whole
def change_lane(*, by: Actor, now: datetime, uuid: UUID, data: LaneData, expected: int | None = None) -> LanePlan:
    """Change facts, plan, owner or day; of one that is agreed none may be missing.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError.
    """
    row = _start(by, uuid, "change_lane", expected)
    values = _checked(data)
    if row.state == "agreed":
        _whole(values)
    return _finish(by, now, "change_lane", row, values)


def _whole(values: dict[str, Any]) -> None:
    faults = h.Faults()
    if not values["plan"]:
        faults.add("plan", _("请填写整治方案。"))
    if values["unit_id"] is None:
        faults.add("unit_id", _("请选择责任单位。"))
    if values["due_on"] is None:
        faults.add("due_on", _("请填写完成期限。"))
    faults.check()


@whole
def agree_lane(*, by: Actor, now: datetime, uuid: UUID, expected: int | None = None) -> LanePlan:
    """Fix a plan: it needs measures, an owner and a day.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError. InvalidError: something is missing.
    """
    row = _start(by, uuid, "agree_lane", expected)
    _whole({"plan": row.plan, "unit_id": row.unit_id, "due_on": row.due_on})
    return _finish(by, now, "agree_lane", row, {"agreed_on": local_day(now)})


@whole
def finish_lane(
    *, by: Actor, now: datetime, uuid: UUID, result: str, files: tuple[int, ...] = (), expected: int | None = None
) -> LanePlan:
    """Write down what came of it, with pictures afterwards; open problems must be solved or taken out.

    Raises:
        NotFoundError, ForbiddenError, StaleError, InvalidError. ConflictError: problems are open.
    """
    row = _start(by, uuid, "finish_lane", expected)
    left = row.problems.filter(solved_on__isnull=True).count()
    if left:
        raise ConflictError(
            _("还有 %(n)s 个问题没有解决。") % {"n": left}, code="streets.lane_open", hint=_("逐一解决后再登记成效。")
        )
    result = h.needed("result", result, 2000)
    changes = {"result": result, "done_on": local_day(now)}
    return _finish(by, now, "finish_lane", row, changes, text=result[:500], files=files, role="after")


@whole
def drop_lane(*, by: Actor, now: datetime, uuid: UUID, reason: str, expected: int | None = None) -> LanePlan:
    """Drop a plan with its reason; another may be drafted.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, StaleError, InvalidError.
    """
    row = _start(by, uuid, "drop_lane", expected)
    return _finish(by, now, "drop_lane", row, {}, reason=h.needed("reason", reason))


def _open(by: Actor, uuid: UUID, what: str) -> LanePlan:
    row = selectors.lane_for(by, uuid, lock=True)
    permissions.check_walk(by, row.area_path, what)
    if row.state not in OPEN_LANES:
        raise ConflictError(_("这份方案已经结束。"), code="streets.state", hint=_("请刷新后查看。"))
    return row


@whole
def add_problem(*, by: Actor, now: datetime, uuid: UUID, text: str, finding: UUID | None = None) -> LaneProblem:
    """Add a problem by hand, or one that a patrol found in this lane, once.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, InvalidError.
    """
    row = _open(by, uuid, _("添加问题"))
    if finding is not None and not fieldwork.findings_at(by, row.target).filter(uuid=finding).exists():
        raise h.invalid("finding", _("这个问题不是这条弄堂的。"))
    if row.problems.count() >= MOST_PROBLEMS:
        raise h.invalid("text", _("问题太多了，请合并后再添加。"))
    text = h.needed("text", text)
    if finding is not None and row.problems.filter(finding_uuid=finding).exists():
        raise ConflictError(_("这个问题已经在方案里。"), code="streets.problem")
    made = LaneProblem.objects.create(plan=row, text=text, finding_uuid=finding)
    h.step(by, now, "lane_problem", KIND, row, label=row.target.name, text=text, after={"problem": made.pk})
    return made


@whole
def solve_problem(*, by: Actor, now: datetime, uuid: UUID, problem: int, files: tuple[int, ...] = ()) -> LaneProblem:
    """Say that a problem of a plan is solved, with a picture where there is one.

    Raises:
        NotFoundError, ForbiddenError, ConflictError: solved already, or the plan is over.
    """
    row = _open(by, uuid, _("问题已解决"))
    found = LaneProblem.objects.select_for_update().filter(plan=row, pk=problem).first()
    if found is None:
        raise NotFoundError(_("没有这个问题。"), code="streets.no_problem")
    if found.solved_on is not None:
        raise ConflictError(_("这个问题已经解决。"), code="streets.problem", hint=_("请刷新后查看。"))
    found.solved_on = local_day(now)
    found.save(update_fields=["solved_on"])
    h.step(
        by, now, "solve_problem", KIND, row, label=row.target.name, text=found.text, files=files, role="after",
        after={"problem": found.pk},
    )  # fmt: skip
    return found


@whole
def lane_photo(
    *, by: Actor, now: datetime, uuid: UUID, after: bool, files: tuple[int, ...], text: str = ""
) -> LanePlan:
    """Hang pictures of before or after on a plan.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, InvalidError: no picture.
    """
    row = _open(by, uuid, _("现场照片"))
    if not files:
        raise h.invalid("photo", _("请选择照片。"))
    role = "after" if after else "before"
    h.step(by, now, "lane_photo", KIND, row, label=row.target.name, text=text[:300], files=files, role=role)
    return row


@whole
def lane_task(*, by: Actor, now: datetime, uuid: UUID, title: str, unit_id: int, due_on: date) -> UUID:
    """Give a unit a measure of the plan as a task; its result comes back to the plan.

    Raises:
        NotFoundError, ForbiddenError, ConflictError, InvalidError.
    """
    row = _open(by, uuid, _("布置任务"))
    if due_on < local_day(now):
        raise h.invalid("due_on", _("期限不能早于今天。"))
    wanted = NewTask(
        title=title, unit_id=unit_id, due_on=due_on, source_kind=KIND, source_uuid=row.uuid,
        source_label=row.target.name[:80],
    )  # fmt: skip
    try:
        task = projects.create_tasks(by=by, now=now, tasks=[wanted])[0]
    except InvalidError as error:
        if "title" in error.fields:
            raise
        raise h.invalid("unit_id", str(error)) from error
    h.step(by, now, "lane_task", KIND, row, label=row.target.name, text=title, after={"task": str(task.uuid)})
    return task.uuid


@whole
def note_task_ended(*, by: Actor, now: datetime, source: UUID, title: str, result: str) -> bool:
    """Bring the result of a task back to its plan; False where the plan is gone."""
    row = LanePlan.objects.select_for_update(of=("self",)).select_related("target").filter(uuid=source).first()
    if row is None:
        return False
    text = _("任务“%(title)s”已办结：%(result)s") % {"title": title, "result": result}
    h.step(by, now, "lane_task_ended", KIND, row, label=row.target.name, text=text)
    return True
