"""A real Chromium on the gallery; every CSP violation, script error and failed request is a failure."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import clear_url_caches, include, path

ROOT = Path(__file__).resolve().parents[4]
ASSETS = Path(__file__).parent / "build"
CHROMIUM = os.environ.get("LINLI_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""


@pytest.fixture(scope="session")
def built() -> None:
    """Build the front end if its sources changed."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "frontend" / "build.py")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(autouse=True)
def _gallery() -> Iterator[None]:
    """Have the gallery's addresses although DEBUG and DEMO are off."""
    from linli import urls

    gallery = path("gallery/", include("linli.interfaces.web.gallery.urls"))
    urls.urlpatterns.insert(0, gallery)
    clear_url_caches()
    yield
    urls.urlpatterns.remove(gallery)
    clear_url_caches()


@pytest.fixture(scope="session", autouse=True)
def _static_root() -> None:
    """WhiteNoise warns, and a warning is an error, where the folder of collected files is missing."""
    from django.conf import settings

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def chromium(built: None, browser: Any) -> Any:
    """Return the one browser of all tests, once the assets are built."""
    return browser


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """Return the address of the running site."""
    return str(live_server.url)


@pytest.fixture
def visit(chromium: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a page; what went wrong in it fails the test at its end."""
    wrong: list[str] = []
    contexts = []

    def open_page(url: str, *, width: int = 1440, height: int = 900, script: bool = True, **cookies: str) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", java_script_enabled=script
        )
        contexts.append(context)
        context.add_cookies([{"name": f"linli_{k}", "value": v, "url": site} for k, v in cookies.items()])
        page = context.new_page()
        page.on(
            "console",
            lambda m: wrong.append(f"{url}: {m.text} {m.location}") if m.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda e: wrong.append(f"{url}: {e}"))
        page.goto(site + url)
        if script:
            page.wait_for_load_state("networkidle")
        page.wrong = wrong
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
