"""Tasks as a sheet on the console: template, import, the printed list, export, taking it back; nothing for others."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from linli.engines.projects import services
from linli.engines.projects.models import Task, TaskList
from linli.foundation.core import clock
from linli.interfaces.console.tests.test_sheets import act, confirm_password, send, text
from tests.login import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(world):
    with clock.frozen(world.now):
        yield


@pytest.fixture
def lead(client, world):
    return log_in(client, world.users["lingdao"])


def filled(content, rows):
    """Return a template with rows typed under its headers, by the header's words."""
    table = openpyxl.load_workbook(BytesIO(content))
    sheet = table.worksheets[0]
    names = [str(c.value).strip("*＊ ") for c in sheet[1]]
    sheet.delete_rows(2, 50)
    for row in rows:
        sheet.append([row.get(n) for n in names])
    out = BytesIO()
    table.save(out)
    return out.getvalue()


def test_the_template_is_filled_in_brought_and_the_list_is_printed(lead, world):
    page = text(lead.get("/console/sheets/"))
    assert "<b>任务清单</b>" in page
    assert "<b>单位</b>" not in page, "what is set up stays with the administrators"
    template = lead.get(reverse("console:sheet_template", args=["tasks"]))
    assert template.status_code == 200
    due = (world.now + timedelta(days=9)).date()
    names = world.units
    rows = [
        {"任务": "排查停放点位", "责任单位": names["enforcement"].name, "完成期限": due, "权重": 3},
        {
            "任务": "联合夜间巡查",
            "责任单位": names["police"].name,
            "完成期限": due,
            "配合单位": names["enforcement"].name,
        },
        {"任务": "没有这个单位", "责任单位": "某处", "完成期限": due},
    ]
    page = text(send(lead, "tasks", filled(template.content, rows), name="任务.xlsx"))
    assert "没有名为“某处”的单位" in page
    confirm_password(lead)
    act(lead, "apply")
    made = TaskList.objects.get()
    assert [t.title for t in made.tasks.order_by("number")] == ["排查停放点位", "联合夜间巡查"]
    assert Task.objects.get(number=1).giver_id == world.users["lingdao"].pk
    paper = text(lead.get(f"/desk/tasks/lists/{made.uuid}/print/"))
    for words in ("表格导入的任务（2026-03-10）", "排查停放点位", "联合夜间巡查", due.isoformat()):
        assert words in paper
    answer = lead.get(reverse("console:sheet_export", args=["tasks"]))
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    assert [r[0].value for r in sheet.iter_rows(min_row=2)] == ["排查停放点位", "联合夜间巡查"]
    changed = filled(answer.content, [{"任务": "改名", "责任单位": "x", "编号": str(made.tasks.first().uuid)}])
    assert "不能用表格修改" in text(send(lead, "tasks", changed, name="改.xlsx"))


def brought(lead, world):
    due = (world.now + timedelta(days=9)).date().isoformat()
    send(lead, "tasks", [["任务", "责任单位", "完成期限"], ["排查停放点位", world.units["enforcement"].name, due]])
    confirm_password(lead)
    act(lead, "apply")
    return Task.objects.get()


def test_an_import_is_taken_back_while_nobody_has_begun(lead, world):
    task = brought(lead, world)
    act(lead, "undo")
    task.refresh_from_db()
    assert task.state == "dropped"
    assert "撤销导入" in task.result


def test_what_was_begun_stays(lead, world):
    task = brought(lead, world)
    services.sign_task(by=world.actor("chengguan"), now=world.now, task=task)
    assert "状态" in text(act(lead, "undo"))
    task.refresh_from_db()
    assert task.state == "open"


def test_who_gives_no_tasks_has_no_such_sheet(client, world):
    template, units = (reverse(f"console:sheet_{w}", args=[k]) for w, k in (("template", "tasks"), ("export", "units")))
    for who, status in (("chengguan", 404), ("xitong", 404), ("paidan", 200)):
        assert log_in(client, world.users[who]).get(template).status_code == status
    assert log_in(client, world.users["paidan"]).get(units).status_code == 404


def test_one_exports_what_one_may_see(client, world):
    lead = log_in(client, world.users["lingdao"])
    brought(lead, world)
    other = log_in(client, world.users["zhongdui"]).get(reverse("console:sheet_export", args=["tasks"]))
    assert len(list(openpyxl.load_workbook(BytesIO(other.content)).worksheets[0].iter_rows(min_row=2))) == 1
    for who in ("fangguan", "minjing"):
        answer = log_in(client, world.users[who]).get(reverse("console:sheet_export", args=["tasks"]))
        if answer.status_code == 200:
            assert not list(openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(min_row=2))
