"""What every face says of projects: lights with their reasons, amounts, the story, answers, the wall chart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.projects import selectors
from linli.engines.projects.rules import money
from linli.engines.projects.rules.charting.types import Paper, WallChart, WallMilestone, WallRow, WallStage
from linli.engines.projects.rules.charting.wall import wall_sheets
from linli.engines.projects.rules.scheduling.types import Light as RuleLight
from linli.engines.projects.rules.scheduling.types import Spell
from linli.engines.projects.types import Light
from linli.foundation.forms import selectors as question_sets
from linli.foundation.rulebook import selectors as rulebook
from linli.interfaces.web.opening import label_of

if TYPE_CHECKING:
    from linli.engines.projects.models import Ask, Node, Project, ProjectEvent

# How a light is drawn: by colour and by shape, so that it is told apart without colours.
LIGHT_KINDS = {"red": "late", "yellow": "new", "green": "done", "waiting": "idle", "done": "check"}
VERBS: dict[str, Any] = {
    "open": gettext_lazy("立项"),
    "change": gettext_lazy("修改项目"),
    "approve": gettext_lazy("批准"),
    "start": gettext_lazy("开工"),
    "finish": gettext_lazy("完工"),
    "rework": gettext_lazy("退回整改"),
    "accept": gettext_lazy("验收"),
    "close": gettext_lazy("办结"),
    "stop": gettext_lazy("停止"),
    "resume": gettext_lazy("重新启动"),
    "add_node": gettext_lazy("增加节点"),
    "change_node": gettext_lazy("修改节点"),
    "drop_node": gettext_lazy("删去节点"),
    "report": gettext_lazy("填报进度"),
    "node_done": gettext_lazy("节点完成"),
    "plan": gettext_lazy("调整排期"),
    "baseline": gettext_lazy("留存基线"),
    "spend": gettext_lazy("登记支出"),
    "notice": gettext_lazy("告知"),
    "told": gettext_lazy("告知反映人"),
    "add_photo": gettext_lazy("增加照片"),
    "clear_photo": gettext_lazy("调整照片公开"),
    "ask": gettext_lazy("征求居民意见"),
    "open_blocker": gettext_lazy("登记卡点"),
    "blocker_step": gettext_lazy("卡点推进"),
    "raise_blocker": gettext_lazy("卡点提级"),
    "lift_blocker": gettext_lazy("卡点解决"),
    "share_blocker": gettext_lazy("向相关居民公开过程"),
    "unshare_blocker": gettext_lazy("收回查看地址"),
    "task_returned": gettext_lazy("任务退回"),
}


def yuan(cents: int) -> str:
    """Return an amount in words: ``12.5 万元``, ``1,234 元``."""
    amount, in_ten_thousands = money.write_short(cents)
    return (_("%(amount)s 万元") if in_ten_thousands else _("%(amount)s 元")) % {"amount": amount}


def light_of(light: str, why: Mapping[str, Any]) -> dict[str, Any]:
    """Return a light as a page shows it: its kind of mark, its name, and why."""
    return {
        "code": light,
        "kind": LIGHT_KINDS.get(light, "idle"),
        "label": Light(light).label if light in Light.values else light,
        "why": selectors.light_words(why),
    }


def story(events: list[ProjectEvent], *, public: bool = False) -> list[dict[str, Any]]:
    """Return events as a timeline; for everybody without who did it."""
    return [
        {
            "title": str(VERBS.get(e.verb, e.verb)),
            "at": e.at,
            "who": "" if public else e.by_label,
            "text": e.text,
        }
        for e in events
    ]


def asked(ask: Ask, *, today: date, public: bool) -> dict[str, Any]:
    """Return a question with what was answered, as staff or everybody may read it."""
    small = int(rulebook.value("projects.small_cell", on=today))
    found = selectors.outcome(ask, small=small, public=public)
    asked_set = question_sets.question_set(ask.form_code, ask.form_number)
    choices = next((q.choices for q in asked_set.questions if q.code == "choice"), ())
    lines = [
        {
            "label": label_of(c.label),
            "count": found.counts.get(c.code, 0),
            "percent": 100 * found.counts.get(c.code, 0) // max(1, found.count),
        }
        for c in choices
    ]
    is_open = ask.opens_on <= today <= ask.closes_on
    return {"ask": ask, "outcome": found, "lines": lines, "open": is_open, "small": small}


def spell_of(node: Node, parts: list[Node]) -> Spell | None:
    """Return the days of a node: what came true, else what is planned; of a stage those of its parts."""
    if node.kind == "stage":
        spells = [s for part in parts if part.parent_id == node.pk and (s := spell_of(part, [])) is not None]
        return Spell(min(s.start for s in spells), max(s.finish for s in spells)) if spells else None
    first = node.actual_start or node.planned_start
    last = node.actual_finish or node.planned_finish
    return Spell(min(first, last), last) if first and last else None


def wall_row(project: Project, nodes: list[Node], *, group: str = "") -> WallRow:
    """Return a project as a row of the wall chart: its stages, or its works where it has none, and milestones."""
    has_stages = any(n.kind == "stage" for n in nodes)
    bars = [n for n in nodes if (n.kind == "stage" if has_stages else n.kind == "work")]
    stages = [(n, spell) for n in bars if (spell := spell_of(n, nodes)) is not None]
    marks = [(n, spell) for n in nodes if n.kind == "milestone" and (spell := spell_of(n, [])) is not None]
    return WallRow(
        title=project.name,
        owner=project.unit.short_name or project.unit.name,
        percent=project.percent,
        light=RuleLight(project.light),
        stages=tuple(WallStage(n.title, s, n.percent, n.light == Light.RED) for n, s in stages),
        milestones=tuple(
            WallMilestone(n.title, s.finish, n.actual_finish is not None, n.light == Light.RED) for n, s in marks
        ),
        due=project.deadline,
        group=group,
    )


def wall_chart(projects: list[Project], *, title: str, issuer: str, as_of: date, large: bool) -> list[str]:
    """Return the wall chart of at most sixty projects as SVG, one text a sheet: two statements in all."""
    nodes = selectors.nodes_of_many([p.pk for p in projects])
    rows = tuple(wall_row(p, nodes[p.pk], group=p.listed.title if p.listed else "") for p in projects)
    chart = WallChart(title=title, issuer=issuer, as_of=as_of, rows=rows, note=_("灯色由规则算出，不能手改。"))
    return wall_sheets(chart, Paper.A1 if large else Paper.A3)
