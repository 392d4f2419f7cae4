import io
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseFile, Reporter
from linli.engines.cases.permissions import reporter_for_code
from linli.engines.cases.workflow import Outcome
from linli.foundation.journal.models import Entry
from linli.interfaces.desk.tests.help import HERE, enter, fresh, handled, make_case, typed

pytestmark = pytest.mark.django_db


def picture():
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#888").save(out, "JPEG")
    out.seek(0)
    out.name = "现场.jpg"
    return out


def test_the_form_shows_what_a_telephone_call_needs(world, django_assert_max_num_queries):
    client = enter(world, "paidan")
    client.get("/desk/new/")
    with django_assert_max_num_queries(8):
        page = client.get("/desk/new/").content.decode()
    for words in ("情况描述", "其他分类", "地址或小区名", "请念给对方听", "登记并派遣", "被反映单位", "陶家宅居民区"):
        assert words in page


def test_a_call_is_taken_in_and_dispatched_at_once(world):
    client = enter(world, "paidan")
    answer = client.post("/desk/new/", typed(act="dispatch", pick="corridor_clutter"))
    case = Case.objects.get()
    assert answer["Location"] == f"/desk/new/done/{case.number}/"
    assert (case.category.code, case.source, case.state) == (
        "corridor_clutter",
        "phone",
        "to_sign" if case.unit else "to_dispatch",
    )
    assert case.reported_by == world.users["paidan"]
    assert Reporter.objects.get().way == "phone"
    page = client.get(answer["Location"]).content.decode()
    code = re.findall(r'id="code">([^<]+)<', page)[0]
    assert case.number in page
    assert reporter_for_code(code)[2].pk == case.pk
    assert code not in answer["Location"]
    slip = client.get(f"/desk/new/slip/{case.number}/").content.decode()
    assert code in slip
    assert "<svg" in slip


