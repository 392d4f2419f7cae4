import pytest
from playwright.sync_api import expect

from linli.engines.cases.models import Case
from linli.engines.signals import services
from linli.engines.signals.models import Device, Draft
from linli.engines.signals.tests import scenes
from tests.login import log_in, log_in_page


def tell(at):
    """Let three drafts wait."""
    sender = scenes.program(at)
    scenes.device(at, sender)
    by = scenes.actor_of(sender, at.now)
    for n, kind in enumerate(("stall", "garbage", "cars")):
        services.take(by=by, now=at.now, device="CAM-001", signal=scenes.signal(at, n, kind=kind))
    return at


@pytest.fixture
def told(at):
    """Three drafts that wait."""
    return tell(at)


FORM = {
    "number": "W-7", "kind": "water", "place": "安西路下立交", "purpose": "汛期看积水", "retention_days": "7",
    "lat": "31.21", "lon": "121.41", "notice_on": "2026-03-01", "active": "yes",
}  # fmt: skip


@pytest.mark.django_db
def test_empty_lists_say_what_to_do(at, client):
    log_in(client, at.users["zhiban"])
    for address, words in (
        ("/desk/signals/", "没有待判断的信号"), ("/desk/signals/decided/", "还没有处理过信号"),
        ("/desk/signals/devices/", "还没有登记设备"), ("/desk/signals/?q=x", "没有符合的信号"),
        ("/desk/signals/devices/?q=x", "没有符合条件的设备"),
    ):  # fmt: skip
        assert words in client.get(address).content.decode()


@pytest.mark.django_db
def test_a_device_is_entered_changed_and_found(at, client):
    log_in(client, at.users["paidan"])
    unit = str(at.units["enforcement"].pk)
    wrong = client.post("/desk/signals/devices/new/", {**FORM, "unit": unit, "lon": "", "retention_days": "900"})
    assert wrong.status_code == 422
    assert "安西路下立交" in wrong.content.decode()  # nothing typed is lost
    wrong = client.post("/desk/signals/devices/new/", {**FORM, "unit": unit, "retention_days": "900"})
    assert "保存天数为 1 至 90 天" in wrong.content.decode()
    done = client.post("/desk/signals/devices/new/", {**FORM, "unit": unit})
    row = Device.objects.get()
    assert (done.status_code, done["Location"]) == (302, f"/desk/signals/devices/{row.uuid}/")
    assert (row.number, row.kind, row.lat, row.retention_days, row.active) == ("W-7", "water", 31.21, 7, True)
    edit = f"{done['Location']}edit/"
    assert "安西路下立交" in client.get(edit).content.decode()
    changed = {**FORM, "unit": unit, "place": "安西路下立交东口", "version": "1"}
    assert client.post(edit, changed).status_code == 302
    assert client.post(edit, changed).status_code == 409
    assert "安西路下立交东口" in client.get("/desk/signals/devices/?q=w-7&kind=water").content.decode()
    assert "没有符合条件的设备" in client.get("/desk/signals/devices/?state=unsigned").content.decode()


@pytest.mark.django_db
def test_who_reads_does_not_judge_and_a_unit_sees_its_own_devices(told, client):
    draft = Draft.objects.first()
    log_in(client, told.users["ducha"])
    page = client.get("/desk/signals/").content.decode()
    assert "占道经营" in page
    assert "/decide/" not in page
    refused = client.post(f"/desk/signals/{draft.uuid}/decide/", {"act": "accept"})
    assert (refused.status_code, Case.objects.count()) == (403, 0)
    log_in(client, told.users["chengguan"])
    assert client.get("/desk/signals/").status_code == 403
    assert "CAM-001" in client.get("/desk/signals/devices/").content.decode()
    assert "CAM-001" in client.get(f"/desk/signals/devices/{Device.objects.get().uuid}/").content.decode()
    assert client.get(f"/desk/signals/devices/{Device.objects.get().uuid}/edit/").status_code == 403


@pytest.mark.django_db
def test_a_second_judgement_is_told_who_was_first(told, client):
    draft = Draft.objects.get(kind="garbage")
    log_in(client, told.users["paidan"])
    decide = f"/desk/signals/{draft.uuid}/decide/"
    empty = client.post(decide, {"act": "reject", "reason": ""})
    assert empty.status_code == 422
    assert client.post(decide, {"act": "reject", "reason": "正在清运"}).status_code == 302
    again = client.post(decide, {"act": "accept", "category": "garbage", "text": "垃圾满溢"})
    assert again.status_code == 409
    assert "这条信号已由" in again.content.decode()
    assert "垃圾满溢" in again.content.decode()
    assert Case.objects.count() == 0
    assert "正在清运" in client.get("/desk/signals/decided/").content.decode()


@pytest.mark.django_db
def test_few_statements_however_many_there_are(told, client, django_assert_max_num_queries):
    log_in(client, told.users["zhiban"])
    client.get("/desk/signals/")
    for n in range(20):
        scenes.device(told, number=f"CAM-1{n:02d}")
    for address in ("/desk/signals/", "/desk/signals/decided/", "/desk/signals/devices/"):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_queue_is_judged_by_keyboard_alone(world, live_server, browser_page):
    tell(world)
    page = log_in_page(browser_page, world.users["paidan"], live_server.url)
    page.goto("/desk/signals/")
    title = page.locator("article h2.m-0")
    expect(title).to_have_text("占道经营")
    page.keyboard.press("j")
    expect(title).to_have_text("垃圾满溢")
    page.keyboard.press("k")
    expect(title).to_have_text("占道经营")
    page.keyboard.press("Enter")
    expect(title).to_have_text("垃圾满溢")
    page.keyboard.press("x")
    page.keyboard.type("正在清运")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(title).to_have_text("机动车占道")
    assert [d.state for d in Draft.objects.order_by("id")] == ["accepted", "rejected", "waiting"]
    assert Case.objects.get().category.code == "cross_door"
