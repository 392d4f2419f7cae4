"""Routing: exemptions, what the checks claim is so, what the kept form refuses."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases.rules.routing import Exemption, Facts, RuleSpec, exempts, failing, route
from linli.engines.cases.rules.routing_checks import BLOCKING, Surroundings, check, covers
from linli.engines.cases.rules.routing_data import BrokenRuleError, differences, digest, read_rules, to_rule
from linli.engines.cases.workflow import Level

CATEGORIES = ("garbage", "noise", "noise_night", "lift")
PATHS = ("/1/", "/1/2/", "/1/3/", "/1/2/4/", "/9/")
SOURCES = ("resident", "phone", "patrol")
HOURS = st.none() | st.tuples(*[st.sampled_from([time(0), time(6), time(12, 30), time(22)])] * 2)
DAYS = st.sampled_from([date(2026, 3, 1), date(2026, 5, 1), date(2026, 9, 30)])
EXEMPTIONS = st.builds(
    Exemption,
    area_paths=st.lists(st.sampled_from(PATHS), max_size=2, unique=True).map(tuple),
    hours=HOURS,
    first=st.none() | DAYS,
    last=st.none() | DAYS,
).filter(lambda e: e != Exemption())
RULES = st.builds(
    RuleSpec,
    id=st.integers(1, 9),
    name=st.just("x"),
    categories=st.lists(st.sampled_from([*CATEGORIES, "noise*"]), max_size=3, unique=True).map(tuple),
    area_paths=st.lists(st.sampled_from(PATHS), max_size=2, unique=True).map(tuple),
    sources=st.lists(st.sampled_from(SOURCES), max_size=2, unique=True).map(tuple),
    hours=HOURS,
    answers=st.dictionaries(st.sampled_from(["a", "b"]), st.booleans(), max_size=2),
    exemptions=st.lists(EXEMPTIONS, max_size=2).map(tuple),
    unit_kind=st.sampled_from(["police", "housing", "nobody"]),
)
FACTS = st.builds(
    Facts,
    category=st.sampled_from(CATEGORIES),
    area_path=st.sampled_from(["", "/1/", "/1/2/", "/1/2/4/7/", "/1/3/5/"]),
    source=st.sampled_from(SOURCES),
    local_time=st.sampled_from([time(0), time(5, 59), time(6), time(12, 29), time(21), time(22), time(23, 59)]),
    answers=st.dictionaries(st.sampled_from(["a", "b"]), st.booleans(), max_size=2),
    zones=st.lists(st.just("/9/"), max_size=1).map(tuple),
    local_date=st.none() | DAYS,
)
AROUND = Surroundings(
    categories=frozenset(CATEGORIES),
    area_paths=frozenset(PATHS),
    unit_ids=frozenset({1}),
    kinds=frozenset({"police", "housing"}),
    sources=frozenset(SOURCES),
    questions={"noise": frozenset({"a", "b"})},
)


def everywhere(kind, _path):
    return {"police": 1, "housing": 2}.get(kind)


@given(RULES, RULES, FACTS)
def test_a_rule_said_to_cover_another_takes_whatever_that_one_takes(wide, narrow, facts):
    if covers(wide, narrow) and not failing(narrow, facts):
        assert not failing(wide, facts)


@given(st.lists(RULES, max_size=5), FACTS)
def test_a_rule_found_covered_is_never_reached_where_every_unit_is_at_work(rules, facts):
    rules = [replace(r, id=n, unit_kind="police") for n, r in enumerate(rules, 1)]
    over = {f.rule_id for f in check(rules, AROUND) if f.code in {"covered", "conflict", "covered_together"}}
    assert route(rules, facts, everywhere).rule_id not in over


@given(st.lists(RULES, max_size=4), FACTS)
def test_a_category_called_untaken_goes_nowhere(rules, facts):
    rules = [replace(r, id=n) for n, r in enumerate(rules, 1)]
    untaken = {f.what for f in check(rules, AROUND) if f.code == "untaken"}
    if facts.category in untaken:
        assert route(rules, facts, everywhere).unit_id is None


@given(RULES, FACTS)
def test_an_exempted_case_fits_no_rule_and_says_so(rule, facts):
    code = failing(rule, facts)
    within = any(exempts(e, facts) for e in rule.exemptions)
    assert (code == "exempt") == (within and not failing(replace(rule, exemptions=()), facts))
    assert failing(replace(rule, exemptions=()), facts) in {code, ""}


@given(RULES, EXEMPTIONS, FACTS)
def test_one_more_exemption_never_makes_a_rule_take_more(rule, more, facts):
    if failing(rule, facts):
        assert failing(replace(rule, exemptions=(*rule.exemptions, more)), facts)


def test_a_market_street_is_exempt_in_its_hours_and_season_only():
    season = Exemption(("/9/",), (time(17), time(23)), date(2026, 5, 1), date(2026, 10, 31), "沪容〔2026〕1 号")
    rule = RuleSpec(1, "街面秩序交城管", ("hawking",), exemptions=(season,), unit_kind="police")
    evening = Facts("hawking", "/1/2/", "resident", time(19), {}, zones=("/9/",), local_date=date(2026, 6, 1))
    found = route([rule], evening, everywhere)
    assert (found.unit_id, found.trace[0].why) == (None, "exempt")
    assert route([rule], replace(evening, local_time=time(9)), everywhere).unit_id == 1
    assert route([rule], replace(evening, local_date=date(2026, 12, 1)), everywhere).unit_id == 1
    assert route([rule], replace(evening, zones=()), everywhere).unit_id == 1


def test_conflicts_dead_rules_and_names_of_nothing_are_named():
    rules = [
        RuleSpec(1, "全部噪声", ("noise*",), unit_kind="police"),
        RuleSpec(2, "夜间噪声", ("noise_night",), hours=(time(22), time(6)), unit_kind="housing"),
        RuleSpec(3, "也是全部噪声", ("noise*",), unit_kind="housing"),
        RuleSpec(4, "旧分类", ("gone",), unit_id=7),
        RuleSpec(5, "旧地方", ("lift",), area_paths=("/5/",), unit_kind="nobody"),
        RuleSpec(6, "永不", ("lift",), hours=(time(8), time(8)), unit_kind="police"),
    ]
    found = {(f.code, f.rule_id, f.other_id, f.what) for f in check(rules, AROUND)}
    assert found == {
        ("covered", 2, 1, ""),
        ("conflict", 3, 1, ""),
        ("no_category", 4, 0, "gone"),
        ("no_unit", 4, 0, "7"),
        ("no_area", 5, 0, "/5/"),
        ("no_kind", 5, 0, "nobody"),
        ("no_time", 6, 0, ""),
        ("untaken", 0, 0, "garbage"),
    }
    assert {"no_category", "no_unit", "no_area", "no_kind", "no_time"} <= BLOCKING


def test_several_earlier_rules_together_may_leave_nothing():
    rules = [
        RuleSpec(1, "a", ("noise", "noise_night"), unit_kind="police"),
        RuleSpec(2, "b", ("lift",), unit_kind="police"),
        RuleSpec(3, "c", ("noise", "lift"), unit_kind="housing"),
    ]
    assert [(f.code, f.rule_id) for f in check(rules, AROUND) if f.rule_id] == [("covered_together", 3)]


@pytest.mark.slow
def test_two_thousand_rules_are_checked_within_seconds():
    paths = frozenset(f"/1/{n}/" for n in range(2_000))
    codes = frozenset(f"c{n}" for n in range(60))
    rules = [RuleSpec(n + 1, "x", area_paths=(f"/1/{n}/",), unit_kind="police") for n in range(2_000)]
    around = replace(AROUND, area_paths=paths, categories=codes)
    assert check(rules, around) == []


BROKEN = [
    ({"conditions": {"hours": ["25:00", "26:00"]}}, "hours"),
    ({"conditions": {"hours": ["08:00"]}}, "hours"),
    ({"conditions": {"categories": "garbage"}}, "categories"),
    ({"conditions": {"answers": []}}, "answers"),
    ({"conditions": []}, "conditions"),
    ({"conditions": {"exemptions": [{}]}}, "exemptions"),
    ({"conditions": {"exemptions": [{"first": "2026-05-02", "last": "2026-05-01"}]}}, "exemptions"),
    ({"action": {}}, "unit"),
    ({"action": {"unit_id": "7"}}, "unit"),
    ({"action": {"unit_kind": "police", "level": "huge"}}, "level"),
]


@pytest.mark.parametrize(("raw", "part"), BROKEN)
def test_a_rule_that_cannot_be_read_is_named_with_its_part(raw, part):
    whole = {"key": "1", "name": "坏规则", "conditions": {}, "action": {"unit_kind": "police"}} | raw
    with pytest.raises(BrokenRuleError, match=part):
        to_rule(whole, 1)
    rules, broken = read_rules([whole, {"name": "好", "action": {"unit_kind": "police"}}])
    assert [r.name for r in rules] == ["好"]
    assert [(b.name, b.part) for b in broken] == [("坏规则", part)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("08:00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PARTS = ("categories", "area_paths", "sources", "hours", "answers", "exemptions")
ACTS = ("unit_kind", "unit_id", "helper_kinds", "level")


@given(
    st.dictionaries(st.sampled_from(PARTS), JSON) | JSON,
    st.dictionaries(st.sampled_from(ACTS), JSON) | JSON,
    FACTS,
)
def test_whatever_a_row_holds_it_is_read_or_named_and_never_breaks_routing(conditions, action, facts):
    rules, broken = read_rules([{"name": "x", "conditions": conditions, "action": action}])
    assert len(rules) + len(broken) == 1
    route(rules, facts, everywhere)
    check(rules, AROUND)


def test_every_level_may_be_given():
    for level in Level:
        assert to_rule({"action": {"unit_kind": "police", "level": level.value}}, 1).level == level


@given(st.integers(0, 5))
def test_one_rule_moved_counts_as_one_difference(place):
    old = [{"key": str(n), "name": str(n)} for n in range(6)]
    new = old[:]
    new.insert(place, new.pop(0))
    found = differences(old, new)
    assert len(found) == (0 if place == 0 else 1)
    assert digest(old) == digest([dict(r) for r in old])
    assert (digest(old) == digest(new)) == (place == 0)
