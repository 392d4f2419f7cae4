"""The colours of the tokens: text against its ground, 4.5 : 1 and more, in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[4] / "frontend" / "src" / "css" / "tokens.css"


def _themes() -> dict[str, dict[str, str]]:
    css = TOKENS.read_text(encoding="utf8")
    found: dict[str, dict[str, str]] = {"light": {}, "dark": {}}
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", css, flags=re.S)):
        pairs = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})", body))
        if selector.strip() == ":root":
            found["light"].update(pairs)
        elif selector.strip() == '[data-bs-theme="dark"]':
            found["dark"].update(pairs)
    found["dark"] = {**found["light"], **found["dark"]}
    return found


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    ("ink", "panel"),
    ("ink", "canvas"),
    ("ink-2", "panel"),
    ("ink-2", "canvas"),
    ("ink-3", "panel"),
    ("ink-3", "canvas"),
    ("ink-3", "panel-2"),
    ("brand", "panel"),
    ("brand", "canvas"),
    ("brand-strong", "brand-soft"),
    ("on-brand", "brand"),
    ("on-bar", "bar"),
    ("on-bar-2", "bar"),
    ("on-late", "st-late"),
    *[(f"st-{s}", f"st-{s}-bg") for s in ("new", "doing", "check", "done", "late")],
    *[(f"st-{s}", "panel") for s in ("new", "doing", "check", "done", "late")],
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(theme, text, ground):
    tokens = _themes()[theme]
    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_borders_of_fields_can_be_seen(theme):
    tokens = _themes()[theme]
    assert contrast(tokens["field-line"], tokens["panel"]) >= 3


@pytest.mark.parametrize("pin", ["new", "doing", "check", "done", "late", "idle"])
def test_signs_on_pins_can_be_seen(pin):
    assert contrast(_themes()["light"][f"pin-{pin}"], "#ffffff") >= 3
