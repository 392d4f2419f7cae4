"""The app on a phone, with the line cut at every step."""

import json
from datetime import timedelta

import pytest

from linli.engines.cases.models import Case, CaseEvent
from linli.engines.fieldwork.models import Attempt, Round, Submission, Visit
from linli.foundation.accounts import services as accounts
from linli.foundation.files import selectors as files
from linli.interfaces.field.app import shell
from linli.interfaces.field.tests.conftest import Town
from linli.interfaces.field.tests.held import shot
from tests.login import log_in_page

pytestmark = pytest.mark.slow
LEASE_OVER = """async () => {
  const done = (asked) => new Promise((ready) => { asked.onsuccess = () => ready(asked.result); });
  const db = await done(indexedDB.open('linli-field'));
  const box = () => db.transaction('meta', 'readwrite').objectStore('meta');
  const lease = await done(box().get('lease'));
  await done(box().put({...lease, until: Date.now() - 1000}, 'lease'));
  db.close();
}"""


@pytest.mark.smoke
def test_cold_start_offline_fill_with_photo_close_reopen_and_send(app_phone):
    page = app_phone.ready()
    app_phone.cut()
    page.reload()
    page.wait_for_selector("text=小店1")
    app_phone.send(photo=True)
    assert "1 条待发送" in app_phone.banner()
    page.close()
    app_phone.page = app_phone.tab()
    app_phone.page.goto("/field/app/#/records")
    app_phone.page.wait_for_selector("text=待发送 >> nth=0")
    assert not Submission.objects.exists()
    app_phone.mend()
    app_phone.until("sent")
    row = Submission.objects.get()
    kept = row.files.get().file
    original, _mime = files.open_original(kept.uuid)
    assert b"Exif" not in original
    assert (kept.width, kept.height) == (1920, 1440)
    assert (row.lat, row.lon) == (31.222, 121.42)
    photos = [p for p in app_phone.kept()["photos"] if p["data"]]
    assert photos == []  # let go once the server had them


def test_what_is_typed_is_there_after_the_tab_was_closed(app_phone):
    app_phone.ready()
    app_phone.cut()
    app_phone.fill(memo="门前有积水", photo=True)
    app_phone.page.wait_for_selector("text=已保存在本机")
    app_phone.page.close()
    app_phone.page = app_phone.tab()
    app_phone.page.goto(f"/field/app/#/fill/{app_phone.stage.scene.visits[0].uuid}")
    app_phone.page.wait_for_selector(".fq__photos li img")
    assert app_phone.page.input_value(".fa__form textarea >> nth=0") == "门前有积水"


def test_a_lost_answer_leaves_one_row(app_phone):
    page = app_phone.ready()
    lost: list[int] = []

    def drop(route):
        if not lost:
            lost.append(1)
            route.fetch()  # the server commits
            route.abort()
        else:
            route.continue_()

    page.route("**/field/records/", drop)
    app_phone.send()
    app_phone.settled()
    assert Submission.objects.count() == 1
    assert "1 条待发送" in app_phone.banner()
    page.click("text=现在发送")
    app_phone.until("sent")
    assert Submission.objects.count() == 1


def test_two_tabs_at_once_leave_one_row(app_phone):
    first = app_phone.ready()
    app_phone.cut()
    app_phone.send(0)
    app_phone.send(1)
    second = app_phone.tab()
    second.goto("/field/app/#/records")
    second.wait_for_selector("text=待发送 >> nth=0")
    app_phone.mend()
    for tab in (first, second):
        tab.evaluate("window.dispatchEvent(new Event('online'))")
    app_phone.until("sent", "sent")
    assert Submission.objects.count() == 2


def test_session_gone_another_user_owner_again(app_phone):
    page = app_phone.ready()
    app_phone.cut()
    app_phone.send(memo="只有本人能看的内容")
    app_phone.leave()
    app_phone.mend()
    page.wait_for_selector("#fa-banner:has-text('登录已过期，1 条记录仍保存在本机')")
    page.wait_for_selector(".status:has-text('登录已过期')")
    # Somebody else takes the phone: nothing of the owner's is shown or sent.
    log_in_page(page, app_phone.stage.world.users["chengguan2"], app_phone.url)
    page.goto("/field/app/#/records")
    page.reload()
    page.wait_for_selector("text=本机另有 1 条他人的记录")
    app_phone.settled()
    assert "只有本人能看的内容" not in page.content()
    assert not Submission.objects.exists()
    # The owner again: with another session and another token it goes by itself.
    app_phone.enter()
    page.reload()
    app_phone.until("sent")
    assert Submission.objects.get().user == app_phone.stage.world.users["chengguan"]


