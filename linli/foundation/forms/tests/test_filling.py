# ruff: noqa: E501
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.foundation.core.errors import InvalidError
from linli.foundation.forms import rules
from linli.foundation.forms.tests.whole import MOMENT, Q, choices, form, forms, group, q, repeat, zh
from linli.foundation.forms.types import Choice, Score

UUID = "0190a2b4-0000-7000-8000-000000000001"
HOUSE = form(
    q("how", Q.CHOICE, list="ways", required=True),
    group(
        "met",
        q("who", required=True),
        q("asked", Q.CHOICES, list="needs"),
        q("more", Q.LONG_TEXT, relevant="selected(${asked}, 'other')", required=True),
        relevant="${how} = 'in'",
    ),
    repeat("room", q("area", Q.DECIMAL, required=True, constraint=". > 0", constraint_message=zh("面积要大于 0。")),
           q("people", Q.INTEGER), q("each", Q.CALCULATE, calculation="round(${area} div ${people}, 2)"),
           q("crowded", Q.YES_NO, relevant="${each} < 5", required=True)),
    q("total", Q.CALCULATE, calculation="sum(${people})"),
    q("photos", Q.PHOTO, least=2, most=3, relevant="${total} > 4"),
    q("why", required_when="${total} > 10", required_message=zh("人太多，请说明。")),
    lists={"ways": choices("in", "out"), "needs": choices("bell", "lift", "other")},
)  # fmt: skip


def checked(whole, answers, **more):
    return rules.check_form(whole, answers, moment=MOMENT, **more)


def test_what_is_not_asked_is_dropped_and_what_is_counted_is_counted_anew():
    found = checked(
        HOUSE,
        {
            "how": "out",
            "met": {"who": "x", "asked": ["bell"]},
            "room": [{"area": 12, "people": "2", "each": "99", "crowded": "是"}],
            "total": 7,
            "nobody": 1,
        },
    )
    assert found.errors == {}
    assert found.cleaned == {"how": "out", "room": [{"area": "12", "people": 2, "each": "6"}], "total": "2"}


def test_every_path_says_its_own_fault():
    found = checked(
        HOUSE,
        {
            "how": "in",
            "met": {"asked": ["other"]},
            "room": [{"area": 9, "people": 3}, {"area": 0, "people": 9}, {}],
            "photos": [UUID],
        },
    )
    assert found.errors == {
        "met/who": ["请回答这个问题。"],
        "met/more": ["请回答这个问题。"],
        "room[1]/crowded": ["请回答这个问题。"],
        "room[2]/area": ["面积要大于 0。"],
        "room[2]/crowded": ["请回答这个问题。"],
        "room[3]/area": ["请回答这个问题。"],
        "photos": ["至少 2 张照片，现在有 1 张。"],
        "why": ["人太多，请说明。"],
    }
    assert found.raw["met"] == {"asked": ["other"]}
    draft = checked(HOUSE, {"how": "in", "room": [{"area": 9, "people": 3}]}, partial=True)
    assert draft.ok
    with pytest.raises(InvalidError) as caught:
        rules.work_out(HOUSE, {}, moment=MOMENT).settled()
    assert set(caught.value.fields) == {"how"}


def test_the_paths_that_are_asked_follow_the_answers():
    asked = rules.work_out(HOUSE, {"how": "out", "room": [{"area": 8, "people": 2}]}, moment=MOMENT).asked()
    assert asked == ["how", "room[1]/area", "room[1]/people", "room[1]/crowded", "why"]


def test_known_facts_and_defaults_stand_at_the_start():
    whole = form(
        q("name", default="无名"), q("floor", Q.INTEGER, default="1"), q("on", Q.DATE, default_expression="today()"),
        repeat("flat", q("no"), count="${floor}"), q("begun", Q.START), q("label", Q.CALCULATE, calculation="concat(${name}, ${floor})"),
    )  # fmt: skip
    assert rules.start_form(whole, moment=MOMENT, known={"floor": 2, "flat": [{"no": "101"}]}) == {
        "name": "无名", "floor": 2, "on": "2026-11-22", "flat": [{"no": "101"}, {}],
        "begun": "2026-11-22T09:30:00+08:00", "label": "无名2",
    }  # fmt: skip


