import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from linli.engines.cases import selectors as cases
from linli.engines.cases.models import Case, CaseFile, Reporter
from linli.foundation.core import clock
from linli.foundation.core.coordinates import wgs84_to_gcj02
from linli.foundation.jobs.services import delete_what_is_over
from linli.interfaces.portal import limits
from linli.interfaces.portal.tests.steps import CENTRE, photo, problem, receipt, send, state, words
from tests.login import log_in

pytestmark = pytest.mark.django_db


def test_report_without_scripts(client, frozen):
    review = problem(client, photos=[photo()], point_lat=str(CENTRE[0]), point_lon=str(CENTRE[1]), point_system="wgs84")
    assert review.status_code == 200
    assert "垃圾没人清" in words(review)
    assert Case.objects.count() == 0
    sent = send(client, review, name="王阿姨", phone="13812345678")
    assert (sent.status_code, sent["Location"]) == (302, "/report/done/")
    case = Case.objects.get()
    assert (case.category.code, case.source, case.lat) == ("garbage", "resident", CENTRE[0])
    assert CaseFile.objects.filter(case=case, purpose="report").count() == 1
    page = client.get("/report/done/")
    code = receipt(client)["code"]
    assert case.number in words(page)
    assert code in words(page)
    assert "<svg" in page.content.decode()
    assert code in words(client.get("/report/slip/"))
    assert "王阿姨" not in page.content.decode()


def test_sending_costs_at_most_thirteen_statements(client, frozen, django_assert_max_num_queries):
    send(client, problem(client))
    review = problem(client, photos=[photo()])
    data = {"state": state(review), "do": "send", "phone": "13812345678", "way": "phone"}
    with django_assert_max_num_queries(13):  # with the two that a test's transaction adds, a savepoint and its end
        client.post("/report/", data)
    assert Case.objects.count() == 2
    log_in(client, frozen.users["jumin"])
    send(client, problem(client))
    review = problem(client, photos=[photo()])
    data = {"state": state(review), "do": "send", "phone": "13812345678", "way": "phone"}
    with CaptureQueriesContext(connection) as asked:
        client.post("/report/", data)
    assert Case.objects.count() == 4
    assert len([q for q in asked.captured_queries if "SAVEPOINT" not in q["sql"]]) <= 13


def test_a_form_left_open_for_a_day_says_that_its_photo_is_gone(client, frozen):
    review = problem(client, photos=[photo()])
    with clock.frozen(frozen.now + timedelta(days=1)):
        delete_what_is_over(now=clock.now())
        answer = send(client, review)
        assert answer.status_code == 422
        assert "超过一天没有提交，已经清除" in words(answer)
        assert "垃圾没人清" in answer.content.decode()
        assert Case.objects.count() == 0
        again = problem(client, photos=[photo()])
        assert send(client, again).status_code == 302
    assert CaseFile.objects.get().file.deleted_at is None


def test_second_click_makes_one_case_and_shows_the_same_code(client, frozen):
    review = problem(client)
    send(client, review)
    first = receipt(client)
    send(client, review)
    assert receipt(client) == first
    assert Case.objects.count() == 1
    assert Reporter.objects.count() == 1


def test_nothing_typed_is_lost_and_files_stay(client, frozen):
    answer = problem(client, text="", photos=[photo("梧桐.jpg")], address="长宁路𠮷号楼😀")
    assert answer.status_code == 422
    assert "请写一句话" in words(answer)
    assert "长宁路𠮷号楼😀" in answer.content.decode()
    assert "梧桐.jpg" in words(answer)
    review = client.post(
        "/report/", {"state": state(answer), "do": "check", "text": "灯坏了", "address": "长宁路𠮷号楼😀"}
    )
    assert review.status_code == 200
    wrong = send(client, review, phone="12")
    assert wrong.status_code == 422
    assert "7 至 15 位" in words(wrong)
    assert 'value="12"' in wrong.content.decode()
    send(client, wrong, phone="")
    case = Case.objects.get()
    assert case.address == "长宁路𠮷号楼😀"
    assert CaseFile.objects.filter(case=case).count() == 1


def test_back_from_the_second_page_keeps_everything(client, frozen):
    review = problem(client, category="noise")
    back = client.post("/report/", {"state": state(review), "do": "edit", "name": "王阿姨"})
    page = back.content.decode()
    assert "弄堂口垃圾没人清，臭得很" in page
    assert "长宁路488弄门口" in page
    assert 'value="noise" checked' in page


