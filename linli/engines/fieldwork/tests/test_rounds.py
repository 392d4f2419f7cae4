"""Rounds: planned, opened, walked, counted; who is sent where, and what comes of a closed door."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.models import Attempt, Fact, Round, Target, Visit
from linli.engines.fieldwork.rules.choosing import repeatable
from linli.engines.fieldwork.rules.counts import Counts, counted
from linli.engines.fieldwork.rules.coverage import Period
from linli.engines.fieldwork.rules.drawing import draw
from linli.engines.fieldwork.selectors import CoverageOf, RoundFilter, planning
from linli.engines.fieldwork.tests.scenes import (
    FORM,
    enter_form,
    enter_shops,
    home_of,
    opened,
    plan,
    sent_in,
    visits_of,
)
from linli.engines.fieldwork.types import (
    Choice,
    Free,
    Given,
    How,
    RoundData,
    Span,
    TargetData,
    TargetFilter,
)
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    StaleError,
)
from linli.foundation.core.ids import uuid7
from linli.foundation.forms import services as forms
from linli.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(world):
    services.load_shipped(now=world.now)
    enter_form(world.now)
    return world


def true_counts(round_):
    row = Round.objects.get(pk=round_.pk)
    states = Visit.objects.filter(round=round_).values_list("state", flat=True)
    return Counts(row.planned, row.done, row.unreached) == counted(states)


def test_a_round_is_opened_with_its_form_frozen_and_its_visits_made(town):
    enter_shops(town, 3)
    planned = plan(town)
    assert (planned.state, Visit.objects.count()) == ("draft", 0)
    with pytest.raises(StaleError):
        services.open_round(by=town.actor("zhiban"), now=town.now, uuid=planned.uuid, expected=9)
    round_ = services.open_round(by=town.actor("zhiban"), now=town.now, uuid=planned.uuid, expected=1)
    assert (round_.state, round_.planned, round_.form_version.number) == ("open", 3, 1)
    assert round_.form_version.frozen_at == town.now
    assert {v.due_on for v in visits_of(round_)} == {round_.ends_on}
    enter_form(town.now)
    asked = {"questions": [{"code": "new", "type": "text", "label": {"zh-hans": "新"}}]}
    assert forms.save_form(by=SYSTEM, now=town.now, code=FORM, title="走访表", questions=asked).number == 2
    assert Round.objects.get(pk=round_.pk).form_version.number == 1
    with pytest.raises(ConflictError):
        services.open_round(by=town.actor("zhiban"), now=town.now, uuid=planned.uuid, expected=round_.version)


def test_a_round_without_targets_is_not_opened(town):
    planned = plan(town)
    with pytest.raises(ConflictError):
        services.open_round(by=town.actor("zhiban"), now=town.now, uuid=planned.uuid, expected=1)
    assert Round.objects.get(pk=planned.pk).state == "draft"


def test_who_may_not_plan_is_refused_and_who_may_not_see_finds_nothing(town):
    enter_shops(town, 1)
    for who in ("shegong", "chengguan", "jumin", "xitong"):
        with pytest.raises(ForbiddenError):
            plan(town, by=who)
    own = town.units["enforcement"].pk
    assert plan(town, by="zhongdui", unit_id=own).unit_id == own
    home = home_of(town)
    assert plan(town, by="shuji", area_id=home.pk).area_path == home.path
    with pytest.raises(ForbiddenError):
        plan(town, by="shuji02", area_id=home.pk)
    round_ = opened(town, area_id=home.pk)
    for who in ("shuji02", "jumin"):
        with pytest.raises(NotFoundError):
            selectors.round_for(town.actor(who), round_.uuid)
        with pytest.raises(NotFoundError):
            services.close_round(
                by=town.actor(who), now=town.now, uuid=round_.uuid, feedback="x", result="x", expected=round_.version
            )
    with pytest.raises(ForbiddenError):
        services.drop_round(
            by=town.actor("shegong"), now=town.now, uuid=round_.uuid, reason="x", expected=round_.version
        )
    assert round_ in selectors.rounds(town.actor("shegong"), RoundFilter()).rows


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": " "}, "title"),
        ({"form": "none"}, "form"),
        ({"unit_id": 10**9}, "unit"),
        ({"area_id": 10**9}, "area"),
        ({"days": -1}, "ends_on"),
        ({"rhythm": {"unit": "never"}}, "rhythm"),
        ({"rhythm": {"unit": "weeks", "windows": [[9, 0, 1]]}}, "rhythm"),
        ({"rhythm": {"unit": "given", "days": []}}, "rhythm"),
        ({"choice": Choice()}, "choice"),
        ({"choice": Choice(How.LIST)}, "choice"),
        ({"choice": Choice(How.LIST, targets=(uuid7(),))}, "choice"),
        ({"choice": Choice(How.DRAW, TargetFilter(("shop",)), wanted=3)}, "choice"),
        ({"choice": Choice(How.DRAW, TargetFilter(("shop",)), seed="x")}, "choice"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field(town, more, field):
    with pytest.raises(InvalidError) as caught:
        plan(town, **more)
    assert set(caught.value.fields) == {field}
    assert not Round.objects.exists()


def test_a_draft_is_changed_at_the_version_seen(town):
    enter_shops(town, 1)
    planned, by = plan(town), town.actor("zhiban")
    data = RoundData(
        "门责检查", FORM, planned.unit_id, planned.starts_on, planned.ends_on, Choice(filter=TargetFilter(("shop",)))
    )
    with pytest.raises(StaleError):
        services.change_round(by=by, now=town.now, uuid=planned.uuid, data=data, expected=7)
    assert services.change_round(by=by, now=town.now, uuid=planned.uuid, data=data, expected=1).title == "门责检查"
    services.open_round(by=by, now=town.now, uuid=planned.uuid, expected=2)
    with pytest.raises(ConflictError):
        services.change_round(by=by, now=town.now, uuid=planned.uuid, data=replace(data, title="x"), expected=3)


def test_a_round_is_closed_with_feedback_and_result_only(town):
    enter_shops(town, 1)
    round_, by = opened(town), town.actor("zhiban")
    for feedback, result in (("", "已整改"), ("已反馈", " ")):
        with pytest.raises(InvalidError):
            services.close_round(
                by=by, now=town.now, uuid=round_.uuid, feedback=feedback, result=result, expected=round_.version
            )
    closed = services.close_round(
        by=by, now=town.now, uuid=round_.uuid, feedback="已反馈", result="已整改", expected=round_.version
    )
    assert (closed.state, closed.closed_at) == ("closed", town.now)
    visit = visits_of(round_)[0]
    with pytest.raises(ConflictError):
        services.take_visit(by=town.actor("shegong"), now=town.now, uuid=visit.uuid, expected=visit.version)
    assert selectors.today(town.actor("shegong"), town.now.date()) == []


def test_targets_of_a_round_are_those_of_a_list_or_a_draw_that_anybody_can_repeat(town):
    shops = enter_shops(town, 12)
    listed = opened(town, choice=Choice(How.LIST, targets=(shops[3].uuid, shops[5].uuid)))
    assert {v.target_id for v in visits_of(listed)} == {shops[3].pk, shops[5].pk}
    choice = Choice(How.DRAW, TargetFilter(("shop",)), seed="上证指数 3200.55", wanted=4)
    drawn = opened(town, choice=choice)
    protocol = drawn.draw[drawn.starts_on.isoformat()]
    ids = [str(s.uuid) for s in shops]
    assert repeatable(protocol, ids)
    assert tuple(protocol["drawn"]) == draw(ids, protocol["seed"], 4)
    assert {str(v.target.uuid) for v in Visit.objects.filter(round=drawn).select_related("target")} == set(
        protocol["drawn"]
    )
    margin = opened(town, choice=Choice(How.DRAW, TargetFilter(("shop",)), seed="x", margin=10, stratum="area"))
    assert margin.planned == 11
    assert margin.draw[margin.starts_on.isoformat()]["strata"] == {home_of(town).path: [12, 11]}


def test_the_next_of_the_lot_stands_in_for_who_cannot_be_visited(town):
    shops = enter_shops(town, 6)
    ids, by = [str(s.uuid) for s in shops], town.actor("zhiban")
    round_ = opened(town, choice=Choice(How.DRAW, TargetFilter(("shop",)), seed="先写下的种子", wanted=3))
    day = round_.starts_on.isoformat()
    order = draw(ids, round_.draw[day]["seed"], 6)

    def replace(key):
        visit = Visit.objects.get(round=round_, target__uuid=key)
        return services.replace_visit(
            by=by, now=town.now, uuid=visit.uuid, reason="施工围挡", expected=visit.version
        )  # fmt: skip

    visit = visits_of(round_)[0]
    with pytest.raises(InvalidError):
        services.replace_visit(by=by, now=town.now, uuid=visit.uuid, reason=" ", expected=visit.version)
    with pytest.raises(ForbiddenError):
        services.replace_visit(
            by=town.actor("shegong"), now=town.now, uuid=visit.uuid, reason="围挡", expected=visit.version
        )
    assert str(replace(order[1]).target.uuid) == order[3]
    assert str(replace(order[3]).target.uuid) == order[4]  # who stood in may fail too
    assert str(replace(order[0]).target.uuid) == order[5]
    round_.refresh_from_db()
    (protocol,) = planning.draws(round_)
    assert protocol.stood_in == ((order[1], order[3]), (order[3], order[4]), (order[0], order[5]))
    assert protocol.drawn == order[:3]  # what was drawn stays written
    assert protocol.same
    assert (round_.planned, true_counts(round_)) == (3, True)
    entry = Entry.objects.filter(verb="fieldwork.replace_visit").latest("id")
    assert entry.reason == "施工围挡"
    with pytest.raises(ConflictError) as none_left:
        replace(order[2])
    assert none_left.value.code == "fieldwork.none_left"
    assert Visit.objects.get(round=round_, target__uuid=order[2]).state == "due"  # refused as a whole


def test_nobody_stands_in_where_nothing_was_drawn_nor_from_another_stratum(town):
    shops = enter_shops(town, 2)
    elsewhere = enter_shops(town, 2, area=next(a for a in town.areas.values() if a != home_of(town)))
    plain = opened(town)
    visit, by = visits_of(plain)[0], town.actor("zhiban")
    with pytest.raises(ConflictError) as refused:
        services.replace_visit(by=by, now=town.now, uuid=visit.uuid, reason="围挡", expected=visit.version)
    assert refused.value.code == "fieldwork.not_drawn"
    round_ = opened(town, choice=Choice(How.DRAW, TargetFilter(("shop",)), seed="x", wanted=2, stratum="area"))
    for own in (shops, elsewhere):
        visit = Visit.objects.get(round=round_, target__in=own)
        made = services.replace_visit(by=by, now=town.now, uuid=visit.uuid, reason="围挡", expected=visit.version)
        assert made.target in own


def test_a_recurring_round_makes_its_next_occasion_once(town):
    enter_shops(town, 2)
    round_ = opened(town, days=27, rhythm={"unit": "weeks"})
    assert sorted({v.occasion for v in visits_of(round_)}) == [
        round_.starts_on,
        round_.starts_on + timedelta(days=7),
    ]
    assert services.make_due(now=town.now) == 0
    enter_shops(town, 1, kind="shop", tags=("新",), area=next(a for a in town.areas.values() if a != home_of(town)))
    later = town.now + timedelta(days=7)
    assert services.make_due(now=later) == 3
    assert services.make_due(now=later) == 0
    assert services.make_due(now=town.now + timedelta(days=60)) == 0
    assert true_counts(round_)


def test_visits_are_given_by_hand_at_the_version_seen_all_or_none(town):
    enter_shops(town, 2)
    round_, by = opened(town), town.actor("zhiban")
    first, second = visits_of(round_)
    user = town.users["shegong"].pk
    with pytest.raises(ForbiddenError):
        services.assign(by=town.actor("shegong"), now=town.now, given=[Given(first.uuid, 1, user)])
    with pytest.raises(StaleError):
        services.assign(by=by, now=town.now, given=[Given(first.uuid, 1, user), Given(second.uuid, 7, user)])
    assert not Visit.objects.exclude(user=None).exists()
    for wrong in (
        Given(first.uuid, 1, town.users["jumin"].pk),
        Given(first.uuid, 1, user, user),
        Given(first.uuid, 1, None, user),
        Given(first.uuid, 1, 10**9),
    ):
        with pytest.raises(InvalidError):
            services.assign(by=by, now=town.now, given=[wrong])
    services.assign(by=by, now=town.now, given=[Given(first.uuid, 1, user), Given(second.uuid, 1, user)])
    mine = selectors.today(town.actor("shegong"), town.now.date())
    assert [v.uuid for v in mine] == [first.uuid, second.uuid]
    worker = town.actor("shegong")
    services.reorder(by=worker, now=town.now, day=town.now.date(), order=[second.uuid, first.uuid])
    assert [v.uuid for v in selectors.today(worker, town.now.date())] == [second.uuid, first.uuid]
    with pytest.raises(InvalidError):
        services.reorder(by=town.actor("shuji"), now=town.now, day=town.now.date(), order=[second.uuid])
    back = services.hand_back(by=worker, now=town.now, uuid=first.uuid, reason="调休", expected=2)
    assert (back.user_id, back.version) == (None, 3)


def test_a_visit_to_a_guarded_target_is_given_only_to_who_works_in_its_grid(town):
    home = home_of(town)
    data = TargetData("household", "302 室", address="长宁路488弄12号302室", area_id=home.pk)
    services.add_target(by=town.actor("shegong"), now=town.now, data=data)
    with pytest.raises(InvalidError):  # a unit of the street has no business with households
        plan(
            town,
            by="zhongdui",
            unit_id=town.units["enforcement"].pk,
            choice=Choice(filter=TargetFilter(("household",))),
        )
    round_, by = opened(town, choice=Choice(filter=TargetFilter(("household",)))), town.actor("zhiban")
    visit = visits_of(round_)[0]
    for who in ("shuji02", "lingdao", "zhiban"):
        with pytest.raises(InvalidError):
            services.assign(by=by, now=town.now, given=[Given(visit.uuid, 1, town.users[who].pk)])
    services.assign(by=by, now=town.now, given=[Given(visit.uuid, 1, town.users["shegong"].pk)])
    assert selectors.visits(by, round_).rows == []
    assert selectors.visits(town.actor("shegong"), round_).rows == [visit]
    for who in ("zhiban", "lingdao", "shuji02", "chengguan"):
        with pytest.raises(NotFoundError):
            selectors.visit_for(town.actor(who), visit.uuid)
    assert [p.done.whole for p in selectors.progress(town.actor("lingdao"), round_)] == [1]


def test_visits_are_dealt_out_by_grid_evenly(town):
    enter_shops(town, 5)
    other = next(a for a in town.areas.values() if a != home_of(town))
    enter_shops(town, 2, area=other)
    round_, by = opened(town), town.actor("zhiban")
    proposal = selectors.by_grid(by, round_, town.now)
    assert (len(proposal.given), proposal.left) == (7, 0)
    services.assign(by=by, now=town.now, given=proposal.given)
    worker = Visit.objects.filter(round=round_, area_path=home_of(town).path).values_list("user__username", flat=True)
    assert set(worker) == {"shegong"}
    assert selectors.by_grid(by, round_, town.now).given == []
    with pytest.raises(ForbiddenError):
        selectors.by_grid(town.actor("shegong"), round_, town.now)


def test_a_proposal_is_taken_over_as_it_is_or_changed_by_who_walks(town):
    enter_shops(town, 6)
    round_, by, day = opened(town), town.actor("zhiban"), town.now.date()
    free = [Free(town.users[who].pk, (Span(day, 540, 700),)) for who in ("shegong", "shuji")]
    proposal = selectors.propose(by, round_, free, town.now)
    assert (len(proposal.given), proposal.left) == (6, 0)
    assert max(proposal.assignment.loads.values()) - min(proposal.assignment.loads.values()) <= 20
    services.assign(by=by, now=town.now, given=proposal.given)
    worker, shift = town.actor("shegong"), Span(day, 540, 700)
    mine = [str(v.uuid) for v in selectors.today(worker, day)]
    assert [s.visit for s in selectors.walk(worker, shift).stops] == mine
    pinned = UUID(mine[-1])
    assert selectors.shorter_walk(worker, shift, pinned=[pinned]).stops[0].visit == mine[-1]
    assert [str(v.uuid) for v in selectors.today(worker, day)] == mine


def test_two_go_where_two_are_to_go(town):
    enter_shops(town, 1)
    round_, by = opened(town, pair=True), town.actor("shegong")
    visit = visits_of(round_)[0]
    with pytest.raises(InvalidError):
        sent_in(by, town.now, visit)
    with pytest.raises(InvalidError):
        services.join_visit(by=by, now=town.now, uuid=visit.uuid, second_id=by.user_id, expected=1)
    services.join_visit(by=by, now=town.now, uuid=visit.uuid, second_id=town.users["shuji"].pk, expected=1)
    sent_in(town.actor("shuji"), town.now, visit)
    assert Visit.objects.get(pk=visit.pk).state == "done"


def test_closed_doors_are_attempts_and_count_as_not_reached_after_enough(town):
    enter_shops(town, 1)
    round_, by = opened(town), town.actor("shegong")
    visit = visits_of(round_)[0]
    saturday = datetime.fromisoformat("2026-03-14T10:00:00+08:00")
    ats = [town.now, town.now + timedelta(days=1, hours=9), saturday]
    device = uuid7()
    services.attempt(by=by, now=ats[2], uuid=visit.uuid, outcome="nobody", at=ats[0], attempt_uuid=device)
    services.attempt(by=by, now=ats[2], uuid=visit.uuid, outcome="nobody", at=ats[0], attempt_uuid=device)
    assert Attempt.objects.count() == 1
    refused = services.attempt(by=by, now=ats[1], uuid=visit.uuid, outcome="refused")
    assert refused.counted == 1
    services.attempt(by=by, now=ats[1], uuid=visit.uuid, outcome="nobody")
    assert Visit.objects.get(pk=visit.pk).state == "tried"
    found = services.attempt(by=by, now=ats[2], uuid=visit.uuid, outcome="nobody")
    assert found.unreachable
    row = Visit.objects.get(pk=visit.pk)
    assert (row.state, row.tries) == ("unreached", 4)
    assert true_counts(round_)
    asked = CoverageOf("shop", Period(town.now.date(), ats[2].date()))
    got = selectors.coverage(town.actor("lingdao"), asked)[""]
    assert (got.whole, got.reached, got.attempted) == (1, 0, 1)
    sent_in(by, ats[2], visit)
    assert selectors.coverage(town.actor("lingdao"), asked)[""].reached == 1
    assert Target.objects.get(pk=visit.target_id).visited_at == ats[2]
    assert true_counts(round_)
    with pytest.raises(InvalidError):
        services.attempt(by=by, now=ats[2], uuid=visit.uuid, outcome="slept")
    with pytest.raises(NotFoundError):
        services.attempt(by=town.actor("shuji02"), now=ats[2], uuid=visit.uuid, outcome="nobody")


def test_coverage_is_told_by_area_tag_period_and_entity_and_progress_by_area(town):
    enter_shops(town, 3, tags=("示范",))
    other = next(a for a in town.areas.values() if a != home_of(town))
    enter_shops(town, 2, area=other)
    round_, leader = opened(town), town.actor("lingdao")
    for visit in visits_of(round_)[:2]:
        sent_in(SYSTEM, town.now, visit)
    today = town.now.date()
    whole = CoverageOf("shop", Period(today, today))
    reached = sum(v.done.reached for v in selectors.progress(leader, round_))
    assert reached == 2
    by_area = selectors.coverage(leader, replace(whole, split="area"))
    assert {k: v.whole for k, v in by_area.items()} == {home_of(town).path: 3, other.path: 2}
    assert selectors.coverage(leader, replace(whole, split="tag"))["示范"].whole == 3
    parts = (Period(today, today), Period(today + timedelta(days=1), today + timedelta(days=1)))
    split = replace(whole, split="period", periods=parts, period=Period(today, parts[1].last))
    assert [c.reached for c in selectors.coverage(leader, split).values()] == [2, 0]
    assert selectors.coverage(leader, replace(whole, entities=True))[""].whole == 5
    assert selectors.coverage(town.actor("shegong"), replace(whole, area_path=home_of(town).path))[""].whole == 3
    for who in ("shegong", "jumin", "chengguan"):
        with pytest.raises(ForbiddenError):
            selectors.coverage(town.actor(who), whole)


def test_ending_a_target_drops_what_is_due(town):
    shops = enter_shops(town, 2)
    round_ = opened(town)
    services.end_target(by=town.actor("zhiban"), now=town.now, uuid=shops[0].uuid, reason="歇业", expected=1)
    assert Round.objects.get(pk=round_.pk).planned == 1
    assert true_counts(round_)


def test_visits_of_who_leaves_are_passed_on(town):
    enter_shops(town, 2)
    round_ = opened(town, pair=True)
    first, second = visits_of(round_)
    a, b = town.users["shegong"].pk, town.users["shuji"].pk
    services.assign(
        by=town.actor("zhiban"), now=town.now, given=[Given(first.uuid, 1, a, b), Given(second.uuid, 1, b, a)]
    )
    assert services.hand_over(from_user=a, to_user=None) == 2
    assert [(v.user_id, v.second_id) for v in visits_of(round_)] == [(b, None), (b, None)]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["try", "try_weekend", "do", "drop", "take", "back", "end", "merge", "unmerge"]),
        st.integers(0, 3),
    ),
    max_size=14,
)


def act(town, round_, name, n, now):
    """Do one act as somebody might, in whatever state things are; what the rules refuse is refused."""
    visit = visits_of(round_)[n]
    target = Target.objects.get(pk=visit.target_id)
    by, lead = town.actor("shegong"), town.actor("zhiban")
    other = Target.objects.get(pk=visits_of(round_)[(n + 1) % 4].target_id)
    acts = {
        "try": lambda: services.attempt(by=by, now=now, uuid=visit.uuid, outcome="nobody"),
        "try_weekend": lambda: services.attempt(
            by=by, now=now + timedelta(days=30), uuid=visit.uuid, outcome="nobody", at=now + timedelta(days=4)
        ),
        "do": lambda: sent_in(by, now, visit),
        "drop": lambda: services.drop_visit(
            by=lead, now=now, uuid=visit.uuid, reason="重复安排", expected=visit.version
        ),
        "take": lambda: services.take_visit(by=by, now=now, uuid=visit.uuid, expected=visit.version),
        "back": lambda: services.hand_back(
            by=by, now=now, uuid=visit.uuid, reason="调休", expected=visit.version
        ),
        "end": lambda: services.end_target(
            by=lead, now=now, uuid=target.uuid, reason="歇业", expected=target.version
        ),
        "merge": lambda: services.merge(
            by=lead, now=now, double=target.uuid, into=other.uuid, expected=target.version,
            into_expected=other.version, reason="同一家",
        ),
        "unmerge": lambda: services.unmerge(
            by=lead, now=now, uuid=target.uuid, expected=target.version, reason="不是同一家"
        ),
    }  # fmt: skip
    with suppress(DomainError):
        acts[name]()


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_after_any_order_of_acts_the_counts_are_those_of_a_recount(town, acts):
    if not Target.objects.exists():
        enter_shops(town, 4)
    Target.objects.update(until=None, merged_into=None, merged_at=None)
    round_ = opened(town, choice=Choice(How.LIST, targets=tuple(Target.objects.values_list("uuid", flat=True)[:4])))
    for step, (name, n) in enumerate(acts):
        act(town, round_, name, n, town.now + timedelta(days=step))
        assert true_counts(round_), acts[: step + 1]


def held(by, *targets):
    """Return all that the dossiers of targets show, by row."""
    found: set[tuple[Any, ...]] = set()
    for target in targets:
        d = selectors.dossier(by, target.uuid)
        found |= {("fact", f.field, str(f.value), f.at, f.source_uuid) for f in d.facts if f.source_kind != "merge"}
        found |= {("visit", v.pk) for v in d.visits}
    return found


TOLD = st.dictionaries(
    st.sampled_from(["trade", "licence", "manager", "phone", "alliance"]), st.integers(0, 2), max_size=5
)
SAID: dict[str, list[Any]] = {
    "trade": ["food", "retail", "other"], "licence": ["A1", "B2", "C3"], "manager": ["甲", "乙", "丙"],
    "phone": ["021-55550100", "021-55550101", "021-55550102"], "alliance": [True, False, True],
}  # fmt: skip


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TOLD, TOLD, st.booleans(), TOLD)
def test_a_merge_loses_nothing_and_an_unmerge_brings_both_back(town, first, second, both_due, later):
    by, now = town.actor("zhiban"), town.now
    a, b = (
        services.add_target(
            by=by, now=now, double_ok=True,
            data=TargetData("shop", name, address=address, area_id=home_of(town).pk,
                            facts={k: SAID[k][n] for k, n in told.items()}),
        )
        for name, address, told in (("甲店", "长宁路1号", first), ("乙店", "长宁路2号", second))
    )  # fmt: skip
    opened(town, choice=Choice(How.LIST, targets=(a.uuid, b.uuid) if both_due else (a.uuid,)))
    before, known = held(by, a, b), (selectors.known(a), selectors.known(b))
    after = now + timedelta(days=1)
    kept = services.merge(by=by, now=after, double=a.uuid, into=b.uuid, expected=1, into_expected=1, reason="同一家")
    assert held(by, kept) >= before
    assert selectors.known(kept) == {**known[0], **known[1]}
    assert Target.objects.get(pk=a.pk).until is not None
    told = {k: SAID[k][n] for k, n in later.items()}
    services.learn(by, after, a, told, "submission", uuid7())  # said of the double, known of the one that stays
    kept = Target.objects.get(pk=b.pk)
    assert selectors.known(kept) == {**known[0], **known[1], **{k: selectors.known(kept)[k] for k in told}}
    gone = Target.objects.get(pk=a.pk)
    back = services.unmerge(
        by=by, now=after + timedelta(days=2), uuid=a.uuid, expected=gone.version, reason="不是同一家"
    )
    assert (back.until, back.merged_into_id, selectors.known(back)) == (None, None, known[0])
    kept = Target.objects.get(pk=b.pk)
    assert set(selectors.known(kept)) == set(known[1]) | set(told)
    assert held(by, a, b) >= before


def test_a_merge_is_refused_where_it_cannot_be_and_an_unmerge_after_the_rule(town):
    by, now = town.actor("zhiban"), town.now
    a, b, c = enter_shops(town, 3)
    lane = services.add_target(by=by, now=now, data=TargetData("lane", "长宁路488弄", area_id=home_of(town).pk))

    def merge(x, y, who=by, **more):
        versions = {"expected": x.version, "into_expected": y.version, "reason": "同一家"} | more
        return services.merge(by=who, now=now, double=x.uuid, into=y.uuid, **versions)

    for wrong, error in (
        (lambda: merge(a, a), ConflictError),
        (lambda: merge(a, lane), ConflictError),
        (lambda: merge(a, b, expected=9), StaleError),
        (lambda: merge(a, b, into_expected=9), StaleError),
        (lambda: merge(a, b, reason=""), InvalidError),
        (lambda: merge(a, b, who=town.actor("shuji02")), NotFoundError),
        (lambda: merge(a, b, who=town.actor("ducha")), ForbiddenError),
    ):
        with pytest.raises(error):
            wrong()
    merge(a, b)
    a, b = Target.objects.get(pk=a.pk), Target.objects.get(pk=b.pk)
    with pytest.raises(ConflictError):
        merge(c, a)
    with pytest.raises(ConflictError):
        services.unmerge(by=by, now=now + timedelta(days=31), uuid=a.uuid, expected=a.version, reason="不是同一家")
    with pytest.raises(ConflictError):
        services.restore_target(by=by, now=now, uuid=a.uuid, expected=a.version, reason="x")
    merge(b, c)
    assert selectors.main_of(a.pk) == c.pk
    assert selectors.family(c.pk) == {a.pk, b.pk, c.pk}
    a = Target.objects.get(pk=a.pk)
    with pytest.raises(ConflictError):
        services.unmerge(by=by, now=now, uuid=a.uuid, expected=a.version, reason="不是同一家")
    assert Entry.objects.filter(verb="fieldwork.merge_target").count() == 2
    assert Fact.objects.filter(target=a).exists()


def test_a_late_record_is_held_against_when_the_double_was_told_not_against_the_merge(town):
    by, now = town.actor("zhiban"), town.now
    a, b = enter_shops(town, 2)
    hours = [now + timedelta(hours=n) for n in range(6)]
    services.learn(by, hours[1], a, {"trade": "food"}, "submission", uuid7())
    a = Target.objects.get(pk=a.pk)
    services.merge(
        by=by, now=hours[3], double=a.uuid, into=b.uuid, expected=a.version, into_expected=b.version, reason="同一家"
    )
    services.learn(by, hours[4], b, {"trade": "retail"}, "submission", uuid7(), at=hours[2])
    assert Target.objects.get(pk=b.pk).facts["trade"] == "retail"
    gone = Target.objects.get(pk=a.pk)
    services.unmerge(by=by, now=hours[5], uuid=a.uuid, expected=gone.version, reason="不是同一家")
    assert [Target.objects.get(pk=t.pk).facts["trade"] for t in (a, b)] == ["food", "retail"]
