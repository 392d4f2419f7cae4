from datetime import timedelta

import pytest

from linli.engines.cases import services
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.engines.cases.workflow import Outcome
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST
from linli.foundation.core.coordinates import Point
from linli.interfaces.portal import committee
from linli.interfaces.portal.tests.steps import CENTRE


@pytest.fixture
def frozen(world):
    """The world at its own time."""
    committee.forget()
    with clock.frozen(world.now):
        yield world
    committee.forget()


@pytest.fixture
def reported(frozen):
    """A function that enters a case as a resident would: returns (case, receipt)."""

    def enter(
        category="garbage", text="垃圾堆了三天没人清", *, days_ago=0, phone="13812345678", point=CENTRE, **fields
    ):
        at = frozen.now - timedelta(days=days_ago)
        fields.setdefault("address", "长宁路 488 弄 12 号 302 室")
        contact = Contact(name="王阿姨", phone=phone, way=FeedbackWay.PHONE if phone else FeedbackWay.NONE)
        report = Report(text=text, category=category, point=Point(*point) if point else None, contact=contact, **fields)
        receipt = services.report(by=GUEST, now=at, report=report)
        return get_case_for(frozen.actor("paidan"), receipt.number), receipt

    return enter


@pytest.fixture
def closed(frozen, reported):
    """A function that takes a case through the whole loop."""

    def loop(**fields):
        case, receipt = reported(**fields)
        now, centre, firm = frozen.now, frozen.actor("paidan"), frozen.actor("wuye")
        services.accept(by=centre, now=now, case=case)
        services.dispatch(by=centre, now=now, case=case, unit_id=frozen.units["property"].pk, reason="属物业")
        services.sign(by=firm, now=now, case=case)
        services.hand_in(by=firm, now=now, case=case, text="已清走", outcome=Outcome.EXPLAINED)
        services.check(by=frozen.actor("jiandu"), now=now, case=case, passed=True)
        services.reply(by=centre, now=now, case=case, way="phone", text="垃圾已经清走，谢谢您。")
        services.close(by=centre, now=now, case=case)
        case.refresh_from_db()
        return case, receipt

    return loop
