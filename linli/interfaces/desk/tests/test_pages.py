from datetime import timedelta

import pytest

from linli.engines.cases import services
from linli.engines.cases.models import CaseEvent, SavedFilter
from linli.foundation.core import clock
from tests.login import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispatcher(client, at):
    return log_in(client, at.users["paidan"])


def test_list_shows_cases_and_costs_at_most_eight_statements(dispatcher, at, reported, django_assert_max_num_queries):
    for n in range(3):
        reported(text=f"路灯坏了{n}")
    assert dispatcher.get("/desk/").status_code == 200
    with django_assert_max_num_queries(8):
        page = dispatcher.get("/desk/").content.decode()
    assert page.count('class="caserow"') == 3
    assert "待我处理 3 件" in page
    assert "值班：" in page


def test_filters_narrow_and_empty_states_say_what_to_do(dispatcher, at, reported):
    case = reported(text="路灯坏了")
    done = reported("closed", text="树倒了")
    late = reported(text="井盖坏了", now=at.now - timedelta(days=20))

    def numbers(query):
        text = dispatcher.get(f"/desk/?{query}").content.decode()
        return {c.number for c in (case, done, late) if f'data-id="{c.number}"' in text}

    assert numbers("") == {case.number, late.number}
    assert numbers("tab=closed") == {done.number}
    assert numbers("tab=overdue") == {late.number}
    assert numbers("box=new") == {case.number, late.number}
    assert numbers("q=路灯") == {case.number}
    assert numbers(f"q={done.number}") == {done.number}
    assert numbers(f"area={at.areas['陶家宅'].pk}&category=garbage") == {case.number, late.number}
    assert numbers(f"area={at.areas['华一'].pk}") == set()
    assert numbers("since=2026-03-10&order=new") == {case.number, done.number}
    assert numbers("closed_since=2026-03-01") == {done.number}
    assert numbers(f"unit={at.units['enforcement'].pk}&tab=closed") == {done.number}
    assert numbers("due=today") <= {case.number, late.number}
    for query in ("urgent=1", "relapse=1", "level=difficult", "source=hotline", "box=requests", "state=to_sign"):
        assert numbers(query) == set(), query
    assert "没有符合条件的案件" in dispatcher.get("/desk/?urgent=1").content.decode()
    for wrong in (
        "tab=x",
        "area=abc",
        "area=99999999999999999999999",
        "since=no",
        "cursor=zzz",
        "unit=-1",
        "box=%00",
        "category='",
    ):
        assert dispatcher.get(f"/desk/?{wrong}").status_code == 200, wrong


@pytest.mark.parametrize(
    "who",
    [
        "paidan",
        "zhiban",
        "jiandu",
        "shuji",
        "shegong",
        "weiwangge",
        "wanggezhang",
        "lingdao",
        "ducha",
        "chengguan",
        "zhongdui",
        "wuye",
    ],
)
def test_every_role_has_its_inbox(client, at, reported, who):
    reported("to_sign")
    log_in(client, at.users[who])
    page = client.get("/desk/")
    assert page.status_code == 200
    assert "待我处理" in page.content.decode()
    assert client.get("/desk/pins.json").status_code == 200


def test_every_box_opens(dispatcher, at, reported):
    from linli.interfaces.desk.cases.boxes import BOXES

    reported("to_sign")
    for box in BOXES:
        assert dispatcher.get(f"/desk/?box={box}").status_code == 200, box


def test_figures_open_what_they_count(dispatcher, at, reported):
    reported()
    reported("closed")
    page = dispatcher.get("/desk/").content.decode()
    assert 'href="/desk/?since=2026-03-10&amp;order=new"' in page
    assert 'href="/desk/?closed_since=2026-03-01"' in page
    assert dispatcher.get("/desk/?since=2026-03-10&order=new").content.decode().count("<article") == 2
    assert dispatcher.get("/desk/?closed_since=2026-03-01").content.decode().count("<article") == 1


def test_pins_follow_the_filters(dispatcher, at, reported, django_assert_max_num_queries):
    from linli.foundation.core.coordinates import Point

    reported(point=Point(31.2215, 121.4195), area_id=None)
    dispatcher.get("/desk/pins.json")
    with django_assert_max_num_queries(4):
        found = dispatcher.get("/desk/pins.json").json()
    assert [p["status"] for p in found] == ["new"]
    assert dispatcher.get("/desk/pins.json?tab=closed").json() == []


