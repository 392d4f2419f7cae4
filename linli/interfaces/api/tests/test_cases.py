"""Cases by the API: lists, one case, acts by version, intake that is done once, bulk intake line by line."""

import json

import pytest

from linli.engines.cases.models import Case
from linli.engines.cases.workflow import VERBS
from linli.interfaces.api.rooms.acts import ACTS, LEFT_OUT
from linli.interfaces.api.tests.conftest import Program

pytestmark = pytest.mark.django_db
REPORT = {"text": "陶家宅 12 号门口路灯不亮，电话 13800138000", "category": "street_lamp", "source": "phone"}


def test_every_verb_of_the_table_has_an_address_or_is_left_out_on_purpose():
    assert set(ACTS) | LEFT_OUT == set(VERBS)
    assert not set(ACTS) & LEFT_OUT


def test_without_a_good_token_there_is_nothing(site):
    answer = Program("").get("/cases")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == 'Bearer realm="linli"'
    assert Program("linli_00000000_no").get("/cases").json()["code"] == "accounts.token"
    narrow = site.program("dispatcher", ["places:read"])
    refused = narrow.get("/cases", accept_language="en")
    assert (refused.status_code, refused.json()["code"]) == (403, "accounts.scope")
    assert narrow.get("/units").status_code == 200
    assert site.program("resident").get("/cases").json()["code"] == "api.staff"


def test_a_list_has_what_the_desk_shows_in_few_statements(site, django_assert_num_queries):
    program = site.program("dispatcher")
    program.get("/cases")
    with django_assert_num_queries(4):  # token, rate, grants, page
        answer = program.get("/cases")
    (row,) = answer.json()["results"]
    assert (row["number"], row["state"], row["open"]) == (site.case.number, site.case.state, True)
    assert (answer["RateLimit-Limit"], answer["Cache-Control"]) == ("6000", "private, no-store")
    sparse = program.get("/cases?fields=title").json()["results"]
    assert sparse == [{"number": site.case.number, "title": site.case.title}]
    wrong = program.get("/cases?fields=text&size=500")
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"size"})
    assert program.get("/cases?fields=text").json()["fields"] == {"fields": ["text"]}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("state=reported", 0), ("open=true&order=new", 1), ("box=new", 0), ("category=street_lamp", 0),
        ("q=nothing-here", 0), ("due=overdue", 0), ("since=2026-03-01&until=2026-03-31", 1),
        ("closed_since=2026-01-01", 0),
    ],
)  # fmt: skip
def test_the_filters_of_the_desk_hold(site, query, count):
    assert len(site.program("shift_leader").get(f"/cases?{query}").json()["results"]) == count


def test_pages_are_read_on_by_their_cursor(site):
    program = site.program("dispatcher")
    for n in range(3):
        assert program.post("/cases", {**REPORT, "text": f"第 {n} 件：路灯不亮"}).status_code == 201
    first = program.get("/cases?size=3&order=new").json()
    rest = program.get(f"/cases?size=3&order=new&cursor={first['next']}").json()
    numbers = [r["number"] for r in first["results"] + rest["results"]]
    assert (len(numbers), len(set(numbers)), rest["next"]) == (4, 4, "")
    assert program.get("/cases?cursor=xx").json()["code"] == "paging.cursor"


def test_a_stranger_sees_no_row_and_a_reader_what_the_desk_shows_them(site):
    number = site.case.number
    for stranger in ("unit_handler!", "neighbourhood_secretary!", "grid_head!", "system_admin", "community_worker!"):
        program = site.program(stranger)
        assert program.get(f"/cases/{number}").status_code in {403, 404}
        assert program.get(f"/cases/{number}/events").status_code in {403, 404}
        listed = program.get("/cases")
        assert listed.status_code == 403 or listed.json()["results"] == []
    found = site.program("unit_handler").get(f"/cases/{number}").json()
    assert (found["number"], {a["verb"] for a in found["acts"] if a["allowed"]} >= {"hand_in"}) == (number, True)


def test_what_a_reporter_left_never_comes_out(site):
    program = site.program("dispatcher")
    contact = {"name": "王小明", "phone": "13912345678", "way": "phone"}
    made = program.post("/cases", {**REPORT, "contact": contact}).json()
    detail = program.get(f"/cases/{made['number']}")
    said = detail.content.decode() + program.get(f"/cases/{made['number']}/events").content.decode()
    for secret in ("13912345678", "13800138000", "王小明", made["tracking_code"]):
        assert secret not in said
    assert detail.json()["reporters"] == [{"id": detail.json()["reporters"][0]["id"], "way": "phone", "told": False}]


def test_an_act_needs_the_version_it_was_decided_on(site):
    program, number = site.program("dispatcher"), ""
    number = program.post("/cases", REPORT).json()["number"]
    read = program.get(f"/cases/{number}")
    assert program.post(f"/cases/{number}/acts/accept", {}).status_code == 428
    assert program.post(f"/cases/{number}/acts/accept", {}, if_match='"99"').status_code == 412
    done = program.post(f"/cases/{number}/acts/accept", {}, if_match=read["ETag"])
    assert (done.status_code, done.json()["state"]) == (200, "to_dispatch")
    again = program.post(f"/cases/{number}/acts/accept", {}, if_match=done["ETag"])
    assert (again.status_code, again.json()["code"]) == (409, "cases.state")
    assert program.post(f"/cases/{number}/acts/accept", {}, if_match=read["ETag"]).status_code == 412
    assert program.get(f"/cases/{number}", if_none_match=done["ETag"]).status_code == 304
    assert Case.objects.get(number=number).version == 2
    other = site.program("unit_handler").post(f"/cases/{site.case.number}/acts/void", {"reason": "x"}, if_match="*")
    assert (other.status_code, other.json()["code"]) == (403, "cases.role")


