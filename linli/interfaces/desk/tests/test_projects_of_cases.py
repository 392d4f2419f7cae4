"""A project that came of a case: linked both ways, and who reported it is told how the project goes."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from linli.engines.cases import services as cases
from linli.engines.cases.types import Contact, FeedbackWay
from linli.engines.projects import services
from linli.engines.projects.models import Blocker, Node, Project, ProjectEvent
from linli.engines.projects.types import NewTask, NodeData, NodeKind
from linli.foundation.core import clock
from linli.foundation.jobs import services as jobs
from linli.foundation.messages.models import Message
from linli.foundation.messages.selectors import words_of
from linli.interfaces.desk.tests.help import enter, make_case
from linli.interfaces.desk.tests.test_projects import desk, entered, node, step  # noqa: F401  a fixture
from tests.login import log_in

pytestmark = pytest.mark.django_db
MOVED = "cases.project_moved"


def opened_from(desk, world, case, **fields):  # noqa: F811
    """Make a project of a case as its page offers it."""
    page = desk.get(f"/desk/cases/{case.number}/").content.decode()
    address = re.search(r'href="(/desk/projects/new/\?[^"]+)"', page).group(1).replace("&amp;", "&")
    form = desk.get(address).content.decode()
    assert f"由“{case.number}”立项" in form
    asked = {"source_kind": "case", "source_uuid": str(case.uuid), "source_label": case.number}
    sent = {**entered(world), "name": "楼道整治", **asked, **fields}
    answer = desk.post("/desk/projects/new/", sent)
    assert answer.status_code == 302, answer.content.decode()
    return Project.objects.latest("pk")


def told(world):
    jobs.drain(now=world.now)
    rows = Message.objects.filter(template=MOVED).order_by("pk")
    return [(m.user_id, words_of(m).body) for m in rows]


def of_resident(world, way=FeedbackWay.MESSAGE):
    contact = Contact(name="居民甲", user_id=world.users["jumin"].pk, way=way)
    return make_case(world, phone="", contact=contact)


def test_a_case_shows_what_came_of_it_to_who_may_see_it(desk, world, django_assert_max_num_queries):  # noqa: F811
    case = make_case(world)
    project = opened_from(desk, world, case, public=[])
    task = NewTask("测量楼道", world.units["housing"].pk, world.now.date(), "case", case.uuid, case.number)
    made = services.create_tasks(by=world.actor("lingdao"), now=world.now, tasks=[task])[0]
    page = desk.get(f"/desk/cases/{case.number}/").content.decode()
    for words in ("楼道整治", f"/desk/projects/{project.uuid}/", "测量楼道", f"/desk/tasks/{made.uuid}/"):
        assert words in page
    assert f"/desk/cases/{case.number}/" in desk.get(f"/desk/projects/{project.uuid}/").content.decode()
    assert f"/desk/cases/{case.number}/" in desk.get(f"/desk/tasks/{made.uuid}/").content.decode()
    with django_assert_max_num_queries(16):
        desk.get(f"/desk/cases/{case.number}/")
    worker = enter(world, "shegong")
    page = worker.get(f"/desk/cases/{case.number}/")
    if page.status_code == 200:
        assert "测量楼道" not in page.content.decode(), "of another unit"


def test_a_case_that_one_does_not_read_becomes_no_project(desk, world):  # noqa: F811
    case = make_case(world)
    asked = {"source_kind": "case", "source_uuid": str(case.uuid), "source_label": case.number}
    zhongdui = enter(world, "zhongdui")
    unit = world.units["enforcement"].pk
    assert zhongdui.get("/desk/projects/new/", asked).status_code == 404
    assert zhongdui.post("/desk/projects/new/", {**entered(world, unit=unit), **asked}).status_code == 404
    other = make_case(world, text="路灯坏了", category="street_lamp")
    crossed = {**asked, "source_label": other.number}
    assert desk.post("/desk/projects/new/", {**entered(world), **crossed}).status_code == 404
    assert Project.objects.count() == 0


def test_who_reported_it_is_told_of_each_stage_trouble_end_and_question(desk, world):  # noqa: F811
    case = of_resident(world)
    project = opened_from(desk, world, case)
    lead, now = world.actor("lingdao"), world.now
    stage = services.add_node(
        by=lead, now=now, uuid=project.uuid, data=NodeData(title="外墙施工", kind=NodeKind.STAGE, duration=0)
    )
    node(desk, world, project, "搭脚手架", 5, parent=stage.pk)
    part = Node.objects.get(title="搭脚手架")
    step(desk, project, "approve")
    assert told(world) == []
    step(desk, project, "start")
    report = {"by": lead, "now": now, "uuid": project.uuid, "node_id": part.pk, "finished": None}
    services.report(**report, percent=10, started=now.date())
    services.report(**report, percent=20, started=now.date())
    sent = {"cause": "王阿姨家不同意，电话13812345678", "next_step": "上门", "next_on": now.date() + timedelta(days=2)}
    desk.post(f"/desk/projects/{project.uuid}/blockers/new/", sent)
    row = Blocker.objects.get()
    services.lift_blocker(by=lead, now=now, uuid=row.uuid, expected=row.version, result="王阿姨同意了")
    services.report(**{**report, "finished": now.date()}, percent=100, started=now.date())
    step(desk, project, "finish", text="完成")
    services.ask_satisfaction(by=lead, now=now, uuid=project.uuid, closes_on=now.date() + timedelta(days=7))
    said = told(world)
    assert {user for user, _words in said} == {world.users["jumin"].pk}
    news = ("已开工", "“外墙施工”阶段", "遇到困难", "继续推进", "已完工", "请您评价这个项目，截止 2026-03-17")
    assert len(said) == len(news), "each once: the second report of a stage is no news"
    for words, (_user, body) in zip(news, said, strict=True):
        assert words in body
        assert "王阿姨" not in body
        assert project.name in body
    events = ProjectEvent.objects.filter(project=project, verb="told")
    assert [e.data["after"]["people"] for e in events] == [1] * len(news)
    assert "告知反映人" in desk.get(f"/desk/projects/{project.uuid}/").content.decode()
    with clock.frozen(world.now):
        followed = tracked(world, case)
    for words in (f"项目“{project.name}”", *news):
        assert words in followed
    assert "王阿姨" not in followed


def tracked(world, case):
    """Return the page on which the reporter follows the case."""
    jumin = Client()
    log_in(jumin, world.users["jumin"])
    assert jumin.post("/mine/open/", {"number": case.number}).status_code == 302
    return jumin.get("/track/").content.decode()


def test_who_asked_for_no_message_or_of_a_project_that_is_not_public_is_sent_none(desk, world):  # noqa: F811
    case = make_case(world)  # a number left for a call only
    project = opened_from(desk, world, case)
    node(desk, world, project, "修补", 5)
    step(desk, project, "approve")
    step(desk, project, "start")
    assert told(world) == []
    event = ProjectEvent.objects.get(verb="told")
    assert event.data["after"]["people"] == 0, "its page says it all the same"
    hidden = opened_from(desk, world, of_resident(world), public=[])
    node(desk, world, hidden, "修补", 5)
    step(desk, hidden, "approve")
    step(desk, hidden, "start")
    assert told(world) == []
    assert ProjectEvent.objects.filter(verb="told").count() == 1


def test_who_reported_the_same_is_told_too_and_in_their_language(desk, world):  # noqa: F811
    case, same = make_case(world), of_resident(world)
    paidan = world.actor("paidan")
    cases.merge(by=paidan, now=world.now, case=same, main=case, reason="同一处")
    same.reporters.update(language="en")
    project = opened_from(desk, world, case)
    node(desk, world, project, "修补", 5)
    step(desk, project, "approve")
    step(desk, project, "start")
    ((user, body),) = told(world)
    assert user == world.users["jumin"].pk
    assert "In charge" in body
