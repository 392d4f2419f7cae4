"""What the rules find in a sentence or two, kind by kind."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.programmes.documents.rules import read
from linli.programmes.documents.rules.numbers import value_of
from linli.programmes.documents.types import Found, Kind, Lexicon

LEAD = "某街道召开工作推进会\n\n本报讯 2024年5月6日，某街道召开工作推进会，会议由街道党工委副书记赵一凡主持。"


def found(text: str, kind: Kind, **known: Any) -> list[Found]:
    return [f for f in read(LEAD + text, lexicon=Lexicon(**known)).found if f.kind == kind and f.text not in LEAD]


def asked(text: str) -> list[Any]:
    return [f for f in read(LEAD + text).found if f.kind == Kind.REQUIREMENT]


@pytest.mark.parametrize(
    ("text", "value", "approx", "unit", "of"),
    [
        ("共有29个易积水小区。", 29, "", "个", "易积水小区"),
        ("来了40 余家来自各行各业的驻区单位。", 40, "余", "家", "驻区单位"),
        ("百余人到场。", 100, "余", "人", ""),
        ("近两千户居民受益。", 2000, "近", "户", "居民"),
        ("发布十大重点项目。", 10, "", "大", "重点项目"),
        ("惠及约1.2万户。", 12000, "约", "户", ""),
        ("导致 2栋楼缺乏条件。", 2, "", "栋", "楼"),
        ("成立一周年。", 1, "", "周年", ""),
        ("走过90多年的历程。", 90, "多", "年", ""),
        ("三十五位志愿者。", 35, "", "位", "志愿者"),
    ],
)
def test_a_number_has_value_approximation_unit_and_what_is_counted(text, value, approx, unit, of):
    (number,) = found(text, Kind.NUMBER)
    got = number.attributes
    assert (got["value"], got["approx"], got["unit"], got["of"]) == (value, approx, unit, of)


@pytest.mark.parametrize(
    "text",
    ["建立一套机制。", "住在11号楼。", "第二届运动会。", "党的二十大精神。",
     "中央八项规定精神。", "做好“三驾马车”工作。",
     "乳山路235弄。",
     "第一时间赶到。", "下午三点开始。", "百年大计。", "他是一位老人。", "共同缔造“15分钟生活圈”。"],
)  # fmt: skip
def test_what_only_looks_like_a_number_is_none(text):
    assert found(text, Kind.NUMBER) == []


@given(st.integers(1, 99_999_999))
def test_chinese_figures_mean_what_they_say(number):
    digits, units = "零一二三四五六七八九", ["", "十", "百", "千"]

    def under_myriad(n: int) -> str:
        out, zero = "", False
        for i, d in enumerate(reversed(str(n).zfill(4))):
            if d == "0":
                zero = bool(out)
                continue
            out = digits[int(d)] + units[i] + ("零" if zero else "") + out
            zero = False
        return out

    high, low = divmod(number, 10_000)
    zero = "零" if high and low < 1000 else ""
    text = (under_myriad(high) + "万" if high else "") + (zero + under_myriad(low) if low else "")
    assert value_of(text) == number


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("5月18日下午开会。", "2024-05-18", "day"),
        ("去年12月开工。", "2023-12", "month"),
        ("2019年底立项。", "2019-12", "month"),
        ("近期开工。", "", "relative"),
        ("今年以来成效明显。", "", "relative"),
        ("二〇二一年三月一日成立。", "2021-03-01", "day"),
        ("2023年度考核。", "2023", "year"),
        ("2024年2月30日是错的。", "", "relative"),
        ("去年6月3日动工。", "2023-06-03", "day"),
    ],
)
def test_a_date_is_known_as_far_as_the_text_says(text, iso, precision):
    (date,) = found(text, Kind.DATE)
    assert (date.attributes["iso"], date.attributes["precision"]) == (iso, precision)


@pytest.mark.parametrize(
    ("text", "raw", "iso"),
    [
        ("要在6月30日前完成整改。", "6月30日前", "2024-06-30"),
        ("要在4月底前完成登记。", "4月底前", "2024-04-30"),
        ("要在年底前建成。", "年底前", "2024-12-31"),
        ("每月10日前上报。", "每月10日前", ""),
        ("两周内对接。", "两周内", ""),
        ("5个工作日内答复。", "5个工作日内", ""),
        ("2025年3月前交付。", "2025年3月前", "2025-03-31"),
        ("汛期之前疏通。", "汛期之前", ""),
    ],
)
def test_a_deadline_is_the_last_day_on_which_it_is_in_time(text, raw, iso):
    (deadline,) = found(text, Kind.DEADLINE)
    assert (deadline.attributes["raw"], deadline.attributes["iso"]) == (raw, iso)


def test_who_speaks_is_a_post_and_never_a_name():
    items = asked("街道办事处主任钱二平指出，各居民区要认真排查。他强调，要在7月1日前报送。赵一凡要求，要举一反三。")
    assert [i.attributes["voice"] for i in items] == ["街道办事处主任", "街道办事处主任", "街道党工委副书记"]
    assert items[0].attributes["by_unit"] == "各居民区"
    assert items[1].attributes["due"] == {"raw": "7月1日前", "iso": "2024-07-01"}
    assert not any("钱二平" in repr(i.attributes) or "赵一凡" in repr(i.attributes) for i in items)


def test_lists_nest_and_a_sentence_belongs_to_the_item_above():
    text = "会议强调，一要统筹推进。一是压实责任；二是建好平台。要周周通报。二要抓好督查。"
    items = asked(text)
    reading = read(LEAD + text)
    assert [(i.attributes["ordinal"], i.attributes["level"]) for i in items] == [
        ("一要", 1), ("一是", 2), ("二是", 2), ("", 3), ("二要", 1),
    ]  # fmt: skip
    parents = [i.attributes["parent"] for i in items]
    assert parents[0] is None
    assert parents[4] is None
    assert reading.found[parents[1]].text == reading.found[parents[2]].text == "一要统筹推进。"
    assert reading.found[parents[3]].text == "二是建好平台。"


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("会议指出，全国文明城市创建是重要理念的实践，要坚持创建为民。", ["要坚持创建为民。"]),
        ("会议强调，针对小区问题，要加强整治。", ["针对小区问题，要加强整治。"]),
        ("街道办事处主任钱二平希望铁塔公司发挥优势。", ["希望铁塔公司发挥优势。"]),
        ("需要说明的是，调解不收费。", []),
        ("主要领导重视，重要环节到位。", []),
        ("会议指出，这是一项重要工作。", []),
        ("会议要求，严禁弄虚作假。", ["严禁弄虚作假。"]),
        ("居民们表示感谢。", []),
        ("街道将进一步加强沟通。", []),
    ],
)
def test_what_is_asked_begins_after_what_is_only_told(text, asks):
    assert [i.text for i in asked(text)] == asks


@pytest.mark.parametrize(
    ("text", "units", "project"),
    [
        ("会上，东方医院认领“‘医德医风’在职党员志愿督导”项目。", ["东方医院"], "‘医德医风’在职党员志愿督导"),
        (
            "会上，甲公司、乙学校与丙医院3家单位认领了重点项目“三原色”街区点亮行动。",
            ["甲公司", "乙学校", "丙医院"],
            "“三原色”街区点亮行动",
        ),
        ("“银龄课堂”项目由市民银行认领。", ["市民银行"], "银龄课堂"),
        ("会上，甲公司和乙学校共同认领“伴读”项目。", ["甲公司", "乙学校"], "伴读"),
        ("会上，爱心企业认领助老送餐项目。", ["爱心企业"], "助老送餐项目"),
    ],
)
def test_a_claim_has_its_units_and_project(text, units, project):
    (claim,) = found(text, Kind.CLAIM)
    assert (claim.attributes["units"], claim.attributes["project"]) == (units, project)


def test_a_claim_of_nothing_named_is_none():
    assert found("其中有5个项目获成员单位现场认领。", Kind.CLAIM) == []


def test_who_signs_with_whom():
    (agreement,) = found("会上，甲公司党委与某街道社区党委完成党建共建签约。", Kind.AGREEMENT)
    assert agreement.attributes["parties"] == ["甲公司党委", "某街道社区党委"]


def test_names_in_a_row_are_given_in_full():
    names = [f.attributes["name"] for f in found("松山、福山、东一居民区分别作了交流。", Kind.UNIT)]
    assert names == ["松山居民区", "福山居民区", "东一居民区"]


def test_a_short_name_that_the_text_gives_is_found_everywhere():
    text = "中国铁塔股份有限公司上海市分公司（下称“上海铁塔”）成立十年。上海铁塔推进建设。"
    names = [f.attributes["name"] for f in found(text, Kind.UNIT)]
    assert names == ["中国铁塔股份有限公司上海市分公司", "上海铁塔", "上海铁塔"]


def test_what_linli_knows_is_found_surely_and_linked():
    known = {"units": {"鼎福记": "u-1"}, "places": {"乐颐生境": "p-1"}}
    text = "鼎福记在乐颐生境设了驿站。"
    assert [(f.attributes["uuid"], f.confidence) for f in found(text, Kind.UNIT, **known)] == [("u-1", 99)]
    assert [(f.attributes["uuid"], f.confidence) for f in found(text, Kind.PLACE, **known)] == [("p-1", 99)]
    assert found(text, Kind.PLACE) == []


def test_the_longest_known_name_is_taken_among_many():
    units = {f"第{i}居委会": f"u-{i}" for i in range(5000)} | {"桂花": "short", "桂花居委会": "long"}
    got = found("桂花居委会和第4321居委会一起走访桂花。", Kind.UNIT, units=units)
    assert [f.attributes["uuid"] for f in got] == ["long", "u-4321", "short"]


def test_a_meeting_has_its_day_place_chair_and_attendance():
    text = (
        "街道召开会议。\n\n5月20日，防汛专题会在伊犁小区活动室举行，"
        "会议由街道办事处主任钱二平主持，各居民区书记等150余人参加会议。"
    )
    meeting = next(f for f in found(text, Kind.MEETING) if "防汛" in str(f.attributes["name"]))
    got: dict[str, Any] = dict(meeting.attributes)
    assert (got["kind"], got["date"], got["place"]) == ("专题会", "2024-05-20", "伊犁小区活动室")
    assert (got["chair"], got["attendance"], got["approx"]) == ("街道办事处主任", 150, "余")
    assert "居民区书记" in got["who"]
