"""The demonstration's texts: the same as the raw ones but for people's names, and read the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.programmes.documents.rules import read
from linli.programmes.documents.tests.golden_set import SOURCES, load
from tools.masking import TEXTS, masked


@pytest.mark.parametrize("name", SOURCES)
def test_only_names_differ_from_the_raw_text(name):
    golden = load(name)
    shown = (TEXTS / f"{name}.txt").read_text(encoding="utf8")
    assert shown == masked(name)
    assert len(shown) == len(golden.raw)
    changed = "".join(a if a != b else "\n" for a, b in zip(golden.raw, shown, strict=True))
    runs = {run for run in "".join(changed).split("\n") if run}
    people = set(golden.data["persons"])
    assert all(any(run in person for person in people) for run in runs)
    assert not [p for p in people if p in "".join(shown.split())]


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_asked_is_read_the_same_without_names(name):
    def asked(text):
        return [
            (f.span, f.pieces, f.attributes["voice"], f.attributes["parent"] is None)
            for f in read(text).found
            if f.kind == "requirement"
        ]

    assert asked((TEXTS / f"{name}.txt").read_text(encoding="utf8")) == asked(load(name).raw)


def test_the_raw_texts_are_not_shipped():
    assert "tests" in Path(__file__).parts
    assert not [p for p in TEXTS.iterdir() if p.name not in {f"{n}.txt" for n in SOURCES}]
