"""Numbers of doors and lanes as they are said: 二百三十五, 一二三二, 幺零八, 12甲."""

from __future__ import annotations

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "幺": 1}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_TWENTY = "廿"


def digits(text: str) -> str:
    """Return a Chinese numeral up to 9,999 as digits (一千二百三十二 → 1232, 幺零八 → 108); other text unchanged."""
    text = text.replace(_TWENTY, "二十")
    if not text or any(c not in _DIGITS and c not in _UNITS for c in text):
        return text
    if not any(c in _UNITS for c in text):
        return "".join(str(_DIGITS[c]) for c in text)
    total, pending, unit = 0, 0, 1
    for c in text:
        if c in _UNITS:
            unit = _UNITS[c]
            total, pending = total + (pending or 1) * unit, 0
        else:
            pending = _DIGITS[c]
            unit = 1 if c in "零〇" else unit
    return str(total + pending * (unit // 10 if unit >= 100 else 1))
