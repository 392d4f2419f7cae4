from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.engines.cases.models import Case
from linli.engines.cases.selectors import catalogue
from linli.engines.signals import selectors, services
from linli.engines.signals.models import Device, Draft, Event, Flow
from linli.engines.signals.tests import scenes
from linli.engines.signals.types import CATEGORIES, DeviceFilters, Outcome, Signal, SignalKind
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, StaleError
from linli.foundation.journal.models import Entry
from linli.foundation.messages.models import Message
from linli.foundation.messages.selectors import words_of
from linli.foundation.people import selectors as people
from tests.races import at_once, one_wins

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(world):
    return scenes.program(world)


@pytest.fixture
def by(world, sender):
    return scenes.actor_of(sender, world.now)


def take(world, by, *, now=None, device="CAM-001", **more):
    return services.take(by=by, now=now or world.now, device=device, signal=scenes.signal(world, **more))


def told(what):
    return [m for m in Message.objects.filter(template="signals.device") if what in words_of(m).body]


def test_every_kind_has_a_category_that_is_there(world):
    assert set(CATEGORIES) <= set(SignalKind.values)
    assert all(catalogue.category(code) is not None for code in CATEGORIES.values())


def test_events_of_one_kind_are_folded_within_the_window_and_counted(world, sender, by):
    scenes.device(world, sender)
    assert take(world, by, n=1, minutes=-50, value=3.0, unit="cm") is Outcome.DRAFTED
    assert take(world, by, n=2, minutes=-20, value=9.0) is Outcome.FOLDED
    assert take(world, by, n=2, minutes=-20) is Outcome.REPEATED
    assert take(world, by, n=3, minutes=-20, kind="garbage") is Outcome.DRAFTED
    assert take(world, by, n=4, minutes=1) is Outcome.FOLDED
    draft = Draft.objects.get(kind="stall")
    assert (draft.count, draft.value, draft.unit, draft.state) == (3, 9.0, "cm", "waiting")
    assert (draft.first_at, draft.last_at) == (world.now - timedelta(minutes=50), world.now + timedelta(minutes=1))
    later = world.now + timedelta(minutes=11)
    assert take(world, by, now=later, n=5, minutes=10) is Outcome.DRAFTED  # an hour after the first: asked again
    assert Case.objects.count() == 0


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 15), st.integers(-300, 0), st.sampled_from(["stall", "bikes"])), max_size=25))
def test_counts_of_drafts_add_up_to_what_was_taken(world, sender, by, told):
    Event.objects.all().delete()
    Draft.objects.all().delete()
    if not Device.objects.exists():
        scenes.device(world, sender)
    outcomes = []
    for i, (n, minutes, kind) in enumerate(told):
        now = world.now + timedelta(minutes=2 * i)  # below the rate: shedding has its own test
        outcomes.append(take(world, by, now=now, n=n, minutes=minutes, kind=kind))
    taken = sum(o in {Outcome.DRAFTED, Outcome.FOLDED} for o in outcomes)
    drafts = list(Draft.objects.all())
    assert taken == len({n for n, _m, _k in told}) == sum(d.count for d in drafts) == Event.objects.count()
    assert outcomes.count(Outcome.DRAFTED) == len(drafts)
    window = timedelta(minutes=60)
    assert all(d.anchor - window < d.first_at <= d.last_at < d.anchor + window for d in drafts)


