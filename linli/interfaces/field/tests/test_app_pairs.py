"""Two who go together, and visits that nobody has: on a phone, the line cut."""

import pytest

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Round, Submission, Visit

pytestmark = pytest.mark.slow


def in_pairs(phone):
    Round.objects.filter(pk=phone.stage.scene.round.pk).update(pair=True)
    return phone.ready()


def test_two_go_together_and_the_record_names_both(app_phone):
    page = in_pairs(app_phone)
    app_phone.cut()
    app_phone.fill(0)
    page.click("button:has-text('提交')")
    page.wait_for_selector("text=请选择同行人。")
    names = page.locator("select[name=second] option").all_inner_texts()
    assert not any("城管队员甲" in name for name in names)
    chosen = next(name for name in names if "城管队员乙" in name)
    page.select_option("select[name=second]", label=chosen)
    page.wait_for_selector("text=已保存在本机")
    page.reload()  # the draft keeps who goes along
    page.wait_for_selector("select[name=second]")
    assert page.locator("select[name=second] option:checked").inner_text() == chosen
    page.click("button:has-text('提交')")
    app_phone.until("waiting")
    page.click(".fa__card:has-text('小店1')")
    page.wait_for_selector(f"dl:has-text('同行人'):has-text('{chosen}')")
    app_phone.fill(1)  # the next door, the same pair
    assert page.locator("select[name=second] option:checked").inner_text() == chosen
    app_phone.mend()
    app_phone.until("sent")
    row = Submission.objects.get()
    assert row.second == app_phone.stage.world.users["chengguan2"]


def test_a_second_who_has_left_the_round_is_chosen_anew(app_phone):
    page = in_pairs(app_phone)
    app_phone.cut()
    app_phone.fill(0, memo="两人都在场")
    page.select_option("select[name=second]", value=str(app_phone.stage.world.users["chengguan2"].uuid))
    page.click("button:has-text('提交')")
    app_phone.until("waiting")
    app_phone.stage.world.users["chengguan2"].appointments.update(
        ends_on=app_phone.stage.world.now.date().replace(day=1)
    )
    app_phone.mend()
    app_phone.until("fix")
    page.click(".fa__card:has-text('小店1')")
    page.click("text=修改后提交")
    page.wait_for_selector(".field.has-error:has(select[name=second])")
    page.select_option("select[name=second]", value=str(app_phone.stage.world.users["zhongdui"].uuid))
    page.click("button:has-text('提交')")
    app_phone.until("sent")
    row = Submission.objects.get()
    assert (row.second, row.answers["memo"]) == (app_phone.stage.world.users["zhongdui"], "两人都在场")


def third(phone):
    return Visit.objects.get(pk=phone.stage.scene.visits[2].pk)


def test_a_free_visit_is_taken_without_reception_filled_and_given_back(app_phone):
    page = app_phone.ready()
    app_phone.cut()
    assert page.inner_text(".fa__head .quiet") == "还有 2 处"
    page.click("button:has-text('认领')")
    app_phone.until("waiting")
    page.wait_for_selector("text=还有 3 处")
    assert page.locator("text=附近待认领").count() == 0
    page.click(".fa__card:has-text('小店3')")
    page.wait_for_selector("text=已认领，待发送")
    assert third(app_phone).user is None
    app_phone.mend()
    app_phone.until("sent")
    assert third(app_phone).user == app_phone.stage.world.users["chengguan"]
    app_phone.settled()
    app_phone.cut()
    page.click("text=去不了，退回这次走访")
    page.click("button:has-text('退回')")
    page.wait_for_selector("text=请填写这一项。")
    page.fill("textarea[name=reason]", "调休")
    page.click("button:has-text('退回')")
    page.wait_for_selector("text=还有 2 处")
    app_phone.mend()
    app_phone.until("sent", "sent")
    assert third(app_phone).user is None
    page.wait_for_selector("text=附近待认领")


def test_somebody_was_quicker_and_is_named(app_phone):
    page = app_phone.ready()
    app_phone.cut()
    page.click("button:has-text('认领')")
    app_phone.until("waiting")
    world = app_phone.stage.world
    services.take_visit(by=world.actor("jiandu"), now=world.now, uuid=third(app_phone).uuid)
    app_phone.mend()
    app_phone.until("conflict")
    assert "1 条记录需要您处理" in app_phone.banner()
    app_phone.open("records")
    page.click(".fa__card:has-text('认领：小店3')")
    page.wait_for_selector("text=系统里的")
    name = world.users["jiandu"].display_name
    assert name in page.inner_text(".fa__sides")
    assert f"这次走访已由{name}认领。" in page.inner_text("main")
    page.click("button:has-text('先放在一边')")
    app_phone.until("aside")
    assert third(app_phone).user == world.users["jiandu"]
    app_phone.settled()
    app_phone.open("more")
    page.click("button:has-text('立即更新')")
    app_phone.settled()
    app_phone.open("today")
    assert page.locator("text=小店3").count() == 0
