"""What goes wrong at the desk, over HTTP: a clear answer in Chinese, nothing typed is lost, nothing half-written stays.

The portal's part of the same stands in its own tests (``test_report.py``).
"""

from __future__ import annotations

import io
import zlib
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from linli.engines.cases.models import Case, CaseEvent, CaseFile, Reporter
from linli.foundation.accounts.models import Session
from linli.foundation.core import clock
from linli.foundation.core.coordinates import Point, wgs84_to_gcj02
from linli.foundation.files.models import StoredFile
from linli.foundation.jobs.models import Job
from linli.foundation.journal.models import Entry
from linli.interfaces.desk import directory
from tests.login import log_in

pytestmark = pytest.mark.django_db

HERE = Point(31.2215, 121.4195)
EVIL = "<script>alert(1)</script>'; DROP TABLE cases_case; --\"><img src=x onerror=alert(2)> {{ 7|add:7 }}"
RARE = "𠮷野家门口👨‍👩‍👧有垃圾𬍛"


@pytest.fixture(autouse=True)
def _here(world: Any) -> Any:
    directory.forget()
    with clock.frozen(world.now):
        yield
    directory.forget()


def enter(world: Any, who: str) -> Client:
    client: Client = log_in(Client(), world.users[who])
    Session.objects.update(expire_date=datetime(2028, 1, 1, tzinfo=UTC))
    return client


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "uuid": str(uuid4()),
        "text": "垃圾堆了三天没人清",
        "source": "phone",
        "category": "garbage",
        "name": "王阿姨",
        "phone": "13812345678",
        "address": "长宁路 488 弄 12 号",
        "act": "report",
        **fields,
    }


def rows() -> tuple[int, ...]:
    """Count everything that a report writes; a file kept for the next attempt is none of it."""
    written = tuple(m.objects.count() for m in (Case, CaseEvent, Reporter, CaseFile, Job))
    return (*written, Entry.objects.exclude(verb__startswith="files.").count())


def report(world: Any, **fields: Any) -> Case:
    """Take a report in at the desk."""
    answer = enter(world, "paidan").post("/desk/new/", typed(**fields))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Case.objects.latest("id")


def act(client: Client, case: Case, verb: str, expected: int | None = None, **data: Any) -> Any:
    """Do a verb at the desk on the version ``expected``."""
    sent = {"expected": case.version if expected is None else expected, **data}
    return client.post(f"/desk/cases/{case.number}/act/{verb}/", sent)