def test_only_the_program_that_the_ledger_names_sends(world, sender, by):
    row = scenes.device(world, sender)
    other = scenes.actor_of(scenes.program(world, "别的平台"), world.now)
    for who, number in ((other, "CAM-001"), (by, "CAM-002"), (world.actor("zhiban"), "CAM-001")):
        with pytest.raises(NotFoundError):
            take(world, who, device=number)
    services.change_device(
        by=world.actor("zhiban"), now=world.now, device=row, expected=1,
        data=scenes.data(world, program_id=sender.pk, active=False),
    )  # fmt: skip
    with pytest.raises(NotFoundError):
        take(world, by)
    assert (Draft.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "a b"}, "id"), ({"id": ""}, "id"), ({"kind": "face"}, "kind"), ({"value": float("inf")}, "value"),
        ({"value": 2e6}, "value"), ({"unit": "谁"}, "unit"), ({"minutes": 6}, "at"), ({"minutes": -24 * 60 - 1}, "at"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_its_field(world, sender, by, change, field):
    scenes.device(world, sender)
    base = {"id": "e-1", "kind": "stall", "value": None, "unit": ""}
    minutes = change.pop("minutes", 0)
    with pytest.raises(InvalidError) as refused:
        services.take(
            by=by, now=world.now, device="CAM-001",
            signal=Signal(at=world.now + timedelta(minutes=minutes), **(base | change)),
        )  # fmt: skip
    assert set(refused.value.fields) == {field}
    assert Device.objects.get().heard_at is None


def test_a_person_makes_the_case_by_the_ordinary_intake(world, sender, by):
    scenes.device(world, sender)
    take(world, by, n=1, value=3.0, unit="m")
    take(world, by, n=2)
    draft = Draft.objects.get()
    with pytest.raises(ForbiddenError):
        services.accept(by=world.actor("ducha"), now=world.now, draft=draft)
    receipt = services.accept(by=world.actor("paidan"), now=world.now, draft=draft)
    case = Case.objects.get()
    assert (case.number, case.source, case.category.code) == (receipt.number, "video", "cross_door")
    assert case.text == "占道经营。摄像头 CAM-001 于 2026-03-10 10:00 报送，截至 2026-03-10 10:00 共 2 次。最大值 3 m。"
    assert (case.address, case.area_id) == ("安西路 23 弄口", world.areas["陶家宅"].pk)
    draft.refresh_from_db()
    assert (draft.state, draft.case_uuid, draft.case_number) == ("accepted", case.uuid, case.number)
    for again in (services.accept, lambda **kw: services.reject(**kw, reason="重复")):
        with pytest.raises(ConflictError):
            again(by=world.actor("zhiban"), now=world.now, draft=draft)
    # What goes on is counted on, and asks nobody again within the window.
    assert take(world, by, n=3) is Outcome.FOLDED
    assert (Draft.objects.get().count, Case.objects.count()) == (3, 1)
    assert Entry.objects.filter(verb="signals.accept", object_uuid=draft.uuid).count() == 1


def test_what_the_intake_refuses_leaves_the_draft_waiting(world, sender, by):
    scenes.device(world, sender, kind="water", number="W-1")
    take(world, by, device="W-1", kind="water")
    draft = Draft.objects.get()
    with pytest.raises(InvalidError):
        services.accept(by=world.actor("paidan"), now=world.now, draft=draft, category="nothing")
    assert (Draft.objects.get().state, Case.objects.count()) == ("waiting", 0)
    services.accept(by=world.actor("paidan"), now=world.now, draft=draft, text="弄口积水，行人绕行")
    assert (Case.objects.get().source, Case.objects.get().text) == ("sensor", "弄口积水，行人绕行")


def test_turned_down_with_a_reason(world, sender, by):
    scenes.device(world, sender)
    take(world, by)
    draft = Draft.objects.get()
    with pytest.raises(InvalidError):
        services.reject(by=world.actor("paidan"), now=world.now, draft=draft, reason=" ")
    services.reject(by=world.actor("paidan"), now=world.now, draft=draft, reason="是环卫车临时停靠，13800138000")
    assert (Draft.objects.get().state, Draft.objects.get().reason) == ("rejected", "是环卫车临时停靠，＊＊＊＊")
    assert Case.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="two threads write at once")
def test_two_accept_at_once_and_one_case_comes_of_it(world, sender, by):
    scenes.device(world, sender)
    take(world, by)
    draft = Draft.objects.get()
    one_wins(
        at_once(*[
            lambda name=name: services.accept(by=world.actor(name), now=world.now, draft=Draft.objects.get(pk=draft.pk))
            for name in ("paidan", "zhiban", "paidan")
        ])
    )  # fmt: skip
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.only_on("postgresql", reason="many threads write at once")
def test_many_events_at_once_are_one_draft_and_all_are_counted(world, sender, by):
    scenes.device(world, sender)
    results = at_once(*[lambda n=n: take(world, by, n=n % 6) for n in range(12)])
    assert sorted(results) == ["drafted"] + ["folded"] * 5 + ["repeated"] * 6
    assert Draft.objects.get().count == Event.objects.count() == 6


def test_a_flood_is_shed_and_its_keepers_are_told_once(world, sender, by):
    scenes.device(world, sender)
    outcomes = [take(world, by, n=n) for n in range(40)]
    assert outcomes.count(Outcome.SHED) == 10
    assert (Draft.objects.get().count, Event.objects.count()) == (30, 30)
    row = Device.objects.get()
    assert (row.flooding_since, row.shed) == (world.now, 10)
    members = {h.user_id for h in people.members_of(row.unit_id, now=world.now)}
    assert {m.user_id for m in told("信号过多")} == members
    assert len(told("信号过多")) == len(members)
    minute = world.now + timedelta(minutes=1)
    assert take(world, by, now=minute, n=50) is Outcome.FOLDED
    assert services.look(now=world.now + timedelta(minutes=9)) == 0
    assert services.look(now=world.now + timedelta(minutes=10)) == 1
    assert Device.objects.get().flooding_since is None
    assert len(told("回到正常")) == len(members)


