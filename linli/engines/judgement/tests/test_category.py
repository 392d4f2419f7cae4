"""Suggesting, learning from closed cases, which version is used, and watching it: through the services."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.engines.cases.models import Case
from linli.engines.cases.selectors import corrections_since
from linli.engines.cases.services import correct
from linli.engines.cases.tests.steps import raise_case
from linli.engines.judgement.models import CategoryModel, CategoryMonth
from linli.engines.judgement.rules.category_features import Message
from linli.engines.judgement.rules.category_training import Example
from linli.engines.judgement.selectors import category as selectors
from linli.engines.judgement.services import category as services
from linli.engines.judgement.tests.messages import corpus
from linli.engines.judgement.tests.past import close_corpus, correct_many
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, StaleError
from linli.foundation.journal.models import Entry
from linli.foundation.rulebook import services as rulebook

pytestmark = pytest.mark.django_db
TALE = "武夷路的灯杆歪了，路灯一闪一闪，晚上走夜路看不清"


@pytest.fixture
def live(world):
    close_corpus(world)
    return services.train(by=SYSTEM, now=world.now)


def test_the_first_day_names_and_words_suggest_and_what_they_do_not_know_is_left_to_people(world):
    found = selectors.suggest("小区里的垃圾三天没人清了", now=world.now)
    assert (found.version, found.chosen.spec.code if found.chosen else "") == (0, "garbage")
    nothing = selectors.suggest("嗡嗡作响的铁柜子", now=world.now)
    assert (nothing.guesses, nothing.chosen) == ((), None)
    assert selectors.suggest("  ", now=world.now).guesses == ()


def test_traditional_characters_suggest_the_same(world):
    one, two = (selectors.suggest(t, now=world.now) for t in ("垃圾没人清运", "垃圾沒人清運"))
    assert one == two
    assert one.chosen is not None


def test_it_learns_from_closed_cases_and_goes_live_because_it_beats_names_and_words(world, live):
    assert (live.number, live.standing, live.origin) == (1, "live", "cases")
    assert live.until == world.now - timedelta(days=30)
    assert live.taught + live.report["count"] <= 440
    assert live.report["macro_f1"] > live.rival["macro_f1"]
    found = selectors.suggest(TALE, now=world.now, source="phone")
    assert found.version == 1
    assert found.chosen is not None
    assert found.chosen.spec.code == "street_lamp"
    assert sum(g.probability for g in found.guesses) <= 1 + 1e-6
    assert found.guesses[0].words
    assert all(w in TALE for w in found.guesses[0].words)
    entry = Entry.objects.get(verb="judgement.category_taught")
    assert entry.after is not None
    assert entry.after["digest"] == live.digest


def test_the_dearer_an_error_the_more_is_left_to_people(world, live):
    text = "路灯下堆着垃圾"
    cheap = selectors.suggest(text, now=world.now)
    rulebook.set_rule(
        by=SYSTEM, now=world.now, code="judgement.category.wrong", value=1_000_000, unit="份", source="试", mark="G",
        valid_from=world.now.date(), why="试",
    )  # fmt: skip
    dear = selectors.suggest(text, now=world.now)
    assert dear.guesses == cheap.guesses
    assert dear.threshold > 0.99999 > cheap.threshold
    assert dear.chosen is None


def test_a_worse_version_is_kept_and_not_used(world, live):
    later = world.now + timedelta(days=45)
    Case.objects.filter(state="closed").delete()
    close_corpus(world, until=world.now + timedelta(days=10), wrong=True)
    close_corpus(world, days=28, until=later)
    lost = services.train(by=SYSTEM, now=later)
    assert (lost.number, lost.standing) == (2, "lost")
    assert lost.report["macro_f1"] < lost.rival["macro_f1"]
    assert selectors.suggest(TALE, now=later).version == 1


def test_too_little_is_said_and_nothing_is_written(world):
    with pytest.raises(InvalidError) as caught:
        services.train(by=SYSTEM, now=world.now)
    assert "至少要 300 件" in str(caught.value.message)
    with pytest.raises(InvalidError):
        services.train(by=SYSTEM, now=world.now, rows=[e for e in corpus(world.now) if e.label == "noise"])
    assert not CategoryModel.objects.exists()


def test_confidential_cases_teach_nothing(world):
    close_corpus(world)
    Case.objects.filter(state="closed").update(confidential=True)
    assert list(selectors.examples(selectors.since(world.now), world.now)) == []


def test_a_sheet_teaches_too_and_rows_without_dates_are_split_by_their_ids(world):
    rows = [Example(e.key, Message(e.message.text), e.label) for e in corpus(world.now)]
    row = services.train(by=SYSTEM, now=world.now, rows=rows, file_name="去年.xlsx")
    assert (row.standing, row.origin, row.file_name, row.until) == ("live", "sheet", "去年.xlsx", None)


def test_at_night_it_learns_only_when_people_have_corrected_enough(world):
    close_corpus(world)
    correct_many(world, 29, world.now)
    assert services.learn_if_due(now=world.now) is None
    correct_many(world, 1, world.now)
    row = services.learn_if_due(now=world.now)
    assert row is not None
    assert services.learn_if_due(now=world.now + timedelta(days=1)) is None


def test_a_correction_by_a_dispatcher_is_what_counts(world):
    case = raise_case(world)
    assert corrections_since(None) == 0
    correct(by=world.actor("paidan"), now=world.now, case=case, reason="是垃圾", changes={"category": "garbage"})
    assert corrections_since(None) == 1
    assert corrections_since(world.now) == 0


def test_it_is_watched_month_by_month_on_what_it_has_not_learnt(world, live):
    months = services.watch(now=world.now)
    assert [m.month.isoformat()[:7] for m in months] == ["2026-03", "2026-02"]
    assert (
        sum(m.report["count"] for m in months)
        == Case.objects.filter(state="closed", reported_at__gte=live.until, reported_at__lt=world.now).count()
    )
    assert all(m.report["macro_f1"] > 0.9 and m.drift < 0.25 for m in months)
    Case.objects.filter(state="closed").update(category=Case.objects.filter(category__code="noise").first().category_id)
    services.watch(now=world.now)
    assert CategoryMonth.objects.count() == 2
    assert CategoryMonth.objects.get(month="2026-02-01").drift > 0.25


def test_a_person_goes_back_to_a_version_and_another_who_saw_less_is_told(world, live):
    xitong = world.actor("xitong")
    services.stop(by=xitong, now=world.now, reason="看看")
    assert selectors.suggest(TALE, now=world.now).version == 0
    with pytest.raises(ConflictError):
        services.stop(by=xitong, now=world.now, reason="再停")
    with pytest.raises(StaleError):
        services.put_to_use(by=xitong, now=world.now, uuid=live.uuid, reason="启用", expected=1)
    with pytest.raises(InvalidError):
        services.put_to_use(by=xitong, now=world.now, uuid=live.uuid, reason=" ", expected=0)
    services.put_to_use(by=xitong, now=world.now, uuid=live.uuid, reason="启用", expected=0)
    assert selectors.suggest(TALE, now=world.now).version == 1
    with pytest.raises(ConflictError):
        services.put_to_use(by=xitong, now=world.now, uuid=live.uuid, reason="启用", expected=1)
    assert Entry.objects.filter(verb="judgement.category_used").count() == 2


@pytest.mark.parametrize(
    ("who", "error"), [("paidan", NotFoundError), ("jumin", NotFoundError), ("zhiban", ForbiddenError)]
)
def test_others_decide_nothing(world, who, error):
    with pytest.raises(error):
        services.train(by=world.actor(who), now=world.now, rows=corpus(world.now))
    with pytest.raises(error):
        services.put_to_use(by=world.actor(who), now=world.now, uuid=UUID(int=1), reason="x", expected=0)
    with pytest.raises(error):
        services.stop(by=world.actor(who), now=world.now, reason="x")
    assert not CategoryModel.objects.exists()


def test_a_stored_model_that_was_changed_is_not_used(world, live):
    assert selectors.live() is not None
    CategoryModel.objects.update(content=live.content[:-9] + b"123456789")
    selectors.changed()
    assert selectors.live() is None
    found = selectors.suggest("小区里的垃圾三天没人清了", now=world.now)
    assert (found.version, found.chosen is not None) == (0, True)


def test_old_versions_lose_their_arrays_and_keep_their_figures(world, live, monkeypatch):
    monkeypatch.setattr(services, "KEPT_WHOLE", 1)
    for _turn in range(2):
        services.train(by=SYSTEM, now=world.now)
    empty = CategoryModel.objects.filter(content=b"").get()
    assert (empty.number, empty.standing) == (2, "lost")
    with pytest.raises(ConflictError):
        services.put_to_use(by=SYSTEM, now=world.now, uuid=empty.uuid, reason="x", expected=1)
    assert selectors.suggest(TALE, now=world.now).version == 1


def test_a_suggestion_costs_one_statement_and_none_while_it_is_fresh(world, live):
    selectors.suggest(TALE, now=world.now)
    with CaptureQueriesContext(connection) as context:
        selectors.suggest(TALE, now=world.now)
    assert len(context.captured_queries) == 0