def test_counts_and_positions_and_neighbours_in_repeats():
    whole = form(
        repeat("f", q("n", Q.INTEGER), q("at", Q.CALCULATE, calculation="position(..)"),
               q("before", Q.CALCULATE, calculation="indexed-repeat(${n}, ${f}, position(..) - 1)"),
               q("part", Q.CALCULATE, calculation="round(${n} div sum(/data/f/n), 2)")),
        q("how_many", Q.CALCULATE, calculation="count(${f})"),
    )  # fmt: skip
    assert checked(whole, {"f": [{"n": 1}, {"n": 3}]}).cleaned == {
        "f": [{"n": 1, "at": "1", "part": "0.25"}, {"n": 3, "at": "2", "before": "1", "part": "0.75"}],
        "how_many": "2",
    }


def test_cascades_refuse_what_does_not_belong():
    lists = {
        "district": choices("cn", "ja"),
        "street": (Choice("hy", zh("华阳路"), columns={"of": "cn"}), Choice("jas", zh("静安寺"), columns={"of": "ja"})),
    }
    whole = form(q("d", Q.CHOICE, list="district"), q("s", Q.CHOICE, list="street", choice_filter="of = ${d}"),
                 q("name", Q.CALCULATE, calculation="jr:choice-name(${s}, '${s}')"), lists=lists)  # fmt: skip
    assert checked(whole, {"d": "cn", "s": "hy"}).cleaned["name"] == "华阳路"
    assert checked(whole, {"d": "ja", "s": "hy"}).errors == {"s": ["请从列出的选项中选择。"]}


@pytest.mark.parametrize(
    ("question", "raw", "kept"),
    [
        (q("a", Q.RANGE, parameters={"start": "0", "end": "10", "step": "2"}), "4", 4),
        (q("a", Q.RANGE, parameters={"start": "0", "end": "1", "step": "0.25"}), "0.50", "0.5"),
        (q("a", Q.RANGE, parameters={"start": "0", "end": "10", "step": "2"}), "5", None),
        (q("a", Q.RANK, choices=choices("x", "y")), "y x", ["y", "x"]),
        (q("a", Q.RANK, choices=choices("x", "y")), ["y"], None),
        (q("a", Q.CHOICES, choices=choices("x", "y", "z")), "z x", ["x", "z"]),
        (q("a", Q.SIGNATURE), UUID, UUID),
        (q("a", Q.AUDIO), [UUID, UUID], None),
        (q("a", Q.FILE), "x", None),
        (q("a", Q.ACKNOWLEDGE), "OK", True),
        (q("a", Q.BARCODE), " 690123 ", "690123"),
        (q("a", Q.PLACE), "31.2 121.4 0 8.26", {"text": "", "lat": 31.2, "lon": 121.4, "accuracy": 8.3}),
        (q("a", Q.TIME), "09:30:00.000+08:00", "09:30:00+08:00"),
        (q("a", Q.DATE), "2026-02-30", None),
    ],
)
def test_each_type_keeps_its_answers_in_one_form(question, raw, kept):
    found = checked(form(question), {"a": raw})
    assert found.cleaned == ({} if kept is None else {"a": kept})
    assert found.ok == (kept is not None)


