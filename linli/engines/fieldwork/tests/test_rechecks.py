"""A second look beside a round that comes again, and a watch that knows for what it looks."""

from datetime import date, timedelta

import pytest

from linli.engines.cases.models import Case
from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Finding, Round, Target, Visit
from linli.engines.fieldwork.rules.choosing import choice_json
from linli.engines.fieldwork.rules.housing import Watch as Standing
from linli.engines.fieldwork.selectors import standing
from linli.engines.fieldwork.tests.sent import scene
from linli.engines.fieldwork.tests.test_findings import WIRES, to_closed
from linli.engines.fieldwork.types import Choice, How
from linli.foundation.jobs import services as jobs

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_second_look_leaves_the_days_of_a_weekly_round_to_the_round(world):
    s = scene(world)
    named = choice_json(Choice(How.LIST, targets=tuple(t.uuid for t in s.shops)))
    Round.objects.update(
        rhythm={"unit": "weeks", "every": 1}, made_until=date(2026, 3, 10), ends_on=date(2026, 5, 1), choice=named
    )  # fmt: skip
    s.send(s.packet(answers=WIRES, files={"shot": [s.photo()]}))
    jobs.drain(now=world.now)
    to_closed(world, Case.objects.get(), world.now + 4 * DAY)
    look = Finding.objects.get().recheck
    assert look.due_on == date(2026, 3, 17)  # a Tuesday on which the round comes again
    assert look.occasion not in services.occasion_days(Round.objects.get(), date(2026, 5, 1))
    before = Visit.objects.filter(round=s.round, occasion=date(2026, 3, 17)).count()
    assert before == 0
    services.make_due(now=world.now + 6 * DAY)
    again = Visit.objects.filter(round=s.round, occasion=date(2026, 3, 17))
    assert again.filter(target=look.target_id).count() == 1
    assert look not in again
    look.refresh_from_db()
    assert look.state == "due"


def test_a_watch_begun_without_a_finding_takes_only_what_it_watches_for_as_a_relapse(world):
    s = scene(world)
    flat = Target.objects.get(pk=s.shops[0].pk)
    given = {"target": flat, "unit_id": world.units["property"].pk, "cleared_on": world.now.date()}
    watch = services.begin_watch(by=world.actor("shuji"), now=world.now, category="cross_door", **given)
    later = world.now + 12 * DAY
    s.send(s.packet(answers=WIRES, made_at=later), after=12 * DAY)
    assert Finding.objects.get().category == "flying_wires"
    assert standing(watch, later).standing is not Standing.RELAPSED  # another kind of finding
    s.send(
        s.packet(None, round=s.round.uuid, target=flat.uuid, answers={"order": {"goods": "bad"}}, made_at=later + DAY),
        after=13 * DAY,
    )
    assert standing(watch, later + DAY).standing is Standing.RELAPSED


def test_a_watch_that_names_nothing_hears_the_firm_alone(world):
    s = scene(world)
    flat = Target.objects.get(pk=s.shops[0].pk)
    given = {"target": flat, "unit_id": world.units["property"].pk, "cleared_on": world.now.date()}
    watch = services.begin_watch(by=world.actor("shuji"), now=world.now, **given)
    later = world.now + 12 * DAY
    s.send(s.packet(answers=WIRES, made_at=later), after=12 * DAY)
    assert standing(watch, later).standing is not Standing.RELAPSED
    services.report_watch(by=world.actor("wuye"), now=later, watch=watch, again=True, text="又打隔断")
    assert standing(watch, later).standing is Standing.RELAPSED
