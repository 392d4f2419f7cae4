"""The rooms' rules through the services: two months of a monthly talk, exactly reversible finishing."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from linli.engines.activities import selectors, services
from linli.engines.activities.models import Meeting, Topic, TopicNote
from linli.engines.activities.rules.dates import Move
from linli.engines.activities.types import NewSeries, TaskLine
from linli.engines.projects import services as projects
from linli.engines.projects.models import Task
from linli.foundation.core.errors import ConflictError, StaleError


@pytest.fixture
def talk(world: Any) -> Any:
    """A series of the monthly talk on the 10th; return (series, its first meeting)."""
    data = NewSeries(
        kind="monthly_talk",
        title="居民区书记月谈会",
        unit_id=world.units["development"].pk,
        day=10,
        starts=time(14, 0),
        minutes=120,
        place="街道会议室",
        first_on=date(2026, 3, 10),
        move=Move.NEXT,
        chair="街道党工委书记",
        groups=("secretary",),
        area_ids=(world.areas["陶家宅"].pk,),
        standing=("microgrid",),
    )
    series = services.save_series(by=world.actor("zhiban"), now=world.now, data=data)
    return series, series.meetings.order_by("starts_at").first()


def later(world, days):
    return world.now + timedelta(days=days)


def test_a_series_makes_its_meetings_once_and_moves_them_off_a_day_off(world, talk):
    series, first = talk
    assert [m.occurrence for m in series.meetings.order_by("starts_at")] == [date(2026, 3, 10), date(2026, 4, 10)]
    assert services.make_due(now=world.now) == 0
    assert services.make_due(now=later(world, 30)) == 1  # 10 May is a Sunday
    last = series.meetings.order_by("-starts_at").first()
    assert (last.occurrence, selectors.is_workday(last.starts_at.date())) == (date(2026, 5, 10), True)
    assert last.starts_at.date() == date(2026, 5, 11)
    services.cancel_meeting(by=world.actor("zhiban"), now=world.now, meeting=last, reason="与换届会冲突")
    services.skip(by=world.actor("zhiban"), now=world.now, series=series, day=date(2026, 6, 10), reason="防汛")
    assert services.make_due(now=later(world, 65)) == 0
    assert first.attendees.filter(group="secretary").count() == 1


def test_finishing_merges_topics_and_going_on_undoes_it_exactly(world, talk):
    series, first = talk
    by, now = world.actor("zhiban"), world.now
    services.begin(by=by, now=now, meeting=first)
    item = first.items.get(kind="speech")
    services.write_record(by=by, now=now, meeting=first, item=item, text="陶家宅：停车难", expected=1)
    services.propose(
        by=by, now=now, meeting=first, item=item, act="raise", data={"title": "停车难点赌点", "difficulty": True}
    )
    services.decide(
        by=by, now=now, meeting=first, item=item, kind="task", text="摸排可错时停车的单位",
        tasks=[TaskLine(world.units["management"].pk, date(2026, 3, 31))],
    )  # fmt: skip
    second = series.meetings.order_by("starts_at")[1]
    before = list(second.items.values_list("title", "order"))
    services.finish(by=by, now=now, meeting=first)
    topic = Topic.objects.get()
    assert (topic.series_id, topic.difficulty, topic.title) == (series.pk, True, "停车难点赌点")
    assert second.items.filter(topic=topic).count() == 1
    assert [t.pk for t in selectors.topic_list(by, "difficulty", text="堵点").rows] == [topic.pk]
    assert [t.pk for t in selectors.topic_list(by, "difficulty", text="赌点").rows] == [topic.pk]
    services.reopen(by=by, now=now, meeting=first, reason="漏记一项")
    assert not Topic.objects.exists()
    assert not TopicNote.objects.exists()
    assert list(second.items.values_list("title", "order")) == before
    services.finish(by=by, now=now, meeting=first)
    topic = Topic.objects.get()
    services.own_topic(by=by, now=now, topic=topic, unit_id=world.units["management"].pk, due_on=date(2026, 4, 30))
    with pytest.raises(ConflictError, match="新的进展"):
        services.reopen(by=by, now=now, meeting=Meeting.objects.get(pk=first.pk), reason="再改")
    topic.refresh_from_db()
    assert topic.state == "owned"


def test_the_second_meeting_opens_with_the_tasks_of_the_first(world, talk):
    series, first = talk
    by, now = world.actor("zhiban"), world.now
    services.begin(by=by, now=now, meeting=first)
    units = [world.units[k].pk for k in ("management", "safety", "service")]
    for unit, day in zip(units, (20, 25, 30), strict=True):
        services.decide(
            by=by, now=now, meeting=first, kind="task", text=f"任务 {day}", tasks=[TaskLine(unit, date(2026, 3, day))]
        )
    services.finish(by=by, now=later(world, 0), meeting=first)
    done, late = Task.objects.order_by("due_on")[:2]
    projects.end_task(by=world.actor("guanliban"), now=later(world, 5), task=done, result="已摸排")
    projects.end_task(by=world.actor("pinganban"), now=later(world, 20), task=late, result="已整改")
    second = series.meetings.order_by("starts_at")[1]
    assert second.items.order_by("order").first().kind == "review"
    found = selectors.review_of(second, later(world, 31))
    assert [t.title for t in found.rows] == ["任务 30", "任务 20", "任务 25"]
    assert (found.done, found.done_late, found.open, found.overdue) == (2, 1, 1, 1)


def test_of_two_who_minute_one_item_the_second_is_shown_both_texts(world, talk):
    _series, first = talk
    by = world.actor("zhiban")
    services.begin(by=by, now=world.now, meeting=first)
    item = first.items.get(kind="speech")
    services.write_record(by=by, now=world.now, meeting=first, item=item, text="甲写的", expected=1)
    with pytest.raises(StaleError) as told:
        services.write_record(
            by=world.actor("paidan"), now=world.now, meeting=first, item=item, text="乙写的", expected=1
        )
    assert (told.value.params["theirs"], told.value.params["version"]) == ("甲写的", 2)
    services.write_record(
        by=world.actor("paidan"), now=world.now, meeting=first, item=item, text="甲写的\n乙写的", expected=2
    )
    item.refresh_from_db()
    assert (item.record, item.version) == ("甲写的\n乙写的", 3)


def test_sealed_minutes_are_edited_by_nobody_and_say_if_they_were(world, talk):
    _series, first = talk
    by, now = world.actor("zhiban"), world.now
    services.begin(by=by, now=now, meeting=first)
    services.write_summary(by=by, now=now, meeting=first, text="围绕微网格建设交流")
    services.finish(by=by, now=now, meeting=first)
    with pytest.raises(ConflictError):
        services.seal(by=by, now=now, meeting=first)
    services.circulate(by=by, now=now, meeting=first)
    row = services.remark(by=world.actor("shuji"), now=now, meeting=first, text="漏记一项")
    with pytest.raises(Exception, match="1 条修改意见"):
        services.seal(by=by, now=now, meeting=first)
    services.answer_remark(by=by, now=now, meeting=first, row=row, answer="已核对，不涉及决定")
    services.seal(by=by, now=now, meeting=first)
    assert services.is_intact(first)
    for act in (
        lambda: services.write_summary(by=by, now=now, meeting=first, text="改"),
        lambda: services.decide(by=by, now=now, meeting=first, kind="decision", text="改"),
        lambda: services.reopen(by=by, now=now, meeting=first, reason="改"),
        lambda: services.take_back(by=by, now=now, meeting=first),
    ):
        with pytest.raises(ConflictError):
            act()
    services.correct(by=by, now=now, meeting=first, text="第二段日期应为 3 月 9 日")
    assert services.is_intact(first)
    Meeting.objects.filter(pk=first.pk).update(summary="被改过")
    first.refresh_from_db()
    assert not services.is_intact(first)
