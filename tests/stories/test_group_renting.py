"""崂山二村 11 号: an old lady at the counter; the flat is watched, not its people; two officers' paper; a corridor."""

import pytest
from django.test import Client

from tests.stories.conftest import Story

pytestmark = pytest.mark.django_db

SAID = "崂山二村11号存在群租现象，半夜里经常有陌生人进进出出，隔断成好几间"
CONSENT = "敲门说明来意，未获同意，未入户；仅在公共楼道观察"


@pytest.mark.slow
@pytest.mark.mechanism("002-05", "002-07")
def test_the_flat_at_laoshan_second_village(story: Story) -> None:
    number, code = story.counter(
        "shegong",
        source="walk_in",
        text=SAID,
        category="group_renting",
        address="崂山二村 11 号 401 室",
        area=_microgrid(story),
    )
    assert "已收到" in story.track(code)
    # Guarded: not for the microgrid, not for the stairwell, not for the street.
    for who in ("weiwangge", "louzu", "chengguan", "minjing", "wuye"):
        story.case(who, number, 404)
        story.foot(who, number, 404)
    story.do("paidan", number, "accept")
    story.go("jiandu", number, "verify", confirmed="yes", text=CONSENT)
    helpers = [story.unit("enforcement"), story.unit("police"), story.unit("@陶家宅")]
    story.do("paidan", number, "dispatch", unit=story.unit("housing"), units=helpers)
    page = story.case("fangguan", number)
    for words in ("综合问题", "住房租赁条例", "华阳路派出所", "华阳路街道综合行政执法队", "陶家宅居民委员会"):
        assert words in page
    assert number in story.inbox("fangguan")
    assert number in story.inbox("minjing")
    story.go("fangguan", number, "sign")
    story.go("fangguan", number, "arrive", text=CONSENT)
    assert CONSENT in story.case("paidan", number), "a refusal at the door is a plain note, and no result"
    corridor = _corridor(story, number)
    law = _law_is_explained(story, number)
    refused = story.go("fangguan", number, "hand_in", 422, outcome="solved", text="隔断已拆除", after=story.photo())
    assert "文书照片还差 1 张" in refused
    story.go(
        "fangguan",
        number,
        "hand_in",
        outcome="solved",
        text="隔断、高低床已拆除，恢复原有格局",
        kept=[story.sent_ahead("fangguan", "paper"), story.sent_ahead("fangguan", "after")],
    )
    story.go("jiandu", number, "check", passed="yes", text="复核恢复原状")
    story.do("paidan", number, "reply", way="visit", result="reached", text="11 号的隔断已经拆除，感谢您。")
    assert "上一级" in story.do("paidan", number, "close", 403)
    story.do("zhiban", number, "close")
    mine = story.track(code)
    assert "11 号的隔断已经拆除，感谢您。" in mine
    assert "已办结" in mine
    assert "案件" not in mine
    assert law not in mine
    assert "您已评价" in story.rate(code, "satisfied")
    story.later(days=9)
    public = Client().get("/nearby/").content.decode()
    assert number not in public
    assert "崂山二村" not in public
    assert corridor not in public, "corridors are inside a house: nothing of them is public either"


def _microgrid(story: Story) -> str:
    """Return the area that the microgrid's head answers for: all that is open there they read."""
    path = next(g.area_path for g in story.world.actor("weiwangge").grants if g.area_path)
    return path.strip("/").split("/")[-1]


def _law_is_explained(story: Story, number: str) -> str:
    """002-07: the text of the law by type, and the record that it was explained."""
    form = story.see("chengguan", f"/desk/cases/{number}/act/educate/")
    assert "住房租赁条例" in form
    story.do("chengguan", number, "educate", 422, law="law", text="")
    story.do("chengguan", number, "educate", law="law", audience="租客", text="向租客当面宣讲，发放告知单")
    page = story.case("fangguan", number)
    for words in ("普法记录", "向租客当面宣讲，发放告知单", "宣讲条文：住房租赁条例"):
        assert words in page
    assert "普法记录" in story.foot("fangguan", number)
    return "宣讲条文"


def _corridor(story: Story, parent: str) -> str:
    """002-05: the clutter found on the way is a case of its own that hangs on the first."""
    form = story.see("chengguan", f"/desk/new/?with={parent}")
    assert f"办理 {parent} 时发现的另一个问题" in form
    number, _code = story.counter(
        "chengguan",
        **{"with": parent},
        source="patrol",
        text="三楼楼道堆满杂物，堵住疏散通道",
        category="corridor_clutter",
        address="崂山二村 11 号楼道",
        area=_microgrid(story),
    )
    assert number in story.case("paidan", parent)
    assert "办理中一并发现" in story.case("paidan", parent)
    child = story.case("paidan", number)
    assert "办理此件时发现" in child
    assert parent in child
    assert parent not in story.case("weiwangge", number), "who may not read the parent does not learn of it here"
    story.do("paidan", number, "accept")
    story.do("paidan", number, "dispatch", unit=story.unit("@陶家宅"), units=[story.unit("property")])
    story.go("shuji", number, "sign")
    story.go("wuye", number, "help_result", text="物业清运杂物两车", after=story.photo())
    assert "物业清运杂物两车" in story.case("shuji", number)
    again = story.go("shuji", number, "hand_in", 422, outcome="solved", text="通道已畅通")
    assert "处置前照片还差 1 张" in again
    story.go("shuji", number, "hand_in", outcome="solved", text="通道已畅通", before=story.photo(), after=story.photo())
    assert story.do("wuye", number, "check", 403, passed="yes")
    story.answered(number, "楼道已经清理干净。")
    return number
