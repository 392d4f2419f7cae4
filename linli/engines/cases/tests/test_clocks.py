from datetime import UTC, date, datetime, timedelta

import pytest

from linli.engines.cases import selectors, services
from linli.engines.cases.models import Case, CaseEvent
from linli.engines.cases.models.case import NEVER
from linli.engines.cases.selectors import Filters
from linli.engines.cases.tests.steps import HOUR, faults, get, raise_case, to_check, to_closed, to_handling
from linli.engines.cases.types import Contact, Source
from linli.engines.cases.workflow import Level, Outcome, State
from linli.foundation.deadlines import services as deadlines
from linli.foundation.deadlines.models import Clock
from linli.foundation.deadlines.selectors import explain
from linli.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db


def open_stages(case):
    return set(get(case).dues)


def due(case, stage):
    return datetime.fromisoformat(get(case).dues[stage])


def test_each_step_has_its_clock(world):
    paidan, chengguan = world.actor("paidan"), world.actor("chengguan")
    case = raise_case(world)
    assert open_stages(case) == {"accept", "first_contact", "overall"}
    services.accept(by=paidan, now=world.now, case=case)
    assert open_stages(case) == {"dispatch", "first_contact", "overall"}
    services.dispatch(by=paidan, now=world.now, case=case, unit_id=world.units["enforcement"].pk)
    assert open_stages(case) == {"sign", "arrive", "handle", "first_contact", "overall"}
    services.sign(by=chengguan, now=world.now, case=case)
    services.contact(by=chengguan, now=world.now, case=case, way="phone", result="reached")
    services.arrive(by=chengguan, now=world.now, case=case)
    assert open_stages(case) == {"handle", "overall"}
    services.hand_in(by=chengguan, now=world.now, case=case, text="好了", outcome=Outcome.EXPLAINED)
    assert open_stages(case) == {"check", "overall"}
    services.check(by=world.actor("jiandu"), now=world.now, case=case, passed=True)
    assert open_stages(case) == {"reply", "overall"}
    services.reply(by=paidan, now=world.now, case=case, way="phone", text="好了")
    services.close(by=paidan, now=world.now, case=case)
    assert open_stages(case) == set()
    assert get(case).due_at == NEVER
    assert not faults(case)


def test_asking_lets_the_clocks_stand_and_times_the_waiting(world):
    paidan = world.actor("paidan")
    case = raise_case(world)
    accept = due(case, "accept")
    services.ask(by=paidan, now=world.now, case=case, text="哪一层？")
    assert get(case).due_stage == "supplement"
    services.answer(by=paidan, now=world.now + HOUR, case=case, text="三楼")
    assert due(case, "accept") == accept + 2 * HOUR, "one hour later, and lunch between"
    assert "supplement" not in open_stages(case)
    assert not faults(case)


def test_shelving_lets_the_clocks_stand_until_its_review(world):
    zhiban, chengguan = world.actor("zhiban"), world.actor("chengguan")
    case = to_handling(world, raise_case(world))
    handle = due(case, "handle")
    services.request_shelving(by=chengguan, now=world.now, case=case, reason="等开发商", review_on=date(2026, 3, 17))
    services.decide_shelving(by=zhiban, now=world.now, case=case, granted=True)
    assert get(case).due_stage == "shelve"
    assert get(case).due_at.date() == date(2026, 3, 17)
    deadlines.sweep(now=world.now + timedelta(days=8))
    assert not get(case).was_overdue, "a date of review that was agreed is nobody's lateness"
    services.resume(by=chengguan, now=world.now + timedelta(days=7), case=get(case), reason="开发商来了")
    assert due(case, "handle") > handle
    assert get(case).state == State.HANDLING
    assert not faults(case)


def test_a_note_an_urge_and_a_contact_never_reset_a_clock(world):
    paidan = world.actor("paidan")
    case = to_handling(world, raise_case(world))
    before = get(case).dues
    later = world.now + HOUR
    services.note(by=paidan, now=later, case=case, text="看一下")
    services.urge(by=paidan, now=later, case=case)
    services.contact(by=paidan, now=later, case=case, way="phone", result="no_answer")
    services.correct(by=paidan, now=later, case=case, reason="写错", changes={"title": "新标题"})
    assert get(case).dues == before


