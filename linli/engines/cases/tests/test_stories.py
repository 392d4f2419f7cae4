"""The stories of the texts, through the services."""

from datetime import date, datetime, timedelta

import pytest

from linli.engines.cases import selectors, services
from linli.engines.cases.models import CaseEvent, CaseHelper
from linli.engines.cases.permissions import may_read_contact, visible
from linli.engines.cases.tests.steps import faults, get, picture, raise_case, to_closed, to_handling
from linli.engines.cases.types import FilePurpose
from linli.engines.cases.workflow import Level, Outcome, State
from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import InvalidError
from linli.foundation.deadlines import services as deadlines
from linli.foundation.deadlines.models import Clock

pytestmark = pytest.mark.django_db


def finish(world, case, text="已处理好"):
    services.check(by=world.actor("jiandu"), now=world.now, case=case, passed=True)
    services.reply(by=world.actor("paidan"), now=world.now, case=case, way="phone", text=text)
    services.close(by=world.actor("lingdao"), now=world.now, case=case)
    assert not faults(case)
    return get(case)


def test_group_renting_is_guarded_graded_and_proved_on_paper(world):
    """崂山二村 11 号: the flat, not its people; entry by consent; two officers' paper; never public."""
    case = raise_case(world, "group_renting", text="崂山二村11号疑似群租，隔了六间", address="崂山二村 11 号 401 室")
    assert case.guarded
    assert case.level == Level.COMPREHENSIVE
    assert not visible(world.actor("weiwangge")).filter(pk=case.pk).exists()
    assert not may_read_contact(world.actor("jiandu"), case)
    services.accept(by=world.actor("paidan"), now=world.now, case=case)
    assert case.state == State.TO_VERIFY
    services.verify(by=world.actor("jiandu"), now=world.now, case=case, confirmed=True, text="敲门未获同意，楼道观察")
    services.dispatch(by=world.actor("paidan"), now=world.now, case=case)
    assert case.unit_id == world.units["housing"].pk
    helpers = set(CaseHelper.objects.filter(case=case).values_list("unit_id", flat=True))
    assert helpers == {world.units["enforcement"].pk, world.units["police"].pk, world.units["@陶家宅"].pk}
    arrive = Clock.objects.get(subject_id=case.pk, stage="arrive", ended_at=None)
    assert (arrive.amount, arrive.unit) == (2, "work_days")
    fangguan = world.actor("fangguan")
    services.sign(by=fangguan, now=world.now, case=case)
    services.arrive(by=fangguan, now=world.now, case=case, text="未获同意，未入户")
    with pytest.raises(InvalidError) as error:
        services.hand_in(by=fangguan, now=world.now, case=get(case), text="已恢复", outcome=Outcome.SOLVED)
    assert "两名执法人员" in error.value.hint
    files = [picture(FilePurpose.PAPER), picture(FilePurpose.AFTER)]
    case = get(case)
    services.hand_in(by=fangguan, now=world.now, case=case, text="已恢复原状", outcome=Outcome.SOLVED, files=files)
    case = finish(world, case)
    assert not selectors.public_list(now=world.now + timedelta(days=9)).rows


def test_shared_bikes_are_cleared_within_two_hours_with_proof(world):
    """the firm is told at once, two natural hours by law, pictures before and after."""
    case = raise_case(world, "shared_bikes", text="地铁口共享单车堵门", point=Point(31.2215, 121.4195))
    services.accept(by=world.actor("paidan"), now=world.now, case=case)
    services.dispatch(by=world.actor("paidan"), now=world.now, case=case)
    assert case.unit_id == world.units["bikes"].pk
    assert datetime.fromisoformat(get(case).dues["handle"]) == world.now + timedelta(hours=2)
    danche = world.actor("danche")
    services.sign(by=danche, now=world.now, case=case)
    assert not may_read_contact(danche, case)
    with pytest.raises(InvalidError):
        services.hand_in(by=danche, now=world.now, case=get(case), text="已清", outcome=Outcome.SOLVED)
    files = [picture(FilePurpose.BEFORE), picture(FilePurpose.AFTER)]
    case = get(case)
    services.hand_in(by=danche, now=world.now, case=case, text="已清运 40 辆", outcome=Outcome.SOLVED, files=files)
    services.check(by=world.actor("jiandu"), now=world.now, case=case, passed=False, text="还有一半")
    with pytest.raises(InvalidError):
        services.hand_in(by=danche, now=world.now, case=get(case), text="已清", outcome=Outcome.SOLVED)
    case = get(case)
    services.hand_in(
        by=danche, now=world.now, case=case, text="清完", outcome=Outcome.SOLVED, files=[picture(FilePurpose.AFTER)]
    )
    assert finish(world, case).rework_count == 1


