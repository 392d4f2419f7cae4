"""Official notices read: the library's years, sentences of real notices, every contradiction told."""

import json
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import pytest
from chinese_calendar import constants
from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.rulebook.rules import statutory
from linli.foundation.rulebook.rules.notices import Notice, differences, parse

SHARED = Path("shared", "data", "calendars")
REAL = next((p / SHARED for p in Path(__file__).resolve().parents if (p / SHARED).is_dir()), SHARED)
NUMERALS = "一二三四五六七八九"
# In the manner of a notice, our own words; the days are those of 2026.
TEXT = """国务院办公厅关于2026年部分节假日安排的通知
各单位：
经批准，现将2026年放假安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各单位要妥善安排好值班和安全等工作。
"""


def codes(text, year=2026):
    return [p.code for p in parse(text, year).problems]


def test_a_whole_notice_becomes_the_year_that_the_library_knows():
    notice = parse(TEXT, 2026)
    assert notice.problems == ()
    assert notice.names == ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
    assert sum(not d.is_workday for d in notice.days) == 33
    assert differences(notice, statutory()[0]) == []
    assert notice.before() == ()


def test_half_width_brackets_and_one_line_are_read_alike():
    flat = TEXT.replace("（", "(").replace("）", ")").replace("\n", "")
    assert parse(flat, 2026).days == parse(TEXT, 2026).days


def spoken(day, year):
    named = f"{day.year}年" if day.year != year else ""
    return f"{named}{day.month}月{day.day}日（星期{'一二三四五六日'[day.weekday()]}）"


def runs(days):
    for _key, group in groupby(enumerate(sorted(days)), key=lambda pair: pair[1].toordinal() - pair[0]):
        found = [day for _n, day in group]
        yield found[0], found[-1]


def told(year):
    """Return the library's year as a notice would tell it, in our own words."""
    names: dict[str, dict[bool, list[date]]] = {}
    for table, worked in ((constants.holidays, False), (constants.workdays, True)):
        for day, name in table.items():
            if day.year == year:
                names.setdefault(constants.Holiday(name).chinese, {}).setdefault(worked, []).append(day)
    lines = []
    for n, (name, days) in enumerate(names.items()):
        off = [
            spoken(a, year) if a == b else f"{spoken(a, year)}至{spoken(b, year)}" for a, b in runs(days.get(False, []))
        ]
        work = [spoken(d, year) for d in sorted(days.get(True, []))]
        line = f"{NUMERALS[n]}、{name}："
        line += f"{'、'.join(off)}放假，共{len(days[False])}天。" if off else ""
        line += f"{'、'.join(work)}上班。" if work else ""
        lines.append(line)
    return "\n".join(lines)


@pytest.mark.parametrize("year", sorted(statutory()[1]))
def test_what_is_read_is_what_the_library_knows_for_each_of_its_years(year):
    notice = parse(told(year), year)
    assert [p for p in notice.problems if p.code not in {"holiday", "fixed"}] == []
    assert differences(notice, statutory()[0]) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("1月1日（周四）", "1月1日（周五）", "weekday"),
        ("共9天", "共8天", "count"),
        ("5月9日（周六）上班", "5月11日（周一）上班", "weekend"),
        ("三、清明节：4月4日（周六）至6日（周一）放假，共3天。\n", "", "holiday"),
        ("9月20日（周日）、10月10日", "9月20日（周日）、10月3日", "both"),
        ("6月19日（周五）至21日", "6月31日（周五）至21日", "date"),
        ("关于2026年", "关于2025年", "year"),
        ("10月1日（周四）至7日（周三）放假调休，共7天", "10月2日（周五）至7日（周三）放假调休，共6天", "fixed"),
        ("9月25日（周五）至27日（周日）放假，共3天", "9月25日（周五）至27日（周日）团聚", "unread"),
    ],
)
def test_a_contradiction_is_told(old, new, code):
    assert old in TEXT
    assert code in codes(TEXT.replace(old, new))


def test_a_text_that_is_no_notice_gives_nothing():
    assert codes("今天天气很好。") == ["empty"]
    assert parse("", 2026).days == ()


def test_december_without_a_year_is_the_one_its_weekday_fits():
    text = (
        "元旦：2007年12月30日—2008年1月1日放假，共3天。"
        "其中，12月29日（星期六）公休日调至12月31日（星期一），12月29日（星期六）上班。"
    )
    notice = parse(text, 2008)
    assert [d.day for d in notice.before()] == [date(2007, 12, 29), date(2007, 12, 30), date(2007, 12, 31)]
    assert [d.day for d in notice.days if d.is_workday] == [date(2007, 12, 29)]
    assert not {"weekday", "weekend", "count", "unread"} & {p.code for p in notice.problems}


@given(
    st.text(alphabet="元旦春节：:。，、0123456789年月日至放假上班共天（）()周一六星期 \n—", max_size=120),
    st.integers(2007, 2030),
)
def test_no_text_breaks_the_reader(text, year):
    assert isinstance(parse(text, year), Notice)


@given(st.dates(date(2026, 1, 1), date(2026, 12, 25)), st.integers(0, 6))
def test_a_stretch_is_read_as_all_its_days(first, length):
    last = first + timedelta(days=length)
    days = f"{first.month}月{first.day}日至{last.month}月{last.day}日" if length else f"{first.month}月{first.day}日"
    notice = parse(f"一、春节：{days}放假，共{length + 1}天。", 2026)
    assert [d.day for d in notice.days] == [first + timedelta(days=n) for n in range(length + 1)]
    assert not {"count", "date"} & {p.code for p in notice.problems}


def real_sentences():
    path = REAL / "description_parsing_cases.json"
    return json.loads(path.read_text(encoding="utf8")) if path.exists() else []


@pytest.mark.skipif(not real_sentences(), reason="the sentences of real notices are not here")
def test_sentences_of_real_notices_are_read_as_people_read_them():
    for case in real_sentences():
        notice = parse(f"一、节日：{case['description']}", case["year"])
        found = {(d.day.isoformat(), not d.is_workday) for d in notice.days}
        assert found == {(d["date"], d["isOffDay"]) for d in case["expected"]}, case["description"]