def test_missing_fields_are_named_and_the_rest_is_kept(world: Any) -> None:
    client, before = enter(world, "paidan"), rows()
    answer = client.post("/desk/new/", typed(text="", confidential="1"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    for kept in ("王阿姨", "13812345678", "长宁路 488 弄 12 号"):
        assert kept in page
    assert client.post("/desk/new/", {}).status_code == 422
    assert rows() == before
    case = report(world)
    for verb in ("dispatch", "refuse", "ask", "hand_over"):
        answer = act(client, case, verb, text="", reason="")
        assert answer.status_code == 422, verb
        assert "这个字段是必填项" in answer.content.decode() or "必填" in answer.content.decode()


@pytest.mark.slow
def test_ten_megabytes_of_text_at_the_desk(world: Any) -> None:
    client, before = enter(world, "paidan"), rows()
    text = "啊" * (10 * 1024 * 1024 // 3)
    answer = client.post("/desk/new/", typed(text=text))
    page = answer.content.decode()
    assert answer.status_code in {413, 422}
    assert "5000" in page or "太长" in page or "太大" in page
    assert page.count("啊") >= len(text)
    assert rows() == before
    case = report(world)
    answer = act(client, case, "note", text=text)
    assert answer.status_code == 422
    assert answer.content.decode().count("啊") >= len(text)
    assert CaseEvent.objects.filter(case=case, verb="note").count() == 0


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    body = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def _jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#765").save(out, "JPEG")
    return out.getvalue()


BAD_FILES = {
    "hundred megapixels": _png(10_000, 10_000),
    "polyglot gif": b"GIF89a/*<script>alert(1)</script>*/",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "program": b"MZ" + bytes(2000),
}


@pytest.mark.parametrize("bad", BAD_FILES)
def test_bad_files_are_refused_by_name_and_good_ones_stay(world: Any, bad: str) -> None:
    client, before = enter(world, "paidan"), rows()
    photos = [
        SimpleUploadedFile("坏文件.png", BAD_FILES[bad], "image/png"),
        SimpleUploadedFile("好.jpg", _jpeg(), "image/jpeg"),
    ]
    answer = client.post("/desk/new/", typed(photos=photos))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "坏文件" in page
    assert "垃圾堆了三天没人清" in page
    assert StoredFile.objects.count() == 1, "the good one needs no second upload"
    assert str(StoredFile.objects.get().uuid) in page
    assert rows() == before
    upload = client.post("/desk/upload/", {"file": SimpleUploadedFile("x.png", BAD_FILES[bad], "image/png")})
    assert upload.status_code == 422
    assert upload.json()["message"]


def test_a_picture_with_a_second_face_is_shown_without_it(world: Any) -> None:
    client = enter(world, "paidan")
    both = _jpeg() + b"<script>alert(1)</script>PK\x03\x04"
    answer = client.post("/desk/upload/", {"file": SimpleUploadedFile("a.jpg", both, "image/jpeg")})
    if answer.status_code == 422:
        assert answer.json()["message"]
        return
    shown = client.get(answer.json()["thumb"])
    assert b"<script>" not in b"".join(shown.streaming_content if shown.streaming else [shown.content])
    assert shown["Content-Type"].startswith("image/")


def test_markup_and_sql_in_every_field_of_the_staff_form(world: Any) -> None:
    client = enter(world, "paidan")
    names = ("uuid", "text", "source", "category", "pick", "way", "area", "place", "address", "name", "urgent")
    more = ("subject_unit", "point_lat", "point_lon", "point_system", "file", "with", "act", "confidential")
    everything = dict.fromkeys((*names, *more), EVIL)
    for sent in ({**everything, "phone": EVIL}, {**everything, "with": "", "phone": ""}, typed(name=EVIL, phone=EVIL)):
        answer = client.post("/desk/new/", sent)
        assert answer.status_code in {302, 404, 422}
        assert "<script>alert" not in answer.content.decode()
    case = report(world, text=EVIL, address=EVIL)
    for page in (f"/desk/cases/{case.number}/", "/desk/", f"/desk/cases/{case.number}/print/"):
        html = client.get(page).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "14" not in html.split("DROP TABLE")[-1][:60], "no template in what people write"
    assert "&lt;script&gt;alert(1)" in client.get(f"/desk/cases/{case.number}/").content.decode()
    assert act(client, case, "note", text=EVIL).status_code == 302
    assert "<script>alert" not in client.get(f"/desk/cases/{case.number}/").content.decode()
    for query in ("q", "category", "area", "unit", "cursor", "state", "box", "tab", "since", "order"):
        answer = client.get("/desk/", {query: EVIL})
        assert answer.status_code in {200, 404, 422}, query
        assert "<script>alert" not in answer.content.decode()
    assert Case.objects.filter(text__startswith="<script>").exists()


def test_rare_characters_and_emoji_come_back_on_page_paper_and_in_search(world: Any) -> None:
    client, case = enter(world, "paidan"), report(world, text=RARE, address="𠮷祥里 1 号")
    for page in (f"/desk/cases/{case.number}/", f"/desk/cases/{case.number}/print/"):
        html = client.get(page).content.decode()
        assert RARE in html
        assert "𠮷祥里" in html
    for words in ("𠮷野家", "𠮷", "👨‍👩‍👧", "𬍛"):
        assert case.number in client.get("/desk/", {"q": words}).content.decode(), words
    assert case.number not in client.get("/desk/", {"q": "吉野家"}).content.decode()
    assert act(client, case, "note", text=RARE).status_code == 302
    assert client.get(f"/desk/cases/{case.number}/").content.decode().count(RARE) >= 2


@pytest.mark.parametrize(
    ("lat", "lon", "system", "lies"),
    [
        (HERE.lat, HERE.lon, "wgs84", True),
        (*wgs84_to_gcj02(HERE.lat, HERE.lon), "gcj02", True),
        (HERE.lon, HERE.lat, "wgs84", False),
        (48.85, 2.35, "wgs84", False),
        ("nan", "inf", "wgs84", False),
    ],
)
def test_coordinates_in_gcj02_are_converted_and_nonsense_lies_nowhere(
    world: Any, lat: Any, lon: Any, system: str, lies: bool
) -> None:
    sent = typed(point_lat=str(lat), point_lon=str(lon), point_system=system)
    answer = enter(world, "paidan").post("/desk/new/", sent)
    if answer.status_code == 422:
        assert not lies
        assert "垃圾堆了三天没人清" in answer.content.decode()
        assert not Case.objects.exists()
        return
    case = Case.objects.get()
    assert (case.area_id is not None) == lies
    if lies:
        assert (case.lat, case.lon) == pytest.approx((HERE.lat, HERE.lon), abs=1e-5)
    else:
        page = enter(world, "paidan").get(f"/desk/cases/{case.number}/").content.decode()
        assert "位置待定" in page or "长宁路" in page


def test_a_second_click_enters_and_acts_once(world: Any) -> None:
    client, sent = enter(world, "paidan"), typed()
    first, second = client.post("/desk/new/", sent), client.post("/desk/new/", sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1
    case = Case.objects.get()
    seen = case.version
    assert act(client, case, "accept", seen).status_code == 302
    again = act(client, case, "accept", seen)
    assert again.status_code == 409
    assert CaseEvent.objects.filter(case=case, verb="accept").count() == 1
    assert "刚刚被他人处理过" in again.content.decode() or "不能受理" in again.content.decode()


def test_of_two_dispatchers_the_second_is_told_and_keeps_what_was_typed(world: Any) -> None:
    case = report(world)
    one, two, seen = enter(world, "paidan"), enter(world, "paidan2"), case.version
    for who in (one, two):
        assert who.get(f"/desk/cases/{case.number}/act/dispatch/").status_code == 200
    assert act(one, case, "dispatch", seen, unit=world.units["property"].pk).status_code == 302
    answer = act(two, case, "dispatch", seen, unit=world.units["police"].pk, reason="我写的理由")
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("刚刚被他人处理过", "我写的理由", "派单员甲", "阳光物业"):
        assert words in page
    case.refresh_from_db()
    assert case.unit_id == world.units["property"].pk
    assert CaseEvent.objects.filter(case=case, verb="dispatch").count() == 1


def test_a_page_from_before_says_what_happened_since(world: Any) -> None:
    case = report(world)
    seen = case.version
    act(enter(world, "paidan2"), case, "correct", title="另一个标题", reason="更正")
    answer = act(enter(world, "paidan"), case, "refuse", seen, reason="不属于街道", elsewhere="区水务局")
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("不属于街道", "区水务局", "派单员乙", "另一个标题"):
        assert words in page
    case.refresh_from_db()
    assert case.state == "reported"


def test_in_a_year_without_announced_holidays_reports_are_taken_and_more_time_is_refused_in_words(world: Any) -> None:
    late = datetime(2026, 12, 29, 2, 0, tzinfo=UTC)
    with clock.frozen(late):
        client = enter(world, "paidan")
        case = report(world, act="dispatch", category="street_lamp", text="路灯不亮", area=world.areas["陶家宅"].pk)
        assert case.state == "to_sign"
        assert client.get(f"/desk/cases/{case.number}/").status_code == 200
        assert act(enter(world, "guanliban"), case, "sign").status_code == 302
        case.refresh_from_db()
        far = {"amount": 5, "time_unit": "work_days", "reason": "配件未到"}
        asked = act(enter(world, "guanliban"), case, "request_extension", **far)
        assert asked.status_code in {302, 409, 422}
        case.refresh_from_db()
        if asked.status_code != 302:
            assert "配件未到" in asked.content.decode()
            return
        before = dict(case.dues)
        answer = act(enter(world, "zhiban"), case, "decide_extension", granted="yes", reason="同意")
        case.refresh_from_db()
        if answer.status_code == 302:
            assert case.dues["handle"] > before["handle"]
        else:
            assert "2027" in answer.content.decode()
            assert case.dues == before


def _book(*lines: list[str]) -> bytes:
    book = openpyxl.Workbook()
    table: Any = book.active
    for line in (["留言编号", "留言主题", "留言时间", "留言详情", "分类"], *lines):
        table.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_unknown_category_in_an_import_goes_into_the_sheet_to_mend(world: Any, settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path
    client = enter(world, "paidan")
    data = _book(
        ["1", "路灯不亮", "2019/2/28 11:25:05", "弄堂里路灯坏了三天", "路灯不亮"],
        ["2", "外星人", "2019/2/28 11:25:05", "门口停了飞碟", "外星事务"],
    )
    address = client.post("/desk/import/", {"kind": "messages", "file": SimpleUploadedFile("m.xlsx", data)}).url
    answer = client.get(address)
    columns = {f"col_{name}": str(at) for name, at in answer.context["parcel"].mapping.items()}
    columns.setdefault("col_category", "4")
    client.post(address, {**columns, "act": "run"})
    page = client.get(address).content.decode()
    assert "外星事务" in page or "没有这个类别" in page or "不认识" in page
    assert not Case.objects.filter(text__contains="飞碟").exists()


def test_nothing_of_it_all_touched_the_tables(world: Any) -> None:
    client = enter(world, "paidan")
    client.get("/desk/", {"q": "'; DROP TABLE cases_case; --"})
    assert "cases_case" in connection.introspection.table_names()