@pytest.mark.parametrize(
    ("category", "unit"),
    [
        ("dumping", "enforcement"),
        ("cross_door", "enforcement"),
        ("posters", "enforcement"),
        ("abandoned_vehicle", "police"),
    ],
)
def test_the_street_goes_to_those_who_keep_it(world, category, unit):
    case = raise_case(world, category)
    services.accept(by=world.actor("paidan"), now=world.now, case=case)
    services.dispatch(by=world.actor("paidan"), now=world.now, case=case)
    assert case.unit_id == world.units[unit].pk
    assert CaseEvent.objects.get(case=case, verb="report").data["route"]["trace"]


def test_an_abandoned_car_needs_a_picture_of_the_notice(world):
    case = to_handling(world, raise_case(world, "abandoned_vehicle"), "police", "minjing")
    with pytest.raises(InvalidError) as error:
        services.hand_in(by=world.actor("minjing"), now=world.now, case=get(case), text="已拖", outcome=Outcome.SOLVED)
    assert "告知书" in error.value.hint
    files = [picture(p) for p in (FilePurpose.BEFORE, FilePurpose.AFTER, FilePurpose.PAPER)]
    case = get(case)
    services.hand_in(
        by=world.actor("minjing"), now=world.now, case=case, text="移交交警", outcome=Outcome.SOLVED, files=files
    )
    finish(world, case)


def test_posters_that_come_back_are_marked_and_counted(world):
    """004-15 返潮: same place and type within the days that count; the third asks for a cure of the cause."""
    first = to_closed(world, raise_case(world, "posters"))
    second = raise_case(world, "posters", now=world.now + timedelta(days=3))
    assert second.relapse_of_id == first.pk
    assert not selectors.recurrence(second, now=world.now + timedelta(days=3)).root_cause
    third = raise_case(world, "posters", now=world.now + timedelta(days=6))
    found = selectors.recurrence(third, now=world.now + timedelta(days=6))
    assert (found.count, found.days, found.root_cause) == (3, 30, True)
    assert raise_case(world, "posters", now=world.now + timedelta(days=40)).relapse_of_id is None
    assert raise_case(world, "posters", address="安西路 1 号").relapse_of_id is None


def test_the_corridor_is_cleared_by_the_committee_with_the_firm_and_its_child_case(world):
    """002-05: clutter and a hazard found with it; 居委 leads, 物业 helps with a result of its own."""
    case = raise_case(world, "corridor_clutter", text="三楼楼道堆满杂物，还有飞线")
    paidan = world.actor("paidan")
    services.accept(by=paidan, now=world.now, case=case)
    services.dispatch(by=paidan, now=world.now, case=case)
    assert case.unit_id == world.units["@陶家宅"].pk
    assert CaseHelper.objects.get(case=case).unit_id == world.units["property"].pk
    shuji = world.actor("shuji")
    services.sign(by=shuji, now=world.now, case=case)
    services.help_result(by=world.actor("wuye"), now=world.now, case=case, text="物业清运两车，电话 13812345678")
    helper = CaseHelper.objects.get(case=case)
    assert "清运两车" in helper.result
    assert "13812345678" not in helper.result
    files = [picture(FilePurpose.BEFORE), picture(FilePurpose.AFTER)]
    services.hand_in(by=shuji, now=world.now, case=case, text="通道已畅通", outcome=Outcome.SOLVED, files=files)
    with pytest.raises(Exception, match="协办"):
        services.check(by=world.actor("shegong"), now=world.now, case=get(case), passed=True)
    finish(world, get(case))


def test_flying_wires_go_to_the_neighbourhood_and_up_when_nothing_happens(world):
    case = to_handling(world, raise_case(world, "flying_wires"), "@陶家宅", "shuji")
    deadlines.sweep(now=world.now + timedelta(days=20))
    case = get(case)
    assert case.level == Level.COMPREHENSIVE
    assert case.unit_id == world.units["@陶家宅"].pk, "the level moves the convening body, not the unit"
    assert not faults(case)


def test_three_levels_each_with_its_body(world):
    now, paidan, wgz = world.now, world.actor("paidan"), world.actor("wanggezhang")
    shop, home = raise_case(world, "firm_demand"), raise_case(world, "noise")
    assert selectors.convening_unit(shop, now) == world.units["branch"].pk
    assert selectors.convening_unit(home, now) == world.units["@陶家宅"].pk
    case = to_handling(world, home)
    with pytest.raises(InvalidError):
        services.convene(by=wgz, now=now, cases=[get(case)], title="x", held_at=now, unit_ids=[])
    case = get(case)
    services.request_raise(by=world.actor("chengguan"), now=now, case=case, reason="涉及多家")
    services.raise_level(by=wgz, now=now, case=case, reason="同意")
    assert case.requests.get().decision == "granted"
    services.raise_level(by=paidan, now=now, case=case, reason="涉及市属单位")
    assert case.level == Level.DIFFICULT
    with pytest.raises(Exception, match="党工委"):
        services.convene(by=wgz, now=now, cases=[get(case)], title="x", held_at=now, unit_ids=[])
    police = world.units["police"].pk
    meeting = services.convene(
        by=world.actor("lingdao"), now=now, cases=[get(case)], title="党工委协调", held_at=now, unit_ids=[police]
    )
    assert get(case).due_stage in {"consult", "first_contact", "arrive", "handle"}
    assert "consult" in get(case).dues
    services.decide(
        by=world.actor("lingdao"), now=now, consultation=meeting, decisions={case.pk: "由城管牵头"}, minutes="同意",
        positions={police: "配合，联系 13812345678"}, attended=[police],
    )  # fmt: skip
    assert get(case).state == State.HANDLING
    assert "13812345678" not in meeting.parties.get(unit=police).position
    with pytest.raises(Exception, match="街道领导"):
        services.lower_level(by=wgz, now=now, case=get(case), reason="可以了")
    services.lower_level(by=world.actor("lingdao"), now=now, case=get(case), reason="可以了")
    assert not faults(case)


