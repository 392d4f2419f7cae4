"""What every test has. The environment is prepared before Django starts, in ``tests/environment.py``."""

from __future__ import annotations

import gc
import os
import re
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from linli.foundation.core import namespaces
from tests import postgres, steady
from tests.environment import ON_POSTGRES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.world import World

namespaces.set_process_default("main")

_DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_reset_sequences", "browser_page"}
_DATABASE = "postgresql" if ON_POSTGRES else "sqlite"
# A refusal is an ordinary answer (wrong input, stale page, no right): Chromium logs it as an error all the same.
_REFUSED = re.compile(r"Failed to load resource: .* status of (400|403|409|422)")


def pytest_configure(config: pytest.Config) -> None:
    """Hash passwords quickly, and try the same examples each time; only a soak looks for new ones."""
    import hypothesis  # noqa: PLC0415  with the settings below, or not at all
    from django.conf import settings  # noqa: PLC0415  the environment must be prepared first

    # What Argon2 costs on purpose, a thousand tests need not pay.
    settings.PASSWORD_HASHERS = ["tests.hashers.QuickArgon2PasswordHasher"]
    # Each test client starts the middleware anew: WhiteNoise looks a file up when asked, not all of them each time.
    settings.WHITENOISE_AUTOREFRESH = True
    if ON_POSTGRES:
        postgres.empty_quickly()
    hypothesis.settings.register_profile("fast", derandomize=True, deadline=None)
    if config.option.markexpr != "soak":
        hypothesis.settings.load_profile("fast")


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what stays: modules, models, tests; it took a tenth of each run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that touch a database ``db`` and those that drive a browser ``browser``; keep a file together.

    Those that say something of one database alone (``only_on``) are left out on the other, which is not a skip:
    the suite runs on both.
    """
    other = [i for i in items if (only := i.get_closest_marker("only_on")) and only.args[0] != _DATABASE]
    if other:
        config.hook.pytest_deselected(items=other)
        items[:] = [i for i in items if i not in other]
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & _DATABASE_FIXTURES:
            item.add_marker("db")
        if "browser_page" in fixtures or "browser" in fixtures:
            item.add_marker("browser")
            # A browser beside it may starve one on a busy machine; who was tried again stands in the report as "rerun".
            item.add_marker(pytest.mark.flaky(reruns=2))


if not ON_POSTGRES:

    @pytest.fixture(scope="session")
    def django_db_modify_db_settings_xdist_suffix() -> None:
        """Leave the database in memory: each worker is a process and so has its own without a name of its own."""


@pytest.fixture(autouse=True)
def _namespace(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test works on the namespace ``main``."""
    namespaces.set_process_default("main")
    # The index of areas is kept by process; a test's rows are rolled back, not changed.
    from django.conf import settings  # noqa: PLC0415  Django must be set up
    from django.utils import translation  # noqa: PLC0415

    from linli.foundation.accounts.services import codes  # noqa: PLC0415
    from linli.foundation.core.kept import Kept  # noqa: PLC0415
    from linli.foundation.core.versioned import Versioned  # noqa: PLC0415
    from linli.foundation.places import selectors as places  # noqa: PLC0415

    translation.activate(settings.LANGUAGE_CODE)  # a request before may have been in English
    places.forget_index()
    # What a process keeps for seconds: each test begins without, and a slow machine does not look again in its midst.
    for kept in Kept.every:
        kept.clear()
        monkeypatch.setattr(kept, "seconds", 600.0)
    for versioned in Versioned.every:
        versioned.forget()
        monkeypatch.setattr(versioned, "seconds", 600.0)
    carriers = codes._delivery[:]
    yield
    codes._delivery[:] = carriers  # a test may have named its own carrier of codes
    namespaces.set_process_default("main")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The demonstration subdistrict without cases."""
    from tests.world import forget, lay_world  # noqa: PLC0415

    yield lay_world()
    forget()


def chromium() -> str:
    """Return the path of a Chromium on this machine; fail with what to do where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.fail("No Chromium on this machine: `tools/system.sh need chromium fonts-noto-cjk`, or `make test`.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the whole run."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  heavy, for browser tests only

    path = chromium()
    steady.wait_before_acting()
    if os.environ.get("LINLI_TEST_SLOW_LINE"):
        steady.slow_line()
        steady.slow_phone()
    # Playwright's synchronous face runs a loop in this thread; Django would refuse the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def browser_page(browser: Browser, live_server: Any) -> Iterator[Page]:
    """An empty page whose relative addresses lead to the live server; an error on the console fails the test.

    A violation of the Content-Security-Policy is an error on the console.
    """
    context = browser.new_context(base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.set_default_timeout(30_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
    page.on("console", lambda line: faults.append(f"console: {line.text}") if _is_fault(line) else None)
    yield page
    context.close()
    assert not faults, "\n".join(faults)


def _is_fault(line: Any) -> bool:
    return line.type == "error" and not _REFUSED.match(line.text)
