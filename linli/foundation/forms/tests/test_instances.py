# ruff: noqa: E501
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.foundation.forms import rules, services
from linli.foundation.forms.tests.whole import MOMENT, Q, choices, form, forms, group, q, repeat
from linli.foundation.forms.types import Group

HEAD = '<data id="check" version="3" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms">'
META = "<orx:meta><orx:instanceID>uuid:1</orx:instanceID><orx:deprecatedID>uuid:0</orx:deprecatedID></orx:meta></data>"
IDS = {f"p{n}.jpg": f"0190a2b4-0000-7000-8000-00000000000{n}" for n in range(4)}
VISIT = form(
    q("how", Q.CHOICES, list="l"),
    group("g", q("spot", Q.PLACE), q("photos", Q.PHOTO, least=2, most=3)),
    repeat("room", q("area", Q.DECIMAL), q("sign", Q.SIGNATURE)),
    q("ok", Q.YES_NO),
    lists={"l": choices("a", "b")},
)


def sent(inside):
    return (HEAD + inside + META).encode()


def test_what_odk_collect_sends_becomes_answers():
    content = sent(
        "<how>b a</how><g><spot>31.2 121.4 0 5</spot><photos>p1.jpg</photos><photos_2>p2.jpg</photos_2><photos_3/></g>"
        '<room jr:template=""><area/></room><room><area>12.5</area><sign>p3.jpg</sign></room><room><area/></room><ok>yes</ok>'
    )
    found = rules.read_instance(VISIT, content, files=IDS)
    assert (found.version, found.instance_id, found.deprecated_id) == ("3", "uuid:1", "uuid:0")
    assert found.files == ("p1.jpg", "p2.jpg", "p3.jpg")
    checked = rules.check_form(VISIT, found.answers, moment=MOMENT)
    assert checked.errors == {}
    assert checked.cleaned == {
        "how": ["a", "b"],
        "g": {
            "spot": {"text": "", "lat": 31.2, "lon": 121.4, "accuracy": 5.0},
            "photos": [IDS["p1.jpg"], IDS["p2.jpg"]],
        },
        "room": [{"area": "12.5", "sign": IDS["p3.jpg"]}, {}],
        "ok": True,
    }


def test_a_picture_that_did_not_come_is_said_at_its_question():
    found = rules.read_instance(VISIT, sent("<g><photos>p1.jpg</photos><photos_2>lost.jpg</photos_2></g>"), files=IDS)
    assert set(rules.check_form(VISIT, found.answers, moment=MOMENT).errors) == {"g/photos"}


def test_a_client_is_asked_for_each_picture():
    xform = ET.fromstring(services.to_xform(VISIT))
    binds = {b.get("nodeset"): b.get("required") for b in xform.iter("{http://www.w3.org/2002/xforms}bind")}
    assert [binds[f"/data/g/{n}"] for n in ("photos", "photos_2", "photos_3")] == ["true()", "true()", None]
    taken = form(q("photos", Q.PHOTO, most=2), q("photos_2"))
    assert [i.code for i in rules.photos_apart(taken).items] == ["photos", "photos_2"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "xml"),
        (b"<data", "xml"),
        (b'<!DOCTYPE d [<!ENTITY a "b">]><data id="check">&a;</data>', "xml"),
        (b'<data id="other"/>', "form_id"),
        (b"x" * (10 * 1024 * 1024 + 1), "size"),
    ],
)
def test_what_is_no_filled_form_is_refused(content, what):
    with pytest.raises(rules.BadInstanceError, match=what):
        rules.read_instance(VISIT, content)


def written(items, answers):
    parts = []
    for item in items:
        value = answers.get(item.code)
        if isinstance(item, Group):
            rows = value if item.repeat else [value or {}]
            parts += [f"<{item.code}>{written(item.items, row)}</{item.code}>" for row in rows or ()]
        elif value is not None:
            said = " ".join(value) if isinstance(value, list) else value
            if isinstance(value, bool):  # 0 and 1 are numbers
                said = "yes" if value else "no"
            parts.append(f"<{item.code}>{escape(str(said))}</{item.code}>")
    return "".join(parts)


ANSWERS = {
    Q.TEXT: st.sampled_from(["一", "a<b"]), Q.INTEGER: st.integers(-9, 99), Q.DECIMAL: st.sampled_from(["1.5", "20"]),
    Q.YES_NO: st.booleans(), Q.DATE: st.just("2026-11-22"),
}  # fmt: skip


@settings(max_examples=30, suppress_health_check=list(HealthCheck), deadline=None)
@given(forms(), st.data())
def test_any_record_that_is_sent_is_read_back(whole, data):
    def fill(items):
        found = {}
        for i in items:
            if isinstance(i, Group):
                found[i.code] = [fill(i.items) for _n in range(2)] if i.repeat else fill(i.items)
            elif i.type in ANSWERS:
                found[i.code] = data.draw(ANSWERS[i.type])
        return found

    kept = rules.check_form(whole, fill(whole.items), moment=MOMENT, partial=True).cleaned
    content = f'<data id="form1">{written(whole.items, kept)}</data>'.encode()
    again = rules.check_form(whole, rules.read_instance(whole, content).answers, moment=MOMENT, partial=True)
    assert again.cleaned == kept
