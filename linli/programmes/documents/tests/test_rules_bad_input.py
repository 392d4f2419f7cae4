"""Texts that are no articles, too long, or no text at all."""

from __future__ import annotations

import sys
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.programmes.documents.rules import read, read_articles
from linli.programmes.documents.tests.golden_set import load
from linli.programmes.documents.types import Reading, Verdict

ADVERT = """
阳光家装 春季大促
全场五折起，免费量房，限时抢购！
咨询电话：021-00000000 地址：某某路1号
诚招加盟商 火热招商中 欢迎选购
扫描二维码 关注公众号 立减500元
"""
ENGLISH = "The committee met on 5 May 2020 and asked all departments to finish the work by the end of June. " * 5

SNIPPETS = st.sampled_from(
    ["一是", "二要", "会议强调，", "街道党工委书记", "李某某", "指出：", "要", "务必",
     "“", "”", "‘", "’", "《", "》", "认领", "项目",
     "，", "。", "；",
     "：", "\n", "\n\n", "3家单位", "百余人", "2020年13月40日", "5月18日下午", "前", "每月10日前",
     "召开", "座谈会", "在", "由", "主持", "居民区", "、",
     "（下称“甲”）", "签约", "与", "第一，", "（一）", "1.", "①", "加法：", "〇〇〇",
     "华阳路", "235弄", "（城管中队）", "二〇二〇年五月", "十百千万亿个"]
)  # fmt: skip


def inside(reading: Reading, raw: str) -> bool:
    spans = [s for f in reading.found for s in (f.span, *f.pieces)] + [b.span for b in reading.blocks]
    links: list[Any] = [
        f.attributes[key]
        for f in reading.found
        for key in ("parent", "project_found")
        if f.attributes.get(key) is not None
    ]
    return (
        all(0 <= s.start < s.end <= len(raw) for s in spans)
        and all(0 <= link < len(reading.found) for link in links)
        and all(0 <= i < len(reading.blocks) for a in reading.articles for i in a.blocks)
    )


@pytest.mark.parametrize(
    ("raw", "verdict"),
    [
        ("", Verdict.EMPTY),
        (" \n\t\u3000\n", Verdict.EMPTY),
        ("12345 ——", Verdict.EMPTY),
        (ENGLISH, Verdict.NOT_CHINESE),
        (ADVERT, Verdict.ADVERT),
    ],
)
def test_what_is_no_article_says_so_and_has_no_findings(raw, verdict):
    reading = read(raw)
    assert reading.verdict == verdict
    assert reading.found == ()


@pytest.mark.parametrize("name", ["000", "001", "002", "003", "004", "held_out_1", "held_out_3"])
def test_news_is_news(name):
    assert read(load(name).raw).verdict == Verdict.NEWS


@pytest.mark.parametrize("name", ["held_out_2", "held_out_6"])
def test_a_plan_or_notice_is_a_policy(name):
    assert read(load(name).raw).verdict == Verdict.POLICY


@settings(max_examples=100)
@given(st.one_of(st.text(max_size=200), st.lists(SNIPPETS, max_size=60).map("".join)))
def test_no_text_makes_it_raise_and_nothing_lies_outside(raw):
    assert inside(read(raw), raw)


@pytest.fixture(scope="module")
def page():
    return read(load("000").raw)


@pytest.mark.slow
@settings(max_examples=25)
@given(data=st.data())
def test_any_order_of_blocks_can_be_read(page, data):
    reading = page
    order = data.draw(st.permutations(range(len(reading.blocks))))
    cut = data.draw(st.integers(0, len(order)))
    again = read_articles(reading, [order[:cut], order[cut:]])
    assert inside(again, load("000").raw)
    assert all(article.confidence == 100 for article in again.articles)


def test_the_same_order_reads_the_same():
    for name in ("000", "002", "004"):
        reading = read(load(name).raw)
        again = read_articles(reading, [article.blocks for article in reading.articles])

        def said(r):
            return [(f.kind, f.span, f.text, f.attributes) for f in r.found if f.kind != "article"]

        assert said(again) == said(reading)


@pytest.mark.parametrize("order", [[[0, 0]], [[0], [0]], [[99]], [[-1]]])
def test_an_impossible_order_is_refused(order):
    with pytest.raises(ValueError, match="block"):
        read_articles(read(load("000").raw), order)


def _steps(raw: str) -> int:
    """Return how many lines of the rules run for a text."""
    count = 0

    def trace(frame, event, _):
        nonlocal count
        if "documents/rules" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read(raw)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["many articles", "one article"])
def test_twice_the_text_takes_twice_the_steps(kind):
    raw = load("004").raw + "\n\n"
    if kind == "one article":
        raw = "\n\n".join(line for line in raw.split("\n") if len(line) > 60) + "\n\n"
    read(raw)
    small, large = _steps(raw * 3), _steps(raw * 6)
    assert large < 2.2 * small


@pytest.mark.slow
def test_a_text_of_three_hundred_pages_is_read():
    raw = load("004").raw + "\n\n"
    pages = 300 * 800
    raw *= pages // len(raw)
    reading = read(raw)
    assert len(reading.articles) > 200
    assert inside(reading, raw)


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["和", "1", "、甲乙", "“", "书记", "项目", "一是要", "（", "认领“"])
def test_no_repetition_makes_a_rule_search_for_ever(piece):
    """The rules' expressions are bounded: four times the text costs about four times the work, never sixteen."""

    def cost(times: int) -> float:
        raw = "某街道召开会议。\n\n" + piece * (times // len(piece))
        before = time.process_time()
        read(raw)
        return time.process_time() - before

    cost(500)
    small, large = min(cost(2_000) for _ in range(3)), min(cost(8_000) for _ in range(2))
    assert large < 9 * small + 0.2
