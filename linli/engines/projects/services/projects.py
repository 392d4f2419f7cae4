"""Opening projects, changing them, and taking them through their life; their classes and yearly lists."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.projects import permissions
from linli.engines.projects.models import Node, Project, ProjectClass, ProjectList
from linli.engines.projects.rules import life, money
from linli.engines.projects.services import planning
from linli.engines.projects.services.keeping import Faults, happened, locked, save_next
from linli.engines.projects.services.source_telling import STEPS, tell_source
from linli.engines.projects.types import Light, ListKind, NodeKind, ProjectData, ProjectState, Strand
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, DomainError, InvalidError
from linli.foundation.core.ids import uuid7
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal
from linli.foundation.people import selectors as people
from linli.foundation.places import selectors as places

_SHIPPED = Path(__file__).parent.parent / "shipped" / "classes.toml"
_TOLD = (
    "name", "cls_id", "goal", "area_id", "place_id", "lat", "lon", "where", "unit_id", "user_id", "partners",
    "planned_cents", "deadline", "listed_id", "list_order", "strands", "public", "public_money", "public_text",
    "source_label",
)  # fmt: skip


@lru_cache(maxsize=1)
def _shipped() -> list[dict[str, str]]:
    return list(tomllib.loads(_SHIPPED.read_text(encoding="utf8"))["class"])


@whole
def load_shipped_classes(*, by: Actor = SYSTEM, now: datetime) -> int:
    """Enter the shipped classes that are not there; return how many."""
    known = set(ProjectClass.objects.values_list("code", flat=True))
    made = [
        ProjectClass(code=c["code"], name=c["name"], icon=c["icon"], order=order)
        for order, c in enumerate(_shipped(), 1)
        if c["code"] not in known
    ]
    ProjectClass.objects.bulk_create(made)
    if made:
        after = {"codes": [c.code for c in made]}
        journal.record(
            by=by, verb="projects.load_classes", kind="project_class", uuid=None, label="", now=now, after=after
        )
    return len(made)


@whole
def save_class(*, by: Actor, now: datetime, code: str, name: str, icon: str = "", active: bool = True) -> None:
    """Enter a class of projects or change it.

    Raises:
        ForbiddenError: not who makes lists. InvalidError: no name or no code.
    """
    permissions.check_list(by)
    faults = Faults()
    words = faults.words("name", name, 32, needed=True)
    code = faults.words("code", code, 32, needed=True)
    faults.check()
    order = ProjectClass.objects.count() + 1
    if ProjectClass.objects.filter(name=words).exclude(code=code).exists():
        raise InvalidError(_("已经有同名的类别。"), fields={"name": [_("已经有同名的类别。")]})
    row, made = ProjectClass.objects.get_or_create(code=code, defaults={"name": words, "order": order})
    before = None if made else {"name": row.name, "active": row.active}
    row.name, row.icon, row.active = words, icon or row.icon, active
    row.save()
    after = {"name": words, "active": active}
    journal.record(
        by=by, verb="projects.save_class", kind="project_class", uuid=None, label=words, now=now, before=before,
        after=after,
    )  # fmt: skip


@whole
def make_list(
    *,
    by: Actor,
    now: datetime,
    year: int,
    kind: str,
    title: str,
    committee_label: str = "",
    committee_uuid: UUID | None = None,
    public: bool = False,
) -> ProjectList:
    """Make a yearly list; its committee is named by the room that keeps committees.

    Raises:
        ForbiddenError: not who makes lists. InvalidError: no title, or the year has such a list already.
    """
    permissions.check_list(by)
    faults = Faults()
    words = faults.words("title", title, 80, needed=True)
    owner = faults.words("committee_label", committee_label, 80)
    if not 2000 <= year <= 2200:
        faults.add("year", _("年份应在 2000 至 2200 之间。"))
    if kind not in ListKind.values:
        faults.add("kind", _("请从列出的选项中选择。"))
    elif ProjectList.objects.filter(year=year, title=words).exists():
        faults.add("title", _("这一年已经有同名的清单。"))
    faults.check()
    row = ProjectList.objects.create(
        year=year, kind=kind, title=words, committee_label=owner, committee_uuid=committee_uuid, public=public
    )
    after = {"year": year, "kind": kind, "committee": owner, "public": public}
    journal.record(
        by=by, verb="projects.make_list", kind="project_list", uuid=row.uuid, label=words, now=now, after=after
    )
    return row


@whole
def add_project(*, by: Actor, now: datetime, data: ProjectData) -> Project:
    """Open a project as a draft; its number is ``XM`` with the year.

    Raises:
        ForbiddenError: not of the owner unit, nor who approves there.
        InvalidError: by field, what is missing, too long, unknown or past.
    """
    project = Project(created_at=now, created_label=by.label[:80], changed_at=now, number=uuid7().hex)
    _fill(project, data, now)
    permissions.check_open(by, unit_id=data.unit_id, area_path=project.area_path)
    project.save(force_insert=True)
    project.number = f"XM{timezone.localdate(now).year}-{project.pk:04d}"
    project.save(update_fields=["number"])
    happened(project, "open", by=by, now=now, after=_values(project))
    return project


@whole
def change_project(
    *, by: Actor, now: datetime, uuid: UUID, data: ProjectData, expected: int, reason: str = ""
) -> Project:
    """Change a project at version ``expected``; a deadline moved after approval needs the reason.

    Raises:
        NotFoundError, ForbiddenError, StaleError: as :func:`keeping.locked`. InvalidError: by field.
        ConflictError: it is over.
    """
    project = locked(uuid, by, expected)
    if not project.is_open:
        raise ConflictError(_("项目已经结束，不能再改。"), code="projects.over")
    before, text = _values(project), mask_personal(clean(reason))[:500]
    moved = data.deadline != project.deadline and project.state != ProjectState.DRAFT
    if moved and not text:
        raise InvalidError(
            _("已批准的项目改期限，须写明理由。"), code="projects.reason", fields={"reason": [_("请填写这一项。")]}
        )
    _fill(project, data, now)
    permissions.check_open(by, unit_id=data.unit_id, area_path=project.area_path)
    after = _values(project)
    changed = {k for k in after if after[k] != before[k]}
    if not changed:
        return project
    save_next(project, now)
    happened(
        project, "change", by=by, now=now, reason=text,
        before={k: before[k] for k in changed}, after={k: after[k] for k in changed},
    )  # fmt: skip
    if "deadline" in changed:
        planning.relight(project, now=now)
    return project


def _values(project: Project) -> dict[str, Any]:
    values = {name: getattr(project, name) for name in _TOLD}
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}


def _fill(project: Project, data: ProjectData, now: datetime) -> None:
    """Put what was entered into ``project``; every fault is said at its field at once."""
    faults = Faults()
    project.name = faults.words("name", data.name, 120, needed=True)
    project.goal = faults.words("goal", data.goal, 2000)
    project.where = faults.words("where", data.where, 200)
    project.partners = faults.words("partners", data.partners, 500)
    project.public_text = faults.words("public_text", data.public_text, 1000)
    _choose(project, data, faults, now)
    _place(project, data, faults, now)
    if not 0 <= data.planned_cents <= money.LARGEST:
        faults.add("planned", _("金额应为 0 元以上的数。"))
    if data.deadline < timezone.localdate(now) and data.deadline != project.deadline:
        faults.add("deadline", _("完成期限已经过去，请选择今天或以后的日期。"))
    unknown = set(data.strands) - set(Strand.values)
    if unknown:
        faults.add("strands", _("请从列出的选项中选择。"))
    faults.check()
    project.planned_cents, project.deadline = data.planned_cents, data.deadline
    project.strands = "".join(f",{s}" for s in Strand.values if s in data.strands)
    project.public, project.public_money = data.public, data.public_money
    project.list_order = data.list_order
    if project.pk is None:
        project.source_kind, project.source_uuid = data.source_kind[:20], data.source_uuid
        project.source_label = mask_personal(clean(data.source_label))[:80]


def _people(unit_id: int, now: datetime) -> set[int]:
    return {h.user_id for h in people.members_of(unit_id, now=now)}


def _choose(project: Project, data: ProjectData, faults: Faults, now: datetime) -> None:
    found = ProjectClass.objects.filter(code=data.class_code).first()
    if found is None or (not found.active and found.pk != project.cls_id):
        faults.add("class_code", _("请选择项目类别。"))
    else:
        project.cls = found
    unit = people.units([data.unit_id]).get(data.unit_id)
    if unit is None:
        faults.add("unit", _("请选择责任单位。"))
    else:
        kept = project.pk is not None and (project.unit_id, project.user_id) == (unit.pk, data.user_id)
        project.unit = unit
        if not kept and data.user_id is not None and data.user_id not in _people(unit.pk, now):
            faults.add("user", _("请选择责任单位的人员。"))
    project.user_id = data.user_id
    listed = ProjectList.objects.filter(pk=data.list_id).first() if data.list_id else None
    if data.list_id and listed is None:
        faults.add("listed", _("没有这份清单。"))
    project.listed = listed


def _place(project: Project, data: ProjectData, faults: Faults, now: datetime) -> None:
    area_id, point = data.area_id, data.point
    project.place_id = None
    project.lat, project.lon = (point.lat, point.lon) if point is not None else (None, None)
    try:
        if data.place_id is not None:
            place = places.place(data.place_id)
            project.place_id, area_id = place.pk, area_id or place.area_id
        if area_id is None and point is not None:
            area_id = places.locate(point, timezone.localdate(now)).area_id
        area = places.area(area_id) if area_id is not None else None
    except DomainError:
        faults.add("area", _("没有这个区域或地点。"))
        return
    project.area_id, project.area_path = (area.pk, area.path) if area else (None, "")


@whole
def hand_over_projects(*, from_user: int, to_user: int | None, by: Actor, now: datetime) -> int:
    """Pass the open projects that a person answers for to another of the same unit, else to nobody; return how many."""
    rows = list(Project.objects.select_for_update().filter(user=from_user, is_open=True).order_by("pk"))
    for project in rows:
        fits = to_user is not None and to_user in _people(project.unit_id, now)
        project.user_id = to_user if fits else None
        save_next(project, now)
        before, after = {"user_id": from_user}, {"user_id": project.user_id}
        happened(project, "change", by=by, now=now, reason=_("人员变动，工作移交"), before=before, after=after)
    return len(rows)


@whole
def step(
    *, by: Actor, now: datetime, uuid: UUID, verb: str, expected: int, text: str = "", anyway: bool = False
) -> Project:
    """Take a project one step on in its life (:mod:`rules.life`).

    Args:
        text: the reason, or the result at the end.
        anyway: approve although the plan cannot meet the deadline; ``text`` then says why.

    Raises:
        ForbiddenError: not by this person. StaleError: it changed meanwhile.
        ConflictError: not in this state, or something that the step needs is missing. InvalidError: no text.
    """
    if verb not in life.STEPS:
        raise ConflictError(_("没有这一步。"), code="projects.step")
    project = locked(uuid, by, expected, keep=False)
    permissions.check_step(by, project, verb)
    found, said = life.STEPS[verb], mask_personal(clean(text))[:2000]
    if project.state not in found.sources:
        raise ConflictError(
            _("项目目前是“%(state)s”，不能进行这一步。") % {"state": project.get_state_display()},
            code="projects.state",
            hint=_("请刷新后查看。"),
        )
    _check_needs(project, found, said, now, anyway=anyway)
    before, today = {"state": project.state}, timezone.localdate(now)
    project.state, project.state_reason = found.target, said if verb in {"stop", "rework", "resume"} else ""
    project.is_open = project.state in life.OPEN
    if verb == "start" and project.started_on is None:
        project.started_on = today
    if verb == "finish":
        project.finished_on, project.percent, project.light = today, 100, Light.DONE
    if verb == "rework":
        project.finished_on = None
    save_next(project, now)
    public = project.public and verb in {"start", "finish", "accept", "close"}
    happened(
        project, verb, by=by, now=now, text=said, public=public, before=before, after={"state": project.state},
        reason=said if "reason" in found.needs or anyway else "",
    )  # fmt: skip
    if verb in STEPS:
        tell_source(project, STEPS[verb], now=now)
    if verb == "approve":
        planning.give_tasks(project, by=by, now=now)
    planning.relight(project, now=now)
    return project


def _check_needs(project: Project, found: life.Step, said: str, now: datetime, *, anyway: bool) -> None:
    if ("reason" in found.needs or "text" in found.needs) and not said:
        raise InvalidError(_("请写明理由或结果。"), code="projects.text", fields={"text": [_("请填写这一项。")]})
    nodes = Node.objects.filter(project=project).exclude(kind=NodeKind.STAGE)
    if "nodes" in found.needs and not nodes.exists():
        raise ConflictError(_("还没有节点，不能批准。"), code="projects.nodes", hint=_("请先在“节点”中填写计划。"))
    if "future" in found.needs and project.deadline < timezone.localdate(now):
        raise ConflictError(
            _("完成期限 %(day)s 已经过去，不能批准。") % {"day": project.deadline.isoformat()},
            code="projects.past",
            hint=_("请先修改完成期限。"),
        )
    if "plan" in found.needs:
        planning.check_approvable(project, now=now, anyway=anyway, said=said)
    if "done" in found.needs and (left := nodes.filter(actual_finish__isnull=True).count()):
        raise ConflictError(
            _("还有 %(n)s 个节点没有完成。") % {"n": left},
            code="projects.open_nodes",
            hint=_("请先完成或删去这些节点。"),
        )
    if "unblocked" in found.needs and project.blocked:
        raise ConflictError(
            _("还有 %(n)s 个卡点没有解决。") % {"n": project.blocked}, code="projects.blocked", hint=_("请先解决卡点。")
        )
