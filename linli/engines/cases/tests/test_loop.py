from datetime import timedelta

import pytest

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseEvent
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.engines.cases.workflow import State
from linli.foundation.core.actors import GUEST
from linli.foundation.core.coordinates import Point
from linli.foundation.jobs import services as jobs

pytestmark = pytest.mark.django_db


def _report(world, category="garbage", **fields):
    point = world.areas["陶家宅"]
    receipt = services.report(
        by=GUEST,
        now=world.now,
        report=Report(
            text="垃圾堆了三天没人清，联系我 13812345678",
            category=category,
            address="长宁路 488 弄 12 号",
            area_id=point.pk,
            contact=Contact(name="王阿姨", phone="13812345678", way=FeedbackWay.PHONE),
            **fields,
        ),
    )
    return get_case_for(world.actor("paidan"), receipt.number), receipt


def test_the_whole_loop(world):
    case, _receipt = _report(world)
    later = world.now + timedelta(hours=2)
    assert case.number == "HY20260310-0001"
    assert "13812345678" not in case.text
    dispatcher, property_firm, inspector = (world.actor(u) for u in ("paidan", "wuye", "jiandu"))
    services.accept(by=dispatcher, now=world.now, case=case)
    services.dispatch(by=dispatcher, now=world.now, case=case)
    assert case.unit_id == world.units["property"].pk
    services.sign(by=property_firm, now=world.now, case=case)
    from linli.engines.cases.workflow import Outcome
    from linli.foundation.core.errors import InvalidError

    with pytest.raises(InvalidError) as error:
        services.hand_in(by=property_firm, now=world.now, case=case, text="已清走", outcome=Outcome.SOLVED)
    assert "处置前照片还差 1 张" in str(error.value)
    services.hand_in(by=property_firm, now=world.now, case=case, text="已答复", outcome=Outcome.EXPLAINED)
    services.check(by=inspector, now=world.now + timedelta(hours=1), case=case, passed=True)
    services.reply(by=dispatcher, now=later, case=case, way="phone", text="已清走，谢谢您")
    services.close(by=dispatcher, now=later, case=case)
    case.refresh_from_db()
    assert case.state == State.CLOSED
    assert CaseEvent.objects.filter(case=case).count() == case.version
    jobs.drain(now=world.now)


def test_intake_costs_at_most_eleven_statements(world, django_assert_max_num_queries):
    """The keys of duplicates are one; with the session and the actor of whoever reports that is thirteen."""
    by = world.actor("paidan")
    report = Report(text="垃圾没人清", category="garbage", point=Point(31.2215, 121.4195))
    services.report(by=by, now=world.now, report=report)
    with django_assert_max_num_queries(11):
        services.report(by=by, now=world.now, report=report)
    assert Case.objects.count() == 2
