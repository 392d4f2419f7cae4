"""A point is checked item by item on the phone, the standard's text at hand, without reception."""

import pytest

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Round, Submission
from linli.foundation.core.actors import SYSTEM
from linli.foundation.forms import services as forms
from linli.foundation.forms.models import Form
from linli.foundation.forms.tests.whole import Q, form, q
from linli.foundation.forms.types import Choice
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.field.tests.held import shot
from linli.programmes.civility import services as civility

pytestmark = pytest.mark.slow
CODE = "civility.market"


@pytest.mark.mechanism("004-13")
def test_each_item_is_checked_against_the_standard_at_hand(app_phone):
    now = app_phone.stage.world.now
    edition = civility.load_shipped(by=SYSTEM, now=now)
    civility.publish_edition(by=SYSTEM, now=now, uuid=edition.uuid)
    Round.objects.update(form=Form.objects.get(code=CODE), form_version=None, title="集市文明创建自查")
    page = app_phone.ready()
    app_phone.cut()
    app_phone.open(f"fill/{app_phone.stage.scene.visits[0].uuid}")
    page.wait_for_selector(".fa__form :text-is('达标')")
    while True:
        for one in page.locator(".fa__form label:has(:text-is('达标')):visible").all():
            one.click()
        for one in page.locator(".fa__form input[type=file]").all():
            if one.locator("xpath=ancestor::*[contains(@class, 'fq')][1]").is_visible():
                one.set_input_files([shot(4)])
                page.wait_for_selector(".fq__photos li img >> visible=true")
        further = page.locator("button:has-text('下一组'):visible")
        if not further.count():
            break
        further.last.click()
    page.click("summary:has-text('标准原文'):visible >> nth=0")
    page.wait_for_selector("text=摊位外沿不超出划线")
    page.click("button:has-text('提交')")
    app_phone.until("waiting")
    app_phone.mend()
    app_phone.until("sent")
    row = Submission.objects.get()
    assert (row.form.form.code, row.marks) == (CODE, row.full)
    assert row.full is not None
    assert row.full > 0


def test_choices_show_their_pictures_without_reception_and_a_new_one_after_the_next_contact(app_phone):
    now, shown = app_phone.stage.world.now, ".fa__form label:has-text('好') img"
    code = app_phone.stage.scene.round.form.code
    whole = form(
        q("state", Q.CHOICE, list="states"), form_id=code,
        lists={"states": (Choice("good", {"zh-hans": "好"}, media={"image": {"zh-hans": "good.png"}}),
                          Choice("bad", {"zh-hans": "差"}, media={"image": {"zh-hans": "bad.png"}}))},
    )  # fmt: skip
    Round.objects.update(form_version=forms.save_whole_form(by=SYSTEM, now=now, code=code, form=whole))

    def give(seed):
        content = draw_picture(seed, "after")
        services.keep_media(by=SYSTEM, now=now, code=code, name="good.png", content=content, sent="a.jpg")

    give(910)
    page = app_phone.ready()
    app_phone.cut()
    where = f"fill/{app_phone.stage.scene.visits[0].uuid}"
    app_phone.open(where)
    first = page.get_attribute(shown, "src")
    assert first is not None
    assert first.startswith("data:image/")
    assert page.evaluate("s => document.querySelector(s).naturalWidth", ".fa__form label img") > 0
    assert page.locator(".fa__form label img").count() == 1  # the other has no file
    give(911)
    app_phone.mend()
    page.evaluate("location.hash = '#/more'")
    with page.expect_response(lambda answer: f"/forms/{code}/" in answer.url) as fetched:
        page.click("button:has-text('更新')")
    fetched.value.finished()
    page.wait_for_timeout(300)  # it is kept before the line is cut
    app_phone.cut()
    app_phone.open(where)
    page.wait_for_function("([s, was]) => document.querySelector(s).src !== was", arg=[".fa__form label img", first])
