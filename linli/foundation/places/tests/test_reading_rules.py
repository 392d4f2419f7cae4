"""Places read from text: spans, numerals, names, crossings; what is certain, what is asked, what is no place."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linli.foundation.core.text import folded
from linli.foundation.places.rules.gazetteer import Gazetteer
from linli.foundation.places.rules.mentions import find
from linli.foundation.places.rules.numerals import digits
from linli.foundation.places.rules.spans import PartKind, find_parts
from linli.foundation.places.tests.towns import AREAS, building, known, town
from linli.foundation.places.types import PlaceReason, PlaceSort

FULL = str.maketrans("0123456789", "０１２３４５６７８９")
ESTATES = known()
WORDS = st.text(
    st.sampled_from(
        "安西路长宁愚园789弄12号302室陶家宅小区居委会和与、，近口门那边不是住在一二三四十百千甲A栋座-到延李先生\n １２"
    ),
    max_size=40,
)


@cache
def here() -> Gazetteer:
    return town()


@given(st.text(max_size=120) | WORDS)
@example("安西路 789 弄 12 号")
def test_every_span_lies_in_the_text_and_nothing_is_raised(text):
    reading = here().read(text)
    for c in (*reading.candidates, *reading.asked, *([reading.certain] if reading.certain else [])):
        assert 0 <= c.start < c.end <= len(text)
        assert c.phrase == text[c.start : c.end]
        assert 0 < c.confidence < 1
    for part in find_parts(text):
        assert 0 <= part.start < part.end <= len(text)
    starts = [m.start for m in find(text, here().lexicon)]
    assert starts == sorted(starts)


@given(WORDS)
def test_width_and_repeated_folding_change_nothing(text):
    shown = [(c.place.ref, c.start, c.end, c.confidence) for c in here().read(text).candidates]
    assert [(c.place.ref, c.start, c.end, c.confidence) for c in here().read(text.translate(FULL)).candidates] == shown
    assert folded(folded(text)) == folded(text)
    assert len(folded(text)) == len(text)


@given(
    st.sampled_from(ESTATES),
    st.integers(1, 60),
    st.integers(101, 2999),
    st.sampled_from(["", "你好，", "麻烦看一下", "昨天晚上在", "上海市长宁区华阳路街道"]),
    st.sampled_from(["", "漏水", "门口有人吵架，好几天了"]),
    st.booleans(),
)
def test_an_address_made_from_the_ledger_is_found_first(estate, door, room, before, behind, full):
    text = f"{before}{estate.address}{door}号{room}室{behind}"
    reading = here().read(text.translate(FULL) if full else text)
    assert reading.candidates[0].place.ref == estate.ref
    assert reading.certain is not None
    assert reading.certain.place.address == f"{estate.address}{door}号", "the door stays, the room goes"
    assert str(room) not in reading.certain.phrase.translate({v: k for k, v in FULL.items()})


@given(st.sampled_from(ESTATES), st.integers(1, 40))
def test_a_building_of_the_ledger_goes_before_its_estate(estate, door):
    house = building("target:1", f"{estate.address}{door}号", estate)
    reading = town(house).read(f"{estate.address}{door}号501室")
    assert reading.certain is not None
    assert reading.certain.place.ref == "target:1"
    by_name = town(house).read(f"{estate.name}{door}号501室").certain
    assert by_name is not None
    assert by_name.place.ref == "target:1"


@given(st.sampled_from(ESTATES), st.sampled_from(ESTATES))
def test_two_that_are_equally_likely_are_asked_unless_they_lie_in_one_area(one, other):
    reading = here().read(f"{one.address}和{other.name}都停水了")
    if one.ref == other.ref:
        assert reading.certain is not None
        assert reading.certain.place.ref == one.ref
    elif one.area_id == other.area_id:
        assert reading.certain is not None
        assert (reading.certain.place.sort, reading.certain.place.area_id) == (PlaceSort.AREA, one.area_id)
        assert {c.place.ref for c in reading.asked} == {one.ref, other.ref}
    else:
        assert reading.certain is None
        assert {c.place.ref for c in reading.asked} == {one.ref, other.ref}


@given(st.sampled_from(ESTATES), st.sampled_from(list(AREAS.values())))
def test_one_name_of_two_places_is_asked(estate, area):
    twin = replace(estate, ref="place:twin", address="", aliases=(), area_id=area.area_id, area_path=area.area_path,
                   area_name=area.name)  # fmt: skip
    reading = town(twin).read(f"{estate.name}的路灯坏了")
    assert {c.place.ref for c in reading.asked} == {estate.ref, "place:twin"}
    if estate.area_id == area.area_id:
        assert reading.certain is not None
        assert reading.certain.place.sort is PlaceSort.AREA
    else:
        assert reading.certain is None


@given(st.integers(1, 9999))
def test_numerals_are_read_as_they_are_said(number):
    figures = "零一二三四五六七八九"
    spoken = "".join(figures[int(c)] for c in str(number))
    assert digits(spoken) == str(number)
    parts: list[str] = []
    zero = False
    for unit, c in zip(["千", "百", "十", ""][4 - len(str(number)) :], str(number), strict=True):
        if c == "0":
            zero = True
            continue
        parts.append(("零" if zero and parts else "") + figures[int(c)] + unit)
        zero = False
    assert digits("".join(parts)) == str(number)


@pytest.mark.parametrize(
    ("said", "number"), [("廿三", "23"), ("幺零八", "108"), ("二百三", "230"), ("十", "10"), ("12甲", "12甲"), ("", "")]
)
def test_numerals_of_speech(said, number):
    assert digits(said) == number


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("安西路七百八十九弄十二号", "安西路789弄12号（陶家宅居民区）"),
        ("安西路　７８９　弄", "安西路789弄（陶家宅居民区）"),
        ("安西路789-12-302", "安西路789弄12号（陶家宅居民区）"),
        ("安西路（近长宁路）789弄", "安西路789弄（陶家宅居民区）"),
        ("在安西路这边，789弄", "安西路789弄（陶家宅居民区）"),
        ("安西路近长宁路，789弄", "安西路789弄（陶家宅居民区）"),
        ("陶家宅那边", "陶家宅居民区"),
        ("天誠居委會", "天诚居民区"),
        ("我住飞乐公寓，投诉陶家宅小区", "安西路789弄（陶家宅居民区）"),
        ("不是飞乐公寓，是陶家宅小区", "安西路789弄（陶家宅居民区）"),
    ],
)
def test_one_place_is_certain(text, label):
    certain = here().read(text).certain
    assert certain is not None
    assert certain.place.label == label


@pytest.mark.parametrize(
    ("text", "reason", "count"),
    [
        ("789弄门口", PlaceReason.LANE_ALONE, 1),
        ("安西路800弄", PlaceReason.NUMBER, 2),
        ("安西路长宁路路口", PlaceReason.CROSSING, 2),
        ("长宁路近安西路", PlaceReason.CROSSING, 2),
        ("陶家宅小区对面", PlaceReason.NEARBY, 1),
        ("长宁路165弄到271弄", PlaceReason.RANGE, 2),
        ("安西路上", PlaceReason.ROAD, 1),
    ],
)
def test_what_is_not_certain_is_asked(text, reason, count):
    reading = here().read(text)
    assert reading.certain is None
    assert len(reading.asked) == count
    assert all(reason in c.reasons for c in reading.asked)


@pytest.mark.parametrize(
    "text",
    [
        "李天诚先生反映",
        "我叫陈建宁", "王安西路过看见", "江苏路街道办事处", "胶州路789弄", "延安西路789弄", "于建宁这边",
        "3号楼602", "三弄口", "联系人：徐飞乐", "小区门口", "", "　",
    ],
)  # fmt: skip
def test_persons_offices_and_other_towns_are_no_places(text):
    assert here().read(text).candidates == ()


def test_a_crossing_is_named_by_its_roads_and_found_again():
    asked = here().read("安西路近长宁路").asked
    assert [here().find(c.place.ref) for c in asked] == [c.place for c in asked]
    assert here().find("crossing:安西路|愚园路|11") is None
    assert here().find("place:0") == ESTATES[0]


def test_parts_of_an_address_of_nowhere_known():
    text = "浙江省杭州市西湖区文新街道古荡社区文一西路969号西溪花园3幢2单元"
    found = {p.kind: text[p.start : p.end] for p in find_parts(text)}
    assert found == {
        PartKind.COMMUNITY: "古荡社区", PartKind.ROAD: "文一西路", PartKind.NUMBER: "969号", PartKind.NAME: "西溪花园",
    }  # fmt: skip
