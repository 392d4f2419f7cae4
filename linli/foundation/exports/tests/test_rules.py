"""Pure rules of exports: rights, heads, cells."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.core.actors import Grant
from linli.foundation.exports import rules
from linli.foundation.exports.services.taking import fields_of

grants = st.lists(
    st.builds(
        Grant,
        role=st.sampled_from(["dispatcher", "grid_head", "unit_head"]),
        area_path=st.sampled_from(["", "/1/", "/1/5/", "/1/50/", "/2/"]),
        unit_id=st.sampled_from([None, 1, 2]),
    ),
    max_size=5,
)
texts = st.text(max_size=20)


@given(grants, grants)
def test_who_holds_more_still_has_the_file_and_who_holds_nothing_of_it_has_not(then, more):
    had = json.loads(json.dumps(rules.rights_of(then)))
    assert rules.still_covers(rules.rights_of([*then, *more]), had)
    assert rules.still_covers([], had) is (not had)


@given(grants, grants)
def test_a_right_is_covered_only_by_one_of_its_role_and_unit_there_or_further_up(now, then):
    held = rules.rights_of(now)
    for role, path, unit in rules.rights_of(then):
        covered = rules.still_covers(held, [[role, path, unit]])
        assert covered is any(r == role and u == unit and path.startswith(p) for r, p, u in held)


def test_an_area_is_not_covered_by_one_whose_number_begins_alike():
    assert not rules.still_covers([("grid_head", "/1/5/", None)], [["grid_head", "/1/50/", None]])


@given(st.integers(0, 10**7), st.one_of(st.none(), st.integers(0, 10**6)))
def test_what_goes_on_is_never_all_done(done, total):
    found = rules.percent(done, total)
    assert (found is None) is (not total)
    assert found is None or 0 <= found <= 99


@given(st.lists(st.one_of(texts, st.integers(), st.floats(allow_nan=False), st.none()), min_size=1, max_size=5))
def test_no_cell_begins_a_formula_and_every_feature_is_json(cells):
    for cell in cells:
        found = rules.plain(cell)
        assert not isinstance(found, str) or not found.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    labels = [f"列{n}" for n in range(len(cells))]
    feature = json.loads(rules.feature(labels, cells, (121.4, 31.2)))
    assert list(feature["properties"]) == labels
    assert feature["geometry"]["coordinates"] == [121.4, 31.2]


def test_moments_are_said_to_the_minute_in_text_and_whole_in_geojson():
    at = datetime(2026, 3, 10, 2, 0, 30, tzinfo=UTC)
    assert rules.plain(at) == "2026-03-10 02:00"
    assert json.loads(rules.feature(["时间"], [at], None))["properties"]["时间"] == "2026-03-10T02:00:30+00:00"


@given(st.lists(st.tuples(st.sampled_from(["q", "unit", "area"]), texts), max_size=4))
def test_the_journal_learns_which_filters_were_set_and_never_what_was_typed(pairs):
    query = "&".join(f"{name}={value.encode().hex()}" for name, value in pairs)
    assert set(fields_of(query)) == {name for name, value in pairs if value}
