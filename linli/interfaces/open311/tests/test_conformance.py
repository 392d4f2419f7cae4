"""The standard's table, row by row, in both formats: what each call answers, and every error that it names."""

import pytest

from linli.engines.cases import services
from linli.engines.cases.models import Case
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.types import Source
from linli.foundation.places.models import Place
from linli.interfaces.open311.tests.calls import HERE, V2, get, key_of, send
from linli.interfaces.open311.tests.reading import check, read

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("fmt", ["xml", "json"])
# What each call answers.


@BOTH
@pytest.mark.parametrize("base", ["/open311", V2])
def test_discovery_names_the_endpoint_in_both_formats(client, town, fmt, base):
    body = check("discovery", read(client.get(f"{base}/discovery.{fmt}"), fmt))
    (endpoint,) = body["endpoints"]
    assert endpoint["url"] == "http://testserver/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert endpoint["changeset"] == "2026-03-10 10:00"  # when the catalogue was last changed


@BOTH
def test_services_are_what_residents_are_offered(client, asking, fmt):
    body = check("services", read(get(client, f"services.{fmt}"), fmt))
    by_code = {s["service_code"]: s for s in body}
    assert set(by_code) == {n.spec.code for n in catalogue.offered()}
    assert not {"complaint_unit", "guidance", "suggestion"} & set(by_code)
    assert by_code["garbage"]["metadata"] is True
    assert by_code["noise"]["metadata"] is False
    assert by_code["noise"]["type"] == "realtime"
    assert by_code["group_renting"]["type"] == "batch"
    assert by_code["noise"]["keywords"].split(",") == list(catalogue.category("noise").spec.words)


@BOTH
def test_a_definition_holds_the_questions_of_the_kind(client, asking, fmt):
    body = check("definition", read(get(client, f"services/garbage.{fmt}"), fmt))
    assert body["service_code"] == "garbage"
    rows = {a["code"]: a for a in body["attributes"]}
    assert [a["order"] for a in body["attributes"]] == list(range(1, 9))
    assert {c: (a["variable"], a["datatype"], a["required"]) for c, a in rows.items()} == {
        "intro": (False, "string", False),
        "since": (True, "datetime", False),
        "kind": (True, "singlevaluelist", True),
        "smells": (True, "multivaluelist", False),
        "bags": (True, "number", False),
        "blocked": (True, "singlevaluelist", False),
        "more": (True, "text", False),
        "pictures": (False, "string", False),
    }
    assert rows["kind"]["values"] == [
        {"key": "household", "name": "生活垃圾"},
        {"key": "bulky", "name": "大件垃圾"},
    ]
    assert [v["key"] for v in rows["blocked"]["values"]] == ["yes", "no"]
    assert "values" not in rows["since"]


@BOTH
def test_a_definition_without_questions_is_an_empty_list(client, town, fmt):
    body = check("definition", read(get(client, f"services/noise.{fmt}"), fmt) | {"attributes": []})
    assert body == {"service_code": "noise", "attributes": []}


@BOTH
def test_requests_are_listed_newest_first_with_everything_the_standard_names(client, town, fmt):
    body = check("requests", read(get(client, f"requests.{fmt}"), fmt))
    cases = list(Case.objects.order_by("-reported_at"))
    assert [r["service_request_id"] for r in body] == [c.number for c in cases]
    first = body[0]
    assert first["status"] == "open"
    assert first["status_notes"] == "已收到"
    assert (first["service_code"], first["service_name"]) == ("garbage", cases[0].category.resident_name)
    assert first["requested_datetime"] == "2026-03-08T10:00:00+08:00"
    assert first["address"] == "华三居民区 长宁路488弄"
    assert (first["lat"], first["long"]) == tuple(round(x, 3) for x in HERE)
    assert first["description"] is None
    assert first["media_url"] is None
    assert first["expected_datetime"] > first["requested_datetime"]


@BOTH
def test_one_request_is_a_list_of_one(client, town, fmt):
    number = Case.objects.first().number
    body = check("requests", read(get(client, f"requests/{number}.{fmt}"), fmt))
    assert [r["service_request_id"] for r in body] == [number]


@BOTH
def test_both_formats_say_the_same(client, asking, fmt):
    for path in ("services", "services/garbage", "requests", f"requests/{Case.objects.first().number}"):
        assert read(get(client, f"{path}.xml"), "xml") == read(get(client, f"{path}.json"), "json")


@BOTH
def test_a_request_is_taken_and_its_number_given(client, asking, fmt):
    answer = send(
        client, asking, fmt, service_code="garbage", **{
            "attribute[kind]": "bulky", "attribute[smells][]": ["smell", "flies"], "attribute[bags]": "3",
            "attribute[blocked]": "yes", "attribute[since]": "2026-03-01", "attribute[more]": "在三号楼东侧",
        },
    )  # fmt: skip
    (row,) = check("sent", read(answer, fmt))
    case = Case.objects.get(number=row["service_request_id"])
    assert (case.source, case.category.code, case.text) == ("open311", "garbage", "夜里施工")
    assert case.answers == {
        "kind": "bulky", "smells": ["smell", "flies"], "bags": 3, "blocked": True,
        "since": "2026-03-01", "more": "在三号楼东侧",
    }  # fmt: skip
    assert case.area_path.startswith(asking.world.areas["华三"].path)
    assert case.reported_by_id == asking.program.pk


