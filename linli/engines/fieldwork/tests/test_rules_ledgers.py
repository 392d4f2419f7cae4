"""When two entries are one, what a building has, how visits are dealt out, and what a choice says as JSON."""

from collections import Counter
from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.fieldwork.rules.choosing import choice_json, choice_of, drawn, repeatable, rhythm_of
from linli.engines.fieldwork.rules.counts import Counts, counted, moved
from linli.engines.fieldwork.rules.dealing import InGrid, deal
from linli.engines.fieldwork.rules.details import BadDetailError, from_cell, to_cell
from linli.engines.fieldwork.rules.grids import floors
from linli.engines.fieldwork.rules.rounds import Unit, Window
from linli.engines.fieldwork.rules.same import folded, same_key, search_words, sort_key
from linli.engines.fieldwork.rules.sampling import sample_size
from linli.engines.fieldwork.types import Choice, How, TargetFilter
from linli.engines.fieldwork.workflow import VISIT, VisitState
from linli.foundation.forms.types import Choice as Answer
from linli.foundation.forms.types import Question, QuestionSet, QuestionType

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ａ烟酒店", "a 烟酒店"),
        ("甲（长宁）店", "甲长宁店"),
        ("長寧便利", "长宁便利"),
        ("长宁路488弄", "长宁路四八八弄"),
        ("长宁路４８８弄十二号", "上海市长宁区长宁路488弄12号"),
    ],
)
def test_two_ways_of_writing_are_one(one, other):
    assert same_key([one]) == same_key([other])


@pytest.mark.parametrize(("one", "other"), [("长宁路488弄1号", "长宁路488弄11号"), ("甲店", "乙店"), ("甲", "甲乙")])
def test_two_things_are_two(one, other):
    assert same_key([one]) != same_key([other])


def test_nothing_is_the_same_as_nothing():
    assert same_key(["", " "]) == ""
    assert same_key(["甲", "乙"]) != same_key(["甲乙", ""])


@given(st.text(max_size=60))
def test_a_folded_text_stays_as_it_is_and_is_found_by_any_part(text):
    once = folded(text)
    assert folded(once) == once
    assert all(part in search_words(text) for part in map(folded, text.split()) if once)


@given(st.integers(0, 99_999), st.integers(0, 99_999))
def test_numbers_stand_by_their_size(a, b):
    assert (sort_key(f"{a}号") < sort_key(f"{b}号")) == (a < b)


@given(st.integers(-3, 40), st.integers(-3, 40), st.integers(1, 12), st.sets(st.integers(-3, 40), max_size=3))
def test_a_building_has_each_flat_once(first, last, doors, without):
    wanted = [n for n in range(first, last + 1) if n and n not in without]
    if not wanted:
        with pytest.raises(ValueError, match="floors"):
            floors(first, last, doors, without=without)
        return
    found = floors(first, last, doors, without=without)
    assert [f.number for f in found] == wanted
    flats = [flat for f in found for flat in f.flats]
    assert len(set(flats)) == len(flats) == len(wanted) * doors


@pytest.mark.parametrize(("first", "last", "doors"), [(1, 3, 0), (1, 3, 100), (1, 100, 99), (-(10**9), 10**9, 1)])
def test_a_building_that_cannot_be_is_refused(first, last, doors):
    with pytest.raises(ValueError, match="floors"):
        floors(first, last, doors)


PATHS = ["/1/", "/1/2/", "/1/2/3/", "/1/4/"]


@given(
    st.lists(st.sampled_from(PATHS), max_size=20),
    st.lists(st.builds(InGrid, st.integers(1, 5), st.sampled_from(PATHS), st.booleans()), max_size=6),
    st.integers(1, 2),
)
def test_visits_go_to_who_works_there_and_evenly(paths, people, each):
    visits = [(str(n), path) for n, path in enumerate(paths)]
    found = deal(visits, people, {}, each=each)
    for key, path in visits:
        near = {p.key for p in people if path.startswith(p.path)}
        assert (key in found) == (len(near) >= each)
        assert set(found.get(key, ())) <= near
        assert len(set(found.get(key, ()))) == len(found.get(key, ()))
    if each == 1 and {(p.path, p.leads) for p in people} == {("/1/", False)} and found:
        load = Counter(who for (who,) in found.values())
        assert max(load.values()) - min(load[k.key] for k in people) <= 1


STATES = st.sampled_from(VisitState.values)


