"""What a chain of messages comes to, and what a CAP message says or lacks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.alerts.rules.cap import CapError, colour_of, hazard_of, read
from linli.engines.alerts.rules.chain import Line, present, state_at
from linli.engines.alerts.tests.scenes import cap
from linli.engines.alerts.types import Colour, Hazard, MessageKind

NOW = datetime(2026, 7, 8, 4, 0, tzinfo=UTC)
_LINES = st.lists(
    st.builds(
        Line, key=st.integers(1, 50), sent_at=st.integers(0, 5).map(lambda n: NOW + timedelta(hours=n)),
        identifier=st.sampled_from("abc"), cancels=st.booleans(),
    ),
    max_size=8, unique_by=lambda line: line.key,
)  # fmt: skip


@given(_LINES, st.randoms())
def test_the_order_in_which_messages_come_plays_no_part(lines, chance):
    mixed = list(lines)
    chance.shuffle(mixed)
    found = present(lines)
    assert found == present(mixed)
    saying = [line for line in lines if not line.cancels]
    assert (found.content is None) is (not saying)
    if found.content is not None:
        assert next(line for line in lines if line.key == found.content).sent_at == max(x.sent_at for x in saying)
    if found.lifted_at is not None:
        assert found.lifted_at == max(line.sent_at for line in lines)


@given(st.integers(1, 9), st.integers(0, 12), st.none() | st.integers(0, 12))
def test_a_warning_stands_in_one_way_at_each_moment(hours, at, lifted):
    ends, now = NOW + timedelta(hours=hours), NOW + timedelta(hours=at - 2)
    found = state_at(NOW, ends, NOW + timedelta(hours=lifted) if lifted is not None else None, now)
    if lifted is not None and lifted <= hours:
        assert found == "lifted"
    elif now >= ends:
        assert found == "ended"
    else:
        assert found == ("coming" if now < NOW else "in_force")


def test_a_message_of_the_standard_is_read_whole():
    found = read(cap(NOW))
    assert (found.sender, found.identifier, found.kind) == ("w-sh@example.cn", "A1", MessageKind.ALERT)
    assert (found.hazard, found.colour, found.headline) == ("rain", "orange", "暴雨橙色预警")
    assert (found.issuer, found.area_text, found.area_codes) == ("上海中心气象台", "长宁区", ("310105",))
    assert (found.begins_at, found.ends_at) == (NOW - timedelta(hours=1), NOW + timedelta(hours=6))
    assert found.instruction == "停止户外作业。"
    cancel = read(cap(NOW, "A2", "Cancel", references="w-sh@example.cn,A1,2026-07-08T03:00:00+00:00", info=""))
    assert [(r.sender, r.identifier) for r in cancel.references] == [("w-sh@example.cn", "A1")]
    assert read(cap(NOW, status="Test")) is None
    assert read(cap(NOW, kind="Ack")) is None
    assert read(cap(NOW, status="Exercise")).exercise


@pytest.mark.parametrize(
    ("severity", "words", "colour"),
    [
        ("Red", "暴雨", Colour.RED), ("Minor", "大风", Colour.BLUE), ("Severe", "台风黄色预警", Colour.YELLOW),
        ("Extreme", "暴雨橙色预警升级为红色", Colour.RED), ("Unknown", "暴雨", None), ("", "暴雨红色预警", Colour.RED),
    ],
)  # fmt: skip
def test_the_colour_is_that_of_the_words_else_of_the_severity(severity, words, colour):
    assert colour_of(severity, words) is colour


@pytest.mark.parametrize(
    ("words", "hazard"),
    [("暴雨", Hazard.RAIN), ("雷雨大风", Hazard.THUNDER), ("台风", Hazard.TYPHOON), ("Rainstorm", Hazard.RAIN),
     ("道路结冰", Hazard.ICE), ("黄浦江高潮位", Hazard.TIDE), ("城市内涝", Hazard.WATERLOGGING),
     ("空气", Hazard.OTHER)],
)  # fmt: skip
def test_the_hazard_is_found_in_the_words(words, hazard):
    assert hazard_of(words) is hazard


_BOMB = '<!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;&x;">]>'


@pytest.mark.parametrize(
    ("raw", "element", "code"),
    [
        (b"", "alert", "xml"), (b"<a>", "alert", "xml"), (b"<alert/>", "alert", "root"),
        (cap(NOW, head=_BOMB), "alert", "xml"), (b"x" * 300_000, "alert", "long"),
        (cap(NOW, "A 1"), "identifier", "name"), (cap(NOW, status="Real"), "status", "word"),
        (cap(NOW, kind="Update"), "references", "missing"), (cap(NOW, info=""), "info", "missing"),
        (cap(NOW, "A2", "Update", references="only-one"), "references", "name"),
        (cap(NOW, info="<info><event>暴雨</event><severity>Unknown</severity></info>"), "severity", "word"),
        (cap(NOW, info="<info><severity>Red</severity></info>"), "event", "missing"),
        (cap(NOW, info="<info><event>雨</event><severity>Red</severity><expires>1999</expires></info>"), "expires",
         "time"),
        (cap(NOW, info="<info><event>雨</event><severity>Red</severity><expires>2020-01-01T00:00:00Z</expires></info>"),
         "expires", "order"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_element(raw, element, code):
    with pytest.raises(CapError) as refused:
        read(raw)
    assert (refused.value.element, refused.value.code) == (element, code)


@given(st.binary(max_size=400))
def test_no_bytes_bring_more_than_a_refusal(raw):
    with pytest.raises(CapError):
        read(raw)
