from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.messages import rules, templates
from linli.foundation.messages.rules import BadTemplateError

ZONE = ZoneInfo("Asia/Shanghai")
WANTED = {
    *(
        [
            "accepted",
            "refused",
            "question",
            "dispatched_to_unit",
            "returned",
            "escalated",
            "due_soon",
            "overdue",
            "urged",
            "ordered",
            "merged",
            "handled",
        ]
    ),
    *(["closed_reply", "rate_invitation", "reopened", "transferred_elsewhere", "consultation_called", "task_assigned"]),
    *(["review_needed", "review_kept", "danger_advice", "accepted_later", "project_moved"]),
}
COMMON = {"number", "title", "place", "unit", "due", "link", "tracking_code", "reply", "reason", "level"}
TO_RESIDENTS = {"accepted", "refused", "question", "merged", "handled", "closed_reply", "rate_invitation",
                "reopened", "transferred_elsewhere", "danger_advice", "review_kept", "accepted_later",
                "project_moved"}  # fmt: skip


def toml(body="{number}", required='["number"]', english="{number}"):
    return f"""
[a.b]
required = {required}
optional = ["place"]
[a.b.zh-hans]
subject = "编号"
body = "{body}"
[a.b.en]
subject = "Number"
body = "{english}"
"""


def test_every_message_of_the_case_loop_is_shipped():
    found = templates.shipped()
    assert {f"cases.{w}" for w in WANTED} | {
        "accounts.one_time_code",
        "messages.digest",
        "cases.staff_update",
        "cases.year_missing",
        "cases.routing_broken",
        "projects.task_given",
        "projects.task_update",
        "projects.task_due_soon",
        "projects.task_overdue",
        "projects.task_morning",
        "projects.blocker_due",
        "activities.invited",
        "activities.changed",
        "activities.cancelled",
        "activities.to_correct",
        "activities.topic_passed",
        "fieldwork.assigned",
        "fieldwork.proposal_failed",
        "indicators.crossed",
        "fieldwork.proposal_ready",
        "fieldwork.sent_back",
        "fieldwork.watch_alarm",
        "alliance.agreement_ends",
        "publishing.to_review",
        "publishing.to_release",
        "publishing.sent_back",
        "publishing.released",
        "signals.device",
        "hooks.paused",
        "alerts.told",
        "exports.paper_ready",
        "exports.ready",
        "exports.failed",
        "mailbox.receipt",
        "mailbox.state",
    } == set(found)
    for code in WANTED:
        template = found[f"cases.{code}"]
        assert template.required | template.optional >= COMMON
    assert found["cases.danger_advice"].urgent
    assert found["accounts.one_time_code"].urgent
    assert found["accounts.one_time_code"].secret


def test_residents_never_read_of_a_case():
    for code in TO_RESIDENTS:
        words = " ".join(templates.shipped()[f"cases.{code}"].texts.values())
        assert "案件" not in words
        assert "工单" not in words
        assert " case" not in words.lower()


def test_english_says_what_chinese_says():
    for template in templates.shipped().values():
        for part in rules.PARTS:
            chinese, english = template.texts["zh-hans", part], template.texts["en", part]
            assert rules.names_in(chinese) == rules.names_in(english), (template.code, part)
            assert not any("\u4e00" <= c <= "\u9fff" for c in english), (template.code, part)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (toml(body="{number} {unknown}"), "body in zh-hans names unknown parameters: unknown"),
        (toml(english="{place}"), "not used in en: number"),
        (toml(body="{number.__class__}"), "only"),
        (toml(body="{number!r}"), "only"),
        (toml(body="{number:>9999999}"), "only"),
        (toml(body="{}"), "only"),
        (toml(body="{number"), "braces"),
        (toml(english=""), "body in en is missing"),
    ],
)
def test_a_bad_template_is_refused_at_load(source, says):
    with pytest.raises(BadTemplateError, match=says):
        templates.read(source)
    assert templates.read(toml())


def test_lines_without_values_are_left_out():
    text = "您好：{title}\n地点：{place}\n{unit}，{due}\n再见"
    assert rules.fill(text, {"title": "{place} <b>", "due": "明天"}) == "您好：{place} <b>\n，明天\n再见"


@pytest.mark.parametrize(
    ("local", "end"),
    [
        ((5, 20, 59), None),
        ((5, 21, 0), (6, 8, 0)),
        ((5, 23, 59), (6, 8, 0)),
        ((6, 0, 0), (6, 8, 0)),
        ((6, 7, 59), (6, 8, 0)),
        ((6, 8, 0), None),
    ],
)
def test_quiet_hours(local, end):
    day, hour, minute = local
    now = datetime(2026, 3, day, hour, minute, tzinfo=ZONE).astimezone(UTC)
    expected = datetime(2026, 3, end[0], end[1], end[2], tzinfo=ZONE) if end else None
    assert rules.quiet_end(now, time(21), time(8), ZONE) == expected


@given(st.integers(0, 3_000_000), st.times(), st.times())
def test_quiet_hours_always_end_within_a_day_and_outside_themselves(minutes, start, end):
    now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = rules.quiet_end(now, start, end, ZONE)
    if found is not None:
        assert timedelta(0) < found - now <= timedelta(days=1)
        assert rules.quiet_end(found, start, end, ZONE) is None


def test_waits_double_and_are_bounded():
    waits = [rules.wait(n, timedelta(minutes=1), timedelta(hours=6)) for n in range(1, 12)]
    assert waits[:4] == [timedelta(minutes=m) for m in (1, 2, 4, 8)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=6)


def test_masks():
    assert rules.mask_address("email", "wang.xm@example.org") == "w***@example.org"
    assert rules.mask_address("phone", "13812345678") == "138****5678"
    assert rules.mask_address("phone", "") == ""


@given(st.text())
def test_filling_never_reads_the_values_as_templates(value):
    assert rules.fill("x {a}", {"a": value}) == (f"x {value}" if value else "")
