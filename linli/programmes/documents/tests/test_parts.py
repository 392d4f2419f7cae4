"""Parts by numbering, versions side by side, the check that a split drops nothing: as rules."""

from hypothesis import given
from hypothesis import strategies as st

from linli.programmes.documents.rules.parts import PartOf, check_split, compare, parts_of
from linli.programmes.documents.selectors.texts import Text, runs_of

LINES = st.lists(
    st.sampled_from(["一、总体要求。", "（一）机制", "第三条 落实", "要巡查。", "", "二、任务", "第一章 总则"]),
    max_size=20,
)


@given(LINES)
def test_parts_stand_in_order_without_overlap_and_their_words_are_those_of_the_text(lines):
    text = "\n".join(lines)
    at = 0
    for part in parts_of(text):
        assert at <= part.start < part.end <= len(text)
        assert text[part.start : part.end].strip() == part.text
        at = part.end


def test_the_coarsest_numbering_makes_the_parts():
    text = "意见\n一、总体要求\n（一）指导思想\n（二）原则\n二、任务\n落实。"
    assert [(p.number, p.title) for p in parts_of(text)] == [("一、", "总体要求"), ("二、", "任务")]
    assert [p.number for p in parts_of("第一条 甲。\n第二条 乙。")] == ["第一条", "第二条"]
    assert [p.title for p in parts_of("没有编号。\n第二段")] == ["没有编号"]
    assert parts_of(" \n") == []


def _part(number, title, text):
    return PartOf(number, title, 0, 1, text)


def test_versions_are_compared_by_words_then_title_then_number():
    old = [_part("一、", "甲", "一、甲。旧"), _part("二、", "乙", "二、乙"), _part("三、", "丙", "三、丙")]
    new = [_part("一、", "乙", "一、乙"), _part("二、", "甲", "二、甲。新"), _part("四、", "丁", "四、丁")]
    pairs, gone = compare(old, new)
    assert [(p.old, p.changed) for p in pairs] == [(1, False), (0, True), (None, False)]
    assert gone == [2]


@given(
    st.sets(st.integers(1, 6)),
    st.sets(st.integers(1, 5)),
    st.dictionaries(st.tuples(st.integers(1, 6), st.integers(1, 5)), st.booleans()),
)
def test_a_part_is_taken_up_declined_by_all_or_dropped(parts, units, cells):
    found = check_split(sorted(parts), sorted(units), cells)
    for part in parts:
        said = [cells.get((part, u)) for u in units]
        taken = any(s is True for s in said)
        declined = bool(units) and all(s is False for s in said)
        assert (part in found.dropped) == (not taken and not declined)
        assert (part in found.declined) == declined
    assert set(found.missing) == {(p, u) for p in parts for u in units if (p, u) not in cells}
    assert found.whole == (not found.dropped)


@given(st.lists(st.integers(0, 200), unique=True, min_size=1).map(sorted))
def test_runs_give_every_clean_character_its_raw_place(origin):
    text = Text("x" * 201, "x" * len(origin), tuple(runs_of(origin)))
    for clean, raw in enumerate(origin):
        assert text.raw_at(clean) == raw
        assert text.clean_at(raw) == clean
    for raw in range(origin[-1] + 1):
        expected = next(i for i, place in enumerate(origin) if place >= raw)
        assert text.clean_at(raw) == expected
