"""Wires, a lift that others block, three levels, many units at one case, the subdistrict's own units."""

import re
from typing import Any

import pytest
from django.test import Client

from linli.interfaces.portal.tests import steps
from tests.stories.conftest import Story

pytestmark = pytest.mark.django_db


@pytest.mark.mechanism("002-06")
def test_before_wires_are_reported_the_danger_is_named(story: Story) -> None:
    """电线随意接拉: the advice comes before sending, the safety office acts, 居委 and 物业 help."""
    first = Client().post("/report/", {"state": "", "do": "suggest", "text": "楼道电线乱接，插座冒火花", "address": ""})
    assert "请勿触碰电线" in steps.words(first)
    number, code, review = story.resident(text="楼道电线乱接，插座冒火花", category="wiring", address="长宁路488弄3号")
    assert "请勿触碰电线" in review
    assert "119" in review
    page = story.case("paidan", number)
    assert "请勿触碰电线" in page
    assert "紧急" in page
    helpers = [story.unit("@陶家宅"), story.unit("property")]
    story.do("paidan", number, "dispatch", unit=story.unit("safety"), units=helpers)
    assert "消防法第27条" in story.case("pinganban", number)
    story.go("pinganban", number, "sign")
    story.go("wuye", number, "help_result", text="已断开私接线路", after=story.photo())
    story.go("pinganban", number, "hand_in", outcome="solved", text="线路已规整", after=story.photo())
    story.answered(number, "私拉的电线已经拆除。")
    assert "私拉的电线已经拆除。" in story.track(code)
    assert number not in Client().get("/nearby/").content.decode()


def test_a_wire_from_the_window_rises_when_nobody_comes(story: Story) -> None:
    """飞线充电: the neighbourhood's own; the clock raises the level, the unit keeps the case."""
    number, code, review = story.resident(
        text="五楼飞线下来给电瓶车充电", category="flying_wires", address="长宁路488弄5号"
    )
    assert "不要乘电梯" in review
    story.do("paidan", number, "dispatch", unit=story.unit("@陶家宅"), units=[story.unit("property")])
    assert number in story.inbox("shuji")
    story.later(days=20)
    page = story.case("paidan", number)
    for words in ("超时自动升级", "综合问题", "陶家宅居民委员会"):
        assert words in page
    assert number in story.see("wanggezhang", "/desk/consultations/")
    assert number in story.inbox("wanggezhang")
    assert number in story.inbox("lingdao"), "far over the limit the leaders hear"
    story.go("shuji", number, "sign")
    story.go("shuji", number, "note", kind="legal_education", text="上门向车主宣讲")
    pictures: dict[str, Any] = {"before": story.photo(), "after": story.photo()}
    story.go("shuji", number, "hand_in", outcome="solved", text="飞线已拆，车推到集中充电点", **pictures)
    story.answered(number, "飞线已经拆掉。", closer="wanggezhang")
    assert "飞线已经拆掉。" in story.track(code)


