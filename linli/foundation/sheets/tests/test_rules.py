"""What a cell says, which row is the header, what comes before what."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.sheets import rules

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)


@given(
    DAYS,
    st.sampled_from(
        ["{y}-{m}-{d}", "{y}/{m}/{d}", "{y}.{m}.{d}", "{y}年{m}月{d}日", "{y}年{m}月{d}号", "{y}-{m}-{d} 09:30:00"]
    ),
)
def test_every_day_is_read_in_every_usual_form(day, form):
    assert rules.read_date(f" {form.format(y=day.year, m=day.month, d=day.day)}\u3000") == day.isoformat()


@given(DAYS)
def test_every_day_is_read_from_digits_and_full_width(day):
    assert rules.read_date(f"{day:%Y%m%d}") == day.isoformat()
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    assert rules.read_date(day.isoformat().translate(wide)) == day.isoformat()


def test_days_in_chinese_numerals():
    assert rules.read_date("二〇二六年三月一日") == "2026-03-01"
    assert rules.read_date("二零二六年十二月三十一日") == "2026-12-31"
    assert rules.read_date("二○二六年十月二十日") == "2026-10-20"


@pytest.mark.parametrize(
    "text", ["2026-02-30", "昨天", "3/1/2026", "1899-12-31", "2026-13-01", "二〇二六年三十月一日", "2026"]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(rules.BadValueError, match="date"):
        rules.read_date(text)


def test_a_date_cell_without_its_format_is_told_apart():
    with pytest.raises(rules.BadValueError, match="serial"):
        rules.read_date("46082")


@given(TEXTS)
def test_readers_answer_or_refuse_and_their_answer_is_read_again_unchanged(text):
    for read in (
        rules.read_date,
        rules.read_integer,
        rules.read_decimal,
        rules.read_yes_no,
        rules.read_list,
        rules.tidy,
    ):
        try:
            value = read(text)
        except rules.BadValueError:
            continue
        assert read(value) == value


@given(st.integers(min_value=-(10**11), max_value=10**11))
def test_whole_numbers_with_commas_are_read(number):
    assert rules.read_integer(f"{number:,}") == str(number) == rules.read_integer(f"{number}.0")


@pytest.mark.parametrize("text", ["1e400", "NaN", "Infinity", "1,2,3x", "0x10", "9" * 40])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(rules.BadValueError):
        rules.read_decimal(text)


@given(st.lists(st.integers(min_value=-1, max_value=29), max_size=30))
def test_no_row_comes_before_the_one_above_it(parents):
    names = [[f"r{n}"] for n in range(len(parents))]
    above = [[f"r{p}"] if p >= 0 else [] for p in parents]
    levels = rules.levels(names, above)
    for row, parent in enumerate(parents):
        if not 0 <= parent < len(parents) or in_circle(parents, row):
            continue
        assert levels[row] == (levels[parent] + 1 if not in_circle(parents, parent) else levels[row])


def in_circle(parents, row):
    """Return whether going up from ``row`` never ends."""
    for _step in range(len(parents) + 1):
        if not 0 <= parents[row] < len(parents):
            return False
        row = parents[row]
    return True


@given(st.lists(st.integers(min_value=0, max_value=3), max_size=60).map(sorted), st.integers(min_value=1, max_value=20))
def test_stretches_hold_all_rows_of_one_level_each(order, size):
    begin = 0
    for end in rules.stretches(order, size):
        assert 0 < end - begin <= size
        assert len(set(order[begin:end])) == 1
        begin = end
    assert begin == len(order)


def test_a_header_is_known_by_one_exact_name_and_no_column_twice():
    names = {"name": ["单位名称", "名称"], "phone": ["电话"], "again": ["电话"]}
    assert rules.match_headers([" 名 称 ", "电话（办公）", "电话"], names) == {"name": 0, "phone": 2}


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([("主体代码", "字号"), ("S-1", "便利店")], 0),
        ([("导出", ""), ("主体代码", "字号", "地址"), ("S-1", "便利店", "一弄")], 1),
        ([("单位：甲", "日期：三月"), ("代码", "字号", "地址"), ("1", "2", "3")], 1),
        ([("代码", "代码"), ("1", "2")], None),
        ([("1", "2"), ("3", "4")], None),
        ([("代码", "字号")], None),
        ([("标题",), ("1", "2")], None),
        ([], None),
    ],
)
def test_the_row_of_words_is_the_header_where_no_name_is_known(rows, at):
    found = rules.find_words(rows)
    assert (found[0] if found else None) == at
    assert found is None or found[1] == rows[found[0]]
