# ruff: noqa: E501
"""The library of ready forms: each can be, is filled, marked, written as a workbook and read again."""

from datetime import date

import pytest

from linli.foundation.core.actors import SYSTEM
from linli.foundation.forms import rules, selectors, services
from linli.foundation.forms.models import Form
from linli.foundation.forms.tests.whole import MOMENT, Q
from linli.foundation.forms.types import KINDS, UNSEEN, Group

READY = services.ready_forms()
UUIDS = [f"0190a2b4-0000-7000-8000-{n:012d}" for n in range(20)]
WANTED = {
    "visit_household", "visit_shop", "visit_company", "visit_condolence", "rent_check", "rent_zero", "house_safety", "shop_patrol", "lane_survey", "contractor_quality",
    "supervision", "experience", "survey_civility", "flood_point", "pump_check", "fire_lane",
    "owners_evaluation",
}  # fmt: skip
NUMBERS = {
    "least": "3",
    "officers": "2",
    "units": "3",
    "working": "2",
    "area": "12",
    "persons": "2",
    "amount": "2",
    "square_metres": "60",
    "built": "1988",
}


def answer(form, q, pick):
    """Return an answer that the question takes."""
    codes = [c.code for c in form.choices(q)]
    simple = {
        Q.TEXT: "已查看", Q.LONG_TEXT: "已查看，情况如实。", Q.BARCODE: "1", Q.PHONE: "13812345678", Q.YES_NO: pick == "yes",
        Q.DATE: "2026-11-22", Q.TIME: "09:30", Q.DATETIME: "2026-11-22T09:30", Q.DECIMAL: NUMBERS.get(q.code, "6"),
        Q.INTEGER: NUMBERS.get(q.code, "2"), Q.RANGE: q.parameters.get("end", "5"), Q.ACKNOWLEDGE: True,
        Q.SIGNATURE: UUIDS[0], Q.AUDIO: UUIDS[0], Q.FILE: UUIDS[0], Q.PHOTO: UUIDS[: max(q.least, 1)],
        Q.PLACE: {"text": "弄堂口"},
    }  # fmt: skip
    if q.code == "next":
        return "2027-01-05"
    if q.type is Q.CHOICE:
        return codes[-1 if pick == "last" else min(1, len(codes) - 1) if pick == "no" else 0]
    return codes[:2] if q.type is Q.CHOICES else simple.get(q.type)


def filled(form, items, pick):
    found = {}
    for item in items:
        if not isinstance(item, Group):
            if item.type not in UNSEEN | {Q.NOTE}:
                found[item.code] = answer(form, item, pick)
        else:
            inner = filled(form, item.items, pick)
            found[item.code] = [inner] if item.repeat else inner
    return found


def test_every_form_that_is_promised_is_there():
    assert {r.code for r in READY} == WANTED
    assert {r.kind for r in READY} <= set(KINDS)
    assert all(r.about and r.title and r.questions > 5 for r in READY)


@pytest.mark.parametrize("ready", READY, ids=lambda r: r.code)
def test_each_can_be_and_is_a_workbook_that_comes_back_the_same(ready):
    assert rules.problems(ready.form) == []
    again = services.import_xlsform(services.export_xlsform(ready.form), f"{ready.code}.xlsx").form
    assert rules.write_form(again)["items"] == rules.write_form(ready.form)["items"]
    assert "<h:html" in services.to_xform(ready.form)


@pytest.mark.parametrize("pick", ["yes", "no", "last"])
@pytest.mark.parametrize("ready", READY, ids=lambda r: r.code)
def test_each_is_filled_in_several_ways_and_marked(ready, pick):
    found = rules.check_form(ready.form, filled(ready.form, ready.form.items, pick), moment=MOMENT)
    assert found.errors == {}
    assert found.cleaned
    scored = rules.work_out(ready.form, found.cleaned, moment=MOMENT).marks()
    assert 0 <= scored.total.earned <= scored.total.full
    if ready.kind == "check":
        percent = scored.total.percent
        assert {"yes": percent == 100, "no": percent == 0, "last": not scored.total.full}[pick], percent
        finds = rules.work_out(ready.form, found.cleaned, moment=MOMENT).finds()
        assert bool(finds) == (pick == "no")
    if ready.form.settings.instance_name:
        assert rules.work_out(ready.form, found.cleaned, moment=MOMENT).name()


def test_the_crowded_room_is_found_and_a_shut_door_is_no_answer():
    form = next(r.form for r in READY if r.code == "rent_check")
    base = {"entry": {"day": "2026-11-22T20:00", "officers": 2, "how": "refused"}}
    assert "entry/how" in rules.check_form(form, base, moment=MOMENT).errors
    room = {"room": "北间", "use": "living", "area": "12", "persons": 3, "kin": False}
    inside = {
        "every_room": [room, {**room, "persons": 2}],
        "dormitory": False,
        "result": "over",
        "result_text": "一间住三人",
        "photos": UUIDS[:2],
    }
    found = rules.check_form(
        form,
        {
            "entry": {**base["entry"], "how": "warrant", "warrant_no": "1"},
            "inside": inside,
            "law": {"told_law": True, "unsigned": "拒签"},
        },
        moment=MOMENT,
    )
    assert found.errors == {}
    assert [r["over"] for r in found.cleaned["inside"]["every_room"]] == ["1", "0"]
    assert found.cleaned["inside"]["all_people"] == "5"


def test_no_shipped_form_says_that_nobody_was_there():
    codes = {c.code for r in READY for choices in r.form.lists.values() for c in choices}
    assert not codes & {"absent", "refused", "declined"}


@pytest.mark.django_db
def test_all_are_taken_over_once_and_a_changed_one_is_left_alone():
    now = MOMENT.now
    assert set(services.adopt_forms(by=SYSTEM, now=now)) == WANTED
    assert services.adopt_forms(by=SYSTEM, now=now) == []
    assert Form.objects.filter(whole=True).count() == len(WANTED)
    row = selectors.version("rent_zero")
    assert row.published_at
    services.use(by=SYSTEM, now=now, code="rent_zero")
    assert date.fromisoformat("2026-11-22") == now.date()
