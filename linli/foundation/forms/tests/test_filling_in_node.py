# ruff: noqa: E501
"""Filling in the browser (frontend/src/formsheet.js) finds what the server finds, on any form with any answers."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from frontend.build import tools
from linli.foundation.forms import rules
from linli.foundation.forms.tests.test_filling import HOUSE, UUID
from linli.foundation.forms.tests.whole import MOMENT, TEXTS, Q, choices, form, forms, q, repeat
from linli.foundation.forms.types import Group, WholeForm

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
SOURCE = Path(__file__).parents[4] / "frontend" / "src" / "formsheet.js"
SCRIPT = """
import { readFileSync } from "node:fs";
import { Sheet } from "%s";
const asked = JSON.parse(readFileSync(0, "utf8"));
const found = asked.map(({ form, answers, known, moment, changes }) => {
  try {
    const sheet = new Sheet(form, { answers, known, moment: () => moment });
    for (const [path, raw] of changes || []) {
      const spot = sheet.at(path);
      if (spot && spot.asked) sheet.set(spot, raw);
    }
    return { kept: sheet.kept(), paths: sheet.problems().map((p) => p.path), answers: sheet.answers() };
  } catch (error) { return { error: String(error.stack) }; }
});
process.stdout.write(JSON.stringify(found));
"""


def in_node(asked):
    """Return what the browser's rules find."""
    done = subprocess.run(
        [tools()[0], "--input-type=module", "-e", SCRIPT % SOURCE.as_uri()],
        input=json.dumps(asked), capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def case(whole, answers, **more):
    return {
        "form": rules.write_form(whole, trees=True),
        "answers": answers,
        "moment": MOMENT.now.isoformat(),
        **more,
    }


def on_server(whole, answers):
    found = rules.check_form(whole, answers, moment=MOMENT)
    return json.loads(json.dumps({"kept": dict(found.cleaned), "paths": sorted(found.errors)}))


RAW = st.one_of(
    TEXTS, st.sampled_from(["1", "3", "5", "12.50", "２", "-0", "yes", "x y", "", None, True, False, UUID, [UUID], [UUID] * 3, [],
                            "2026-11-22", "2026-02-30", "09:30", "2026-11-22T09:30", "31.2 121.4 0 8", {"lat": 31.2, "lon": 121.4},
                            {"text": "门口"}, 0, 4, 7, "a", ["a", "b"]]),
)  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """A form with any answers and changes of them; short to print."""

    whole: WholeForm
    answers: dict[str, Any]
    changes: list[Any]

    def __repr__(self):
        return f"<{self.whole.settings.title}>"


@st.composite
def filled(draw):
    """A form with any answers, those to choose mostly from its lists, and changes of its questions."""
    whole = draw(forms())
    changes = []

    def answer(item):
        if item.type is Q.END:  # the browser says anew when it was filled
            return None
        codes = [c.code for c in whole.choices(item)]
        raw = draw(st.one_of(RAW, st.sampled_from(codes), st.permutations(codes)) if codes else RAW)
        return str(raw).lower() if isinstance(raw, bool) and item.type not in {Q.YES_NO, Q.ACKNOWLEDGE} else raw

    def level(items, above, first):
        found = {}
        for item in items:
            path = f"{above}{item.code}"
            if not isinstance(item, Group):
                found[item.code] = answer(item)
                if first and draw(st.booleans()):
                    changes.append([path, answer(item)])
            elif item.repeat:
                found[item.code] = [level(item.items, f"{path}[1]/", n == 0) for n in range(draw(st.integers(0, 2)))]
            else:
                found[item.code] = level(item.items, f"{path}/", first)
        return found

    return Filled(whole, {**level(whole.items, "", True), "__some": 1}, changes)


@settings(max_examples=5, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(filled(), min_size=8, max_size=12))
def test_the_browser_finds_what_the_server_finds(cases):
    for each, mine in zip(cases, in_node([case(c.whole, c.answers) for c in cases]), strict=True):
        assert "error" not in mine, mine["error"]
        wanted = on_server(each.whole, each.answers)
        told = [rules.write_form(each.whole), each.answers]
        assert (mine["kept"], sorted(mine["paths"])) == (wanted["kept"], wanted["paths"]), told


@settings(max_examples=5, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(filled(), min_size=8, max_size=12))
def test_changes_one_by_one_find_what_all_at_once_find(cases):
    """Only what hangs on a change is worked out anew; it is as if all were."""
    found = in_node([case(c.whole, c.answers, changes=c.changes) for c in cases])
    for each, mine in zip(cases, found, strict=True):
        assert "error" not in mine, mine["error"]
        assert mine["kept"] == on_server(each.whole, mine["answers"])["kept"], [
            rules.write_form(each.whole),
            each.answers,
            each.changes,
        ]


def test_a_house_is_worked_out_as_on_the_server():
    answers = {
        "how": "in",
        "met": {"asked": ["other"]},
        "room": [{"area": 9, "people": 3}, {"area": 0, "people": 9}, {}],
    }
    (found,) = in_node([case(HOUSE, answers)])
    wanted = on_server(HOUSE, answers)
    assert found["kept"] == wanted["kept"]
    assert sorted(found["paths"]) == wanted["paths"]


def test_what_is_known_and_usual_stands_at_the_start_there_too():
    whole = form(
        q("name", default="无名"), q("floor", Q.INTEGER, default="1"), q("on", Q.DATE, default_expression="today()"),
        repeat("flat", q("no", default="x"), count="${floor}"), q("begun", Q.START), q("free", Q.INTEGER, calculation="${floor} + 1"),
        q("label", Q.CALCULATE, calculation="concat(${name}, ${floor})"), q("kind", Q.CHOICE, list="kinds", default="b"),
        lists={"kinds": choices("a", "b")},
    )  # fmt: skip
    known = {"floor": 2, "flat": [{"no": "101"}]}
    found, changed = in_node([
        case(whole, None, known=known), case(whole, None, known=known, changes=[["floor", "3"], ["free", "9"], ["floor", 1]]),
    ])  # fmt: skip
    assert found["kept"] == rules.start_form(whole, moment=MOMENT, known=known)
    assert changed["kept"] | {"begun": ""} == {
        "name": "无名", "floor": 1, "on": "2026-11-22", "flat": [{"no": "101"}], "free": 9, "label": "无名1", "kind": "b",
        "begun": "",
    }  # fmt: skip
