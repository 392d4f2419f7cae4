"""The client of the wheel against a real server, from intake to a closed case; and what is set up and recorded."""

import datetime as dt
import io

import pytest
from PIL import Image

from linli.engines.cases.models import CaseFile
from linli.foundation.core import clock
from linli.foundation.journal.models import Entry
from linli.interfaces.api.client import Client, Problem
from linli.interfaces.api.tests.conftest import ALL, Site
from tests.access.cast import set_stage
from tests.world import lay_world

REPORT = {"text": "陶家宅 12 号门口路灯不亮", "category": "street_lamp", "source": "phone", "address": "陶家宅 12 号"}


@pytest.fixture
def served(transactional_db, live_server):
    world = lay_world()
    with clock.frozen(world.now):
        yield Site(set_stage(world), dt.datetime.now(dt.UTC)), live_server.url


def client(served, walker, scopes=ALL, **more):
    site, url = served
    return Client(url, site.secret(walker, scopes), **more)


def photo():
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(made, "JPEG")
    return made.getvalue()


def test_a_problem_goes_round_the_loop_through_the_client(served):
    site, _url = served
    centre, unit = client(served, "dispatcher"), client(served, "unit_handler")
    receipt = centre.report({**REPORT, "area": site.world.areas["陶家宅"].pk}, key="order-1")
    assert centre.report({**REPORT, "area": site.world.areas["陶家宅"].pk}, key="order-1") == receipt
    case = centre.case(receipt["number"])
    assert (case.state, case.may("accept"), case.may("hand_in")) == ("reported", True, False)
    case = centre.act(case, "accept")
    head = client(served, "unit_head")
    case = centre.act(case, "dispatch", unit_id=site.world.units["enforcement"].pk, reason="按规则")
    stale = case
    case = head.act(head.case(case.number), "sign")
    with pytest.raises(Problem) as quicker:
        head.act(stale, "sign")
    assert (quicker.value.status, quicker.value.code) == (412, "api.stale")
    file = unit.upload("after.jpg", photo(), "image/jpeg")
    # What the category asks to be shown is said at its field, by the engine's own rule.
    case = unit.act(unit.case(case.number), "arrive", text="到场")
    files = [{"uuid": file, "purpose": "after"}]
    try:
        case = unit.act(case, "hand_in", text="已更换灯泡", outcome="solved", files=files)
    except Problem as refused:
        assert refused.status == 422  # noqa: PT017  the category asks for a picture before, too
        assert "files" in refused.fields  # noqa: PT017
    else:
        assert case.state == "to_check"
    assert {"report", "accept", "dispatch", "sign"} <= {e["verb"] for e in case.data["events"]}


def test_files_come_as_they_are_shown_and_originals_by_permission(served):
    centre = client(served, "dispatcher")
    file = centre.upload("before.jpg", photo(), "image/jpeg")
    receipt = centre.report({**REPORT, "files": [{"uuid": file, "purpose": "report"}]})
    assert centre.case(receipt["number"]).data["files"][0]["uuid"] == file
    assert centre.download(file)[:4] != b""
    assert centre.download(file, original=True) == photo()
    assert Entry.objects.filter(verb="cases.open_original").count() == 1
    with pytest.raises(Problem) as refused:
        client(served, "supervisor").download(file, original=True)
    assert (refused.value.status, refused.value.code) == (403, "cases.original")
    for nobody in ("unit_handler!", "unit_head!"):
        with pytest.raises(Problem) as hidden:
            client(served, nobody).download(file)
        assert hidden.value.status == 404
    # A file is named once, by who uploaded it.
    with pytest.raises(Problem) as used:
        centre.report({**REPORT, "files": [{"uuid": file}]})
    assert used.value.fields == {"files": ["没有这个上传的文件，或已经用过。"]}
    with pytest.raises(Problem):
        centre.upload("x.exe", b"MZ\x90\x00")
    assert CaseFile.objects.filter(file__uuid=file).count() == 1


def test_what_is_set_up_is_read_page_by_page(served):
    site, _url = served
    centre = client(served, "dispatcher")
    areas = list(centre.areas(size=20))
    assert len({a["id"] for a in areas}) == len(areas) > 20
    assert {"grid", "neighbourhood"} <= {a["kind"] for a in areas}
    home = site.world.areas["陶家宅"]
    assert all(a["path"].startswith(home.path) for a in centre.areas(below=home.pk))
    assert {u["name"] for u in centre.units(size=7)} >= {site.world.units["enforcement"].name}
    assert [v["name"] for v in centre.venues()] == ["陶家宅联勤联动站"]
    assert "street_lamp" in {c["code"] for c in centre.categories()}
    leader = client(served, "shift_leader")
    assert {r["code"] for r in leader.rules(prefix="accounts.")} >= {"accounts.token_days"}
    with pytest.raises(Problem):
        client(served, "unit_handler").rules()
    assert list(centre.consultations()) == []
    auditor = client(served, "audit_admin")
    days = {"since": (site.at - dt.timedelta(days=1)).date(), "until": (site.at + dt.timedelta(days=1)).date()}
    assert any(e["verb"] == "accounts.create_token" for e in auditor.journal(**days))
    with pytest.raises(Problem):
        list(centre.journal())
    assert centre.me()["roles"] == ["dispatcher"]


def test_a_warning_is_sent_read_and_taken_note_of(served):
    site, _url = served
    centre, unit = client(served, "dispatcher"), client(served, "unit_handler", ["alerts:read", "alerts:note"])
    sent = site.at - dt.timedelta(hours=1)
    said = {"sender": "w", "identifier": "1", "sent": sent, "hazard": "rain", "colour": "blue", "headline": "暴雨蓝色"}
    assert centre.send_alert(said)["outcome"] == "taken"
    (warning,) = unit.alerts(state="in_force")
    first = unit.note_alert(warning)
    assert (first["alert"], first["message"]["identifier"], first["repeated"]) == (warning["uuid"], "1", False)
    assert unit.note_alert(warning) == {**first, "repeated": True}
    assert [n["by"] for n in centre.alert(warning["uuid"])["acknowledgements"]] == [first["by"]]
    later = said | {"identifier": "2", "kind": "update", "references": [warning["message"]], "colour": "red",
                    "sent": sent + dt.timedelta(minutes=5)}  # fmt: skip
    assert centre.send_alert(later)["outcome"] == "changed"
    with pytest.raises(Problem) as stale:
        centre.note_alert(warning)
    assert (stale.value.status, stale.value.code) == (409, "alerts.stale")
    assert not next(unit.alerts())["mine"]


def test_many_reports_at_once_and_a_used_up_rate_waits(served):
    centre = client(served, "dispatcher")
    lines = centre.report_many([{**REPORT, "key": f"k{n}"} for n in range(3)] + [{"text": ""}])
    assert [line["status"] for line in lines] == [201, 201, 201, 422]
    found = list(centre.cases(fields=["title"], order="new", size=2, since=dt.date(2026, 3, 1)))
    assert (len(found), set(found[0])) == (4, {"number", "title"})
    site, url = served
    slow = Client(url, site.secret("supervisor", ALL, per_minute=2), patience=5)
    slow.me()
    slow.me()
    with pytest.raises(Problem) as over:
        slow.me()
    assert (over.value.status, over.value.code) == (429, "accounts.rate")


def test_a_token_goes_over_https_alone():
    with pytest.raises(ValueError, match="https"):
        Client("http://linli.example.cn", "x")