def test_transfer_and_rework_start_anew(world):
    paidan = world.actor("paidan")
    case = to_handling(world, raise_case(world))
    later = world.now + timedelta(days=1)
    first = due(case, "handle")
    services.transfer(by=paidan, now=later, case=case, unit_id=world.units["police"].pk, reason="属公安")
    assert due(case, "handle") > first
    assert {"sign", "arrive", "handle"} <= open_stages(case)
    services.sign(by=world.actor("minjing"), now=later, case=case)
    services.hand_in(by=world.actor("minjing"), now=later, case=case, text="x", outcome=Outcome.EXPLAINED)
    services.check(by=world.actor("jiandu"), now=later + HOUR, case=case, passed=False, text="没清完")
    assert "handle" in open_stages(case)
    assert "check" not in open_stages(case)
    assert not faults(case)


def test_merging_lets_the_clocks_stand_and_unmerging_gives_them_back(world):
    paidan = world.actor("paidan")
    case, main = to_handling(world, raise_case(world)), raise_case(world)
    handle = due(case, "handle")
    services.merge(by=paidan, now=world.now, case=case, main=main, reason="同一件事")
    assert get(case).due_at == NEVER
    assert get(main).reporter_count == 2
    case = get(case)
    services.unmerge(by=paidan, now=world.now + timedelta(days=1), case=case, reason="不是同一件")
    assert get(case).state == State.HANDLING
    # Working days are counted from the day after the start: of the pause, one hour of work lay in them.
    assert handle < due(case, "handle") == handle + timedelta(hours=17), "an hour of the next working day"
    assert get(main).reporter_count == 1
    assert not faults(case)
    assert not faults(main)


def test_reopening_and_reviewing_begin_new_clocks(world):
    case = to_closed(world, raise_case(world))
    zhiban = world.actor("zhiban")
    reporter = case.reporters.get()
    services.rate(by=zhiban, now=world.now, case=case, reporter_id=reporter.pk, rating="unsatisfied", way="phone")
    assert get(case).due_stage == "review"
    assert not faults(case)
    services.review(by=zhiban, now=world.now, case=case, reopen=True, reason="确实没修好")
    assert {"handle", "overall"} <= open_stages(case)
    assert not faults(case)
    reporter.refresh_from_db()
    assert reporter.rating == "", "whoever reported is asked again"


def test_the_citys_date_comes_before_ours_and_does_not_stand(world):
    due_at = world.now + timedelta(days=1, hours=3)
    case = raise_case(
        world, source=Source.HOTLINE, external_number="SH1", external_due=due_at, by=world.actor("paidan")
    )
    assert due(case, "overall") == due_at
    assert Clock.objects.get(subject_id=case.pk, stage="overall").due_at == due_at
    assert "first_contact" in open_stages(case)
    services.ask(by=world.actor("paidan"), now=world.now, case=case, text="哪里？")
    services.answer(by=world.actor("paidan"), now=world.now + HOUR, case=case, text="三楼")
    assert due(case, "overall") == due_at
    assert not faults(case)


def test_an_extension_moves_the_clock_once_and_not_beyond_the_limit(world):
    from linli.foundation.core.errors import ConflictError, InvalidError

    chengguan, zhiban = world.actor("chengguan"), world.actor("zhiban")
    case = to_handling(world, raise_case(world))
    first = due(case, "handle")
    with pytest.raises(InvalidError):
        services.request_extension(by=chengguan, now=world.now, case=get(case), reason="要料", amount=6)
    case = get(case)
    services.request_extension(by=chengguan, now=world.now, case=case, reason="要料", amount=2)
    services.decide_extension(by=zhiban, now=world.now, case=case, granted=True)
    assert due(case, "handle") > first + timedelta(days=1)
    assert not faults(case)
    with pytest.raises(ConflictError):
        services.request_extension(by=chengguan, now=world.now, case=get(case), reason="还要", amount=1)


@pytest.mark.parametrize("where", ["unassigned", "returned", "consulting", "to_check", "awaiting"])
def test_a_mark_reaches_a_case_wherever_it_lies_once(world, where):
    """DIGIT leaves out what nobody was assigned to."""
    paidan = world.actor("paidan")
    case = raise_case(world)
    if where == "returned":
        to_handling(world, case)
        services.return_(by=world.actor("chengguan"), now=world.now, case=case, reason="不属我队")
    elif where == "consulting":
        to_handling(world, case)
        services.raise_level(by=paidan, now=world.now, case=case, reason="跨部门")
        services.convene(
            by=world.actor("wanggezhang"), now=world.now, cases=[case], title="会商", held_at=world.now, unit_ids=[]
        )
    elif where == "to_check":
        to_check(world, case)
    elif where == "awaiting":
        services.ask(by=paidan, now=world.now, case=case, text="哪里？")
    much_later = world.now + timedelta(days=90)
    deadlines.sweep(now=much_later)
    told = CaseEvent.objects.filter(case=case, verb="escalate")
    keys = [(e.data["stage"], e.data["mark"]) for e in told]
    assert len(keys) == len(set(keys)) >= 2
    deadlines.sweep(now=much_later + timedelta(minutes=1))
    again = [(e.data["stage"], e.data["mark"]) for e in CaseEvent.objects.filter(case=case, verb="escalate")]
    assert len(again) == len(set(again)) or where in {"consulting"}
    assert not faults(case)


