"""The console's page of suggestions: the version in use, its months, trying a text, going back to a version."""

import pytest

from linli.engines.judgement.models import CategoryModel
from linli.engines.judgement.services import category as services
from linli.engines.judgement.tests.past import close_corpus
from linli.foundation.core import clock
from linli.foundation.core.actors import SYSTEM
from linli.interfaces.console.tests.test_categories import text_of
from linli.interfaces.desk.tests.help import enter
from tests.login import log_in

pytestmark = pytest.mark.django_db
ROOT = "/console/suggestions/"


@pytest.fixture
def admin(client, world):
    with clock.frozen(world.now):
        yield log_in(client, world.users["xitong"])


@pytest.fixture
def row(world, admin):
    close_corpus(world)
    return services.train(by=SYSTEM, now=world.now)


def test_before_the_first_version_the_page_says_what_suggests_and_a_text_can_be_tried(admin):
    page = text_of(admin.get(ROOT))
    assert "还没有学习过" in page
    assert "停用在用版本" not in page
    tried = text_of(admin.get(ROOT, {"text": "小区里的垃圾三天没人清了"}))
    assert "会替人选：暴露垃圾" in tried
    assert "没有分类合适。" in text_of(admin.get(ROOT, {"text": "嗡嗡作响的铁柜子"}))


def test_months_confusion_and_what_weighed_are_shown(world, admin, row, django_assert_max_num_queries):
    services.watch(now=world.now)
    admin.get(ROOT)
    with django_assert_max_num_queries(16):
        page = text_of(admin.get(ROOT, {"text": "半夜打桩声不停，睡不着觉"}))
    assert "2026-02" in page
    assert "相近" in page
    assert "全部版本" in page
    one = text_of(admin.get(f"{ROOT}{row.uuid}/"))
    assert "概率准不准" in one
    assert "当时在用的" in one
    assert "以后的案件没有用来学习" in one


def test_a_version_is_stopped_and_put_to_use_with_a_reason(world, admin, row):
    assert admin.post(f"{ROOT}stop/", {"reason": ""}).status_code == 422
    assert CategoryModel.objects.get().standing == "live"
    assert admin.post(f"{ROOT}stop/", {"reason": "先看看"}).status_code == 302
    assert CategoryModel.objects.get().standing == "kept"
    page = text_of(admin.get(f"{ROOT}{row.uuid}/"))
    assert "先看看" in page
    stale = admin.post(f"{ROOT}{row.uuid}/use/", {"reason": "再用", "expected": "1"})
    assert stale.status_code == 409
    assert "在用的版本已经换过" in text_of(stale)
    assert "再用" in stale.content.decode()
    assert admin.post(f"{ROOT}{row.uuid}/use/", {"reason": "", "expected": "0"}).status_code == 422
    assert admin.post(f"{ROOT}{row.uuid}/use/", {"reason": "再用", "expected": "0"}).status_code == 302
    assert CategoryModel.objects.get().standing == "live"
    assert admin.get(f"{ROOT}{row.uuid}/use/").status_code == 405


def test_leaders_read_and_others_find_nothing(world, admin, row):
    leader, dispatcher = enter(world, "zhiban"), enter(world, "paidan")
    page = text_of(leader.get(ROOT))
    assert "在用版本" in page
    assert "停用在用版本" not in page
    assert "启用这一版" not in text_of(leader.get(f"{ROOT}{row.uuid}/"))
    for client, status in ((leader, 404), (dispatcher, 404)):
        assert client.post(f"{ROOT}stop/", {"reason": "x"}).status_code == status
        assert client.post(f"{ROOT}{row.uuid}/use/", {"reason": "x", "expected": "0"}).status_code == status
    assert dispatcher.get(ROOT).status_code == 404
    assert dispatcher.get(f"{ROOT}{row.uuid}/").status_code == 404
    assert CategoryModel.objects.get().standing == "live"


def test_the_desk_shows_why_a_category_is_suggested_and_leaves_what_is_unsure_to_people(world, admin, row):
    desk = enter(world, "paidan")
    sure = text_of(desk.post("/desk/new/look/", {"text": "灯杆歪了，晚上走夜路看不清"}))
    assert "路灯" in sure
    assert "%" in sure
    assert "依据：" in sure
    assert "拿不准" not in sure
    unsure = text_of(desk.post("/desk/new/look/", {"text": "你们好"}))
    assert "拿不准是哪一类" in unsure
