"""Instances in the manner of PSPLIB J30: a short slice of what ``bench.scheduling`` measures."""

import pytest

from bench import progen, scheduling
from linli.engines.projects.rules.scheduling import schedule
from linli.engines.projects.rules.scheduling.types import Options, Proof


def test_the_expected_values_are_of_these_instances():
    expected = scheduling.known()
    assert list(expected) == progen.names()
    assert len(expected) == 48
    for name, values in expected.items():
        instance = progen.make(name)
        assert scheduling.digest(name) == values["digest"]
        assert values["critical_path"] == progen.earliest(instance.durations, instance.after)[-1]
        assert values["critical_path"] <= values["lower"] <= values["best"]
        assert values["proven"] == (values["lower"] == values["best"])


@pytest.mark.parametrize("name", progen.names()[::6])
def test_instances_are_as_progen_makes_them(name):
    instance = progen.make(name)
    before = [sum(n in followers for followers in instance.after) for n in range(32)]
    assert before[0] == 0
    assert instance.after[-1] == []
    assert len(instance.after[0]) == 3
    assert all(1 <= count <= 3 for count in before[1:])
    assert all(1 <= len(followers) <= 3 for followers in instance.after[:-1])
    assert all(b > a for a, followers in enumerate(instance.after) for b in followers)
    assert all(max(row) >= 1 for row in instance.demands[1:-1])
    assert all(max(row[team] for row in instance.demands) <= instance.capacities[team] for team in range(progen.TEAMS))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["g3010_1", "g3025_1", "g3042_1"])
def test_a_slice_within_two_per_cent_of_the_best_known(name):
    network = scheduling.made(name)
    plan = schedule(network, scheduling.EveryDay(), options=Options(seconds=2))
    best = scheduling.known()[name]["best"]
    assert best <= scheduling.makespan(plan) <= best * 1.02
    assert (plan.finish == plan.bound) == (plan.proof is Proof.OPTIMAL)
    quick = schedule(network, scheduling.EveryDay(), options=Options(seconds=0))
    assert best <= scheduling.makespan(quick) <= best * 1.1
    # The chain that says why counts whole days from the first to the last.
    assert plan.chains[0][0].start == scheduling.START
    assert plan.chains[0][-1].finish == plan.finish


def test_no_more_of_a_team_than_there_is():
    network = scheduling.made("g309_1")
    plan = schedule(network, scheduling.EveryDay(), options=Options(seconds=0))
    for resource in network.resources:
        for day in range(scheduling.makespan(plan)):
            taken = sum(
                a.demands.get(resource.key, 0)
                for a in network.activities
                if a.duration
                and (plan.placed[a.key].start - scheduling.START).days
                <= day
                <= (plan.placed[a.key].finish - scheduling.START).days
            )
            assert taken <= resource.capacity