@given(st.lists(STATES, max_size=12), st.integers(0, 11), st.sampled_from(sorted(VISIT)))
def test_a_step_changes_the_counts_by_what_it_moves(states, n, code):
    if n >= len(states) or states[n] not in VISIT[code].origins:
        return
    after = [*states[:n], VISIT[code].to, *states[n + 1 :]]
    assert counted(states) + moved(states[n], VISIT[code].to) == counted(after)
    assert counted([]) == Counts()


CHOICES = st.builds(
    Choice,
    st.sampled_from(How),
    st.builds(
        TargetFilter,
        st.lists(st.sampled_from(["shop", "lane"]), max_size=2).map(tuple),
        st.sampled_from(["", "/1/2/"]),
        st.sampled_from(["", "示范"]),
        text=st.text(max_size=5),
        unit_id=st.none() | st.integers(1, 9),
        parent=st.none() | st.uuids(),
        facts=st.dictionaries(st.sampled_from(["trade"]), st.text(min_size=1, max_size=5), max_size=1),
    ),
    st.lists(st.uuids(), max_size=3).map(tuple),
    st.text(max_size=5),
    st.integers(0, 50),
    st.integers(0, 50),
    st.sampled_from(["", "area", "tags", "trade"]),
)


@given(CHOICES)
def test_a_choice_comes_back_from_json_as_it_was(choice):
    assert choice_of(choice_json(choice)) == choice


IDS = st.lists(st.uuids().map(str), min_size=1, max_size=30, unique=True)


@given(IDS, st.integers(1, 30), st.sampled_from(["", "area"]))
def test_a_draw_is_the_same_whoever_draws_and_says_from_what(ids, wanted, stratum):
    choice = Choice(How.DRAW, seed="种子", wanted=wanted, stratum=stratum)
    strata = {key: str(UUID(key).int % 3) for key in ids}
    first, second = drawn(choice, strata, DAY, 95), drawn(choice, dict(reversed(strata.items())), DAY, 95)
    assert set(first.keys) == set(second.keys)
    assert len(first.keys) == min(wanted, len(ids))
    assert repeatable(first.protocol, list(reversed(ids)))
    assert not repeatable(first.protocol, ids[1:])
    assert first.protocol["seed"] == "种子/2026-03-02"


def test_a_margin_says_how_many_are_drawn():
    strata = {str(n): "" for n in range(400)}
    found = drawn(Choice(How.DRAW, seed="x", margin=5), strata, DAY, 95)
    assert len(found.keys) == sample_size(400, Fraction(5, 100), Fraction(95, 100)) == 197
    with pytest.raises(ValueError, match="seed"):
        drawn(Choice(How.DRAW, wanted=3), strata, DAY, 95)


def test_a_rhythm_is_read_from_json_or_refused():
    found = rhythm_of({"unit": "weeks", "every": 2, "windows": [[1, 540, 600]]}, DAY, DAY)
    assert (found.unit, found.every, found.windows) == (Unit.WEEKS, 2, (Window(1, 540, 600),))
    assert rhythm_of({}, DAY, DAY).unit is Unit.ONCE
    for wrong in ({"unit": "x"}, {"every": "x"}, {"days": [3]}, {"windows": [[1]]}, {"windows": 3}, {"every": 0}):
        with pytest.raises(ValueError, match=r".+"):
            rhythm_of(wrong, DAY, DAY)


def asked():
    def question(code, kind, label, **more):
        return Question(code, kind, {"zh-hans": label}, **more)

    choices = (Answer("food", {"zh-hans": "餐饮"}), Answer("other", {"zh-hans": "其他"}))
    return QuestionSet(
        1,
        (
            question("trade", QuestionType.CHOICE, "业态", choices=choices),
            question("note", QuestionType.TEXT, "备注"),
            question("open", QuestionType.YES_NO, "营业"),
            question("phone", QuestionType.PHONE, "电话", personal=True),
        ),
    )


def test_a_cell_says_what_is_known_and_comes_back():
    facts = {"open": True, "trade": "food", "note": "靠弄口：左手；第二间", "phone": "+8613800138000"}
    cell = to_cell(asked(), facts)
    assert cell == "业态：餐饮；备注：靠弄口：左手，第二间；营业：是"
    assert from_cell(asked(), cell) == {"trade": "food", "note": "靠弄口：左手，第二间", "open": "是"}
    assert from_cell(asked(), " ") == {"trade": "", "note": "", "open": ""}
    for wrong in ("餐饮", "电话：1", "没有：1"):
        with pytest.raises(BadDetailError):
            from_cell(asked(), wrong)