def test_a_form_that_takes_too_long_is_said_and_nothing_is_kept():
    whole = form(
        *(
            repeat(
                f"r{n}",
                *(q(f"a{n}_{k}", Q.CALCULATE, calculation=f"sum(/data/r{n}/b{n})") for k in range(60)),
                q(f"b{n}"),
            )
            for n in range(3)
        )
    )
    found = checked(whole, {f"r{n}": [{f"b{n}": 1}] * 200 for n in range(3)})
    assert "太费时" in found.errors[""][0]
    assert found.cleaned == {}
    assert "room" in checked(HOUSE, {"how": "out", "room": [{"area": 1}] * 201}).errors


def test_circles_are_named_and_everything_else_comes_in_order():
    whole = form(
        q("a", Q.CALCULATE, calculation="${b} + 1"),
        group("g", q("b", Q.CALCULATE, calculation="${c} + 1")),
        q("c", Q.INTEGER),
    )
    assert checked(whole, {"c": 1}).cleaned == {"a": "3", "g": {"b": "2"}, "c": 1}
    for circle in (
        form(q("a", relevant="${b} = 1"), q("b", relevant="${c} = 1"), q("c", relevant="${a} = 1")),
        form(group("g", q("a"), relevant="${a} = 1"), q("b")),
        form(q("n", Q.CALCULATE, calculation="count(${r})"), repeat("r", q("x"), count="${n}")),
    ):
        assert "circular" in {p.what for p in rules.problems(circle)}


def test_problems_are_found_all_at_once_and_said():
    whole = form(
        q("1a"), q("a"), q("A"), q("b", relevant="${zz} = 1"), q("c", Q.CHOICE, list="none"), q("d", Q.RANGE, parameters={"start": "9", "end": "1"}),
        q("e", Q.CALCULATE), q("f", Q.PHOTO, least=4, most=2), q("g", label={}), group("h"), q("i", score=Score("x")), q("j", default="now()"),
        q("k", constraint="regex(., '(')"), lists={"l": (Choice("a b", zh("x")), Choice("a b", {}))},
    )  # fmt: skip
    found = rules.problems(whole)
    assert {p.what for p in found} >= {
        "code", "twice", "unknown_name", "no_list", "range", "no_calculation", "least", "label", "empty_group", "score", "default",
        "expression_pattern", "choice_twice", "choice_label",
    }  # fmt: skip
    for problem in found:
        assert all(rules.said(problem))


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
        lambda v: st.one_of(
            st.lists(v, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    ["schema", "items", "lists", "code", "type", "kind", "settings", "label", "score", "choices"]
                ),
                v,
                max_size=5,
            ),
        ),
        max_leaves=15,
    )
)
def test_any_json_is_read_or_refused(data):
    try:
        found = rules.read_form(data)
    except (rules.BadFormError, rules.BadSetError):
        return
    assert rules.problems(found) == []


RAW = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 50),
    st.sampled_from(["", "1", "x", "2026-11-22", "yes", UUID]),
    st.lists(st.text("abxy1", max_size=2), max_size=3),
)


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(forms(), st.data())
def test_whatever_is_sent_is_cleaned_or_said(whole, data):
    def fill(items):
        return {
            i.code: ([fill(i.items) for _n in range(data.draw(st.integers(0, 2)))] if i.repeat else fill(i.items))
            if hasattr(i, "items")
            else data.draw(RAW)
            for i in items
        }

    answers = fill(whole.items)
    found = checked(whole, answers)
    json.dumps(found.cleaned, allow_nan=False)
    again = checked(whole, found.cleaned, partial=True)
    if found.ok:
        assert (again.cleaned, again.errors) == (found.cleaned, {})
    scored = rules.work_out(whole, found.cleaned, moment=MOMENT).marks()
    assert 0 <= scored.total.earned <= scored.total.full
    assert all(0 <= t.earned <= t.full for t in (*scored.groups.values(), *scored.questions.values()))
    assert set(scored.spared).isdisjoint(scored.questions)
    assert rules.compare_forms(whole, whole) == []