def test_what_lies_on_the_phone_cannot_be_read_there(app_phone):
    app_phone.ready()
    app_phone.cut()
    app_phone.send(memo="门前有积水张阿姨反映", photo=True)
    found = app_phone.kept()
    text = json.dumps(found["items"], ensure_ascii=False) + json.dumps(found["photos"], ensure_ascii=False)
    assert "小店1" not in text
    assert "积水" not in text
    assert "JFIF" not in text
    lease = next(m for m in found["meta"] if isinstance(m, dict) and "lent" in m)
    assert lease["key"] == {"extractable": False}
    # The key itself stands nowhere.
    assert not any(isinstance(m, str) and len(m) == 64 for m in found["meta"] if m != lease["token"])


def test_when_the_lease_is_over_it_opens_only_after_a_login(app_phone):
    page = app_phone.ready()
    app_phone.cut()
    app_phone.send(memo="门前有积水")
    page.evaluate(LEASE_OVER)
    page.reload()
    page.wait_for_selector("text=有 1 条未送达的记录保存在本机")
    assert "小店1" not in page.content()
    app_phone.mend()
    page.reload()
    app_phone.until("sent")
    assert Submission.objects.get().answers["memo"] == "门前有积水"


def test_remote_sign_out_wipes_what_was_sent_and_keeps_what_was_not(app_phone):
    page = app_phone.ready()
    app_phone.send(0)
    app_phone.until("sent")
    app_phone.cut()
    app_phone.send(1)
    user = app_phone.stage.world.users["chengguan"]
    accounts.end_sessions(by=app_phone.stage.world.actor("xitong"), now=app_phone.stage.world.now, user=user)
    app_phone.mend()
    page.wait_for_selector("text=这部手机已被远程退出")
    assert [r["box"] for r in app_phone.kept()["items"]] == ["queue"]
    assert app_phone.states() == ["waiting"]
    app_phone.enter()
    page.reload()
    app_phone.until("sent")
    assert Submission.objects.count() == 2


def test_a_new_build_meets_an_old_draft(app_phone, monkeypatch):
    page = app_phone.ready()
    app_phone.fill(memo="换版本前填的")
    page.wait_for_selector("text=已保存在本机")
    names, _build = shell._read()
    monkeypatch.setattr(shell, "_kept", lambda: (names, "another"))
    page.evaluate("navigator.serviceWorker.getRegistration().then((r) => r.update())")
    page.wait_for_selector("text=有新版本")
    with page.expect_navigation():
        page.click("text=有新版本")
    page.wait_for_selector(".fa__form textarea")
    assert page.input_value(".fa__form textarea >> nth=0") == "换版本前填的"
    assert page.evaluate("caches.keys()") == ["linli-field-another"]
    app_phone.cut()
    page.reload()
    page.wait_for_selector(".fa__form textarea")


def test_a_login_page_never_becomes_the_shell(app_phone):
    page = app_phone.ready()
    held = page.evaluate("""async () => {
      const found = [];
      for (const name of await caches.keys()) for (const each of await (await caches.open(name)).keys()) {
        const answer = await (await caches.open(name)).match(each);
        found.push([new URL(each.url).pathname, answer.redirected, each.method]);
      }
      return found;
    }""")
    assert all(not redirected and method == "GET" for _path, redirected, method in held)
    assert all(p == "/field/app/" or p.startswith("/static/") or p.endswith(".webmanifest") for p, _r, _m in held)


def test_an_hour_wrong_clock_is_set_right(app_phone):
    now = app_phone.stage.world.now
    app_phone.page.clock.install(time=now.timestamp() + 3600)
    app_phone.ready()
    app_phone.send()
    app_phone.until("sent")
    row = Submission.objects.get()
    assert abs((row.made_at - now).total_seconds()) < 120
    assert abs((row.device_at - now).total_seconds() - 3600) < 120
    assert "clock_wrong" in row.noted
    app_phone.page.click("text=小店1")
    app_phone.page.wait_for_selector("text=与服务器相差约 60 分钟")