@pytest.mark.mechanism("001-09")
def test_branch_or_neighbourhood_then_the_grid_then_the_party_committee(story: Story) -> None:
    shop, _code = story.counter("paidan", text="商户希望协调卸货时间", category="firm_demand")
    story.do("paidan", shop, "dispatch", unit=story.unit("branch"))
    story.go("zhibu", shop, "sign")
    home, code = story.counter("paidan", text="楼上装修噪声", category="noise", phone="13812345678")
    story.do("paidan", home, "dispatch", unit=story.unit("@陶家宅"))
    story.go("shuji", home, "sign")
    convened = story.see("wanggezhang", "/desk/consultations/")
    assert home not in convened, "一般问题 are solved by the branch or the neighbourhood"
    story.go("shuji", home, "request_raise", reason="涉及施工企业和城管")
    assert "申请升级" in story.case("wanggezhang", home)
    story.do("wanggezhang", home, "raise_level", reason="同意，网格会商")
    meeting = _convene(story, "wanggezhang", home, "enforcement")
    assert home in story.inbox("zhongdui"), "the parties are called"
    _decide(story, "wanggezhang", home, meeting, "错峰施工，城管巡查")
    assert "错峰施工，城管巡查" in story.case("shuji", home)
    story.do("paidan", home, "raise_level", reason="施工方为市属企业")
    page = story.case("lingdao", home)
    assert "困难问题" in page
    assert "陶家宅居民委员会" in page, "the named unit keeps it"
    _convene(story, "wanggezhang", home, "enforcement", status=403)
    meeting = _convene(story, "lingdao", home, "management")
    _decide(story, "lingdao", home, meeting, "党工委协调，限期整改")
    story.go("shuji", home, "hand_in", outcome="solved", text="已错峰施工", after=story.photo())
    story.go("jiandu", home, "check", passed="yes")
    story.do("paidan", home, "reply", way="phone", result="reached", text="施工时间已调整。")
    for who in ("paidan", "wanggezhang"):
        story.do(who, home, "close", 403)
    assert "困难问题" in story.case("zhiban", home)
    story.do("lingdao", home, "close")
    assert "施工时间已调整。" in story.track(code)
    assert "凝聚力党支部" in story.case("zhibu", shop)


def _convene(story: Story, who: str, number: str, unit: str, status: int = 302) -> str:
    data = {
        "cases": [story.row(number).pk],
        "title": "现场协调会",
        "held_at": "2026-03-11T14:00",
        "place": "街道三楼",
        "units": [story.unit(unit)],
    }
    answer = story.at(who).post("/desk/consultations/new/", data)
    assert answer.status_code == status, steps.words(answer)[:1500]
    story.later(minutes=1)
    return str(answer.headers.get("Location", ""))


def _decide(story: Story, who: str, number: str, meeting: str, decision: str) -> None:
    data = {f"decision_{story.row(number).pk}": decision, "minutes": "各方达成一致。"}
    answer = story.at(who).post(meeting, data)
    assert answer.status_code == 302, steps.words(answer)[:1500]
    story.later(minutes=1)


def test_a_lift_that_a_third_party_blocks_waits_for_its_day_of_review(story: Story) -> None:
    """加装电梯: the gas company's pipes are in the way; shelved with a date, taken up again."""
    number, code, _review = story.resident(
        text="加装电梯被燃气管线挡住，一直不动工", category="lift", address="长宁路488弄2号"
    )
    story.do("paidan", number, "dispatch", unit=story.unit("housing"))
    story.go("fangguan", number, "sign")
    story.go("fangguan", number, "request_shelving", reason="燃气公司尚未迁移管线", review_on="2026-04-10")
    assert "申请挂账" in story.case("zhiban", number)
    story.do("paidan", number, "decide_shelving", 403, granted="yes")
    story.do("zhiban", number, "decide_shelving", granted="yes", reason="等待第三方迁管")
    assert "暂缓办理" in story.track(code)
    assert "等待第三方迁管" in story.track(code)
    assert "时限已暂停" in story.case("fangguan", number)
    story.later(days=32)
    assert "时限提醒：挂账复查" in story.case("zhiban", number), "the day of review reaches somebody"
    story.go("fangguan", number, "resume", reason="管线已迁移，恢复施工")
    page = story.track(code)
    assert "恢复办理" in page
    assert "处理中" in page
    story.go("fangguan", number, "hand_in", outcome="explained", text="电梯已进场安装", after=story.photo())
    story.answered(number, "管线已迁，电梯进场。")
    assert "管线已迁，电梯进场。" in story.track(code)


