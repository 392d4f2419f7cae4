"""Several cases of one cause: a root-cause case, its children, what came again after the cure."""

from datetime import timedelta
from typing import Any

import pytest

from linli.engines.cases import selectors, services
from linli.engines.cases.models import Case, RootCause
from linli.engines.cases.tests.steps import faults, get, raise_case, to_closed, to_handling
from linli.engines.cases.types import Kind
from linli.engines.cases.workflow import Outcome, State
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.jobs import services as jobs

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def open_root(world, cases, by="paidan", **more):
    receipt = services.open_root_cause(
        by=world.actor(by), now=world.now, cases=cases, **{"title": "垃圾房太小", "text": "每周都满出来", **more}
    )
    return get(Case(pk=receipt.case_id))


def cure(world, root, reason="扩建了垃圾房，增加清运一次"):
    """Take a root-cause case to its end."""
    paidan, unit = world.actor("paidan"), world.actor("chengguan")
    services.dispatch(by=paidan, now=world.now, case=root, unit_id=world.units["enforcement"].pk)
    services.sign(by=unit, now=world.now, case=root)
    services.hand_in(by=unit, now=world.now, case=root, text="已改造", outcome=Outcome.EXPLAINED)
    services.check(by=world.actor("jiandu"), now=world.now, case=root, passed=True)
    services.reply(by=paidan, now=world.now, case=root, way="none", text="已改造")
    return services.close(by=world.actor("lingdao"), now=world.now, case=root, reason=reason)


def test_the_children_are_linked_and_otherwise_left_as_they_are(world):
    one = raise_case(world, "garbage")
    two = to_handling(world, raise_case(world, "garbage"))
    before = [(get(c).state, get(c).due_at, get(c).unit_id) for c in (one, two)]
    root = open_root(world, [one, two])
    assert (root.kind, root.state, root.level) == (Kind.ROOT_CAUSE, State.TO_DISPATCH, "comprehensive")
    assert root.address == one.address
    assert [(get(c).state, get(c).due_at, get(c).unit_id) for c in (one, two)] == before
    found: Any = selectors.root_of(world.actor("paidan"), root, world.now)
    assert {c.number for c in found.children} == {one.number, two.number}
    assert found.again == []
    last: Any = get(one).events.order_by("-seq").first()
    assert last.data == {"root": root.number}
    for each in (root, one, two):
        assert not faults(each)


def test_it_has_the_long_limits_of_its_kind(world):
    root = open_root(world, [raise_case(world, "garbage"), raise_case(world, "garbage")])
    services.dispatch(by=world.actor("paidan"), now=world.now, case=root, unit_id=world.units["enforcement"].pk)
    root = get(root)
    assert root.dues["handle"] > (world.now + 30 * DAY).isoformat()
    assert "arrive" not in root.dues


@pytest.mark.parametrize("who", ["chengguan", "shegong", "wuye", "jumin", "xitong"])
def test_others_open_none(world, who):
    cases = [raise_case(world, "garbage"), raise_case(world, "garbage")]
    with pytest.raises(ForbiddenError):
        open_root(world, cases, by=who)
    assert not RootCause.objects.exists()
    assert Case.objects.count() == 2


def test_one_case_is_no_repetition_and_what_it_is_must_be_said(world):
    case, other = raise_case(world, "garbage"), raise_case(world, "garbage")
    for cases, more in (
        ([case], {}),
        ([case, case], {}),
        ([case, other], {"title": ""}),
        ([case, other], {"text": ""}),
    ):
        with pytest.raises(InvalidError):
            open_root(world, cases, **more)
    assert Case.objects.count() == 2


def test_cases_about_different_units_are_not_thrown_together(world):
    cases = [raise_case(world, "garbage"), raise_case(world, "garbage", subject_unit_id=world.units["property"].pk)]
    with pytest.raises(ConflictError):
        open_root(world, cases)


