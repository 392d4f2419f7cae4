from dataclasses import replace
from datetime import timedelta

import pytest

from linli.engines.cases import permissions, selectors, services
from linli.engines.cases.models import Case, CaseHelper, Reporter
from linli.engines.cases.permissions import can, get_case_for, may_read_contact, reporter_actor, visible
from linli.engines.cases.tests.steps import get, raise_case, to_check, to_closed, to_handling
from linli.engines.cases.types import Contact, FeedbackWay
from linli.engines.cases.workflow import VERBS, Level, Outcome, Scope, State
from linli.engines.projects import selectors as tasks
from linli.foundation.core.actors import Grant
from linli.foundation.core.errors import ConflictError, ForbiddenError, NotFoundError
from linli.foundation.people.models import Unit

pytestmark = pytest.mark.django_db

EVERYBODY = (
    "paidan", "zhiban", "jiandu", "shuji", "shegong", "weiwangge", "louzu", "wanggezhang", "lingdao", "ducha",
    "chengguan", "zhongdui", "minjing", "wuye", "danche", "xitong", "anquan", "shenji", "jumin", "shuji05",
)  # fmt: skip


def test_each_verb_is_refused_to_every_wrong_role(world):
    """Whoever a verb's row does not name is refused, in every state it starts from, in Chinese and with a hint."""
    case = to_handling(world, raise_case(world))
    for verb in VERBS.values():
        if verb.scope in {Scope.ANY, Scope.SYSTEM} or not verb.source:
            continue
        case.state = sorted(verb.source)[0]
        case.resume_state = ""
        for name in EVERYBODY:
            actor = world.actor(name)
            if actor.has_role(*verb.roles):
                continue
            with pytest.raises(ForbiddenError) as error:
                permissions.check_verb(actor, case, verb)
            assert error.value.hint
            assert any("\u4e00" <= c <= "\u9fff" for c in error.value.message)


def test_the_wrong_unit_and_the_wrong_area_are_refused(world):
    case = to_handling(world, raise_case(world))
    assert can(world.actor("chengguan"), case, "hand_in")
    assert not can(world.actor("minjing"), case, "hand_in")
    elsewhere = to_check(world, raise_case(world))
    there = replace(world.actor("shuji"), grants=(Grant("neighbourhood_secretary", "/1/2/999/", 999),))
    assert can(world.actor("shuji"), elsewhere, "check")
    assert not can(there, elsewhere, "check")
    with pytest.raises(NotFoundError):
        get_case_for(there, elsewhere.number)


def test_administrators_see_no_case_and_no_task(world):
    raise_case(world, "complaint_unit")
    for name in ("xitong", "anquan", "shenji"):
        assert not visible(world.actor(name)).exists()
        assert not tasks.open_tasks(world.actor(name)).rows


def complaint(world, unit="enforcement", **fields):
    return raise_case(world, "complaint_unit", subject_unit_id=world.units[unit].pk, **fields)


def test_the_unit_complained_about_never_gets_near(world):
    paidan, zhiban = world.actor("paidan"), world.actor("zhiban")
    about = world.units["enforcement"].pk
    case = complaint(world)
    assert not visible(world.actor("chengguan")).filter(pk=case.pk).exists()
    services.accept(by=paidan, now=world.now, case=case, verify=False)
    with pytest.raises(ForbiddenError):
        services.dispatch(by=paidan, now=world.now, case=get(case), unit_id=about)
    case = get(case)
    services.dispatch(by=paidan, now=world.now, case=case, unit_id=world.units["party"].pk, helper_ids=[about])
    assert not CaseHelper.objects.filter(case=case, unit=about).exists()
    with pytest.raises(ForbiddenError):
        services.share(by=paidan, now=world.now, case=get(case), unit_ids=[about])
    with pytest.raises(ForbiddenError):
        services.transfer(by=paidan, now=world.now, case=get(case), unit_id=about, reason="x")
    for _ in range(3):
        case = get(case)
        if case.unit_id is None:
            services.dispatch(by=paidan, now=world.now, case=case, unit_id=world.units["party"].pk)
        services.return_(by=world.actor("dangzheng"), now=world.now, case=get(case), reason="不属本办")
    assert get(case).state == State.RETURN_PENDING
    with pytest.raises(ForbiddenError):
        services.decide_return(by=zhiban, now=world.now, case=get(case), uphold=False, reason="x", unit_id=about)
    assert not may_read_contact(world.actor("zhongdui"), case)


