"""Hot topics: what belongs together, what does not, and how topics are ranked."""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.judgement.rules.topics import Message, find, plain
from linli.engines.judgement.services.topics_reading import read
from linli.engines.judgement.tests.messages import TALES
from linli.foundation.core.errors import InvalidError

START = datetime(2026, 3, 1, 9)  # noqa: DTZ001
SHARED = Path("shared", "data", "messages", "messages.xlsx")
MESSAGES = next((p / SHARED for p in Path(__file__).resolve().parents if (p / SHARED).is_file()), SHARED)
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


def of_a_place(names, matter, random):
    """Return four messages on ``matter``, with one of ``names`` in the title and all of them in the text."""
    said, heads = TALES[matter], ("反映{}{}", "{}{}，请处理", "投诉{}{}的问题", "{}又{}了")
    return [
        (
            heads[i].format(names[i % len(names)], said[0]),
            f"{'，即'.join(names)}，{'，'.join([*said[:3], random.choice(said[3:])])}。",
        )
        for i in range(4)
    ]


def together(found, count):
    """Return which topic each of the first ``count`` messages lies in, None for none."""
    return [next((n for n, t in enumerate(found) if f"m{i:03d}" in t.ids), None) for i in range(count)]


PLACES = ["华三小区", "陶家宅村", "秀水花苑", "凯旋新城", "定西公寓", "姚家角社区"]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(PLACES), min_size=2, max_size=2, unique=True),
       st.lists(st.sampled_from(sorted(TALES)), min_size=2, max_size=2, unique=True), st.integers(0, 99))  # fmt: skip
def test_no_topic_holds_two_places_or_two_matters(places, matters, seed):
    random = Random(seed)
    groups = [of_a_place([place], matter, random) for place in places for matter in matters]
    found = find(messages(*groups, OTHERS))
    for topic in found:
        assert len({int(id[1:]) // 4 for id in topic.ids}) == 1


@settings(max_examples=12, deadline=None)
@given(st.permutations(PLACES), st.sampled_from(sorted(TALES)), st.integers(0, 99))
def test_two_words_for_a_place_are_never_two_topics(places, matter, seed):
    other = next(m for m in sorted(TALES) if m != matter)
    random = Random(seed)
    found = find(messages(of_a_place(places[:2], matter, random), of_a_place([places[2]], other, random), OTHERS))
    assert set(together(found, 4)) == {together(found, 1)[0]}


def test_the_same_words_of_two_places_are_two_topics():
    copied = "临街门面长期油烟直排，投诉多年无果，深夜营业，噪音扰民，请政府来查一查油烟净化器。"
    one = [(f"华三小区{w}油烟扰民", f"华三小区{copied}") for w in ("门面", "底层餐馆", "烧烤摊", "楼下")]
    two = [(f"秀水花苑{w}油烟扰民", f"秀水花苑{copied}") for w in ("门面", "底层餐馆", "烧烤摊", "楼下")]
    found = together(find(messages(one, two, OTHERS)), 8)
    assert len(set(found[:4])) == len(set(found[4:])) == 1
    assert found[0] != found[4]
    assert None not in found


def test_institutions_of_one_kind_with_troubles_of_their_own_are_no_topic():
    colleges = [
        ("航空职业技术学院宿舍漏水", "航空职业技术学院的宿舍天花板滴水，被子全湿透了，没有人修。"),
        ("民政职业技术学院凌晨装修", "民政职业技术学院早上七点开始钻墙，宿舍里谁也睡不成。"),
        ("机电职业技术学院乱收空调费", "机电职业技术学院每人收两百元空调维护费，宿舍一共一千二。"),
        ("交通职业技术学院快递二次收费", "交通职业技术学院门口代收点取件还要交五元，离宿舍又远。"),
        ("生物职业技术学院拖欠奖学金", "生物职业技术学院原定十月发放奖助金，宿舍同学都没有拿到。"),
    ]
    assert find(messages(colleges, OTHERS)) == []


def test_who_only_has_a_word_in_common_is_none_of_a_topic():
    stray = [("翠湖新城门口的公交站牌写错了", "我家孩子上学，建议公交停靠，路名写错了，校车司机找不到。")]
    found = find(messages(KILN, stray, OTHERS))
    assert together(found, 5)[4] is None
    assert set(together(found, 4)) == {0}


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
    with Path(__file__).with_name("topics_read.csv").open(encoding="utf-8") as file:
        belongs = {row["id"]: row["belongs"] == "1" for row in csv.DictReader(file)}
    for topic in found[:5]:  # each message was read and judged; one that was not is counted as wrong
        assert sum(belongs.get(i.split("#")[0], False) for i in topic.ids) / len(topic.ids) >= 0.9
    whole = {id: n for n, t in enumerate(found) for id in t.ids}
    other = [i for i, m in rows.items() if "丽发新城" in m.title and "搅拌" not in m.title + m.text and "水" in m.title]
    assert other
    assert all(whole.get(i) != 0 for i in other)
