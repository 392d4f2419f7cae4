"""Duplicates in the database: who is shown what, at what cost, and what is learned from judgements."""

from datetime import timedelta

import pytest
from django.db import connection

from linli.engines.cases import services as cases
from linli.engines.cases.models import Case
from linli.engines.cases.tests.steps import get, raise_case
from linli.engines.judgement.models import DuplicateDismissal, DuplicateKey, DuplicateWeights
from linli.engines.judgement.rules import duplicates as rules
from linli.engines.judgement.selectors import duplicates as selectors
from linli.engines.judgement.services import duplicates as services
from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import ForbiddenError, InvalidError
from linli.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db
HERE = Point(31.2215, 121.4195)
DAY = timedelta(days=1)


def at(metres):
    return Point(HERE.lat + metres / 111_195, HERE.lon)


def garbage(world, metres=0.0, *, ago=DAY, text="垃圾房满了没人清", category="garbage", **fields):
    case = raise_case(world, category, now=world.now - ago, text=text, point=at(metres), area_id=None, **fields)
    return get(case)


def typed(world, who="paidan", **fields):
    data = {"text": "垃圾房又满了", "category": "garbage", "point": HERE, "address": "", **fields}
    return selectors.alike_typed(world.actor(who), now=world.now, **data)


def test_the_keys_are_written_with_the_case_and_follow_it(world):
    case = garbage(world)
    keys = set(DuplicateKey.objects.filter(case=case).values_list("key", flat=True))
    assert keys == set(rules.keys_of(selectors.sketch_of(case)))
    Case.objects.filter(pk=case.pk).update(lat=31.3)
    services.write_keys(get(case), fresh=False)
    assert set(DuplicateKey.objects.filter(case=case).values_list("key", flat=True)) != keys


def test_a_case_that_fails_to_be_written_leaves_no_key(world):
    with pytest.raises(InvalidError):
        raise_case(world, "garbage", text="")
    assert not DuplicateKey.objects.exists()


def test_what_was_reported_by_another_channel_is_offered_with_its_reasons(world):
    case = garbage(world, 20, source="hotline", external_number="H1")
    garbage(world, 280, category="noise", text="半夜施工吵得睡不着")
    (found,) = typed(world)
    assert (found.case.pk, found.likely) == (case.pk, True)
    words = "；".join(found.reasons)
    assert "相距 20 米" in words
    assert "相隔 1 天" in words
    assert "同一分类" in words
    assert "垃圾房" in words


def test_the_desk_is_offered_only_what_the_viewer_may_read(world):
    garbage(world, 10, confidential=True)
    assert len(typed(world, "paidan")) == 1
    assert typed(world, "wuye") == []


def test_residents_are_offered_public_cases_only_and_no_words_weigh(world):
    public = garbage(world, 20, ago=2 * DAY)
    garbage(world, 10, ago=2 * DAY, confidential=True)
    garbage(world, 10, ago=timedelta(hours=1))  # not public yet
    found = selectors.alike_public(category="garbage", point=HERE, address="", now=world.now, limit=3)
    assert [a.case.pk for a in found] == [public.pk]
    assert "都提到" not in "".join(found[0].reasons)
    assert selectors.alike_public(category="garbage", point=None, address="", now=world.now, limit=3) == []
    assert selectors.alike_public(category="noise", point=HERE, address="", now=world.now, limit=3) == []


def test_what_is_older_than_the_days_of_the_rulebook_is_not_looked_at(world):
    garbage(world, 5, ago=91 * DAY)
    assert typed(world) == []
    assert selectors.compared(
        Case.objects.all(), selectors.sketch_of_typed(
            text="垃圾房", category="garbage", point=HERE, address="", now=world.now - 10 * DAY
        ), now=world.now
    )  # fmt: skip


def _many(world, case, count):
    """Add ``count`` cases with their keys all over the city, some of them here."""
    names = [f.attname for f in Case._meta.concrete_fields if f.attname not in {"id", "uuid", "number"}]
    values = {n: getattr(case, n) for n in names}
    first = Case.objects.count()
    rows = [
        Case(
            **{
                **values,
                "lat": HERE.lat + (i % 97) / 300 if i % 9 else HERE.lat,
                "reported_at": world.now - timedelta(minutes=i),
                "number": f"T{first + i:07d}",
            }
        )
        for i in range(count)
    ]
    Case.objects.bulk_create(rows, batch_size=500)
    services.index_missing(now=world.now)