CHECK = form(
    group("road", q("clean", Q.CHOICE, list="ok", score=Score("10", "2", spared=("na",))), q("lit", Q.YES_NO, score=Score("5"))),
    group("safe", q("exit", Q.YES_NO, score=Score("10", veto="group")), q("fire", Q.CHOICE, list="ok", score=Score("10", veto="form", spared=("na",)))),
    repeat("shop", q("count", Q.INTEGER, score=Score("4", passes=". <= 3"))),
    lists={"ok": (*choices("full", "half", "none", full="1", half="0.5", none="0"), *choices("na"))},
)  # fmt: skip


def score(**answers):
    given: dict[str, Any] = {
        "road": {"clean": "half", "lit": True},
        "safe": {"exit": True, "fire": "full"},
        "shop": [{"count": 2}, {"count": 9}],
    }
    for place, value in answers.items():
        name, _, code = place.partition("_")
        given[name] = given[name] | {code: value}
    return rules.work_out(CHECK, given, moment=MOMENT).marks()


def test_marks_by_weight_and_part_and_group():
    found = score()
    assert (found.total.earned, found.total.full, found.total.percent) == (
        Decimal("39.0"),
        Decimal(53),
        Decimal("73.58"),
    )
    assert (found.groups["road"].earned, found.groups["road"].full) == (Decimal("15.0"), Decimal(25))
    assert found.groups["shop"].percent == 50
    assert found.groups["shop[2]"].earned == 0


def test_what_does_not_apply_leaves_the_reckoning():
    found = score(road_clean="na")
    assert found.spared == ("road/clean",)
    assert found.total.full == 33
    assert found.groups["road"].percent == 100
    assert score(road_clean=None).unanswered == ("road/clean",)
    assert score(road_clean=None).groups["road"].earned == 5


def test_a_veto_takes_its_group_or_all():
    found = score(safe_exit=False)
    assert (found.groups["safe"].earned, found.groups["safe"].vetoed) == (0, ("safe/exit",))
    assert found.total.earned == 19
    found = score(safe_fire="none")
    assert (found.total.earned, found.total.vetoed, found.total.full) == (0, ("safe/fire",), 53)
    assert score(safe_fire="na").total.earned == 29


@given(st.lists(st.sampled_from(["full", "half", "none", "na", None]), min_size=2, max_size=6), st.data())
def test_a_further_item_that_does_not_apply_changes_nothing(marks, data):
    asked = [q(f"q{n}", Q.CHOICE, list="ok", score=Score(str(n + 1), spared=("na",))) for n in range(len(marks))]
    answers = {f"q{n}": m for n, m in enumerate(marks) if m}
    veto = data.draw(st.sampled_from(["", "group", "form"]))
    extra = q("extra", Q.CHOICE, list="ok", score=Score("9", "3", veto, ("na",)))
    one = rules.work_out(form(*asked, lists=CHECK.lists), answers, moment=MOMENT).marks().total
    other = (
        rules.work_out(form(*asked, extra, lists=CHECK.lists), answers | {"extra": "na"}, moment=MOMENT).marks().total
    )
    assert one == other
    assert one.earned <= one.full
    better = rules.work_out(
        form(*asked, lists=CHECK.lists), {k: "full" if m != "na" else m for k, m in answers.items()}, moment=MOMENT
    ).marks()
    assert better.total.earned >= one.earned


def test_versions_are_compared_for_the_answers_that_were_kept():
    old = form(
        q("a"), group("g", q("b", Q.INTEGER), q("c", Q.CHOICE, list="l")), q("d"), lists={"l": choices("x", "y")}
    )
    new = form(q("a", label=zh("新的问法")), q("b", Q.TEXT), group("g", q("c", Q.CHOICE, list="l", relevant="${a} = '1'"), q("e", required=True)),
               lists={"l": (Choice("x", zh("改名")), *choices("z"))})  # fmt: skip
    found = {(c.path, c.what): c.matters for c in rules.compare_forms(old, new)}
    assert found == {
        ("a", "label"): False, ("b", "moved"): True, ("b", "type"): True, ("g/c", "condition"): True,
        ("g/c", "choices_removed"): True, ("g/c", "choices_added"): False, ("g/c", "choice_label"): False,
        ("g/e", "added"): True, ("d", "removed"): True,
    }  # fmt: skip