def test_ground_is_kept_by_its_etag(dispatcher):
    first = dispatcher.get("/desk/ground.json")
    kinds = {f["properties"]["kind"] for f in first.json()["features"]}
    assert "area" in kinds
    again = dispatcher.get("/desk/ground.json", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_poll_counts_what_changed(dispatcher, at, reported, django_assert_max_num_queries):
    case = reported()
    since = (at.now - timedelta(minutes=1)).isoformat().replace("+", "%2B")
    with django_assert_max_num_queries(3):
        assert dispatcher.get(f"/desk/changed.json?since={since}").json() == {"count": 1, "numbers": [case.number]}
    assert dispatcher.get("/desk/changed.json?since=x").status_code == 422


def test_detail_page_fragment_and_stranger(dispatcher, client, at, reported, django_assert_max_num_queries):
    case = reported("to_sign", text="电话 13812345678 的人说垃圾没人清")
    whole = dispatcher.get(f"/desk/cases/{case.number}/").content.decode()
    for words in ("办理过程", "为什么是这个时限", "签收时限", "综合行政执法队", "其他操作", "查看原文"):
        assert words in whole, words
    assert "13812345678" not in whole
    part = dispatcher.get(f"/desk/cases/{case.number}/", headers={"HX-Request": "true"}).content.decode()
    assert "topbar" not in part
    assert dispatcher.get("/desk/cases/HY20260310-9999/").status_code == 404
    log_in(client, at.users["minjing"])
    assert client.get(f"/desk/cases/{case.number}/").status_code == 404


def test_detail_costs_at_most_fifteen_statements_whatever_the_history(
    dispatcher, at, reported, django_assert_max_num_queries
):
    case = reported("to_check")
    events = [
        CaseEvent(
            case=case,
            seq=case.version + n,
            verb="note",
            at=at.now,
            by_label="派单员甲",
            to_state=case.state,
            text="备注",
        )
        for n in range(1, 501)
    ]
    CaseEvent.objects.bulk_create(events)
    dispatcher.get(f"/desk/cases/{case.number}/")
    for headers in ({}, {"HX-Request": "true"}):
        with django_assert_max_num_queries(15):
            page = dispatcher.get(f"/desk/cases/{case.number}/", headers=headers)
    assert "更早的记录" in page.content.decode()
    older = dispatcher.get(f"/desk/cases/{case.number}/history/?below=400").content.decode()
    assert "更早的记录" in older


def test_why_due_then_is_explained(dispatcher, reported):
    case = reported("handling")
    page = dispatcher.get(f"/desk/cases/{case.number}/due/").content.decode()
    assert "起算" in page
    assert "到期" in page


def test_original_text_is_shown_with_a_purpose_and_recorded(dispatcher, at, reported):
    from linli.foundation.journal.selectors import entries_for

    case = reported("to_sign", text="电话 13812345678 的人说垃圾没人清")
    assert dispatcher.post(f"/desk/cases/{case.number}/text/", {"purpose": ""}).status_code == 422
    page = dispatcher.post(f"/desk/cases/{case.number}/text/", {"purpose": "核对联系方式"})
    assert "13812345678" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert any(e.verb == "cases.open_text" for e in entries_for("case", case.uuid, 50))


def test_filters_are_kept_by_name(dispatcher, at):
    answer = dispatcher.post("/desk/filters/", {"name": "陶家宅超期", "query": "tab=overdue&evil=1"})
    assert answer["Location"] == "/desk/?tab=overdue"
    assert "陶家宅超期" in dispatcher.get("/desk/").content.decode()
    saved = SavedFilter.objects.get()
    log_in(other := type(dispatcher)(), at.users["zhiban"])
    assert other.post("/desk/filters/", {"forget": saved.pk}).status_code == 404
    dispatcher.post("/desk/filters/", {"forget": saved.pk})
    assert not SavedFilter.objects.exists()


def test_anonymous_goes_to_login_and_methods_are_kept(client, at, reported):
    case = reported()
    for url in ("/desk/", f"/desk/cases/{case.number}/", f"/desk/cases/{case.number}/act/accept/", "/desk/pins.json"):
        assert client.get(url)["Location"].startswith("/login/"), url
    log_in(client, at.users["paidan"])
    assert client.post("/desk/").status_code == 405
    assert client.get("/desk/filters/").status_code == 405
    assert client.get("/desk/bulk/undo/").status_code == 405


def test_routing_is_readable(dispatcher, at, reported):
    with clock.frozen(at.now):
        case = reported()
        services.dispatch(by=at.actor("paidan"), now=at.now, case=case)
    page = dispatcher.get(f"/desk/cases/{case.number}/").content.decode()
    assert "哪条规则派到这里" in page
    assert "按规则派往" in page
