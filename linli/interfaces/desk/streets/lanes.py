"""一弄一案: lanes with their plans, one with problems, tasks and pictures, and its sheet on A4."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from linli.engines.fieldwork import selectors as fieldwork
from linli.engines.projects import selectors as projects
from linli.foundation.core.paging import Page
from linli.interfaces.desk.acting import Act
from linli.interfaces.desk.doors import actor_of, staff, today
from linli.interfaces.desk.streets import forms
from linli.interfaces.desk.streets import placeforms as pf
from linli.interfaces.desk.streets.frame import (
    Cell,
    Line,
    Listing,
    One,
    Section,
    create,
    files_of,
    lines,
    listing,
    photos,
    single,
)
from linli.interfaces.desk.streets.picking import chosen, pick
from linli.programmes.streets import permissions, selectors, services
from linli.programmes.streets.types import LaneData
from linli.programmes.streets.workflow import OPEN_LANES, VERBS, LaneState

HERE = "streets_lanes"
TONES = {"draft": "new", "agreed": "doing", "done": "done", "dropped": "idle"}


def _may(verb: str) -> Any:
    return lambda by, row: row.state in VERBS[verb].source and permissions.walks(by, row.area_path)


def _open(by: Any, row: Any) -> bool:
    return row.state in OPEN_LANES and permissions.walks(by, row.area_path)


def _data(data: dict[str, Any]) -> LaneData:
    return LaneData(**{n: data[n] for n in ("facts", "plan", "unit_id", "due_on")})


def _task(by: Any, now: Any, row: Any, data: dict[str, Any], _seen: Any) -> str:
    services.lane_task(by=by, now=now, uuid=row.uuid, **data)
    return _("任务已布置，结果会回到这里。")


ACTS = (
    Act(
        "agree", gettext_lazy("方案确定"), "check", pf.Plain,
        lambda by, now, row, _data, seen: services.agree_lane(by=by, now=now, uuid=row.uuid, expected=seen),
        _may("agree_lane"), hint=gettext_lazy("方案、责任单位和期限都写好以后确定。"),
    ),
    Act(
        "problem", gettext_lazy("添加问题"), "plus", pf.ProblemForm,
        lambda by, now, row, data, _seen: services.add_problem(by=by, now=now, uuid=row.uuid, text=data["text"]), _open,
    ),
    Act(
        "solve", gettext_lazy("问题已解决"), "circle-check", pf.SolveForm,
        lambda by, now, row, data, _seen: services.solve_problem(
            by=by, now=now, uuid=row.uuid, problem=data["problem"], files=files_of(data)
        ),
        lambda by, row: _open(by, row) and row.problems.filter(solved_on__isnull=True).exists(),
    ),
    Act("task", gettext_lazy("布置任务"), "clipboard-list", pf.TaskForm, _task, _open),
    Act(
        "photo", gettext_lazy("整治前后照片"), "camera", pf.LanePhotoForm,
        lambda by, now, row, data, _seen: services.lane_photo(
            by=by, now=now, uuid=row.uuid, after=data["when"] == "after", files=files_of(data)
        ),
        _open,
    ),
    Act(
        "change", gettext_lazy("修改方案"), "pencil", pf.LaneForm,
        lambda by, now, row, data, seen: services.change_lane(
            by=by, now=now, uuid=row.uuid, data=_data(data), expected=seen
        ),
        _may("change_lane"),
    ),
    Act(
        "finish", gettext_lazy("登记成效"), "star", pf.ResultForm,
        lambda by, now, row, data, seen: services.finish_lane(
            by=by, now=now, uuid=row.uuid, result=data["result"], files=files_of(data), expected=seen
        ),
        _may("finish_lane"),
    ),
    Act(
        "drop", gettext_lazy("作废"), "x", forms.ReasonForm,
        lambda by, now, row, data, seen: services.drop_lane(by=by, now=now, uuid=row.uuid, expected=seen, **data),
        _may("drop_lane"), danger=True,
    ),
)  # fmt: skip


def state_labels() -> dict[str, Any]:
    """Return how the list is narrowed by state, in words."""
    return {"none": _("没有方案"), **{s.value: s.label for s in LaneState if s != LaneState.DROPPED}}


def _cells(target: Any, row: Any) -> list[Cell]:
    if row is None:
        url = f"{reverse('desk:streets_lane_new')}?target={target.uuid}"
        return [Cell(target.name, url, small=target.address), Cell(""), Cell(""), Cell(_("没有方案"), tone="idle")]
    late = row.state == LaneState.AGREED and row.due_on is not None and row.due_on < today()
    return [
        Cell(target.name, reverse("desk:streets_lane", args=[row.uuid]), small=target.address),
        Cell(str(row.unit) if row.unit else ""),
        Cell(selectors.day_text(row.due_on), num=True, small=_("已超期") if late else "", late=late),
        Cell(row.get_state_display(), tone=TONES[row.state]),
    ]


def page_of(request: HttpRequest, cursor: str, size: int) -> Page[Line]:
    """Return a page of the lanes that are asked for, each with its plan."""
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()[:60]
    page, found = selectors.lanes(actor_of(request), state=state, text=text, cursor=cursor, size=size)
    return lines(page, lambda target: _cells(target, found.get(target.pk)))


@require_GET
@staff
def lanes(request: HttpRequest) -> HttpResponse:
    """Show the lanes with the plan of each, and how many have one."""
    by = actor_of(request)
    page = page_of(request, request.GET.get("cursor", ""), 50)
    share = selectors.lane_share(by)
    counts = {"none": share.of - share.done}
    subtabs: list[tuple[Any, str, int | None]] = [(_("全部"), "", share.of)]
    subtabs += [(label, code, counts.get(code)) for code, label in state_labels().items()]
    drawn = Listing(
        HERE, _("一弄一案"), (_("弄堂"), _("责任单位"), _("期限"), _("方案")), [r.cells for r in page.rows], page=page,
        code="lanes", subtabs=subtabs,
        search=_("弄堂名或地址"), buttons=[(reverse("desk:streets_lane_new"), "plus", _("拟定方案"), True)],
        stats=[(_("方案覆盖率"), share.percent, "?"), (_("没有方案"), share.of - share.done, "?state=none")],
        empty=(_("台账里还没有弄堂"), _("在走访台账里登记弄堂以后，在这里给每一条写方案。")),
    )  # fmt: skip
    return listing(request, drawn)


@require_http_methods(["GET", "POST"])
@staff
def new(request: HttpRequest) -> HttpResponse:
    """Choose a lane and draft its plan."""
    lane = chosen(request, ("lane",))
    if lane is None:
        return pick(request, ("lane",), here=HERE, title=_("拟定方案：选弄堂"), what=_("弄堂"))
    permissions.check_walk(actor_of(request), lane.area_path, _("拟定方案"))
    words = {"doors": _("门牌 %(n)s 个"), "households": _("%(n)s 户")}
    known = "，".join(w % {"n": lane.facts[k]} for k, w in words.items() if lane.facts.get(k))

    def run(by: Any, now: Any, _row: Any, data: dict[str, Any], _seen: Any) -> Any:
        return services.draft_lane(by=by, now=now, target=lane.uuid, data=_data(data))

    return create(
        request, pf.LaneForm, run, here=HERE, title=_("拟定方案"), to="desk:streets_lane",
        back=reverse("desk:streets_lanes"), initial={"facts": known},
        facts=[(_("弄堂"), lane.name), (_("地址"), lane.address or "—")],
        hint=_("巡查在这条弄堂发现、还没处理的问题会自动列进方案。"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff
def lane(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one lane's plan; do what can be done."""
    by = actor_of(request)
    row = selectors.lane_for(by, uuid)
    problems = list(row.problems.all())
    solved = sum(p.solved_on is not None for p in problems)
    facts = [
        (_("弄堂"), row.target.name, reverse("desk:target", args=[row.target.uuid])),
        (_("地址"), row.target.address, ""),
        (_("基本情况"), row.facts, ""), (_("整治方案"), row.plan, ""),
        (_("责任单位"), str(row.unit) if row.unit else "", ""),
        (_("完成期限"), row.due_on.isoformat() if row.due_on else "", ""),
        (_("问题"), _("解决 %(done)s / 共 %(all)s") % {"done": solved, "all": len(problems)} if problems else "", ""),
        (_("成效"), row.result, ""),
    ]  # fmt: skip
    drawn = One(
        HERE, (reverse("desk:streets_lanes"), _("一弄一案")), _("%(lane)s 一弄一案") % {"lane": row.target.name},
        row.uuid, (TONES[row.state], row.get_state_display()), facts, ACTS, sections=[_problems(problems), _tasks(row)],
        buttons=[
            (reverse("desk:streets_lane_print", args=[uuid]), "printer", _("打印方案"), False),
            (f"{reverse('desk:streets_spot_new')}?lane={row.target.uuid}", "plus", _("登记盲区死角"), False),
        ],
    )  # fmt: skip
    return single(request, row, drawn, reverse("desk:streets_lane", args=[uuid]))


