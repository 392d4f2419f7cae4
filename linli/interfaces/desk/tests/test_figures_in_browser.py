"""Figures in a real browser: from the overview down to a case, on a desk and on a phone, and a threshold set."""

import pytest

from linli.engines.cases.tests.steps import raise_case, to_closed
from linli.engines.indicators import services
from linli.engines.indicators.models import Watch
from linli.interfaces.desk.tests.test_browser import open_desk, town  # noqa: F401  the fixture

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1440, 390])
def test_a_leader_goes_from_a_rate_down_to_its_case_and_sets_a_threshold(town, live_server, browser_page, width):  # noqa: F811
    case = to_closed(town, raise_case(town))
    services.fold_all(now=town.now)
    page = browser_page
    page.set_viewport_size({"width": width, "height": 844})
    open_desk(page, town, live_server, "lingdao", "/desk/figures/")
    page.get_by_role("link", name="按时办结率").first.click()
    page.get_by_role("heading", name="按时办结率").first.wait_for()
    page.get_by_role("link", name="承办单位", exact=True).click()
    page.get_by_text("件数不足").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="分母", exact=True).click()
    page.get_by_text(case.number).first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.go_back()
    page.get_by_role("link", name="设提醒").click()
    page.fill("#threshold", "90")
    page.get_by_role("button", name="设提醒").click()
    page.get_by_text("已设提醒").first.wait_for()
    assert (Watch.objects.get().above, Watch.objects.get().threshold) == (False, 90)
