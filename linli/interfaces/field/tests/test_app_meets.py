"""What was done without reception meets what changed meanwhile: both are shown, and nothing is dropped."""

import pytest

from linli.engines.cases import services as cases
from linli.engines.cases.models import Case
from linli.engines.cases.types import FilePurpose
from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Round, Submission, Target
from linli.engines.fieldwork.types import TargetData
from linli.foundation.core.actors import SYSTEM
from linli.interfaces.field.tests.conftest import Town
from linli.interfaces.field.tests.held import Held, shot

pytestmark = pytest.mark.slow


def at_hand(phone):
    """Return a case that the property company works on, its page taken along on the phone."""
    town = Town(phone.stage.world)
    case = town.handling()
    phone.ready("wuye", case.title)
    return town, case


def hand_in(phone, case, text):
    page = phone.page
    phone.open(f"case/{case.number}/hand_in", "case")
    page.check("text=解释说明")
    page.fill("textarea[name=text]", text)
    page.set_input_files("input[type=file]", [shot(5)])
    page.wait_for_selector(".filelist img")
    page.click("button:has-text('提交处置结果')")


def test_a_case_is_handed_in_with_a_photo_without_reception(app_phone):
    _town, case = at_hand(app_phone)
    app_phone.cut()
    hand_in(app_phone, case, "已与居民当面说明，约定每周清运")
    app_phone.until("waiting")
    app_phone.page.reload()
    app_phone.page.wait_for_selector("text=待发送 >> nth=0")
    assert Case.objects.get(pk=case.pk).state == case.state
    app_phone.mend()
    app_phone.until("sent")
    kept = Case.objects.get(pk=case.pk)
    assert kept.state != case.state
    assert [f.purpose for f in kept.files.all()] == [FilePurpose.AFTER.value]
    assert kept.events.get(verb="hand_in").text == "已与居民当面说明，约定每周清运"


def test_a_case_that_was_closed_meanwhile_is_shown_with_both(app_phone):
    town, case = at_hand(app_phone)
    page = app_phone.page
    app_phone.cut()
    hand_in(app_phone, case, "已清运，现场干净")
    app_phone.until("waiting")
    now = app_phone.stage.world.now
    cases.withdraw(by=town.actor("paidan"), now=now, case=case, reason="反映人撤回")
    app_phone.mend()
    app_phone.until("conflict")
    app_phone.open("records")
    page.click(f".fa__card:has-text('{case.title}')")
    page.wait_for_selector("text=系统里的")
    sides = page.inner_text(".fa__sides")
    assert "已清运，现场干净" in sides
    assert "1 张照片" in sides
    assert str(Case.objects.get(pk=case.pk).get_state_display()) in sides
    for words in ("按原样提交", "修改后提交"):  # it is closed: there is nothing to send it to
        assert page.locator(f".fa__acts >> text={words}").count() == 0
    page.click("button:has-text('先放在一边')")
    app_phone.until("aside")
    page.reload()
    page.wait_for_selector("text=已清运，现场干净")
    assert len([p for p in app_phone.kept()["photos"] if p["data"]]) == 1


def enter(phone, name):
    page = phone.page
    phone.open("target")
    page.select_option("select[name=kind]", "shop")
    page.fill("input[name=name]", name)
    page.fill("input[name=address]", "长宁路 488 弄")
    page.click("button:has-text('保存')")
    page.wait_for_selector('main[data-ready="records"]')


def test_a_new_target_is_entered_without_reception(app_phone):
    app_phone.ready("jiandu", "小店3")
    app_phone.cut()
    enter(app_phone, "长宁路新开面馆")
    app_phone.until("waiting")
    app_phone.mend()
    app_phone.until("sent")
    made = Target.objects.get(name="长宁路新开面馆")
    assert made.area.path.startswith("/")  # without a place it lies where they work


def test_a_double_is_shown_beside_what_is_there(app_phone):
    page = app_phone.ready("jiandu", "小店3")
    app_phone.cut()
    enter(app_phone, "街角小店")
    app_phone.until("waiting")
    world = app_phone.stage.world
    data = TargetData("shop", "街角小店", address="长宁路 488 弄", area_id=world.areas["陶家宅"].pk)
    services.add_target(by=SYSTEM, now=world.now, data=data)
    app_phone.mend()
    app_phone.until("conflict")
    page.click(".fa__card:has-text('街角小店')")
    page.wait_for_selector("text=系统里的")
    assert page.inner_text(".fa__sides").count("街角小店") == 2
    page.click("button:has-text('按原样提交')")
    app_phone.until("sent")
    assert Target.objects.filter(name="街角小店").count() == 2