def _problems(problems: Any) -> Section:
    rows = [
        [
            Cell(p.text, reverse("desk:finding", args=[p.finding_uuid]) if p.finding_uuid else "",
                 small=_("巡查发现") if p.finding_uuid else ""),
            Cell(_("已解决"), tone="done", small=selectors.day_text(p.solved_on)) if p.solved_on
            else Cell(_("待解决"), tone="new"),
        ]
        for p in problems
    ]  # fmt: skip
    return Section(_("问题清单"), (_("问题"), _("状态")), rows, _("还没有列问题。"))


def _tasks(row: Any) -> Section:
    tones = {"done": "done", "open": "doing"}
    rows = [
        [Cell(t.title, reverse("desk:task", args=[t.uuid])), Cell(str(t.unit)),
         Cell(selectors.day_text(t.due_on), num=True), Cell(t.get_state_display(), tone=tones.get(t.state, "idle"))]
        for t in projects.tasks_of(row.uuid)
    ]  # fmt: skip
    return Section(_("措施和任务"), (_("任务"), _("承办单位"), _("期限"), _("状态")), rows, _("还没有布置任务。"))


@require_GET
@staff
def printed(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one lane's plan as a sheet of A4, with its pictures of before and after."""
    by = actor_of(request)
    row = selectors.lane_for(by, uuid)
    shown: dict[str, list[dict[str, str]]] = {"before": [], "after": []}
    for step in selectors.steps_of(row.uuid):
        for evidence, photo in zip(step.files.all(), photos(step), strict=True):
            if evidence.role in shown and len(shown[evidence.role]) < 2:
                shown[evidence.role].append(photo)
    context = {
        "lane": row, "problems": row.problems.all(), "tasks": projects.tasks_of(row.uuid), "photos": shown,
        "found": fieldwork.findings_at(by, row.target).count(),
    }  # fmt: skip
    return render(request, "desk/streets/lane_print.html", context)


def section(request: HttpRequest, target: Any) -> str:
    """Return a lane's plan as its dossier shows it; empty for who may not read it."""
    by = actor_of(request)
    if not (permissions.sees_all(by) or permissions.walks(by, target.area_path)):
        return ""
    row = selectors.open_plan(target)
    context = {"row": row, "tone": TONES[row.state] if row else "", "target": target}
    return render_to_string("desk/streets/lane_section.html", context, request=request)