def test_what_belongs_to_the_unit_complained_about_is_as_near(world):
    paidan = world.actor("paidan")
    child = world.units["bikes"]
    Unit.objects.filter(pk=child.pk).update(parent=world.units["enforcement"])
    case = complaint(world)
    services.accept(by=paidan, now=world.now, case=case, verify=False)
    with pytest.raises(ForbiddenError):
        services.dispatch(by=paidan, now=world.now, case=get(case), unit_id=child.pk)
    assert not visible(world.actor("danche")).filter(pk=case.pk).exists()


def test_who_reads_all_may_route_but_not_judge_a_complaint_about_the_own_house(world):
    case = complaint(world, "centre")
    paidan = world.actor("paidan")
    assert can(paidan, case, "accept")
    assert not may_read_contact(paidan, case)
    to_check(world, case, "party", "dangzheng")
    for name in ("paidan", "zhiban", "jiandu"):
        assert not can(world.actor(name), get(case), "check")
    services.check(by=world.actor("wanggezhang"), now=world.now, case=get(case), passed=True)
    assert not can(paidan, get(case), "close")
    assert can(world.actor("lingdao"), get(case), "close")


def test_a_complaint_is_never_merged_to_where_the_unit_could_see_it(world):
    case, main = complaint(world), to_handling(world, raise_case(world))
    with pytest.raises(ConflictError):
        services.merge(by=world.actor("paidan"), now=world.now, case=case, main=main, reason="x")


def test_the_subject_can_be_named_later_but_not_while_it_handles(world):
    paidan, about = world.actor("paidan"), world.units["enforcement"].pk
    case = to_handling(world, raise_case(world))
    with pytest.raises(ConflictError):
        services.correct(by=paidan, now=world.now, case=get(case), reason="是投诉", changes={"subject_unit_id": about})
    case = get(case)
    services.transfer(by=paidan, now=world.now, case=case, unit_id=world.units["party"].pk, reason="投诉城管")
    CaseHelper.objects.filter(case=case).delete()
    services.correct(by=paidan, now=world.now, case=case, reason="是投诉", changes={"subject_unit_id": about})
    assert not visible(world.actor("chengguan")).filter(pk=case.pk).exists()


def test_a_contractor_never_reads_a_contact_not_even_when_it_has_the_case(world):
    case = to_handling(world, raise_case(world, "garbage"), "property", "wuye")
    assert get_case_for(world.actor("wuye"), case.number)
    assert not may_read_contact(world.actor("wuye"), case)
    assert not can(world.actor("wuye"), case, "contact")
    with pytest.raises(ForbiddenError):
        services.open_contacts(by=world.actor("wuye"), now=world.now, case=case, purpose="联系")


def test_confidential_reports_open_for_the_centre_only(world):
    case = to_handling(world, raise_case(world, confidential=True))
    assert may_read_contact(world.actor("paidan"), case)
    for name in ("chengguan", "jiandu", "shuji", "lingdao"):
        assert not may_read_contact(world.actor(name), case)


def test_a_merged_confidential_report_keeps_its_protection(world):
    main, case = to_handling(world, raise_case(world)), raise_case(world, confidential=True)
    services.merge(by=world.actor("paidan"), now=world.now, case=case, main=main, reason="同一件")
    main = get(main)
    assert len(services.open_contacts(by=world.actor("chengguan"), now=world.now, case=main, purpose="联系")) == 1
    assert len(services.open_contacts(by=world.actor("paidan"), now=world.now, case=main, purpose="联系")) == 2


def test_guarded_categories_are_hidden_from_microgrid_and_stairwell_heads(world):
    case, plain = raise_case(world, "group_renting"), raise_case(world)
    home = world.areas["陶家宅"]
    head = replace(world.actor("weiwangge"), grants=(Grant("microgrid_head", home.path, 1),))
    assert set(visible(head).values_list("pk", flat=True)) == {plain.pk}
    assert not visible(world.actor("louzu")).filter(pk__in=[case.pk, plain.pk]).exists()
    assert visible(world.actor("shuji")).filter(pk=case.pk).exists()


def test_a_reporter_with_a_code_may_do_four_things_to_the_own_case_and_nothing_else(world):
    case, other = raise_case(world), raise_case(world)
    guest = reporter_actor(case.reporters.get())
    may = {v for v in VERBS if can(guest, case, v) and v not in {"report"}}
    assert may == {"urge", "withdraw"}
    assert not any(can(guest, other, v) for v in VERBS if v != "report")
    services.ask(by=world.actor("paidan"), now=world.now, case=case, text="几楼？")
    assert can(guest, case, "answer")
    to_closed(world, other)
    stranger = reporter_actor(case.reporters.get())
    with pytest.raises(ForbiddenError):
        services.rate(by=stranger, now=world.now, case=get(other), reporter_id=other.reporters.get().pk, rating="fair")


