"""文明创建 as files: advertising, campaigns, the office's log, volunteers, trials, what one found, standards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.types import TargetData
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.exports.models import Export
from linli.foundation.jobs import services as jobs
from linli.interfaces.desk.tests.exports_help import (
    agree,
    button,
    column,
    lines,
    plain,
    refused_alike,
    sheet_of,
    statements,
    status,
    take,
)
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.desk.tests.test_exports import limit
from linli.programmes.civility import services
from linli.programmes.civility.models import Edition, Trial
from linli.programmes.civility.tests.scenes import lay_library, points, send, start, visits
from linli.programmes.civility.types import DriveData

pytestmark = pytest.mark.django_db
BASE = "/desk/civility/"
# Lists of the programme with an address of their own: the page, and what stands first in a row of it.
LISTS: dict[str, tuple[str, Any, str]] = {
    "civility_ads": (f"{BASE}ads/", lambda r: r.point.name, "page"),
    "civility_campaigns": (f"{BASE}campaigns/", lambda c: c.title, "page"),
    "civility_log": (f"{BASE}log/", lambda r: r.on.isoformat(), "page"),
    "civility_volunteers": (f"{BASE}volunteers/", lambda v: v.number, "page"),
}
PEOPLE = ("zhiban", "ducha", "shuji", "guanliban", "jiandu", "danche", "louzu", "jumin", "xitong")


@pytest.fixture
def city(world):
    """The library in use, points with and without advertising, campaigns, a log, volunteers; words like formulas."""
    lay_library(world)
    by, now, today = world.actor("zhiban"), world.now, world.now.date()
    spot = points(world, "compound", 2)[0]
    ad = TargetData("public_ad", "宣传栏", parent=spot.uuid, facts={"theme": "values", "fixed": True, "state": "good"})
    fieldwork.add_target(by=SYSTEM, now=now, data=ad)
    management, home = world.units["management"].pk, world.units["@陶家宅"].pk
    for n, (kind, title, unit, more) in enumerate(
        (
            ("cleaning", "=春季大扫除", management, {}), ("lanes", "楼道整治", home, {"categories": ("garbage",)}),
            ("cleaning", "华一清洁日", world.units["@华一"].pk, {"area_id": world.areas["华一"].pk}),
        )
    ):  # fmt: skip
        day = today + timedelta(days=n)
        plan = DriveData(kind, title, unit, day, day + timedelta(days=2), **more)
        services.plan_campaign(by=by, now=now, data=plan)
    for kind, title, unit in (("look", "@查看背街小巷", management), ("meeting", "部署会", None)):
        services.add_log(
            by=by,
            now=now,
            on=today,
            kind=kind,
            title=title,
            text="三处积水",
            unit_id=unit,
            due_on=today if unit else None,
        )
    for number, unit in (("陶002", home), ("+001", management), ("陶003", home)):
        services.add_volunteer(by=by, now=now, role="patroller", number=number, unit_id=unit)
    return world


@pytest.mark.parametrize("code", sorted(LISTS))
def test_a_list_of_the_programme_leaves_as_each_of_its_readers_sees_it(city, code):
    url, first, rows = LISTS[code]
    for who in ("zhiban", "shuji", "guanliban"):
        client = enter(city, who)
        assert button(client, url, code)
        for query in ("", "kind=cleaning", "q=华", "q=陶", "role=patroller", "open=1", "type=compound", "type=market"):
            agree(client, code, url, first, query, rows)
    query = "role=patroller" if code == "civility_volunteers" else ""
    sheet = sheet_of(enter(city, "zhiban"), code, query)
    assert sheet.max_row > 3
    assert plain(sheet)


def test_the_lists_say_what_their_pages_say_and_by_what_they_are_narrowed(city):
    client = enter(city, "zhiban")
    found = lines(take(client, "civility_ads", query="type=compound"))
    assert found[1][:4] == ["点位", "点位类型", "地址", "社会主义核心价值观"]
    assert column(found, "社会主义核心价值观") == ["完好", "缺"]
    assert column(found, "城市精神") == ["—", "—"]
    assert column(found, "待补")[0] < column(found, "待补")[1]
    assert "点位类型 “" in found[0][0]
    found = lines(take(client, "civility_campaigns", query="kind=cleaning&q=春"))
    assert found[2][:2] == ["'=春季大扫除", "大扫除、大清理"]
    assert found[2][5:] == ["0", "0", "", "进行中"]
    for words in ("行动 “大扫除、大清理”", "搜索 “春”", "专项行动：共 1 行"):
        assert words in found[0][0]
    found = lines(take(client, "civility_log", query="open=1"))
    assert [r[1:] for r in found[2:]] == [["'@查看背街小巷", "实地督查", "街道社区管理办公室", "2026-03-10", "待反馈"]]
    assert "待反馈、待办结 “是”" in found[0][0]


def test_volunteers_leave_by_number_without_a_name_and_those_of_ones_units(city):
    found = lines(take(enter(city, "ducha"), "civility_volunteers", query="role=patroller"))
    assert found[1] == ["编号", "所属单位", "服务次数", "时长（分钟）"]
    assert column(found, "编号") == ["陶002", "'+001", "陶003"]
    assert found[0][0].endswith("筛选：角色 “巡访员”。说明：按编号排列，不给个人打分、排名。")
    found = lines(take(enter(city, "shuji"), "civility_volunteers", query="role=patroller"))
    assert column(found, "编号") == ["陶002", "陶003"]
    assert column(lines(take(enter(city, "shuji"), "civility_log")), "事项") == []
    assert "华一清洁日" not in column(lines(take(enter(city, "shuji"), "civility_campaigns")), "名称")


@pytest.mark.parametrize("code", sorted(LISTS))
def test_a_list_of_the_programme_is_refused_as_its_page_is(city, code):
    assert {"louzu", "jumin", "xitong"} <= set(refused_alike(city, PEOPLE, code, LISTS[code][0]))


@pytest.fixture
def checked(world):
    """A self-check of 陶家宅 with three gaps, one of 华一 with one; a mock test of the whole subdistrict."""
    lay_library(world)
    points(world, "toilet", 2)
    points(world, "toilet", 1, area="华一")
    centre = {"starts_on": world.now.date(), "ends_on": world.now.date() + timedelta(days=5)}
    ours = start(world, title="=陶家宅自查", area_id=world.areas["陶家宅"].pk, **centre)
    start(world, title="华一自查", area_id=world.areas["华一"].pk, **centre)
    start(world, title="三月模拟", purpose="mock", seed="摇号", wanted=1, **centre)
    one, two = visits(ours)
    send(world, one, "toilet", {"toilet_access": "bad", "toilet_signs": "bad"})
    send(world, two, "toilet", {"toilet_access": "bad"})
    return Trial.objects.get(pk=ours.pk)


def test_trials_leave_purpose_by_purpose_with_how_far_they_are(world, checked):
    for who, titles in (("ducha", ["=陶家宅自查", "华一自查"]), ("shuji", ["=陶家宅自查"])):
        client, url, fixed = enter(world, who), f"{BASE}checks/", "purpose=self_check"
        assert button(client, url, "civility_trials", fixed)
        for query, shown in (("", titles), ("q=华", titles[1:]), ("state=closed", [])):
            taken = agree(client, "civility_trials", url, lambda t: t.title, query, fixed=fixed)
            assert sorted(taken) == sorted(shown)
    client = enter(world, "ducha")
    found = lines(take(client, "civility_trials", fixed="purpose=self_check", query="q=陶&state=open"))
    assert found[0][0].startswith("自查：共 1 行")
    for words in ("说明：自测，非官方测评。", "搜索 “陶”", "状态 “进行中”"):
        assert words in found[0][0]
    assert found[2][:4] == ["'=陶家宅自查", "", world.units["centre"].name, "陶家宅居民区"]
    assert found[2][6:] == ["2", "2", "进行中"]
    mock = agree(client, "civility_trials", f"{BASE}mocks/", lambda t: t.title, fixed="purpose=mock")
    assert mock == ["三月模拟"]
    for fixed in ("purpose=other", ""):
        assert status(client, "civility_trials", fixed=fixed) == 404
    refused_alike(world, PEOPLE, "civility_trials", f"{BASE}checks/", fixed="purpose=self_check")


def test_the_gaps_of_a_trial_leave_as_they_are_narrowed(world, checked):
    client, url, fixed = enter(world, "ducha"), f"{BASE}tests/{checked.uuid}/gaps/", f"trial={checked.uuid}"
    assert button(client, url, "civility_gaps", fixed)
    unit = world.units["@陶家宅"].pk
    for query, count in (
        ("", 3), ("item=toilet_signs", 1), ("type=toilet", 3), ("type=market", 0), ("open=yes", 3), ("open=no", 0),
        (f"unit={unit}", 3), (f"area={world.areas['华一'].path}", 0),
    ):  # fmt: skip
        taken = agree(
            client, "civility_gaps", url, lambda r: r["gap"].finding.target.name, query, rows="rows", fixed=fixed
        )
        assert len(taken) == count, query
    found = lines(take(client, "civility_gaps", fixed=fixed, query="item=toilet_access&open=yes"))
    assert found[0][0].startswith("问题清单：=陶家宅自查")
    for words in ("说明：自测，非官方测评。", "状态 “未销项”", "只看 “无障碍厕位可用，未被占用”", "共 2 行"):
        assert words in found[0][0]
    assert set(column(found, "责任单位")) == {"陶家宅居民委员会"}
    assert column(found, "反弹") == ["", ""]
    out = refused_alike(world, (*PEOPLE, "shuji02"), "civility_gaps", url, fixed=fixed)
    assert {"shuji02", "jumin"} <= set(out)
    for wrong in ("trial=x", "", f"trial={Edition.objects.get().uuid}"):
        assert status(client, "civility_gaps", fixed=wrong) == 404


def test_a_long_gap_list_is_written_by_the_worker_under_the_name_of_its_trial(world, checked):
    fixed = f"trial={checked.uuid}"
    with limit(world, "rows_at_once", 1):
        client = enter(world, "ducha")
        answer = take(client, "civility_gaps", fixed=fixed, query="item=toilet_access")
        assert answer.status_code == 302
        jobs.drain(now=clock.now())
        row = Export.objects.get()
        assert (row.state, row.title, row.done) == ("ready", "问题清单：=陶家宅自查", 2)
        found = lines(client.get(f"/exports/{row.uuid}/file"))
        assert "说明：自测，非官方测评。" in found[0][0]
        assert "无障碍厕位" in str(found)
        assert enter(world, "shuji").get(f"/exports/{row.uuid}/file").status_code == 404


def test_the_standards_of_an_edition_leave_and_a_draft_for_its_keepers_alone(world):
    edition = lay_library(world)
    url, fixed = f"{BASE}library/{edition.uuid}/", f"edition={edition.uuid}"
    for who in ("ducha", "shuji"):
        client = enter(world, who)
        assert button(client, url, "civility_standards", fixed)
        for query in ("", "type=toilet", "q=厕", f"unit={world.units['management'].pk}", "project=公共环境"):
            agree(client, "civility_standards", url, lambda s: s.text, query, fixed=fixed)
    found = lines(take(client, "civility_standards", fixed=fixed, query="type=toilet&q=无障碍"))
    assert found[0][0].startswith(f"{edition.title}：共 1 行")
    assert "说明：自测，非官方测评。" in found[0][0]
    assert column(found, "标准") == ["无障碍厕位可用，未被占用"]
    assert column(found, "采集方式") == ["实地考察"]
    assert float(column(found, "分值")[0]) > 0
    for page in ("matrix", "changes"):
        assert "exports/of/civility_standards" not in client.get(f"{url}{page}/").content.decode()
    Edition.objects.update(state="draft")
    out = refused_alike(world, PEOPLE, "civility_standards", url, fixed=fixed)
    assert "shuji" in out
    assert "ducha" not in out
    assert status(client, "civility_standards", fixed="edition=x") == 404


def test_the_lists_leave_in_as_many_statements_however_long_they_are(city):
    client, by, now = enter(city, "zhiban"), city.actor("zhiban"), city.now
    query = {"civility_volunteers": "role=patroller"}
    before = {code: statements(client, code, query.get(code, "")) for code in LISTS}
    points(city, "park", 6)
    for n in range(8):
        day = now.date() + timedelta(days=n)
        data = DriveData("lanes", f"行动 {n}", city.units["management"].pk, day, day)
        services.plan_campaign(by=by, now=now, data=data)
        services.add_log(
            by=by,
            now=now,
            on=now.date(),
            kind="look",
            title=f"督导 {n}",
            unit_id=city.units["management"].pk,
            due_on=day,
        )
        services.add_volunteer(by=by, now=now, role="patroller", number=f"N{n}", unit_id=city.units["centre"].pk)
    assert {code: statements(client, code, query.get(code, "")) for code in LISTS} == before
    assert max(before.values()) < 18


def test_trials_gaps_and_standards_leave_in_as_many_statements_however_many(world, checked):
    client, fixed = enter(world, "ducha"), f"trial={checked.uuid}"
    few = statements(client, "civility_gaps", "item=toilet_signs", fixed=fixed)
    assert statements(client, "civility_gaps", "item=toilet_access", fixed=fixed) == few
    own = statements(client, "civility_trials", "q=陶", fixed="purpose=self_check")
    assert statements(client, "civility_trials", fixed="purpose=self_check") == own
    edition = f"edition={checked.edition.uuid}"
    one = statements(client, "civility_standards", "q=无障碍", fixed=edition)
    assert statements(client, "civility_standards", fixed=edition) == one
    assert max(few, own, one) < 22
