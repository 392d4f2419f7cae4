"""The pure rules: markup, the check, the layout of a page, the exchange file, values and periods."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.programmes.publishing.rules import checking, exchange, layout, markup, reporting
from linli.programmes.publishing.rules.checking import Code
from linli.programmes.publishing.types import Value
from linli.programmes.publishing.workflow import VERBS, State

LINES = st.lists(st.text(alphabet="清运楼道 #*-1.>[图]**\u3000。，", max_size=30), max_size=12).map("\n".join)


@given(LINES)
def test_what_is_parsed_can_be_written_and_parsed_again(text):
    blocks = markup.parse(text)
    assert markup.parse(markup.write(blocks)) == blocks


@given(st.text(max_size=200))
def test_no_text_becomes_anything_but_blocks_of_text(text):
    kinds = {b.kind for b in markup.parse(text)}
    assert kinds <= set(markup.BlockKind)
    assert all(isinstance(run.text, str) for b in markup.parse(text) for line in b.lines for run in line)


def test_markup():
    blocks = markup.parse("开头**要紧**的\n## 小标题\n- 一\n- 二\n\n- 三\n1. 甲\n> 引\n[图2]\n【图 3】\n<b>x</b>")
    assert [b.kind.value for b in blocks] == ["p", "h", "ul", "ul", "ol", "quote", "pic", "pic", "p"]
    assert blocks[0].first == (markup.Run("开头"), markup.Run("要紧", strong=True), markup.Run("的"))
    assert blocks[2].texts == ["一", "二"]
    assert markup.pictures_in(blocks) == [2, 3]
    assert blocks[-1].texts == ["<b>x</b>"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("电话13812345678", [Code.NUMBER]),
        ("居民王建国说，楼道干净了", [Code.PERSON]),
        ("志愿者李红（化名）", [Code.PERSON]),
        ("家住三楼的张红（女，72岁）", [Code.PERSON]),
        ("居民王阿姨说，干净了", []),
        ("居民陈先生表示满意", []),
        ("235弄12号的楼道", [Code.DOOR]),
        ("乳山路235弄的小区", []),
        ("12号楼502室", [Code.DOOR]),
        ("走访了3户困难家庭", [Code.SMALL]),
        ("走访困难家庭两户", [Code.SMALL]),
        ("走访了30户困难家庭", []),
        ("3名社区工作者", []),
        ("有信访重点人员", [Code.LABEL]),
        ("【请补充：做法】", [Code.UNFINISHED]),
        ("党工委书记到现场调研，要求抓好整改", []),
        ("29个易积水小区逐一排查", []),
    ],
)
def test_the_check_finds_what_may_not_go_out(text, codes):
    assert [f.code for f in checking.check_text("body", text, minimum=5)] == codes


@given(st.text(max_size=300))
def test_the_check_names_words_that_stand_in_the_text(text):
    for finding in checking.check_text("body", text, minimum=5):
        assert finding.words in text


def test_only_what_is_soft_may_be_excused():
    found = checking.check_text("body", "居民王建国说，电话13812345678", minimum=5)
    reasons = {f.key: "本人同意" for f in found}
    assert [f.code for f in checking.unresolved(found, reasons)] == [Code.NUMBER]
    assert len({f.key for f in found}) == len(found)
    assert len(checking.unresolved(found, {})) == 2


PARAGRAPH = markup.parse("街道会同物业逐户通知，集中清运堆物，三天时间清出两卡车。" * 4)[0]


def story(key, paragraphs):
    return layout.Story(key, f"标题{key}", (PARAGRAPH,) * paragraphs)


@settings(max_examples=40)
@given(st.lists(st.integers(min_value=0, max_value=80), min_size=1, max_size=6))
def test_no_block_is_lost_and_none_stands_twice(lengths):
    stories = [story(str(n), count) for n, count in enumerate(lengths)]
    pages = layout.lay_out(stories)
    seen = {s.key: 0 for s in stories}
    grid = layout.Grid()
    for page in pages:
        for row in page.rows:
            for part in row.parts:
                seen[part.key] += len(part.blocks)
        room = grid.lines - (grid.masthead if page.number == 1 else 2)
        used = sum(row.lines + 1 for row in page.rows)
        assert used <= room + 1
    assert seen == {s.key: len(s.blocks) for s in stories}


@settings(max_examples=30)
@given(st.lists(st.integers(min_value=1, max_value=90), min_size=1, max_size=5))
def test_what_goes_on_is_found_where_it_says(lengths):
    pages = layout.lay_out([story(str(n), count) for n, count in enumerate(lengths)])
    parts = {(p.key, sheet.number): p for sheet in pages for row in sheet.rows for p in row.parts}
    for (key, number), part in parts.items():
        if part.to_page:
            assert parts[key, part.to_page].from_page == number
        if part.from_page:
            assert parts[key, part.from_page].to_page == number


def test_a_headline_is_never_the_last_thing_of_a_part():
    blocks = []
    for n in range(30):
        blocks += [markup.parse(f"## 小标题{n}")[0], PARAGRAPH, PARAGRAPH]
    pages = layout.lay_out([layout.Story("a", "长文", tuple(blocks)), story("b", 10)])
    assert len(pages) > 1
    for sheet in pages:
        for row in sheet.rows:
            for part in row.parts:
                assert part.blocks[-1].kind is not markup.BlockKind.SUBHEAD


@given(st.lists(st.tuples(st.text(min_size=1, max_size=4), st.integers(0, 40)), max_size=12), st.integers(1, 9))
def test_no_small_cell_is_told_nor_can_be_reckoned(parts, minimum):
    shown = reporting.large_enough(parts, minimum)
    assert all(n >= minimum for _label, n in shown.parts)
    assert sum(n for _label, n in shown.parts) + shown.rest == sum(n for _label, n in parts)
    assert shown.rest == 0 or shown.rest >= minimum or not shown.parts


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Value(42), "42 件"),
        (Value(40, 42), "95.2%（40/42）"),
        (Value(1, 2, 5), "—（2 件）"),
        (Value(0, 0), "—（0 件）"),
        (Value(3, least=5), "＜5 件"),
        (Value(0, least=5), "0 件"),
        (Value(5, least=5), "5 件"),
        (Value(120_000_050, money=True), "1,200,000.50 件"),
    ],
)
def test_how_a_value_is_said(value, words):
    assert reporting.said(value, "件") == words


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 12, 31)))
def test_half_years_follow_one_another(day):
    since, until = reporting.half_year(day)
    assert since <= day <= until
    begins, ends = reporting.following(since, until)
    assert (begins - until).days == 1
    assert reporting.half_year(begins) == (begins, ends)


def test_the_next_period():
    assert reporting.following(date(2026, 1, 1), date(2026, 12, 31)) == (date(2027, 1, 1), date(2027, 12, 31))
    assert reporting.following(date(2026, 3, 1), date(2026, 3, 31)) == (date(2026, 4, 1), date(2026, 5, 1))
    assert reporting.last_half_year(date(2026, 6, 20)) == (date(2026, 1, 1), date(2026, 6, 30))
    assert reporting.last_half_year(date(2026, 7, 2)) == (date(2026, 1, 1), date(2026, 6, 30))
    assert reporting.last_half_year(date(2026, 3, 2)) == (date(2025, 7, 1), date(2025, 12, 31))


def test_the_same_figures_have_the_same_digest():
    assert reporting.digest({"a": 1, "b": [2]}) == reporting.digest({"b": [2], "a": 1})
    assert reporting.digest({"a": 1}) != reporting.digest({"a": 2})


TEXTS = st.text(alphabet="楼道清爽abc123", min_size=1, max_size=20)


@given(TEXTS, TEXTS, st.sampled_from(["", "out", "taken_back"]))
def test_a_row_that_went_out_comes_in_as_it_was(title, body, state):
    row = {"title": title, "body": body, "state": state, "strands": ["project"], "released_on": "2026-03-10"}
    read = exchange.read([row], {"project": "project"})
    assert read.faults == []
    item = read.items[0]
    assert (item.title, item.body, item.state, item.strands) == (title, body, state, ("project",))
    assert item.released_on == date(2026, 3, 10)


@given(st.lists(st.dictionaries(st.sampled_from(sorted(exchange.FIELDS)), st.one_of(st.none(), st.text(max_size=20), st.integers())), max_size=5))  # fmt: skip  # noqa: E501
def test_no_file_makes_the_reading_fail(rows):
    read = exchange.read(rows, {})
    assert len(read.items) == len(rows)


def test_every_state_can_be_reached_and_left():
    reached = {State.DRAFT} | {v.target for v in VERBS.values() if v.target}
    assert reached == set(State)
    left = {s for v in VERBS.values() if v.target for s in v.source}
    assert set(State) - left == {State.DROPPED}
    for verb in VERBS.values():
        assert verb.roles or verb.author
        assert verb.past
