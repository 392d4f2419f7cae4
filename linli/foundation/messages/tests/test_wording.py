"""Own words in place of those shipped: what is refused, what is warned of, how long a text message is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ForbiddenError, InvalidError, StaleError
from linli.foundation.journal import selectors as journal
from linli.foundation.messages import rules, selectors, services, tasks, templates
from linli.foundation.messages.exceptions import TemplateError
from linli.foundation.messages.models import Message, TemplateText
from linli.foundation.messages.tests.conftest import NOW
from linli.foundation.messages.types import ChannelCode, State

CODE = "cases.closed_reply"


@pytest.mark.parametrize(
    ("text", "segments"),
    [("", 0), ("字" * 70, 1), ("字" * 71, 2), ("字" * 134, 2), ("字" * 135, 3), ("a" * 160, 1), ("a" * 161, 2),
     ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2), ("😀" * 35, 1), ("😀" * 36, 2)],
)  # fmt: skip
def test_segments_of_a_text_message(text, segments):
    assert rules.sms(text).segments == segments


@given(st.text(max_size=400), st.text(max_size=40))
def test_a_longer_text_is_never_fewer_messages(text, more):
    assert rules.sms(text + more).segments >= rules.sms(text).segments
    found = rules.sms(text)
    assert found.segments * (70 if found.wide else 160) >= found.characters


def test_every_parameter_has_a_made_up_value_in_both_languages():
    for code, template in templates.shipped().items():
        for language in rules.LANGUAGES:
            found = templates.samples(code, language)
            assert set(found) == template.required | template.optional
            assert all(value != name for name, value in found.items()), (code, language)


def test_no_shipped_text_message_says_where_or_who():
    for template in templates.shipped().values():
        for language in rules.LANGUAGES:
            assert not rules.names_in(template.texts[language, "short"]) & template.personal


def put(language="zh-hans", **more):
    texts = {p: more.pop(p) for p in rules.PARTS if p in more}
    return services.set_words(
        by=more.pop("by", SYSTEM), now=NOW, code=CODE, language=language, texts=texts, reason="更清楚", **more
    )


@pytest.mark.django_db
class TestWords:
    @pytest.mark.parametrize(
        ("texts", "field"),
        [
            ({"subject": "{password}"}, "subject"),
            ({"subject": "{title"}, "subject"),
            ({"subject": "一\n二"}, "subject"),
            ({"body": "没有参数"}, "accept_dropped"),
            ({"short": "在{place}：{reply}"}, "short"),
            ({"short": "字" * 501}, "short"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, texts, field):
        with pytest.raises(TemplateError) as refused:
            put(**texts)
        assert list(refused.value.fields) == [field]
        assert not TemplateText.objects.exists()

    def test_a_required_parameter_may_be_dropped_on_purpose(self):
        assert put(body="办结了。", accept_dropped=True) == 1
        assert selectors.template_in_force(CODE).texts["zh-hans", "body"] == "办结了。"

    def test_a_parameter_may_move_from_body_to_subject(self):
        body = templates.shipped()[CODE].texts["zh-hans", "body"].replace("（编号 {number}）", "")
        assert put(subject="{number}“{title}”已办结", body=body) == 2

    def test_history_and_reset(self):
        put(subject="“{title}”办好了（{number}）")
        assert services.reset_words(by=SYSTEM, now=NOW, code=CODE, language="zh-hans", reason="还是原来的好") == 1
        assert not TemplateText.objects.exists()
        entries = journal.entries_for("message_template", services.template_uuid(CODE))
        assert [e.reason for e in entries] == ["还是原来的好", "更清楚"]
        assert entries[1].after == {"text": "“{title}”办好了（{number}）", "shipped": False}
        assert (entries[0].before or {})["text"] == "“{title}”办好了（{number}）"
        assert put(subject=templates.shipped()[CODE].texts["zh-hans", "subject"]) == 0

    def test_of_two_the_second_is_told(self):
        seen = {"subject": selectors.template_in_force(CODE).texts["zh-hans", "subject"]}
        put(subject="甲{title}{number}", seen=seen)
        with pytest.raises(StaleError):
            put(subject="乙{title}{number}", seen=seen)

    def test_a_test_goes_to_oneself(self, smtp, enqueued, admin):
        put(subject="新“{title}”办结（{number}）")
        uuid = services.send_test(
            by=admin, now=NOW, code=CODE, language="zh-hans", channel_code=ChannelCode.EMAIL, email="wo@example.org"
        )
        tasks.deliver({"batch": str(Message.objects.get(uuid=uuid).batch)}, NOW)
        ((to, _raw),) = smtp.letters
        assert to == ["wo@example.org"]
        assert selectors.message(uuid).state == State.SENT
        services.send_test(by=admin, now=NOW, code=CODE, language="en", channel_code=ChannelCode.IN_APP)
        assert selectors.inbox(admin.user_id, language="en").rows[0].subject.startswith("“Rubbish")
        with pytest.raises(InvalidError):
            services.send_test(by=admin, now=NOW, code=CODE, language="en", channel_code=ChannelCode.SMS)
        with pytest.raises(InvalidError):
            services.send_test(by=admin, now=NOW, code=CODE, language="en", channel_code=ChannelCode.EMAIL, email="x")

    def test_others_may_not(self, other):
        for act in (
            lambda: put(by=other, subject="{title}{number}"),
            lambda: services.reset_words(by=other, now=NOW, code=CODE, language="en", reason="x"),
            lambda: services.send_test(by=other, now=NOW, code=CODE, language="en", channel_code=ChannelCode.IN_APP),
        ):
            with pytest.raises(ForbiddenError):
                act()


@pytest.fixture
def admin():
    from linli.foundation.core.actors import Actor, ActorKind, Grant

    return Actor(ActorKind.USER, user_id=7, label="系统管理员", grants=(Grant("system_admin"),))


@pytest.fixture
def other():
    from linli.foundation.core.actors import Actor, ActorKind, Grant

    return Actor(ActorKind.USER, user_id=8, label="派单员", grants=(Grant("dispatcher"),))
