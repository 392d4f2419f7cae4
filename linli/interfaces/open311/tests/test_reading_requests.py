"""Which requests a program may list: what residents see, and what it sent itself; nothing of who reported."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseEvent, Reporter
from linli.engines.cases.tests.steps import to_closed
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.engines.cases.workflow import State
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST
from linli.foundation.core.coordinates import Point
from linli.interfaces.open311 import telling
from linli.interfaces.open311.tests.calls import HERE, get, key_of, send
from linli.interfaces.open311.tests.reading import check, read
from tests.login import log_in

pytestmark = pytest.mark.django_db


def numbers(client, **params):
    answer = get(client, "requests.json", **params)
    assert answer.status_code == 200, answer.content.decode()
    return [r["service_request_id"] for r in check("requests", read(answer, "json"))]


def one(client, number, **params):
    return get(client, f"requests/{number}.json", **params)


def test_only_what_residents_see_is_listed(client, town):
    seen = town.report(days=3)
    hidden = {
        "too new": town.report(days=0.5),
        "at home": town.report("dispute", days=3),
        "confidential": town.report(days=3, confidential=True),
        "of a unit": town.report(days=3, subject_unit_id=town.world.units["property"].pk),
        "refused": town.report(days=3),
    }
    Case.objects.filter(pk=hidden["refused"].pk).update(state=State.REFUSED, is_open=False)
    listed = numbers(client)
    assert seen.number in listed
    for why, case in hidden.items():
        assert case.number not in listed, why
        assert one(client, case.number).status_code == 404, why
        assert case.number not in numbers(client, service_request_id=case.number), why


def test_who_sent_a_request_follows_it_at_once_and_nobody_else_does(client, town):
    (sent,) = read(send(client, town, service_code="dispute", description="邻居吵架"), "json")
    number = sent["service_request_id"]
    assert one(client, number).status_code == 404
    assert number not in numbers(client)
    (own,) = read(one(client, number, api_key=town.key), "json")
    assert number in numbers(client, api_key=town.key)
    assert (own["status"], own["address"], own["lat"], own["agency_responsible"]) == ("open", None, None, None)
    assert own["description"] is None
    _other, secret, _token = key_of(town.world, "另一个")
    assert one(client, number, api_key=secret).status_code == 404
    assert one(client, number, HTTP_AUTHORIZATION="x").status_code == 404


def test_where_few_cases_lie_no_place_is_told(client, world):
    with clock.frozen(world.now):
        contact = Contact()
        report = Report(text="垃圾", category="garbage", point=Point(*HERE), address="长宁路 488 弄", contact=contact)
        services.report(by=GUEST, now=world.now - timedelta(days=2), report=report)
        (row,) = read(get(client, "requests.json"), "json")
    assert (row["address"], row["lat"], row["long"], row["agency_responsible"]) == (None, None, None, None)


def test_what_is_asked_for_is_what_comes(client, town):
    noise = town.report("sewage", days=10)
    old = town.report(days=100)
    closed = town.report(days=20)
    to_closed(town.world, closed)
    whole = numbers(client)
    assert old.number not in whole  # 90 days, where nothing is said
    assert len(whole) == 8
    assert numbers(client, service_code="sewage") == [noise.number]
    assert set(numbers(client, service_code="sewage,garbage")) == set(whole)
    assert numbers(client, status="closed") == [closed.number]
    assert closed.number not in numbers(client, status="open")
    assert set(numbers(client, status="open,closed")) == set(whole)
    assert numbers(client, end_date="2025-12-31T00:00:00Z") == [old.number]
    assert numbers(client, start_date="2025-11-01T00:00:00+08:00") == [old.number]
    assert numbers(client, start_date="2026-02-27T00:00:00Z", end_date="2026-03-01") == [noise.number]
    assert set(numbers(client, service_request_id=f"{old.number}, {noise.number},x")) == {old.number, noise.number}
    # A plus sign that a client forgot to encode is read as one.
    assert client.get("/open311/v2/requests.json?start_date=2026-02-27T00:00:00+08:00").status_code == 200


def test_updated_is_when_it_was_closed_or_else_changed(client, town):
    first, second = town.report(days=50), town.report(days=40)
    to_closed(town.world, first)  # now
    Case.objects.filter(pk=first.pk).update(changed_at=town.now + timedelta(hours=3))  # rated, say, after that
    rows = {r["service_request_id"]: r for r in read(get(client, "requests.json"), "json")}
    assert rows[first.number]["updated_datetime"] == "2026-03-10T10:00:00+08:00"
    assert rows[second.number]["updated_datetime"] == rows[second.number]["requested_datetime"]
    assert numbers(client, updated_after="2026-03-10T09:00:00+08:00") == [first.number]
    assert numbers(client, updated_after="2026-03-10T10:30:00+08:00") == []
    both = numbers(client, updated_after="2026-01-20T00:00:00Z", updated_before="2026-02-05T00:00:00Z")
    assert both == [second.number]


def test_pages_are_of_the_size_asked_for_and_never_overlap(client, town):
    whole = numbers(client)
    pages = [numbers(client, page_size=4, page=n) for n in (1, 2, 3)]
    assert [len(p) for p in pages] == [4, 2, 0]
    assert [number for page in pages for number in page] == whole


def test_a_list_costs_few_statements_however_long(client, town):
    def statements(*, known, **params):
        if not known:
            telling._kept.forget()
        with CaptureQueriesContext(connection) as seen:
            numbers(client, **params)
        # Every two seconds a process looks whether the map has changed.
        return [s for q in seen if not (s := q["sql"]).startswith(("SAVEPOINT", "RELEASE")) and "version" not in s[:40]]

    numbers(client, api_key=town.key)  # what a process keeps is kept; the key's use is noted
    few = statements(known=False, page_size=1)
    assert len(few) == len(statements(known=False)) == 5, few  # areas, names of places (2), cases by place, the rows
    assert len(statements(known=True)) == 1  # the places are kept for half a minute
    assert len(statements(known=True, api_key=town.key)) == 4  # the key is found and counted, its grants are read


def test_what_everybody_sees_may_be_kept_and_read_from_any_page(client, town):
    open_to_all = get(client, "requests.json")
    assert open_to_all["Cache-Control"] == "public, max-age=60"
    assert open_to_all["Access-Control-Allow-Origin"] == "*"
    assert not open_to_all.cookies
    own = get(client, "requests.json", api_key=town.key)
    assert own["Cache-Control"] == "private, no-store"


def test_a_browser_that_is_logged_in_sees_no_more(town):
    hidden = town.report("dispute", days=3)
    client = Client()
    log_in(client, town.world.users["paidan"])
    assert hidden.number not in numbers(client)
    assert send(client, town, api_key=None).status_code == 403


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+\+08:00")
_NAMES = st.sampled_from(["王秀英", "欧阳建国", "陈阿婆", "Smith", "居民周先生"])
_PHONES = st.from_regex(r"1[3-9]\d{9}", fullmatch=True)
_ROOMS = st.integers(100, 3999)
_WORDS = st.text(st.characters(codec="utf8", categories=["Lo", "Nd", "Po", "Sm", "Cc"]), max_size=20)


@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=_NAMES, phone=_PHONES, room=_ROOMS, words=_WORDS, sent=st.booleans(), ended=st.booleans())
def test_no_answer_ever_holds_anything_of_who_reported(client, town, name, phone, room, words, sent, ended):
    """Whatever is reported, by whichever way in: not a name, number, room or word of it leaves by these doors."""
    text = f"我是{name}，电话{phone}，住{room}室，{words}暗号玉兔"
    address = f"长宁路 488 弄 12 号 {room} 室 {name}家"
    if sent:
        fields = {"first_name": name, "phone": phone, "description": text, "address_string": address,
                  "email": f"x{phone}@example.cn", "device_id": f"dev{phone}", "account_id": f"acc{phone}",
                  "media_url": f"https://example.cn/{phone}.jpg", "service_code": "garbage"}  # fmt: skip
        answer = send(client, town, **fields)
        (row,) = read(answer, "json")
        case = Case.objects.get(number=row["service_request_id"])
    else:
        contact = Contact(name=name, phone=phone, way=FeedbackWay.PHONE)
        report = Report(text=text, category="garbage", address=address, point=Point(*HERE), contact=contact)
        receipt = services.report(by=GUEST, now=town.now - timedelta(days=3), report=report)
        case = Case.objects.get(pk=receipt.case_id)
        answer = None
    if ended:
        Case.objects.filter(pk=case.pk).update(state=State.CLOSED, is_open=False, closed_at=town.now, outcome="solved")
    reporter = Reporter.objects.get(case=case)
    token = case.uuid.hex
    said = [answer] if answer is not None else []
    for fmt in ("xml", "json"):
        for params in ({}, {"api_key": town.key}):
            said += [get(client, f"requests.{fmt}", **params), get(client, f"requests/{case.number}.{fmt}", **params)]
        said.append(get(client, f"tokens/{token}.{fmt}"))
    whole = "\n".join(a.content.decode() for a in said)
    assert case.number in whole
    for part in (*Case.objects.values_list("number", flat=True), token, *_MOMENT.findall(whole), "31.221", "121.419"):
        whole = whole.replace(part, "")  # figures that are everybody's
    for secret in (name, phone, f"{room}室", str(room), "玉兔", "example.cn", str(reporter.uuid), reporter.code_hash):
        assert secret not in whole, secret
    assert not set(read(get(client, "requests.json"), "json")[0]) & {
        "first_name", "last_name", "email", "phone", "device_id", "account_id", "reporter", "name", "title", "text"
    }  # fmt: skip
    for event in CaseEvent.objects.filter(case=case):
        assert event.by_label not in whole or event.by_label in {"居民", ""}
