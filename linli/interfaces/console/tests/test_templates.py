"""Message templates in the console: read, changed with care, previewed, tested, brought back."""

import email
from email import policy

import pytest
from aiosmtpd.controller import Controller

from linli.foundation.core import clock
from linli.foundation.jobs import services as jobs
from linli.foundation.messages import templates
from linli.foundation.messages.models import Message, TemplateText
from linli.foundation.messages.tests.conftest import Box
from linli.interfaces.console.tests.test_categories import text_of
from linli.interfaces.console.wording import events
from tests.login import log_in

pytestmark = pytest.mark.django_db
ROOT = "/console/templates/"
CODE = "cases.closed_reply"


@pytest.fixture
def admin(client, world):
    templates.forget_overrides()
    with clock.frozen(world.now):
        yield log_in(client, world.users["xitong"])
    templates.forget_overrides()


def words(code=CODE, language="zh-hans", **changes):
    found = templates.template(code)
    texts = {p: found.texts[language, p] for p in ("subject", "body", "short")}
    seen = {f"seen_{p}": text for p, text in texts.items()}
    return {**texts, **seen, "reason": "更清楚", "do": "save", **changes}


def test_every_template_is_named_and_every_parameter_has_words():
    assert set(events.EVENTS) == set(templates.shipped())
    for template in templates.shipped().values():
        assert template.required | template.optional <= set(events.PARAMS), template.code


def test_the_list_shows_each_by_who_gets_it_and_finds_by_words(admin, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        shown = text_of(admin.get(ROOT))
    assert "给居民" in shown
    assert "已办结，答复结果" in shown
    assert "已办结，答复结果" in text_of(admin.get(f"{ROOT}?q=办结"))
    assert "没有找到这样的模板" in text_of(admin.get(f"{ROOT}?q=没有这种话"))


def test_own_words_are_saved_shown_and_taken_back_with_a_history(admin):
    new = "“{title}”（{number}）办好了"
    answer = admin.post(f"{ROOT}{CODE}/", words(subject=new), follow=True)
    assert "下一条消息起用新的文字" in text_of(answer)
    assert TemplateText.objects.get().text == new
    shown = text_of(answer)
    assert "本街道改过" in shown
    assert "“弄堂口垃圾三天没人清”（HY20260310-0007）办好了" in shown
    assert "更清楚" in shown
    assert "您反映的“{title}”已办结" in shown
    answer = admin.post(f"{ROOT}{CODE}/reset/", {"reason": "还是原来的好"}, follow=True)
    assert not TemplateText.objects.exists()
    assert "还是原来的好" in text_of(answer)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": "{password}{title}{number}"}, "没有这些参数：{password}"),
        ({"short": "在{place}办结"}, "短信会经过别人的手，不能写 {place}"),
        ({"subject": "{title"}, "花括号不成对"),
        ({"reason": ""}, "这个字段是必填项"),
    ],
)
def test_what_is_wrong_is_refused_and_stays_typed(admin, changes, said):
    answer = admin.post(f"{ROOT}{CODE}/", words(body="您好，{title} {number} {reply} 办结", **changes))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "您好，{title} {number} {reply} 办结" in answer.content.decode()
    assert not TemplateText.objects.exists()


def test_dropping_a_required_parameter_warns_once(admin):
    data = words(body="办结了。", subject="办结")
    answer = admin.post(f"{ROOT}{CODE}/", data)
    assert answer.status_code == 422
    assert "收件人会看不到" in text_of(answer)
    assert admin.post(f"{ROOT}{CODE}/", {**data, "accept_dropped": "on"}).status_code == 302
    assert TemplateText.objects.count() == 2


def test_of_two_who_edit_the_second_is_told(admin):
    first = words(subject="甲{title}{number}")
    second = words(subject="乙{title}{number}")
    assert admin.post(f"{ROOT}{CODE}/", first).status_code == 302
    answer = admin.post(f"{ROOT}{CODE}/", second)
    assert answer.status_code == 409
    assert "已被他人修改" in text_of(answer)


def test_the_preview_counts_messages_and_saves_nothing(admin):
    answer = admin.post(f"{ROOT}{CODE}/?language=zh-hans", words(short="{reply}" + "字" * 80, do="preview", reason=""))
    assert answer.status_code == 200
    assert "字，2 条" in text_of(answer)
    assert not TemplateText.objects.exists()
    english = text_of(admin.get(f"{ROOT}{CODE}/?language=en"))
    assert "“Rubbish at the lane's entrance” has been completed" in english.replace("&#x27;", "'")


def test_a_test_reaches_oneself_by_mail_and_inbox(world, admin, settings):
    box = Box()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", box.port, 5
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    try:
        data = {"channel": "email", "email": "xitong@example.org"}
        assert admin.post(f"{ROOT}{CODE}/test/", data).status_code == 302
        jobs.drain(now=world.now)
    finally:
        server.stop()
    ((to, raw),) = box.letters
    assert to == ["xitong@example.org"]
    letter = email.message_from_bytes(raw, policy=policy.default)
    assert "弄堂口垃圾三天没人清" in letter.get_content()
    assert admin.post(f"{ROOT}{CODE}/test/?language=en", {"channel": "in_app"}).status_code == 302
    assert Message.objects.filter(channel="in_app", user_id=world.users["xitong"].pk).count() == 1
    refused = admin.post(f"{ROOT}{CODE}/test/", {"channel": "email", "email": ""})
    assert refused.status_code == 422
    assert "电子邮件地址不正确" in text_of(refused)


@pytest.mark.parametrize("name", ["anquan", "paidan", "chengguan", "jumin"])
def test_others_find_no_such_page(world, client, name):
    log_in(client, world.users[name])
    assert client.get(ROOT).status_code == 404
    assert client.get(f"{ROOT}{CODE}/").status_code == 404
    for path in ("", "reset/", "test/"):
        assert client.post(f"{ROOT}{CODE}/{path}", words()).status_code == 404
    assert not TemplateText.objects.exists()


def test_leaders_read_only(world, client):
    log_in(client, world.users["lingdao"])
    assert "保存" not in text_of(client.get(f"{ROOT}{CODE}/")).split("跳到正文", 1)[1]
    assert client.post(f"{ROOT}{CODE}/", words()).status_code == 404


def test_a_template_that_is_not_there(admin):
    assert admin.get(f"{ROOT}cases.nothing/").status_code == 404
    assert admin.post(f"{ROOT}cases.nothing/reset/", {"reason": "x"}).status_code == 404
