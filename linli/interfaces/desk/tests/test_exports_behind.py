"""As files: warnings, e-mails, the alliance's three lists, linked names, a series' meetings, task lists, recurring."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from linli.engines.activities.models import Series
from linli.engines.alerts import services as alerts
from linli.engines.alerts.tests.scenes import message
from linli.engines.mailbox.models import Mail
from linli.engines.projects import services as projects
from linli.engines.projects.types import Every, NewSeries, NewTask, NewTaskList
from linli.foundation.core import clock
from linli.interfaces.desk.doors import local
from linli.interfaces.desk.tests.exports_help import (
    agree,
    button,
    column,
    first,
    lines,
    plain,
    refused_alike,
    sheet_of,
    statements,
    status,
    take,
)
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.desk.tests.test_mails import tell
from linli.programmes.alliance.tests.year import lay_year
from linli.programmes.documents.models import Alias

pytestmark = pytest.mark.django_db
PEOPLE = ("zhiban", "paidan", "ducha", "shuji", "zhongdui", "wuye", "jumin", "xitong")


def told(world: Any, identifier: str, headline: str, **more: Any) -> None:
    made = message(world.now, identifier, headline=headline, **more)
    alerts.take(by=world.actor("paidan"), now=world.now, message=made)


def test_warnings_leave_as_they_stand_for_who_reads_them(world):
    told(world, "A1", "=暴雨黄色预警")
    told(world, "A2", "台风蓝色预警", hazard="typhoon", colour="blue", area_text="", after=5)
    client, url = enter(world, "zhiban"), "/desk/alerts/"
    assert button(client, url, "alerts")
    for query in ("", "hazard=rain", "colour=blue", "q=台风", "state=in_force", "state=ended"):
        agree(client, "alerts", url, lambda a: a.headline, query)
    found = lines(take(client, "alerts", query="hazard=rain&state=in_force"))
    for words in ("灾种 “", "状态 “", "灾害预警：共 1 行"):
        assert words in found[0][0]
    row = dict(zip(found[1], found[2], strict=True))
    assert row["标题"] == "'=暴雨黄色预警"
    assert (row["颜色"], row["发布单位"], row["范围"], row["已确认（人）"], row["待本人确认"]) == (
        "黄色", "市气象台", "长宁区", "0", "是",
    )  # fmt: skip
    assert column(lines(take(client, "alerts", query="q=台风")), "范围") == ["本街道"]
    assert plain(sheet_of(client, "alerts"))
    with clock.frozen(world.now + timedelta(hours=7)):
        later = lines(take(client, "alerts"))
        assert set(column(later, "待本人确认")) == {""}
        assert set(column(later, "状态")) != set(column(found, "状态"))
    assert set(refused_alike(world, PEOPLE, "alerts", url)) == {"jumin", "xitong"}
    before = statements(client, "alerts")
    for n in range(6):
        told(world, f"B{n}", f"大风蓝色预警{n}", hazard="wind", colour="blue", after=10 + n)
    assert statements(client, "alerts") == before < 14


def test_e_mails_leave_with_sender_masked_and_without_those_that_wait(at, settings):
    tell(at, settings)
    client, url = enter(at, "zhiban"), "/desk/mails/all/"
    assert button(client, url, "mails")
    assert "exports/of" not in client.get("/desk/mails/").content.decode()
    for query in ("", "state=case", "state=ignored", "reason=auto_reply", "q=自动"):
        agree(client, "mails", url, lambda m: m.subject or "（无主题）", query)
    found = lines(take(client, "mails"))
    assert len(found) - 2 == Mail.objects.exclude(state="aside").count() == 2
    assert "w0@x.cn" not in str(found)
    assert "路灯不亮" not in column(found, "主题")
    assert set(column(found, "发件人")) == set(
        Mail.objects.exclude(state="aside").values_list("sender_masked", flat=True)
    )
    made = lines(take(client, "mails", query="state=case"))
    assert column(made, "案件") == [Mail.objects.get(state="case").case_number]
    assert column(made, "结果") == ["已立案"]
    assert "结果 “已立案”" in made[0][0]
    quiet = lines(take(client, "mails", query="reason=auto_reply"))
    assert column(quiet, "说明") == ["自动回复"]
    assert "原因 “自动回复”" in quiet[0][0]
    Mail.objects.filter(state="ignored").update(subject="=1+1")
    assert first(client, "mails", "reason=auto_reply") == ["=1+1"]
    assert plain(sheet_of(client, "mails"))
    assert {"shuji", "zhongdui", "wuye", "jumin", "xitong"} == set(refused_alike(at, PEOPLE, "mails", url))
    assert statements(client, "mails", "state=case") == statements(client, "mails")


@pytest.fixture
def year(world):
    """The alliance with projects, needs and resources, some of them drafts; one project claimed, one of the ten."""
    made = lay_year(world)
    firm = made.member("百货集团", unit="property")
    entry = made.entry("=街区点亮", receiver_id=world.units["management"].pk)
    made.claim(entry, firm)
    made.entry("口袋花园", place="陶家宅")
    made.entry("还没送审", published=False)
    made.entry("会议室", "resource", quantity=3, unit_word="间", member_id=firm.pk)
    made.entry("志愿者", "need", quantity=20, unit_word="人")
    return made


def test_each_of_the_three_lists_leaves_with_its_own_columns(year):
    world, url = year.world, "/desk/alliance/lists/"
    heads = {
        "project": ["牵头", "认领", "还可认领"], "need": ["提出单位", "数量", "还差"],
        "resource": ["提出单位", "数量", "剩余", "用过（次）"],
    }  # fmt: skip
    titles = {"project": "项目清单", "need": "需求清单", "resource": "资源清单"}
    for who in ("dangzheng", "wuye", "shuji"):
        client = enter(world, who)
        assert button(client, url, "alliance_lists")
        for kind, own in heads.items():
            query = f"kind={kind}"
            for more in (
                "",
                "&q=会议",
                "&state=draft",
                "&year=2026",
                "&category=nothing",
                "&pitched=2026",
                "&top=2026",
            ):
                agree(client, "alliance_lists", url, lambda e: e.title, query + more)
            found = lines(take(client, "alliance_lists", query=query))
            assert found[1] == ["名称", "十大项目", "地点", "类别", *own, "状态"]
            assert found[0][0].startswith(f"{titles[kind]}：共")
    assert "还没送审" in first(enter(world, "dangzheng"), "alliance_lists")
    assert "还没送审" not in first(enter(world, "shuji"), "alliance_lists")
    found = lines(take(enter(world, "shuji"), "alliance_lists", query="q=街区"))
    assert found[2][0] == "'=街区点亮"
    assert column(found, "认领") == ["百货集团"]
    assert column(found, "还可认领") == ["已全部认领"]
    found = lines(take(enter(world, "shuji"), "alliance_lists", query="kind=resource&year=2026"))
    assert (column(found, "数量"), column(found, "剩余"), column(found, "用过（次）")) == (["3间"], ["3间"], ["0"])
    assert "发布年份 “2026”" in found[0][0]
    assert plain(sheet_of(enter(world, "dangzheng"), "alliance_lists"))
    refused_alike(world, PEOPLE, "alliance_lists", url)
    client = enter(world, "dangzheng")
    before = [statements(client, "alliance_lists", f"kind={k}") for k in heads]
    for n in range(4):
        for kind in heads:
            year.entry(f"又一条{n}", kind, **({"quantity": 2, "unit_word": "个"} if kind != "project" else {}))
    assert [statements(client, "alliance_lists", f"kind={k}") for k in heads] == before
    assert max(before) < 16


def test_linked_names_leave_for_who_reads_documents(world):
    given = {"kind": "unit", "target": uuid4(), "made_at": world.now, "label": "管理办", "made_label": "派单员甲"}
    for name, gone in (("=社管办", None), ("管理办", None), ("旧写法", world.now)):
        Alias.objects.create(name=name, removed_at=gone, removed_label="值班长" if gone else "", **given)
    client, url = enter(world, "paidan"), "/desk/documents/aliases/"
    assert button(client, url, "aliases")
    for query in ("", "q=社", "past=1", "past=0&q=无"):
        agree(client, "aliases", url, lambda a: a.name, query)
    found = lines(take(client, "aliases", query="past=1"))
    assert found[2] == ["旧写法", "单位", "管理办", "派单员甲", "2026-03-10", "值班长", "2026-03-10"]
    assert "已移除的" in found[0][0]
    assert "在用的" in lines(take(client, "aliases"))[0][0]
    assert plain(sheet_of(client, "aliases"))
    assert {"wuye", "jumin", "xitong"} <= set(refused_alike(world, PEOPLE, "aliases", url))
    assert statements(client, "aliases", "q=社") == statements(client, "aliases") < 12


def test_the_meetings_of_a_series_leave_under_its_name(world):
    client = enter(world, "zhiban")
    sent = {
        "kind": "monthly_talk", "title": "=书记月谈会", "unit": world.units["development"].pk, "day": 10,
        "move": "next", "every_months": 1, "starts": "14:00", "minutes": 120, "place": "街道会议室",
        "first_on": "2026-03-10", "groups": ["secretary"], "areas": [world.areas["陶家宅"].pk],
    }  # fmt: skip
    assert client.post("/desk/meetings/series/new/", sent).status_code == 302
    series = Series.objects.get()
    url, fixed = f"/desk/meetings/series/{series.uuid}/", f"series={series.uuid}"
    for who in ("zhiban", "shuji"):
        reader = enter(world, who)
        assert button(reader, url, "series_meetings", fixed)
        taken = agree(reader, "series_meetings", url, lambda m: clock_words(m.starts_at), fixed=fixed)
        assert len(taken) == series.meetings.count() > 1
    found = lines(take(client, "series_meetings", fixed=fixed))
    assert found[1] == ["时间", "会议", "主题", "邀请", "到会", "状态"]
    assert found[0][0].startswith("'=书记月谈会：共")
    assert plain(sheet_of(client, "series_meetings", fixed=fixed))
    out = refused_alike(world, (*PEOPLE, "shuji02"), "series_meetings", url, fixed=fixed)
    assert {"wuye", "shuji02", "jumin"} <= set(out)
    for wrong in ("series=x", "", f"series={uuid4()}"):
        assert status(client, "series_meetings", fixed=wrong) == 404
    assert statements(client, "series_meetings", fixed=fixed) < 14


def clock_words(moment: Any) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}"


def test_lists_of_tasks_leave_with_how_far_they_are(world):
    due = world.now.date() + timedelta(days=9)
    for title, unit in (("=三月重点", "property"), ("迎检清单", "enforcement")):
        tasks = [NewTask(f"{title}{n}", world.units[unit].pk, due) for n in range(2)]
        projects.create_list(
            by=world.actor("paidan"), now=world.now, new=NewTaskList(title, world.units["centre"].pk), tasks=tasks
        )
    client, url = enter(world, "paidan"), "/desk/tasks/lists/"
    assert button(client, url, "task_lists")
    for who in ("paidan", "wuye", "zhongdui", "minjing"):
        for query in ("", "q=三月", "q=无"):
            agree(enter(world, who), "task_lists", url, lambda r: r.title, query)
    assert first(enter(world, "wuye"), "task_lists") == ["=三月重点"]
    found = lines(take(client, "task_lists", query="q=迎检"))
    assert found[1] == ["清单", "建立单位", "领导小组", "任务", "完成", "超期", "建立"]
    assert found[2] == ["迎检清单", world.units["centre"].name, "", "2", "0", "0", "2026-03-10"]
    assert "搜索 “迎检”" in found[0][0]
    assert plain(sheet_of(client, "task_lists"))
    assert set(refused_alike(world, PEOPLE, "task_lists", url)) == {"jumin", "xitong"}
    assert statements(client, "task_lists", "q=迎检") == statements(client, "task_lists") < 12


def test_recurring_tasks_leave_with_their_rhythm_in_words(world):
    today = world.now.date()
    for n, (title, unit, every) in enumerate(
        (
            ("=清理乱停车", "property", Every.WEEK),
            ("月报", "enforcement", Every.MONTH),
            ("季报", "police", Every.QUARTER),
        )
    ):
        task = NewTask(title, world.units[unit].pk, today)
        series = NewSeries(task=task, every=every, day=n + 1, starts_on=today, working_only=not n)
        projects.create_series(by=world.actor("zhiban"), now=world.now, series=series)
    ended = projects.create_series(
        by=world.actor("zhiban"), now=world.now,
        series=NewSeries(NewTask("旧的", world.units["property"].pk, today), Every.WEEK, 1, today),
    )  # fmt: skip
    projects.end_series(by=world.actor("zhiban"), now=world.now, series=ended, reason="不再需要")
    client, url = enter(world, "zhiban"), "/desk/tasks/recurring/"
    assert button(client, url, "task_series")
    for who in ("zhiban", "wuye", "minjing"):
        for query in ("", "box=ended", "q=报", "box=ended&q=旧"):
            agree(enter(world, who), "task_series", url, lambda s: s.title, query)
    assert first(enter(world, "wuye"), "task_series") == ["=清理乱停车"]
    found = lines(take(client, "task_series"))
    assert found[1] == ["任务", "责任单位", "周期", "下一次到期", "交办单位"]
    rhythm = dict(zip(first(client, "task_series"), column(found, "周期"), strict=True))
    assert rhythm == {"=清理乱停车": "每周第 1 天（休息日不做）", "月报": "每月 2 日", "季报": "每季度首月 3 日"}
    page = client.get(url).content.decode()
    assert all(words in page for words in rhythm.values())
    assert "每周第 1 天" in client.get(f"{url}{ended.uuid}/").content.decode()
    assert "分类 “进行中”" in found[0][0]
    assert "分类 “已结束”" in lines(take(client, "task_series", query="box=ended"))[0][0]
    assert plain(sheet_of(client, "task_series"))
    assert set(refused_alike(world, PEOPLE, "task_series", url)) == {"jumin", "xitong"}
    assert statements(client, "task_series", "q=月报") == statements(client, "task_series") < 12