def test_tomorrows_walk_comes_up_after_midnight_without_reception(app_phone):
    world, scene = app_phone.stage.world, app_phone.stage.scene
    today = world.now.date()
    world.now += timedelta(hours=13, minutes=50)  # ten to midnight
    Visit.objects.filter(pk=scene.visits[1].pk).update(planned_on=today + timedelta(days=1))
    page = app_phone.page
    page.clock.install(time=world.now)
    app_phone.ready()
    assert page.locator(".fa__tools + ol.fa__list .fa__name").all_inner_texts() == ["小店1"]
    page.wait_for_selector("text=之后几天还有 1 处")
    app_phone.cut()
    page.clock.fast_forward("15:00")
    app_phone.open("records")
    app_phone.open("today")
    assert page.locator(".fa__tools + ol.fa__list .fa__name").all_inner_texts() == ["小店1", "小店2"]
    app_phone.send(1, memo="第二天没有信号")
    world.now += timedelta(minutes=15)
    app_phone.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    app_phone.until("sent")
    row = Submission.objects.get()
    assert row.visit_id == scene.visits[1].pk
    assert abs((row.made_at - world.now).total_seconds()) < 120


def test_hints_of_the_programme_are_one_tap_away_without_reception(app_phone):
    Round.objects.filter(pk=app_phone.stage.scene.round.pk).update(programme="visits")
    page = app_phone.ready()
    app_phone.cut()
    app_phone.open(f"visit/{app_phone.stage.scene.visits[0].uuid}")
    page.click("summary:has-text('七要诀')")
    assert page.locator("details[open] li").count() >= 7


def test_a_round_that_ended_shows_both_and_drops_nothing(app_phone):
    world, round_ = app_phone.stage.world, app_phone.stage.scene.round
    page = app_phone.ready()
    app_phone.cut()
    app_phone.send(memo="办结之后才填的")
    ended = world.now - timedelta(minutes=5)
    Round.objects.filter(pk=round_.pk).update(state="closed", feedback="x", result="x", closed_at=ended)
    app_phone.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    app_phone.until("conflict")
    page.click("text=小店1")
    page.wait_for_selector(".fa__sides >> text=已办结")
    sides = page.inner_text(".fa__sides")
    assert round_.title in sides
    assert "结束时间" in sides
    page.click("button:has-text('先放在一边')")
    app_phone.until("aside")
    assert not Submission.objects.exists()
    page.click("text=小店1")
    page.wait_for_selector("button:has-text('重新提交')")


def test_a_full_storage_is_said_and_keeps_the_words(small_phone):
    page = small_phone.page
    cdp = small_phone.context.new_cdp_session(page)
    # Set before anything is kept: a browser asks how much room there is only now and then.
    cdp.send("Storage.overrideQuotaForOrigin", {"origin": small_phone.url, "quotaSize": 1_300_000})
    small_phone.ready()
    small_phone.cut()
    small_phone.fill(memo="写了很多字")
    page.wait_for_selector("text=已保存在本机")
    photo = ".fa__form input[type=file] >> nth=-1"
    page.set_input_files(photo, [shot(9, noise=True)])
    page.wait_for_selector("#fa-banner:has-text('本机空间已满')")
    page.wait_for_selector("text=照片没有保存；已填的文字还在")
    assert page.input_value(".fa__form textarea >> nth=0") == "写了很多字"
    assert small_phone.kept()["photos"] == []
    cdp.send("Storage.overrideQuotaForOrigin", {"origin": small_phone.url})
    page.set_input_files(photo, [shot(9, noise=True)])
    page.wait_for_selector(".fq__photos li img")
    page.click("button:has-text('提交')")
    small_phone.until("waiting")
    small_phone.mend()
    small_phone.until("sent")
    assert Submission.objects.get().answers["memo"] == "写了很多字"