@pytest.mark.mechanism("002-38")
def test_one_case_for_police_enforcement_market_housing_committee_and_property(story: Story) -> None:
    """联勤联动: the units see one case, each adds its own result, all read the others'."""
    number, code = story.counter(
        "paidan", text="楼下小作坊无照加工、堆料、夜里扰民", category="other", phone="13812345678"
    )
    story.do("paidan", number, "dispatch", unit=story.unit("enforcement"))
    for who in ("minjing", "fangguan", "wuye"):
        story.case(who, number, 404)
    keys = ("police", "market", "housing", "@陶家宅", "property")
    story.do("zhongdui", number, "share", 409, units=[story.unit(k) for k in keys], expected=1)
    story.do("zhongdui", number, "share", units=[story.unit(k) for k in keys], reason="联勤联动")
    story.go("chengguan", number, "sign")
    said = {"minjing": "已核验经营者身份", "fangguan": "房屋性质为居住", "wuye": "已清理堆料", "shuji": "已走访邻居"}
    for who, words in said.items():
        assert number in story.inbox(who)
        assert number in story.listed(who, "?box=helping")
        story.go(who, number, "help_result", text=words)
        assert number not in story.listed(who, "?box=helping"), "done is done"
    for who in ("chengguan", *said):
        page = story.case(who, number)
        assert [w for w in said.values() if w not in page] == []
        assert "华阳市场监督管理所" in page
        assert "（待反馈）" in page, "the market office has not answered yet"
    story.case("danche", number, 404)
    story.go("chengguan", number, "hand_in", outcome="explained", text="联合处置完毕")
    refused = story.do("minjing", number, "check", 403, passed="yes")
    assert "核查" in refused
    story.answered(number, "小作坊已停止经营。")
    assert "小作坊已停止经营。" in story.track(code)


@pytest.mark.mechanism("002-42")
def test_the_units_of_the_texts_are_there_and_receive_cases(story: Story) -> None:
    """城运分中心, 派出所, 社管办: in the dictionary from the first day, with people who answer."""
    number, _code = story.counter("paidan", text="街边休息座椅坏了", category="other")
    html = story.at("paidan").get(f"/desk/cases/{number}/act/dispatch/").content.decode()
    offered = set(re.findall(r'<option value="\d+"[^>]*>([^<]+)</option>', html))
    wanted = {
        "华阳路街道城市运行管理中心",
        "华阳路派出所",
        "街道社区管理办公室",
        "华阳路街道综合行政执法队",
        "华阳房管办事处",
        "华阳市场监督管理所",
        "陶家宅居民委员会",
    }
    assert wanted - offered == set()
    story.do("paidan", number, "dispatch", unit=story.unit("management"))
    assert number in story.inbox("guanliban")
    assert "街道社区管理办公室" in story.case("guanliban", number)
    story.do("paidan", number, "transfer", unit=story.unit("police"), reason="属派出所")
    assert number in story.inbox("minjing")
    assert "华阳路派出所" in story.case("minjing", number)


@pytest.mark.mechanism("001-10")
def test_finder_and_visited_person_are_both_answered_and_asked(story: Story) -> None:
    """反馈: who found it and who was visited on the same matter both hear the answer and may say how it was."""
    finder, code, _review = story.resident(text="垃圾桶旁建筑垃圾堆了三天", category="garbage")
    visited, visited_code = story.counter(
        "shegong", source="walk_in", text="走访时居民也说建筑垃圾没人清", category="garbage", way="visit"
    )
    answer = story.at("paidan").post(
        f"/desk/cases/{visited}/merge/",
        {"main": finder, "reason": "同一处", "version": story.row(visited).version},
    )
    assert answer.status_code == 302, steps.words(answer)[:1500]
    story.do("paidan", finder, "dispatch", unit=story.unit("property"))
    story.go("wuye", finder, "sign")
    story.go("wuye", finder, "hand_in", outcome="explained", text="已清运")
    story.go("jiandu", finder, "check", passed="yes")
    refused = story.do("paidan", finder, "close", 409)
    assert "反映人" in refused
    story.do("paidan", finder, "reply", way="phone", result="reached", text="垃圾已清走。")
    story.do("paidan", finder, "close")
    for one in (code, visited_code):
        page = story.track(one)
        assert "垃圾已清走。" in page
        assert "请您评价" in page
    story.rate(code, "satisfied")
    assert "专人复核" in story.rate(visited_code, "unsatisfied", "又堆起来了")
    assert finder in story.listed("zhiban", "?box=review")
    assert finder in story.inbox("zhiban")
