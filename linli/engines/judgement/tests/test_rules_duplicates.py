"""Keys, figures and scores of duplicates: what must hold for any two reports."""

import csv
import math
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.judgement.rules import duplicates as rules
from linli.engines.judgement.rules import duplicates_replay as replay
from linli.engines.judgement.selectors.duplicates import same_words, shipped_weights
from linli.engines.judgement.services.duplicates_evaluating import evaluate
from linli.engines.judgement.services.duplicates_fitting import fit

NOW = 1_770_000_000.0
points = st.tuples(st.floats(-80, 80), st.floats(-179, 179))
BOSTON = Path(__file__).parents[4].parent / "shared" / "data" / "boston311"


def report(
    id=1, *, point=(31.22, 121.42), hours=0.0, text="楼道堆物没人清", category="garbage", address="", is_open=True
):
    at = NOW - hours * 3600
    return rules.sketch(
        id=id, at=at, point=point, category=category, text=text, address=address, key=address, is_open=is_open
    )


@given(points, st.floats(0, 295), st.floats(0, 2 * math.pi))
def test_what_lies_within_the_radius_has_a_key_in_common(point, metres, angle):
    lat = point[0] + metres * math.sin(angle) / 111_195
    lon = point[1] + metres * math.cos(angle) / (111_195 * math.cos(math.radians(point[0])))
    here, there = report(point=point, text=""), report(2, point=(lat, lon), text="")
    assert set(rules.keys_around(here)) & set(rules.keys_of(there))


@given(st.text(max_size=60), st.one_of(st.none(), points), st.text(max_size=20))
def test_a_report_has_one_to_six_keys_and_looks_under_at_most_fourteen(text, point, address):
    made = report(text=text, point=point, address=address)
    assert 1 <= len(rules.keys_of(made)) <= 6
    assert len(rules.keys_around(made)) <= 14
    assert all(0 <= k < 2**60 for k in rules.keys_of(made))


@given(st.lists(st.tuples(points, st.floats(0, 2_000), st.text(max_size=30)), max_size=8))
def test_every_pair_has_finite_figures_and_a_probability(rows):
    others = [report(i + 2, point=p, hours=h, text=t) for i, (p, h, t) in enumerate(rows)]
    model = shipped_weights()
    for pair in rules.compare(report(), others):
        assert len(pair.figures) == len(rules.FEATURES)
        assert all(math.isfinite(f) for f in pair.figures)
        assert 0 <= model.probability(pair.figures) <= 1


@given(st.permutations(range(6)))
def test_the_order_in_which_rows_come_changes_nothing(order):
    others = [report(i + 2, point=(31.22 + i / 9000, 121.42), hours=i * 7, text=f"楼道堆物{i}") for i in range(6)]
    model = shipped_weights()
    found = rules.ranked(model, rules.compare(report(), [others[i] for i in order]))
    assert [p.id for _s, p in found] == [p.id for _s, p in rules.ranked(model, rules.compare(report(), others))]


def test_nearer_sooner_and_of_the_same_kind_is_likelier():
    model = shipped_weights()

    def score(**fields):
        return model.probability(rules.compare(report(), [report(2, **{"hours": 5, **fields})])[0].figures)

    near = score(point=(31.2201, 121.42))
    assert near >= model.threshold
    assert near > score(point=(31.2224, 121.42))
    assert near > score(point=(31.2201, 121.42), category="noise", text="半夜施工")
    assert near > score(point=(31.2201, 121.42), hours=24 * 80)
    assert near > score(point=(31.2201, 121.42), is_open=False)


def test_weights_are_plain_data_and_refused_where_one_is_missing():
    model = shipped_weights()
    assert rules.Weights.from_json(model.to_json()) == model
    broken: Any = model.to_json()
    del broken["weights"]["gap"]
    with pytest.raises(ValueError, match="weights"):
        rules.Weights.from_json(broken)


