"""Starting, ending, pausing, resuming, extending, explaining."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import translation

from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.errors import NotFoundError
from linli.foundation.deadlines import selectors, services
from linli.foundation.deadlines.exceptions import ClockRunningError, NoClockError
from linli.foundation.deadlines.models import Clock, ClockPause
from linli.foundation.deadlines.services import clocks
from linli.foundation.deadlines.tests.told import NOW, Told, start
from linli.foundation.deadlines.types import ClockStart, Duration, Step, StepKind, Unit
from linli.foundation.rulebook import selectors as rulebook
from linli.foundation.rulebook import services as rulebook_services
from linli.foundation.rulebook.exceptions import RuleMissingError, YearNotAnnouncedError
from linli.foundation.rulebook.rules import SHANGHAI
from linli.foundation.rulebook.types import SpecialDay

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def begin(*subjects, now=NOW):
    return services.start_many(subjects=subjects, now=now)


def clock():
    return Clock.objects.get()


def test_clocks_start_in_one_statement(django_assert_num_queries):
    rulebook.working_calendar()
    subjects = [start(n, stage=stage) for n in range(10) for stage in ("handle", "sign", "overall")]
    with django_assert_num_queries(1):
        due = services.start_many(subjects=subjects, now=NOW)
    assert due == dict.fromkeys(("handle", "sign", "overall"), NOW + 10 * HOUR)
    assert Clock.objects.count() == 30


def test_bulk_due_dates_are_told_by_subject():
    found = services.start_bulk(subjects=[start(1, 5), start(2, 7)], now=NOW)
    assert found == {(1, "handle"): NOW + 5 * HOUR, (2, "handle"): NOW + 7 * HOUR}
    assert begin(start(3, 5, stage="x"), start(4, 3, stage="x")) == {"x": NOW + 3 * HOUR}


def test_nothing_to_start_starts_nothing():
    assert begin() == {}


def test_the_limit_and_the_marks_come_from_the_rulebook():
    begin(ClockStart("case", 1, None, "handle", rule_code="cases.clock.handle.general"))
    assert clock().due_at == datetime(2026, 11, 30, 17, tzinfo=SHANGHAI)
    assert [m[0] for m in clock().marks] == [80, 100, 150, 200]
    assert clock().next_mark_at == datetime(2026, 11, 27, 17, tzinfo=SHANGHAI)


def test_a_stage_may_have_marks_of_its_own():
    day = rulebook.working_calendar().local_day(NOW)
    rulebook_services.set_rule(
        by=SYSTEM, now=NOW, code="deadlines.marks.case.sign", value=[50], unit="%", source="办公会", mark="D",
        valid_from=day, why="试行",
    )  # fmt: skip
    begin(start(stage="sign"), start(stage="handle"))
    marks = {c.stage: [m[0] for m in c.marks] for c in Clock.objects.all()}
    assert marks == {"sign": [50], "handle": [80, 100, 150, 200]}


def test_a_missing_rule_starts_nothing():
    with pytest.raises(RuleMissingError):
        begin(start(), ClockStart("case", 2, None, "handle", rule_code="cases.none"))
    assert not Clock.objects.exists()


def test_a_limit_into_an_unannounced_year_is_refused():
    with pytest.raises(YearNotAnnouncedError):
        begin(start(1, 40, Unit.WORK_DAYS))
    assert not Clock.objects.exists()


def test_a_second_clock_of_the_same_stage_is_refused():
    begin(start())
    with pytest.raises(ClockRunningError), transaction.atomic():
        begin(start())
    services.end(kind="case", subject_id=1, stages=None, reason="done", now=NOW)
    begin(start())
    assert Clock.objects.count() == 2


def test_ending_is_one_statement_and_only_for_what_is_named(django_assert_num_queries):
    begin(start(1), start(1, stage="overall"), start(2), start(3, kind="visit"))
    with django_assert_num_queries(1):
        ended = services.end(kind="case", subject_id=1, stages=["handle"], reason="上报", now=NOW + HOUR)
    assert ended == 1
    assert services.end(kind="case", subject_id=[1, 2], stages=None, reason="撤单", now=NOW + HOUR) == 2
    assert Clock.objects.get(ended_at=None).subject_kind == "visit"
    done = selectors.clocks_of("case", 1)
    assert [(c.stage, c.end_reason, c.next_mark_at) for c in done] == [
        ("handle", "上报", None),
        ("overall", "撤单", None),
    ]
    assert selectors.clocks_of("case", 1, open_only=True) == []


def test_a_pause_adds_its_time(django_assert_num_queries):
    begin(start(), start(stage="overall", amount=20))
    with django_assert_num_queries(3):
        assert services.pause(kind="case", subject_id=1, now=NOW + HOUR, reason="待补充") == 2
    assert {c.next_mark_at for c in Clock.objects.all()} == {None}
    with django_assert_num_queries(4):
        due = services.resume(kind="case", subject_id=1, now=NOW + 4 * HOUR)
    assert due == {"handle": NOW + 13 * HOUR, "overall": NOW + 23 * HOUR}
    assert Clock.objects.get(stage="handle").next_mark_at == NOW + 11 * HOUR


def test_pausing_twice_pauses_once():
    begin(start())
    services.pause(kind="case", subject_id=1, now=NOW + HOUR, reason="")
    assert services.pause(kind="case", subject_id=1, now=NOW + 2 * HOUR, reason="") == 0
    assert ClockPause.objects.count() == 1
    assert services.resume(kind="case", subject_id=1, now=NOW + 3 * HOUR) == {"handle": NOW + 12 * HOUR}
    assert services.resume(kind="case", subject_id=1, now=NOW + 4 * HOUR) == {}


def test_only_named_stages_pause():
    begin(start(), start(stage="overall"))
    services.pause(kind="case", subject_id=1, now=NOW, reason="", stages=["handle"])
    assert Clock.objects.get(paused_at__isnull=False).stage == "handle"


def test_an_extension_moves_the_due_date_and_is_journalled(monkeypatch):
    journal = []
    monkeypatch.setattr(clocks, "record", lambda **entry: journal.append(entry))
    begin(start())
    due = services.extend(
        kind="case", subject_id=1, stage="handle", duration=Duration(5, Unit.NATURAL_HOURS), now=NOW, by=SYSTEM,
        reason="等配件",
    )  # fmt: skip
    assert due == clock().due_at == NOW + 15 * HOUR
    assert (journal[0]["verb"], journal[0]["reason"]) == ("deadlines.extend", "等配件")


def test_no_clock_no_extension():
    begin(start())
    services.end(kind="case", subject_id=1, stages=None, reason="", now=NOW)
    with pytest.raises(NoClockError):
        services.extend(
            kind="case", subject_id=1, stage="handle", duration=Duration(5, Unit.NATURAL_HOURS), now=NOW, by=SYSTEM,
            reason="",
        )  # fmt: skip


def test_an_extension_sets_the_marks_ahead_of_it_anew():
    told = Told()
    begin(start(marks=(80, 100)))
    services.sweep(now=NOW + 10 * HOUR)
    services.extend(
        kind="case", subject_id=1, stage="handle", duration=Duration(10, Unit.NATURAL_HOURS),
        now=NOW + 10 * HOUR, by=SYSTEM, reason="",
    )  # fmt: skip
    assert services.sweep(now=NOW + 15 * HOUR) == 0
    assert services.sweep(now=NOW + 20 * HOUR) == 2
    assert told.marks == [(1, 80), (1, 100), (1, 80), (1, 100)]


def test_why_is_this_due_then():
    begin(start(1, 3, Unit.WORK_DAYS), now=datetime(2026, 9, 30, 2, tzinfo=UTC))
    services.pause(kind="case", subject_id=1, now=datetime(2026, 10, 8, 2, tzinfo=UTC), reason="待补充")
    services.resume(kind="case", subject_id=1, now=datetime(2026, 10, 8, 4, tzinfo=UTC))
    with translation.override("zh-hans"):
        lines = selectors.explain_lines(clock().pk)
    assert lines == [
        "9月30日 10:00 起算。",
        "10月1日至10月7日不计：国庆节。",
        "10月8日计为第 1 个工作日，至 17:00 下班。",
        "10月9日计为第 2 个工作日，至 17:00 下班。",
        "10月10日计为第 3 个工作日，至 17:00 下班。",
        "10月8日 10:00 至 10月8日 12:00 暂停，顺延 2 小时。",
        "10月12日 11:00 到期。",
    ]
    assert clock().due_at == datetime(2026, 10, 12, 11, tzinfo=SHANGHAI)


def test_a_standing_clock_says_so():
    begin(start())
    services.pause(kind="case", subject_id=1, now=NOW + HOUR, reason="")
    assert selectors.explain(clock().pk)[-1].kind is StepKind.STANDING


def test_a_calendar_changed_afterwards_moves_no_due_date_and_says_so():
    begin(start(1, 1, Unit.WORK_DAYS))
    before = clock().due_at
    day = SpecialDay(before.astimezone(SHANGHAI).date(), is_workday=False, name="停工")
    rulebook_services.set_days(by=SYSTEM, now=NOW, days=[day], reason="台风")
    steps = selectors.explain(clock().pk)
    assert steps[-1].kind is StepKind.RECORDED
    assert steps[-1].begin == clock().due_at == before


def test_explaining_no_clock():
    with pytest.raises(NotFoundError):
        selectors.explain(404)


def test_each_kind_of_step_has_words():
    for kind in StepKind:
        step = Step(kind, NOW, NOW + HOUR, days=1, time=90 * timedelta(minutes=1), names=("",))
        assert selectors.sentence(step).endswith(("。", "."))