def test_a_look_costs_two_statements_and_a_bounded_number_of_rows(world, django_assert_num_queries):
    case = garbage(world)
    new = selectors.sketch_of_typed(text="垃圾房满了没人清", category="garbage", point=HERE, address="", now=world.now)
    read = []
    for count in (400, 1_600):
        _many(world, case, count)
        with django_assert_num_queries(2):
            read.append(len(selectors.compared(Case.objects.all(), new, now=world.now)))
    assert max(read) <= selectors.MOST_COMPARED
    keys = rules.keys_around(new)
    assert len(selectors.found_under(keys, world.now - 90 * DAY, world.now, 50)) <= 50 * len(keys)


def test_the_keys_are_read_from_their_index(world):
    garbage(world)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN SELECT case_id FROM judgement_duplicatekey WHERE key=1 ORDER BY at DESC LIMIT 9")
        else:
            cursor.execute(
                "EXPLAIN QUERY PLAN SELECT case_id FROM judgement_duplicatekey WHERE key=1 ORDER BY at DESC LIMIT 9"
            )
        plan = str(cursor.fetchall())
    assert "judgement_duplicate_key" in plan
    assert "TEMP B-TREE" not in plan


def test_old_cases_get_their_keys_once(world):
    garbage(world)
    DuplicateKey.objects.all().delete()
    assert services.index_missing(now=world.now) == 1
    assert services.index_missing(now=world.now) == 0


def test_nothing_merges_by_itself(world):
    one, two = garbage(world, 0), garbage(world, 1)
    assert len(typed(world)) == 2
    assert {get(c).merged_into_id for c in (one, two)} == {None}


def test_a_dismissed_pair_is_no_longer_offered_and_is_journalled(world):
    one, two = garbage(world, 0), garbage(world, 5)
    actor = world.actor("paidan")
    assert [a.case.pk for a in selectors.alike_case(actor, one, now=world.now)] == [two.pk]
    for _click in range(2):
        services.dismiss(by=actor, now=world.now, case=one, other=two)
    assert DuplicateDismissal.objects.get().by_label == actor.label
    assert Entry.objects.filter(verb="judgement.dismiss_duplicate").count() == 1
    for case in (one, two):
        assert selectors.alike_case(actor, case, now=world.now) == []
    with pytest.raises(InvalidError):
        services.dismiss(by=actor, now=world.now, case=one, other=one)
    with pytest.raises(ForbiddenError):
        services.dismiss(by=world.actor("jumin"), now=world.now, case=one, other=two)


def test_the_site_learns_from_its_merges_and_only_what_is_better_goes_live(world):
    assert services.relearn(now=world.now) is None
    actor = world.actor("paidan")
    for i in range(30):
        there = Point(HERE.lat + i / 100, HERE.lon)
        pair = [
            get(raise_case(world, "garbage", now=world.now - (40 - i) * DAY + n * timedelta(hours=2), point=there,
                           area_id=None, text=f"垃圾房满了没人清{i}", address=""))
            for n in range(2)
        ]  # fmt: skip
        far = get(
            raise_case(world, "noise", now=world.now - (40 - i) * DAY, area_id=None, text="半夜施工", address="",
                       point=Point(there.lat + 0.002, there.lon))
        )  # fmt: skip
        services.dismiss(by=actor, now=world.now, case=pair[1], other=far)
        cases.merge(by=actor, now=world.now, case=pair[1], main=pair[0], reason="同一件")
    row = services.relearn(now=world.now)
    assert row is not None
    assert row.judged >= 50
    assert row.live is (row.loss_after < row.loss_before)
    live = selectors.live_weights()
    assert live == (rules.Weights.from_json(row.data) if row.live else selectors.shipped_weights())
    DuplicateWeights.objects.all().delete()
    assert selectors.live_weights() == selectors.shipped_weights()
