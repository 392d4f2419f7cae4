"""文明创建 at the desk: the library, self-checks, mock tests and what they found, by HTTP."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from docx import Document

from linli.engines.cases.models import Case
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Finding, Submission
from linli.engines.fieldwork.tests.test_findings import to_closed
from linli.foundation.core.actors import SYSTEM
from linli.foundation.jobs.services import drain
from linli.foundation.rulebook import services as rulebook
from linli.interfaces.portal.tests.steps import words
from linli.programmes.civility import services
from linli.programmes.civility.models import Edition, Standard, Trial
from linli.programmes.civility.tests.scenes import asked, lay_library, packet, points, send, start, visits
from tests.login import log_in

pytestmark = pytest.mark.django_db


class Office:
    """Somebody at their desk."""

    def __init__(self, world, client):
        self.world, self.client, self.day = world, client, world.now.date()

    def sit(self, who):
        log_in(self.client, self.world.users[who])
        return self

    def see(self, name, /, *args, status=200, **query):
        answer = self.client.get(reverse(f"desk:{name}", args=args), query)
        assert answer.status_code == status, answer.status_code
        return answer

    def read(self, name, /, *args, **query):
        return words(self.see(name, *args, **query))

    def send(self, name, /, *args, status=302, **data):
        answer = self.client.post(reverse(f"desk:{name}", args=args), data)
        assert answer.status_code == status, words(answer)[:2500]
        return answer

    def act(self, name, row, act, /, status=302, **data):
        version = getattr(type(row).objects.get(pk=row.pk), "version", "")
        return self.send(name, row.uuid, status=status, act=act, version=version, **data)


@pytest.fixture
def office(at, client):
    return Office(at, client).sit("ducha")


STANDARD = {"project": "公共环境", "content": "公厕卫生", "text": "洗手液、烘手机可用", "way": "field",
            "point_type": "toilet", "full": "2", "weight": "1"}  # fmt: skip


@pytest.mark.mechanism("000-25", "004-13", "004-19")
def test_a_library_is_loaded_changed_published_and_becomes_the_forms_of_each_type_of_point(office):
    """From nothing to forms with the standard's text at hand; what is in use is frozen, the next says what changed."""
    fieldwork.load_shipped(now=office.world.now)
    office.send("civility_load")
    draft = Edition.objects.get()
    unit = office.world.units["management"].pk
    office.send("civility_standard_new", draft.uuid, version=draft.version, unit_id=unit, **STANDARD)
    refused = office.send("civility_standard_new", draft.uuid, status=409, version=1, **STANDARD)
    assert "洗手液、烘手机可用" in refused.content.decode()  # nothing typed is lost
    refused = office.send("civility_standard_new", draft.uuid, status=422, **(STANDARD | {"point_type": ""}))
    assert "实地考察的标准要选一个点位类型" in words(refused)
    office.send("civility_publish", draft.uuid)
    form = {code for _group, code, _photo in asked("toilet")}
    assert {"toilet_clean", "toilet_access"} < form
    assert {code for _g, code, _p in asked("market")} & form == set()
    said = office.read("civility_standard", draft.uuid, "toilet_access")
    assert "堆放保洁工具的为不达标" in said
    assert office.see("civility_standard_edit", draft.uuid, "toilet_access", status=404)
    office.send("civility_edition_new", title="二〇二六年版", source="区文明办通知")
    later = Edition.objects.get(state="draft")
    office.send("civility_standard_remove", later.uuid, "toilet_signs")
    said = office.read("civility_changes", later.uuid)
    assert "删去" in said
    assert "指引标识清楚" in said
    assert Standard.objects.filter(edition=draft, code="toilet_signs").exists()
    assert "指引标识清楚" in office.read("civility_edition", draft.uuid, type="toilet")
    assert "没有符合的标准" in office.read("civility_edition", draft.uuid, q="不会有的字")


@pytest.mark.mechanism("000-26")
def test_the_matrix_names_who_leads_and_who_helps_for_each_standard(office):
    lay_library(office.world)
    office.send("civility_edition_new", title="新版", source="")
    draft = Edition.objects.get(state="draft")
    row = Standard.objects.get(edition=draft, code="main_clean")
    lead, helps = office.world.units["management"], office.world.units["enforcement"]
    office.send(
        "civility_standard_edit", draft.uuid, row.code, version=draft.version, unit_id=lead.pk, helper_ids=[helps.pk],
        **(STANDARD | {"text": row.text, "content": row.content, "point_type": "main_street"}),
    )  # fmt: skip
    page = office.see("civility_matrix", draft.uuid, project="公共环境")
    cells = next(r["cells"] for r in page.context["rows"] if r["standard"].code == "main_clean")
    heads = [u.id for u in page.context["units"]]
    assert dict(zip(heads, cells, strict=True)) == {lead.pk: "lead", helps.pk: "help"}
    assert "● 责任" in words(page)
    assert row.text in office.read("civility_edition", draft.uuid, unit=helps.pk)


