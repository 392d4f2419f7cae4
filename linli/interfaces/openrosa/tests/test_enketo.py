"""Enketo as a client: its transformer and its engine fill a round's form in a browser, and the record comes in."""

import base64
from datetime import timedelta

import pytest

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Kind, Round, Submission, SubmissionFile, Target, Visit
from linli.engines.fieldwork.tests.sent import scene
from linli.foundation.accounts import services as accounts
from linli.foundation.core import clock
from linli.foundation.forms import services as forms
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.openrosa.tests.collect import Phone
from linli.interfaces.openrosa.tests.test_collect import PICTURED
from tools.enketo import bundle

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def s(transactional_db, world, monkeypatch):
    """The world at the real time: the server runs in a thread of its own, whose clock is not frozen."""
    monkeypatch.setattr(world, "now", clock.now())
    made = scene(world)
    version = forms.use(by=world.actor("xitong"), now=world.now, code="shop_check")
    asked = {"questions": [{"code": "size", "type": "decimal", "label": {"zh-hans": "面积"}}]}
    fields = forms.save_form(by=world.actor("xitong"), now=world.now, code="k", title="k", questions=asked).form
    Kind.objects.filter(pk=made.kind.pk).update(fields=fields)
    Target.objects.filter(pk=made.shops[0].pk).update(facts={"size": "35.5"})
    Target.objects.filter(pk=made.shops[1].pk).update(facts={"size": "120"})
    Round.objects.update(form_version=version, starts_on=world.now.date() - timedelta(days=1))
    made.round.refresh_from_db()
    return made


@pytest.fixture
def page(browser, live_server):
    """A page of our own address in which Enketo's scripts run, which our pages would not let in."""
    context = browser.new_context(
        base_url=live_server.url, timezone_id="Asia/Shanghai", locale="zh-CN", bypass_csp=True
    )
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    opened.goto("/accessibility/")
    opened.evaluate("document.documentElement.innerHTML = '<body></body>'")
    opened.add_script_tag(path=str(bundle()))
    yield opened
    context.close()


@pytest.mark.mechanism("000-25")
def test_enketo_fills_our_form_and_sends_it(s, page, live_server, tmp_path):
    _row, secret = accounts.create_app_password(
        by=s.world.actor("chengguan"), now=s.world.now, user=s.world.users["chengguan"], name="Enketo", scope="openrosa"
    )
    phone = Phone("chengguan", secret)
    (form,) = phone.forms()
    lists = {m["filename"]: m["downloadUrl"] for m in phone.media(form)}
    word = "Basic " + base64.b64encode(f"chengguan:{secret}".encode()).decode()
    faults = page.evaluate("([w, u, l]) => enketo.load(w, u, l)", [word, form["downloadUrl"], lists])
    assert faults == []
    # The list of whom to visit came from the manifest; what the ledger knows of the one chosen is filled in by it.
    assert page.locator("datalist#datalinlivisit option[data-value]").count() == 3
    choose(page, "小店1 · 长宁路 488 弄")
    assert page.evaluate("enketo.value('/data/size')") == "35.5"
    choose(page, "小店2 · 长宁路 489 弄")
    assert page.evaluate("enketo.value('/data/size')") == "120"
    # Nothing is sent while something must still be answered.
    assert page.evaluate("enketo.valid()") is False
    page.locator('input[name="/data/order/goods"][value="good"]').check()
    page.locator('input[name="/data/smoke"][value="yes"]').check()
    page.fill('textarea[name="/data/memo"]', "油烟较大，已当面提醒 <&>")
    page.locator('textarea[name="/data/memo"]').blur()
    for n, name in enumerate(("shot", "shot_2")):
        (tmp_path / f"{name}.jpg").write_bytes(draw_picture(900 + n, "after"))
        page.set_input_files(f'input[type=file][name="/data/{name}"]', str(tmp_path / f"{name}.jpg"))
    page.wait_for_function("() => enketo.record().includes('shot_2-')")
    assert page.evaluate("enketo.valid()") is True
    sent = page.evaluate("enketo.send()")
    assert (sent["head"], sent["status"]) == (204, 201), sent["text"]
    assert "发现问题 1 个" in sent["text"]
    row = Submission.objects.get()
    assert (row.visit_id, row.target.name, row.user.username) == (s.visits[1].pk, "小店2", "chengguan")
    assert (row.answers["size"], row.answers["memo"]) == ("120", "油烟较大，已当面提醒 <&>")
    assert row.noted == []
    assert abs(row.made_at - clock.now()) < timedelta(minutes=5)
    assert sorted(SubmissionFile.objects.values_list("path", flat=True)) == ["shot", "shot"]
    assert Visit.objects.get(pk=s.visits[1].pk).state == "done"
    # The answer was lost on the way: the same record sent again is kept once.
    again = page.evaluate("enketo.send()")
    assert (again["status"], "没有重复计入" in again["text"]) == (201, True)
    assert Submission.objects.count() == 1
    # The visit that was made is no longer in the list.
    assert str(s.visits[1].uuid) not in phone.get(lists["linli_targets.csv"]).content.decode()


def test_enketo_shows_the_pictures_of_choices(s, page, live_server):
    by = s.world.actor("xitong")
    version = forms.save_whole_form(by=by, now=s.world.now, code="shop_check", form=PICTURED)
    Round.objects.update(form_version=version)
    content = draw_picture(900, "after")
    services.keep_media(by=by, now=s.world.now, code="shop_check", name="bad.png", content=content, sent="a.jpg")
    _row, secret = accounts.create_app_password(
        by=s.world.actor("chengguan"), now=s.world.now, user=s.world.users["chengguan"], name="Enketo", scope="openrosa"
    )
    phone = Phone("chengguan", secret)
    (form,) = phone.forms()
    files = {m["filename"]: m["downloadUrl"] for m in phone.media(form)}
    word = "Basic " + base64.b64encode(f"chengguan:{secret}".encode()).decode()
    assert page.evaluate("([w, u, l]) => enketo.load(w, u, l)", [word, form["downloadUrl"], files]) == []
    picture = page.locator('label:has(input[value="bad"]) img')
    assert picture.evaluate("(node) => node.decode().then(() => node.naturalWidth)") > 100


def choose(page, label):
    """Choose from Enketo's list of suggestions as a person does: type, and go on."""
    field = page.locator("input.autocomplete")
    field.fill(label)
    field.dispatch_event("change")
