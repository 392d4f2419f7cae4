"""Clients that nobody here wrote, against a real server: ``georeport`` in both formats and ``three``."""

import io
import itertools
import json
import urllib.request
import xml.dom.minidom
from datetime import timedelta

import pytest
from django.utils.timezone import localtime
from georeport import GeoReport  # type: ignore[import-untyped]

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseFile
from linli.engines.cases.models.catalogue import Category, CategoryVersion
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.workflow import Outcome
from linli.foundation.core import clock
from linli.foundation.files.tests.samples import photo_with_gps
from linli.interfaces.open311.tests.calls import HERE, QUESTIONS, settle

itertools.ifilter = filter  # type: ignore[attr-defined]  # ``three`` was written for Python 2
from three import Three  # type: ignore[import-untyped]  # noqa: E402  after the name that it imports is there

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def served(transactional_db, world, live_server, monkeypatch):
    """The town at the real time, since the server's thread has a clock of its own, and the endpoint's address."""
    monkeypatch.setattr(world, "now", clock.now())
    row = Category.objects.get(code="garbage")
    version = CategoryVersion.objects.get(pk=row.version_id or 0)
    town = settle(world)
    CategoryVersion.objects.filter(pk=version.pk).update(spec={**version.spec, "questions": QUESTIONS})
    catalogue.forget()
    return town, f"{live_server.url}/open311/v2"


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_georeport_reads_everything(served, fmt):
    town, url = served
    client = GeoReport(url, jurisdiction="main", output_format=fmt)
    codes = {s["service_code"] for s in client.get_service_list()}
    assert codes == {n.spec.code for n in catalogue.offered()}
    definition = client.get_service_definition("garbage")
    attributes = definition["attributes"] if fmt == "json" else definition["attributes"]["attribute"]
    assert [a["code"] for a in attributes] == [q["code"] for q in QUESTIONS["questions"]]
    listed = client.get_service_requests()
    assert [r["service_request_id"] for r in listed] == list(
        Case.objects.order_by("-reported_at").values_list("number", flat=True)
    )
    since = (town.now - timedelta(days=4, hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert len(client.get_service_requests(status="open", service_code="garbage", start_date=since)) == 3
    one = client.get_service_request(listed[0]["service_request_id"])
    assert one == listed[0]
    assert one["address"] == "华三居民区 长宁路488弄"
    several = client.get_service_requests(service_request_id=",".join(r["service_request_id"] for r in listed[:3]))
    assert len(several) == 3


def test_three_discovers_sends_with_a_picture_and_follows(served):
    town, url = served
    client = Three(url, api_key=town.key, jurisdiction="main")
    assert client.discovery()["endpoints"][0]["url"] == url
    assert {"service_code", "service_name"} <= set(client.services()[0])
    assert client.services("garbage")["service_code"] == "garbage"
    picture = io.BytesIO(photo_with_gps())
    picture.name = "street.jpg"
    (given,) = client.post(
        "garbage", lat=HERE[0], long=HERE[1], address="长宁路 488 弄", name="Zhang Wei", phone="13812345678",
        email="zhang@example.cn", description="三号楼前堆满垃圾", media=picture, **{"attribute[kind]": "bulky"},
    )  # fmt: skip
    case = Case.objects.get(number=given["service_request_id"])
    assert (case.text, case.answers["kind"]) == ("三号楼前堆满垃圾", "bulky")
    assert CaseFile.objects.get(case=case).file.kind == "photo"
    (row,) = client.request(case.number, api_key=town.key)
    assert (row["status"], row["description"]) == ("open", None)
    assert client.requests(count=2, between=["01-01-2026", "02-01-2026"]) == []
    assert len(client.requests(count=2)) == 2
    assert client.request("HY1")[0]["code"] == 404
    assert client.post("garbage", lat=HERE[0], long=HERE[1])[0]["code"] == 400


def test_three_waits_with_a_token_until_the_number_is_given(served):
    town, url = served
    client = Three(url, api_key=town.key)
    who = {"first_name": "伟", "last_name": "张"}
    (given,) = client.post("group_renting", address="长宁路 488 弄", description="疑似群租", **who)
    token = given["token"]
    assert client.token(token) == [{"service_request_id": None, "token": token}]
    case, now = Case.objects.get(source="open311"), clock.now()
    services.accept(by=town.world.actor("paidan", now), now=now, case=case, verify=False)
    assert client.token(token) == [{"service_request_id": case.number, "token": token}]


def test_from_post_to_closed_over_the_wire(served):
    town, url = served
    client, w = Three(url, api_key=town.key), town.world
    (given,) = client.post("noise", lat=HERE[0], long=HERE[1], description="夜里施工")
    case, now = Case.objects.get(number=given["service_request_id"]), clock.now()
    centre, firm = w.actor("paidan", now), w.actor("wuye", now)
    services.accept(by=centre, now=now, case=case)
    services.dispatch(by=centre, now=now, case=case, unit_id=w.units["property"].pk, reason="属物业")
    services.sign(by=firm, now=now, case=case)
    services.hand_in(by=firm, now=now, case=case, text="已劝阻", outcome=Outcome.EXPLAINED)
    services.check(by=w.actor("jiandu", now), now=now, case=case, passed=True)
    services.reply(by=centre, now=now, case=case, way="phone", text="已经劝阻，夜间不再施工。")
    closed = clock.now()
    services.close(by=centre, now=closed, case=case)
    (row,) = client.request(case.number, api_key=town.key)
    assert row["status"] == "closed"
    assert row["updated_datetime"] == localtime(closed).isoformat(timespec="seconds")


def test_the_bytes_of_every_xml_answer(served):
    """The declaration first, UTF-8, no namespace, no control characters, well formed."""
    _town, url = served
    number = Case.objects.first().number
    for path in ("discovery", "services", "services/garbage", "requests", f"requests/{number}"):
        with urllib.request.urlopen(f"{url}/{path}.xml") as answer:
            content = answer.read()
            assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
        assert content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<')
        assert b"xmlns" not in content
        assert not content.startswith(b"\xef\xbb\xbf")
        text = content.decode("utf8")
        assert not [c for c in text if ord(c) < 32 and c != "\n"]
        assert xml.dom.minidom.parseString(content).documentElement.prefix is None
        with urllib.request.urlopen(f"{url}/{path}.json") as answer:
            json.loads(answer.read().decode("utf8"))