@BOTH
def test_a_batch_service_gives_a_token_that_names_the_request_once_it_was_looked_at(client, town, fmt):
    (row,) = check("sent", read(send(client, town, fmt, service_code="group_renting"), fmt))
    (waits,) = check("token", read(get(client, f"tokens/{row['token']}.{fmt}"), fmt))
    assert waits == {"service_request_id": None, "token": row["token"]}
    case = Case.objects.get(source="open311")
    services.accept(by=town.world.actor("paidan"), now=town.now, case=case, verify=False)
    (known,) = check("token", read(get(client, f"tokens/{row['token']}.{fmt}"), fmt))
    assert known == {"service_request_id": case.number, "token": row["token"]}


# Every error that the table names.

_BAD = [
    # call, parameters, status, what is said
    ("services", {"jurisdiction_id": "nowhere"}, 404, "jurisdiction_id"),
    ("services/nothing", {}, 404, "service_code"),
    ("services/complaint_unit", {}, 404, "service_code"),
    ("services/garbage", {"jurisdiction_id": "nowhere"}, 404, "jurisdiction_id"),
    ("requests", {"jurisdiction_id": "nowhere"}, 404, "jurisdiction_id"),
    ("requests", {"service_code": "nothing"}, 404, "service_code"),
    ("requests", {"service_code": "garbage,nothing"}, 404, "nothing"),
    ("requests", {"start_date": "yesterday"}, 400, "start_date"),
    ("requests", {"end_date": "10/03/2026"}, 400, "end_date"),
    ("requests", {"end_date": "2026-13-45T00:00:00Z"}, 400, "end_date"),
    ("requests", {"start_date": "2025-01-01T00:00:00Z", "end_date": "2025-12-01T00:00:00Z"}, 400, "90"),
    ("requests", {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-02-01T00:00:00Z"}, 400, "start_date"),
    ("requests", {"updated_after": "soon"}, 400, "updated_after"),
    ("requests", {"updated_before": "soon"}, 400, "updated_before"),
    ("requests", {"updated_after": "2025-01-01", "updated_before": "2026-01-01"}, 400, "90"),
    ("requests", {"status": "broken"}, 400, "status"),
    ("requests", {"page": "0"}, 400, "page"),
    ("requests", {"page": "one"}, 400, "page"),
    ("requests", {"page_size": "1001"}, 400, "page_size"),
    ("requests", {"page_size": "-1"}, 400, "page_size"),
    ("requests", {"service_request_id": ",".join(f"HY{n}" for n in range(1001))}, 400, "service_request_id"),
    ("requests", {"api_key": "wrong"}, 403, "api_key"),
    ("requests/HY20200101-0001", {}, 404, "HY20200101-0001"),
    ("requests/HY20200101-0001", {"jurisdiction_id": "nowhere"}, 404, "jurisdiction_id"),
    ("requests/HY20200101-0001", {"api_key": "wrong"}, 403, "api_key"),
    ("tokens/0123", {}, 404, "token"),
    ("tokens/01890a5d-ac96-774b-bcce-b302099a8057", {}, 404, "token"),
    ("tokens/0123", {"jurisdiction_id": "nowhere"}, 404, "jurisdiction_id"),
]  # fmt: skip


@BOTH
@pytest.mark.parametrize(("path", "params", "status", "said"), _BAD)
def test_what_is_wrong_is_said_as_the_standard_wants_it(client, town, fmt, path, params, status, said):
    answer = get(client, f"{path}.{fmt}", **params)
    assert answer.status_code == status
    body = check("errors", read(answer, fmt))
    assert {e["code"] for e in body} == {status}
    assert said in body[0]["description"]


_BAD_POSTS = [
    ({"api_key": None}, 403, ["api_key"]),
    ({"api_key": "wrong"}, 403, ["api_key"]),
    ({"jurisdiction_id": "nowhere"}, 404, ["jurisdiction_id"]),
    ({"service_code": "nothing"}, 404, ["service_code"]),
    ({"service_code": "complaint_unit"}, 404, ["service_code"]),
    ({"service_code": None}, 400, ["service_code"]),
    ({"lat": None, "long": None}, 400, ["lat"]),
    ({"long": None}, 400, ["long"]),
    ({"lat": None}, 400, ["lat"]),
    ({"lat": "north"}, 400, ["lat"]),
    ({"lat": "nan"}, 400, ["lat"]),
    ({"lat": "95"}, 400, ["lat"]),
    ({"lat": "31.9", "long": "121.9"}, 400, ["lat"]),
    ({"lat": None, "long": None, "address_id": "99999999"}, 400, ["address_id"]),
    ({"lat": None, "long": None, "address_id": "x"}, 400, ["address_id"]),
    ({"address_string": "路" * 201}, 400, ["address_string"]),
    ({"description": "字" * 4001}, 400, ["description"]),
    ({"media_url": "javascript:alert(1)"}, 400, ["media_url"]),
    ({"media_url": "file:///etc/passwd"}, 400, ["media_url"]),
    ({"media_url": "http://[bad"}, 400, ["media_url"]),
    ({"phone": "12"}, 400, ["phone"]),
    ({"first_name": "a" * 41}, 400, ["first_name"]),
    ({"attribute[colour]": "red"}, 400, ["attribute[colour]"]),
    ({"service_code": "garbage"}, 400, ["attribute[kind]"]),
    ({"service_code": "garbage", "attribute[kind]": "gold"}, 400, ["attribute[kind]"]),
    ({"service_code": "garbage", "attribute[kind]": ["bulky", "household"]}, 400, ["attribute[kind]"]),
    ({"service_code": "garbage", "attribute[kind]": "bulky", "attribute[bags]": "many"}, 400, ["attribute[bags]"]),
    ({"service_code": "garbage", "attribute[kind]": "bulky", "attribute[intro]": "x"}, 400, ["attribute[intro]"]),
    ({"service_code": "garbage", "lat": "x", "phone": "12", "media_url": "x"}, 400,
     ["lat", "media_url", "attribute[kind]", "phone"]),
]  # fmt: skip


@BOTH
@pytest.mark.parametrize(("fields", "status", "named"), _BAD_POSTS)
def test_what_is_wrong_with_a_request_is_named_all_at_once_and_nothing_is_entered(
    client, asking, fmt, fields, status, named
):
    before = Case.objects.count()
    answer = send(client, asking, fmt, **fields)
    assert answer.status_code == status
    body = check("errors", read(answer, fmt))
    assert {e["code"] for e in body} == {status}
    for name in named:
        assert any(name in e["description"] for e in body), (name, body)
    assert Case.objects.count() == before


@BOTH
def test_a_key_for_something_else_opens_nothing(client, town, fmt):
    _program, secret, _token = key_of(town.world, "别的", ("cases:read",))
    answer = send(client, town, fmt, api_key=secret)
    assert (answer.status_code, read(answer, fmt)[0]["code"]) == (403, 403)


@BOTH
def test_the_door_can_be_shut_with_its_reason(client, town, fmt):
    by = town.world.actor("xitong")
    services.shut_door(by=by, now=town.now, source=Source.OPEN311, reason="系统迁移")
    answer = send(client, town, fmt)
    assert answer.status_code == 400
    assert "系统迁移" in read(answer, fmt)[0]["description"]
    assert get(client, f"requests.{fmt}").status_code == 200


@BOTH
@pytest.mark.parametrize("path", ["discovery", "services", "services/garbage", "requests/HY1", "tokens/1"])
def test_what_is_only_read_is_not_written(client, town, fmt, path):
    answer = client.post(f"{V2}/{path}.{fmt}")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    check("errors", read(answer, fmt))
    assert client.delete(f"{V2}/requests.{fmt}").status_code == 405


def test_other_formats_and_addresses_are_answered_in_the_standards_form(client, town):
    for path, status in (("services.pdf", 400), ("request/1.xml", 404), ("", 404), ("requests", 404)):
        answer = client.get(f"{V2}/{path}")
        assert answer.status_code == status, path
        check("errors", read(answer, "xml"))
    check("errors", read(client.get(f"{V2}/nothing.json"), "json"))


def test_empty_parameters_are_as_none(client, town):
    names = ("jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date", "status", "page",
             "page_size", "updated_after", "updated_before", "api_key")  # fmt: skip
    whole = read(get(client, "requests.json"), "json")
    assert read(get(client, "requests.json", **dict.fromkeys(names, "")), "json") == whole
    empty = dict.fromkeys(("email", "phone", "media_url", "first_name", "address_id", "jurisdiction_id"), "")
    assert send(client, town, **empty).status_code == 200


def test_the_jurisdiction_is_the_namespace_or_the_host(client, town):
    for name in ("main", "MAIN", "testserver"):
        assert get(client, "services.json", jurisdiction_id=name).status_code == 200
        assert send(client, town, jurisdiction_id=name).status_code == 200


def test_the_three_ways_to_say_where(client, town):
    place = Place.objects.filter(lat__isnull=False, area__isnull=False).first()
    known = send(client, town, lat=None, long=None, address_id=place.pk)
    case = Case.objects.get(number=read(known, "json")[0]["service_request_id"])
    assert (case.lat, case.address) == (place.lat, f"{place.name} {place.address}".strip())
    assert case.area_id is not None
    worded = send(client, town, lat=None, long=None, address_string="某处墙角")
    case = Case.objects.get(number=read(worded, "json")[0]["service_request_id"])
    assert (case.address, case.lat) == ("某处墙角", None)
    pointed = send(client, town, address_string="路口东侧")
    case = Case.objects.get(number=read(pointed, "json")[0]["service_request_id"])
    assert (case.address, case.lat, case.lon) == ("路口东侧", *HERE)
