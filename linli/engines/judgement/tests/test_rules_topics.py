"""Hot topics: what belongs together, what does not, and how topics are ranked."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.judgement.rules.topics import Message, find, plain
from linli.engines.judgement.services.topics_reading import read
from linli.foundation.core.errors import InvalidError

START = datetime(2026, 3, 1, 9)  # noqa: DTZ001
MESSAGES = Path(__file__).parents[4].parent / "shared" / "data" / "messages" / "messages.xlsx"
KILN = [
    ("翠湖新城旁边建搅拌站", "搅拌站的粉尘和噪音让翠湖新城的居民晚上睡不着，请环保部门来查。"),
    ("投诉翠湖新城小区附近搅拌站扰民", "小区北门外的搅拌站整夜作业，粉尘很大，请环保部门处理。"),
    ("搅拌站污染严重", "翠湖新城业主：搅拌站粉尘漫天，家里不敢开窗，请环保部门关停。"),
    ("翠湖小区外的搅拌站何时搬走", "翠湖新城外搅拌站的粉尘和噪音一年多了，环保部门管不管。"),
]
CRACKS = [
    ("翠湖新城车库漏水", "翠湖新城地下车库一下雨就漏水，物业拖着不修，积水没过脚踝。"),
    ("地下车库积水无人管", "翠湖新城的车库漏水积水，物业说没有维修资金。"),
    ("翠湖新城物业不修车库", "翠湖新城车库漏水半年，积水发臭，物业不理。"),
]
OTHERS = [
    (f"第{i}路公交{w}", f"{w}，{i}路车在{p}站等了很久，希望增加班次。")
    for i, (w, p) in enumerate(zip("早晚高平低峰夜昼雨晴阴风", "甲乙丙丁戊己庚辛壬癸子丑", strict=True))
]


def messages(*groups):
    rows = [row for group in groups for row in group]
    return [
        Message(f"m{i:03d}", title, text, START + timedelta(hours=7 * i), f"p{i}")
        for i, (title, text) in enumerate(rows)
    ]


def test_two_words_for_a_place_are_one_topic_and_two_matters_of_a_place_are_two():
    found = find(messages(KILN, CRACKS, OTHERS))
    ids = [set(t.ids) for t in found]
    assert {"m000", "m001", "m002", "m003"} in ids
    assert {"m004", "m005", "m006"} in ids
    assert found[0].people == 4


def test_a_person_who_writes_often_counts_once_and_a_case_of_many_counts_for_all():
    rows = [Message(m.id, m.title, m.text, m.at, "one") for m in messages(KILN, OTHERS)[:4]]
    found = find([*rows, *messages(KILN, OTHERS)[4:]])
    assert not {m.id for m in rows} & {i for t in found for i in t.ids}
    many = [Message(m.id, m.title, m.text, m.at, m.person, "", 5) for m in messages(KILN)]
    assert find([*many, *messages(KILN, OTHERS)[4:]])[0].people == 20


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_messages_changes_nothing(random):
    rows = messages(KILN, CRACKS, OTHERS)
    shuffled = random.sample(rows, len(rows))
    assert find(shuffled) == find(rows)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=40)), max_size=12))
def test_any_text_is_taken_and_no_message_is_in_two_topics(rows):
    found = find(messages(rows))
    ids = [i for t in found for i in t.ids]
    assert len(ids) == len(set(ids))
    assert all(t.people >= 3 and 0 <= t.heat <= 1 + 1e-9 for t in found)


def test_nothing_comes_of_nothing():
    assert find([]) == []
    assert plain(" A市·翠湖, 新城！") == "a市翠湖新城"


def test_a_file_of_messages_is_read_and_one_without_its_columns_refused(tmp_path):
    good = tmp_path / "m.csv"
    good.write_text("编号,用户,主题,时间,详情\n1,u,甲,2019/1/3 8:05:09,乙\n2,u,甲,没有,乙\n", encoding="utf-8")
    (row,) = read(good)
    assert (row.id, row.title, row.at) == ("1#0", "甲", datetime(2019, 1, 3, 8, 5, 9))  # noqa: DTZ001
    bad = tmp_path / "n.csv"
    bad.write_text("编号,主题\n1,甲\n", encoding="utf-8")
    with pytest.raises(InvalidError, match="用户"):
        read(bad)


@pytest.mark.slow
def test_the_hottest_topics_of_the_citys_messages():
    if not MESSAGES.exists():
        pytest.skip("the messages to a city are not here (shared/data/messages)")
    rows = {m.id: m for m in read(MESSAGES)}
    found = find(list(rows.values()))
    first, second = found[:2]
    assert sum("搅拌" in rows[i].title + rows[i].text for i in first.ids) / len(first.ids) >= 0.9
    assert sum("车位" in rows[i].title + rows[i].text for i in second.ids) / len(second.ids) >= 0.9
    assert first.people >= 45
    assert second.people >= 40
    whole = {id: n for n, t in enumerate(found) for id in t.ids}
    other = [i for i, m in rows.items() if "丽发新城" in m.title and "搅拌" not in m.title + m.text and "水" in m.title]
    assert other
    assert all(whole.get(i) != 0 for i in other)
