"""Two at once on a real PostgreSQL: one step, one number, one plan; the other is told."""

from datetime import timedelta

import pytest

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.tests.scenes import enter_shops
from linli.programmes.streets import services
from linli.programmes.streets.models import LanePlan, Matter
from linli.programmes.streets.types import LaneData, OrderData, WarnData
from tests.races import at_once, one_wins

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only_on("postgresql", reason="SQLite lets one writer in at a time"),
]


def test_two_at_once(world):
    """One test, since a flushed database is laid anew for each."""
    fieldwork.load_shipped(now=world.now)
    shop, now = enter_shops(world, 1)[0], world.now
    warned = WarnData(shop.uuid, "cross_door", "货架")
    walker, officer, other = (world.actor(n) for n in ("shegong", "chengguan", "chengguan2"))
    results = at_once(*[lambda: services.warn(by=walker, now=now, data=warned)] * 2)
    assert sorted(m.times for m in results) == [1, 2]
    first, second = Matter.objects.order_by("id")
    today = now.date()

    def order(by, row, companion):
        data = OrderData(
            "第二十一条", today + timedelta(days=7), "owner", "hand", today, world.users[companion].pk, early="安全"
        )
        return lambda: services.order(by=by, now=now, uuid=row.uuid, data=data, expected=1)

    one_wins(at_once(order(officer, first, "chengguan2"), order(other, first, "chengguan")))
    results = at_once(
        order(officer, second, "chengguan2"),
        lambda: services.mend(by=walker, now=now, uuid=second.uuid, text="好了", expected=1),
    )
    one_wins(results)
    lane = enter_shops(world, 1, kind="lane")[0]
    plan = LaneData("", "", None, None)
    one_wins(at_once(*[lambda: services.draft_lane(by=walker, now=now, target=lane.uuid, data=plan)] * 2))
    assert LanePlan.objects.count() == 1
