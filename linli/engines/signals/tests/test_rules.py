from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.signals.rules.folding import Rate, counted, home_of, is_silent
from linli.engines.signals.rules.screening import Who, personal_in

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
GOOD = {
    "device": "CAM-001",
    "id": "e-1",
    "kind": "stall",
    "at": "2026-03-10T10:00:00+08:00",
    "value": 3.5,
    "unit": "cm",
}


@pytest.mark.parametrize(
    "payload",
    [
        GOOD,
        {**GOOD, "id": "0196f3a2-9d1c-7a41-8138-001380001380"},
        {"device": "GATE-2", "hour": "2026-03-10T09:00:00+08:00", "count": 1380},
        {"device": "WATER.7"},
        None,
        [],
    ],
)
def test_what_says_nothing_of_a_person_passes(payload):
    assert personal_in(payload) == []


@pytest.mark.parametrize(
    ("more", "who"),
    [
        ({"ownerName": "x"}, Who.NAME), ({"姓名": "x"}, Who.NAME), ({"gender": 1}, Who.NAME), ({"age": 40}, Who.NAME),
        ({"id_card": "x"}, Who.NUMBER), ({"user_id": "u1"}, Who.NUMBER), ({"身份证号": "x"}, Who.NUMBER),
        ({"phone": "x"}, Who.PHONE), ({"mac": "x"}, Who.PHONE), ({"车牌号": "x"}, Who.PLATE),
        ({"plateNo": "x"}, Who.PLATE), ({"faceFeature": "x"}, Who.FACE), ({"embedding": []}, Who.FACE),
        ({"人脸特征": []}, Who.FACE), ({"snapshot": ""}, Who.IMAGE), ({"picUrl": ""}, Who.IMAGE),
        ({"track_id": 7}, Who.TRACK), ({"bbox": [1, 2, 3, 4]}, Who.TRACK),
        ({"extra": "联系 13800138000"}, Who.PHONE), ({"extra": "１３８００１３８０００"}, Who.PHONE),
        ({"extra": 13800138000}, Who.NUMBER), ({"extra": "310105194912310026"}, Who.NUMBER),
        ({"extra": "沪A12345"}, Who.PLATE), ({"extra": "沪 AD12345"}, Who.PLATE), ({"extra": "沪A·12345"}, Who.PLATE),
        ({"extra": [0.1] * 8}, Who.FACE), ({"extra": ", ".join(["0.123"] * 8)}, Who.FACE),
        ({"extra": "data:image/png;base64,iVBOR"}, Who.IMAGE), ({"extra": "https://x.cn/1"}, Who.IMAGE),
        ({"extra": "/9j/" + "A" * 100}, Who.IMAGE), ({"extra": "a/b/cam1.JPG"}, Who.IMAGE),
        ({"extra": "aa:bb:cc:dd:ee:0f"}, Who.PHONE), ({"extra": "E12345678"}, Who.NUMBER),
        ({"extra": {"deep": [{"er": "wang@example.org"}]}}, Who.NUMBER), ({"13800138000": 1}, Who.PHONE),
        ({"unit": "沪A12345"}, Who.PLATE), ({"id": "13800138000"}, Who.PHONE), ({"value": 13800138000}, Who.NUMBER),
        ({"extra": [[[[[[[[1]]]]]]]]}, Who.SHAPE), ({"extra": [{}] * 500}, Who.SHAPE),
    ],
)  # fmt: skip
def test_whoever_somebody_is_is_seen_by_name_or_value(more, who):
    found = personal_in({**GOOD, **more})
    assert who in {f.who for f in found}


_HIDDEN = st.sampled_from(
    ["13912345678", "310105194912310026", "沪A12345", "data:image/jpeg;base64,AA", "a@example.org"]
)


@given(
    st.recursive(_HIDDEN, lambda inner: st.lists(inner, min_size=1, max_size=3)
                 | st.dictionaries(st.text("abc", min_size=1, max_size=4), inner, min_size=1, max_size=3), max_leaves=6)
)  # fmt: skip
def test_wherever_it_is_hidden_and_never_said_again(payload):
    found = personal_in({"device": "CAM-001", "extra": payload})
    assert found
    told = " ".join(f.where for f in found)
    assert not any(secret in told for secret in ("139", "3101", "沪A", "base64", "@"))


@given(st.lists(st.integers(-600, 600), max_size=12), st.integers(-600, 600))
def test_an_event_goes_to_the_nearest_anchor_within_the_window(minutes, at):
    anchors = [NOW + timedelta(minutes=m) for m in minutes]
    moment = NOW + timedelta(minutes=at)
    found = home_of(anchors, moment, HOUR)
    near = [a for a in anchors if abs(a - moment) < HOUR]
    assert (found is None) == (not near)
    if found is not None:
        assert abs(found - moment) == min(abs(a - moment) for a in near)


@given(st.lists(st.integers(0, 30), max_size=80), st.integers(1, 10))
def test_no_more_than_the_rate_passes_in_a_minute_from_its_begin(gaps, most):
    rate, now = None, NOW
    passed: dict[datetime, int] = {}
    for gap in gaps:
        now += timedelta(seconds=gap)
        rate, over = counted(rate, now, most)
        passed[rate.began] = passed.get(rate.began, 0) + (not over)
    assert all(count <= most for count in passed.values())
    assert counted(Rate(NOW, most), NOW + timedelta(seconds=59), most)[1]
    assert not counted(Rate(NOW, most), NOW + timedelta(minutes=1), most)[1]


def test_silence_begins_at_the_limit():
    assert is_silent(NOW - HOUR, NOW, HOUR)
    assert not is_silent(NOW - HOUR + timedelta(seconds=1), NOW, HOUR)
