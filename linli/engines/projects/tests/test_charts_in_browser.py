"""The drawings as a browser and a printer take them."""

import pypdfium2
import pytest

from linli.engines.projects.rules.charting import MOST_ROWS, gantt, wall_sheets
from linli.engines.projects.rules.charting.types import Paper
from linli.engines.projects.tests.charts import renewal, wall

pytestmark = pytest.mark.slow


def printed(browser, sheets, paper, target):
    width, height = paper.size
    css = f"@page{{size:{width}mm {height}mm;margin:0}}body{{margin:0}}svg{{display:block}}svg+svg{{break-before:page}}"
    page = browser.new_page()
    page.set_content(f"<!doctype html><meta charset=utf-8><style>{css}</style>{''.join(sheets)}")
    page.pdf(path=str(target), prefer_css_page_size=True, print_background=True)
    page.close()
    return pypdfium2.PdfDocument(str(target))


@pytest.mark.parametrize(("paper", "count"), [(Paper.A3, 61), (Paper.A1, 3)])
def test_the_wall_chart_prints_on_its_paper_as_text(browser, tmp_path, paper, count):
    chart = wall(count)
    document = printed(browser, wall_sheets(chart, paper), paper, tmp_path / "wall.pdf")
    assert len(document) == (2 if count > MOST_ROWS else 1)
    words = []
    for sheet in document:
        size = [length / 72 * 25.4 for length in sheet.get_size()]
        assert size == pytest.approx(paper.size, abs=1)
        words.append(sheet.get_textpage().get_text_range())
    assert chart.title in words[0]
    assert "易积水小区排水改造" in words[0]
    assert count <= MOST_ROWS or "第2页，共2页" in words[1]
    document.close()


def test_the_gantt_chart_fits_where_it_says_it_does(browser):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_content(gantt(renewal()))
    over = page.evaluate(
        """() => { const svg = document.querySelector('svg').getBoundingClientRect();
        return [...document.querySelectorAll('svg text')].filter(t => {
          const r = t.getBoundingClientRect(); return r.right > svg.right + 1 || r.bottom > svg.bottom + 1;
        }).map(t => t.textContent); }"""
    )
    labels = page.evaluate(
        """() => [...document.querySelectorAll('svg > text')].filter(t => t.getAttribute('font-size') === '13'
          && t.getBoundingClientRect().left < 300 && t.getBoundingClientRect().right > 310).length"""
    )
    page.close()
    assert over == []
    assert labels == 0
