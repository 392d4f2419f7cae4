"""Which ledgers there are, set up on the console."""

import pytest

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.models import Kind
from linli.interfaces.desk.tests.help import enter
from linli.interfaces.portal.tests.steps import words

pytestmark = pytest.mark.django_db
HOME = "/console/ledgers/"


def typed(**more):
    return {
        "code": "kiosk", "name": "书报亭", "icon": "building-store", "order": "40", "same_by": ["name"],
        "ask_code": ["", "", ""], "ask_label": ["品类", "经营者", ""], "ask_type": ["choice", "text", "text"],
        "ask_choices": ["报刊、饮料", "", ""], "ask_personal": ["", "1", ""], "version": "0", **more,
    }  # fmt: skip


@pytest.mark.usefixtures("world")
def test_a_ledger_is_entered_changed_and_retired_and_what_was_refused_stays_typed(world):
    client = enter(world, "zhiban")
    refused = client.post(f"{HOME}new/", typed(name=""))
    assert refused.status_code == 422
    assert "报刊、饮料" in refused.content.decode()
    assert client.post(f"{HOME}new/", typed()).status_code == 302
    kind = Kind.objects.get(code="kiosk")
    asked = selectors.questions_of(kind).questions
    assert [(q.code, q.personal, [c.code for c in q.choices]) for q in asked] == [
        ("f1", False, ["c1", "c2"]), ("f2", True, []),
    ]  # fmt: skip
    page = client.get(f"{HOME}kiosk/").content.decode()
    assert 'value="品类"' in page
    changed = typed(
        ask_code=["f1", "f2", ""], ask_choices=["报刊、早点、饮料", "", ""], version="1", same_by=["name", "f1"]
    )
    assert client.post(f"{HOME}kiosk/", changed).status_code == 302
    asked = selectors.questions_of(Kind.objects.get(code="kiosk")).questions
    assert [(c.code, c.label["zh-hans"]) for c in asked[0].choices] == [("c1", "报刊"), ("c3", "早点"), ("c2", "饮料")]
    stale = client.post(f"{HOME}kiosk/", typed(version="1", name="报刊亭"))
    assert stale.status_code == 409
    assert 'value="报刊亭"' in stale.content.decode()
    assert client.post(f"{HOME}kiosk/retire/", {"active": "0", "reason": "", "version": "2"}).status_code == 302
    assert Kind.objects.get(code="kiosk").active
    client.post(f"{HOME}kiosk/retire/", {"active": "0", "reason": "已全部拆除", "version": "2"})
    assert not Kind.objects.get(code="kiosk").active
    assert "停用" in words(client.get(HOME))


def test_the_shipped_ledgers_come_in_with_one_button_and_nobody_else_finds_the_page(world):
    client = enter(world, "xitong")
    client.post(f"{HOME}ship/")
    assert Kind.objects.filter(code="waterlogging").exists()
    assert services.load_shipped(now=world.now) == 0
    assert "易积水点" in words(client.get(HOME))
    for who in ("shegong", "chengguan", "ducha"):
        assert enter(world, who).get(HOME).status_code == 404
        assert enter(world, who).post(f"{HOME}new/", typed()).status_code == 404
