"""Several tasks of one document in one submit, over HTTP."""

import re

import pytest

from linli.engines.projects.models import Task
from linli.interfaces.desk.tests.documents_help import taken
from linli.interfaces.desk.tests.help import enter
from linli.programmes.documents.models import Finding

pytestmark = pytest.mark.django_db
TEXT = """街道召开推进会

街道党工委书记提出三点要求：一是加强巡查，由街道社区管理办公室负责，会同派出所，2026年6月30日前完成楼道清理；二是落实责任，各居民区每周自查一次；三是建立机制，确保29个易积水小区不漏一处。
"""


@pytest.fixture
def document(world):
    found = taken(world, TEXT)
    Finding.objects.filter(document=found, kind="requirement").update(
        state="confirmed", decided_at=world.now, decided_label="甲"
    )
    return found


def rows_of(document):
    return list(Finding.objects.filter(document=document, kind="requirement").order_by("start", "-end", "id"))


def row(finding, **fields):
    given = {"title": "按要求落实", "unit": "", "due_on": "2026-06-30", "revision": finding.revision, **fields}
    return {f"r{finding.pk}-{name}": value for name, value in given.items()}


@pytest.mark.mechanism("002-17")
def test_several_requirements_become_tasks_at_once_each_linked_to_its_words(world, document):
    client, page = enter(world, "paidan"), f"/desk/documents/{document.uuid}/"
    assert "选几条一起布置" in client.get(page).content.decode()
    shown = client.get(f"{page}tasks/").content.decode()
    found = rows_of(document)
    assert shown.count('name="row"') == len(found)
    one = next(f for f in found if "加强巡查" in f.text)
    unit = world.units["management"].pk
    assert re.search(rf'name="r{one.pk}-due_on" value="2026-06-30"', shown)
    picked = re.search(rf'<select[^>]*name="r{one.pk}-unit".*?</select>', shown, re.DOTALL).group(0)
    assert re.search(rf'value="{unit}" selected', picked)
    two = found[-1]
    sent = {
        "row": [one.uuid, two.uuid],
        **row(one, unit=unit, title="清理楼道", helpers=world.units["police"].name, person=""),
        **row(two, unit=world.units["@陶家宅"].pk, outside_reason="会议要求"),
    }
    assert client.post(f"{page}tasks/", sent).status_code == 302
    made = {t.source_uuid: t for t in Task.objects.all()}
    assert set(made) == {one.uuid, two.uuid}
    assert [h.unit_id for h in made[one.uuid].helpers.all()] == [world.units["police"].pk]
    left = client.get(f"{page}tasks/").content.decode()
    assert str(one.uuid) not in left
    # From the task back to the words: the finding's address leads to the card beside its span.
    task = client.get(f"/desk/tasks/{made[one.uuid].uuid}/").content.decode()
    assert f"/desk/documents/findings/{one.uuid}/" in task
    to = client.get(f"/desk/documents/findings/{one.uuid}/")
    assert to["Location"].endswith(f"check/?kind=requirement#f-{one.uuid}")
    assert f'id="s-{one.uuid}"' in client.get(to["Location"]).content.decode()


def test_one_wrong_row_refuses_all_and_keeps_everything_typed(world, document):
    client, address = enter(world, "paidan"), f"/desk/documents/{document.uuid}/tasks/"
    found = rows_of(document)
    good, bad, idle = found[0], found[-1], found[1]
    unit = world.units["management"].pk
    sent = {
        "row": [good.uuid, bad.uuid],
        **row(good, unit=unit, title="清理楼道的安排"),
        **row(bad, unit=world.units["@陶家宅"].pk, title="每周自查"),
        **row(idle, title="还没有勾选的话"),
    }
    refused = client.post(address, sent)
    assert refused.status_code == 422
    said = refused.content.decode()
    for words in (
        "有 1 行需要修改，没有布置任何任务",
        f"第 {len(found)} 行",
        "清理楼道的安排",
        "每周自查",
        "还没有勾选的话",
        "清单外的理由",
    ):
        assert words in said
    assert len(re.findall(r'name="row" value="[^"]+" checked', said)) == 2
    for wrong, words in (
        ({"person": "没有这个人"}, "该单位没有叫“没有这个人”的人"),
        ({"helpers": "没有这个单位"}, "没有名为“没有这个单位”的单位"),
        ({"due_on": "2026-03-01"}, "请选择今天或以后的日期"),
        ({"unit": ""}, "有 1 行需要修改"),
    ):
        answer = client.post(address, {**sent, **row(bad, **{"unit": unit, **wrong})})
        assert answer.status_code == 422, wrong
        assert words in answer.content.decode()
    assert client.post(address, {**sent, "row": []}).status_code == 422
    assert (Task.objects.count(), Finding.objects.filter(tasked_at__isnull=False).count()) == (0, 0)


def test_a_row_that_somebody_took_meanwhile_is_named_and_nothing_is_given_twice(world, document):
    first, other = enter(world, "paidan"), enter(world, "lingdao")
    address, unit = f"/desk/documents/{document.uuid}/tasks/", world.units["management"].pk
    one, two = rows_of(document)[:2]
    both = {"row": [one.uuid, two.uuid], **row(one, unit=unit), **row(two, unit=unit, title="第二件")}
    assert first.post(address, {"row": [one.uuid], **row(one, unit=unit)}).status_code == 302
    told = other.post(address, both)
    assert told.status_code == 422
    for words in ("别人刚刚改动了这一条，或已由它布置任务", "第二件", "第 1 行"):
        assert words in told.content.decode()
    assert Task.objects.count() == 1


def test_a_person_of_the_unit_may_own_the_task(world, document):
    client, found = enter(world, "paidan"), rows_of(document)[0]
    user = world.users["guanliban"]
    sent = {"row": [found.uuid], **row(found, unit=world.units["management"].pk, person=user.display_name)}
    assert client.post(f"/desk/documents/{document.uuid}/tasks/", sent).status_code == 302
    assert Task.objects.get().user_id == user.pk


def test_who_may_not_keep_documents_gives_no_tasks_and_the_page_asks_little(
    world, document, django_assert_max_num_queries
):
    address, found = f"/desk/documents/{document.uuid}/tasks/", rows_of(document)[0]
    reader = enter(world, "shuji")
    assert reader.get(address).status_code == 403
    sent = {"row": [found.uuid], **row(found, unit=world.units["management"].pk)}
    assert reader.post(address, sent).status_code == 403
    assert Task.objects.count() == 0
    Finding.objects.bulk_create(
        Finding(
            document=document, kind="requirement", start=n % 90, end=n % 90 + 5, text=f"要求{n}", confidence=80,
            rule="x", state="confirmed", decided_at=world.now,
        )
        for n in range(200)
    )  # fmt: skip
    client = enter(world, "paidan")
    client.get(address)
    with django_assert_max_num_queries(8):
        page = client.get(address).content.decode()
    assert "下一页" in page
    assert page.count('name="row"') == 20
