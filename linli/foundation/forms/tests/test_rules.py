# ruff: noqa: E501
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.foundation.core.errors import InvalidError
from linli.foundation.forms import rules
from linli.foundation.forms.types import FLAT_TYPES, Choice, Question, QuestionSet, QuestionType

BIKES = QuestionSet(
    1,
    (
        Question(
            "what",
            QuestionType.CHOICE,
            {"zh-hans": "是什么"},
            required=True,
            choices=tuple(Choice(c, {"zh-hans": c}) for c in ("bike", "car", "other")),
        ),
        Question(
            "count",
            QuestionType.INTEGER,
            {"zh-hans": "几辆"},
            required=True,
            relevant="${what} = 'bike'",
            constraint=". > 0 and . <= 100",
            constraint_message={"zh-hans": "应在 1 到 100 之间。"},
        ),
        Question("blocked", QuestionType.YES_NO, {"zh-hans": "是否挡路"}, relevant="${count} > 2"),
        Question(
            "where",
            QuestionType.CHOICES,
            {"zh-hans": "在哪里"},
            choices=tuple(Choice(c, {"zh-hans": c}) for c in ("gate", "stairs", "lift")),
        ),
        Question(
            "floor",
            QuestionType.DECIMAL,
            {"zh-hans": "楼层"},
            relevant="selected(${where}, 'stairs') or selected(${where}, 'lift')",
        ),
        Question("hint", QuestionType.NOTE, {"zh-hans": "请注意安全"}),
        Question("phone", QuestionType.PHONE, {"zh-hans": "电话"}, personal=True),
        Question("when", QuestionType.DATE, {"zh-hans": "日期"}),
        Question("at", QuestionType.TIME, {"zh-hans": "时间"}),
        Question("spot", QuestionType.PLACE, {"zh-hans": "地点"}),
        Question("more", QuestionType.LONG_TEXT, {"zh-hans": "说明"}, constraint="string-length(.) >= 2"),
    ),
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "what": st.sampled_from(["bike", "car", "other", "bus", ""]),
        "count": st.one_of(st.integers(-3, 200), st.sampled_from(["３", " 5 ", "x", "", None])),
        "blocked": st.sampled_from([True, False, "yes", "否", "perhaps", ""]),
        "where": st.lists(st.sampled_from(["gate", "stairs", "lift", "moon"]), max_size=3),
        "floor": st.sampled_from(["3", "-1", "2.50", "NaN", "一楼", "1e400"]),
        "phone": st.sampled_from(["13812345678", "021-52345678", "12", "abc"]),
        "when": st.sampled_from(["2026-11-21", "2026-02-30", "明天"]),
        "at": st.sampled_from(["09:30", "25:00"]),
        "spot": st.one_of(st.text(max_size=5), st.fixed_dictionaries({"lat": st.floats(), "lon": st.floats()})),
        "more": st.text(max_size=30),
        "nobody": st.text(max_size=3),
    },
)


def error_of(questions, answers):
    with pytest.raises(InvalidError) as caught:
        rules.validate(questions, answers)
    return caught.value


@given(ANSWERS)
def test_whatever_is_typed_is_cleaned_or_said_and_never_lost(answers):
    checked = rules.check(BIKES, answers)
    assert checked.raw == answers
    assert not set(checked.cleaned) & set(checked.errors)
    assert set(checked.cleaned) <= {q.code for q in BIKES.questions} - {"hint"}
    json.dumps(checked.cleaned, allow_nan=False)


@given(ANSWERS)
def test_valid_answers_pass_again_unchanged(answers):
    checked = rules.check(BIKES, answers)
    if checked.ok:
        assert rules.validate(BIKES, checked.cleaned) == checked.cleaned
    partial = rules.check(BIKES, checked.cleaned, partial=True)
    assert partial.ok
    assert partial.cleaned == checked.cleaned


@given(ANSWERS)
def test_hidden_answers_are_dropped(answers):
    cleaned = rules.check(BIKES, answers, partial=True).cleaned
    for question in BIKES.questions:
        if question.code in cleaned:
            assert rules.relevant(question, cleaned)
    if cleaned.get("what") != "bike":
        assert "count" not in cleaned
        assert "blocked" not in cleaned


def test_missing_required_answers_are_said_in_chinese_at_their_question():
    assert error_of(BIKES, {}).fields == {"what": ["请回答这个问题。"]}
    assert error_of(BIKES, {"what": "bike", "count": 0}).fields == {"count": ["应在 1 到 100 之间。"]}
    assert rules.validate(BIKES, {}, partial=True) == {}


def test_answers_are_kept_in_one_form():
    cleaned = rules.validate(
        BIKES,
        {
            "what": "bike",
            "count": "３",
            "blocked": "是",
            "where": ["lift", "gate"],
            "floor": "2.50",
            "phone": "138 1234 5678",
            "spot": {"lat": "31.2", "lon": "121.4", "text": "门口"},
        },
    )
    assert cleaned == {
        "what": "bike", "count": 3, "blocked": True, "where": ["gate", "lift"], "floor": "2.5",
        "phone": "+8613812345678", "spot": {"text": "门口", "lat": 31.2, "lon": 121.4},
    }  # fmt: skip


