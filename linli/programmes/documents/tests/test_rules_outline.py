"""Parts cut by hand: whatever is cut, no word drops out or stands twice, and no unit's word is lost."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.programmes.documents.rules import outline
from linli.programmes.documents.rules.outline import Said, Stretch
from linli.programmes.documents.rules.parts import numbering, parts_of

LINES = (
    "意见",
    "一、总体要求。坚持以人为本；年内完成。",
    "二、任务",
    "（一）要巡查。每周一次！",
    "",
    "三、保障。",
    "　　落实经费",
)
TEXTS = st.lists(st.sampled_from(LINES), max_size=12).map("\n".join)


def covered(text, parts):
    return {i for p in parts for i in range(p.start, p.end) if text[i].strip()}


@given(TEXTS, st.data())
def test_whatever_is_cut_every_word_stays_in_exactly_one_part(text, data):
    parts = [Stretch(p.start, p.end) for p in parts_of(text)]
    held = covered(text, parts)
    for _n in range(data.draw(st.integers(0, 8)) if parts else 0):
        n = data.draw(st.integers(0, len(parts) - 1))
        act = data.draw(st.sampled_from(("split", "join", "borders")))
        if act == "join":
            if n + 1 < len(parts):
                parts[n : n + 2] = [Stretch(parts[n].start, parts[n + 1].end)]
            continue
        try:
            if act == "split":
                parts[n : n + 1] = outline.split(text, parts[n], data.draw(st.integers(0, len(text))))
            else:
                ends = [data.draw(st.integers(0, len(text))) for _end in "ab"]
                parts = outline.with_borders(text, parts, n, *ends)
        except ValueError:
            continue
        # An edit may take in words that stood before the first part, and never gives one up.
        assert covered(text, parts) >= held
        assert not outline.doubled(parts)
        assert parts == sorted(parts)
        held = covered(text, parts)
    if parts:
        assert {i for gap in outline.uncovered(text, parts) for i in range(gap.start, gap.end) if text[i].strip()} == {
            i for i, c in enumerate(text) if c.strip()
        } - held


@given(TEXTS)
def test_a_stretch_is_cut_where_sentences_and_lines_begin(text):
    for at in outline.breaks(text, 0, len(text))[1:]:
        left, right = outline.split(text, Stretch(0, len(text)), at)
        assert right.start == at
        assert text[left.end - 1] in "。！？；" or "\n" in text[left.end : right.start]


def test_a_border_gives_to_and_takes_from_the_neighbours():
    text = "甲一。甲二。乙一。乙二。丙一。"
    parts = [Stretch(0, 6), Stretch(6, 12), Stretch(12, 15)]
    assert outline.with_borders(text, parts, 1, 3, 9) == [Stretch(0, 3), Stretch(3, 9), Stretch(9, 15)]
    for n, start, end in ((0, 3, 6), (2, 12, 14), (1, 0, 12), (1, 6, 15), (1, 8, 8)):
        with pytest.raises(ValueError, match="part"):
            outline.with_borders(text, parts, n, start, end)


SAID = st.one_of(
    st.builds(Said, st.text("甲乙", min_size=1), st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))),
    st.builds(Said, not_applicable=st.text("丙丁", min_size=1)),
)


@given(SAID, SAID)
def test_of_two_parts_that_become_one_no_unit_loses_a_word(first, second):
    found = outline.joined(first, second, idle=("一不适用：", "二不适用："))
    assert bool(found.text) != bool(found.not_applicable)
    assert bool(found.text) == (bool(first.text) or bool(second.text))
    for said in (first, second):
        assert (said.text or said.not_applicable) in (found.text or found.not_applicable)
    days = [s.due_on for s in (first, second) if s.due_on]
    assert found.due_on == (min(days) if days else None)


@given(st.lists(st.integers(-1, 6), max_size=8))
def test_a_level_is_at_most_one_below_the_one_before(levels):
    wrong = outline.wrong_levels(levels)
    for n, level in enumerate(levels):
        above = levels[n - 1] if n else 0
        assert (n in wrong) == (not 1 <= level <= min(outline.DEEPEST, above + 1))


def test_number_and_title_of_what_was_cut_off():
    assert numbering("（二）巡查。每周一次") == ("（二）", "巡查")
    assert numbering("第三条 落实经费\n由街道负责") == ("第三条", "落实经费")
    assert numbering("要落实经费。其余") == ("", "要落实经费")
