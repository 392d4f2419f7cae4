"""Names linked by hand to what Linli knows, over HTTP: searched, chosen, taken back, remembered for the next text."""

import pytest

from linli.foundation.journal.models import Entry
from linli.interfaces.desk.tests.documents_help import taken
from linli.interfaces.desk.tests.help import enter
from linli.programmes.documents import services
from linli.programmes.documents.models import Alias, Finding

pytestmark = pytest.mark.django_db
TEXT = "街道召开推进会\n\n街道党工委书记要求：一是由社管办公室负责加强巡查，6月底前完成；二是落实责任。"


@pytest.fixture
def finding(world):
    document = taken(world, TEXT)
    return services.add(
        by=world.actor("paidan"), now=world.now, document=document, edit=services.Edit("unit", "社管办公室")
    )


def test_a_name_is_linked_and_the_next_text_is_read_by_it(world, finding):
    client, unit = enter(world, "paidan"), world.units["management"]
    address = f"/desk/documents/findings/{finding.uuid}/"
    assert "关联" in client.get(f"/desk/documents/{finding.document.uuid}/check/?kind=unit").content.decode()
    assert "没有找到" in client.get(f"{address}link/").content.decode()  # searched by its words as printed
    shown = client.get(f"{address}link/?q=社区管理办公室").content.decode()
    assert f'value="unit:{unit.uuid}"' in shown
    for words in ("陶家宅", "书记"):
        assert "linkfound" in client.get(f"{address}link/?q={words}").content.decode()
    wrong = client.post(f"{address}link/", {"q": "社区管理办公室", "target": "unit:x", "revision": 0})
    assert wrong.status_code == 422
    assert "请从搜索结果中选择" in wrong.content.decode()
    sent = {"q": "社区管理办公室", "target": f"unit:{unit.uuid}", "revision": 0}
    assert client.post(f"{address}link/", sent).status_code == 302
    finding.refresh_from_db()
    assert (finding.state, finding.attributes["uuid"]) == ("changed", str(unit.uuid))
    stale = enter(world, "lingdao").post(f"{address}link/", sent)
    assert stale.status_code == 409
    assert "派单员甲刚刚改动了这一条" in stale.content.decode()
    assert Alias.objects.count() == 1
    after = taken(world, TEXT.replace("推进会", "例会"), title="下一份")
    read = Finding.objects.get(document=after, kind="unit", text="社管办公室")
    assert (read.attributes["uuid"], read.rule) == (str(unit.uuid), "unit.known")
    assert "已按名称自动关联" in client.get(f"/desk/documents/{after.uuid}/check/?kind=unit").content.decode()
    asked = Finding.objects.filter(document=after, kind="requirement", text__contains="巡查").first()
    page = client.get(f"/desk/documents/findings/{asked.uuid}/task/").content.decode()
    assert f'value="{unit.pk}" selected' in page
    verbs = list(Entry.objects.filter(verb__in=("documents.link", "documents.alias")).values_list("verb", flat=True))
    assert sorted(verbs) == ["documents.alias", "documents.link"]


def test_a_link_is_taken_back_with_the_name_that_it_made(world, finding):
    client, address = enter(world, "paidan"), f"/desk/documents/findings/{finding.uuid}/"
    unit, other = world.units["management"], world.units["housing"]
    client.post(f"{address}link/", {"q": unit.name, "target": f"unit:{unit.uuid}", "revision": 0})
    client.post(f"{address}link/", {"q": other.name, "target": f"unit:{other.uuid}", "revision": 1})
    assert list(Alias.objects.filter(removed_at__isnull=True).values_list("label", flat=True)) == [other.name]
    assert client.post(address, {"act": "undo", "revision": 2}).status_code == 302
    finding.refresh_from_db()
    assert "uuid" not in finding.attributes
    assert not Alias.objects.filter(removed_at__isnull=True).exists()
    after = taken(world, TEXT.replace("推进会", "例会"), title="下一份")
    assert not Finding.objects.filter(document=after, text="社管办公室", attributes__uuid=str(other.uuid)).exists()


def test_the_names_are_listed_with_who_and_when_and_may_be_removed(world, finding):
    client, unit = enter(world, "paidan"), world.units["management"]
    empty = client.get("/desk/documents/aliases/").content.decode()
    assert "还没有别名" in empty
    address = f"/desk/documents/findings/{finding.uuid}/link/"
    client.post(address, {"q": unit.name, "target": f"unit:{unit.uuid}", "revision": 0})
    row = Alias.objects.get()
    shown = client.get("/desk/documents/aliases/?q=社管").content.decode()
    for words in ("社管办公室", unit.name, "派单员甲", "2026-03-10", "移除"):
        assert words in shown
    reader = enter(world, "shuji")
    assert "移除</button>" not in reader.get("/desk/documents/aliases/").content.decode()
    assert reader.post(f"/desk/documents/aliases/{row.uuid}/").status_code == 403
    assert reader.post(address, {"q": unit.name, "target": f"unit:{unit.uuid}", "revision": 1}).status_code == 403
    assert enter(world, "wuye").get("/desk/documents/aliases/").status_code == 404
    assert client.post(f"/desk/documents/aliases/{row.uuid}/").status_code == 302
    again = client.post(f"/desk/documents/aliases/{row.uuid}/")
    assert again.status_code == 409
    assert "已被移除" in again.content.decode()
    assert "社管办公室" in client.get("/desk/documents/aliases/?past=1").content.decode()
    assert Entry.objects.filter(verb="documents.alias_remove").count() == 1


def test_two_thousand_names_are_paged(world, django_assert_max_num_queries):
    given = {"kind": "unit", "target": world.units["management"].uuid, "made_at": world.now}
    Alias.objects.bulk_create(
        Alias(name=f"写法{n:04d}", label="管理办", made_label="甲", **given) for n in range(2_000)
    )
    client = enter(world, "paidan")
    client.get("/desk/documents/")
    with django_assert_max_num_queries(8):
        page = client.get("/desk/documents/aliases/").content.decode()
    assert "下一页" in page
