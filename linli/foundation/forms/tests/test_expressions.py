# ruff: noqa: E501
"""The language in Python and in the browser: one table, and expressions made at random, with the same answers."""

import json
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from frontend.build import tools
from linli.foundation.forms import rules
from linli.foundation.forms.rules.expressions import Budget, FlatScope, asks_the_clock, nodes
from linli.foundation.forms.rules.expressions.patterns import compile_pattern, matches
from linli.foundation.forms.rules.filling import Filling
from linli.foundation.forms.rules.standing import Standing

TABLE = json.loads((Path(__file__).parent / "expressions.json").read_text(encoding="utf-8"))
MOMENT = rules.Moment(datetime.fromisoformat(TABLE["now"]))
SOURCE = Path(__file__).parents[4] / "frontend" / "src"
SCRIPT = """
import { readFileSync } from "node:fs";
import { evaluate, flatScope, spoken } from "%s/expressions.js";
import { Sheet } from "%s/formsheet.js";
function standing(form, answers, path, index) {
  const sheet = new Sheet(form, { answers, moment: () => "2026-11-22T09:30:15.250+08:00" });
  const rows = [...index];
  const at = path.map((code, n) => (sheet.plan.byPath[path.slice(0, n + 1).join("/")].repeat && rows.length ? `${code}[${rows.shift()}]` : code)).join("/");
  return sheet.scope(sheet.at(at));
}
const asked = JSON.parse(readFileSync(0, "utf8"));
const own = (v) => (v === undefined ? null : v);
const said = asked.map((a) => {
  try {
    if (a.words) return spoken(a.words, standing(a.form, a.answers, a.path, a.index, a));
    return own(evaluate(a.tree, a.path ? standing(a.form, a.answers, a.path, a.index, a) : flatScope(a.answers, a.own, a.moment)));
  } catch (error) { return { error: String(error) }; }
});
process.stdout.write(JSON.stringify(said));
"""


def in_node(asked):
    """Return what the browser's script answers, run by the Node that builds the front end."""
    node = tools()[0]
    done = subprocess.run(
        [node, "--input-type=module", "-e", SCRIPT % (SOURCE.as_uri(), SOURCE.as_uri())],
        input=json.dumps(asked), capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def flat(text, answers=TABLE["answers"], own=TABLE["own"]):
    return rules.evaluate(rules.parse(text), answers, own, MOMENT)


def stood(path, index, text):
    form = rules.read_form(TABLE["form"])
    filling = Filling(form, TABLE["nested"], MOMENT, starting=False)
    filling.run()
    place = filling.sheet.shape.by_path[tuple(path)]
    return rules.evaluate(rules.parse(text), Standing(filling.sheet, place, tuple(index)))


@pytest.mark.parametrize(("text", "value"), TABLE["cases"])
def test_python_finds_what_the_table_says(text, value):
    found = flat(text)
    assert found == value
    assert isinstance(found, bool) == isinstance(value, bool)


@pytest.mark.parametrize(("path", "index", "text", "value"), TABLE["standing"])
def test_python_finds_what_the_table_says_in_repeats(path, index, text, value):
    assert stood(path, index, text) == value


def test_the_browser_finds_what_the_table_says():
    cases = [
        {"tree": rules.parse(t), "answers": TABLE["answers"], "own": TABLE["own"], "moment": TABLE["now"]}
        for t, _value in TABLE["cases"]
    ]
    places = [
        {"tree": rules.parse(t), "form": TABLE["form"], "answers": TABLE["nested"], "path": p, "index": i}
        for p, i, t, _value in TABLE["standing"]
    ]
    found = in_node(cases + places)
    wanted = [value for *_rest, value in TABLE["cases"] + TABLE["standing"]]
    texts = [t for t, _value in TABLE["cases"]] + [t for _p, _i, t, _value in TABLE["standing"]]
    assert [
        (t, f)
        for t, f, w in zip(texts, found, wanted, strict=True)
        if f != w or isinstance(f, bool) != isinstance(w, bool)
    ] == []


NAMES = [f"${{{name}}}" for name in TABLE["answers"]] + ["."]
LITERALS = [
    "0",
    "1",
    "2.5",
    "100",
    "0.1",
    "''",
    "'a'",
    "'p q'",
    "'3'",
    "'-1.5'",
    "'2026-02-28'",
    "'华阳'",
    "today()",
    "now()",
    "true()",
]
CALLS = [
    "not({0})", "string({0})", "number({0})", "int({0})", "round({0})", "round({0}, 1)", "abs({0})", "pow({0}, 2)", "boolean({0})",
    "selected({0}, {1})", "count-selected({0})", "selected-at({0}, {1})", "string-length({0})", "substr({0}, {1})", "substr({0}, {1}, {2})",
    "substring-before({0}, {1})", "substring-after({0}, {1})", "contains({0}, {1})", "starts-with({0}, {1})", "ends-with({0}, {1})",
    "normalize-space({0})", "translate({0}, {1}, {2})", "date({0})", "date-time({0})", "decimal-date-time({0})", "decimal-time({0})",
    "format-date({0}, '%Y/%n %a')", "if({0}, {1}, {2})", "coalesce({0}, {1})", "once({0})", "concat({0}, {1})", "min({0}, {1})", "max({0}, {1})",
    "sum({0})", "count-non-empty({0})", "regex({0}, '[a-z]+|\\d*')", "({0}) + ({1})", "({0}) - ({1})", "({0}) * ({1})", "({0}) div ({1})",
    "({0}) mod ({1})", "({0}) = ({1})", "({0}) != ({1})", "({0}) < ({1})", "({0}) >= ({1})", "({0}) and ({1})", "({0}) or ({1})", "-({0})",
]  # fmt: skip
EXPRESSIONS = st.recursive(
    st.sampled_from(NAMES + LITERALS),
    lambda inner: st.builds(lambda call, a, b, c: call.format(a, b, c), st.sampled_from(CALLS), inner, inner, inner),
    max_leaves=6,
)


@settings(max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(EXPRESSIONS, min_size=40, max_size=120))
def test_any_expression_has_the_same_answer_in_the_browser(texts):
    readable = [t for t in texts if len(t) < 1500]
    asked = [
        {"tree": rules.parse(t), "answers": TABLE["answers"], "own": TABLE["own"], "moment": TABLE["now"]}
        for t in readable
    ]
    found = in_node(asked)
    assert [(t, flat(t), f) for t, f in zip(readable, found, strict=True) if json.loads(json.dumps(flat(t))) != f] == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("1" + " + 1" * 500, "long"),
        ("-" * 60 + "1", "deep"),
        ("1" + " - 1" * 200, "deep"),
        ("x" * 6000, "long"),
        ("pulldata('a')", "function"),
        ("eval('1')", "function"),
        ("if(1, 2)", "arguments"),
        ("true(1)", "arguments"),
        ("regex(., ${a})", "pattern"),
        ("regex(., '(?<=a)b')", "pattern"),
        ("regex(., '(a)\\1')", "pattern"),
        ("regex(., '(((a{99}){99}){99}){99}')", "pattern"),
        ("regex(., '[a')", "pattern"),
        ("regex(., 'a{2,1}')", "pattern"),
        ("regex(., 'a)')", "pattern"),
        ("regex(., '*')", "pattern"),
        ("state", "column"),
        ("position(${a})", "arguments"),
        ("instance('x')", "function"),
        ("${last-saved#a}", "character"),
        ("random()", "function"),
    ],
)
def test_what_is_too_much_or_unknown_is_refused_with_its_reason(text, what):
    with pytest.raises(rules.ExpressionError) as caught:
        rules.parse(text)
    assert caught.value.what == what


