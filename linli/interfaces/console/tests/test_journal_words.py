"""Every verb that a room journals by name has a word on the audit administrator's page."""

import re
from pathlib import Path

import pytest

from linli.interfaces.console.journal.words import verb_words

ROOT = Path(__file__).resolve().parents[4] / "linli"
NAMED = re.compile(r'verb="([a-z_]+\.[a-z_]+)"')


def _journalled():
    found = set()
    for path in ROOT.rglob("*.py"):
        if "tests" not in path.parts and "node_modules" not in path.parts:
            found |= set(NAMED.findall(path.read_text(encoding="utf8")))
    return sorted(found)


@pytest.mark.parametrize("verb", _journalled())
def test_every_journalled_verb_has_a_word(verb):
    assert verb_words(verb) != verb
