"""Sheets on the console: from the template to the undone import, by who may; nothing for the others."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linli.foundation.accounts.models import User
from linli.foundation.core import clock
from linli.foundation.people.models import Appointment, Post, Unit
from linli.foundation.sheets.models import Batch
from linli.foundation.sheets.tests.books import book, cells, opened, saved
from linli.interfaces.web.access import CONFIRMED_KEY
from tests.login import log_in

pytestmark = pytest.mark.django_db
HEAD = ["单位名称", "单位类型", "电话"]


@pytest.fixture(autouse=True)
def _now(world):
    with clock.frozen(world.now):
        yield


@pytest.fixture
def admin(client, world):
    return log_in(client, world.users["xitong"])


def confirm_password(client):
    session = client.session
    session[CONFIRMED_KEY] = clock.now().isoformat()
    session.save()


def send(client, code, rows, name="单位.xlsx"):
    """Upload a sheet; return the page that follows."""
    content = rows if isinstance(rows, bytes) else book(rows)
    return client.post(
        reverse("console:sheet_upload", args=[code]), {"file": SimpleUploadedFile(name, content)}, follow=True
    )


def act(client, what, **data):
    batch = Batch.objects.latest("id")
    return client.post(reverse(f"console:sheet_{what}", args=[batch.uuid]), data, follow=True)


def text(answer):
    return answer.content.decode()


def test_the_list_names_every_kind_and_says_when_nothing_was_imported(admin, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        page = text(admin.get("/console/sheets/"))
    for title in ("区域", "小区与楼幢", "单位", "岗位", "人员", "分类", "规则", "派遣规则"):
        assert f"<b>{title}</b>" in page
    assert "还没有导入过" in page
    assert "没有符合的导入记录" in text(admin.get("/console/sheets/?q=%E6%9C%A8"))


def test_the_history_is_paged_searched_and_narrowed(admin, world, django_assert_max_num_queries):
    now = world.now
    Batch.objects.bulk_create(
        [
            Batch(
                kind="units" if n % 2 else "areas", name=f"表{n}.xlsx", by_label="某人", created_at=now, touched_at=now
            )
            for n in range(2000)
        ]
    )
    with django_assert_max_num_queries(8):
        page = text(admin.get("/console/sheets/"))
    assert "表1999.xlsx" in page
    assert "表1979.xlsx" not in page
    assert 'rel="next"' in page
    page = text(admin.get("/console/sheets/?kind=areas&q=表100"))
    assert "表1000.xlsx" in page
    assert "表1001.xlsx" not in page


def test_a_template_holds_headers_choices_an_example_and_an_explanation(admin):
    answer = admin.get(reverse("console:sheet_template", args=["units"]))
    assert answer["Content-Disposition"].startswith("attachment")
    made = opened(answer.content)
    table = made.worksheets[0]
    assert [c.value for c in table[1]][:4] == ["编号", "单位名称", "简称", "单位类型"]
    assert "必填" in table["B1"].comment.text
    assert {str(r.sqref).split(":")[0] for r in table.data_validations.dataValidation} == {"D2", "J2"}
    assert table["A2"].value.startswith("示例")
    assert made.sheetnames[1:] == ["填表说明", "选项"]
    assert made["选项"].sheet_state == "hidden"
    answer = send(admin, "units", answer.content)
    assert "表格里没有可以导入的行" in text(answer)
    assert answer.status_code == 422


def test_a_sheet_is_checked_mended_applied_and_undone(admin):
    page = text(send(admin, "units", [HEAD, ["新一中队", "城管", "1"], ["新二中队", "飞碟", "2"], ["", "城管", "3"]]))
    assert "检查结果（还没有写入）" in page
    assert "没有“飞碟”这个选项" in page
    assert "导入这 1 行" in page
    assert not Unit.objects.filter(name__startswith="新").exists()
    batch = Batch.objects.get()
    mended = opened(admin.get(reverse("console:sheet_errors", args=[batch.uuid])).content)
    table = mended.active
    assert [table.cell(2, 1).value, table.cell(2, 4).value] == [
        "新二中队",
        "第 3 行：单位类型：没有“飞碟”这个选项。可用：" + table.cell(2, 4).value.split("可用：")[1],
    ]
    table.cell(2, 2).value, table.cell(3, 1).value = "城管", "新三中队"
    assert "导入完成" in text(act(admin, "apply"))
    page = text(send(admin, "units", saved(mended), "待修改.xlsx"))
    assert "导入这 2 行" in page
    assert "导入完成" in text(act(admin, "apply"))
    assert Unit.objects.filter(name__startswith="新").count() == 3
    assert "不能这样操作" in text(act(admin, "apply"))
    page = text(act(admin, "undo", reason="试一试"))
    assert "已全部恢复原样" in page
    assert list(Unit.objects.filter(name__startswith="新").values_list("name", flat=True)) == ["新一中队"]


def test_undoing_what_is_in_use_is_refused_with_the_list(admin, world):
    send(admin, "units", [HEAD, ["新一中队", "城管", "1"]])
    act(admin, "apply")
    Post.objects.create(unit=Unit.objects.get(name="新一中队"), role="unit_handler", title="队员")
    page = text(act(admin, "undo"))
    assert "不能撤销，没有改动任何内容" in page
    assert "1 项“岗位”" in page
    assert Unit.objects.filter(name="新一中队").exists()


@pytest.mark.parametrize("phone", ["电话", "打什么号码"])
def test_columns_that_were_not_recognised_are_asked_for_and_kept(admin, phone):
    page = text(send(admin, "units", [["单位名称", phone, "性质是什么"], ["新一中队", "1", "城管"]]))
    assert "各列是什么" in page
    assert Batch.objects.get().state == "uploaded"
    answer = act(admin, "check", col_name="0", col_phone="1")
    assert answer.status_code == 422
    assert "请选择对应的列" in text(answer)
    assert '<option value="1" selected>' in text(answer)
    page = text(act(admin, "check", col_name="0", col_phone="1", col_kind="2"))
    assert "导入这 1 行" in page


@pytest.mark.parametrize(("content", "words"), [(b"PK\x03\x04", "不是有效的 xlsx"), (b"1,2\n3,4", "没有找到表头")])
def test_what_is_no_sheet_is_refused_on_the_page(admin, content, words):
    answer = send(admin, "units", content)
    assert answer.status_code == 422
    assert words in text(answer)
    assert Batch.objects.count() == 0


def test_a_sheet_that_was_not_applied_can_be_dropped(admin):
    send(admin, "units", [HEAD, ["新一中队", "城管", "1"]])
    assert "没有写入任何内容" in text(act(admin, "drop"))
    assert Batch.objects.count() == 0


def test_what_is_exported_is_journalled_and_for_the_administrator_alone(admin, world, client):
    from linli.foundation.journal.models import Entry

    answer = admin.get(reverse("console:sheet_export", args=["people"]))
    assert "xitong" in {row[0] for row in cells(answer.content)}
    assert (
        Entry.objects.filter(verb="sheets.export", label="people", actor_uuid=world.users["xitong"].uuid).count() == 1
    )


@pytest.mark.parametrize("who", ["paidan", "lingdao", "shenji", "jumin", "anquan"])
def test_to_others_an_import_does_not_exist(admin, world, client, who):
    send(admin, "units", [HEAD, ["新一中队", "城管", "1"]])
    batch = Batch.objects.get()
    log_in(client, world.users[who])
    confirm_password(client)
    for name in ("sheet_batch", "sheet_errors"):
        assert client.get(reverse(f"console:{name}", args=[batch.uuid])).status_code == 404
    for name in ("check", "apply", "go_on", "stop", "undo", "drop", "confirm", "slips"):
        assert client.post(reverse(f"console:sheet_{name}", args=[batch.uuid])).status_code == 404
    assert client.get(reverse("console:sheet_export", args=["units"])).status_code == 404
    batch.refresh_from_db()
    assert batch.state == "checked"


PEOPLE = [
    ["账号", "姓名", "手机号", "岗位", "任职自"],
    ["xin01", "新人甲", "１３９ ００００ １２３４", "城管/执法队员", "2026年3月10日"],
    ["xin02", "新人乙", "", "华阳派出所/没有的岗位", ""],
]


def test_accounts_are_made_by_one_and_posts_put_in_force_by_another(admin, world, client):
    PEOPLE[1][3] = "华阳路街道综合行政执法队/执法队员"
    page = text(send(admin, "people", PEOPLE))
    assert "没有“华阳派出所/没有的岗位”这个岗位" in page
    act(admin, "apply")
    user = User.objects.get(username="xin01")
    assert (user.phone, user.has_usable_password(), Appointment.objects.filter(user=user).count()) == (
        "+8613900001234",
        False,
        0,
    )
    batch = Batch.objects.get()
    confirm_password(admin)
    assert "没有进行这项操作的权限" in text(act(admin, "confirm"))
    log_in(client, world.users["anquan"])
    confirm_password(client)
    page = text(client.get(reverse("console:sheet_batch", args=[batch.uuid])))
    assert "新人甲：华阳路街道综合行政执法队/执法队员（自 2026-03-10）" in page
    assert "13900001234" not in page
    for what in ("apply", "undo", "drop", "check"):
        assert client.post(reverse(f"console:sheet_{what}", args=[batch.uuid])).status_code in {403, 422}
    assert "已确认生效" in text(act(client, "confirm"))
    held = Appointment.objects.get(user=user)
    assert (held.post.title, held.starts_on.isoformat()) == ("执法队员", "2026-03-10")
    assert "没有等待确认的内容" in text(act(client, "confirm"))
    log_in(client, world.users["xitong"])
    page = text(act(client, "undo"))
    assert "不能撤销" in page
    assert "1 项“任职”" in page


def test_nobody_confirms_what_they_brought_themselves(world, client):
    """Nobody is both administrators; the rule holds beside that."""
    log_in(client, world.users["xitong"])
    PEOPLE[1][3] = "华阳路街道综合行政执法队/执法队员"
    send(client, "people", PEOPLE)
    act(client, "apply")
    Batch.objects.update(by_uuid=world.users["anquan"].uuid)
    log_in(client, world.users["anquan"])
    confirm_password(client)
    assert "导入的人不能自己确认" in text(act(client, "confirm"))
    assert not Appointment.objects.filter(user__username="xin01").exists()


def test_first_passwords_are_shown_once_after_the_password_was_given_again(admin):
    send(admin, "people", [PEOPLE[0][:2], ["xin01", "新人甲"], ["xin02", "新人乙"]])
    act(admin, "apply")
    answer = act(admin, "slips")
    assert "请再次输入密码" in text(answer) or "/account/confirm/" in answer.redirect_chain[0][0]
    confirm_password(admin)
    page = text(act(admin, "slips"))
    assert "新人甲" in page
    assert "xin02" in page
    assert User.objects.get(username="xin01").must_change_password
    assert "都已发过首次密码" in text(act(admin, "slips"))


def test_an_english_administrator_gets_english_headers_and_brings_them_back(admin, world):
    User.objects.filter(username="xitong").update(language="en")
    content = admin.get(reverse("console:sheet_export", args=["units"])).content
    page = text(send(admin, "units", content))
    batch = Batch.objects.get()
    assert (batch.created, batch.changed, batch.refused) == (0, 0, 0), page
    assert batch.same == batch.total


def test_a_large_file_is_refused_before_it_is_read(admin, monkeypatch):
    from linli.foundation.sheets.services import reading

    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    answer = send(admin, "units", b"x" * 101)
    assert answer.status_code == 422
    assert "文件太大" in text(answer)


@pytest.mark.slow
def test_a_half_done_import_goes_on_where_it_stood(admin, monkeypatch):
    from linli.interfaces.console.sheets import batch as pages

    monkeypatch.setattr(pages, "SECONDS", 0.0)
    rows = [HEAD, *([f"新{n}中队", "城管", str(n)] for n in range(700))]
    send(admin, "units", rows)
    while Batch.objects.get().state == "checking":
        act(admin, "go_on")
    page = text(act(admin, "apply"))
    assert "500 / 700 行" in page
    assert "停止" in page
    assert "data-go-on" in page
    assert Unit.objects.filter(name__startswith="新").count() == 500
    assert "导入完成" in text(act(admin, "go_on"))
    assert Unit.objects.filter(name__startswith="新").count() == 700
    assert "导入完成" in text(act(admin, "go_on"))


def test_a_file_name_cannot_break_out_of_the_page(admin):
    page = text(send(admin, "units", [HEAD, ["<script>alert(1)</script>", "城管", "1"]], name='"><img src=x>.xlsx'))
    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page


@pytest.mark.slow
def test_an_import_can_be_stopped_half_way_and_what_it_wrote_undone(admin, monkeypatch):
    from linli.interfaces.console.sheets import batch as pages

    send(admin, "units", [HEAD, *([f"新{n}中队", "城管", str(n)] for n in range(700))])
    monkeypatch.setattr(pages, "SECONDS", 0.0)
    act(admin, "apply")
    page = text(act(admin, "stop"))
    assert "导入到一半停止：共 700 行，处理了 500 行。" in page
    assert "不能这样操作" in text(act(admin, "stop"))
    assert Unit.objects.filter(name__startswith="新").count() == 500
    assert "已全部恢复原样" in text(act(admin, "undo"))
    assert not Unit.objects.filter(name__startswith="新").exists()


@pytest.mark.slow
def test_a_page_of_two_thousand_rows_asks_few_statements(admin, django_assert_max_num_queries):
    send(admin, "places", [["名称", "类型", "地址"], *([f"{n}号楼", "楼幢", f"长宁路{n}弄1号"] for n in range(2000))])
    batch = Batch.objects.get()
    url = reverse("console:sheet_batch", args=[batch.uuid])
    with django_assert_max_num_queries(12):
        page = text(admin.get(url))
    assert "0号楼 · 楼幢" in page
    assert "只列出前 50 行" in page
    act(admin, "apply")
    while Batch.objects.get().running:
        act(admin, "go_on")
    with django_assert_max_num_queries(12):
        assert "导入完成" in text(admin.get(url))
