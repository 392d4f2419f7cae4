"""Giving tasks, what was asked of each 居民区, and sending back, as pages; the list in the console."""

import pytest

from linli.engines.cases import services as cases
from linli.engines.cases.models import Consultation
from linli.engines.projects.models import Admission, Task
from linli.interfaces.desk.tests.help import enter, handled, make_case

pytestmark = pytest.mark.django_db


def given(world, **fields):
    unit = fields.pop("unit", "@陶家宅")
    return {"title": "张贴告知书", "unit": world.units[unit].pk, "due_on": "2026-03-20", "what": "task", **fields}


def test_a_task_is_given_counted_opened_and_sent_back(world, django_assert_max_num_queries):
    paidan, shuji = enter(world, "paidan"), enter(world, "shuji")
    refused = paidan.post("/desk/tasks/new/", given(world))
    assert refused.status_code == 422
    for words in ("清单外的理由", "张贴告知书", "第27条"):
        assert words in refused.content.decode()
    late = paidan.post("/desk/tasks/new/", given(world, unit="police", due_on="2026-03-01"))
    assert late.status_code == 422
    assert not Task.objects.exists()
    done = paidan.post("/desk/tasks/new/", given(world, outside_reason="台风临近"))
    assert done.status_code == 302
    task = Task.objects.get()
    assert "台风临近" in paidan.get(f"/desk/tasks/{task.uuid}/").content.decode()
    with django_assert_max_num_queries(9):
        page = paidan.get("/desk/asked/").content.decode()
    for words in ("陶家宅", "清单以外", "不作排名"):
        assert words in page
    link = page.split('class="celllink" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "张贴告知书" in paidan.get(link).content.decode()
    back = f"/desk/tasks/{task.uuid}/refuse/"
    assert "退回" in shuji.get(f"/desk/tasks/{task.uuid}/").content.decode()
    assert paidan.post(back, {"reason": "x"}).status_code == 403
    assert enter(world, "minjing").post(back, {"reason": "x"}).status_code == 404
    assert shuji.post(back, {"reason": ""}).status_code == 422
    assert shuji.post(back, {"reason": "不在清单内"}).status_code == 302
    assert shuji.post(back, {"reason": "不在清单内"}).status_code == 409
    assert "不在清单内" in paidan.get(f"/desk/tasks/{task.uuid}/").content.decode()


def test_who_gives_no_tasks_and_who_looks_at_none(world):
    for who in ("chengguan", "shegong", "wuye"):
        assert enter(world, who).get("/desk/tasks/new/").status_code == 403
        assert enter(world, who).post("/desk/tasks/new/", given(world, outside_reason="x")).status_code == 403
    assert not Task.objects.exists()
    assert enter(world, "chengguan").get("/desk/asked/").status_code == 403
    assert enter(world, "shegong").get("/desk/asked/").status_code == 200
    assert "这个月没有" in enter(world, "lingdao").get("/desk/asked/?month=2025-01").content.decode()


def test_a_consultation_gives_a_neighbourhood_a_task_only_with_an_entry_or_a_reason(world):
    case = handled(world, make_case(world))
    lead = world.actor("lingdao")
    cases.raise_level(by=lead, now=world.now, case=case, reason="复杂")
    cases.convene(
        by=lead, now=world.now, cases=[case], title="会商", held_at=world.now, unit_ids=[world.units["police"].pk]
    )
    meeting, client = Consultation.objects.get(), enter(world, "lingdao")
    address = f"/desk/consultations/{meeting.uuid}/"
    key = case.pk
    sent = {
        "minutes": "议定",
        f"decision_{key}": "分工办理",
        f"task_title_{key}": ["上门告知"],
        f"task_unit_{key}": [world.units["@陶家宅"].pk],
        f"task_due_{key}": ["2026-03-20"],
        f"task_entry_{key}": [""],
        f"task_reason_{key}": [""],
    }
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "上门告知" in refused.content.decode()
    meeting.refresh_from_db()
    assert meeting.decided_at is None
    assert client.post(address, {**sent, f"task_reason_{key}": ["居民要求居委到场"]}).status_code == 302
    assert Task.objects.get().outside_reason == "居民要求居委到场"


def test_the_list_is_kept_in_the_console(world):
    xitong = enter(world, "xitong")
    assert "还没有录入清单" in xitong.get("/console/admissions/").content.decode()
    assert "居民区协助事项清单" in xitong.get("/console/").content.decode()
    wrong = {"title": "协助宣传", "source": "", "valid_from": "2026-01-01", "valid_to": "", "note": ""}
    refused = xitong.post("/console/admissions/", wrong)
    assert refused.status_code == 422
    assert "协助宣传" in refused.content.decode()
    sent = {**wrong, "source": "区清单第3项"}
    assert enter(world, "zhiban").post("/console/admissions/", sent).status_code == 403
    assert not Admission.objects.exists()
    assert xitong.post("/console/admissions/", sent).status_code == 302
    row = Admission.objects.get()
    assert "协助宣传" in enter(world, "paidan").get("/desk/tasks/new/").content.decode()
    assert "区清单第3项" in enter(world, "zhiban").get("/console/admissions/").content.decode()
    end = f"/console/admissions/{row.uuid}/end/"
    assert enter(world, "zhiban").post(end, {"reason": "x"}).status_code == 403
    assert enter(world, "chengguan").post(end, {"reason": "x"}).status_code == 404
    assert xitong.post(end, {"reason": ""}).status_code == 422
    assert xitong.post(end, {"reason": "新版"}).status_code == 302
    row.refresh_from_db()
    assert str(row.valid_to) == "2026-03-10"


def test_the_list_with_two_thousand_entries_and_a_search(world, django_assert_max_num_queries):
    Admission.objects.bulk_create(
        Admission(title=f"事项{i:04d}", source="清单", valid_from="2026-01-01") for i in range(2_000)
    )
    client = enter(world, "xitong")
    with django_assert_max_num_queries(8):
        assert client.get("/console/admissions/").status_code == 200
    page = client.get("/console/admissions/?q=事项0007").content.decode()
    assert "事项0007" in page
    assert "事项0008" not in page
