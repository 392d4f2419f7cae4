"""A year whose holidays are not announced: nobody guesses, and no report is lost."""

from datetime import UTC, datetime

import pytest

from linli.engines.cases import services as cases
from linli.engines.cases.models import CaseEvent
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.services.clocks import PROVISIONAL, provisional
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.foundation.core.actors import GUEST, SYSTEM
from linli.foundation.deadlines.models import Clock
from linli.foundation.deadlines.types import Duration, Unit
from linli.foundation.jobs import services as jobs
from linli.foundation.messages import selectors as messages
from linli.foundation.rulebook.exceptions import YearNotAnnouncedError

DECEMBER = datetime(2026, 12, 29, 2, 0, tzinfo=UTC)


def _case(world):
    made = Report(
        text="路灯不亮",
        category="street_lamp",
        area_id=world.areas["陶家宅"].pk,
        contact=Contact(phone="13900001111", way=FeedbackWay.PHONE),
    )
    return get_case_for(SYSTEM, cases.report(by=GUEST, now=DECEMBER, report=made, dispatch=True).case_id)


def test_a_report_is_taken_with_a_provisional_limit_that_says_so(world):
    case = _case(world)
    assert case.state == "to_sign"
    clock = Clock.objects.get(subject_id=case.pk, stage="overall")
    assert clock.rule_code == "cases.clock.overall.general" + PROVISIONAL
    assert (clock.amount, clock.unit) == (14, "natural_days")
    assert case.dues["overall"].startswith("2027-01-12")
    assert "overall" in CaseEvent.objects.get(case=case, verb="report").data["provisional"]
    signing = Clock.objects.get(subject_id=case.pk, stage="sign")
    assert not signing.rule_code.endswith(PROVISIONAL)


def test_the_administrators_are_told_once_a_day(world):
    _case(world)
    _case(world)
    jobs.drain(now=DECEMBER)
    assert messages.unread_count(world.users["xitong"].pk) == 1


def test_more_time_that_cannot_be_counted_is_refused_to_whoever_grants_it(world):
    case = _case(world)
    cases.sign(by=world.actor("guanliban"), now=DECEMBER, case=case)
    Clock.objects.filter(subject_id=case.pk).update(unit="work_days", amount=1)
    case = get_case_for(SYSTEM, case.pk)
    cases.request_extension(by=world.actor("guanliban"), now=DECEMBER, case=case, reason="配件未到", amount=3)
    with pytest.raises(YearNotAnnouncedError) as caught:
        cases.decide_extension(by=world.actor("zhiban"), now=DECEMBER, case=get_case_for(SYSTEM, case.pk), granted=True)
    assert "2027" in caught.value.message
    assert caught.value.hint


def test_an_answer_is_not_lost_although_the_paused_clock_cannot_be_counted_on(world):
    case = _case(world)
    cases.sign(by=world.actor("guanliban"), now=DECEMBER, case=case)
    cases.ask(by=world.actor("guanliban"), now=DECEMBER, case=get_case_for(SYSTEM, case.pk), text="几号楼？")
    Clock.objects.filter(subject_id=case.pk, stage="overall").update(unit="work_days", amount=10)
    later = DECEMBER.replace(day=30)
    cases.answer(by=world.actor("paidan"), now=later, case=get_case_for(SYSTEM, case.pk), text="3号楼")
    assert get_case_for(SYSTEM, case.pk).state == "handling"


@pytest.mark.parametrize(
    ("limit", "natural"),
    [
        (Duration(10, Unit.WORK_DAYS), Duration(14, Unit.NATURAL_DAYS)),
        (Duration(1, Unit.WORK_DAYS), Duration(2, Unit.NATURAL_DAYS)),
        (Duration(7, Unit.WORK_HOURS), Duration(34, Unit.NATURAL_HOURS)),
    ],
)
def test_a_provisional_limit_is_no_shorter_than_ordinary_weeks(limit, natural):
    assert provisional(limit) == natural
