"""The drawings: what stands on them, and that nothing typed breaks them."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linli.engines.projects.rules.charting import MOST_ROWS, gantt, gantt_legend, wall_sheets
from linli.engines.projects.rules.charting.scale import Scale, month_end
from linli.engines.projects.rules.charting.svg import fit, width_of, wrap
from linli.engines.projects.rules.charting.types import Gantt, GanttRow, Paper, WallStage, Zoom
from linli.engines.projects.rules.scheduling.types import Light, Spell
from linli.engines.projects.tests.charts import HOSTILE, TODAY, renewal, wall, wall_row

NS = "{http://www.w3.org/2000/svg}"
SIX_POINTS = 6 * 25.4 / 72 * 10  # in tenths of a millimetre


def parsed(svg):
    return ET.fromstring(svg)


def searched(pattern, text):
    return re.search(pattern, text)


def texts(svg):
    return [element.text for element in parsed(svg).iter(f"{NS}text")]


def test_the_wall_chart_says_everything():
    (sheet,) = wall_sheets(wall(12), Paper.A3)
    words = texts(sheet)
    for word in (
        "2026年重点项目挂图作战",
        "街道党工委",
        "2026年10月20日",
        "今天 10月20日",
        "图例",
        "里程碑",
        "灯色由规则判定",
    ):
        assert word in words
    for row in wall(12).rows:
        assert row.title in "".join(words)
        assert f"{row.percent}%" in words
    assert "2026年1月" in words
    assert "12月" in words
    # 12 lights in the rows and five in the legend.
    assert sheet.count('class="light ') == 17
    assert sheet.count("wallchart__stage") == 60
    assert sheet.count("wallchart__milestone") == 24


@pytest.mark.parametrize(("paper", "size"), [(Paper.A3, ("420mm", "297mm")), (Paper.A1, ("841mm", "594mm"))])
def test_the_sheet_has_the_size_of_its_paper(paper, size):
    root = parsed(wall_sheets(wall(3), paper)[0])
    assert (root.get("width"), root.get("height")) == size
    assert root.get("viewBox") == "0 0 4200 2970"


@pytest.mark.parametrize("grouped", [False, True])
def test_sixty_projects_stand_on_one_sheet_in_six_points(grouped):
    rows = tuple(wall_row(n, group=f"专项{n // 15}" if grouped else "") for n in range(60))
    (sheet,) = wall_sheets(wall(rows=rows), Paper.A3)
    root = parsed(sheet)
    assert min(float(t.get("font-size")) for t in root.iter(f"{NS}text")) >= SIX_POINTS
    inside = [float(t.get("y")) for t in root.iter(f"{NS}text")]
    assert min(inside) > 0
    assert max(inside) < 2970
    for rect in root.iter(f"{NS}rect"):
        assert float(rect.get("x")) + float(rect.get("width")) <= 4200
        assert float(rect.get("y")) + float(rect.get("height")) <= 2970


def test_more_projects_take_more_sheets_and_number_on():
    sheets = wall_sheets(wall(MOST_ROWS + 5), Paper.A3)
    assert len(sheets) == 2
    assert "第2页，共2页" in texts(sheets[1])
    assert str(MOST_ROWS + 1) in texts(sheets[1])
    assert "共65个项目" in "".join(texts(sheets[1]))


def test_an_empty_wall_chart_is_still_one():
    (sheet,) = wall_sheets(wall(0), Paper.A3)
    assert "共0个项目" in "".join(texts(sheet))


def test_months_may_be_chosen_and_what_lies_outside_is_cut_off():
    chart = wall(6, first=date(2026, 4, 1), last=date(2026, 6, 30))
    (sheet,) = wall_sheets(chart, Paper.A3)
    words = texts(sheet)
    assert "2026年4月" in words
    assert "7月" not in words
    right = max(float(r.get("x")) + float(r.get("width")) for r in parsed(sheet).iter(f"{NS}rect"))
    assert right <= 4200


def test_stages_at_once_do_not_hide_each_other():
    spell = Spell(date(2026, 3, 1), date(2026, 6, 30))
    row = replace(wall_row(0), stages=(WallStage("设计", spell), WallStage("招标", spell)), milestones=())
    (sheet,) = wall_sheets(wall(rows=(row,)), Paper.A3)
    tops = re.findall(r'<g class="wallchart__stage"><title>[^<]*</title><rect x="[\d.]+" y="([\d.]+)"', sheet)
    assert len(set(tops)) == 2


@pytest.mark.slow
@settings(max_examples=40)
@given(st.text(max_size=60))
@example(HOSTILE)
def test_nothing_typed_breaks_a_drawing(typed):
    row = replace(wall_row(0, title=typed), owner=typed, group=typed)
    chart = wall(rows=(row,), title=typed, issuer=typed, note=typed)
    (sheet,) = wall_sheets(chart, Paper.A3)
    parsed(sheet)
    chart = renewal()
    drawn = gantt(replace(chart, title=typed, rows=tuple(replace(r, title=typed, owner=typed) for r in chart.rows)))
    parsed(drawn)
    for svg in (sheet, drawn):
        assert "<script" not in svg
        assert not searched(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", svg)


def test_the_gantt_chart_has_what_a_page_needs_to_drag():
    root = parsed(gantt(renewal()))
    bars = {g.get("data-key"): g for g in root.iter(f"{NS}g") if g.get("data-key")}
    assert list(bars) == ["all", "survey", "design", "works", "pipe", "end"]
    assert bars["survey"].get("data-start") == "2026-09-01"
    assert bars["survey"].get("data-finish") == "2026-09-16"
    assert [key for key, bar in bars.items() if bar.get("data-movable") == "true"] == ["works", "pipe", "end"]
    assert bars["works"].get("tabindex") == "0"
    assert bars["survey"].get("tabindex") is None
    assert "gantt__bar--group" in bars["all"].get("class")
    assert "gantt__bar--milestone" in bars["end"].get("class")
    assert bars["survey"].get("aria-label") == "征询居民意见 城建中心 9月1日至9月16日 100% 已完成"
    first, day, left = (
        date.fromisoformat(root.get("data-first")),
        float(root.get("data-day")),
        float(root.get("data-left")),
    )
    rect = bars["design"].find(f"{NS}rect")
    assert float(rect.get("x")) == pytest.approx(left + (date(2026, 9, 17) - first).days * day)
    links = [(p.get("data-before"), p.get("data-after")) for p in root.iter(f"{NS}path") if p.get("data-before")]
    assert len(links) == 5
    assert ("design", "works") in links
    assert "国庆节" in [t.text for t in root.iter(f"{NS}title")]


@pytest.mark.parametrize("zoom", Zoom)
@pytest.mark.parametrize("labels", [True, False])
def test_every_zoom_with_and_without_labels(zoom, labels):
    drawn = gantt(renewal(), zoom, labels=labels)
    words = texts(drawn)
    assert ("征询居民意见" in words) == labels
    assert "今天 10月20日" in words
    assert "截止 12月31日" in words
    assert any(word.startswith("2026年9月") for word in words)


def test_on_paper_there_are_no_variables():
    assert "var(--" in gantt(renewal())
    assert "var(--" not in gantt(renewal(), screen=False)
    assert "var(--" not in wall_sheets(wall(2), Paper.A1)[0]
    assert "var(--" not in gantt_legend(screen=False)


def test_no_styles_inline():
    """A strict Content-Security-Policy forbids them."""
    for svg in (gantt(renewal()), gantt_legend(), *wall_sheets(wall(3), Paper.A3)):
        assert " style=" not in svg
        assert "<style" not in svg


def test_a_row_without_days_and_an_empty_chart():
    chart = Gantt("空", (GanttRow("a", "尚未排期"),), today=TODAY)
    assert "尚未排期" in texts(gantt(chart))
    parsed(gantt(Gantt("空", ())))


def test_rows_come_from_the_plan():
    rows = {row.key: row for row in renewal().rows}
    assert rows["survey"].actual == rows["survey"].planned
    assert rows["survey"].late_finish is None
    assert rows["design"].actual == Spell(date(2026, 9, 17), TODAY)
    assert rows["works"].actual is None
    assert rows["end"].milestone
    assert (rows["survey"].movable, rows["design"].movable, rows["works"].movable) == (False, False, True)
    assert rows["works"].critical


def test_the_legend_names_every_mark():
    assert texts(gantt_legend()) == [
        "计划与完成部分", "关键节点", "滞后", "实际", "基线", "余量", "里程碑", "截止日", "休息日",
    ]  # fmt: skip


def test_lights_differ_without_colour():
    """Each has a letter and a shape or a fill of its own."""
    sheet = wall_sheets(wall(5), Paper.A3)[0]
    drawn = [searched(rf'<g class="light light--{shown.value}">(.*?)</g>', sheet).group(1) for shown in Light]
    shapes = [re.sub(r'(x|y|cx|cy|r|d|width|height|rx|stroke-width|font-size)="[^"]*"', "", one) for one in drawn]
    assert len(set(shapes)) == 5
    assert [searched(r">([^<]+)</text>", one).group(1) for one in drawn] == ["绿", "黄", "红", "完", "待"]


@given(st.text(max_size=40), st.integers(10, 400), st.integers(1, 3))
def test_words_are_cut_to_the_room_there_is(text, width, lines):
    cut = fit(text, width, 12)
    assert width_of(cut, 12) <= width or cut == text
    assert cut in ("", text) or text.startswith(cut.rstrip("…").rstrip())
    assert len(wrap(text, width, 12, lines)) <= lines


def test_lines_break_where_people_break_them():
    assert wrap("中山公园地铁站周边非机动车停放治理", 130, 10, 2) == ["中山公园地铁站周边", "非机动车停放治理"]
    assert wrap("美丽家园综合修缮（2026）", 100, 10, 2) == ["美丽家园综合修", "缮（2026）"]


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 900))
def test_months_tile_the_scale(first, length):
    scale = Scale(first, first + timedelta(days=length), 100.0, 2.0)
    months = list(scale.months())
    assert months[0][0] == first
    assert months[-1][1] == scale.last
    assert all(b[0] == a[1] + timedelta(days=1) for a, b in pairwise(months))
    assert all(end == min(month_end(start), scale.last) for start, end in months)
    assert scale.end(scale.last) == scale.left + scale.width