@pytest.mark.parametrize("act", ["report", "dispatch"])
def test_the_post_costs_at_most_thirteen_statements(world, act):
    """Session and user included; beginning and ending the transaction (here a savepoint) is no statement on data."""
    client = enter(world, "paidan")
    place = json.dumps({"address": "长宁路 488 弄", "lat": HERE.lat, "lon": HERE.lon, "area": world.areas["陶家宅"].pk})
    client.post("/desk/new/", typed(place=place, text="垃圾桶满了", act=act))
    with CaptureQueriesContext(connection) as context:
        answer = client.post("/desk/new/", typed(place=place, text="垃圾桶满了没人清", act=act))
    said = [q["sql"] for q in context.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert answer.status_code == 302
    assert Case.objects.count() == 2
    assert Case.objects.latest("id").state == ("to_sign" if act == "dispatch" else "reported")
    assert len(said) <= 13, "\n".join(said)


def test_a_mistake_keeps_everything_and_a_double_click_makes_one_case(world):
    client = enter(world, "paidan")
    data = typed(phone="12", urgent="1", address="长宁路 488 弄", photos=picture())
    answer = client.post("/desk/new/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Case.objects.exists()
    for kept in (data["uuid"], "楼道里堆满了杂物", "长宁路 488 弄", 'name="urgent" value="1" checked', "电话号码应为"):
        assert kept in page
    file = re.findall(r'name="file" value="([0-9a-f-]+)"', page)[0]
    again = {**data, "phone": "13812345678", "file": file}
    del again["photos"]
    for _click in range(2):
        assert client.post("/desk/new/", again).status_code == 302
    assert Case.objects.count() == 1
    assert str(CaseFile.objects.get().file.uuid) == file


def test_while_one_types_category_danger_and_problems_nearby_appear(world):
    case = make_case(world, point=HERE, area_id=None)
    Case.objects.filter(pk=case.pk).update(reported_at=world.now.replace(day=8))
    client = enter(world, "paidan")
    place = json.dumps({"address": "", "lat": HERE.lat, "lon": HERE.lon, "area": None})
    answer = client.post(
        "/desk/new/look/", typed(text="垃圾没人清", place=place), headers={"HX-Request": "true"}
    ).content.decode()
    assert 'value="garbage" checked' in answer.replace('"  checked', '" checked')
    assert "可能已经有人反映" in answer
    assert case.title in answer
    answer = client.post("/desk/new/look/", typed(text="电梯困人了"), headers={"HX-Request": "true"}).content.decode()
    assert "96333" in answer
    found = client.post("/desk/new/places/", {"address": "陶家宅"}).content.decode()
    assert "place" in found or "没有找到这个地点" in found


def test_without_scripts_the_category_is_looked_up_by_a_button(world):
    answer = enter(world, "shegong").post("/desk/new/", typed(act="look"))
    assert answer.status_code == 200
    assert "楼道堆物" in answer.content.decode()
    assert not Case.objects.exists()


def test_who_may_take_in(world, client):
    assert client.get("/desk/new/").status_code == 302
    for name, status in (("jumin", 403), ("xitong", 403), ("louzu", 200), ("wuye", 200)):
        assert enter(world, name).get("/desk/new/").status_code == status, name
    assert enter(world, "jumin").post("/desk/new/", typed()).status_code == 403
    assert enter(world, "paidan").get("/desk/new/look/").status_code == 405
    assert not Case.objects.exists()
    enter(world, "shegong").post("/desk/new/", typed(act="dispatch"))
    assert Case.objects.get().state == "reported"


def test_confidential_reports_and_complaints_about_a_unit(world):
    client = enter(world, "paidan")
    client.post("/desk/new/", typed(confidential="1", subject_unit=str(world.units["property"].pk)))
    case = Case.objects.get()
    assert (case.confidential, case.subject_unit) == (True, world.units["property"])
    assert enter(world, "wuye").get(f"/desk/cases/{case.number}/print/").status_code == 404


def test_a_lost_code_is_issued_anew(world):
    case, client = make_case(world), enter(world, "paidan")
    before = Reporter.objects.get().code_hash
    assert enter(world, "shegong").post(f"/desk/new/code/{case.number}/").status_code == 403
    answer = client.post(f"/desk/new/code/{case.number}/")
    assert "查询码（请念给对方或打印）" in client.get(answer["Location"]).content.decode()
    assert Reporter.objects.get().code_hash != before
    assert Entry.objects.filter(verb="cases.new_code").count() == 1


@pytest.mark.mechanism("002-39")
def test_a_neighbourhood_asks_a_department_that_answers_against_a_clock(world):
    client, office = enter(world, "shuji"), world.units["management"]
    own = world.units["@陶家宅"]
    refused = client.post("/desk/guidance/", {"asking": own.pk, "unit": office.pk, "text": ""})
    assert refused.status_code == 422
    data = {"asking": own.pk, "unit": office.pk, "text": "请管理办指导沿街晾晒的处理口径", "uuid": typed()["uuid"]}
    for _click in range(2):
        assert client.post("/desk/guidance/", data).status_code == 302
    case = fresh(Case.objects.get().number)
    assert (case.unit, case.kind, case.state) == (office, "guidance", "to_sign")
    page = client.get("/desk/guidance/").content.decode()
    assert "剩余" in page
    assert "管理办" in page
    head = world.actor("guanliban")
    services.sign(by=head, now=world.now, case=case)
    services.hand_in(by=head, now=world.now, case=case, text="按市容条例第二十条先劝导", outcome=Outcome.EXPLAINED)
    page = client.get("/desk/guidance/").content.decode()
    assert "按市容条例第二十条先劝导" in page
    assert "请管理办指导" in enter(world, "guanliban").get("/desk/guidance/?box=received").content.decode()
    assert enter(world, "wuye").post("/desk/guidance/", data).status_code == 403
    other = enter(world, "shuji02").get("/desk/guidance/").content.decode()
    assert "沿街晾晒" not in other


def test_files_are_shown_to_whoever_may_see_the_case(world):
    client = enter(world, "paidan")
    sent = client.post("/desk/upload/", {"file": picture()})
    told = sent.json()
    assert (sent.status_code, told["thumb"]) == (201, f"/desk/files/{told['uuid']}/320/")
    assert client.get(told["thumb"]).status_code == 200
    assert enter(world, "paidan2").get(told["thumb"]).status_code == 404
    client.post("/desk/new/", typed(file=told["uuid"], text="垃圾没人清", pick="garbage"))
    case = Case.objects.get()
    shown = enter(world, "paidan2").get(f"/desk/files/{told['uuid']}/1600/")
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "private" in shown["Cache-Control"]
    assert b"".join(shown)[:2]
    assert enter(world, "minjing").get(told["thumb"]).status_code == 404
    original = client.get(f"/desk/files/{told['uuid']}/original/")
    assert original["Content-Disposition"].startswith("attachment")
    assert Entry.objects.filter(verb="cases.open_original", label=case.number).count() == 1
    refused = client.post("/desk/upload/", {"file": io.BytesIO(b"<html>")})
    assert refused.status_code == 422
    assert refused.json()["message"]
    assert client.post("/desk/upload/").status_code == 422
    assert enter(world, "jumin").post("/desk/upload/", {"file": picture()}).status_code == 403


def test_contacts_are_opened_with_a_purpose_and_journalled(world):
    case, client = handled(world, make_case(world)), enter(world, "paidan")
    address = f"/desk/cases/{case.number}/contact/"
    assert "13812345678" not in client.get(address).content.decode()
    assert client.post(address, {"purpose": "", "words": ""}).status_code == 422
    assert not Entry.objects.filter(verb="cases.open_contact").exists()
    page = client.post(address, {"purpose": "先行联系", "words": ""})
    assert "13812345678" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert Entry.objects.filter(verb="cases.open_contact", reason="先行联系").count() == 1
    assert enter(world, "wuye").post(address, {"purpose": "先行联系"}).status_code == 403
    assert enter(world, "minjing").get(address).status_code == 404
    text = client.post(f"/desk/cases/{case.number}/text/", {"purpose": "核实情况"}).content.decode()
    assert "垃圾堆了三天" in text
