"""Bikes, goods on the pavement, shops beyond their doors, posters that come back, cars without an owner, riders."""

from typing import Any

import pytest
from django.test import Client

from linli.foundation.core.coordinates import Point
from linli.interfaces.portal.tests import steps
from tests.stories.conftest import Story

pytestmark = pytest.mark.django_db

HERE = Point(31.2215, 121.4195)
SPOT = {"point_lat": str(HERE.lat), "point_lon": str(HERE.lon), "point_system": "wgs84"}


def test_shared_bikes_are_taken_away_within_the_two_hours_of_the_law(story: Story) -> None:
    number, code, _review = story.resident(text="地铁口共享单车堵住盲道", category="shared_bikes", **SPOT)
    story.do("paidan", number, "dispatch", unit=story.unit("bikes"))
    assert number in story.inbox("danche"), "the company hears at once"
    page = story.case("danche", number)
    assert "剩余 2 小时" in page
    assert "第31条" in page
    assert "2 小时" in story.see("paidan", f"/desk/cases/{number}/due/")
    assert "街面秩序管理服务公司" in story.track(code)
    story.go("danche", number, "sign")
    story.later(minutes=130)
    assert "已超" in story.case("danche", number)
    assert "时限提醒" in story.case("paidan", number)
    assert number in story.listed("paidan", "?tab=overdue")
    assert "超" in story.inbox("paidan")
    assert "已超过预计时间" in story.track(code) or "预计办结" in story.track(code)
    refused = story.go("danche", number, "hand_in", 422, outcome="solved", text="已清运 40 辆", after=story.photo())
    assert "处置前照片还差 1 张" in refused
    assert "已清运 40 辆" in refused
    kept = [story.sent_ahead("danche", "before"), story.sent_ahead("danche", "after")]
    story.go("danche", number, "hand_in", outcome="solved", text="已清运 40 辆", kept=kept)
    assert "已清运 40 辆" in story.case("jiandu", number)
    story.go("jiandu", number, "check", passed="no", text="还有一半没清")
    assert "还有一半没清" in story.foot("danche", number)
    story.go("danche", number, "hand_in", 422, outcome="solved", text="清完")
    story.go("danche", number, "hand_in", outcome="solved", text="清完", after=story.photo())
    story.answered(number, "单车已经全部清走。")
    assert "单车已经全部清走。" in story.track(code)
    assert "您已评价" in story.rate(code, "mostly")


@pytest.mark.slow
@pytest.mark.mechanism("000-36")
def test_bike_companies_are_told_have_two_hours_prove_removal_and_are_ranked(story: Story) -> None:
    """000-36: the company hears at once, two hours by law, proof of removal, and how it compares with others."""
    rival = type(story.world.units["bikes"]).objects.create(name="江畔单车服务公司", short_name="江畔", kind="company")
    story.world.units["rival"] = rival
    where = {**SPOT, "category": "shared_bikes"}
    for n in range(5):  # the first company: the last of five comes too late
        number, _code, _review = story.resident(text=f"地铁口共享单车堵住盲道，第 {n + 1} 处", **where)
        story.do("paidan", number, "dispatch", unit=story.unit("bikes"))
        assert number in story.inbox("danche"), "the company hears at once"
        assert "2 小时" in story.see("paidan", f"/desk/cases/{number}/due/"), "by law, step by step"
        story.go("danche", number, "sign")
        story.later(minutes=130 if n == 4 else 30)
        assert "处置前照片" in story.go("danche", number, "hand_in", 422, outcome="solved", text="已清运"), "no proof"
        kept = [story.sent_ahead("danche", "before"), story.sent_ahead("danche", "after")]
        story.go("danche", number, "hand_in", outcome="solved", text="已清运 40 辆", kept=kept)
        story.answered(number, "单车已经全部清走。")
    late = number
    other, _code, _review = story.resident(text="商场门口共享单车堆成山", **where)
    story.do("paidan", other, "dispatch", unit=story.unit("rival"))
    for who in ("paidan", "zhiban", "lingdao", "ducha"):
        page = story.see(who, "/desk/companies/")
        assert "1 街面秩序管理服务公司 5 4 80.0% 1" in page, page
        assert "不排名 江畔单车服务公司 有结论的不足 5 件，还差 5 件 1 0 — 0 1" in page, page
    unit = story.unit("bikes")
    opened = story.listed("paidan", f"?figure=late&category=shared_bikes&unit={unit}&since=2026-03-01&until=2026-03-31")
    assert late in opened
    assert number not in story.listed("paidan", f"?figure=within&unit={unit}&since=2026-03-01")
    own = story.see("danche", "/desk/companies/")
    assert "本企业处置情况" in own
    assert "共 1 家" in own
    assert "江畔" not in own
    sheet: Any = story.at("lingdao").post("/exports/of/companies/", {"form": "xlsx"})
    assert b"".join(sheet.streaming_content).startswith(b"PK")
    story.see("chengguan", "/desk/companies/", 403)