def test_a_visit_done_by_somebody_else_shows_both_and_the_person_chooses(app_phone):
    page = app_phone.ready()
    app_phone.cut()
    app_phone.send(2, answer="none")
    scene = app_phone.stage.scene
    scene.send(scene.packet(2), "chengguan2")
    app_phone.mend()
    app_phone.until("conflict")
    page.click("text=小店3")
    page.wait_for_selector("text=系统里的")
    sides = page.inner_text(".fa__sides")
    assert "不适用" in sides
    assert "合格" in sides
    page.click("button:has-text('按原样提交')")
    app_phone.until("sent")
    assert Submission.objects.filter(rival__isnull=False).count() == 1


def test_what_is_refused_is_mended_and_nothing_is_dropped(app_phone):
    page = app_phone.ready()
    page.route("**/field/records/", lambda route: route.fulfill(
        status=422, content_type="application/problem+json",
        body=json.dumps({"code": "forms.answers", "title": "有 1 处需要修改。", "fields": {"size": ["面积太大。"]}}),
    ))  # fmt: skip
    app_phone.send(memo="先前填的")
    app_phone.until("fix")
    assert "1 条记录需要您处理" in app_phone.banner()
    page.unroute("**/field/records/")
    page.click("text=小店1")
    page.wait_for_selector("text=有 1 处需要修改。")
    page.click("button:has-text('先放在一边')")
    app_phone.until("aside")
    page.wait_for_selector("text=重新提交")
    page.click("button:has-text('重新提交')")
    app_phone.until("sent")
    assert Submission.objects.get().answers["memo"] == "先前填的"


def test_knock_finding_and_order_without_reception(app_phone):
    page = app_phone.ready("jiandu", "小店3")
    app_phone.cut()
    page.click(".fa__card:has-text('小店3')")
    page.click("button:has-text('认领')")
    page.click("text=没见到人")
    page.check("text=家中无人")
    page.click("button:has-text('保存')")
    page.wait_for_selector('main[data-ready="today"]')
    app_phone.open("find")
    page.select_option("select[name=category]", "garbage")
    page.fill("textarea[name=text]", "绿化带里有垃圾")
    page.set_input_files("input[type=file]", [shot(5)])
    page.wait_for_selector(".filelist img")
    page.click("text=用我的位置")
    page.wait_for_selector("text=已定位，误差")
    page.click("button:has-text('提交')")
    app_phone.until("waiting", "waiting", "waiting")
    app_phone.mend()
    app_phone.until("sent", "sent", "sent")
    assert Attempt.objects.get().outcome == "nobody"
    case = Case.objects.get()
    assert case.files.count() == 1
    page.click(".fa__card:has-text('绿化带里有垃圾')")
    page.wait_for_selector(f"text={case.number}")


def test_a_case_is_signed_and_handed_in_without_reception(app_phone):
    town = Town(app_phone.stage.world)
    case = town.to_sign()
    app_phone.enter("wuye")
    page = app_phone.page
    page.goto("/field/app/")
    page.wait_for_selector(f"text={case.title}")
    app_phone.controlled()
    app_phone.settled()
    app_phone.cut()
    app_phone.open(f"case/{case.number}/sign", "case")
    page.click("button:has-text('签收')")
    app_phone.until("waiting")
    app_phone.mend()
    app_phone.until("sent")
    assert CaseEvent.objects.filter(case=case, verb="sign").count() == 1


def test_the_walk_is_put_in_an_own_order_by_buttons(app_phone):
    page = app_phone.ready()
    app_phone.cut()
    page.click("text=调整顺序")
    page.click("button:has-text('下移小店1')")
    page.evaluate("window.dispatchEvent(new Event('online'))")  # news meanwhile paint the page anew
    page.wait_for_selector("html[data-contact=done]", state="attached")
    page.click("text=完成排序")
    app_phone.until("waiting")
    assert page.inner_text(".fa__list .fa__name >> nth=0") == "小店2"
    page.reload()
    page.wait_for_selector('main[data-ready="today"]')
    assert page.inner_text(".fa__list .fa__name >> nth=0") == "小店2"
    app_phone.mend()
    app_phone.until("sent")
    places = [v.place_in_walk for v in type(app_phone.stage.scene.visits[0]).objects.order_by("id")[:2]]
    assert places == [2, 1]
