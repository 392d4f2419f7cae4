"""What was sent, held against itself: the digest, what is sealed, odd times, what was found."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from linli.engines.fieldwork.rules.finding import bare, checked_items, found_in, near
from linli.engines.fieldwork.rules.sending import Noted, coarse, digest, joined, mapped, odd_times, parted, put
from linli.engines.fieldwork.rules.tables import cells, columns
from linli.foundation.forms.rules import Moment, answered, check_form, work_out
from linli.foundation.forms.types import Choice, Group, Question, QuestionType, Score, Settings, WholeForm

Q = QuestionType
NOW = datetime(2026, 3, 10, 10, tzinfo=timezone(timedelta(hours=8)))
MOMENT = Moment(NOW)


def q(code, kind=Q.TEXT, **more):
    return Question(code, kind, {"zh-hans": code}, **more)


FORM = WholeForm(
    Settings("楼栋", "house"),
    (
        q("keeper", personal=True), q("memo", Q.LONG_TEXT), q("on", Q.DATE),
        Group("floor", (
            q("who", personal=True), q("note"),
            q("clear", Q.CHOICE, list="states", score=Score("5", spared=("none",)),
              extra={"category": "corridor_clutter", "note": "note", "mended": "mended", "photos": "shot"}),
            q("mended", Q.YES_NO), q("shot", Q.PHOTO), q("before", Q.PHOTO), q("after", Q.PHOTO),
        ), {"zh-hans": "楼层"}, repeat=True),
    ),
    {"states": (Choice("yes", {"zh-hans": "畅通"}, mark="1"), Choice("no", {"zh-hans": "堵塞"}), Choice("none", {}))},
)  # fmt: skip
UUID = "0190a2b4-0000-7000-8000-000000000001"
TEXTS = st.sampled_from(["张大爷", "电话 13812345678", "一切正常", "x" * 50])
ROWS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "who": TEXTS, "note": TEXTS, "clear": st.sampled_from(["yes", "no", "none"]), "mended": st.booleans(),
            "shot": st.just([UUID]), "before": st.just([UUID]), "after": st.just([UUID]),
        },
    ),
    max_size=4,
)  # fmt: skip
ANSWERS = st.fixed_dictionaries(
    {}, optional={"keeper": TEXTS, "memo": TEXTS, "on": st.just("2026-03-10"), "floor": ROWS}
)


def cleaned(answers):
    return dict(check_form(FORM, answers, moment=MOMENT).cleaned)


def found_of(whole):
    worked = work_out(FORM, whole, moment=MOMENT)
    return found_in(worked, whole, worked.marks())


@given(ANSWERS)
def test_what_is_sealed_and_what_stands_open_are_the_whole_and_neither_twice(answers):
    whole = cleaned(answers)
    open_, sealed = parted(FORM, whole)
    assert joined(FORM, open_, sealed) == mapped(FORM, whole, lambda _p, _q, v: v)
    assert "13812345678" not in json.dumps(open_, ensure_ascii=False)
    assert not {p for p, q_, _v in answered(FORM, open_) if q_.personal}
    assert all(path in {p for p, _q, _v in answered(FORM, whole)} for path in sealed)


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_digest_hangs_on_the_content_and_not_on_the_order_of_keys(answers, rng):
    keys = list(answers)
    rng.shuffle(keys)
    assert digest(answers) == digest({k: answers[k] for k in keys}) == digest(json.loads(json.dumps(answers)))
    assert digest(answers) != digest({**answers, "memo": "other"})
    assert len(digest(answers)) == 64


@given(ANSWERS)
def test_what_was_found_was_looked_at_and_a_repair_without_pictures_says_which_are_missing(answers):
    whole = cleaned(answers)
    worked = work_out(FORM, whole, moment=MOMENT)
    scored = worked.marks()
    found = found_in(worked, whole, scored)
    looked_at = checked_items(FORM, whole, scored)
    assert {f.item for f in found} <= looked_at
    rows = whole.get("floor", [])
    assert {f.item for f in found} == {f"floor[{n}]/clear" for n, row in enumerate(rows, 1) if row.get("clear") == "no"}
    for each in found:
        row = rows[int(each.item[6]) - 1]
        assert each.mended == bool(row.get("mended"))
        wanted = {f"{each.item[:8]}/{n}" for n in ("before", "after") if not row.get(n)}
        assert set(each.missing) == (wanted if each.mended else set())


def test_one_fault_for_each_item_with_words_and_pictures_of_its_own_floor():
    whole = cleaned({"floor": [{"clear": "yes"}, {"clear": "no", "note": "两辆旧车", "shot": [UUID]}]})
    (one,) = found_of(whole)
    assert (one.item, one.text, one.category) == ("floor[2]/clear", "clear：两辆旧车", "corridor_clutter")
    assert one.pictures["seen"] == ["floor[2]/shot"]
    told = cleaned({"floor": [{"clear": "no", "note": "电话 13812345678"}]})
    assert found_of(told)[0].text == "clear：电话 ＊＊＊＊"
    assert bare(one.item) == "floor/clear"


def test_a_code_is_looked_for_in_the_same_group_first_then_around_it():
    values = {"a/b/x": 1, "a/y": 2, "z": 3}
    assert [near(values, "a/b/item", code) for code in ("x", "y", "z", "w", "")] == ["a/b/x", "a/y", "z", "a/b/w", ""]


def test_an_hour_is_noted_a_year_is_said_and_neither_is_refused():
    def told(ahead, on="2026-03-10"):
        return odd_times(FORM, {"on": on}, NOW + ahead, NOW, minutes=10, days=1)

    assert told(timedelta(minutes=9)) == []
    assert told(timedelta(days=-300)) == []
    assert told(timedelta(hours=1)) == [Noted.CLOCK_AHEAD]
    assert told(timedelta(days=365)) == [Noted.FAR_AHEAD]
    assert told(timedelta(), "2026-03-11") == []
    assert told(timedelta(), "2026-03-12") == [Noted.FUTURE_DATE]


def test_a_position_is_kept_to_about_a_hundred_metres():
    assert coarse(31.2191874, 121.4123456) == (31.219, 121.412)


@given(st.text("ab/[]0123456789", min_size=1, max_size=20).filter(lambda t: all(t.split("/"))))
def test_a_hostile_path_puts_something_somewhere_and_never_much(path):
    answers: dict[str, Any] = {}
    try:
        put(answers, path.split("/"), [UUID])
    except ValueError:
        return
    assert len(json.dumps(answers)) < 5_000


def test_a_table_has_one_column_a_question_and_floors_between_semicolons():
    wanted = columns([FORM])
    assert [c.path for c in wanted][:4] == ["keeper", "memo", "on", "floor/who"]
    whole = cleaned({"memo": "x", "floor": [{"clear": "yes", "shot": [UUID]}, {"clear": "no"}]})
    said, pictures = cells(FORM, whole, wanted, "1 号楼/甲")
    row = dict(zip([c.head for c in wanted], said, strict=True))
    assert (row["楼层 / clear"], row["楼层 / shot"]) == ("畅通；堵塞", "1-号楼-甲_shot_1")
    assert [p.uuid for p in pictures] == [UUID]
