"""A patrol's find in a few taps."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.engines.cases.models import Case, CaseFile
from linli.engines.cases.workflow import State
from linli.interfaces.field.tests.conftest import picture
from tests.login import log_in

pytestmark = pytest.mark.django_db
PLACE = {"point_lat": "31.2215", "point_lon": "121.4195", "point_system": "wgs84"}


def photo():
    return SimpleUploadedFile("a.jpg", picture(), content_type="image/jpeg")


def test_photo_category_place_send(town, client):
    log_in(client, town.world.users["jiandu"])
    page = client.get("/field/report/").content.decode()
    assert "登记并派遣" not in page
    uuid = str(uuid4())
    answer = client.post("/field/report/", {"uuid": uuid, "often": "corridor_clutter", "photos": photo(), **PLACE})
    case = Case.objects.get()
    assert answer["Location"] == f"/field/reported/{case.number}/"
    assert (case.source, case.state, case.area_id is not None, str(case.uuid)) == ("patrol", State.REPORTED, True, uuid)
    assert case.text.startswith("巡查发现")
    assert CaseFile.objects.get().purpose == "report"
    assert case.number in client.get(answer["Location"]).content.decode()
    assert case.title in client.get("/field/?box=mine").content.decode()


def test_sent_twice_it_is_entered_once(town, client):
    log_in(client, town.world.users["shegong"])
    data = {"uuid": str(uuid4()), "category": "garbage", "address": "安西路 23 弄"}
    first = client.post("/field/report/", data)
    second = client.post("/field/report/", data, follow=True)
    assert second.redirect_chain[0][0] == first["Location"]
    assert "没有重复登记" in second.content.decode()
    assert Case.objects.count() == 1
    assert Case.objects.get().source == "neighbourhood"


def test_what_is_missing_is_said_and_nothing_typed_is_lost(town, client):
    log_in(client, town.world.users["louzu"])
    for data, word in (
        ({"often": "garbage"}, "请定位，或填写地址"),
        ({"address": "某处"}, "请选择类别"),
        ({"category": "nonsense", "address": "某处"}, "没有“nonsense”这个分类"),
        ({"often": "garbage", "point_lat": "91", "point_lon": "0"}, "重新定位"),
    ):
        answer = client.post("/field/report/", {"uuid": str(uuid4()), "text": "很多垃圾", "photos": photo(), **data})
        body = answer.content.decode()
        assert answer.status_code == 422
        assert word in body
        assert "很多垃圾" in body
    assert not Case.objects.exists()


def test_register_and_dispatch_only_for_those_who_may(town, client):
    log_in(client, town.world.users["paidan"])
    assert "登记并派遣" in client.get("/field/report/").content.decode()
    data = {"uuid": str(uuid4()), "often": "shared_bikes", "dispatch": "1", **PLACE}
    assert client.post("/field/report/", data).status_code == 302
    assert Case.objects.get().state == State.TO_SIGN
    log_in(client, town.world.users["jiandu"])
    assert client.post("/field/report/", data | {"uuid": str(uuid4())}).status_code == 403
    assert Case.objects.count() == 1
    log_in(client, town.world.users["jumin"])
    assert client.post("/field/report/", data | {"uuid": str(uuid4())}).status_code == 404