def test_one_of_several_reporters_rates_only_for_oneself(world):
    case, main = raise_case(world), raise_case(world)
    services.merge(by=world.actor("paidan"), now=world.now, case=case, main=main, reason="同一件")
    main = to_closed(world, get(main))
    mine, theirs = case.reporters.get(), main.reporters.get()
    guest = reporter_actor(mine)
    with pytest.raises(ForbiddenError):
        services.rate(by=guest, now=world.now, case=get(main), reporter_id=theirs.pk, rating="satisfied")
    services.rate(by=guest, now=world.now, case=get(main), reporter_id=mine.pk, rating="unsatisfied")
    assert get(main).needs_review
    with pytest.raises(ConflictError):
        services.withdraw(by=guest, now=world.now, case=raise_again(world, main), reason="算了")


def raise_again(world, case):
    case = get(case)
    services.reopen(by=world.actor("paidan"), now=world.now, case=case, reason="没修好")
    return get(case)


def test_the_checker_is_another_person_of_another_unit(world):
    case = to_check(world, raise_case(world))
    assert not can(world.actor("chengguan2"), case, "check")
    both = replace(
        world.actor("jiandu"),
        grants=(*world.actor("jiandu").grants, Grant("unit_handler", "", world.units["enforcement"].pk)),
    )
    with pytest.raises(ForbiddenError):
        services.check(by=both, now=world.now, case=get(case), passed=True)
    services.check(by=world.actor("jiandu"), now=world.now, case=get(case), passed=True)


def test_whoever_hired_the_firm_does_not_check_it(world):
    Unit.objects.filter(pk=world.units["property"].pk).update(parent=world.units["centre"])
    case = to_check(world, raise_case(world, "garbage"), "property", "wuye")
    with pytest.raises(ForbiddenError) as error:
        services.check(by=world.actor("jiandu"), now=world.now, case=get(case), passed=True)
    assert "委托方" in error.value.message


@pytest.mark.parametrize(
    ("level", "may"),
    [
        (Level.GENERAL, {"paidan", "zhiban", "wanggezhang", "lingdao"}),
        (Level.COMPREHENSIVE, {"zhiban", "wanggezhang", "lingdao"}),
        (Level.DIFFICULT, {"zhiban", "lingdao"}),
    ],
)
def test_who_may_close_which_level(world, level, may):
    case = to_check(world, raise_case(world))
    services.check(by=world.actor("jiandu"), now=world.now, case=case, passed=True)
    Case.objects.filter(pk=case.pk).update(level=level)
    case = get(case)
    assert {n for n in EVERYBODY if can(world.actor(n), case, "close")} == may


def test_only_the_shift_leader_decides_a_disputed_return(world):
    case = to_handling(world, raise_case(world))
    Case.objects.filter(pk=case.pk).update(state=State.RETURN_PENDING)
    case = get(case)
    assert {n for n in EVERYBODY if can(world.actor(n), case, "decide_return")} == {"zhiban"}
    assert not can(world.actor("paidan"), case, "dispatch"), "the centre may not decide it by dispatching anew"
    assert {n for n in EVERYBODY if can(world.actor(n), case, "void")} == {"zhiban"}


def test_a_stand_in_acts_in_the_others_place(world):
    case = to_handling(world, raise_case(world))
    lent = Grant("unit_handler", "", world.units["enforcement"].pk, acting_for="执法队员 城管队员甲")
    stand_in = replace(world.actor("minjing"), grants=(*world.actor("minjing").grants, lent))
    services.hand_in(by=stand_in, now=world.now, case=get(case), text="好了", outcome=Outcome.EXPLAINED)
    assert get(case).state == State.TO_CHECK


def test_nobody_decides_the_own_request(world):
    case = to_handling(world, raise_case(world))
    both = replace(world.actor("chengguan"), grants=(*world.actor("chengguan").grants, Grant("shift_leader", "", 2)))
    services.request_extension(by=both, now=world.now, case=get(case), reason="要料", amount=1)
    with pytest.raises(ForbiddenError):
        services.decide_extension(by=both, now=world.now, case=get(case), granted=True)