def test_labels_speak_of_answers():
    whole = form(q("who"), repeat("r", q("n", Q.INTEGER), q("ok", Q.YES_NO, label=zh("${who}家第 ${n} 间好吗？"))))
    words = rules.work_out(whole, {"who": "王", "r": [{"n": 1}, {"n": 2}]}, moment=MOMENT).words()
    assert words["r[2]/ok"]["label"] == {"zh-hans": "王家第 2 间好吗？"}
    assert [p.what for p in rules.problems(form(q("a", label=zh("${b}？"))))] == ["unknown_name"]


def test_a_filled_form_has_a_name_and_the_browser_gets_the_order():
    whole = form(
        q("a", relevant="${b} != ''"),
        group("g", q("b")),
        repeat("r", q("c")),
        instance_name="concat(${b}, ' ', count(${r}))",
    )
    assert rules.work_out(whole, {"g": {"b": "甲"}, "r": [{}, {}]}, moment=MOMENT).name() == "甲 2"
    assert rules.work_out(form(q("a")), {}, moment=MOMENT).name() == ""
    sent = rules.write_form(whole, trees=True)
    assert sent["order"] == ["g", "g/b", "a", "r", "r/c"]
    assert sent["items"][0]["trees"] == {"relevant": ["!=", ["name", "b"], ["text", ""]]}
    assert rules.read_form(sent) == whole


CHECKED = form(
    q("clean", Q.YES_NO, finds="not(.)", extra={"category": "street_litter"}),
    repeat("floor", q("lamp", Q.CHOICE, list="states", finds=". = 'broken' and ${clean} = false()"), q("memo")),
    lists={"states": choices("fine", "broken")},
)  # fmt: skip


def test_what_was_found_is_named_by_its_path_and_only_where_it_was_answered():
    floors = [{"lamp": "fine"}, {"lamp": "broken", "memo": "x"}, {"memo": "y"}]
    answers = checked(CHECKED, {"clean": "no", "floor": floors}).cleaned
    assert rules.work_out(CHECKED, answers, moment=MOMENT).finds() == ["clean", "floor[2]/lamp"]
    assert rules.work_out(CHECKED, {"floor": floors}, moment=MOMENT).finds() == []
    assert [(path, value) for path, _q, value in rules.answered(CHECKED, answers)] == [
        ("clean", False), ("floor[1]/lamp", "fine"), ("floor[2]/lamp", "broken"), ("floor[2]/memo", "x"),
        ("floor[3]/memo", "y"),
    ]  # fmt: skip


def test_what_says_what_is_found_has_to_be_an_expression():
    bad = form(q("clean", Q.YES_NO, finds="not(."), q("other", finds="${nothing} = 1"))
    assert {(p.path, p.field) for p in rules.problems(bad)} == {("clean", "finds"), ("other", "finds")}


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
@given(forms(), st.data())
def test_the_readings_of_one_working_out_are_those_of_a_fresh_one_in_any_order(whole, data):
    answers = {
        i.code: data.draw(st.sampled_from(["1", "yes", "a", "", None, [UUID], 3, {}, [{}]])) for i in whole.items
    }

    def read(worked, name):
        found = getattr(worked, name)()
        return (dict(found.cleaned), found.errors) if name == "checked" else found

    names = data.draw(st.permutations(["checked", "marks", "finds", "asked", "words", "name", "checked"]))
    one = rules.work_out(whole, answers, moment=MOMENT)
    assert [read(one, n) for n in names] == [read(rules.work_out(whole, answers, moment=MOMENT), n) for n in names]
    assert set(one.finds()) <= set(one.asked())