def test_a_confidential_child_makes_the_root_guarded(world):
    root = open_root(world, [raise_case(world, "garbage"), raise_case(world, "garbage", confidential=True)])
    assert root.guarded
    assert root.confidential


def test_closing_it_says_what_was_changed_and_watches_the_place(world):
    root = open_root(world, [raise_case(world, "garbage"), raise_case(world, "garbage")])
    with pytest.raises(InvalidError):
        cure(world, root, reason=" ")
    root = get(root)
    services.close(by=world.actor("lingdao"), now=world.now, case=root, reason="扩建了垃圾房")
    row = RootCause.objects.get()
    assert row.changed == "扩建了垃圾房"
    assert (row.watch_until - world.now.date()).days == 90
    jobs.drain(now=world.now)
    assert not faults(root)


def test_what_comes_after_the_cure_is_shown_as_come_again(world):
    root = open_root(world, [raise_case(world, "garbage"), raise_case(world, "garbage")])
    cure(world, root)
    same = raise_case(world, "garbage", now=world.now + 10 * DAY)
    raise_case(world, "noise", now=world.now + 10 * DAY)
    raise_case(world, "garbage", now=world.now + 10 * DAY, address="另一条路 9 号")
    raise_case(world, "garbage", now=world.now + 200 * DAY)
    found: Any = selectors.root_of(world.actor("paidan"), get(root), world.now + 201 * DAY)
    assert [c.number for c in found.again] == [same.number]
    services.reopen(by=world.actor("paidan"), now=world.now + DAY, case=get(root), reason="没改好")
    row = RootCause.objects.get()
    assert (row.changed, row.watch_until) == ("", None)
    found = selectors.root_of(world.actor("paidan"), get(root), world.now + 201 * DAY)
    assert found.again == []


def test_more_are_linked_later_each_once(world):
    root = open_root(world, [raise_case(world, "garbage"), raise_case(world, "garbage")])
    more = raise_case(world, "garbage")
    by = world.actor("paidan")
    assert services.link_to_root(by=by, now=world.now, root=root, cases=[more]) == 1
    assert services.link_to_root(by=by, now=world.now, root=get(root), cases=[get(more)]) == 0
    with pytest.raises(InvalidError):
        services.link_to_root(by=by, now=world.now, root=get(root), cases=[get(root)])
    cure(world, get(root))
    with pytest.raises(ConflictError):
        services.link_to_root(by=by, now=world.now, root=get(root), cases=[raise_case(world, "garbage")])


def test_the_rules_suggest_a_place_where_one_thing_comes_again_and_again(world):
    three = [raise_case(world, "garbage") for _i in range(3)]
    raise_case(world, "noise")
    raise_case(world, "garbage", now=world.now - 100 * DAY, address="老地方")
    (found,) = selectors.suggestions(world.actor("paidan"), world.now)
    assert (found.count, set(found.numbers)) == (3, {c.number for c in three})
    assert selectors.suggestions(world.actor("shuji02"), world.now) == []
    open_root(world, three)
    assert selectors.suggestions(world.actor("paidan"), world.now) == []


def test_a_reader_of_another_area_sees_neither_root_nor_children(world):
    root = open_root(world, [raise_case(world, "garbage"), raise_case(world, "garbage")])
    assert selectors.root_rows(world.actor("shuji02"), is_open=True).rows == []
    assert [c.pk for c in selectors.root_rows(world.actor("shuji"), is_open=True).rows] == [root.pk]
    (listed,) = selectors.root_rows(world.actor("paidan"), is_open=True).rows
    assert vars(listed)["child_count"] == 2


def test_a_root_cause_case_is_no_relapse_and_is_never_public(world):
    first = to_closed(world, raise_case(world, "garbage"))
    root = open_root(world, [get(first), raise_case(world, "garbage")])
    assert root.relapse_of is None
    later = world.now + 3 * DAY
    assert root.number not in {c.number for c in selectors.public_list(now=later).rows}