def test_an_open_order_keeps_a_case_from_ending_in_any_way(world):
    paidan, zhiban = world.actor("paidan"), world.actor("zhiban")
    case, other = raise_case(world), raise_case(world)
    order = services.order(by=world.actor("ducha"), now=world.now, case=case, text="查", due_on=world.now.date())
    for act in (
        lambda: services.refuse(by=paidan, now=world.now, case=get(case), reason="x", elsewhere="y"),
        lambda: services.withdraw(by=paidan, now=world.now, case=get(case), reason="x"),
        lambda: services.void(by=zhiban, now=world.now, case=get(case), reason="x"),
        lambda: services.merge(by=paidan, now=world.now, case=get(case), main=get(other), reason="x"),
    ):
        with pytest.raises(ConflictError) as error:
            act()
        assert error.value.code == "cases.order"
    with pytest.raises(ConflictError):
        services.order_result(by=world.actor("ducha"), now=world.now, order=order, text="完成")
    services.order_reply(by=paidan, now=world.now, order=order, text="正在办")
    services.order_result(by=world.actor("ducha"), now=world.now, order=order, text="完成")
    services.void(by=zhiban, now=world.now, case=get(case), reason="误报")


def test_public_lists_show_nothing_private_guarded_recent_or_about_a_unit(world):
    public = raise_case(world, "shared_bikes")
    raise_case(world, "group_renting")
    raise_case(world, "noise")
    raise_case(world, "shared_bikes", confidential=True)
    raise_case(world, "shared_bikes", subject_unit_id=world.units["bikes"].pk)
    assert not selectors.public_list(now=world.now).rows, "within the delay"
    rows = selectors.public_list(now=world.now + timedelta(hours=25)).rows
    assert [c.pk for c in rows] == [public.pk]


def test_a_callers_earlier_cases_are_of_the_same_place_and_matter_only(world):
    first = raise_case(world)
    raise_case(world, "garbage")
    raise_case(world, address="安西路 1 号")
    now = raise_case(world)
    reporter = Reporter.objects.get(case=now)
    assert [c.pk for c in selectors.callers_earlier(reporter, now)] == [first.pk]
    assert not selectors.callers_earlier(reporter, now, actor=world.actor("minjing"))
    assert not selectors.callers_earlier(Reporter(phone_hash=""), now)


def test_an_administrator_reports_nothing_in_office(world):
    with pytest.raises(ForbiddenError):
        raise_case(world, by=world.actor("xitong"))


def test_feedback_goes_the_way_each_reporter_asked_for(world):
    """Signals compares a telephone with an e-mail; here a call tells who asked for a call."""
    main = raise_case(world)
    visit = raise_case(world, contact=Contact(name="李叔", phone="13900000000", way=FeedbackWay.VISIT))
    message = raise_case(world, contact=Contact(name="小赵", phone="13700000000", way=FeedbackWay.MESSAGE))
    paidan = world.actor("paidan")
    for case in (visit, message):
        services.merge(by=paidan, now=world.now, case=case, main=get(main), reason="同一件")
    main = to_check(world, get(main))
    services.check(by=world.actor("jiandu"), now=world.now, case=main, passed=True)
    services.reply(by=paidan, now=world.now, case=main, way="phone", text="修好了")
    told = {r.way: bool(r.told_at) for r in Reporter.objects.all()}
    assert told == {"phone": True, "visit": False, "message": True}
    with pytest.raises(ConflictError):
        services.close(by=paidan, now=world.now, case=get(main))
    services.reply(by=paidan, now=world.now, case=get(main), way="visit", text="修好了")
    services.close(by=paidan, now=world.now, case=get(main))


def test_three_attempts_apart_count_as_feedback_and_dialling_at_once_does_not(world):
    case = to_check(world, raise_case(world))
    paidan = world.actor("paidan")
    services.check(by=world.actor("jiandu"), now=world.now, case=case, passed=True)
    for minute in (0, 1, 2):
        at = world.now + timedelta(minutes=minute)
        services.reply(by=paidan, now=at, case=get(case), way="phone", text="修好了", result="no_answer")
    assert get(case).contact_attempts == 1
    for hour in (5, 10):
        at = world.now + timedelta(hours=hour)
        services.reply(by=paidan, now=at, case=get(case), way="phone", text="修好了", result="no_answer")
    services.close(by=paidan, now=world.now + timedelta(hours=11), case=get(case))


def test_nobody_left_a_contact_then_the_public_reply_is_the_feedback(world):
    case = to_check(world, raise_case(world, contact=Contact()))
    paidan = world.actor("paidan")
    services.check(by=world.actor("jiandu"), now=world.now, case=case, passed=True)
    with pytest.raises(ConflictError):
        services.close(by=paidan, now=world.now, case=get(case))
    services.reply(by=paidan, now=world.now, case=get(case), way="public", text="已修好")
    services.close(by=paidan, now=world.now, case=get(case))
