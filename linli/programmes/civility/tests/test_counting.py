"""Counting as things happen: the sums say what reading every record would say."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Finding, Round, Submission
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.forms import selectors as forms
from linli.foundation.forms import services as form_services
from linli.foundation.forms.types import Question, QuestionType
from linli.foundation.journal.models import Entry
from linli.programmes.civility import selectors, services
from linli.programmes.civility.models import Counted, Standard, Tally, Trial
from linli.programmes.civility.rules import tallying
from linli.programmes.civility.tests.scenes import lay_library, packet, points, send, start, visits
from linli.programmes.civility.types import Line, Mark, Score

CODES = {"a1": ("p", "a"), "a2": ("p", "a"), "b1": ("p", "b")}
FULL = {"a1": 2, "a2": 1, "b1": 3}
VETO, UNITS = {"a2"}, {"a1": "w", "a2": "w", "b1": "u"}


def counted_anew(every, among):
    """Return the score of the observations ``among`` all, one by one: a failed veto takes its whole content."""
    fallen = {CODES[code] for code, part, _p in every if code in VETO and part is not None and part < 1}
    seen = [(code, part) for code, part, _p in among if part is not None]
    against = {code for code, part in seen if code in VETO and part < 1}
    marks = sum((part * FULL[code] for code, part in seen if CODES[code] not in fallen), Fraction())
    full = sum((Fraction(FULL[code]) for code, _part in seen), Fraction())
    return Score(marks, full, len(seen), sum(part == 1 for _c, part in seen), len(among) - len(seen),
                 tuple(sorted(against)))  # fmt: skip


def added_up(seen):
    """Return the sums as they are kept, by standard and point."""
    sums: dict[tuple[str, str], Line] = {}
    for code, part, point in seen:
        full = Decimal(FULL[code])
        more = tallying.added(Mark(code, None if part is None else part * full, full), veto=code in VETO)
        line = sums.get((code, point), Line(code, point, 0, 0, 0, Decimal(0), Decimal(0), 0))
        sums[code, point] = Line(
            code, point, line.observed + more.observed, line.perfect + more.perfect, line.spared + more.spared,
            line.earned + more.earned, line.full + more.full, line.vetoed + more.vetoed,
        )  # fmt: skip
    return list(sums.values())


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(CODES)), st.sampled_from([None, 0, 1]), st.sampled_from("xy")), max_size=30
    )
)
def test_sums_of_sums_are_the_scores_of_all_observations(seen):
    """Whatever was seen in whatever order, whole and groups are as counting one by one has them, and add up."""
    lines = added_up(seen)
    whole = tallying.score(lines, CODES)
    assert whole == counted_anew(seen, seen)
    assert 0 <= whole.marks <= whole.full
    for name, of in (
        (lambda line: line.key, lambda one: one[2]), (lambda line: UNITS[line.standard], lambda one: UNITS[one[0]]),
    ):  # fmt: skip
        found = tallying.grouped(lines, CODES, name)
        assert found == {key: counted_anew(seen, [o for o in seen if of(o) == key]) for key in sorted(map(of, seen))}
        assert sum(s.marks for s in found.values()) == whole.marks
        assert sum(s.full for s in found.values()) == whole.full


# Of the size of Jiaozuo 2019 (domain.md §4: 1,166 observations, 70.1 %); the single marks are not published.
def test_a_round_of_real_size_and_one_of_nothing():
    assert tallying.score(added_up([("a1", int(n < 817), "x") for n in range(1166)]), CODES).rate == pytest.approx(
        0.701, abs=5e-4
    )
    nothing = tallying.score(added_up([("a1", None, "x")]), CODES)
    assert (nothing.rate, nothing.full_mark_rate, nothing.not_applicable) == (None, None, 1)


@pytest.fixture
def trial(world):
    lay_library(world)
    points(world, "toilet", 3)
    points(world, "toilet", 2, area="潘东")
    return start(world)


def snapshot(trial):
    names = ("standard__code", "area_path", "unit_key", "observed", "perfect", "spared", "earned", "full", "vetoed")
    rows = Tally.objects.filter(trial=trial).exclude(observed=0, spared=0)
    return sorted(rows.values_list(*names))


@pytest.mark.django_db
def test_records_add_and_corrections_take_back(world, trial):
    first, second, *_rest = visits(trial)
    sent = send(world, first, "toilet", {"toilet_clean": "bad", "toilet_signs": "none"})
    send(world, second, "toilet")
    whole = selectors.result(trial, areas={}).whole
    assert (whole.observed, whole.perfect, whole.not_applicable) == (7, 6, 1)
    corrected = packet(world, first, "toilet", {"toilet_signs": "none"}, former=sent.uuid)
    fieldwork.submit(by=world.actor("zhiban"), now=world.now, packet=corrected)
    whole = selectors.result(trial, areas={}).whole
    assert (whole.observed, whole.perfect, whole.rate) == (7, 7, Fraction(1))
    assert Counted.objects.filter(trial=trial).count() == 2
    there = snapshot(trial)
    services.recount(trial=trial)
    assert snapshot(trial) == there


@pytest.mark.django_db
def test_sent_twice_counts_once_and_of_two_of_one_visit_the_one_that_stands(world, trial):
    visit = visits(trial)[0]
    first = send(world, visit, "toilet")
    fieldwork.submit(by=world.actor("zhiban"), now=world.now, packet=first)
    second = send(world, visit, "toilet", {"toilet_clean": "bad"}, who="jiandu")
    assert selectors.result(trial, areas={}).whole.perfect == 4
    row = Submission.objects.get(uuid=second.uuid)
    fieldwork.judge(by=world.actor("lingdao"), now=world.now, submission=row, keep=True, reason="现场照片更清楚")
    whole = selectors.result(trial, areas={}).whole
    assert (whole.observed, whole.perfect) == (4, 3)


@pytest.mark.django_db
def test_a_failed_item_is_a_finding_with_its_words_and_its_unit(world, trial):
    send(world, visits(trial)[0], "toilet", {"toilet_access": "bad"})
    finding = Finding.objects.get()
    assert finding.item.endswith("toilet_access")
    assert finding.text == "不达标：无障碍厕位可用，未被占用"
    committee = world.units["@陶家宅"].pk
    assert {t.unit_key for t in Tally.objects.filter(trial=trial)} == {committee}


@pytest.mark.django_db
@pytest.mark.mechanism("004-11")
def test_no_trial_is_closed_without_feedback_and_result(world, trial):
    by = world.actor("zhiban")
    for texts in ({"feedback": "", "result": "已整改"}, {"feedback": "已通报", "result": " "}):
        with pytest.raises(InvalidError):
            services.close_trial(
                by=by, now=world.now, uuid=trial.uuid, feedback=texts["feedback"], result=texts["result"]
            )
    with pytest.raises(ForbiddenError):
        services.close_trial(by=world.actor("guanliban"), now=world.now, uuid=trial.uuid, feedback="有", result="有")
    services.close_trial(by=by, now=world.now, uuid=trial.uuid, feedback="已通报", result="已整改")
    assert set(Round.objects.filter(source_uuid=trial.uuid).values_list("state", "result")) == {("closed", "已整改")}
    with pytest.raises(ConflictError):
        services.drop_trial(by=by, now=world.now, uuid=trial.uuid, reason="重复")


@pytest.mark.django_db
def test_a_mock_test_is_drawn_by_its_seed_and_anybody_draws_the_same(world):
    lay_library(world)
    points(world, "toilet", 30)
    mock: dict[str, Any] = {"purpose": "mock", "seed": "三月摇号 0310", "wanted": 6}
    first, again = start(world, **mock), start(world, title="再来一次", **mock)
    other = start(world, title="另一次", **(mock | {"seed": "别的"}))
    drawn = [{v.target_id for v in visits(t)} for t in (first, again, other)]
    assert len(drawn[0]) == 6
    assert drawn[0] == drawn[1] != drawn[2]
    protocol = next(iter(Round.objects.get(source_uuid=first.uuid).draw.values()))
    assert protocol["of"] == 30
    assert protocol["seed"].startswith("三月摇号 0310/toilet")
    with pytest.raises(InvalidError) as refused:
        start(world, purpose="mock", wanted=6)
    assert "seed" in refused.value.fields


@pytest.mark.django_db
def test_the_library_is_frozen_once_in_use_and_the_next_edition_says_what_changed(world):
    edition = lay_library(world)
    by = world.actor("ducha")
    draft = services.begin_edition(by=by, now=world.now, title="二〇二六年版", source="区文明办通知")
    row = Standard.objects.get(edition=draft, code="toilet_clean")
    data = selectors.data_of(row)
    services.save_standard(by=by, now=world.now, data=data.__class__(**{**_fields(data), "full": Decimal(5)}))
    services.remove_standard(by=by, now=world.now, code="toilet_signs")
    found = {d.code: (d.what, tuple(d.fields)) for d in selectors.difference(draft)}
    assert found == {"toilet_clean": ("changed", ("full",)), "toilet_signs": ("removed", ())}
    with pytest.raises(ForbiddenError):
        services.publish_edition(by=world.actor("shegong"), now=world.now, uuid=draft.uuid)
    services.publish_edition(by=by, now=world.now, uuid=draft.uuid)
    edition.refresh_from_db()
    assert edition.state == "retired"
    with pytest.raises(ConflictError):
        services.save_standard(by=by, now=world.now, data=data)
    assert Trial.objects.count() == 0


@pytest.mark.django_db
def test_what_a_designer_changed_of_a_form_is_named_before_and_stays_as_a_draft(world):
    edition, by, code = lay_library(world), world.actor("ducha"), "civility.toilet"
    assert selectors.altered_forms(edition) == {}
    made = forms.version(code)
    whole = forms.form_of(made)
    extra = Question("seen_by", QuestionType.TEXT, {"zh-hans": "陪同人"})
    mine = replace(whole, items=(*whole.items, extra))
    form_services.save_draft(by=by, now=world.now, code=code, form=mine, expected=made.edition)
    draft = services.begin_edition(by=by, now=world.now, title="二〇二六年版", source="区文明办通知")
    assert set(selectors.altered_forms(draft)) == {code}
    services.publish_edition(by=by, now=world.now, uuid=draft.uuid)
    assert "seen_by" not in str(forms.version(code).questions)
    kept = forms.versions_of(code)[0]
    assert kept.published_at is None
    assert forms.form_of(kept).items == mine.items
    told = Entry.objects.filter(verb="civility.publish_edition").latest("pk")
    assert code in str(told.after)
    # Published by a person, the change is what is filled; the next edition keeps it again.
    form_services.publish_draft(by=by, now=world.now, code=code, expected=kept.edition)
    assert "seen_by" in str(forms.version(code).questions)
    third = services.begin_edition(by=by, now=world.now, title="二〇二七年版", source="区文明办通知")
    services.publish_edition(by=by, now=world.now, uuid=third.uuid)
    assert "seen_by" not in str(forms.version(code).questions)
    assert forms.form_of(forms.versions_of(code)[0]).items == mine.items


def _fields(data):
    return {name: getattr(data, name) for name in data.__dataclass_fields__}
