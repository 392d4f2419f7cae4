"""What a letter is about and where it points, by its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases.rules.wording import category_of, place_in

WORDS = {
    "road_damage": ["坑", "路面"],
    "noise": ["噪音", "施工"],
    "green_damage": ["绿化", "绿化带"],
    "shared_bikes": ["共享单车", "单车"],
}


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("小区门口施工噪音", "每天早上六点开始。", "noise"),
        ("被开发商坑害多年", "合同约定的时间早过了。", ""),  # one character within another word
        ("请问判决何时执行", "对方曾在施工中，已判。", ""),  # in passing, once
        ("请求处理一件事", "楼上施工，天天施工，施工到夜里。", "noise"),  # not in the title, but what the text is about
        ("绿化带没了", "", "green_damage"),
        ("健身房不退费", "动感单车课也停了。", ""),
        ("", "", ""),
    ],
)
def test_words_count_by_where_and_how_often_they_stand(title, text, code):
    assert category_of(title, text, WORDS) == code


@given(st.text(alphabet="坑路面噪音施工绿化带单车共享的", max_size=12), st.text(max_size=40))
def test_a_category_is_one_whose_words_were_written(title, text):
    found = category_of(title, text, WORDS)
    assert found == "" or any(w in title or w in text for w in WORDS[found])


@pytest.mark.parametrize(
    ("title", "text", "place"),
    [
        ("愚园路1号门口垃圾满了", "", "愚园路1号"),
        ("请给长宁区安西路加装路灯", "", "安西路"),
        ("投诉B2区东盛商业广场房子漏水", "", "东盛商业广场"),
        ("楼下太吵", "您好，我家住江苏路418弄12号，楼上装修。", "江苏路418弄12号"),
        ("某县城东街道办事处不接电话", "", ""),
        ("学生走路要过马路很危险", "前面是一条断头路。", ""),
        ("小区旁边道路乱停车", "周边道路都停满了。", ""),
        ("公交线路调整", "希望改善线路。", ""),
        ("", "", ""),
    ],
)
def test_a_place_is_one_that_is_plainly_named(title, text, place):
    assert place_in(title, text) == place


@given(st.text(max_size=60), st.text(max_size=200))
def test_a_place_stands_in_what_was_written(title, text):
    found = place_in(title, text)
    assert found in title or found in text
