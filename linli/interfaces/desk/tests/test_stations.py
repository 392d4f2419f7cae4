"""联勤联动站: set up in the console, its pool of shared cases, what was done together."""

from typing import Any

import pytest

from linli.engines.cases import selectors, services
from linli.engines.cases.models import PooledCase, Station
from linli.engines.cases.types import NoteKind
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.interfaces.desk.tests.help import enter, fresh, handled, make_case

pytestmark = pytest.mark.django_db


def station(world, *units, area="陶家宅"):
    units = units or ("enforcement", "police", "property")
    return services.save_station(
        by=world.actor("xitong"),
        now=world.now,
        name=f"{area}联勤联动站",
        area_id=world.areas[area].pk,
        unit_ids=[world.units[u].pk for u in units],
        place="居委会一楼",
    )


def shared(world, **fields):
    """Return a case of 城管 that 公安 helps with."""
    case = handled(world, make_case(world, **fields), "enforcement", "chengguan")
    services.share(by=world.actor("paidan"), now=world.now, case=case, unit_ids=[world.units["police"].pk])
    return fresh(case.number)


def test_a_station_is_set_up_in_the_console(world):
    xitong = enter(world, "xitong")
    assert "还没有联勤联动站" in xitong.get("/console/stations/").content.decode()
    assert xitong.get("/console/stations/new/").status_code == 200
    sent = {
        "name": "陶家宅联勤联动站",
        "area": world.areas["陶家宅"].pk,
        "place": "居委会一楼",
        "phone": "",
        "units": [world.units["police"].pk],
        "active": "yes",
    }
    refused = xitong.post("/console/stations/new/", sent)
    assert refused.status_code == 422
    assert "至少选择两个单位" in refused.content.decode()
    assert "居委会一楼" in refused.content.decode()
    both = {**sent, "units": [world.units["police"].pk, world.units["enforcement"].pk]}
    assert enter(world, "zhiban").post("/console/stations/new/", both).status_code == 404
    assert xitong.post("/console/stations/new/", both).status_code == 302
    assert xitong.post("/console/stations/new/", both).status_code == 422  # the name is taken
    row = Station.objects.get()
    assert xitong.post(f"/console/stations/{row.uuid}/", {**both, "active": "no"}).status_code == 302
    row.refresh_from_db()
    assert not row.active


@pytest.mark.mechanism("001-14")
def test_what_concerns_two_partners_is_in_the_pool(world, django_assert_max_num_queries):
    row = station(world)
    case = shared(world)
    handled(world, make_case(world), "enforcement", "chengguan")  # of one partner alone
    elsewhere = shared(world, area_id=world.areas["华一"].pk)
    client = enter(world, "minjing")
    assert row.name in client.get("/desk/stations/").content.decode()
    with django_assert_max_num_queries(14):
        page = client.get(f"/desk/stations/{row.uuid}/").content.decode()
    assert case.number in page
    assert elsewhere.number not in page
    _page, found = selectors.pool(world.actor("paidan"), row)
    assert [set(s.units) for s in found] == [{str(world.units["enforcement"]), str(world.units["police"])}]
    for who in ("danche", "shuji02"):
        assert enter(world, who).get(f"/desk/stations/{row.uuid}/").status_code == 404
    assert enter(world, "lingdao").get(f"/desk/stations/{row.uuid}/").status_code == 200


def test_a_partner_puts_a_case_in_with_a_reason_and_takes_it_out(world):
    row = station(world)
    case = handled(world, make_case(world), "enforcement", "chengguan")
    address, client = f"/desk/stations/{row.uuid}/", enter(world, "chengguan")
    assert client.post(address, {"act": "put", "number": "", "reason": "x"}).status_code == 422
    assert client.post(address, {"act": "put", "number": case.number, "reason": ""}).status_code == 422
    assert client.post(address, {"act": "put", "number": case.number, "reason": "要请民警一起"}).status_code == 302
    assert client.post(address, {"act": "put", "number": case.number, "reason": "又一次"}).status_code == 409
    assert "要请民警一起" in client.get(address).content.decode()
    # The other partner does not handle it and may not read it: it is only told that there is something.
    other = enter(world, "minjing").get(address).content.decode()
    assert case.number not in other
    assert "另有 1 件" in other
    assert (
        enter(world, "lingdao").post(address, {"act": "put", "number": case.number, "reason": "x"}).status_code == 403
    )
    assert client.post(address, {"act": "take", "number": case.number, "reason": "已分清职责"}).status_code == 302
    assert PooledCase.objects.get().taken_at is not None
    assert client.post(address, {"act": "take", "number": case.number, "reason": "再来"}).status_code == 409


def test_what_does_not_belong_there_is_not_put_in(world):
    row, by = station(world), world.actor("paidan")
    elsewhere = make_case(world, area_id=world.areas["华一"].pk)
    about = make_case(world, subject_unit_id=world.units["property"].pk)
    for case in (elsewhere, about):
        with pytest.raises(ConflictError):
            services.put_into_pool(by=by, now=world.now, station=row, case=case, reason="一起办")
    ended = make_case(world)
    services.void(by=world.actor("zhiban"), now=world.now, case=ended, reason="误报")
    with pytest.raises(ConflictError):
        services.put_into_pool(by=by, now=world.now, station=row, case=ended, reason="一起办")
    assert not PooledCase.objects.exists()


@pytest.mark.mechanism("002-29")
def test_what_was_done_together_is_recorded_on_the_case(world):
    row, case = station(world), shared(world)
    address, client = f"/desk/stations/{row.uuid}/joint/", enter(world, "chengguan")
    assert client.get(f"{address}?number={case.number}").status_code == 200
    police, enforcement = world.units["police"].pk, world.units["enforcement"].pk
    sent = {
        "number": case.number,
        "there": [enforcement, police],
        f"did-{enforcement}": "清理占道物品",
        f"did-{police}": "",
        "at": "2026-03-10T09:30",
        "text": "占道已清除",
    }
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "每个到场单位做了什么" in refused.content.decode()
    assert "清理占道物品" in refused.content.decode()
    assert client.post(address, {**sent, "there": [enforcement]}).status_code == 422
    ahead = client.post(address, {**sent, f"did-{police}": "维持秩序", "at": "2026-03-11T09:30"})
    assert ahead.status_code == 422
    assert client.post(address, {**sent, f"did-{police}": "维持秩序"}).status_code == 302
    event: Any = fresh(case.number).events.order_by("-seq").first()
    assert event.data["kind"] == NoteKind.JOINT
    assert event.data["did"] == sorted([[enforcement, "清理占道物品"], [police, "维持秩序"]])
    page = client.get(f"/desk/cases/{case.number}/").content.decode()
    for words in ("联合处置记录", "维持秩序", "占道已清除"):
        assert words in page
    assert "维持秩序" in client.get(f"/desk/stations/{row.uuid}/").content.decode()


def test_only_partners_record_and_only_administrators_set_up(world):
    row, case = station(world, "enforcement", "property"), shared(world)
    with pytest.raises(ForbiddenError):
        services.record_joint(
            by=world.actor("minjing"), now=world.now, station=row, case=case, text="x", did={}, at=world.now
        )
    with pytest.raises(InvalidError):
        services.record_joint(
            by=world.actor("chengguan"), now=world.now, station=row, case=case, text="x", did={}, at=world.now
        )
    with pytest.raises(ForbiddenError):
        services.save_station(
            by=world.actor("lingdao"), now=world.now, name="x", area_id=world.areas["华一"].pk, unit_ids=[]
        )
