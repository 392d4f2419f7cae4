"""Statements built once give what the query set gives: here on cases, which have every kind of column."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseEvent, Reporter
from linli.engines.cases.permissions import get_case_for, raised_q
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.foundation.core.actors import GUEST
from linli.foundation.core.coordinates import Point
from linli.foundation.core.db import prepared
from linli.foundation.core.db.prepared import MOMENT, NUMBER, TEXT, Prepared
from linli.foundation.core.errors import NotFoundError

pytestmark = pytest.mark.django_db
RELATED = ("category", "category_version", "unit", "handler", "area", "merged_into")


@pytest.fixture
def cases(world):
    contact = Contact(name="王阿姨", phone="13812345678", way=FeedbackWay.PHONE)
    where = {"point": Point(31.2215, 121.4195)}
    for i in range(3):
        report = Report(text=f"楼道堆物{i}", category="garbage", address="长宁路", contact=contact, **where)
        receipt = services.report(by=GUEST, now=world.now + timedelta(minutes=i), report=report)
        where = {"area_id": world.areas["陶家宅"].pk}
    case = get_case_for(world.actor("paidan"), receipt.number)
    later = world.now + timedelta(hours=1)
    services.accept(by=world.actor("paidan"), now=later, case=case)
    services.dispatch(by=world.actor("paidan"), now=later, case=case, unit_id=world.units["property"].pk)
    return list(Case.objects.order_by("pk"))


def _values(row):
    return {k: v for k, v in vars(row).items() if k != "_state"}


def _same(found, wanted):
    assert [_values(a) for a in found] == [_values(b) for b in wanted]
    for a, b in zip(found, wanted, strict=True):
        assert (a._state.db, a._state.adding) == (b._state.db, b._state.adding)
        for name, related in b._state.fields_cache.items():
            mine = a._state.fields_cache[name]
            assert mine == related
            assert related is None or _values(mine) == _values(related)


def test_it_gives_the_same_instances(world, cases):
    def build(number, moment, text):
        rows = Case.objects.filter(pk__lte=number, reported_at__gte=moment).exclude(title=text)
        return rows.select_related(*RELATED).order_by("-pk")

    statement = Prepared(build, [NUMBER, MOMENT, TEXT])
    for given in (
        (cases[-1].pk, world.now - timedelta(days=1), "x"),
        (cases[0].pk, world.now, "x"),
        (cases[-1].pk, world.now + timedelta(minutes=1), cases[1].title),
        (0, world.now, ""),
    ):
        with CaptureQueriesContext(connection) as asked:
            found = statement.all(*given)
        assert len(asked) == 1
        _same(found, list(build(*given)))
    assert statement.first(0, world.now, "") is None


def test_deferred_columns_stay_deferred(cases):
    def build(number):
        return Case.objects.filter(pk=number).only("number", "title")

    _same(Prepared(build, [NUMBER]).all(cases[0].pk), list(build(cases[0].pk)))


def test_a_value_may_stand_in_many_places(cases):
    statement = Prepared(lambda c: Reporter.objects.filter(raised_q(c)), [NUMBER])
    _same(statement.all(cases[1].pk), list(Reporter.objects.filter(raised_q(cases[1].pk))))


def test_values_are_never_part_of_the_text(cases):
    statement = Prepared(lambda title: Case.objects.filter(title=title), [TEXT])
    for nasty in ("' OR 1=1 --", "%s", "100%", prepared.TEXT):
        assert statement.all(nasty) == []


def test_what_can_find_nothing_finds_nothing(cases):
    assert Prepared(lambda c: Case.objects.filter(pk=c, unit__in=[]), [NUMBER]).all(cases[0].pk) == []


@pytest.mark.parametrize("username", ["paidan", "wuye", "shuji", "jumin", "jiandu", "louzu"])
def test_the_door_is_the_same_for_a_number_and_for_an_id(world, cases, username):
    actor = world.actor(username)
    for case in cases:
        found = []
        for key in (case.number, case.pk, case.uuid):
            try:
                found.append(get_case_for(actor, key).pk)
            except NotFoundError:
                found.append(None)
        assert len(set(found)) == 1
    with pytest.raises(NotFoundError):
        get_case_for(GUEST, cases[0].number)


@pytest.mark.parametrize(
    "build",
    [
        lambda c: Case.objects.filter(pk=c).values("pk"),
        lambda c: Case.objects.filter(pk=c).prefetch_related("events"),
        lambda _c: Case.objects.all(),
    ],
)
def test_what_cannot_be_prepared_is_refused(build):
    with pytest.raises((TypeError, ValueError)):
        Prepared(build, [NUMBER]).all(1)


def test_each_thread_builds_its_own():
    statement = Prepared(lambda c: CaseEvent.objects.filter(case=c), [NUMBER])
    mine, theirs = statement._built(), []
    thread = threading.Thread(target=lambda: theirs.append(statement._built()))
    thread.start()
    thread.join()
    assert statement._built() is mine
    assert theirs[0] is not mine
    assert theirs[0].text == mine.text
