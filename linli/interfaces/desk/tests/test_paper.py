import io

import openpyxl
import pytest

from linli.engines.cases.models import Case
from linli.foundation.journal.models import Entry
from linli.interfaces.desk.tests.help import HERE, enter, fresh, handled, make_case

pytestmark = pytest.mark.django_db


def table(client, query=""):
    answer = client.post("/exports/of/cases/", {"form": "xlsx", "query": query.removeprefix("?")})
    assert answer["Content-Type"].startswith("application/vnd.openxml")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_the_work_order_has_the_case_a_sketch_the_law_and_room_to_sign(world, django_assert_max_num_queries):
    case = handled(
        world,
        make_case(world, point=HERE, area_id=None, category="corridor_clutter", text="楼道堆物挡路，电话 13812345678"),
    )
    client = enter(world, "wuye")
    client.get(f"/desk/cases/{case.number}/print/")
    with django_assert_max_num_queries(15):
        page = client.get(f"/desk/cases/{case.number}/print/").content.decode()
    for words in (case.number, "派遣工单", "阳光物业服务有限公司", "<polygon", "有关规定", "承办人签字", "二维码"):
        assert words in page
    assert "13812345678" not in page
    assert enter(world, "minjing").get(f"/desk/cases/{case.number}/print/").status_code == 404


def test_a_list_is_printed_as_filtered(world, client, django_assert_max_num_queries):
    shown, hidden = make_case(world), make_case(world, category="corridor_clutter", text="楼道堆物")
    assert client.get("/desk/print/").status_code == 302
    assert enter(world, "jumin").get("/desk/print/").status_code == 403
    dispatcher = enter(world, "paidan")
    with django_assert_max_num_queries(8):
        page = dispatcher.get("/desk/print/?category=garbage&q=垃圾").content.decode()
    assert shown.number in page
    assert hidden.number not in page
    assert "没有符合条件的案件" in dispatcher.get("/desk/print/?tab=closed").content.decode()
    assert dispatcher.get("/desk/print/?area=abc&unit=x&since=y&due=today&level=zz&state=zz").status_code == 200


def test_the_table_file_opens_again_and_holds_what_the_viewer_sees(world):
    seen = handled(world, make_case(world))
    other = make_case(world, area_id=world.areas["华院"].pk, text="外面堆了垃圾")
    rows = table(enter(world, "paidan"))
    assert rows[1][:2] == ("编号", "事项")
    assert {r[0] for r in rows[2:]} == {seen.number, other.number}
    assert [r[0] for r in table(enter(world, "wuye"))[2:]] == [seen.number]
    assert not any("138" in str(cell) for row in rows for cell in row)
    assert Entry.objects.filter(verb="exports.send", label="cases").count() == 2


@pytest.mark.parametrize("evil", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "＝1+1"])
def test_no_cell_is_ever_a_formula(world, evil):
    case = make_case(world)
    Case.objects.filter(pk=case.pk).update(title=evil, address=evil)
    row = table(enter(world, "paidan"))[2]
    assert row[1] == f"'{evil}"
    assert row[6] == f"'{evil}"
    assert fresh(case.number).title == evil


def test_the_drawing_under_the_map(world):
    ground = enter(world, "paidan").get("/desk/ground.json").json()
    kinds = {f["properties"]["kind"] for f in ground["features"]}
    assert "area" in kinds
    assert len([f for f in ground["features"] if f["properties"]["kind"] == "area"]) == 21
