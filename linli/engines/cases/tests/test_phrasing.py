"""Sentences with places to fill in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases.rules import phrasing
from linli.engines.cases.selectors.words import shipped_phrases
from linli.engines.cases.workflow import VERBS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ", "empty"),
        ("字" * 301, "long"),
        ("一\n二", "lines"),
        ("请找{name}", "unknown"),
        ("请找{number", "braces"),
        ("请找{number}}", "braces"),
        ("由__办理", "blank"),
        ("由______办理", "blank"),
    ],
)
def test_what_is_wrong_is_named(text, code):
    assert code in {c for c, _what in phrasing.faults(text)}


def test_what_is_shipped_is_in_order():
    for verb, texts in shipped_phrases().items():
        assert verb in VERBS or verb in {"shift", "guidance"}
        assert len(set(texts)) == len(texts)
        for text in texts:
            assert phrasing.faults(text) == []


@given(st.text(max_size=60), st.dictionaries(st.sampled_from(phrasing.PARAMS), st.text(max_size=5)))
def test_nothing_named_is_left_after_filling(text, values):
    if not phrasing.faults(text):
        shown = phrasing.filled(text, {k: v.replace("{", "").replace("}", "") for k, v in values.items()})
        assert "{" not in shown


def test_what_is_not_known_becomes_a_blank():
    assert phrasing.filled("{unit}将于{due}前办结{number}", {"unit": "物业", "number": "1"}) == "物业将于____前办结1"
