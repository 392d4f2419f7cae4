from datetime import timedelta

import pytest

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseEvent, Reporter
from linli.engines.cases.permissions import buttons, get_case_for, may_read_contact, reporter_for_code
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.foundation.core.actors import GUEST
from linli.foundation.core.errors import ConflictError, ForbiddenError
from linli.foundation.core.ids import uuid7

pytestmark = pytest.mark.django_db


def _case(world, category="garbage", **fields):
    report = Report(
        text="垃圾没人清", category=category, address="长宁路488弄", area_id=world.areas["陶家宅"].pk, **fields
    )
    receipt = services.report(by=GUEST, now=world.now, report=report)
    return get_case_for(world.actor("zhiban"), receipt.number), receipt


def test_whoever_joins_is_another_reporter_with_a_code_of_their_own(world):
    case, receipt = _case(world)
    joined = services.join(
        by=GUEST,
        now=world.now,
        case=case,
        contact=Contact(phone="13812345678", way=FeedbackWay.PHONE),
        text="我也看到了",
    )
    assert joined.number == case.number
    assert joined.tracking_code != receipt.tracking_code
    assert case.reporter_count == 2
    assert CaseEvent.objects.get(case=case, verb="join").public
    actor, reporter, found = reporter_for_code(joined.tracking_code)
    assert (found.pk, reporter.phone_hash != "") == (case.pk, True)
    services.urge(by=actor, now=world.now + timedelta(hours=1), case=found)


def test_joining_twice_with_one_uuid_is_once(world):
    case, _receipt = _case(world)
    uuid = uuid7()
    for _ in range(2):
        receipt = services.join(by=GUEST, now=world.now, case=case, contact=Contact(), uuid=uuid, code="2345-6789-CD")
    assert receipt.seen_before
    assert Reporter.objects.filter(case=case).count() == 2


@pytest.mark.parametrize("category", ["group_renting", "noise", "complaint_unit"])
def test_private_matters_cannot_be_joined(world, category):
    case, _receipt = _case(world, category)
    with pytest.raises(ForbiddenError):
        services.join(by=GUEST, now=world.now, case=case, contact=Contact())
    assert Reporter.objects.filter(case=case).count() == 1


def test_ended_ones_and_those_about_a_unit_cannot_be_joined(world):
    case, _receipt = _case(world, subject_unit_id=world.units["enforcement"].pk)
    with pytest.raises(ForbiddenError):
        services.join(by=GUEST, now=world.now, case=case, contact=Contact())
    case, _receipt = _case(world)
    services.void(by=world.actor("zhiban"), now=world.now, case=case, reason="误报")
    with pytest.raises(ConflictError):
        services.join(by=GUEST, now=world.now, case=case, contact=Contact())


def test_a_call_joins_by_whoever_takes_calls_and_counts_a_known_caller_once(world):
    case, _receipt = _case(world, contact=Contact(phone="13812345678", way=FeedbackWay.PHONE))
    call = {"now": world.now, "case": case, "text": "还没清"}
    known, other = Contact(phone="+86 138 1234 5678"), Contact(phone="13700001111", way=FeedbackWay.PHONE)
    with pytest.raises(ForbiddenError):
        services.join_by_call(by=world.actor("xitong"), contact=other, uuid=uuid7(), **call)
    again = services.join_by_call(by=world.actor("paidan"), contact=known, uuid=uuid7(), **call)
    assert (again.seen_before, again.tracking_code, case.reporter_count) == (True, "", 1)
    # Who may not open the number is not told that this caller is known.
    reader = world.actor("shegong")
    assert not may_read_contact(reader, case)
    first = services.join_by_call(by=reader, contact=known, uuid=uuid7(), **call)
    assert (first.seen_before, case.reporter_count) == (False, 2)
    second = services.join_by_call(by=world.actor("paidan"), contact=other, uuid=uuid7(), **call)
    assert second.tracking_code
    assert case.reporter_count == 3
    assert Reporter.objects.filter(case=case, channel="phone").count() == 2


def test_a_known_callers_word_is_refused_once_the_case_is_closed(world):
    case, _receipt = _case(world, contact=Contact(phone="13812345678", way=FeedbackWay.PHONE))
    services.void(by=world.actor("zhiban"), now=world.now, case=case, reason="误报")
    with pytest.raises(ConflictError):
        services.join_by_call(
            by=world.actor("paidan"), now=world.now, case=case, contact=Contact(phone="13812345678"), text="还在",
            uuid=uuid7(),
        )  # fmt: skip
    assert not CaseEvent.objects.filter(case=case, verb="note").exists()


def test_joining_is_no_button_for_staff(world):
    case, _receipt = _case(world)
    assert "join" not in {b.verb for b in buttons(world.actor("paidan"), case)}


def test_a_code_drawn_beforehand_is_kept(world):
    uuid = uuid7()
    report = Report(text="灯坏了", area_id=world.areas["陶家宅"].pk, uuid=uuid, code="2345-6789-CD")
    receipts = [services.report(by=GUEST, now=world.now, report=report) for _ in range(2)]
    assert [r.tracking_code for r in receipts] == ["2345-6789-CD"] * 2
    assert Case.objects.count() == 1
    assert reporter_for_code("23456789cd")[2].uuid == uuid
