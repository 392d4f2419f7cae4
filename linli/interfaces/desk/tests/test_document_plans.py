"""Policies with versions and parts, and plans split to units, as pages."""

import pytest

from linli.engines.projects.models import Task
from linli.interfaces.desk.tests.documents_help import POLICY, requirement, taken
from linli.interfaces.desk.tests.help import enter
from linli.programmes.documents.models import Document, Part, PlanItem, PlanUnit

pytestmark = pytest.mark.django_db


def plan_of(world, **fields):
    return taken(world, POLICY, title="楼道治理实施意见", **{"kind": "policy", "number": "华街〔2026〕8号", **fields})


@pytest.mark.mechanism("003-16")
def test_a_policy_has_versions_and_parts_and_tasks_derived_and_a_changed_part_flags_them(world):
    client, first = enter(world, "paidan"), plan_of(world)
    second = next(f for f in first.findings.filter(kind="requirement") if "楼组长" in f.text)
    sent = {"title": "建立楼组长巡查机制", "unit": world.units["management"].pk, "due_on": "2026-06-30"}
    assert client.post(f"/desk/documents/findings/{second.uuid}/task/", sent).status_code == 302
    page = client.get(f"/desk/documents/{first.uuid}/parts/").content.decode()
    for words in ("一、总体要求", "二、主要任务", "三、保障措施", "建立楼组长巡查机制", "第 1 版", "华街〔2026〕8号"):
        assert words in page
    text = POLICY.replace("每周巡查一次", "每天巡查一次").replace(
        "三、保障措施", "三、督促检查。要每月通报。\n\n四、保障措施"
    )
    new = {"text": text, "kind": "policy", "title": "楼道治理实施意见（修订）", "previous": str(first.uuid)}
    answer = client.post("/desk/documents/new/", new)
    assert answer.status_code == 302, answer.content.decode()
    latest = Document.objects.get(version=2)
    assert list(latest.parts.order_by("position").values_list("change", flat=True)) == [
        "same",
        "changed",
        "new",
        "same",
    ]
    page = client.get(f"{answer['Location']}parts/").content.decode()
    for words in ("有修改", "新增", "旧版任务，待核对", "建立楼组长巡查机制", "有 1 项未办结的任务"):
        assert words in page
    again = client.post("/desk/documents/new/", {**new, "text": text + "另", "previous": str(first.uuid)})
    assert again.status_code == 422


@pytest.mark.mechanism("004-36")
def test_a_street_plan_is_split_into_unit_plans_and_what_is_dropped_is_shown(world):
    client, document = enter(world, "paidan"), plan_of(world, kind="plan")
    page = f"/desk/documents/{document.uuid}/plan/"
    assert "还没有选择承担单位" in client.get(page).content.decode()
    units = [world.units["management"].pk, world.units["@陶家宅"].pk]
    assert client.post(page, {"units": units}).status_code == 302
    shown = client.get(page).content.decode()
    assert "有 3 个部分还没有单位承担" in shown
    parts = list(Part.objects.filter(document=document).order_by("position"))
    head, secretary, other = enter(world, "guanliban"), enter(world, "shuji"), enter(world, "shuji02")
    cell = f"/desk/documents/parts/{parts[0].uuid}/units/{units[1]}/"
    assert other.get(cell).status_code == 200
    assert other.post(cell, {"text": "x"}).status_code == 403
    both = secretary.post(cell, {"text": "每周自查", "not_applicable": "无楼道"})
    assert both.status_code == 422
    for words in ("不用再写不适用的理由", "每周自查", "无楼道"):
        assert words in both.content.decode()
    assert secretary.post(cell, {"text": "每周自查一次", "due_on": "2026-06-30"}).status_code == 302
    stale = secretary.post(cell, {"text": "另一个"})
    assert stale.status_code == 409
    assert "别人刚刚填写了这一格" in stale.content.decode()
    assert "另一个" in stale.content.decode()
    for part in parts[1:]:
        for unit, who in zip(units, (head, secretary), strict=True):
            sent = {"text": "落实" if part == parts[1] else "", "not_applicable": "" if part == parts[1] else "不涉及"}
            assert who.post(f"/desk/documents/parts/{part.uuid}/units/{unit}/", sent).status_code == 302
    shown = client.get(page).content.decode()
    for words in ("没有遗漏", "还有 1 格未填", "各单位都说明不适用", "三、保障措施"):
        assert words in shown
    give = {"title": "每周自查一次", "due_on": "2026-06-30"}
    assert secretary.post(f"{cell}task/", give).status_code == 403
    assert client.post(f"{cell}task/", give).status_code == 422  # a 居民区 is asked with an entry or a reason
    assert client.post(f"{cell}task/", {**give, "outside_reason": "方案要求"}).status_code == 302
    assert Task.objects.get().source_uuid == PlanItem.objects.get(part=parts[0]).uuid
    kept = client.post(page, {"units": units[:1]})
    assert kept.status_code == 409
    assert "已经填写安排，不能移出" in kept.content.decode()
    assert PlanUnit.objects.count() == 2
    assert secretary.post(page, {"units": units}).status_code == 403


def test_a_page_of_news_has_no_parts(world):
    document = taken(world)
    for name in ("parts", "plan"):
        assert enter(world, "paidan").get(f"/desk/documents/{document.uuid}/{name}/").status_code == 404
    assert requirement(document).text


def test_the_split_of_forty_parts_over_twenty_units_asks_little(world, django_assert_max_num_queries):
    numerals = [a + b for a in ("", "十", "二十", "三十") for b in "一二三四五六七八九"]
    text = "方案\n" + "\n".join(f"{n}、任务{i}。要落实第{i}项。" for i, n in enumerate(numerals))
    document = taken(world, text, kind="plan", ordered=False)
    units = [u for k, u in world.units.items() if k.startswith("@")][:20]
    PlanUnit.objects.bulk_create(PlanUnit(document=document, unit=u) for u in units)
    PlanItem.objects.bulk_create(
        PlanItem(part=p, unit=u, text="落实", entered_at=world.now, entered_label="甲")
        for p in Part.objects.filter(document=document)
        for u in units
    )
    client = enter(world, "paidan")
    client.get("/desk/documents/")
    with django_assert_max_num_queries(10):
        page = client.get(f"/desk/documents/{document.uuid}/plan/").content.decode()
    assert "没有遗漏" in page
