"""A request that a program sends: the portal's intake, pictures cleaned, links kept and not fetched, nothing twice."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseEvent, CaseFile, Reporter
from linli.engines.cases.workflow import Outcome
from linli.foundation.accounts import services as accounts
from linli.foundation.accounts.models import AppPassword
from linli.foundation.core import clock
from linli.foundation.core.coordinates import Point
from linli.foundation.core.crypto import decrypt_text
from linli.foundation.files import selectors as files
from linli.foundation.files.models import StoredFile
from linli.foundation.files.tests.samples import encoded, photo_with_gps
from linli.foundation.journal.models import Entry
from linli.foundation.places import selectors as places
from linli.interfaces.open311 import views
from linli.interfaces.open311.tests.calls import GOOD, HERE, V2, get, send, settle
from linli.interfaces.open311.tests.reading import check, read
from tests.races import at_once

pytestmark = pytest.mark.django_db


def sent(client, town, **fields):
    """Send a request that is good, and return its case."""
    answer = send(client, town, **fields)
    assert answer.status_code == 200, answer.content.decode()
    return Case.objects.select_related("category", "unit").get(number=read(answer, "json")[0]["service_request_id"])


def upload(content, name="现场.jpg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def test_from_sending_to_closing_and_back(client, town):
    """POST → routed → handled → closed, with every step seen by who sent it."""
    w = town.world
    case = sent(client, town, service_code="garbage")

    def seen():
        (row,) = check("requests", read(get(client, f"requests/{case.number}.json", api_key=town.key), "json"))
        return row

    assert (seen()["status"], seen()["status_notes"]) == ("open", "已收到")
    assert CaseEvent.objects.get(case=case, verb="report").data["route"]  # the rules said where to
    assert not case.unrouted
    centre, at = w.actor("paidan"), town.now + timedelta(hours=1)
    services.accept(by=centre, now=at, case=case)
    services.dispatch(by=centre, now=at, case=case, unit_id=w.units["property"].pk, reason="属物业")
    assert seen()["status_notes"] == "已派给处理单位"
    assert seen()["agency_responsible"] == f"{w.units['property'].name}（一般问题）"
    firm, closing = w.actor("wuye"), town.now + timedelta(hours=5)
    services.sign(by=firm, now=at, case=case)
    services.hand_in(by=firm, now=at, case=case, text="已清走", outcome=Outcome.EXPLAINED)
    services.check(by=w.actor("jiandu"), now=at, case=case, passed=True)
    services.reply(by=centre, now=at, case=case, way="phone", text="垃圾已经清走，谢谢您。")
    services.close(by=centre, now=closing, case=case)
    row = seen()
    assert (row["status"], row["status_notes"]) == ("closed", "已办结（解释说明）")
    assert row["updated_datetime"] == "2026-03-10T15:00:00+08:00"
    assert row["expected_datetime"] is None
    with clock.frozen(town.now + timedelta(days=2)):  # in public, once the delay is over
        (public,) = read(get(client, f"requests/{case.number}.xml"), "xml")
    assert public == row


def test_contact_and_journal_are_as_from_the_portal(client, town):
    case = sent(client, town, first_name="秀英", last_name="王", phone="138 1234 5678", email="wang@example.cn")
    reporter = Reporter.objects.get(case=case)
    assert decrypt_text(bytes(reporter.name_sealed), "cases.contact") == "王秀英"
    assert (reporter.way, reporter.channel, reporter.user_id) == ("phone", "open311", None)
    entry = Entry.objects.get(object_uuid=case.uuid, verb="cases.report")
    assert entry.actor_uuid == town.program.uuid
    assert CaseEvent.objects.get(case=case).data["origin"] == {"key": town.prefix}
    western = sent(client, town, first_name="Jane", last_name="Doe")
    assert decrypt_text(bytes(western.reporters.get().name_sealed), "cases.contact") == "Jane Doe"
    for column in Reporter._meta.concrete_fields:  # an e-mail address is nowhere kept
        assert "example.cn" not in str(getattr(reporter, column.attname))


def test_pictures_are_kept_without_what_the_phone_wrote_into_them(client, asking):
    fields = {"service_code": "garbage", "attribute[kind]": "bulky"}
    case = sent(client, asking, media=[upload(photo_with_gps()), upload(encoded("PNG"), "二.png")], **fields)
    rows = [f.file for f in CaseFile.objects.filter(case=case).select_related("file").order_by("id")]
    assert [r.kind for r in rows] == ["photo", "photo"]
    assert case.answers["pictures"] == [str(r.uuid) for r in rows]
    for row in rows:
        shown = b"".join(files.serve_shown(row.uuid, 1600).chunks)
        assert b"Secret" not in shown
        assert not dict(Image.open(io.BytesIO(shown)).getexif())


def test_what_is_no_picture_is_refused_and_nothing_is_entered(client, town):
    before = Case.objects.count()
    for files_ in (upload(b"MZ\x90\x00 not a picture"), [upload(encoded()) for _n in range(7)]):
        answer = send(client, town, media=files_)
        assert answer.status_code == 400
        check("errors", read(answer, "json"))
    # With another fault no picture is kept either.
    assert send(client, town, media=upload(encoded()), phone="12").status_code == 400
    assert (Case.objects.count(), StoredFile.objects.count()) == (before, 0)


def test_a_link_is_kept_for_who_handles_it_and_never_fetched(client, town):
    case = sent(client, town, media_url="http://169.254.169.254/latest/meta-data")  # sockets beyond loopback would fail
    assert case.text == "夜里施工\n反映人提供的链接：http://169.254.169.254/latest/meta-data"
    assert not CaseFile.objects.filter(case=case).exists()


def test_without_a_description_the_kind_says_what_it_is(client, town):
    case = sent(client, town, description=None)
    assert case.text == case.category.resident_name


def test_sent_again_under_the_same_key_it_is_one_case(client, town):
    def again(key):
        return client.post(f"{V2}/requests.json", {"api_key": town.key, **GOOD}, headers={"Idempotency-Key": key})

    first, second, other = again("a"), again("a"), again("b")
    assert first.content == second.content
    assert other.content != first.content
    assert Case.objects.filter(source="open311").count() == 2


def test_a_runaway_program_is_stopped_and_told_how_long(client, town, monkeypatch):
    monkeypatch.setattr(views, "number", lambda _code, _default, _now: 2)
    assert [send(client, town).status_code for _n in range(3)] == [200, 200, 429]
    answer = send(client, town, "xml")
    check("errors", read(answer, "xml"))
    assert int(answer["Retry-After"]) > 0


def test_the_bearer_header_is_as_good_as_the_parameter(client, town):
    headers = {"Authorization": f"Bearer {town.key}"}
    assert client.post(f"{V2}/requests.json", GOOD, headers=headers).status_code == 200


def test_a_revoked_key_and_a_closed_program_are_refused(client, town):
    token = AppPassword.objects.get(user=town.program)
    accounts.revoke_token(by=town.world.actor("xitong"), now=town.now, token=token)
    assert send(client, town).status_code == 403
    assert get(client, "requests.json", api_key=town.key).status_code == 403


@pytest.mark.parametrize("bad", [b"", b'--x\r\nContent-Disposition: form-data; name="a"\r\n'])
def test_a_body_that_did_not_arrive_is_refused(client, town, bad):
    answer = client.generic("POST", f"{V2}/requests.xml", bad, content_type="multipart/form-data; boundary=x")
    assert answer.status_code in {400, 403}
    check("errors", read(answer, "xml"))


@pytest.mark.only_on("postgresql", reason="two at once need two connections")
@pytest.mark.django_db(transaction=True)
def test_two_at_once_under_the_same_key_make_one_case(world, monkeypatch):
    monkeypatch.setattr(world, "now", clock.now())  # a thread has a clock of its own
    town = settle(world)
    fields = {"api_key": town.key, **GOOD}

    def again():
        return Client().post(f"{V2}/requests.json", fields, headers={"Idempotency-Key": "k"}).status_code

    assert at_once(again, again) == [200, 200]
    assert Case.objects.filter(source="open311").count() == 1


def test_points_a_little_outside_belong_to_the_nearest(client, town):
    outside = next(
        (lat, HERE[1])
        for lat in (HERE[0] + n / 2000 for n in range(200))
        if places.locate(Point(lat, HERE[1]), town.now.date()).area_id is None
    )
    case = sent(client, town, lat=outside[0], long=outside[1])
    assert case.area_id is not None
