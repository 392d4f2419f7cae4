"""Members and lines from sheets: forty at once, faults by row, out and in again without a change."""

import pytest

from linli.foundation.core.errors import DomainError, ForbiddenError
from linli.foundation.sheets import services as sheets
from linli.foundation.sheets.tests.steps import bring, counts, faults, put_in
from linli.programmes.alliance import services
from linli.programmes.alliance.models import Entry, Member
from linli.programmes.alliance.types import EntryData, MemberData

pytestmark = pytest.mark.django_db
HEAD = "单位名称,类型,片区,能提供,联系岗位,办公电话,推荐单位"


def sheet(lines):
    return "\n".join(lines).encode("utf-8-sig")


@pytest.mark.mechanism("002-14")
def test_forty_member_units_come_in_at_once(year):
    by = year.world.actor("xitong")
    lines = [HEAD, *(f"示范单位{n:02},企业,,场地,党委办公室主任,021-555501{n:02},街道" for n in range(40))]
    batch = put_in(by, year.now, "alliance_members", sheet(lines), "a.csv")
    assert faults(batch) == {}
    assert Member.objects.filter(stage="applied").count() == 40
    row = Member.objects.get(name="示范单位07")
    assert row.contact() == ("", "021-55550107")
    assert b"55550107" not in bytes(row.phone_sealed)


def test_what_comes_out_goes_in_again_and_changes_nothing(year):
    by = year.world.actor("xitong")
    services.propose_member(
        by=year.keeper, now=year.now,
        data=MemberData("“天佑”市政", "company", contact_post="办公室主任", contact_name="甲", phone="021-55550123"),
    )  # fmt: skip
    year.entry("天佑‘6+6+6’美丽家园建设", published=False)
    year.entry("会议室", "resource", published=True)
    for code in ("alliance_members", "alliance_entries"):
        batch = bring(by, year.now, code, sheets.export(by=by, now=year.now, code=code))
        assert faults(batch) == {}
        assert counts(batch) == (0, 0, batch.total, 0)


def test_lines_come_in_as_drafts_and_published_ones_stay(year):
    by = year.world.actor("xitong")
    year.entry("会议室", "resource")
    lines = ["清单,名称,数量,计量单位,说明", "需求,法律讲座,4,场,面向老人", "资源,会议室,,,改一改", "项目,没有单位,3,,"]
    batch = bring(by, year.now, "alliance_entries", sheet(lines), "a.csv")
    found = faults(batch)
    assert sorted(found) == [3, 4]
    assert Entry.objects.count() == 1


def test_only_who_sets_up_brings_sheets_in(year):
    by = year.world.actor("paidan")
    with pytest.raises(DomainError):
        bring(by, year.now, "alliance_members", sheet([HEAD]), "a.csv")
    assert not Member.objects.exists()
    with pytest.raises(ForbiddenError):
        services.draft_entry(by=by, now=year.now, data=EntryData("project", "x"))