def test_what_is_wrong_is_said_at_its_field_in_the_callers_language(site):
    program = site.program("dispatcher")
    number = program.post("/cases", REPORT).json()["number"]
    program.post(f"/cases/{number}/acts/accept", {}, if_match="*")
    wrong = program.post(f"/cases/{number}/acts/dispatch", {"unit_id": 999_999}, if_match="*")
    assert (wrong.status_code, set(wrong.json()["fields"])) == (422, {"unit_id"})
    unknown = program.post(f"/cases/{number}/acts/dispatch", {"unit": 1}, if_match="*")
    assert unknown.json()["fields"] == {"body.unit": ["没有这个字段。"]}
    said = {
        language: program.get("/cases/P-none", accept_language=language).json()["title"]
        for language in ("zh-hans", "en")
    }
    assert said["zh-hans"] == "没有找到这个案件。"
    assert said["en"].isascii()


def test_a_report_with_a_key_is_entered_once(site):
    program = site.program("dispatcher")
    first = program.post("/cases", REPORT, idempotency_key="a1")
    second = program.post("/cases", REPORT, idempotency_key="a1")
    assert (first.status_code, second.status_code, second["Idempotent-Replayed"]) == (201, 201, "true")
    assert first.json() == second.json()
    assert first["Location"] == f"/api/v1/cases/{first.json()['number']}"
    other = program.post("/cases", {**REPORT, "text": "另一件"}, idempotency_key="a1")
    assert (other.status_code, other.json()["code"]) == (422, "api.key_reused")
    assert Case.objects.filter(category__code="street_lamp").count() == 1
    # What was refused wrote nothing: under the same key it may be put right.
    assert program.post("/cases", {**REPORT, "category": "nothing"}, idempotency_key="b2").status_code == 422
    assert program.post("/cases", REPORT, idempotency_key="b2").status_code == 201
    # An act that is sent again is done once, and answered with the version it led to.
    number = first.json()["number"]
    done = program.post(f"/cases/{number}/acts/accept", {}, if_match='"1"', idempotency_key="c3")
    twice = program.post(f"/cases/{number}/acts/accept", {}, if_match='"1"', idempotency_key="c3")
    assert (done.status_code, twice.status_code, twice["ETag"], twice.json()) == (200, 200, done["ETag"], done.json())
    # Another program's key is its own.
    assert site.program("shift_leader").post("/cases", REPORT, idempotency_key="a1").json() != first.json()


def test_bulk_intake_answers_line_by_line(site):
    program = site.program("dispatcher")
    lines = [
        json.dumps({**REPORT, "key": "k1"}), "{not json", json.dumps({"text": "", "category": "nothing"}),
        json.dumps({**REPORT, "key": "k1"}), "", json.dumps({**REPORT, "source": "resident"}),
    ]  # fmt: skip
    sent = "\n".join(lines)
    answer = program.browser.post(
        "/api/v1/intake", sent, content_type="application/x-ndjson", HTTP_AUTHORIZATION=f"Bearer {program.secret}"
    )
    found = [json.loads(line) for line in answer.content.decode().splitlines()]
    assert [(f["line"], f["status"]) for f in found] == [(1, 201), (2, 422), (3, 422), (4, 201), (6, 422)]
    assert found[3]["receipt"]["number"] == found[0]["receipt"]["number"]
    assert found[3]["receipt"]["seen_before"]
    assert found[2]["problem"]["fields"] == {"text": ["请填写这一项。"]}
    assert Case.objects.filter(category__code="street_lamp").count() == 1


def test_the_area_comes_from_the_words_only_where_that_is_certain_and_nothing_was_given(site):
    program = site.program("dispatcher")
    homes = {f"{name}居民区": area.pk for name, area in site.world.areas.items()}
    bare = {"category": "street_lamp", "source": "message"}

    def entered(**sent):
        number = program.post("/cases", {**bare, **sent}).json()["number"]
        return Case.objects.get(number=number)

    sure = entered(text="安西路789弄12号302室门口路灯不亮")
    assert (sure.area_id, sure.address) == (homes["陶家宅居民区"], "安西路789弄12号")
    asked = entered(text="陶家宅小区和飞乐公寓之间的路灯不亮")
    assert (asked.area_id, asked.address) == (None, ""), "a person is to ask"
    given = entered(text="安西路789弄路灯不亮", area=homes["飞乐居民区"], address="飞乐公寓门口")
    assert (given.area_id, given.address) == (homes["飞乐居民区"], "飞乐公寓门口"), "what was given stays"
    told = entered(text="路灯不亮", address="飞乐公寓3号楼")
    assert (told.area_id, told.address) == (homes["飞乐居民区"], "飞乐公寓3号楼")
    lines = "\n".join(json.dumps({**bare, "text": t}) for t in ("陶家宅那边路灯不亮", "路灯不亮"))
    program.browser.post(
        "/api/v1/intake", lines, content_type="application/x-ndjson", HTTP_AUTHORIZATION=f"Bearer {program.secret}"
    )
    assert [c.area_id for c in Case.objects.order_by("-id")[:2]] == [None, homes["陶家宅居民区"]]


def test_a_method_or_an_address_that_is_none_is_a_problem_too(site):
    program = site.program("dispatcher")
    refused = program.ask("delete", "/cases")
    assert (refused.status_code, refused.json()["code"]) == (405, "method")
    assert program.get("/nothing").json()["code"] == "not_found"
    assert program.post("/cases", {"text": "x\x00"}).json()["fields"]["body.text"]
