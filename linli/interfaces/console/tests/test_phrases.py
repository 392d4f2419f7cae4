"""Sentences in the console, on the forms that offer them, and a person's own."""

import pytest

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.engines.cases.models import Phrase
from linli.engines.cases.workflow import Outcome
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from linli.foundation.journal.models import Entry
from linli.interfaces.console.tests.test_categories import text_of
from linli.interfaces.desk.tests.help import enter, handled, make_case
from tests.login import log_in

pytestmark = pytest.mark.django_db
ROOT = "/console/phrases/"


@pytest.fixture
def admin(client, world):
    with clock.frozen(world.now):
        yield log_in(client, world.users["xitong"])


@pytest.fixture
def kept(world, admin):
    services.adopt_phrases(by=SYSTEM, now=world.now)
    return admin


def save(client, uuid="new", status=302, **fields):
    answer = client.post(f"{ROOT}{uuid}/", {"verb": "reply", "category": "", "outcome": "", "edition": 0, **fields})
    assert answer.status_code == status, text_of(answer)[-600:]
    return text_of(answer)


def test_shipped_ones_are_in_force_until_they_are_taken_over(world, admin):
    assert "现在用的是出厂用语" in text_of(admin.get(ROOT))
    assert admin.post(f"{ROOT}adopt/").status_code == 302
    count = sum(len(texts) for texts in cases.shipped_phrases().values())
    assert Phrase.objects.count() == count
    assert admin.post(f"{ROOT}adopt/").status_code == 302
    assert Phrase.objects.count() == count
    assert Entry.objects.filter(verb="cases.adopt_phrases").count() == 2


def test_a_sentence_for_a_category_comes_first_and_is_filled_from_the_case(world, kept):
    save(kept, text="{number} 的{category}已由{unit}处理，{due}前回访。", verb="reply", category="garbage")
    save(kept, text="大类用语。", category="appearance")
    save(kept, text="别类用语。", category="lift")
    save(kept, text="只给已解决的。", outcome="solved")
    case = handled(world, make_case(world))
    found = cases.phrases_for("reply", case)
    assert found[0].startswith(f"{case.number} 的垃圾没人清已由{world.units['property'].name}处理，")
    assert found[1] == "大类用语。"
    assert "别类用语。" not in found
    assert "只给已解决的。" not in found
    case.outcome = Outcome.SOLVED
    assert "只给已解决的。" in cases.phrases_for("reply", case)


def test_forms_of_desk_and_field_offer_them(world, kept):
    save(kept, text="本街道专用的一句。", verb="hand_in")
    case = handled(world, make_case(world))
    assert "本街道专用的一句。" in enter(world, "wuye").get(f"/desk/cases/{case.number}/act/hand_in/").content.decode()
    assert "本街道专用的一句。" in enter(world, "wuye").get(f"/field/cases/{case.number}/hand_in/").content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("请找{name}办理", "没有 {name} 这一项"),
        ("由__办理", "四个下划线"),
        ("请打 13812345678", "不要写姓名、电话、证件号"),
        ("", "这个字段是必填项"),
        ("一\n二", "不能换行"),
    ],
)
def test_what_is_wrong_is_refused_and_stays_typed(world, kept, text, said):
    before = Phrase.objects.count()
    shown = save(kept, status=422, text=text, category="garbage")
    assert said in shown
    assert Phrase.objects.count() == before


def test_changed_with_a_history_moved_and_deleted(world, kept):
    row = Phrase.objects.filter(verb="reply").latest("order")
    save(kept, row.uuid, text="改过的一句。", edition=row.edition)
    assert "改过的一句。" in text_of(kept.get(f"{ROOT}{row.uuid}/"))
    entry = Entry.objects.get(verb="cases.save_phrase")
    assert ((entry.before or {})["text"], (entry.after or {})["text"]) == (row.text, "改过的一句。")
    assert "已被他人修改" in save(kept, row.uuid, status=409, text="又一句。", edition=row.edition)
    kept.post(f"{ROOT}{row.uuid}/arrange/", {"do": "up"})
    texts = list(Phrase.objects.filter(verb="reply").order_by("order", "id").values_list("text", flat=True))
    assert texts[-2] == "改过的一句。"
    kept.post(f"{ROOT}{row.uuid}/arrange/", {"do": "remove"})
    assert not Phrase.objects.filter(pk=row.pk).exists()
    Phrase.objects.filter(owner_id=None).exclude(verb="shift", order=1).delete()
    with pytest.raises(ConflictError):
        services.delete_phrase(by=SYSTEM, now=world.now, uuid=Phrase.objects.get().uuid)