def test_a_consultation_decides_the_others_when_one_case_has_moved_on(world):
    now, wgz = world.now, world.actor("wanggezhang")
    cases = [to_handling(world, raise_case(world)) for _ in range(2)]
    for case in cases:
        services.raise_level(by=wgz, now=now, case=case, reason="跨部门")
    meeting = services.convene(by=wgz, now=now, cases=[get(c) for c in cases], title="会商", held_at=now, unit_ids=[])
    services.transfer(
        by=world.actor("paidan"), now=now, case=get(cases[0]), unit_id=world.units["police"].pk, reason="x"
    )
    services.decide(by=wgz, now=now, consultation=meeting, decisions={c.pk: "联合整治" for c in cases}, minutes="同意")
    assert [get(c).state for c in cases] == [State.TO_SIGN, State.HANDLING]
    assert CaseEvent.objects.filter(case=cases[0], verb="note", text__contains="联合整治").exists()


def test_a_lift_blocked_by_a_third_party_is_shelved_with_a_day_of_review(world):
    now = world.now
    case = to_handling(world, raise_case(world, "lift"), "housing", "fangguan")
    services.request_shelving(
        by=world.actor("fangguan"), now=now, case=case, reason="管线单位未迁移", review_on=date(2026, 4, 10)
    )
    services.decide_shelving(by=world.actor("lingdao"), now=now, case=case, granted=True)
    case = get(case)
    assert (case.state, case.review_on) == (State.SHELVED, date(2026, 4, 10))
    deadlines.sweep(now=now + timedelta(days=32))
    marks = CaseEvent.objects.filter(case=case, verb="escalate", data__stage="shelve")
    assert marks.exists(), "the day of review reaches somebody"
    services.resume(by=world.actor("fangguan"), now=now + timedelta(days=32), case=get(case), reason="已迁移")
    assert not faults(case)


def test_one_bad_record_does_not_stop_the_others(world):
    from linli.engines.cases.models import Category, CategoryVersion
    from linli.engines.cases.selectors import catalogue

    bad = Category.objects.get(code="noise")
    assert bad.version_id is not None
    CategoryVersion.objects.filter(pk=bad.version_id).update(spec={"nonsense": True})
    catalogue.forget()
    assert catalogue.category("noise") is None
    assert catalogue.category("garbage") is not None
    raise_case(world, "garbage")
    with pytest.raises(InvalidError):
        services.save_category(
            by=world.actor("paidan"), now=world.now, spec={"code": "x", "name": "x", "level": "wrong"}
        )


def test_near_a_border_both_candidates_are_kept(world):
    from linli.foundation.places import selectors as places

    lat, lon, found = 31.2215, 121.4195, None
    for step in range(400):
        point = Point(lat + step * 0.00005, lon)
        where = places.locate(point, world.now.date())
        if where.border_metres is not None and where.border_metres < 20 and where.neighbours:
            found = point
            break
    assert found is not None
    case = raise_case(world, "noise", point=found, area_id=None)
    border = CaseEvent.objects.get(case=case, verb="report").data["route"]["border"]
    assert border["area"] == case.other_area_id
    assert border["unit"] is not None


def test_the_common_acts_cost_few_statements(world, django_assert_max_num_queries):
    paidan, chengguan = world.actor("paidan"), world.actor("chengguan")
    services.dispatch(by=paidan, now=world.now, case=raise_case(world), unit_id=world.units["enforcement"].pk)
    case = get(raise_case(world))
    with django_assert_max_num_queries(12):
        services.dispatch(by=paidan, now=world.now, case=case, unit_id=world.units["enforcement"].pk)
    with django_assert_max_num_queries(8):
        services.sign(by=chengguan, now=world.now, case=case)
    with django_assert_max_num_queries(14):
        services.hand_in(by=chengguan, now=world.now, case=case, text="好了", outcome=Outcome.EXPLAINED)
    with django_assert_max_num_queries(14):
        services.check(by=world.actor("jiandu"), now=world.now, case=case, passed=True)
    with django_assert_max_num_queries(15):
        selectors.case_detail(paidan, get(case))
