# ruff: noqa: E501
"""Forms in the console: the list, the designer, publishing, two at once, workbooks in and out, the library."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pyxform.xls2xform import convert

from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import NotFoundError
from linli.foundation.forms import selectors, services
from linli.foundation.forms.models import Form, FormVersion
from linli.foundation.forms.tests.whole import Q, choices, form, group, q, zh
from linli.foundation.journal.models import Entry
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.console.tests.test_categories import text_of
from tests.login import log_in

pytestmark = pytest.mark.django_db
ROOT = "/console/forms/"
SHOP = form(
    q("shop", required=True),
    q("open", Q.YES_NO, label=zh("在营业吗")),
    group("inside", q("state", Q.CHOICE, list="states", label=zh("整洁吗")), q("why", relevant="${state} = 'bad'"), relevant="${open} = 'yes'"),
    lists={"states": choices("good", "bad")},
)  # fmt: skip


@pytest.fixture
def admin(client, world):
    with clock.frozen(world.now):
        yield log_in(client, world.users["xitong"])


@pytest.fixture
def shop(world, admin):
    """A form that is published, opened by who may change it."""
    services.new_form(by=SYSTEM, now=world.now, code="shop", title="商铺巡查", kind="patrol", form=SHOP)
    services.publish_draft(by=SYSTEM, now=world.now, code="shop", expected=1)
    return admin


def newest(code="shop"):
    return selectors.versions_of(code)[0]


def whole(code="shop"):
    return selectors.form_of(newest(code))


def ask(client, at, name="shop", status=302, **fields):
    """Save a question in the designer as its page would, with what is changed."""
    page = client.get(f"{ROOT}{name}/design/?at={at}")
    sent = {field: f["value"] for field, f in page.context["fields"].items() if f["kind"] != "switch" or f["on"]}
    sent = {k: "on" if v is True else v for k, v in sent.items() if v is not False}
    rows = page.context["rows"]
    for column in ("text", "en", "code", "mark", "spared"):
        sent[f"choice_{column}"] = [r[column] for r in rows]
    answer = client.post(f"{ROOT}{name}/design/?at={at}", {**sent, "edition": newest(name).edition, **fields})
    assert answer.status_code == status, text_of(answer)[-900:]
    return answer


def arrange(client, at, do, code="shop", **more):
    return client.post(f"{ROOT}{code}/design/arrange/", {"at": at, "do": do, "edition": newest(code).edition, **more})


def test_a_form_is_begun_designed_previewed_and_published(world, admin):
    answer = admin.post(f"{ROOT}new/", {"title": "门责检查", "kind": "patrol", "code": "front"})
    assert answer["Location"] == f"{ROOT}front/design/"
    assert "点“添加”" in text_of(admin.get(answer["Location"]))
    assert "至少写一个问题" in text_of(admin.get(f"{ROOT}front/publish/"))
    assert admin.post(f"{ROOT}front/publish/", {"edition": 1}).status_code == 422
    answer = admin.post(f"{ROOT}front/design/add/", {"kind": "choice", "at": "", "edition": 1})
    assert answer["Location"].endswith("?at=q1")
    ask(
        admin, "q1", "front", label="门前整洁吗", code="clean", required="yes", scored="on", score_full="5",
        choice_text=["整洁", "不整洁", "没有门面"], choice_code=["yes", "", "na"], choice_mark=["1", "0", ""],
        choice_spared=["", "", "1"], choice_en=["Clean", "", ""], finds=". = 'o1'", guidance="门前三包：包卫生。",
    )  # fmt: skip
    page = admin.get(f"{ROOT}front/design/?at=clean")
    definition = page.context["definition"]
    item = definition["items"][0]
    assert item["score"] == {"full": "5", "weight": "1", "spared": ["na"]}
    assert [c["code"] for c in definition["lists"]["q1_list"]] == ["yes", "o1", "na"]
    assert item["guidance"] == {"zh-hans": "门前三包：包卫生。"}
    with pytest.raises(NotFoundError):
        selectors.version("front")  # nobody fills a draft
    answer = admin.post(f"{ROOT}front/publish/", {"edition": newest("front").edition})
    assert answer.status_code == 302
    assert selectors.version("front").number == 1
    assert "在用" in text_of(admin.get(ROOT))
    assert {"forms.begin", "forms.publish"} <= set(Entry.objects.values_list("verb", flat=True))


def test_a_version_in_use_stays_and_a_change_makes_the_next_as_draft(world, shop):
    services.use(by=SYSTEM, now=world.now, code="shop")
    before = selectors.version("shop").questions
    ask(shop, "shop", label="店招名称")
    assert selectors.version("shop").questions == before
    assert (newest().number, newest().published_at) == (2, None)
    page = text_of(shop.get(f"{ROOT}shop/publish/"))
    assert "题目文字" in page
    assert "店招名称" in page
    ask(shop, "open", required="yes")
    assert newest().number == 2
    shop.post(f"{ROOT}shop/publish/", {"edition": newest().edition})
    assert selectors.version("shop").number == 2
    assert "影响与旧记录比较" in text_of(shop.get(f"{ROOT}shop/compare/?old=1&new=2"))
    assert text_of(shop.get(f"{ROOT}shop/?version=1")).count("第 1 版的题目") == 1


def test_two_at_once_the_stale_page_is_told_and_loses_nothing(world, shop):
    old = newest().edition
    ask(shop, "open", label="开门吗")
    answer = ask(shop, "shop", status=409, label="我写的店名", edition=old)
    page = text_of(answer)
    assert "在您打开之后改过这张表单" in page
    assert "我写的店名" in page
    ask(shop, "shop", label="我写的店名", edition=answer.context["edition"])
    assert [i.label["zh-hans"] for i in whole().items[:2]] == ["我写的店名", "开门吗"]
    assert shop.post(f"{ROOT}shop/publish/", {"edition": old}).status_code == 409
    assert arrange(shop, "shop", "down", edition=old).status_code == 302
    assert whole().items[0].code == "shop"


def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(shop):
    page = text_of(ask(shop, "inside/why", status=422, when="own", relevant="${nobody} = 1 and"))
    assert "缺少内容" in page
    assert "${nobody} = 1 and" in page
    assert "找不到" in text_of(ask(shop, "inside/why", status=422, when="own", relevant="${nobody} = 1"))
    assert "绕成了圈" in text_of(ask(shop, "open", status=422, when="own", relevant="${why} = ''"))
    assert "重复" in text_of(ask(shop, "open", status=422, code="shop"))
    arrange(shop, "inside/state", "remove")
    assert "state" in text_of(shop.get(f"{ROOT}shop/design/"))  # another condition still asks about it
    assert newest().published_at is not None


def test_questions_move_in_and_out_of_groups_and_names_follow(shop):
    arrange(shop, "open", "up")
    assert [i.code for i in whole().items] == ["open", "shop", "inside"]
    arrange(shop, "inside/why", "out")
    arrange(shop, "shop", "place", to="inside/")
    assert [i.code for i in whole().items[1].items] == ["state", "shop"]
    arrange(shop, "inside/shop", "place", to="open")
    assert whole().items[0].code == "shop"
    ask(shop, "open", code="is_open")
    assert whole().items[2].relevant == "${is_open} = 'yes'"
    arrange(shop, "inside", "copy")
    assert [i.code for i in whole().items] == ["shop", "is_open", "inside", "inside_2", "why"]
    arrange(shop, "inside_2", "remove")
    assert "inside_2" not in [i.code for i in whole().items]


def test_a_draft_is_given_up(world, shop):
    ask(shop, "shop", label="店招")
    shop.post(f"{ROOT}shop/discard/", {"edition": newest().edition})
    assert newest().number == 1
    admin = shop
    admin.post(f"{ROOT}new/", {"title": "试试", "kind": "other", "code": "mine"})
    assert admin.post(f"{ROOT}mine/discard/", {"edition": 1})["Location"] == ROOT
    assert not Form.objects.filter(code="mine").exists()


def test_out_as_a_workbook_and_in_again_is_the_same_form(shop):
    answer = shop.get(f"{ROOT}shop/export.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["survey", "choices", "settings"]
    sent = SimpleUploadedFile("shop.xlsx", answer.content)
    answer = shop.post(f"{ROOT}import/", {"file": sent, "code": "shop_again", "kind": "patrol"})
    assert answer["Location"] == f"{ROOT}shop_again/design/"
    assert whole("shop_again").items == whole().items
    content = shop.get(f"{ROOT}shop/export.xlsx").content
    assert "商铺巡查" in convert(content, file_type=".xlsx").xform
    assert b"<h:html" in shop.get(f"{ROOT}shop/xform.xml").content
    sent = SimpleUploadedFile("shop.xlsx", shop.get(f"{ROOT}shop/export.xlsx").content)
    assert shop.post(f"{ROOT}import/", {"file": sent, "kind": "patrol"})["Location"] == f"{ROOT}shop/design/"
    assert newest().number == 1  # nothing changed, so no draft


def book(survey, rows=(), head=("list_name", "name", "label")):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "survey"
    for row in survey:
        sheet.append(row)
    lists = made.create_sheet("choices")
    lists.append(head)
    for row in rows:
        lists.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


HEAD = ["type", "name", "label", "relevant"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.xlsx", book([HEAD, ["text", "a", "甲", "${b} = 1"], ["text", "b", "乙", "${a} = 1"]]), "绕成了圈"),
        ("a.xlsx", book([HEAD, ["txet", "a", "甲", ""], ["select_one none", "b", "乙", ""]]), "txet"),
        ("a.xlsx", book([HEAD, ["text", "a", "=1+1", ""]]), "单元格里是公式"),
        ("a.xlsx", book([HEAD, ["select_one l", "a", "甲", ""]], [["l", f"c{n}", "x"] for n in range(21_000)]), "行数超过"),
        ("a.xlsm", book([HEAD, ["text", "a", "甲", ""]]), "宏"),
        ("a.xlsx", b"PK\x03\x04nothing", "不是有效的 xlsx"),
        ("a.docx", b"%PDF-1.4", "xlsx"),
    ],
)  # fmt: skip
def test_hostile_workbooks_are_refused_and_nothing_is_kept(admin, name, content, told):
    answer = admin.post(f"{ROOT}import/", {"file": SimpleUploadedFile(name, content), "code": "bad", "kind": "other"})
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert not Form.objects.filter(code="bad").exists()


def test_all_faults_are_told_at_once_with_their_cells(admin):
    content = book([HEAD, ["txet", "a", "甲", ""], ["text", "b", "乙", "${x} ="], ["integer", "b", "丙", ""]])
    answer = admin.post(
        f"{ROOT}import/", {"file": SimpleUploadedFile("a.xlsx", content), "code": "bad", "kind": "other"}
    )
    faults = answer.context["faults"]
    assert len(faults) >= 1
    assert all(f.sheet == "survey" and f.row for f in faults)


def test_the_list_is_found_in_and_counted(world, admin, django_assert_max_num_queries):
    for n in range(210):
        row = Form.objects.create(code=f"f{n:03}", title=f"表单{n:03}", whole=True, kind="check")
        FormVersion.objects.create(form=row, number=1, questions={}, created_at=world.now, published_at=world.now)
    with django_assert_max_num_queries(8):
        answer = admin.get(ROOT)
    assert len(answer.context["rows"]) == 50
    following = admin.get(f"{ROOT}?cursor={answer.context['page'].next}")
    assert following.context["rows"][0]["row"].title == "表单050"
    assert "表单077" in text_of(admin.get(f"{ROOT}?q=077"))
    assert "没有符合的表单" in text_of(admin.get(f"{ROOT}?state=draft"))
    assert "没有符合的表单" in text_of(admin.get(f"{ROOT}?kind=visit"))


def test_the_empty_list_points_to_the_library_and_the_library_is_taken_over(admin):
    assert "还没有表单" in text_of(admin.get(ROOT))
    page = text_of(admin.get(f"{ROOT}library/"))
    assert "采用其余" in page
    ready = services.ready_forms()[0]
    assert admin.post(f"{ROOT}library/adopt/", {"code": ready.code}).status_code == 302
    assert selectors.whole_form(ready.code).items == ready.form.items
    admin.post(f"{ROOT}library/adopt/")
    assert set(selectors.editions()) >= {r.code for r in services.ready_forms()}
    assert json.loads(json.dumps(admin.get(f"{ROOT}{ready.code}/").context["definition"]))["items"]


def test_who_leads_reads_and_does_not_change(client, world, shop):
    with clock.frozen(world.now):
        reader = log_in(client, world.users["zhuren"] if "zhuren" in world.users else world.users["zhiban"])
        assert reader.get(f"{ROOT}shop/").status_code in {200, 404}
        assert reader.post(f"{ROOT}shop/discard/", {"edition": 2}).status_code == 404
        assert reader.get(f"{ROOT}shop/design/").status_code == 404


def test_pictures_that_a_workbook_names_are_asked_for_and_uploaded_under_their_names(world, admin, client):
    workbook = book(
        [["type", "name", "label", "media::image"], ["select_one l", "a", "甲", "look.png"], ["text", "b", "乙", ""]],
        [["l", "x", "子", "x.png"], ["l", "y", "丑", ""]], head=("list_name", "name", "label", "media::image"),
    )  # fmt: skip
    sent = SimpleUploadedFile("a.xlsx", workbook)
    page = text_of(admin.post(f"{ROOT}import/", {"file": sent, "code": "pictured", "kind": "other"}, follow=True))
    assert "用到 2 个图片或声音文件，还没有上传：look.png、x.png" in page
    assert text_of(admin.get(f"{ROOT}pictured/")).count("缺文件") == 2

    def give(name, content, who=admin):
        file = SimpleUploadedFile("any.jpg", content, content_type="image/jpeg")
        return text_of(who.post(f"{ROOT}pictured/media/", {"name": name, "file": file}, follow=True))

    assert "已上传“x.png”" in give("x.png", draw_picture(900, "after"))
    assert "2026-03-10 上传" in text_of(admin.get(f"{ROOT}pictured/"))
    assert '"x.png": "data:image/jpeg;base64,' in admin.get(f"{ROOT}pictured/").content.decode()  # the phone shows it
    assert "表单里没有用到“no.png”" in give("no.png", draw_picture(901, "after"))
    assert "已上传" not in give("look.png", b"%PDF-1.4 no picture")
    assert text_of(admin.get(f"{ROOT}pictured/")).count("缺文件") == 1
    assert Entry.objects.filter(verb="forms.media").count() == 1
    leader = log_in(Client(), world.users["lingdao"])
    assert "缺文件" in text_of(leader.get(f"{ROOT}pictured/"))
    file = SimpleUploadedFile("any.jpg", draw_picture(902, "after"))
    assert leader.post(f"{ROOT}pictured/media/", {"name": "look.png", "file": file}).status_code == 404
    # A form that was never published goes with its pictures.
    admin.post(f"{ROOT}pictured/discard/", {"edition": newest("pictured").edition})
    assert not Form.objects.filter(code="pictured").exists()
