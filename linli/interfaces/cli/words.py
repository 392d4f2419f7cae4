"""The program's own words, in the language of the terminal, without starting Django.

Help is built when the program is imported, long before settings are read; so the catalogue
is read with the standard library. Chinese unless the locale says English.
"""

from __future__ import annotations

import gettext as _gettext
import os
from functools import lru_cache
from pathlib import Path

_LOCALE = Path(__file__).resolve().parents[2] / "locale"


def language() -> str:
    """Return ``zh-hans`` or ``en``: ``LINLI_LANGUAGE`` if set, else what the locale says."""
    for name in ("LINLI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name, ""):
            return "en" if value.lower().startswith("en") else "zh-hans"
    return "zh-hans"


@lru_cache(maxsize=2)
def _catalogue(code: str) -> _gettext.NullTranslations:
    if code != "en":
        return _gettext.NullTranslations()
    return _gettext.translation("django", str(_LOCALE), languages=[code], fallback=True)


def gettext(text: str) -> str:
    """Return ``text`` in the language of the terminal."""
    return _catalogue(language()).gettext(text)