def test_kinds_are_suggested_from_residents_words(client, frozen):
    answer = problem(client, do="suggest", text="门口有僵尸车")
    assert "是不是这类问题" in words(answer)
    assert 'value="abandoned_vehicle"' in answer.content.decode()
    fragment = client.post("/report/suggest/", {"text": "楼下有小广告"})
    assert "小广告" in words(fragment)


def test_danger_is_told_at_once_before_sending(client, frozen):
    assert "962777" in words(client.post("/report/suggest/", {"text": "楼道里有煤气味"}))
    review = problem(client, text="楼道里有煤气味")
    assert "962777" in words(review)
    assert Case.objects.count() == 0
    send(client, review)
    assert "962777" in words(client.get("/report/done/"))


def test_voice_note_instead_of_text(client, frozen):
    note = SimpleUploadedFile("voice.ogg", OGG, "audio/ogg")
    review = problem(client, text="", voice=note, category="street_lamp")
    assert review.status_code == 200, words(review)
    send(client, review)
    assert CaseFile.objects.get().purpose == "voice"


OGG = (
    b"OggS\x00\x02"
    + bytes(8)
    + b"\x01\x00\x00\x00"
    + bytes(4)
    + bytes(4)
    + b"\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
)


@pytest.mark.parametrize(
    ("lat", "lon", "system", "says"),
    [
        (CENTRE[1], CENTRE[0], "wgs84", "写反了"),
        (39.9, 116.4, "wgs84", "不在本街道范围内"),
        (48.85, 2.35, "wgs84", "不在国内"),
        ("nan", "x", "wgs84", "没有读懂"),
        (*wgs84_to_gcj02(*CENTRE), "gcj02", "加偏坐标"),
    ],
)
def test_coordinates_are_mended_or_explained(client, frozen, lat, lon, system, says):
    answer = problem(client, point_lat=str(lat), point_lon=str(lon), point_system=system)
    assert says in words(answer)
    assert "垃圾没人清" in words(answer) or "弄堂口" in answer.content.decode()
    if answer.status_code == 200:
        send(client, answer)
        case = Case.objects.get()
        assert (case.lat, case.lon) == pytest.approx(CENTRE, abs=1e-5)
        assert case.area_id is not None
    else:
        assert answer.status_code == 422
        assert Case.objects.count() == 0


def test_ten_megabytes_of_text(client, frozen):
    text = "啊" * (10 * 1024 * 1024 // 3)
    answer = problem(client, text=text)
    assert answer.status_code == 422
    assert "最多 5000 个字" in words(answer)[:200_000] or "最多 5000 个字" in answer.content.decode()
    assert answer.content.decode().count("啊") >= len(text)
    assert Case.objects.count() == 0


EVIL = "<script>alert(1)</script>'; DROP TABLE cases_case; --\"><img src=x onerror=alert(2)> {{ 7|add:7 }}"


def test_markup_and_sql_in_every_field(client, frozen):
    wrong = problem(
        client,
        text=EVIL,
        address=EVIL,
        category=EVIL,
        area=EVIL,
        place=EVIL,
        point_lat=EVIL,
        point_lon=EVIL,
        point_system=EVIL,
    )
    assert wrong.status_code == 422
    assert "<script>alert" not in wrong.content.decode()
    review = problem(client, text=EVIL, address=EVIL)
    assert "<script>alert" not in review.content.decode()
    sent = send(client, review, name=EVIL[:40], phone="13812345678", way=EVIL)
    assert sent.status_code == 302
    assert Case.objects.get().text.startswith("<script>")
    assert client.post("/report/", {"state": EVIL, "do": EVIL}).status_code in {200, 422}
    assert client.post("/report/", {"state": "", "do": "send"}).status_code == 422
    assert Case.objects.count() == 1


def _png(width, height):
    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "content", [_png(10_000, 10_000), b"GIF89a/*<script>alert(1)</script>*/", b"", b"%PDF-1.4 not a picture"]
)
def test_bad_pictures_are_refused_and_the_words_stay(client, frozen, content):
    answer = problem(client, photos=[SimpleUploadedFile("坏.png", content, "image/png"), photo("好.jpg")])
    if not content:  # an empty file does not arrive as one
        assert answer.status_code in {200, 422}
        return
    assert answer.status_code == 422
    assert "坏.png" in words(answer)
    assert "好.jpg" in words(answer)
    assert "臭得很" in answer.content.decode()
    assert Case.objects.count() == 0