def test_timeout_raises_the_level_with_a_new_clock_and_keeps_the_lateness(world):
    case = to_handling(world, raise_case(world))
    first = due(case, "handle")
    deadlines.sweep(now=world.now + timedelta(days=20))
    case = get(case)
    assert case.level != Level.GENERAL
    assert case.was_overdue
    assert due(case, "handle") > first
    assert CaseEvent.objects.filter(case=case, verb="raise_level", reason="处置超时，自动升级").exists()
    assert not faults(case)


def test_the_sweep_survives_every_state(world):
    cases = {s: to_handling(world, raise_case(world)) for s in State}
    for state, case in cases.items():
        fields = {"state": state, "is_open": state in {"to_sign"}}
        if state == State.MERGED:
            fields["merged_into"] = cases[State.HANDLING]
        Case.objects.filter(pk=case.pk).update(**fields)
    deadlines.sweep(now=world.now + timedelta(days=90))
    assert not Clock.objects.filter(failures__gt=0).exists()


def test_a_batch_of_marks_costs_few_statements(world, django_assert_max_num_queries):
    cases = [to_handling(world, raise_case(world)) for _ in range(30)]
    Clock.objects.filter(subject_id__in=[c.pk for c in cases]).exclude(stage="handle").update(ended_at=NEVER)
    for case in cases:
        Case.objects.filter(pk=case.pk).update(dues={"handle": get(case).dues["handle"]})
    with django_assert_max_num_queries(25):
        deadlines.sweep(now=world.now + timedelta(days=8))
    assert CaseEvent.objects.filter(verb="escalate").count() >= 30


def test_marks_of_many_cases_are_written_together_and_each_case_holds_together(world):
    cases = [raise_case(world) for _ in range(22)]
    services.note(by=world.actor("paidan"), now=world.now, case=cases[0], text="已看")
    deadlines.sweep(now=world.now + timedelta(days=3))
    for case in (cases[0], cases[1], cases[-1]):
        assert get(case).was_overdue
        assert CaseEvent.objects.filter(case=case, verb="escalate").count() >= 2
        assert not faults(case)


def test_late_is_late_even_before_the_sweep_and_can_be_listed_after_the_end(world):
    """Signals' filter of the late leaves out what has ended."""
    case = to_handling(world, raise_case(world))
    late = world.now + timedelta(days=9)
    services.hand_in(by=world.actor("chengguan"), now=late, case=case, text="好了", outcome=Outcome.UNSOLVED)
    services.check(by=world.actor("jiandu"), now=late, case=case, passed=True)
    services.reply(by=world.actor("paidan"), now=late, case=case, way="phone", text="暂时修不了")
    services.close(by=world.actor("paidan"), now=late, case=case)
    case = get(case)
    assert case.was_overdue
    assert case.outcome == Outcome.UNSOLVED, "closed is not fixed"
    month = world.now.replace(day=1)
    figures = selectors.day_figures(world.actor("paidan"), now=late, midnight=late, month=month)
    assert (figures.closed, figures.on_time) == (1, 0)
    page = selectors.case_list(world.actor("paidan"), Filters(late=True, open=False, order="new"), now=late)
    assert [c.pk for c in page.rows] == [case.pk]


def test_where_no_rule_fits_the_inbox_has_its_own_clock(world):
    services.save_rules(by=world.actor("paidan"), now=world.now, rules=[])
    case = raise_case(world)
    services.accept(by=world.actor("paidan"), now=world.now, case=case)
    assert get(case).unrouted
    assert Clock.objects.get(subject_id=case.pk, stage="dispatch").rule_code == "cases.clock.inbox"
    page = selectors.case_list(world.actor("paidan"), Filters(box="unrouted"), now=world.now)
    assert [c.pk for c in page.rows] == [case.pk]