def test_long_sums_and_alternatives_are_no_deep_trees():
    text = " or ".join(f"${{a}} = {n}" for n in range(190))
    assert len(rules.parse(text)) == 191
    assert flat(text, {"a": 189}) is True
    assert flat(" + ".join(["1"] * 390)) == 390


def test_a_budget_ends_what_would_take_too_long():
    scope = FlatScope({"a": "a" * 2000})
    scope.budget = Budget(20_000)
    with pytest.raises(rules.ExpressionError, match="work"):
        rules.evaluate(rules.parse("regex(${a}, '(a|a|a|a|a|a|a|a)*b')"), scope)


def test_trees_say_what_they_ask():
    tree = rules.parse("jr:choice-name(${a}, '${b}') = sum(/data/g/c) + regex(${d}, 'x')")
    assert rules.names(tree) == {"a", "b", "c", "d"}
    assert not asks_the_clock(tree)
    assert asks_the_clock(rules.parse("if(${a}, date(today()), 1)"))
    assert len(nodes(rules.parse("1 + 2 + 3"))) == 4


ATOMS = ["a", "b", ".", "[ab]", "[^a]", "\\d", "\\w", "[a-c]", "x"]
PATTERNS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.builds("({}|{})".format, inner, inner),
        st.builds("{}{}".format, inner, inner),
        st.builds("({}){}".format, inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,2}", "{1,}"])),
    ),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(PATTERNS, st.text("abcx1", max_size=6))
def test_patterns_match_as_those_of_python_do(pattern, text):
    import re

    assert matches(compile_pattern(pattern), text) == bool(re.fullmatch(pattern, text))


def test_the_reference_names_every_function_and_type():
    from linli.foundation.forms.rules.expressions import ARGUMENTS
    from linli.foundation.forms.services.xlsforms.layout import PLAIN, SELECTS, TRACKING, TYPES

    page = (Path(__file__).parents[4] / "docs" / "reference" / "forms.md").read_text(encoding="utf-8")
    own = {name for name in PLAIN if name.startswith("linli_")}
    missing = [n for n in (*ARGUMENTS, *SELECTS, *TRACKING, *own) if f"`{n}" not in page]
    missing += [n for n in TYPES if n not in page.lower()]
    assert missing == []


def test_labels_speak_of_answers_in_the_browser_too():
    asked = {"form": TABLE["form"], "answers": TABLE["nested"], "path": ["floor", "name"], "index": [2]}
    assert in_node([{**asked, "words": "${name}有 ${ area } 平方米，${top}${kind}"}]) == ["二层有 20 平方米，ta"]