@pytest.fixture
def checked(office):
    """A self-check of 陶家宅 by its secretary, two of three toilets looked at, one item failed and one case made."""
    world = office.world
    lay_library(world)
    points(world, "toilet", 3)
    points(world, "compound", 1)
    office.sit("shuji")
    office.send(
        "civility_test_new", "self_check", title="陶家宅三月自查", unit_id=world.units["@陶家宅"].pk,
        area_id=world.areas["陶家宅"].pk, starts_on=office.day, ends_on=office.day + timedelta(days=20),
        types=["toilet", "compound"], every="weeks",
    )  # fmt: skip
    trial = Trial.objects.get()
    first, second, *_more = [v for v in visits(trial) if v.target.facts["type"] == "toilet"]
    send(world, first, "toilet", {"toilet_access": "bad", "toilet_signs": "none"}, who="shegong")
    send(world, second, "toilet", who="shegong")
    home = next(v for v in visits(trial) if v.target.facts["type"] == "compound")
    send(world, home, "compound", {"home_corridor": "bad"}, who="shegong")
    return trial


def mended_and_looked_at_again(world, case, kind):
    """Take a case to its end and send what the second look that is planned then finds: all is well."""
    drain(now=world.now)
    to_closed(world, case, world.now + timedelta(days=1))
    later = world.now + timedelta(days=3)
    visit = Finding.objects.get(case_uuid=case.uuid).recheck
    assert visit is not None
    again = packet(world, visit, kind, who="shegong", made_at=later)
    fieldwork.submit(by=world.actor("shegong", later), now=later, packet=again)


@pytest.mark.mechanism("000-27")
def test_a_self_check_of_a_neighbourhood_finds_has_mended_looks_again_and_counts_what_is_through(office, checked):
    """Checklist → problem → case → rectified → re-check → closing rate, the figures open their rows."""
    page = office.see("civility_test", checked.uuid)
    found = page.context["shown"]
    count = len(asked("compound"))
    assert (found.whole.score.perfect, found.whole.score.observed) == (6 + count - 1, 7 + count)
    assert "自测，非官方测评" in words(page)
    gaps = office.read("civility_gaps", checked.uuid)
    assert "无障碍厕位可用" in gaps
    assert "陶家宅居民委员会" in gaps
    corridor = Finding.objects.get(item__endswith="home_corridor")
    case = Case.objects.get(uuid=str(corridor.case_uuid))
    assert case.category.code == "corridor_clutter"
    assert "没有符合的问题" in office.read("civility_gaps", checked.uuid, open="no")
    mended_and_looked_at_again(office.world, case, "compound")
    corridor.refresh_from_db()
    assert corridor.state == "scored"
    again = office.see("civility_test", checked.uuid).context["shown"]
    assert again.whole.score == found.whole.score  # a second look closes the problem and leaves the rate as it was
    assert office.see("civility_test", checked.uuid).context["shown"].closed == "50.0%"
    assert "楼道、疏散通道" in office.read("civility_gaps", checked.uuid, open="no")
    assert "无障碍厕位" not in office.read("civility_gaps", checked.uuid, item="home_corridor")
    assert "无障碍厕位" in office.read("civility_gaps", checked.uuid, unit=office.world.units["@陶家宅"].pk)
    assert "没有符合的问题" in office.read("civility_gaps", checked.uuid, unit=office.world.units["market"].pk)


@pytest.mark.mechanism("004-11")
def test_an_inspection_is_not_closed_without_feedback_and_result(office, checked):
    refused = office.act("civility_test", checked, "close", status=422, feedback="已向物业反馈", result="")
    assert "已向物业反馈" in refused.content.decode()
    assert Trial.objects.get().state == "open"
    office.act("civility_test", checked, "close", feedback="已向物业反馈", result="堆物已清")
    assert "堆物已清" in office.read("civility_test", checked.uuid)
    office.act("civility_test", checked, "close", status=409, feedback="再来", result="再来")


def test_other_neighbourhoods_and_residents_do_not_see_a_self_check(office, checked, world):
    office.sit("jumin").see("civility_test", checked.uuid, status=403)
    office.sit("ducha").see("civility_test", checked.uuid)
    Trial.objects.update(area_path="/1/2/none/", unit=world.units["@潘东"])
    office.sit("shuji").see("civility_test", checked.uuid, status=404)
    assert "陶家宅三月自查" not in office.read("civility_self_check")
    office.act("civility_test", checked, "close", status=404, feedback="x", result="x")