@pytest.mark.parametrize(
    ("category", "said", "law"),
    [
        ("dumping", "水果店门前人行道占道堆物，轮椅过不去", "第21条"),
        ("cross_door", "五金店跨门经营，货架摆到人行道上", "划定的外摆区域"),
    ],
)
def test_the_pavement_is_free_again(story: Story, category: str, said: str, law: str) -> None:
    number, code, _review = story.resident(text=said, category=category, **SPOT)
    form = story.see("paidan", f"/desk/cases/{number}/act/dispatch/")
    assert "街面秩序交城管" in form
    story.do("paidan", number, "dispatch", unit=story.unit("enforcement"))
    assert law in story.case("chengguan", number)
    story.go("chengguan", number, "sign")
    story.go("chengguan", number, "arrive", before=story.photo())
    story.go("chengguan", number, "note", kind="legal_education", text="向店主宣讲，店主当场收回货架")
    assert "宣讲条文" in story.foot("zhongdui", number)
    story.go("chengguan", number, "hand_in", outcome="solved", text="货物已收回店内", after=story.photo())
    assert "处理结果已提交" in story.track(code) or "核查" in story.track(code)
    story.answered(number, "店家已把东西收回。")
    assert "店家已把东西收回。" in story.track(code)
    story.later(days=2)
    public = steps.words(Client().get("/nearby/"))
    assert "12 号" not in public
    assert "13812345678" not in public


@pytest.mark.mechanism("004-15")
def test_posters_that_come_back_to_the_same_place_are_marked(story: Story) -> None:
    said = {"text": "电线杆上又贴满小广告", "category": "posters", **SPOT}
    first, _code, _review = story.resident(**said)
    story.do("paidan", first, "dispatch", unit=story.unit("enforcement"))
    story.go("chengguan", first, "sign")
    pictures: dict[str, Any] = {"before": story.photo(), "after": story.photo()}
    story.go("chengguan", first, "hand_in", outcome="solved", text="已铲除", **pictures)
    story.answered(first, "小广告已清除。")
    story.later(days=5)
    second, code, _review = story.resident(**said)
    page = story.case("paidan", second)
    assert "返潮" in page
    assert first in page
    assert "此后返潮" in story.case("paidan", first)
    filtered = story.listed("paidan", "?relapse=on")
    assert second in filtered
    assert first not in filtered
    assert "返潮" not in story.track(code), "a word for the staff"
    story.later(days=40)
    third, _code, _review = story.resident(**said)
    assert "返潮自" not in story.case("paidan", third), "after so many days it is a new problem"


def test_a_car_without_an_owner_goes_with_its_notice(story: Story) -> None:
    number, code = story.counter("shegong", text="小区门口僵尸车停了一年", category="abandoned_vehicle", phone="")
    story.do("paidan", number, "dispatch", unit=story.unit("police"))
    story.go("minjing", number, "sign")
    pictures: dict[str, Any] = {"before": story.photo(), "after": story.photo()}
    refused = story.go("minjing", number, "hand_in", 422, outcome="solved", text="已拖移", **pictures)
    assert "文书照片还差 1 张" in refused
    assert "告知书" in refused
    story.do("minjing", number, "note", text="已张贴告知书，七日异议期", files_paper=story.photo("告知书.jpg"))
    story.do(
        "minjing", number, "hand_over", authority="区公安分局交警支队", number="JJ-2026-0310", text="车辆移交，登记保管"
    )
    page = story.case("paidan", number)
    for words in ("移交记录", "移交：区公安分局交警支队", "对方编号：JJ-2026-0310"):
        assert words in page
    story.later(days=8)
    pictures = {"before": story.photo(), "after": story.photo()}
    story.go("minjing", number, "hand_in", outcome="solved", text="异议期满无人认领，已移交", **pictures)
    story.answered(number, "废弃车辆已移走。")
    assert "废弃车辆已移走。" in story.track(code)


@pytest.mark.mechanism("004-14")
def test_bikes_out_of_place_are_put_in_order_and_riders_are_for_the_traffic_police(story: Story) -> None:
    parked, _code, _review = story.resident(text="电瓶车乱停，挡住弄堂", category="bike_parking", **SPOT)
    form = story.see("paidan", f"/desk/cases/{parked}/act/dispatch/")
    assert "街面秩序管理服务公司" in form
    story.do("paidan", parked, "dispatch", unit=story.unit("bikes"))
    assert "非机动车乱停放" in story.foot("danche", parked)

    riding, code, _review = story.resident(text="外卖骑手逆行闯红灯", category="riding_offence", **SPOT)
    story.do("paidan", riding, "dispatch", unit=story.unit("police"))
    page = story.case("minjing", riding)
    assert "违法骑行" in page
    assert "道路交通安全法第89条" in page
    story.go("minjing", riding, "sign")
    without = story.do("minjing", riding, "hand_over", 422, authority="", number="JJ-1", text="移交逆行线索")
    assert "移交逆行线索" in without
    story.do("minjing", riding, "hand_over", authority="长宁交警支队", number="JJ-20260310-7", text="移交逆行线索")
    page = story.case("paidan", riding)
    assert "移交：长宁交警支队" in page
    assert "对方编号：JJ-20260310-7" in page
    assert "JJ-20260310-7" in story.foot("minjing", riding)
    story.go("minjing", riding, "hand_in", outcome="explained", text="已移交交警，编号已记录")
    story.answered(riding, "已移交交警处理。")
    assert "已移交交警处理。" in story.track(code)
