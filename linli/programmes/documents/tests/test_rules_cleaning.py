"""Cleaning: what is changed, what is flagged, and that every character keeps its raw place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.foundation.core.text import to_simplified
from linli.programmes.documents.rules import read
from linli.programmes.documents.rules.cleaning import HOLE, clean
from linli.programmes.documents.rules.wrapping import joins
from linli.programmes.documents.tests.golden_set import load

PIECES = st.sampled_from(
    ["環(huán)", "務(wù)", "，", ",", "(城管中队)", "\n", "\n\n", " ", "　", "2020 年", "“两新”", "?yún)^(qū)",
     "会议强调，", "一是要", "\r\n",
     "牌牌", "１２", "著", "\u200b", "。", "→", "Ａ", "🙂", "e\u0301", "\ufffd", "（上接1版）", "天山路235 弄"]
)  # fmt: skip


def test_pinyin_in_brackets_goes_and_traditional_becomes_simplified():
    cleaned = clean(load("003").raw)
    codes = [f.code for f in cleaned.flags]
    assert codes.count("pinyin") == 217
    assert "huán" not in cleaned.text
    assert "环人民广场中央商务区党建联席会议" in cleaned.text
    assert "标志着环人民广场" in cleaned.text
    assert to_simplified(cleaned.text) == cleaned.text


def test_what_a_wrong_decoding_broke_becomes_a_hole_and_is_flagged():
    raw = load("003").raw
    cleaned = clean(raw)
    broken = [raw[f.span.start : f.span.end] for f in cleaned.flags if f.code == "broken"]
    assert broken == ["?yún)^(qū)", "?xiàng)纳鷦訉?shí)"]
    assert cleaned.text.count(HOLE) == 2
    assert f"新加入{HOLE}党建联席会议" in cleaned.text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("会上,李某指出:要实(落实)!", "会上，李某指出：要实（落实）！"),
        ("共有 29 个小区,2020 年底前", "共有29个小区，2020年底前"),
        ("１２０ 余家单位", "120余家单位"),
        ("人工智能(AI)应用", "人工智能（AI）应用"),
        ("A,B and (C)", "A,B and (C)"),
        ("比分 3:2，12,000 元", "比分3:2，12,000元"),
        ("著名作家跟著走", "著名作家跟着走"),
        ("一\u200b是\ufeff要\r\n快", "一是要\n快"),
    ],
)
def test_widths_blanks_and_variants(raw, text):
    assert clean(raw).text == text


def test_a_doubled_character_or_word_is_flagged_but_kept():
    cleaned = clean("于2014年揭牌牌成立，人人参与、切切实实，海粟广场联动联动站，研究研究再说。")
    assert [f.note for f in cleaned.flags if f.code == "doubled"] == ["牌牌", "联动联动"]
    assert "牌牌" in cleaned.text


def test_hard_wrapped_columns_are_joined_and_headlines_are_not():
    cleaned = clean(load("002").raw)
    lines = cleaned.text.split("\n")
    assert "整治群租见成效" in lines
    assert "服务社区惠百姓" in lines
    assert any(line.startswith("城管队员与居委干部第一时间赶到现场走访检查，确认群租情况属实。原本") for line in lines)
    assert sum(f.code == "hard_wrap" for f in cleaned.flags) > 20


def test_items_on_lines_of_their_own_stay_apart():
    lines = [
        "方某对下一步工作提出要求，请各单位认真抓好落实，确保取得实效：",
        "一是压实责任，各认领单位要在两周内与居民区对接并建立台账。",
        "二是注重实效，要让群众看得见、摸得着，年底前组织开放活动。",
    ]
    assert joins(lines) == [False, False, False]


@settings(max_examples=200)
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join)))
def test_every_clean_character_stands_in_the_raw_text_in_order(raw):
    cleaned = clean(raw)
    assert len(cleaned.origin) == len(cleaned.text)
    assert all(a < b for a, b in zip(cleaned.origin, cleaned.origin[1:], strict=False))
    assert all(0 <= i < max(1, len(raw)) for i in cleaned.origin)
    assert all(0 <= f.span.start < f.span.end <= len(raw) for f in cleaned.flags)


@settings(max_examples=100)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_a_stretch_of_clean_text_is_its_raw_stretch_cleaned(raw):
    cleaned = clean(raw)
    for i, c in enumerate(cleaned.text):
        old = raw[cleaned.origin[i]]
        widened = old in "著,():;!?" or ord(old) - 0xFEE0 == ord(c)
        same = c == old or to_simplified(old) == c or c in ("\n", " ", HOLE) or widened
        assert same, (c, old)


@pytest.mark.parametrize("name", ["000", "001", "003", "004"])
def test_what_is_clean_stays_as_it_is(name):
    cleaned = clean(load(name).raw)
    assert clean(cleaned.text).text == cleaned.text


def test_an_indented_line_begins_a_paragraph_and_the_others_go_on():
    raw = (
        "　　近日，街道召开推进会，会议由街道办\n事处主任主持，各科室负责人和居民区书记\n参加会议，"
        "会议部署了下一阶段工作任务。\n"
        "　　会议强调，要提高认识，压实工作责任，\n切实把各项任务落到实处，取得实际成效。\n"
        "　　会后，与会人员实地察看了改造的现场。"
    )
    lines = clean(raw).text.split("\n")
    assert [line[:2] for line in lines] == ["近日", "会议", "会后"]


def test_what_is_no_article_text_is_flagged():
    flags = {f.code for f in read(load("004").raw).cleaned.flags}
    assert {"by_line", "advert", "foreign"} <= flags
    assert "continuation" in {f.code for f in read(load("001").raw).cleaned.flags}
