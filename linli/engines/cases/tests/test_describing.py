"""What a category may say, and how its versions differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.cases.rules import describing
from linli.engines.cases.rules.proof import EvidenceRule
from linli.engines.cases.services.catalogue import SHIPPED

GOOD = {
    "code": "wet_garbage",
    "name": "湿垃圾",
    "resident_name": "湿垃圾没收",
    "words": ["垃圾"],
    "evidence": {"before": 0, "after": 1, "why_after": "证明已清走"},
}


def fields(**changes):
    return {f for f, _code in describing.faults({**GOOD, **changes})}


def test_a_whole_description_has_no_fault():
    assert describing.faults(GOOD) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "Wet"}, "code"),
        ({"name": " "}, "name"),
        ({"resident_name": "长" * 41}, "resident_name"),
        ({"guarded": True, "public_space": True}, "public_space"),
        ({"evidence": {"after": 1}}, "why_after"),
        ({"evidence": {}}, "why_after"),
        ({"evidence": {"before": 2, "after": 0}}, "why_before"),
        ({"evidence": {"after": 99, "why": "x"}}, "evidence_after"),
        ({"danger": "快跑", "danger_en": "Run, call 119"}, "danger"),
        ({"danger": "拨打 119"}, "danger_en"),
        ({"danger_en": "Call 119"}, "danger"),
        ({"relapse_days": -1}, "relapse_days"),
        ({"words": ["字" * 21]}, "words"),
        ({"law": "条" * 1001}, "law"),
    ],
)
def test_each_safeguard_names_its_field(changes, field):
    assert field in fields(**changes)


def test_a_group_needs_names_only():
    assert describing.faults({"code": "g", "name": "大类", "resident_name": "大类"}, group=True) == []


def test_what_is_shipped_keeps_the_safeguards():
    import tomllib

    data = tomllib.loads((SHIPPED / "categories.toml").read_text(encoding="utf8"))
    for spec in (c for g in data["group"] for c in g.get("category", ())):
        found = [f for f in describing.faults(spec) if f[0] not in {"why_after", "why_before", "why_paper"}]
        assert not found, spec["code"]


def test_reasons_of_pictures():
    rule = EvidenceRule(before=1, after=1, why="总理由", why_after="看得见")
    assert (rule.reason("before"), rule.reason("after")) == ("总理由", "看得见")
    assert rule.reasons() == "总理由 看得见"
    assert EvidenceRule(before=0, after=1, why_before="没用").reasons() == ""


QUESTION = st.fixed_dictionaries(
    {
        "code": st.sampled_from(["q1", "q2", "q3", "q4"]),
        "type": st.sampled_from(["text", "integer"]),
        "label": st.fixed_dictionaries({"zh-hans": st.text(min_size=1, max_size=5)}),
        "required": st.booleans(),
    }
)
SPECS = st.fixed_dictionaries(
    {"code": st.just("x"), "name": st.text(max_size=5), "public_space": st.booleans()},
    optional={
        "words": st.lists(st.text(max_size=3), max_size=3),
        "evidence": st.fixed_dictionaries({"before": st.integers(0, 3)}, optional={"why": st.text(max_size=4)}),
        "questions": st.fixed_dictionaries(
            {"questions": st.lists(QUESTION, max_size=4, unique_by=lambda q: q["code"])}
        ),
    },
)


@given(SPECS)
def test_nothing_differs_from_itself(spec):
    assert describing.differences(spec, spec) == []


@given(SPECS, SPECS)
def test_differences_are_told_both_ways(a, b):
    forth = {(d.field, str(d.before), str(d.after)) for d in describing.differences(a, b) if not d.subject}
    back = {(d.field, str(d.after), str(d.before)) for d in describing.differences(b, a) if not d.subject}
    assert forth == back


def test_a_question_that_was_mended_is_named():
    old = {
        "questions": {"questions": [{"code": "q1", "type": "text", "label": {"zh-hans": "在哪"}, "required": False}]}
    }
    new = {"questions": {"questions": [{"code": "q1", "type": "text", "label": {"zh-hans": "在哪"}, "required": True}]}}
    (found,) = describing.differences(old, new)
    assert (found.field, found.subject, found.after) == ("question.required", "在哪", True)


@given(
    st.lists(st.text(min_size=1, max_size=3), unique=True, max_size=8),
    st.lists(st.text(min_size=1, max_size=3), unique=True, max_size=8),
)
def test_choices_keep_their_codes(first, second):
    before = describing.choice_codes(first, [])
    after = describing.choice_codes(second, before)
    assert [words for _code, words in after] == second
    assert len({code for code, _words in after}) == len(second)
    kept = {w: c for c, w in before}
    assert all(code == kept[words] for code, words in after if words in kept)


def test_a_reworded_choice_keeps_its_code():
    before = [("c1", "有"), ("c2", "没有")]
    assert describing.choice_codes(["有的", "没有"], before) == [("c1", "有的"), ("c2", "没有")]


@given(st.lists(st.sampled_from(["q1", "q2", "q9", "floor"]), max_size=6))
def test_a_new_code_is_new(taken):
    assert describing.next_code(taken) not in taken


def test_questions_are_put_in_order():
    asked = [{"code": "a"}, {"code": "b"}, {"code": "c"}]
    codes = lambda found: [q["code"] for q in found]  # noqa: E731
    assert codes(describing.moved_question(asked, "c", -1)) == ["a", "c", "b"]
    assert codes(describing.moved_question(asked, "a", -1)) == ["a", "b", "c"]
    assert codes(describing.without_question(asked, "b")) == ["a", "c"]
    assert codes(describing.with_question(asked, {"code": "d"})) == ["a", "b", "c", "d"]
    assert codes(describing.moved_question(asked, "zz", 1)) == ["a", "b", "c"]


def test_what_is_meant_without_being_said_is_no_difference():
    said = {"icon": "alert", "level": "general", "public_space": False, "evidence": {"after": 1, "before": 0}}
    assert describing.differences({}, said) == []
    (found,) = describing.differences({}, {"evidence": {"after": 0}})
    assert (found.field, found.after) == ("evidence.after", 0)