def test_the_preview_fills_a_made_up_case_and_saves_nothing(world, kept):
    before = Phrase.objects.count()
    data = {"verb": "reply", "text": "{number}已由{unit}办结", "do": "preview"}
    answer = kept.post(f"{ROOT}new/", data)
    assert "HY20260310-0007已由示范物业服务企业办结" in text_of(answer)
    assert Phrase.objects.count() == before


def test_own_sentences_stay_ones_own(world, kept):
    mine, other = enter(world, "wuye"), enter(world, "paidan")
    assert mine.post("/desk/phrases/add/", {"verb": "hand_in", "text": "我常写的一句。"}).status_code == 302
    assert "我常写的一句。" in text_of(mine.get("/desk/phrases/"))
    assert "我常写的一句。" not in text_of(other.get("/desk/phrases/"))
    assert "我常写的一句。" not in text_of(kept.get(f"{ROOT}?verb=hand_in"))
    case = handled(world, make_case(world))
    assert cases.phrases_for("hand_in", case, world.users["wuye"].pk)[0] == "我常写的一句。"
    assert "我常写的一句。" not in cases.phrases_for("hand_in", case, world.users["paidan"].pk)
    row = Phrase.objects.get(owner_id=world.users["wuye"].pk)
    assert other.post(f"/desk/phrases/{row.uuid}/remove/").status_code == 404
    assert kept.post(f"{ROOT}{row.uuid}/arrange/", {"do": "remove"}).status_code == 404
    entry = Entry.objects.filter(verb="cases.save_phrase").latest("id")
    assert "我常写的一句。" not in str(entry.after)
    refused = mine.post("/desk/phrases/add/", {"verb": "hand_in", "text": "打 13812345678"})
    assert refused.status_code == 422
    assert "打 13812345678" in refused.content.decode()
    assert mine.post(f"/desk/phrases/{row.uuid}/remove/").status_code == 302
    assert not Phrase.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("name", ["anquan", "paidan", "chengguan", "jumin"])
def test_others_may_not_write_everybodys(world, kept, client, name):
    log_in(client, world.users[name])
    assert client.get(ROOT).status_code == 404
    row = Phrase.objects.filter(owner_id=None).earliest("id")
    actor, now = world.actor(name), world.now
    for act in (
        lambda: services.save_phrase(by=actor, now=now, verb="reply", text="x"),
        lambda: services.delete_phrase(by=actor, now=now, uuid=row.uuid),
        lambda: services.move_phrase(by=actor, now=now, uuid=row.uuid, step=1),
        lambda: services.adopt_phrases(by=actor, now=now),
    ):
        with pytest.raises(ForbiddenError):
            act()
    if name == "jumin":
        with pytest.raises(ForbiddenError):
            services.save_phrase(by=actor, now=now, verb="reply", text="x", own=True)


def test_two_thousand_and_none(world, admin, django_assert_max_num_queries):
    Phrase.objects.bulk_create(
        Phrase(verb="reply", text=f"第 {n} 句", order=n, changed_at=world.now) for n in range(2000)
    )
    cases.forget_phrases()
    with django_assert_max_num_queries(12):
        shown = text_of(admin.get(ROOT))
    assert "下一页" in shown
    with django_assert_max_num_queries(12):
        assert "第 1999 句" in text_of(admin.get(f"{ROOT}?q=1999"))
    assert "没有这样的用语" in text_of(admin.get(f"{ROOT}?q=没有"))
    case = handled(world, make_case(world))
    assert len(cases.phrases_for("reply", case)) == 40
    with pytest.raises(InvalidError):
        services.save_phrase(by=SYSTEM, now=world.now, verb="nothing", text="x")
    with pytest.raises(NotFoundError):
        cases.phrase(case.uuid)