def test_silence_is_told_once_and_cleared_when_the_device_is_back(world, sender, by):
    scenes.device(world, sender)
    scenes.device(world, number="CAM-002")  # nobody sends for it yet: it is not missed
    services.hear(by=by, now=world.now + timedelta(minutes=5), device="CAM-001")
    assert services.look(now=world.now + timedelta(minutes=64)) == 0
    gone = world.now + timedelta(minutes=65)
    assert [services.look(now=gone), services.look(now=gone + timedelta(hours=3))] == [1, 0]
    members = len(people.members_of(world.units["enforcement"].pk, now=world.now))
    assert len(told("失联")) == members
    silent = DeviceFilters(state="silent")
    assert [d.number for d in selectors.devices(world.actor("zhiban"), silent).rows] == ["CAM-001"]
    services.hear(by=by, now=gone + timedelta(hours=4), device="CAM-001")
    assert Device.objects.get(number="CAM-001").silent_since is None
    assert len(told("重新收到")) == members
    assert services.look(now=gone + timedelta(hours=6)) == 1  # a second silence is a second notice
    assert len(told("失联")) == 2 * members


def test_people_are_kept_as_sums_of_an_hour_and_nothing_finer(world, sender, by):
    scenes.device(world, sender, kind="counter", number="G-1")
    hour = world.now - timedelta(hours=1)
    services.put_flow(by=by, now=world.now, device="G-1", hour=hour, count=120)
    services.put_flow(by=by, now=world.now, device="G-1", hour=hour.astimezone(timezone(timedelta(hours=8))), count=125)
    assert list(Flow.objects.values_list("hour", "count")) == [(hour.astimezone(UTC), 125)]
    for wrong, field in (
        ({"hour": hour + timedelta(minutes=30)}, "hour"), ({"hour": world.now}, "hour"),
        ({"hour": hour - timedelta(days=2)}, "hour"), ({"count": -1}, "count"), ({"count": 100_001}, "count"),
    ):  # fmt: skip
        with pytest.raises(InvalidError) as refused:
            services.put_flow(by=by, now=world.now, device="G-1", **({"hour": hour, "count": 1} | wrong))
        assert set(refused.value.fields) == {field}
    scenes.device(world, sender, kind="water", number="W-1")
    with pytest.raises(InvalidError):
        services.put_flow(by=by, now=world.now, device="W-1", hour=hour, count=1)
    assert {f.name for f in Flow._meta.fields} == {"id", "device", "hour", "count"}


def test_the_ledger_says_all_that_is_wrong_and_keeps_versions(world):
    zhiban = world.actor("zhiban")
    row = scenes.device(world)
    wrong = scenes.data(
        world, number="CAM-001", kind="drone", place="", purpose="", unit_id=None, retention_days=900,
        notice_on=world.now.date() + timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(InvalidError) as refused:
        services.add_device(by=zhiban, now=world.now, data=wrong)
    assert set(refused.value.fields) == {
        "number", "kind", "place", "purpose", "unit", "retention_days", "notice_on"
    }  # fmt: skip
    for stranger in ("chengguan", "xitong", "jumin"):
        with pytest.raises(ForbiddenError):
            services.add_device(by=world.actor(stranger), now=world.now, data=scenes.data(world, number="X"))
    changed = scenes.data(world, place="安西路 25 弄口")
    services.change_device(by=zhiban, now=world.now, device=row, data=changed, expected=1)
    with pytest.raises(StaleError):
        services.change_device(by=zhiban, now=world.now, device=row, data=changed, expected=1)
    entry = Entry.objects.get(verb="signals.change_device")
    assert entry.after == {"place": "安西路 25 弄口"}


def test_events_are_forgotten_after_the_days_of_their_device(world, sender, by):
    scenes.device(world, sender, retention_days=3)
    take(world, by)
    assert services.forget(now=world.now + timedelta(days=3)) == 0
    assert services.forget(now=world.now + timedelta(days=3, seconds=1)) == 1
    assert (Event.objects.count(), Draft.objects.get().count) == (0, 1)


def test_a_unit_reads_its_own_devices_and_no_drafts(world, sender, by):
    scenes.device(world, sender)
    scenes.device(world, number="CAM-002", unit_id=world.units["property"].pk)
    take(world, by)
    own = world.actor("chengguan")
    assert [d.number for d in selectors.devices(own, DeviceFilters()).rows] == ["CAM-001"]
    with pytest.raises(ForbiddenError):
        selectors.waiting(own)
    with pytest.raises(NotFoundError):
        selectors.device_for(own, Device.objects.get(number="CAM-002").uuid)
    page = selectors.devices(world.actor("ducha"), DeviceFilters(text="cam"), size=1)
    rest = selectors.devices(world.actor("ducha"), DeviceFilters(text="cam"), size=1, cursor=page.next)
    assert [d.number for d in page.rows + rest.rows] == ["CAM-001", "CAM-002"]
