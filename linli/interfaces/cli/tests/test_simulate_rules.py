"""What a simulation is made of, before any server: reports, people, rules, reports of runs."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import cos, hypot, radians, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.interfaces.cli.simulate import arrivals, residents
from linli.interfaces.cli.simulate.arrivals import Place, expected, lines, stream, weather
from linli.interfaces.cli.simulate.crews import WHOLE, Crew, Roster, people_of
from linli.interfaces.cli.simulate.engine import Engine, Pause, Work
from linli.interfaces.cli.simulate.ruling import RuleError, value_of
from linli.interfaces.cli.simulate.scenario import (
    SHANGHAI,
    ScenarioError,
    Shift,
    Storm,
    Team,
    changed,
    laid_over,
    load,
    read,
    scaled,
    shipped,
)

PLACES = [
    Place("陶家宅小区", "江苏路100弄", 31.2215, 121.4195),
    Place("飞乐公寓", "华阳路307弄", 31.2235, 121.4175),
    Place("潘西新村", "愚园路753弄", 31.2195, 121.4215),
]
DAY = load("ordinary_day")
PIPE = load("burst_pipe")
SEEDS = st.integers(0, 2**32)


def small(scenario=DAY, **more):
    return replace(scenario, per_day=40, **more)


# -- reports


@given(SEEDS)
@settings(max_examples=12)
def test_the_same_seed_gives_the_same_reports_byte_by_byte_and_another_seed_others(seed):
    once = lines(stream(small(days=2), seed, PLACES))
    assert lines(stream(small(days=2), seed, PLACES)) == once
    assert lines(stream(small(days=2), seed + 1, PLACES)) != once


@given(SEEDS)
@settings(max_examples=8)
def test_a_longer_run_begins_like_a_shorter_one(seed):
    short = [i for i in stream(small(days=1), seed, PLACES) if i.turn == 0]
    longer = [i for i in stream(small(days=3), seed, PLACES) if i.turn == 0 and i.at < short[0].at + timedelta(days=9)]
    first_day = [i for i in longer if i.at.date() == DAY.start]
    assert [(i.at, i.text, i.channel) for i in first_day] == [(i.at, i.text, i.channel) for i in short]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_reports_come_as_often_as_the_hours_and_days_say(seed):
    scenario = replace(DAY, days=56, habits=replace(DAY.habits, duplicate=0.0))
    made = stream(scenario, seed, PLACES)
    by_hour, want = Counter(i.at.hour for i in made), [0.0] * 24
    by_day, want_day = Counter(i.at.weekday() for i in made), [0.0] * 7
    for number in range(56):
        rates = expected(scenario, seed, scenario.day(number))
        want = [a + b for a, b in zip(want, rates, strict=True)]
        want_day[scenario.day(number).weekday()] += sum(rates)
    assert all(abs(by_hour[h] - want[h]) < 5 * sqrt(want[h]) for h in range(24))
    assert all(abs(by_day[d] - want_day[d]) < 5 * sqrt(want_day[d]) for d in range(7))
    assert by_hour[9] > 4 * by_hour[3]


def test_channels_and_categories_keep_their_shares():
    made = stream(replace(DAY, days=60), 5, PLACES)
    channels = Counter(i.channel for i in made)
    assert all(abs(channels[c] / len(made) - share) < 0.02 for c, share in DAY.channels.items())
    assert set(Counter(i.category for i in made)) == {c for c, s in DAY.sorts.items() if s.weight}


def test_a_typhoon_comes_on_its_days_and_brings_water_and_broken_trees():
    week = replace(load("typhoon_week"), storms=())
    skies = [weather(week, 1, week.day(n)) for n in range(7)]
    assert skies[2:4] == ["typhoon", "typhoon"]
    assert "typhoon" not in {weather(DAY, 1, DAY.day(n)) for n in range(300)}
    made = stream(week, 1, PLACES)
    storm = [i for i in made if i.at.date() in {week.day(2), week.day(3)} and i.turn == 0]
    usual = [i for i in made if i.at.date() == week.day(0) and i.turn == 0]
    assert len(storm) / 2 > 1.5 * len(usual)
    assert Counter(i.category for i in storm)["sewage"] > 3 * Counter(i.category for i in usual)["sewage"]
    assert "hawking" not in {i.category for i in storm}


@given(SEEDS, st.integers(0, 400), st.integers(1, 90), st.integers(0, 1200))
@settings(max_examples=15)
def test_a_storm_brings_exactly_its_calls_in_its_minutes(seed, calls, minutes, begin):
    storm = Storm("pipe", 0, begin, minutes, calls, "sewage", PIPE.channels, ("{place}冒水",))
    scenario = replace(DAY, per_day=0, storms=(storm,))
    made = stream(scenario, seed, PLACES)
    assert len(made) == calls
    first = scenario.begin + timedelta(minutes=begin)
    assert all(first <= i.at <= first + timedelta(minutes=minutes) for i in made)
    assert {(i.matter, i.category) for i in made} <= {("storm-pipe", "sewage")}
    assert [i.number for i in made] == list(range(1, calls + 1))


def test_a_burst_pipe_is_five_hundred_reports_in_twenty_minutes():
    made = [i for i in stream(PIPE, 1, PLACES) if i.storm]
    assert len(made) == 500
    assert made[-1].at - made[0].at <= timedelta(minutes=20)
    assert {i.channel for i in made} == {"portal", "phone", "open311"}


def test_reports_of_one_matter_lie_together_and_name_the_place_in_different_words():
    made = [i for i in stream(PIPE, 3, PLACES) if i.storm]
    assert len({i.address for i in made}) > 4
    assert len({i.text for i in made}) > 50
    north, east = 111_195.0, 111_195.0 * cos(radians(31.22))
    first = made[0]
    assert max(hypot((i.lat - first.lat) * north, (i.lon - first.lon) * east) for i in made) < 60


def test_repeated_reports_follow_the_first_in_time_by_other_people():
    made = stream(replace(DAY, days=5, habits=replace(DAY.habits, duplicate=0.6)), 1, PLACES)
    by_matter: dict[str, list[arrivals.Incident]] = {}
    for one in made:
        by_matter.setdefault(one.matter, []).append(one)
    several = [m for m in by_matter.values() if len(m) > 1]
    assert len(several) > 100
    assert all([i.turn for i in m] == list(range(len(m))) for m in several)
    assert all(len({i.category for i in m}) == 1 for m in several)


def test_a_window_lets_only_its_hours_in():
    made = stream(replace(DAY, begins=8 * 60, ends=12 * 60), 1, PLACES)
    assert made
    assert {i.at.hour for i in made} == {8, 9, 10, 11}


# -- people

SHIFTS = st.builds(
    lambda begin, length, people, days: Shift(begin, begin + length, people, days),
    st.integers(0, 1439), st.integers(90, 720), st.integers(0, 3), st.sampled_from(["work", "rest", "all"]),
)  # fmt: skip
JOBS = st.lists(
    st.tuples(st.integers(0, 3 * 1440), st.floats(1, 400), st.integers(0, 2)), max_size=40
)  # fmt: skip


@given(st.lists(SHIFTS, min_size=1, max_size=3), JOBS, SEEDS, st.floats(0, 0.5))
@settings(max_examples=80)
def test_nobody_does_two_things_at_once_or_works_when_off(shifts, jobs, seed, absent):
    team = Team("t", "centre", "dispatcher", tuple(shifts), absent)
    monday = datetime(2026, 3, 9, tzinfo=SHANGHAI)
    roster = Roster(team, seed=seed, rest=[date(2026, 3, 14), date(2026, 3, 15)])
    crew = Crew(team, roster)
    engine = Engine(monday, {"t": crew})
    begun = []
    plain = crew.begin

    def watched(now):
        found = plain(now)
        begun.extend(found)
        return found

    crew.begin = watched  # type: ignore[method-assign]

    def life(minutes, key):
        yield Work("t", minutes, (key,))

    for at, minutes, key in jobs:
        engine.live(life(minutes, key), monday + timedelta(minutes=at))
    engine.run(monday + timedelta(days=20))
    for person in people_of(team):
        own = sorted((b for b in begun if b.person == person), key=lambda b: b.at)
        assert all(a.until <= b.at for a, b in pairwise(own))
        for one in own:
            window = roster.on_shift(person, one.at)
            assert window is not None
            if one.job.minutes <= WHOLE:
                assert one.until <= window[1]
        there = sum(
            ((w[1] - w[0]).total_seconds() / 60 for n in range(-1, 21)
             if (w := roster.window(person, monday.date() + timedelta(days=n)))), 0.0
        )  # fmt: skip
        done = [b for b in own if b.until <= monday + timedelta(days=20)]
        assert sum(b.job.minutes for b in done) <= there + 1e-6
    assert len(begun) == len({id(b.job) for b in begun}) <= len(jobs)


def test_work_is_taken_in_its_order_and_a_caller_who_waits_too_long_is_gone():
    team = Team("t", "centre", "dispatcher", (Shift(8 * 60, 18 * 60, 1, "all"),), 0.0)
    begin = datetime(2026, 3, 10, 9, tzinfo=SHANGHAI)
    engine = Engine(begin, {"t": Crew(team, Roster(team, seed=1, rest=[]))})
    told = []

    def life(name, key, hold=None):
        by = yield Work("t", 10, key, hold=hold)
        told.append((name, engine.now.strftime("%H:%M"), by.number if by else None))

    engine.live(life("first", (2,)), begin)
    engine.live(life("later", (2,)), begin + timedelta(minutes=1))
    engine.live(life("urgent", (1,)), begin + timedelta(minutes=2))
    engine.live(life("caller", (0,), hold=5), begin + timedelta(minutes=3))
    engine.live(life("patient", (0,), hold=20), begin + timedelta(minutes=4))
    engine.run(begin + timedelta(hours=2))
    assert told == [
        ("caller", "09:08", None), ("first", "09:10", 1), ("patient", "09:20", 1), ("urgent", "09:30", 1),
        ("later", "09:40", 1),
    ]  # fmt: skip


def test_long_work_goes_on_in_the_next_shift_and_short_work_waits_for_it():
    team = Team("t", "centre", "dispatcher", (Shift(9 * 60, 17 * 60, 1, "work"),), 0.0)
    friday = datetime(2026, 3, 13, 16, 30, tzinfo=SHANGHAI)
    weekend = [date(2026, 3, 14), date(2026, 3, 15)]
    for minutes, end in ((120, "03-16 10:30"), (45, "03-16 09:45"), (20, "03-13 16:50")):
        engine = Engine(friday, {"t": Crew(team, Roster(team, seed=1, rest=weekend))})
        told: list[str] = []

        def life(minutes=minutes, engine=engine, told=told):
            yield Pause(engine.now)
            yield Work("t", minutes)
            told.append(engine.now.strftime("%m-%d %H:%M"))

        engine.live(life(), friday)
        engine.run(friday + timedelta(days=5))
        assert told == [end]


def test_time_on_shift_is_counted_over_a_whole_year_and_cut_at_both_ends():
    team = Team("t", "centre", "dispatcher", (Shift(9 * 60, 17 * 60, 1, "all"), Shift(22 * 60, 30 * 60, 1, "all")), 0.0)
    roster = Roster(team, seed=1, rest=[date(2026, 3, 14)])
    day, night = people_of(team)
    begin = datetime(2026, 1, 1, tzinfo=SHANGHAI)
    assert roster.minutes(day, begin, begin + timedelta(days=365)) == 365 * 8 * 60
    # The night that began on the day before counts from midnight on, the last one up to midnight.
    assert roster.minutes(night, begin, begin + timedelta(days=365)) == 365 * 8 * 60
    assert roster.minutes(day, begin + timedelta(hours=10), begin + timedelta(hours=34)) == 8 * 60
    assert roster.minutes(day, begin + timedelta(hours=18), begin + timedelta(hours=20)) == 0


def test_who_stays_when_others_go_are_the_same_people_on_the_same_days():
    fewer = changed(DAY, lose={"grid:3": 2})
    before, after = DAY.teams["grid:3"], fewer.teams["grid:3"]
    assert (before.people, after.people) == (4, 2)
    rosters = [Roster(t, seed=4, rest=[]) for t in (before, after)]
    logins = {p.login: p for p in people_of(before)}
    for person in people_of(after):
        same = logins[person.login]
        for number in range(60):
            day = DAY.start + timedelta(days=number)
            assert rosters[0].window(same, day) == rosters[1].window(person, day)
    with pytest.raises(ScenarioError, match="grid:3"):
        changed(DAY, lose={"grid:3": 9})
    with pytest.raises(ScenarioError, match="grid:9"):
        changed(DAY, lose={"grid:9": 1})
    assert changed(DAY, capacity={"desk": 9}).teams["desk"].shifts[0].people == 9


# -- residents


@given(
    st.floats(0.1, 2000),
    st.floats(0, 2000),
    st.floats(1, 400),
    st.sampled_from(sorted(residents.WORTH)),
    st.floats(0, 1),
)
def test_who_waits_longer_is_never_more_content(waited, longer, patience, outcome, mood):
    steps = ["unsatisfied", "fair", "mostly", "satisfied"]
    one = residents.rating(waited_hours=waited, patience_hours=patience, outcome=outcome, mood=mood)
    two = residents.rating(waited_hours=waited + longer, patience_hours=patience, outcome=outcome, mood=mood)
    assert steps.index(two) <= steps.index(one)


def test_what_is_solved_pleases_more_than_what_is_not():
    def feels(outcome):
        return residents.content(waited_hours=20, patience_hours=60, outcome=outcome)

    assert feels("solved") > feels("explained") > feels("unsolved")


# -- scenarios


@pytest.mark.parametrize("name", shipped())
def test_every_scenario_that_ships_can_be_read(name):
    found = load(name)
    assert found.title != name
    assert {"desk", "leader", "inspectors"} <= set(found.teams)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"start": "soon"}, "start"),
        ({"nonsense": 1}, "nonsense"),
        ({"days": 0}, "days"),
        ({"hours": [1, 2]}, "hours"),
        ({"weekdays": [-1, 1, 1, 1, 1, 1, 1]}, "weekdays"),
        ({"channels": {"pigeon": 1}}, "channels.pigeon"),
        ({"channels": dict.fromkeys(DAY.channels, 0)}, "channels"),
        ({"categories": {"garbage": {"weight": -1}}}, "categories.garbage.weight"),
        ({"categories": {"garbage": {"size": 1}}}, "categories.garbage.size"),
        ({"habits": {"mood": 1}}, "habits.mood"),
        ({"teams": {"desk": {"unit": "centre"}}}, "teams.desk.role"),
        ({"teams": {"desk": {"unit": "centre", "role": "x", "shifts": [{"hours": "9-5"}]}}}, "hours"),
        ({"teams": {"desk": {"unit": "centre", "role": "x", "shifts": [{"hours": "09:00-17:00", "days": "never"}]}}},
         "shifts"),
        ({"storms": [{"category": "lava", "at": "08:00"}]}, r"storms\[0\].category"),
        ({"weather": {"rain": {"colour": 1}}}, "weather.rain.colour"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_scenario_is_named_by_its_place(given, place):
    good = {
        "start": date(2026, 3, 10),
        "per_day": 5,
        "categories": {"garbage": {"weight": 1}},
        "channels": {"portal": 1},
    }
    read(good, "good")
    with pytest.raises(ScenarioError, match=place):
        read(laid_over(good, given) if "channels" in given else {**good, **given}, "bad")


def test_a_scenario_of_ones_own_stands_on_a_shipped_one(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('extends = "ordinary_day"\nper_day = 12\n[habits]\ncall = 9\n[teams.desk]\nabsent = 0.5\n')
    mine = load(str(path))
    assert (mine.name, mine.per_day, mine.habits.call, mine.teams["desk"].absent) == ("mine", 12, 9, 0.5)
    assert mine.teams["desk"].shifts == DAY.teams["desk"].shifts
    with pytest.raises(ScenarioError, match="no scenario"):
        load("atlantis")
    path.write_text('extends = "mine.toml"\n')
    with pytest.raises(ScenarioError, match="too deep"):
        load(str(path))


def test_a_smaller_place_has_fewer_reports_and_fewer_people_but_one_in_each_shift():
    tiny = scaled(PIPE, 0.1)
    assert all(s.people >= 1 for t in tiny.teams.values() for s in t.shifts)
    assert tiny.teams["enforcement"].people == 1
    assert sum(bool(i.storm) for i in stream(tiny, 1, PLACES)) == 50
    assert 10 < sum(not i.storm for i in stream(tiny, 1, PLACES)) < 60


# -- rules


def test_a_rule_is_given_in_short_or_in_whole():
    limit = {"amount": 10, "unit": "work_days"}
    assert value_of("c", "7", limit) == {"amount": 7, "unit": "work_days"}
    assert value_of("c", "48h", limit) == {"amount": 48, "unit": "natural_hours"}
    assert value_of("c", "3 natural_days", limit) == {"amount": 3, "unit": "natural_days"}
    assert value_of("c", "20", 50) == 20
    assert value_of("c", "[80, 100]", [80, 100, 150]) == [80, 100]
    assert value_of("c", "true", False) is True
    assert value_of("c", "word", "other") == "word"
    for text, present in (("soon", limit), ("0", limit), ("3 moons", limit), ("x", 5), ("1", True), ("true", 5)):
        with pytest.raises(RuleError, match="c:"):
            value_of("c", text, present)
