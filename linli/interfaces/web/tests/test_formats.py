from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from linli.interfaces.web import formats
from linli.interfaces.web.templatetags import linli as tags

NOW = datetime(2026, 11, 21, 2, 43, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (75, "剩余 1 小时 15 分"),
        (-126, "超期 2 小时 06 分"),
        (28, "剩余 28 分钟"),
        (1680, "剩余 1 天 4 小时"),
        (1200, "剩余 20 小时"),
        (2880, "剩余 2 天"),
        (0, "剩余 不到 1 分钟"),
    ],
)
def test_time_left(minutes, said):
    assert formats.time_left(NOW + timedelta(minutes=minutes), NOW) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 21, 1, 42, tzinfo=UTC), "今天 09:42"),
        (datetime(2026, 11, 20, 8, 20, tzinfo=UTC), "昨天 16:20"),
        (datetime(2026, 11, 20, 16, 1, tzinfo=UTC), "今天 00:01"),
        (datetime(2026, 11, 22, 1, 0, tzinfo=UTC), "明天 09:00"),
        (datetime(2026, 11, 3, 0, 15, tzinfo=UTC), "11 月 3 日 08:15"),
        (datetime(2025, 3, 1, 0, 15, tzinfo=UTC), "2025 年 3 月 1 日"),
    ],
)
def test_day_time(moment, said):
    assert formats.day_time(moment, NOW) == said


def test_weekday():
    assert formats.weekday(NOW) == "11 月 21 日 星期六"


def test_urgency():
    assert formats.urgency(NOW - timedelta(seconds=1), NOW) == "late"
    assert formats.urgency(NOW + timedelta(hours=3), NOW) == "warn"
    assert formats.urgency(NOW + timedelta(hours=30), NOW) == "calm"
    assert formats.urgency(NOW + timedelta(days=1), NOW, NOW - timedelta(days=9)) == "warn"


@given(st.integers(min_value=-(10**8), max_value=10**8), st.integers(min_value=0, max_value=10**8))
def test_used_stays_between_nothing_and_all(left, whole):
    start = NOW - timedelta(seconds=whole)
    assert 0 <= formats.used(start, NOW + timedelta(seconds=left), NOW) <= 100


@given(st.integers(min_value=0, max_value=10**9))
def test_span_never_says_sixty_minutes_or_a_negative_number(seconds):
    with translation.override("zh-hans"):
        said = formats.span(seconds)
    assert "60" not in said.split(" 天 ")[-1].split(" 小时 ")[-1] or "天" in said
    assert "-" not in said


def test_masked_phone_in_a_template():
    assert Template("{{ p|masked_phone }}").render(Context({"p": "13800005678"})) == "138****5678"


def test_qr_is_an_svg_that_the_content_security_policy_allows():
    drawn = tags.qr("https://example.org/r/1")
    assert drawn.startswith("<svg")
    assert "style=" not in drawn
    assert "<script" not in drawn


def test_within():
    assert tags.within("a", ["a", "b"])
    assert tags.within(1, "1")
    assert not tags.within("a", None)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("华阳路街道 · 第一综合网格 · 陶家宅居民区 · 第二微网格", "陶家宅"),
        ("华阳路街道 · 第一综合网格", "第一综合网格"),
        ("华阳路街道", "华阳路街道"),
        ("", ""),
    ],
)
def test_a_row_names_the_neighbourhood(label, said):
    assert formats.near_name(label) == said


def test_what_repeats_in_a_history_is_counted():
    def mark(at, **more):
        return {"title": "时限提醒", "who": "系统", "at": at, **more}

    found = formats.fold_repeats([mark(5), mark(4), mark(3, text="已告知负责人"), mark(2), mark(1)])
    assert [(e["title"], e["at"]) for e in found] == [
        ("时限提醒（连续 2 次）", 5),
        ("时限提醒", 3),
        ("时限提醒（连续 2 次）", 2),
    ]
