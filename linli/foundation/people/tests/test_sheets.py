"""Sheets of posts and people: who may be named how, whose way in is guarded, what is proposed."""

import pytest

from linli.foundation.accounts.models import User
from linli.foundation.people.models import Appointment, Post
from linli.foundation.sheets import services
from linli.foundation.sheets.tests.books import book
from linli.foundation.sheets.tests.steps import bring, counts, faults, hangs, put_in, take_back

pytestmark = pytest.mark.django_db
PEOPLE = ["账号", "姓名", "手机号", "岗位", "任职自"]
HELD = "华阳路街道综合行政执法队/执法队长"


@pytest.fixture
def by(world):
    return world.actor("xitong")


def people(*rows):
    return book([PEOPLE, *rows])


def test_the_way_in_of_the_other_administrators_is_not_changed_by_a_sheet(world, by):
    batch = put_in(
        by, world.now, "people", people(["anquan", "安全管理员甲", "13900001111"], ["ANQUAN ", "改名", "", "", ""])
    )
    assert "不能由系统管理员更改" in faults(batch)[2]["phone"]
    assert faults(batch)[3] == {"": "与第 2 行重复。"}
    assert User.objects.get(username="anquan").phone == ""


def test_telephones_and_names_follow_the_rules_of_accounts(world, by):
    rows = [
        ["a", "太短", "", "", ""],
        ["13912345678", "电话当账号", "", "", ""],
        ["ok-1", "甲", "12", "", ""],
        ["ok-2", "乙", "13912345678", "", ""],
        ["ok-3", "丙", "+86 139 1234 5678", "", ""],
        ["jumin", "居民", "", "", ""],
        ["ok-4", "丁", "", "没有的单位/没有的岗位", "昨天"],
    ]
    batch = put_in(by, world.now, "people", people(*rows))
    assert {line: set(f) for line, f in faults(batch).items()} == {
        2: {"username"},
        3: {"username"},
        4: {"phone"},
        6: {"phone"},
        7: {"username"},
        8: {"posts", "since"},
    }
    assert counts(batch) == (1, 0, 0, 6)
    assert User.objects.get(username="ok-2").phone == "+8613912345678"


def test_a_name_and_a_telephone_are_changed_and_brought_back(world, by):
    batch = put_in(by, world.now, "people", people(["chengguan", "城管队员丙", "13912345678", "", ""]))
    assert counts(batch) == (0, 1, 0, 0)
    user = User.objects.get(username="chengguan")
    assert (user.display_name, user.phone) == ("城管队员丙", "+8613912345678")
    assert take_back(by, world.now, batch).state == "undone"
    user.refresh_from_db()
    assert (user.display_name, user.phone) == ("城管队员甲", "")


def test_posts_are_proposed_only_where_they_are_not_held(world, by):
    batch = put_in(by, world.now, "people", people(["zhongdui", "城管队长甲", "", HELD, "2020-01-01"]))
    assert (*counts(batch), batch.proposed) == (0, 0, 1, 0, 0)
    batch = put_in(by, world.now, "people", people(["zhongdui", "城管队长甲", "", "城管/执法队员", ""]))
    assert (*counts(batch), batch.proposed) == (0, 1, 0, 0, 1)
    security = world.actor("anquan")
    assert services.confirm(by=security, now=world.now, uuid=batch.uuid) == []
    held = set(Appointment.objects.filter(user__username="zhongdui").values_list("post__title", flat=True))
    assert held == {"执法队长", "执法队员"}
    take_back(by, world.now, batch)
    assert hangs(batch) == [("确认任职", f"已由{security.label}确认生效。")]


def test_what_cannot_be_put_in_force_leaves_nothing_in_force(world, by):
    """Two of the three administrators are never one person, not through a sheet either."""
    rows = [["xin01", "新人", "", "城管/执法队员", ""], ["xitong", "系统管理员甲", "", "党政办/审计管理员", ""]]
    batch = put_in(by, world.now, "people", people(*rows))
    assert batch.proposed == 2
    found = services.confirm(by=world.actor("anquan"), now=world.now, uuid=batch.uuid)
    assert [h.label for h in found] == ["系统管理员甲"]
    assert "审计管理员" in found[0].text
    assert not Appointment.objects.filter(user__username="xin01").exists()
    batch.refresh_from_db()
    assert batch.confirmed_at is None


def test_posts_come_in_for_units_and_areas(world, by):
    rows = [
        ["陶家宅居民委员会", "楼组长", "一楼组楼组长", "陶家宅居民区"],
        ["城管", "承办人", "", ""],
        ["街道党政办公室", "飞碟驾驶员", "", ""],
        ["没有的单位", "承办人", "", ""],
        ["陶家宅居民委员会", "居民", "", ""],
    ]
    batch = put_in(by, world.now, "posts", book([["单位", "角色", "岗位名称", "负责区域"], *rows]))
    assert counts(batch) == (2, 0, 0, 3)
    made = Post.objects.get(title="一楼组楼组长")
    assert (made.role, str(made.area)) == ("stairwell_head", "陶家宅居民区")
    assert Post.objects.filter(title="承办人", unit=world.units["enforcement"]).count() == 1
    again = bring(by, world.now, "posts", book([["单位", "角色", "岗位名称", "负责区域"], *rows[:2]]))
    assert counts(again) == (0, 0, 2, 0)
    assert take_back(by, world.now, batch).state == "undone"
