"""What a page says after an act, it says once: the frame of each page shows it."""

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent / "linli" / "interfaces"
FRAMES = ('{% extends "web/base.html" %}', '{% extends "web/public.html" %}')


def test_a_page_leaves_the_telling_of_what_was_done_to_its_frame():
    pages = [p for p in ROOT.glob("*/templates/**/*.html") if p.read_text(encoding="utf8").startswith(FRAMES)]
    assert len(pages) > 100
    twice = [
        str(p.relative_to(ROOT))
        for p in pages
        if "web/_messages.html" in (text := p.read_text(encoding="utf8")) and "{% block main %}" not in text
    ]
    assert twice == []