def test_a_whistle_puts_the_clock_on_the_department(world):
    receipt = services.guidance(
        by=world.actor("shuji"), now=world.now, text="请指导加装电梯", asking_unit_id=world.units["@陶家宅"].pk,
        unit_id=world.units["management"].pk,
    )  # fmt: skip
    case = Case.objects.get(pk=receipt.case_id)
    assert Clock.objects.get(subject_id=case.pk, stage="handle").rule_code == "cases.clock.guidance"
    assert "arrive" not in case.dues
    assert not faults(case)


def test_no_contact_no_first_contact_clock(world):
    assert "first_contact" not in open_stages(raise_case(world, contact=Contact()))


def test_a_category_corrected_after_dispatch_brings_its_limits_from_the_start(world):
    zhiban = world.actor("zhiban")
    case = to_handling(world, raise_case(world))
    assert due(case, "handle") == datetime(2026, 3, 17, 9, tzinfo=UTC), "five working days"
    arrive, overall = due(case, "arrive"), due(case, "overall")
    later = world.now + HOUR
    services.correct(by=zhiban, now=later, case=get(case), reason="是共享单车", changes={"category": "shared_bikes"})
    assert due(case, "handle") == world.now + 2 * HOUR, "two hours from the dispatch, not from the correction"
    assert (due(case, "arrive") - world.now, due(case, "overall")) == (2 * HOUR, overall)
    assert arrive > due(case, "arrive")
    assert get(case).due_at == world.now + 2 * HOUR
    event = CaseEvent.objects.filter(case=case).latest("seq")
    assert set(event.data["clocks"]) == {"handle", "arrive"}
    entries = Entry.objects.filter(verb="deadlines.change_limit").order_by("id")
    assert {(e.label, e.rule, e.reason) for e in entries} == {
        (stage, f"cases.clock.{stage}.category.shared_bikes", "是共享单车") for stage in ("handle", "arrive")
    }
    assert all(e.before["due_at"] != e.after["due_at"] for e in entries)
    assert not faults(case)
    clock = Clock.objects.get(subject_id=case.pk, stage="handle", ended_at=None)
    assert explain(clock.pk)[-1].begin == clock.due_at
    deadlines.sweep(now=world.now + 3 * HOUR)
    assert get(case).was_overdue
    assert not faults(case)


def test_a_longer_limit_takes_back_marks_that_lie_ahead_again(world):
    zhiban = world.actor("zhiban")
    case = to_handling(world, raise_case(world, "shared_bikes"))
    deadlines.sweep(now=world.now + timedelta(minutes=100))
    services.correct(
        by=zhiban,
        now=world.now + timedelta(minutes=110),
        case=get(case),
        reason="是噪声",
        changes={"category": "noise"},
    )
    clock = Clock.objects.get(subject_id=case.pk, stage="handle", ended_at=None)
    assert (clock.told, clock.rule_code) == (0, "cases.clock.handle.general")
    assert clock.next_mark_at > world.now + timedelta(days=1)
    assert not faults(case)


def test_pauses_and_dates_that_people_set_stay_when_the_category_changes(world):
    zhiban, chengguan = world.actor("zhiban"), world.actor("chengguan")
    case = to_handling(world, raise_case(world))
    services.order(by=world.actor("ducha"), now=world.now, case=get(case), text="尽快", due_on=date(2026, 3, 12))
    ordered = due(case, "order")
    services.request_shelving(
        by=chengguan, now=world.now + HOUR, case=get(case), reason="等配件", review_on=date(2026, 3, 17)
    )
    services.decide_shelving(by=zhiban, now=world.now + HOUR, case=get(case), granted=True)
    services.correct(
        by=zhiban, now=world.now + 2 * HOUR, case=get(case), reason="单车", changes={"category": "shared_bikes"}
    )
    assert due(case, "order") == ordered
    assert get(case).due_stage in {"shelve", "order"}
    assert not faults(case)
    services.resume(by=zhiban, now=world.now + 5 * HOUR, case=get(case), reason="到货")
    assert due(case, "handle") == world.now + 6 * HOUR, "an hour had run, four stood"
    assert not faults(case)


def test_other_corrections_leave_the_clocks_alone(world):
    case = to_handling(world, raise_case(world))
    before = get(case).dues
    services.correct(
        by=world.actor("zhiban"), now=world.now + HOUR, case=get(case), reason="x", changes={"title": "新"}
    )
    assert get(case).dues == before
    assert not Entry.objects.filter(verb="deadlines.change_limit").exists()
