"""What was done, for tests of what is told of it: a sealed meeting with its tasks, a public project, a claim."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from linli.engines.activities import services as meetings
from linli.engines.activities.models import Meeting
from linli.engines.activities.types import NewMeeting, NewVenue, PlannedItem, TaskLine
from linli.engines.projects import services as projects
from linli.engines.projects.models import Project, Task
from linli.engines.projects.types import NodeData, NodeKind, ProjectData
from linli.programmes.alliance import services as alliance
from linli.programmes.alliance.models import Category, Claim
from linli.programmes.alliance.tests.year import Year, lay_year


def held(world: Any, title: str = "停车难题推进会", *, standing: str = "", sealed: bool = True) -> Meeting:
    """Return a meeting that decided one thing and gave two tasks, one of them done; its minutes sealed."""
    by, now = world.actor("zhiban"), world.now
    item = PlannedItem("错时停车方案", kind="standing" if standing else "item", standing=standing)
    data = NewMeeting(
        "seminar", title, now - timedelta(hours=2), now - timedelta(hours=1), world.units["development"].pk,
        (NewVenue("二楼会议室"),), theme="盘活夜间车位", unit_ids=(world.units["management"].pk,), agenda=(item,),
    )  # fmt: skip
    meeting = meetings.plan_meeting(by=by, now=now, data=data)
    meetings.begin(by=by, now=now, meeting=meeting)
    first = meeting.items.first()
    due = now.date() + timedelta(days=10)
    for unit in ("management", "enforcement"):
        meetings.decide(
            by=by, now=now, meeting=meeting, item=first, kind="task", text="摸排可错时停车的单位",
            tasks=[TaskLine(world.units[unit].pk, due)],
        )  # fmt: skip
    meetings.decide(by=by, now=now, meeting=meeting, item=first, kind="decision", text="每季度复盘一次")
    done = Task.objects.filter(source_kind="meeting", unit=world.units["management"]).latest("pk")
    projects.end_task(by=world.actor("guanliban"), now=now, task=done, result="已摸排")
    meeting.refresh_from_db()
    meetings.finish(by=by, now=now, meeting=meeting)
    if sealed:
        meetings.circulate(by=by, now=now, meeting=meeting)
        meetings.seal(by=by, now=now, meeting=meeting)
    return Meeting.objects.get(pk=meeting.pk)


def built(world: Any, name: str = "陶家宅“美丽家园”综合整治", **more: Any) -> Project:
    """Return a public project that is under way: 120万元 planned, 30万元 spent, one milestone reached of two."""
    by, now = world.actor("lingdao"), world.now
    projects.load_shipped_classes(now=now)
    given = {
        "class_code": "beautiful_home", "unit_id": world.units["housing"].pk, "area_id": world.areas["陶家宅"].pk,
        "deadline": date(2026, 12, 31), "planned_cents": 120_000_000, "strands": ("refined",), "public": True,
    }  # fmt: skip
    data = ProjectData(name=name, **{**given, **more})
    project = projects.add_project(by=by, now=now, data=data)
    for title in ("方案公示", "竣工验收"):
        node = NodeData(title=title, kind=NodeKind.MILESTONE, duration=0, unit_id=world.units["housing"].pk)
        projects.add_node(by=by, now=now, uuid=project.uuid, data=node)
    reached = project.nodes.get(title="方案公示")
    type(reached).objects.filter(pk=reached.pk).update(actual_start=now.date(), actual_finish=now.date(), percent=100)
    Project.objects.filter(pk=project.pk).update(state="running", percent=40, light="green")
    projects.add_spending(
        by=by, now=now, uuid=project.uuid, on=now.date(), cents=30_000_000, what="设计费", source="财政资金",
    )  # fmt: skip
    return Project.objects.get(pk=project.pk)


def confirmed(world: Any, year: Year | None = None) -> Claim:
    """Return a claim that the receiving unit confirmed, of a project in a category."""
    year = year or lay_year(world)
    category = Category.objects.order_by("order")[0]
    entry = year.entry("“跳动三原色”街区点亮", receiver_id=world.units["management"].pk, category=category.code)
    claim = year.agreed(year.claim(entry, year.member("百货集团")))
    alliance.deliver(by=year.keeper, now=year.now, uuid=claim.uuid, text="橱窗已经点亮")
    alliance.confirm(by=world.actor("guanliban"), now=year.now, uuid=claim.uuid, text="居民都说亮堂")
    return Claim.objects.get(pk=claim.pk)