def test_too_many_photos(client, frozen):
    answer = problem(client, photos=[photo(f"{i}.jpg", (20 + i, 20)) for i in range(8)])
    assert answer.status_code == 422
    assert "最多 6 张" in words(answer)


def test_program_that_fills_the_trap_is_stopped(client, frozen):
    answer = send(client, problem(client), website="http://spam.example")
    assert answer.status_code == 422
    assert "应当留空" in words(answer)
    assert Case.objects.count() == 0


def test_reports_from_one_address_and_number_are_limited(client, frozen, monkeypatch):
    monkeypatch.setattr(limits, "REPORTS_AN_HOUR", 2)
    for _ in range(2):
        assert send(client, problem(client)).status_code == 302
    answer = send(client, problem(client), name="王阿姨")
    assert answer.status_code == 429
    assert "提交得太多" in words(answer)
    assert 'value="王阿姨"' in answer.content.decode()
    with clock.frozen(frozen.now + timedelta(hours=2)):
        assert send(client, problem(client)).status_code == 302


def test_nearby_problem_is_offered_and_joined(client, frozen, reported):
    case, _receipt = reported(days_ago=2)
    review = problem(client, point_lat=str(CENTRE[0] + 0.0002), point_lon=str(CENTRE[1]))
    assert "有人反映过了" in words(review)
    assert "488" not in words(review).split("有人反映过了")[1].split("怎么答复您")[0]
    for _ in range(2):
        sent = send(client, review, do=f"join:{case.number}", phone="13900000000", name="李叔")
        assert sent.status_code == 302
    case.refresh_from_db()
    assert (Case.objects.count(), case.reporter_count, case.reporters.count()) == (1, 2, 2)
    assert receipt(client)["number"] == case.number


@pytest.mark.mechanism("004-15")
def test_two_reports_of_the_same_place_are_marked_as_come_back(client, frozen, closed):
    """小广告返潮: what a resident reports again within thirty days of closing is marked."""
    before, _receipt = closed(category="posters", address="长宁路488弄门口", phone="")
    send(client, problem(client, text="小广告又贴回来了", category="posters"))
    again = Case.objects.exclude(pk=before.pk).get()
    assert again.relapse_of_id == before.pk


def test_private_kinds_are_never_offered(client, frozen, reported):
    reported(category="group_renting", days_ago=2)
    review = problem(
        client, category="group_renting", text="疑似群租", point_lat=str(CENTRE[0]), point_lon=str(CENTRE[1])
    )
    assert "有人反映过了" not in words(review)
    case = Case.objects.get()
    assert send(client, review, do=f"join:{case.number}").status_code == 404


def test_complaint_about_a_unit_and_suggestion(client, frozen):
    first = client.get("/feedback/")
    wrong = client.post("/feedback/", {"state": state(first), "kind": "complaint_unit", "text": "态度不好"})
    assert wrong.status_code == 422
    assert "请选择您要投诉的单位" in words(wrong)
    assert "态度不好" in wrong.content.decode()
    unit = frozen.units["enforcement"]
    sent = client.post(
        "/feedback/", {"state": state(wrong), "kind": "complaint_unit", "unit": str(unit.pk), "text": "态度不好"}
    )
    assert sent.status_code == 302
    case = Case.objects.get()
    assert (case.subject_unit_id, case.guarded, case.category.code) == (unit.pk, True, "complaint_unit")
    again = client.post(
        "/feedback/", {"state": state(wrong), "kind": "suggestion", "unit": str(unit.pk), "text": "再来一次"}
    )
    assert again.status_code == 302
    assert Case.objects.count() == 1
    client.post("/feedback/", {"state": state(client.get("/feedback/")), "kind": "suggestion", "text": "多摆几张凳子"})
    assert Case.objects.get(category__code="suggestion").subject_unit_id is None


def test_danger_advice_is_shown_in_english(client, frozen):
    client.cookies["django_language"] = "en"
    with translation.override("en"):  # what the requests switch on ends with the test
        page = problem(client, text="the hall smells", category="gas")
        assert "If you smell gas" in page.content.decode()
        assert "闻到燃气味" not in page.content.decode()
        assert send(client, page).status_code == 302
        assert "If you smell gas" in words(client.get("/report/done/"))


def test_every_danger_has_its_advice_in_both_languages(world):
    specs = [node.spec for node in cases.categories() if node.spec.danger]
    assert len(specs) >= 6
    assert [s.code for s in specs if not s.danger_en] == []
    assert [s.code for s in specs if s.advice("en") == s.advice("zh-hans")] == []
