"""What many report is made a topic of the meetings: from a hot topic, with its cases, and back to each of them."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from linli.engines.activities.models import Topic
from linli.engines.cases.models import CaseEvent, TopicCase
from linli.engines.cases.tests.steps import faults, get, raise_case
from linli.engines.judgement.tests.test_rules_topics import CRACKS, KILN, OTHERS
from linli.foundation.journal.models import Entry
from linli.interfaces.desk.tests.help import enter

pytestmark = pytest.mark.django_db
NEW = "/desk/topics/new/"


@pytest.fixture
def numbers(world):
    """Return the numbers of the cases of one matter, oldest first."""
    made = []
    for i, (_title, text) in enumerate([*KILN, *CRACKS, *OTHERS]):
        ago = world.now - timedelta(days=20, hours=-7 * i)
        made.append(raise_case(world, "noise", now=ago, text=text, address="").number)
    return made


def sent(client, numbers, **more):
    return client.post(NEW, {"of_cases": "1", "chosen": numbers, "title": "窑厂噪声", "text": "多人反映", **more})


def test_a_hot_topic_becomes_a_topic_that_lists_its_cases_and_each_case_says_so(world, numbers):
    client = enter(world, "paidan")
    hot = client.get(f"/desk/hot-topics/{numbers[0]}/").content.decode()
    assert "列为难题" in hot
    asked = urlencode({"chosen": numbers[:4], "title": "窑厂噪声", "text": "6 人反映 4 件"}, doseq=True)
    form = client.get(f"{NEW}?{asked}").content.decode()
    assert all(n in form for n in numbers[:4])
    assert 'value="窑厂噪声"' in form
    answer = sent(client, numbers[:4], difficulty="1")
    topic = Topic.objects.get()
    assert answer.headers["Location"] == f"/desk/topics/{topic.uuid}/"
    assert topic.difficulty
    page = client.get(f"/desk/topics/{topic.uuid}/").content.decode()
    assert all(n in page for n in numbers[:4])
    assert numbers[5] not in page
    assert "列入难题“窑厂噪声”" in client.get(f"/desk/cases/{numbers[0]}/").content.decode()
    assert Entry.objects.filter(verb="activities.raise_topic").count() == 1
    for link in TopicCase.objects.select_related("case"):
        assert not faults(get(link.case))


def test_readers_see_of_the_cases_what_they_may(world, numbers):
    sent(enter(world, "paidan"), numbers[:2])
    topic = Topic.objects.get()
    Topic.objects.update(unit=world.units["enforcement"], due_on=world.now.date(), state="owned")
    page = enter(world, "chengguan").get(f"/desk/topics/{topic.uuid}/").content.decode()
    assert "另有 2 件不在您的查看范围内" in page
    assert numbers[0] not in page


def test_confidential_cases_are_named_and_left_out_and_nothing_is_written(world, numbers):
    secret = raise_case(world, "noise", confidential=True).number
    client = enter(world, "paidan")
    answer = sent(client, [numbers[0], secret], title="只打了一半的标题")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert f"要求保密的案件不能列为难题：{secret}" in page
    assert "只打了一半的标题" in page
    assert not Topic.objects.exists()
    assert not CaseEvent.objects.filter(text__startswith="列入难题").exists()


def test_without_cases_or_a_title_it_is_said_and_what_was_typed_stays(world, numbers):
    client = enter(world, "paidan")
    empty = client.post(NEW, {"of_cases": "1", "title": "窑厂噪声"})
    assert (empty.status_code, "请至少选择一件案件" in empty.content.decode()) == (422, True)
    assert 'value="窑厂噪声"' in empty.content.decode()
    bare = sent(client, numbers[:2], title="")
    assert bare.status_code == 422
    assert numbers[0] in bare.content.decode()
    assert not Topic.objects.exists()


def test_contacts_are_masked_and_a_resident_is_refused(world, numbers):
    sent(enter(world, "paidan"), numbers[:1], text="联系 13812345678")
    assert "13812345678" not in Topic.objects.get().text
    assert sent(enter(world, "jumin"), numbers[:1]).status_code == 403
    assert Topic.objects.count() == 1


def test_the_page_of_a_topic_costs_the_same_with_more_cases(world, numbers, django_assert_max_num_queries):
    client = enter(world, "paidan")
    sent(client, numbers[:6])
    topic = Topic.objects.get()
    client.get(f"/desk/topics/{topic.uuid}/")
    with django_assert_max_num_queries(16):
        client.get(f"/desk/topics/{topic.uuid}/")