def sent_back(phone):
    """Return a record with a photo that the reviewer sent back, and the package with it."""
    Round.objects.update(review=True)
    phone.ready()
    phone.send(0, photo=True, memo="门前有积水")
    phone.until("sent")
    world, row = phone.stage.world, Submission.objects.get()
    services.send_back(by=world.actor("zhongdui"), now=world.now, submission=row, reason="请写明积水位置")
    return row


def correct(phone, page):
    page.wait_for_selector("text=退回补正：小店1")
    phone.cut()
    page.click("text=退回补正：小店1")
    page.wait_for_selector(".fa__form textarea")
    assert page.input_value(".fa__form textarea >> nth=0") == "门前有积水"
    assert "请写明积水位置" in page.inner_text("main")
    assert page.locator(".fq__photos li").count() == 1
    page.fill(".fa__form textarea >> nth=0", "门前东侧有积水")
    page.click("button:has-text('提交')")
    page.wait_for_selector('main[data-ready="records"]')
    phone.open("today")
    assert page.locator("text=退回补正").count() == 0  # what waits here is answered


def corrected(former):
    row = Submission.objects.exclude(pk=former.pk).get()
    assert (row.former, row.answers["memo"]) == (former, "门前东侧有积水")
    assert [f.file for f in row.files.all()] == [f.file for f in former.files.all()]


def test_a_record_that_was_sent_back_is_corrected_without_reception(app_phone):
    former = sent_back(app_phone)
    page = app_phone.page
    app_phone.open("more")
    page.click("button:has-text('立即更新')")
    app_phone.settled()
    app_phone.open("today")
    correct(app_phone, page)
    app_phone.mend()
    app_phone.until("sent", "sent")
    corrected(former)


def test_it_is_corrected_on_another_phone_too(app_phone, browser):
    former = sent_back(app_phone)
    other = Held(browser.new_context, app_phone.url, app_phone.stage)
    correct(other, other.ready())
    other.mend()
    other.until("sent")
    corrected(former)
    other.close()
    assert other.faults == []


def test_a_target_that_was_changed_meanwhile_is_shown_with_both(app_phone):
    page = app_phone.ready()
    app_phone.cut()
    app_phone.send(0, memo="看过了")
    shop = app_phone.stage.scene.shops[0]
    data = TargetData("shop", "小店1（新店主）", address=shop.address, area_id=shop.area_id)
    services.change_target(
        by=SYSTEM, now=app_phone.stage.world.now, uuid=shop.uuid, data=data, expected=shop.version
    )  # fmt: skip
    app_phone.mend()
    app_phone.until("conflict")
    page.click(".fa__card:has-text('小店1')")
    page.wait_for_selector("text=系统里的")
    mine, there = page.locator(".fa__sides section").all_inner_texts()
    assert ("小店1" in mine, "小店1（新店主）" in there, "新店主" in mine) == (True, True, False)
    page.click("a:has-text('修改后提交')")
    page.wait_for_selector(".fa__form textarea")
    assert page.input_value(".fa__form textarea >> nth=0") == "看过了"
    page.fill(".fa__form textarea >> nth=0", "店主换了")
    page.click("button:has-text('提交')")
    app_phone.until("sent")
    assert Submission.objects.get().answers["memo"] == "店主换了"


def test_what_was_changed_after_a_lost_answer_becomes_a_correction(app_phone):
    page = app_phone.ready()
    lost: list[int] = []

    def drop(route):
        if not lost:
            lost.append(1)
            route.fetch()  # the server commits
        route.abort()

    page.route("**/field/records/", drop)
    app_phone.send(0, photo=True, memo="先前填的")
    app_phone.settled()
    first = Submission.objects.get()
    page.click(".fa__card:has-text('小店1')")
    page.click("a:has-text('修改后提交')")
    page.wait_for_selector(".fa__form textarea")
    page.fill(".fa__form textarea >> nth=0", "后来改的")
    page.click("button:has-text('提交')")
    page.wait_for_selector('main[data-ready="records"]')
    page.unroute("**/field/records/")
    page.click("text=现在发送")
    app_phone.until("conflict")
    page.click(".fa__card:has-text('小店1')")
    page.wait_for_selector("text=内容与这次提交的不同")
    page.click("a:has-text('修改后提交')")
    page.wait_for_selector(".fa__form textarea")
    assert page.input_value(".fa__form textarea >> nth=0") == "后来改的"
    page.click("button:has-text('提交')")
    app_phone.until("sent", "sent")
    row = Submission.objects.exclude(pk=first.pk).get()
    assert (row.former, row.answers["memo"], row.files.count()) == (first, "后来改的", 1)