def test_streets_and_numbers_of_two_countries():
    assert rules.streets_of("长宁路488弄12号") == (frozenset({"长宁路488弄"}), 12)
    assert rules.streets_of("12 Beacon St, Boston") == (frozenset({"beacon st"}), 12)
    assert rules.streets_of("Intersection Of A St & B St, Boston") == (frozenset({"a st", "b st"}), -1)


def test_the_words_in_common_are_named_longest_first():
    assert same_words("长宁路垃圾房满了没人清", "昨天起垃圾房满了") == ["垃圾房满了"]
    assert same_words("", "x") == []


def test_few_judgements_move_the_weights_little():
    start = shipped_weights()
    pair = rules.compare(report(), [report(2, hours=5)])[0].figures
    learned = fit([pair, pair], [False, False], start=start, firm=10.0)
    assert learned.probability(pair) < start.probability(pair)
    assert max(abs(a - b) for a, b in zip(learned.weights, start.weights, strict=True)) < 1


def _city(folder, requests=900):
    """Write a small city of its own: every tenth request repeats an earlier one that is open."""
    rng = random.Random(7)
    rows: list[Any] = []
    pairs: list[Any] = []
    kinds = ["路灯不亮", "井盖破损", "垃圾满溢", "违章停车"]
    for i in range(requests):
        moment = datetime.fromtimestamp(1_450_000_000 + i * 90_000, tz=UTC).isoformat()
        spot = (42.3 + rng.random() / 60, -71.1 + rng.random() / 60)
        kind = rng.randrange(4)
        row = {
            "service_request_id": str(1000 + i), "status": "open", "status_notes": "", "service_code": str(kind),
            "description": f"{kinds[kind]} {rng.randrange(999)}", "requested_datetime": moment, "updated_datetime": "",
            "address": f"{rng.randrange(300)} Main St, Boston", "lat": str(spot[0]), "long": str(spot[1]),
        }  # fmt: skip
        if i % 10 == 9:
            old = rows[-rng.randrange(1, 8)]
            row |= {k: old[k] for k in ("service_code", "description", "address")}
            row |= {"lat": str(float(old["lat"]) + rng.random() / 9e3), "long": old["long"]}
            pairs.append((row["service_request_id"], old["service_request_id"]))
        rows.append(row)
    for name, head, body in (
        ("requests.csv", list(rows[0]), [list(r.values()) for r in rows]),
        ("pairs.csv", ["dup_id", "master_id"], pairs),
    ):
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([head, *body])
    return folder / "requests.csv", folder / "pairs.csv"


def test_a_replay_learns_from_what_came_before_and_measures_what_came_after(tmp_path):
    found = evaluate(*_city(tmp_path), since=datetime(2017, 1, 1, tzinfo=UTC))
    figures = {f.name: f for f in found.figures}
    assert found.trained + found.tested == 90
    assert found.others > 300
    model, nearest = figures["model"], figures["nearest"]
    assert model.first >= max(0.9, nearest.first)
    assert model.asked is not None
    assert model.asked <= 0.1


def test_only_what_is_earlier_is_a_candidate():
    past = replay.Past([report(i, hours=h) for i, h in enumerate((5, 1, -1, 24 * 91))], {1: NOW - 60})
    found = past.candidates(report(9))
    assert [(s.id, s.open) for s in found] == [(0, True), (1, False)]
    assert past.candidates(replace(report(9), lat=None, lon=None)) == []


@pytest.mark.slow
def test_the_figures_on_bostons_requests():
    requests = BOSTON / "requests-2008-2018.parquet"
    if not requests.exists():
        pytest.skip("the requests of Boston are not here (shared/data/boston311)")
    pytest.importorskip("pyarrow", reason="reading the requests of Boston needs pyarrow")
    found = evaluate(
        requests,
        BOSTON / "duplicate-pairs-2008-2018.csv",
        since=datetime(2017, 1, 1, tzinfo=UTC),
        model=shipped_weights(),
    )
    model = found.figures[-1]
    assert model.first >= 0.65
    assert model.five >= 0.87
    assert model.asked is not None
    assert model.asked <= 0.05
