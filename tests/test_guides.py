"""The one-page guides: what they tell people to press is on the page, and their pictures are taken here.

``make guides`` (``LINLI_WRITE_GUIDES=1``) takes the pictures from a demonstration and writes them into the docs.
"""

import os
import re
from pathlib import Path

import pytest
from PIL import Image

from linli.engines.cases.tests.steps import raise_case, to_check, to_handling
from linli.foundation.accounts.selectors import find_login
from linli.foundation.core import clock
from linli.foundation.people.types import Role
from linli.interfaces.cli.demo import load
from tests.login import log_in_page

DOCS = Path(__file__).parent.parent / "docs"
GUIDES = DOCS / "zh" / "guides"
SHOT = re.compile(r"<!-- shot: (?P<user>\w+) (?P<size>\w+) (?P<path>\S+) (?P<name>[\w-]+) -->")
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
WRITING = bool(os.environ.get("LINLI_WRITE_GUIDES"))


def shots(text):
    """Return (user, size, path, picture, bold words up to the next picture) of each picture of a guide."""
    parts = SHOT.split(text)[1:]
    for user, size, path, name, rest in zip(*[iter(parts)] * 5, strict=True):
        words = re.findall(r"\*\*(.+?)\*\*", rest.split("\n## ")[0])
        yield user, size, path, name, words


def test_each_role_has_a_page_that_fits_on_one_and_names_its_pictures():
    assert {p.stem for p in GUIDES.glob("*.md")} == {"index"} | {r.value for r in Role}
    index = (GUIDES / "index.md").read_text(encoding="utf8")
    for role in Role:
        text = (GUIDES / f"{role.value}.md").read_text(encoding="utf8")
        found = list(shots(text))
        assert found, role
        assert len(text.splitlines()) <= 45, f"{role}: more than a page"
        assert f"({role.value}.md)" in index
        for *_rest, name, _words in found:
            with Image.open(DOCS / "images" / "guides" / f"{name}.jpg") as picture:
                assert picture.width in {390, 780, 1440}


@pytest.fixture
def street(browser_page, live_server, world, monkeypatch, settings):
    """Return how to look a login up, on a street with something to do."""
    settings.DEMO = True
    if WRITING:  # a demonstration in place of the bare street of the tests
        from django.core.management import call_command

        call_command("flush", interactive=False, verbosity=0)
        load.load(small=True)
    else:
        raise_case(world, "noise")
        to_handling(world, raise_case(world, "garbage"))
        to_check(world, raise_case(world, "cross_door"))
        monkeypatch.setattr(clock, "now", lambda: world.now)
    yield lambda name: find_login(name)
    load.forget()


@pytest.mark.slow
def test_what_the_guides_tell_people_to_press_is_there(street, browser_page, live_server, tmp_path):
    folder = DOCS / "images" / "guides" if WRITING else tmp_path
    missing = []
    for guide in sorted(GUIDES.glob("*.md")):
        for user, size, path, name, words in shots(guide.read_text(encoding="utf8")):
            width, height = SIZES[size]
            browser_page.set_viewport_size({"width": width, "height": height})
            log_in_page(browser_page, street(user), live_server.url)
            answer = browser_page.goto(path)
            assert answer.status == 200, f"{guide.stem}: {user} {path}"
            seen = browser_page.inner_text("body") + browser_page.evaluate(
                "[...document.querySelectorAll('[aria-label],[placeholder]')]"
                ".map(e => e.ariaLabel + ' ' + (e.placeholder || '')).join(' ')"
            )
            missing += [f"{guide.stem} {path}: {word}" for word in words if word not in seen]
            browser_page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=80)
            with Image.open(folder / f"{name}.jpg") as picture:
                assert len(picture.convert("RGB").getcolors(1 << 24)) > 20, f"{name} is empty"
    assert not missing, "\n".join(missing)