def test_a_mock_test_ranks_units_only_from_enough_and_goes_out_as_paper_sheet_and_document(office):
    world = office.world
    lay_library(world)
    points(world, "toilet", 12, unit_id=world.units["management"].pk)
    points(world, "toilet", 4, area="潘东")
    day = office.day
    data = {"title": "三月模拟测评", "unit_id": world.units["centre"].pk, "starts_on": day,
            "ends_on": day + timedelta(days=9), "types": ["toilet"]}  # fmt: skip
    refused = office.send("civility_test_new", "mock", status=422, wanted=10, **data)
    assert "三月模拟测评" in refused.content.decode()
    office.send("civility_test_new", "mock", wanted=16, seed="三月 10 日摇号", **data)
    trial = Trial.objects.get()
    for n, visit in enumerate(visits(trial)):
        send(world, visit, "toilet", {"toilet_clean": "bad"} if n % 4 == 0 else {})
    page = office.see("civility_test", trial.uuid)
    found = page.context["shown"]
    ranks = {r.name: r.rank for r in found.units}
    assert ranks[world.units["management"].name] == 1
    assert ranks["潘东居民委员会"] is None  # 16 observations are too few
    assert "观测不足 30 次的不排名次" in words(page)
    assert "<svg" in page.content.decode()
    assert "三月 10 日摇号" in words(page)
    paper = office.read("civility_test_print", trial.uuid)
    assert "自测，非官方测评" in paper
    book = openpyxl.load_workbook(BytesIO(b"".join(office.see("civility_test_sheet", trial.uuid).streaming_content)))
    assert book.sheetnames == ["合计", "按点位类型", "按单位", "按居民区", "按标准", "问题清单", "加减乘法清单"]
    assert "自测，非官方测评" in book["合计"]["A1"].value
    assert book["问题清单"].max_row == 2 + 4
    document = Document(BytesIO(office.see("civility_test_document", trial.uuid).content))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "自测，非官方测评" in text
    assert "三月 10 日摇号" in text


def test_the_result_page_asks_no_more_of_the_database_with_more_records(
    office, checked, django_assert_num_queries, django_assert_max_num_queries
):
    office.see("civility_test", checked.uuid)
    with django_assert_max_num_queries(16) as before:
        office.see("civility_test", checked.uuid)
    left = next(v for v in visits(checked) if v.state == "due" and v.target.facts["type"] == "toilet")
    send(office.world, left, "toilet", {"toilet_clean": "bad"}, who="shegong")
    with django_assert_num_queries(len(before)):
        assert office.see("civility_test", checked.uuid).context["shown"].closing.found == 3
    with django_assert_max_num_queries(12):
        office.see("civility_gaps", checked.uuid)


@pytest.mark.mechanism("000-38")
def test_a_daily_case_counts_for_its_indicator_without_a_second_record(office, reported):
    edition = lay_library(office.world)
    reported()
    page = office.see("civility_standard", edition.uuid, "main_ash")
    assert (page.context["daily"].found, page.context["daily"].open) == (1, 1)
    assert "category=garbage" in page.content.decode()
    assert Submission.objects.count() == 0
    assert office.see("civility_standard", edition.uuid, "main_blind").context["daily"] is None


@pytest.mark.mechanism("004-10")
def test_supervision_at_every_level_with_a_random_plan_that_can_be_drawn_again(office):
    world = office.world
    lay_library(world)
    points(world, "toilet", 8)
    for level in ("street", "line", "neighbourhood", "volunteer"):
        office.send(
            "civility_test_new", "supervision", title=f"{level} 督查", unit_id=world.units["party"].pk, level=level,
            starts_on=office.day, ends_on=office.day + timedelta(days=5), types=["toilet"], seed="同一种子", wanted=3,
        )  # fmt: skip
    assert all(len(visits(t)) == 3 for t in Trial.objects.all())
    assert len({frozenset(v.target_id for v in visits(t)) for t in Trial.objects.all()}) == 1
    said = office.read("civility_supervision", level="volunteer")
    assert "volunteer 督查" in said
    assert "street 督查" not in said
    assert "志愿者巡访" in said


def test_what_was_corrected_counts_once_and_the_first_page_names_what_is_low(office, checked):
    sent = Submission.objects.filter(target__facts__type="toilet").order_by("pk").first()
    world = office.world
    assert sent is not None
    assert sent.visit is not None
    again = packet(world, sent.visit, "toilet", {"toilet_access": "bad"}, former=sent.uuid, who="shegong")
    fieldwork.submit(by=world.actor("shegong"), now=world.now, packet=again)
    home = office.see("civility")
    assert home.context["shown"].whole.score.not_applicable == 0
    assert "无障碍厕位可用" in words(home)
    rulebook.load_shipped(by=SYSTEM, now=world.now)
    assert services.recount(trial=checked) == 3


def test_starting_is_refused_to_who_does_not_lead_there_and_says_what_is_missing(office):
    world = office.world
    lay_library(world)
    data = {"title": "自查", "unit_id": world.units["party"].pk, "starts_on": office.day, "ends_on": office.day,
            "types": ["toilet"]}  # fmt: skip
    refused = office.send("civility_test_new", "self_check", status=422, **data)
    assert "范围内没有“公共厕所”类点位" in words(refused)
    refused = office.sit("shegong").send("civility_test_new", "self_check", status=403, **data)
    assert Trial.objects.count() == 0
    assert start(world, by="zhiban", types=("toilet",)) if points(world, "toilet", 1) else None
