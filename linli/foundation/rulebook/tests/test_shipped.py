"""What ships: well formed, sourced, named as the file's head says."""

from datetime import date
from pathlib import Path

import pytest

from linli.foundation.deadlines.types import Duration
from linli.foundation.rulebook import reference, shipped_rules
from linli.foundation.rulebook.types import MARKS

DAY = date(2026, 11, 21)
ALL = [rule for found in shipped_rules.shipped().values() for rule in found]
PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "rulebook.md"


@pytest.mark.parametrize("rule", ALL, ids=lambda r: r.code)
def test_every_rule_has_source_mark_title_and_reason(rule):
    assert rule.mark in MARKS
    assert all([rule.source.strip(), rule.title.strip(), rule.why.strip()])
    if isinstance(rule.value, dict) and "amount" in rule.value:
        assert Duration.of(rule.value).amount > 0


@pytest.mark.parametrize("rule", [r for r in ALL if r.is_unproved], ids=lambda r: r.code)
def test_a_guess_does_not_pass_for_a_rule_of_shanghai(rule):
    assert "Linli" in rule.source
    assert not rule.source.startswith("上海")


@pytest.mark.parametrize(
    ("code", "value", "mark"),
    [
        ("cases.clock.handle.general", {"amount": 5, "unit": "work_days"}, "G"),
        ("cases.clock.handle.comprehensive", {"amount": 10, "unit": "work_days"}, "G"),
        ("cases.clock.handle.difficult", {"amount": 20, "unit": "work_days"}, "G"),
        ("cases.clock.first_contact", {"amount": 1, "unit": "work_days"}, "P"),
        ("cases.clock.handle.category.shared_bikes", {"amount": 2, "unit": "natural_hours"}, "L"),
        ("cases.clock.handle.type.consultation", {"amount": 1, "unit": "work_days"}, "P"),
        ("cases.return.max", 2, "G"),
        ("cases.rating.window_days", 14, "G"),
        ("cases.contact.attempts", 3, "G"),
        ("cases.public.minimum_cell", 5, "G"),
        ("deadlines.marks", [80, 100, 150, 200], "G"),
    ],
)
def test_the_numbers_of_the_case_loop(code, value, mark):
    (rule,) = shipped_rules.shipped()[code]
    assert (rule.value, rule.mark) == (value, mark)
    assert rule.holds(DAY)


def write(tmp_path, text):
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf8")
    return path


@pytest.mark.parametrize("change", ['mark = "X"', 'mark = "G"\ncolour = "red"', ""])
def test_a_malformed_entry_is_refused_and_named(tmp_path, change):
    path = write(tmp_path, f'[[rule]]\ncode = "a.b"\ntitle = "t"\nvalue = 1\nsource = "s"\n{change}')
    with pytest.raises(shipped_rules.BadShippedRuleError, match="a\\.b"):
        shipped_rules.read_file(path)


def test_overlapping_entries_are_refused(tmp_path, monkeypatch):
    entry = '[[rule]]\ncode = "a.b"\ntitle = "t"\nvalue = 1\nsource = "s"\nmark = "G"\n'
    write(tmp_path, entry + "valid_from = 2020-01-01\n" + entry + "valid_from = 2021-01-01\n")
    monkeypatch.setattr(shipped_rules, "FOLDER", tmp_path)
    with pytest.raises(shipped_rules.BadShippedRuleError, match="2021-01-01"):
        shipped_rules.shipped.__wrapped__()


def test_the_reference_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf8") == reference.markdown()


def test_the_reference_says_what_a_mark_is_worth():
    text = reference.markdown()
    assert "| `cases.clock.handle.general` |" in text
    assert "5 工作日" in text
    assert "not a rule of Shanghai" in text
