"""Which sheets are of one layout, what is kept of it, and how a value that was said once is read."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.core.errors import ConflictError, ForbiddenError, NotFoundError
from linli.foundation.journal.models import Entry
from linli.foundation.people.models import Unit
from linli.foundation.sheets import selectors, services
from linli.foundation.sheets.models import Layout
from linli.foundation.sheets.rules import header_key, plain, tidied, transferred, unknown_values
from linli.foundation.sheets.tests.books import book
from linli.foundation.sheets.tests.steps import counts, faults
from tests.races import at_once

HEAD = ["机构全称", "电话", "归口"]
_HEADERS = st.lists(st.text("甲乙丙丁ab 1", max_size=4), min_size=1, max_size=6)


@given(_HEADERS, st.data())
def test_a_mapping_goes_where_its_headers_went_or_nowhere(headers, data):
    mapping = data.draw(st.dictionaries(st.sampled_from("xyz"), st.integers(0, len(headers) - 1)))
    there = data.draw(st.permutations(headers)) + data.draw(_HEADERS)
    moved = transferred(headers, mapping, there)
    if moved is not None:
        assert set(moved) == set(mapping)
        for name, at in moved.items():
            assert plain(there[at]) == plain(headers[mapping[name]])
            assert [plain(h) for h in there].count(plain(there[at])) == 1
    assert header_key(headers) == header_key([f" {h} " for h in headers])


@given(st.lists(st.sampled_from(["甲", "乙", "", "13812345678", "丙" * 201]), max_size=20))
def test_what_is_asked_about_is_what_nobody_calls_so_and_says_nothing_of_persons(cells):
    found = dict(unknown_values(cells, ["乙"], {}))
    assert found == ({"甲": cells.count("甲")} if "甲" in cells else {})
    said = {"c": dict.fromkeys(cells, "x"), "d": dict.fromkeys(cells, "")}
    assert tidied(said) == ({"c": kept} if (kept := dict.fromkeys(set(cells) - {"13812345678"}, "x")) else {})


@pytest.fixture
def by(world):
    return world.actor("xitong")


def bring(by, now, *rows, head=HEAD, name="名册.xlsx"):
    return services.upload(by=by, now=now, kind="units", name=name, content=book([head, *rows]))


def say(by, now, batch, mapping, values=None, *, keep=True):
    services.check(by=by, now=now, uuid=batch.uuid, mapping=mapping, values=values or {}, keep=keep)
    return services.run(uuid=batch.uuid, now=now)


MAPPING = {"name": 0, "phone": 1, "kind": 2}
VALUES = {"kind": {"执法类": "enforcement", "": "department"}}


@pytest.mark.django_db
def test_what_was_said_of_a_sheet_reads_the_next_of_its_layout(world, by):
    first = bring(by, world.now, ["新一中队", "1", "执法类"], ["新二科", "2", ""])
    assert first.mapping == {"phone": 1}
    checked = say(by, world.now, first, MAPPING, VALUES)
    assert (counts(checked), faults(checked)) == ((2, 0, 0, 0), {})
    services.apply(by=by, now=world.now, uuid=first.uuid)
    services.run(uuid=first.uuid, now=world.now)
    kinds = dict(Unit.objects.filter(name__startswith="新").values_list("name", "kind"))
    assert kinds == {"新一中队": "enforcement", "新二科": "department"}
    layout = Layout.objects.get()
    assert (layout.title, layout.headers, layout.changed_by) == ("名册.xlsx", HEAD, by.label)
    # Spaces and further columns that say nothing known do not matter, nor does their order.
    for head in ([f" {h}" for h in HEAD], ["序", *HEAD], [*HEAD[::-1], "说明"]):
        cells = {"机构全称": "新三队", "电话": "3", "归口": "执法类"}
        batch = bring(by, world.now, [cells.get(h.strip(), "x") for h in head], head=head)
        assert {n: head[at].strip() for n, at in batch.mapping.items()} == {
            "name": "机构全称", "phone": "电话", "kind": "归口",
        }  # fmt: skip
        services.check(by=by, now=world.now, uuid=batch.uuid)
        assert counts(services.run(uuid=batch.uuid, now=world.now)) == (1, 0, 0, 0)
    # A sheet that says more by itself is read by its headers; what was kept is on offer.
    more = bring(by, world.now, ["街道党政办公室", "1", "科室", "党政办"], head=[*HEAD, "简称"])
    assert (more.mapping, more.values) == ({"phone": 1, "short_name": 3}, {})
    assert selectors.recognised("units", [*HEAD, "简称"]).mapping == MAPPING
    assert selectors.recognised("units", ["机构全称", "电话", "类"]) is None
    assert selectors.recognised("posts", HEAD) is None


@pytest.mark.django_db
def test_one_kind_may_be_said_of_a_whole_sheet_and_a_choice_that_is_gone_is_a_fault(world, by):
    batch = bring(by, world.now, ["新四队", "4"], head=["单位名称", "电话"])
    checked = say(by, world.now, batch, {"name": 0, "phone": 1}, {"kind": {"": "police"}})
    assert counts(checked) == (1, 0, 0, 0)
    Layout.objects.update(values={"kind": {"": "spaceship"}})
    again = bring(by, world.now, ["新四队", "4"], head=["单位名称", "电话"])
    services.check(by=by, now=world.now, uuid=again.uuid)
    assert faults(services.run(uuid=again.uuid, now=world.now)) == {2: {"kind": "请填写。"}}


@pytest.mark.django_db
def test_nothing_is_kept_where_nothing_was_said_or_it_was_not_wanted(world, by):
    head = ["单位名称", "电话", "单位类型"]
    batch = bring(by, world.now, ["新五队", "5", "城管"], head=head)
    say(by, world.now, batch, batch.mapping)
    other = bring(by, world.now, ["新六队", "6", "城管"])
    say(by, world.now, other, MAPPING, keep=False)
    assert not Layout.objects.exists()
    say(by, world.now, other, MAPPING)
    say(by, world.now, other, MAPPING)
    assert Entry.objects.filter(verb__startswith="sheets.layout").count() == 1


@pytest.mark.django_db
def test_who_may_not_bring_a_sheet_neither_reads_nor_changes_its_layouts(world, by):
    row = services.remember(by=by, now=world.now, kind="units", headers=HEAD, mapping=MAPPING, values={}, title="甲")
    other = world.actor("paidan")
    with pytest.raises(ForbiddenError):
        services.remember(by=other, now=world.now, kind="units", headers=HEAD, mapping={}, values={})
    for act in (
        lambda: selectors.layout(other, row.uuid),
        lambda: services.forget_layout(by=other, now=world.now, uuid=row.uuid),
        lambda: services.change_layout(
            by=other, now=world.now, uuid=row.uuid, expected=1, title="", mapping={}, values={}
        ),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert selectors.layouts(other, ["units"]).rows == []
    row.refresh_from_db()
    assert (row.mapping, row.version) == (MAPPING, 1)


@pytest.mark.django_db
def test_a_layout_is_changed_by_version_and_forgotten_and_both_are_journalled(world, by):
    row = services.remember(by=by, now=world.now, kind="units", headers=HEAD, mapping=MAPPING, values={}, title="甲")
    later = world.now + timedelta(hours=1)
    said: dict[str, Any] = {"uuid": row.uuid, "title": "乙", "mapping": {"name": 0, "kind": 2}, "values": VALUES}
    changed = services.change_layout(by=by, now=later, expected=1, **said)
    assert (changed.version, changed.title, changed.values["kind"]["执法类"]) == (2, "乙", "enforcement")
    with pytest.raises(ConflictError) as stale:
        services.change_layout(by=by, now=later, expected=1, **said)
    assert stale.value.code == "sheets.layout_stale"
    services.forget_layout(by=by, now=later, uuid=row.uuid)
    assert not Layout.objects.exists()
    assert list(
        Entry.objects.filter(verb__startswith="sheets.layout").order_by("id").values_list("verb", flat=True)
    ) == ["sheets.layout_keep", "sheets.layout_change", "sheets.layout_forget"]


@pytest.mark.only_on("postgresql", reason="two at once")
@pytest.mark.django_db(transaction=True)
def test_two_who_keep_one_layout_at_once_keep_it_once(world):
    by = world.actor("xitong")
    acts = [
        lambda n=n: services.remember(
            by=by, now=world.now, kind="units", headers=HEAD, mapping={"name": n % 2}, values={}
        )
        for n in range(4)
    ]
    assert [r for r in at_once(*acts) if isinstance(r, BaseException)] == []
    assert Layout.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_was_kept_of_work_orders_before_is_taken_over_and_given_back(world):
    def to(name):
        executor = MigrationExecutor(connection)
        executor.migrate([("cases", name)])
        return executor.loader.project_state([("cases", name)]).apps

    try:
        before = to("0013_email").get_model("cases", "SheetLayout")
        said = {"mapping": {"key": 0}, "values": {"category": {"噪声类": "noise"}}}
        before.objects.create(kind="hotline", key=header_key(HEAD), changed_at=world.now, changed_by="甲", **said)
        to("0015_no_sheet_layouts")
        row = Layout.objects.get()
        assert (row.kind, row.mapping, row.values, row.headers) == ("hotline", said["mapping"], said["values"], [])
        assert selectors.recognised("hotline", [f" {h}" for h in HEAD]).mapping == {"key": 0}
        back = to("0013_email").get_model("cases", "SheetLayout").objects.get()
        assert (back.kind, back.mapping, back.changed_by) == ("hotline", said["mapping"], "甲")
    finally:
        to("0015_no_sheet_layouts")
