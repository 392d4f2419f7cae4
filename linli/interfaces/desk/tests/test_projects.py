"""Projects at the desk: opened, planned back from the deadline, a slip previewed and kept, blocked and unblocked."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest

from linli.engines.projects import services
from linli.engines.projects.models import Blocker, Node, Project, ProjectList, Task
from linli.foundation.core import clock
from linli.foundation.jobs import services as jobs
from linli.foundation.messages.models import Message
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.portal.tests.steps import words
from tests.login import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world, client):
    services.load_shipped_classes(now=world.now)
    with clock.frozen(world.now):
        yield log_in(client, world.users["lingdao"])


def entered(world, **fields):
    given = {
        "name": "陶家宅“美丽家园”综合整治",
        "class_code": "beautiful_home",
        "unit": world.units["housing"].pk,
        "area": world.areas["陶家宅"].pk,
        "deadline": "2026-12-31",
        "planned": "120万",
        "goal": "外墙、雨水管和楼道焕然一新",
        "strands": ["refined"],
        "public": ["page", "money"],
        "source_label": "居民代表会议",
    }
    return {**given, **fields}


def opened(desk, world, **fields):
    answer = desk.post("/desk/projects/new/", entered(world, **fields))
    assert answer.status_code == 302, answer.content.decode()
    return Project.objects.latest("pk")


def node(desk, world, project, title, days, after=(), **fields):
    sent = {
        "title": title,
        "kind": "work" if days else "milestone",
        "duration": days,
        "weight": 1,
        "unit": world.units["housing"].pk,
        "wait": [n.pk for n in after],
        "wait_kind": ["FS"] * len(after),
        "wait_lag": [0] * len(after),
        **fields,
    }
    answer = desk.post(f"/desk/projects/{project.uuid}/nodes/new/", sent)
    assert answer.status_code == 302, answer.content.decode()
    return Node.objects.latest("pk")


def renewed(desk, world):
    project = opened(desk, world)
    survey = node(desk, world, project, "入户征询", 20)
    design = node(desk, world, project, "方案设计", 30, [survey])
    work = node(desk, world, project, "外墙施工", 90, [design], outdoor="1")
    node(desk, world, project, "竣工验收", 0, [work])
    return project


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def step(desk, project, verb, **more):
    project.refresh_from_db()
    sent = {"verb": verb, "version": project.version, **more}
    return desk.post(f"/desk/projects/{project.uuid}/step/", sent)


def hidden(body, name):
    return re.search(rf'name="{name}" value="([^"]*)"', body).group(1)


@pytest.mark.mechanism("002-28")
@pytest.mark.mechanism("002-34")
def test_a_home_renewal_is_planned_back_from_the_last_day_of_the_year(desk, world):
    project = renewed(desk, world)
    url = f"/desk/projects/{project.uuid}/"
    asked = desk.get(url + "plan/?towards=late&safety=0")
    assert "新排" in text(asked)
    sent = {"token": hidden(text(asked), "token"), "towards": "late", "safety": "0", "freeze": "批准时"}
    assert desk.post(url + "plan/", sent).status_code == 302
    last = Node.objects.get(title="竣工验收")
    assert last.planned_finish.isoformat() == "2026-12-31"
    assert step(desk, project, "approve").status_code == 302
    assert Task.objects.filter(source_kind="project").count() == 4
    assert desk.get(f"/desk/projects/of-node/{last.uuid}/").url == url + "#nodes"
    assert step(desk, project, "start").status_code == 302
    first = Node.objects.get(title="入户征询")
    slip = {"towards": "early", "slip": first.pk, "slip_days": 40}
    shown = desk.get(url + "plan/", slip)
    assert "入户征询" in text(shown)
    sent = {**slip, "token": hidden(text(shown), "token")}
    refused = desk.post(url + "plan/", sent)
    assert refused.status_code == 422
    assert "请填写这一项" in text(refused)
    assert desk.post(url + "plan/", {**sent, "reason": "居民意见较多"}).status_code == 302
    stale = desk.post(url + "plan/", {**sent, "reason": "再来一次"})
    assert stale.status_code == 409
    compared = text(desk.get(url + f"plan/?baseline={project.baselines.get().uuid}"))
    assert "与“批准时”比较" in compared
    for page in ("", "tree/", "money/", "residents/"):
        assert desk.get(url + page).status_code == 200


def blocked(desk, world):
    project = opened(desk, world, name="福山小区加装电梯", class_code="lift")
    node(desk, world, project, "管线移位", 20)
    sent = {
        "cause": "井道位置有燃气管，须先移位",
        "party": "燃气单位",
        "next_step": "递交移位申请",
        "next_on": "2026-03-12",
    }
    assert desk.post(f"/desk/projects/{project.uuid}/blockers/new/", sent).status_code == 302
    return project, Blocker.objects.get()


@pytest.mark.mechanism("002-45")
def test_the_lift_is_blocked_and_unblocked_and_the_residents_concerned_read_the_log_without_names(desk, world, client):
    project, blocker = blocked(desk, world)
    url = f"/desk/projects/blockers/{blocker.uuid}/"
    tried = {
        "act": "tried",
        "version": blocker.version,
        "on": "2026-03-10",
        "who": "陶家宅居民委员会",
        "what": "到营业所递交移位申请，联系人电话13812345678",
        "outcome": "已受理，等现场勘察",
        "next_step": "陪同勘察",
        "next_on": "2026-03-20",
    }
    assert desk.post(url, tried).status_code == 302
    stale = desk.post(url, {**tried, "what": "第二次写"})
    assert stale.status_code == 409
    assert "第二次写" in text(stale)
    blocker.refresh_from_db()
    wrong = desk.post(url, {"act": "raise", "version": blocker.version, "reason": "协调不下", "convener": ""})
    assert wrong.status_code == 409
    assert "协调不下" in text(wrong)
    sent = {"act": "raise", "version": blocker.version, "reason": "协调不下", "convener": "综合网格"}
    assert desk.post(url, sent).status_code == 302
    assert desk.post(url, {"act": "share"}).status_code == 302
    blocker.refresh_from_db()
    assert (blocker.level, project.blockers.count()) == ("comprehensive", 1)
    assert "福山小区加装电梯" in text(desk.get("/desk/projects/blockers/"))
    client.cookies.clear()
    log = client.get(f"/projects/log/{blocker.code}/")
    assert log.status_code == 200
    said = text(log)
    assert "到营业所递交移位申请" in said
    assert "陪同勘察" in said
    assert "综合网格" in said
    assert "13812345678" not in said
    assert world.users["lingdao"].display_name not in said
    assert client.get("/projects/log/nobody/").status_code == 404
    log_in(client, world.users["lingdao"])
    lift = {"act": "lift", "version": blocker.version, "result": "燃气管已移位"}
    assert client.post(url, lift).status_code == 302
    assert client.post(url, {"act": "unshare"}).status_code == 302
    assert client.get(f"/projects/log/{blocker.code}/").status_code == 404
    project.refresh_from_db()
    assert project.blocked == 0


def test_the_reminder_of_a_next_step_comes_in_the_morning_of_its_day(desk, world):
    blocked(desk, world)
    jobs.drain(now=world.now + timedelta(days=1))
    assert not Message.objects.filter(template="projects.blocker_due").exists()
    jobs.drain(now=world.now + timedelta(days=3))
    told = Message.objects.filter(template="projects.blocker_due")
    assert [m.user_id for m in told] == [world.users["fangguan2"].pk]


@pytest.mark.mechanism("003-10")
@pytest.mark.mechanism("004-27")
@pytest.mark.mechanism("002-19")
def test_a_yearly_top_ten_has_an_owner_an_order_and_the_progress_of_each(desk, world, client):
    sent = {
        "title": "2026 年度十大重点项目",
        "year": 2026,
        "kind": "top_ten",
        "committee_label": "社区治理专业委员会",
        "public": "1",
    }
    assert desk.post("/desk/projects/lists/", sent).status_code == 302
    again = desk.post("/desk/projects/lists/", sent)
    assert again.status_code == 422
    assert "已经有同名的清单" in text(again)
    listed = ProjectList.objects.get()
    name = "“天佑‘6+6+6’美丽家园建设”项目"
    for n, title in enumerate((name, "社区食堂扩建"), 1):
        project = opened(desk, world, name=title, listed=listed.pk, list_order=n, class_code="deed")
        node(desk, world, project, "施工", 10)
        assert step(desk, project, "approve").status_code == 302
    page = text(desk.get(f"/desk/projects/lists/{listed.uuid}/"))
    assert name in page
    assert page.index(name) < page.index("社区食堂扩建")
    assert "社区治理专业委员会" in page
    client.cookies.clear()
    public = text(client.get(f"/projects/list/{listed.uuid}/"))
    assert name in public
    assert "0%" in public


@pytest.mark.mechanism("000-06")
def test_residents_are_told_asked_and_say_at_the_end_whether_it_helped(desk, world, client):
    project = opened(desk, world, where="安西路 23 弄 4 号 502 室", class_code="heart")
    node(desk, world, project, "施工", 5)
    url = f"/desk/projects/{project.uuid}/"
    step(desk, project, "approve")
    step(desk, project, "start")
    assert desk.post(url + "residents/", {"act": "notice", "text": "本周开工"}).status_code == 302
    few = {"act": "ask", "title": "先修哪里？", "choices": "楼道", "opens_on": "2026-03-10", "closes_on": "2026-03-20"}
    refused = desk.post(url + "residents/", few)
    assert refused.status_code == 422
    assert "先修哪里" in text(refused)
    assert desk.post(url + "residents/", {**few, "choices": "楼道\n车棚"}).status_code == 302
    done = {"percent": 100, "started": "2026-03-09", "finished": "2026-03-10"}
    assert desk.post(url + f"nodes/{Node.objects.get().pk}/report/", done).status_code == 302
    assert step(desk, project, "finish", text="全部完工").status_code == 302
    assert desk.post(url + "residents/", {"act": "satisfaction", "closes_on": "2026-03-20"}).status_code == 302
    public = client.__class__()
    page = words(public.get(f"/projects/{project.uuid}/"))
    assert "本周开工" in page
    assert "502" not in page
    assert world.users["lingdao"].display_name not in page
    ask = project.asks.get(kind="satisfaction")
    form = public.get(f"/projects/ask/{ask.uuid}/")
    assert "很满意" in text(form)
    missing = public.post(f"/projects/ask/{ask.uuid}/", {"choice": "g5"})
    assert missing.status_code == 422
    good = {"choice": "g2", "solved": "false", "words": "我叫王小明，没解决"}
    assert public.post(f"/projects/ask/{ask.uuid}/", good).status_code == 302
    twice = public.post(f"/projects/ask/{ask.uuid}/", good)
    assert twice.status_code == 409
    seen = text(desk.get(url + "residents/"))
    assert "未解决率 100%" in seen
    assert "王小明" not in seen
    assert step(desk, project, "accept", text="合格").status_code == 302
    assert step(desk, project, "close", text="一户没有解决，转入下一批").status_code == 302


@pytest.mark.mechanism("000-07")
@pytest.mark.mechanism("003-17")
def test_before_and_after_stand_side_by_side_and_only_cleared_pictures_are_public(desk, world, client):
    project = opened(desk, world, name="闲置锅炉房更新为邻里客厅", class_code="space")
    other = opened(desk, world, name="零距离街区共治示范段", class_code="block")
    for p in (project, other):
        node(desk, world, p, "施工", 5)
        step(desk, p, "approve")
    url = f"/desk/projects/{project.uuid}/residents/"
    for moment, public in (("before", "1"), ("after", "")):
        picture = BytesIO(draw_picture(len(moment), moment))
        picture.name = f"{moment}.jpg"
        sent = {"act": "photo", "spot": "主出入口", "moment": moment, "photo": picture}
        assert desk.post(url, {**sent, **({"public": "1"} if public else {})}).status_code == 302
    assert desk.post(url, {"act": "photo", "spot": "主出入口", "moment": "after"}).status_code == 422
    pair = list(project.photos.select_related("file"))
    before, after = (next(p for p in pair if p.moment == m) for m in ("before", "after"))
    assert desk.get(f"/desk/projects/photo/{project.uuid}/{after.file.uuid}/320/").status_code == 200
    public = client.__class__()
    assert public.get(f"/projects/photo/{before.file.uuid}/320/").status_code == 200
    assert public.get(f"/projects/photo/{after.file.uuid}/320/").status_code == 404
    assert desk.post(url, {"act": "clear", "photo_id": after.pk}).status_code == 302
    assert public.get(f"/projects/photo/{after.file.uuid}/320/").status_code == 200
    listed = text(public.get("/projects/?q=街区"))
    assert "零距离街区共治示范段" in listed
    assert "锅炉房" not in listed


def test_circles_and_past_deadlines_are_refused_on_the_page_and_what_was_typed_stays(desk, world):
    past = desk.post("/desk/projects/new/", entered(world, deadline="2026-03-01", planned="很多"))
    assert past.status_code == 422
    assert "陶家宅“美丽家园”综合整治" in text(past)
    assert "请填写金额" in text(past)
    past = desk.post("/desk/projects/new/", entered(world, deadline="2026-03-01"))
    assert past.status_code == 422
    assert "完成期限已经过去" in text(past)
    project = renewed(desk, world)
    first, last = Node.objects.get(title="入户征询"), Node.objects.get(title="竣工验收")
    project.refresh_from_db()
    sent = {
        "title": "入户征询（再）", "kind": "work", "duration": 20, "weight": 1, "version": project.version,
        "wait": [last.pk], "wait_kind": ["FS"], "wait_lag": ["0"],
    }  # fmt: skip
    circle = desk.post(f"/desk/projects/{project.uuid}/nodes/{first.pk}/", sent)
    assert circle.status_code == 422
    assert "形成循环" in text(circle)
    assert "入户征询（再）" in text(circle)
    assert first.waits.count() == 0
    bad = desk.post(f"/desk/projects/{project.uuid}/nodes/{first.pk}/", {**sent, "wait_lag": ["x"]})
    assert bad.status_code == 422
    assert "间隔应为整数" in text(bad)


def test_money_is_kept_line_by_line_in_cents_and_a_correction_is_a_line(desk, world):
    project = opened(desk, world)
    url = f"/desk/projects/{project.uuid}/money/"
    line = {"on": "2026-03-09", "amount": "12345.67", "what": "设计费", "source": "民生资金"}
    assert desk.post(url, line).status_code == 302
    assert desk.post(url, {**line, "amount": "-345.67", "what": "更正"}).status_code == 302
    project.refresh_from_db()
    assert (project.planned_cents, project.spent_cents) == (120_000_000, 1_200_000)
    refused = desk.post(url, {**line, "amount": "-99999999"})
    assert refused.status_code == 422
    assert "不能少于" in text(refused)
    assert "1.2 万元" in text(desk.get(url))


def test_who_may_not_read_or_change_a_project_gets_nowhere(desk, world, client):
    project = opened(desk, world, public=[])
    url = f"/desk/projects/{project.uuid}/"
    stranger = log_in(client.__class__(), world.users["minjing"])
    assert stranger.get(url).status_code == 404
    assert stranger.post(url + "step/", {"verb": "approve", "version": 1}).status_code == 404
    reader = log_in(client.__class__(), world.users["shegong"])
    assert reader.get(url).status_code == 200
    for page in ("edit/", "nodes/new/", "blockers/new/"):
        assert reader.get(url + page).status_code == 403
    assert reader.post(url + "step/", {"verb": "approve", "version": 1}).status_code == 403
    assert reader.post(url + "residents/", {"act": "notice", "text": "x"}).status_code == 403
    public = client.__class__()
    assert public.get(f"/projects/{project.uuid}/").status_code == 404


@pytest.mark.slow
def test_five_hundred_projects_are_listed_in_at_most_eight_statements(desk, world, django_assert_max_num_queries):
    project = opened(desk, world)
    rows = []
    for n in range(500):
        row = Project.objects.get(pk=project.pk)
        row.pk, row.number, row.name = None, f"XM-{n}", f"项目 {n}"
        row.uuid = uuid4()
        row.state, row.light = "running", ("red", "yellow", "green")[n % 3]
        rows.append(row)
    Project.objects.bulk_create(rows)
    for page in (
        "/desk/projects/",
        "/desk/projects/board/",
        "/desk/projects/?q=项目&light=red",
        "/desk/projects/chart/",
    ):
        desk.get(page)
        with django_assert_max_num_queries(8):
            answer = desk.get(page)
        assert answer.status_code == 200
        assert "项目 " in text(answer)
    second = re.search(r'rel="next" href="([^"]+)"', desk.get("/desk/projects/").content.decode()).group(1)
    assert desk.get("/desk/projects/" + second.replace("&amp;", "&")).status_code == 200


def test_classes_of_projects_are_data(desk, world, client):
    url = "/desk/projects/classes/"
    assert desk.post(url, {"name": "口袋公园", "active": "1"}).status_code == 302
    twice = desk.post(url, {"name": "口袋公园", "active": "1"})
    assert twice.status_code == 422
    assert "已经有同名的类别" in text(twice)
    assert desk.post(url, {"code": "lift", "name": "加装电梯", "active": ""}).status_code == 302
    offered = text(desk.get("/desk/projects/new/"))
    assert "口袋公园" in offered
    assert "加装电梯" not in offered
    reader = log_in(client.__class__(), world.users["shegong"])
    assert reader.post(url, {"name": "私设", "active": "1"}).status_code == 403