@pytest.mark.parametrize("raw", ["31.2 121.4 0 8", "6252.1234", "12", "138x0000y0000", "1234"])
def test_figures_that_are_no_telephone_number_are_refused(raw):
    one = QuestionSet(1, (Question("phone", QuestionType.PHONE, {"zh-hans": "电话"}),))
    with pytest.raises(InvalidError) as refused:
        rules.validate(one, {"phone": raw})
    assert "phone" in refused.value.fields


CODES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
LABELS = st.fixed_dictionaries({"zh-hans": st.text(min_size=1, max_size=8)}, optional={"en": st.text(max_size=8)})


@st.composite
def sets(draw):
    codes = draw(st.lists(CODES, min_size=1, max_size=6, unique=True))
    found = []
    for i, code in enumerate(codes):
        kind = draw(st.sampled_from(FLAT_TYPES))
        choices: tuple[Choice, ...] = ()
        if kind in {QuestionType.CHOICE, QuestionType.CHOICES}:
            choices = tuple(Choice(c, draw(LABELS)) for c in draw(st.lists(CODES, min_size=1, max_size=4, unique=True)))
        relevant = (
            draw(st.sampled_from(["", f"${{{codes[i - 1]}}} = '1'", f"not(${{{codes[i - 1]}}} > 2)"])) if i else ""
        )
        constraint = draw(st.sampled_from(["", ". != ''", "string-length(.) < 5"]))
        found.append(
            Question(
                code,
                kind,
                draw(LABELS),
                required=draw(st.booleans()),
                relevant=relevant,
                constraint=constraint,
                choices=choices,
                personal=draw(st.booleans()),
            )
        )
    return QuestionSet(draw(st.integers(1, 9)), tuple(found))


@given(
    sets(),
    st.dictionaries(
        CODES,
        st.one_of(
            st.none(), st.booleans(), st.integers(), st.text(max_size=4), st.lists(st.text(max_size=3), max_size=3)
        ),
        max_size=8,
    ),
)
def test_json_round_trip_and_validation_agree(questions, answers):
    again = rules.from_json(json.loads(json.dumps(rules.to_json(questions))))
    assert again == questions
    assert rules.check(again, answers) == rules.check(questions, answers)
    assert rules.from_json(rules.to_json(again)) == again


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ({"code": "1", "label": {"zh-hans": "x"}}, "code"),
        ({"code": "a", "type": "colour", "label": {"zh-hans": "x"}}, "type"),
        ({"code": "a", "label": {"en": "x"}}, "label"),
        ({"code": "a", "type": "choice", "label": {"zh-hans": "x"}}, "choices"),
        (
            {"code": "a", "type": "choice", "label": {"zh-hans": "x"}, "choices": [{"code": "1"}, {"code": "1"}]},
            "choices",
        ),
        ({"code": "a", "type": "text", "label": {"zh-hans": "x"}, "choices": [{"code": "1"}]}, "choices"),
        ({"code": "a", "label": {"zh-hans": "x"}, "relevant": "${b} = 1"}, "unknown_name"),
        ({"code": "a", "label": {"zh-hans": "x"}, "relevant": "${a} = 1"}, "unknown_name"),
        ({"code": "a", "label": {"zh-hans": "x"}, "constraint": ". >"}, "expression"),
        ("text", "code"),
    ],
)
def test_sets_that_cannot_be(question, what):
    with pytest.raises(rules.BadSetError) as caught:
        rules.from_json({"questions": [question]})
    assert caught.value.what == what


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 = 7", True), ("(1 + 2) * 3 = 9", True), ("7 mod 4 = 3", True), ("1 div 0 = ''", True), ("-2 < -1", True),
        ("${n} > 2 and ${a} = 'x'", True), ("${n} > 2 and ${a} = 'y'", False), ("${n} > 2 or ${none} = 1", True),
        ("${none} = ''", True), ("${none} > 0", False), ("${none} < 1", False), ("not(${none})", True),
        ("selected(${l}, 'p')", True), ("count-selected(${l}) = 2", True), ("string-length(${a}) = 1", True), ("${yes} = 'yes'", True),
    ],
)  # fmt: skip
def test_expressions(text, value):
    assert rules.evaluate(rules.parse(text), {"n": 3, "a": "x", "l": ["p", "q"], "yes": True}) is value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "(1",
        "__import__('os')",
        "${a",
        "a.b",
        "${a} = 'x",
        "1 2",
        "selected(1)",
        "not(1, 2)",
        "(" * 500,
        "1+" * 499 + "1",
        "'" * 3,
        "import os",
        "1;2",
    ],
)
def test_what_is_no_expression_is_refused(text):
    with pytest.raises(rules.ExpressionError):
        rules.parse(text)


@given(
    st.text(alphabet="${}ab'\"0123456789+-*.=<>!(), andortsel", max_size=60),
    st.dictionaries(st.sampled_from("ab"), st.one_of(st.text(), st.integers(), st.none())),
)
def test_any_text_is_read_or_refused(text, answers):
    try:
        tree = rules.parse(text)
    except rules.ExpressionError:
        return
    assert rules.evaluate(tree, answers, "own") == rules.evaluate(tree, answers, "own")
