"""What must not come in: whatever says who somebody is, by the name of a field or by its value.

The shape of an event has no free text and no place for a person. This looks at what was sent *before* it is read into
that shape, so that a wrongly set device is told why, and nothing of it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from linli.foundation.core.text import find_personal, to_halfwidth

DEEPEST, MOST = 6, 400
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]\s?[A-Za-z][\s·•.-]?[A-HJ-NP-Za-hj-np-z0-9]{4,6}[挂学警港澳使领]?"
)
_PASSPORT = re.compile(r"(?<![A-Za-z0-9])[EGDSP][A-Z]?\d{7,8}(?!\d)")
_MAC = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])")
_LONG = re.compile(r"(?<!\d)\d{11,}(?!\d)")
_BINARY = re.compile(r"[A-Za-z0-9+/_-]{80,}={0,2}")
_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]{1,12}://|data:|www\.)", re.IGNORECASE)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|heic|mp4|avi|mov|mkv|wav|mp3)\b", re.IGNORECASE)
_NUMBERS = re.compile(r"(?:-?\d*\.\d+[\s,;|]+){7,}-?\d*\.\d+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_SHORTEST_VECTOR = 8


class Who(StrEnum):
    """In which way a payload says who somebody is."""

    NAME = "name"
    NUMBER = "number"
    PHONE = "phone"
    PLATE = "plate"
    FACE = "face"
    IMAGE = "image"
    TRACK = "track"
    SHAPE = "shape"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that must not come in; ``where`` is made of our words and never of what was sent."""

    where: str
    who: Who


# Words of a field's name, taken apart at underscores and capitals.
_WORDS: dict[Who, frozenset[str]] = {
    Who.NAME: frozenset({"name", "names", "person", "persons", "people", "owner", "driver", "resident", "xm",
                         "xingming", "gender", "sex", "age", "birthday", "birth", "nation", "ethnicity", "nickname"}),
    Who.NUMBER: frozenset({"idcard", "idno", "identity", "sfz", "sfzh", "cardno", "card", "passport", "ssn", "openid",
                           "unionid", "userid", "user", "account", "email", "mail", "wechat", "qq"}),
    Who.PHONE: frozenset({"phone", "mobile", "tel", "telephone", "cellphone", "sj", "sjh", "dh", "imei", "imsi",
                          "mac"}),
    Who.PLATE: frozenset({"plate", "plates", "license", "licence", "lpr", "cph", "hphm", "vin", "carno", "vehicleno"}),
    Who.FACE: frozenset({"face", "faces", "feature", "features", "embedding", "embeddings", "vector", "vectors",
                         "biometric", "biometrics", "fingerprint", "iris", "gait", "voiceprint", "reid", "landmarks",
                         "bodyfeature", "facefeature"}),
    Who.IMAGE: frozenset({"image", "images", "img", "imgs", "picture", "pictures", "pic", "pics", "photo", "photos",
                          "snapshot", "snapshots", "frame", "frames", "video", "clip", "audio", "voice", "thumbnail",
                          "base64", "jpeg", "jpg", "png", "picurl", "imageurl"}),
    Who.TRACK: frozenset({"track", "tracks", "trackid", "trajectory", "path", "bbox", "personid", "targetid"}),
}  # fmt: skip
_HAN: tuple[tuple[str, Who], ...] = (
    ("人脸", Who.FACE), ("特征", Who.FACE), ("姓名", Who.NAME), ("性别", Who.NAME), ("年龄", Who.NAME),
    ("身份证", Who.NUMBER), ("证件", Who.NUMBER), ("手机", Who.PHONE), ("电话", Who.PHONE), ("车牌", Who.PLATE),
    ("号牌", Who.PLATE), ("图片", Who.IMAGE), ("图像", Who.IMAGE), ("照片", Who.IMAGE), ("视频", Who.IMAGE),
    ("轨迹", Who.TRACK),
)  # fmt: skip
_SPANS = {"phone": Who.PHONE, "name": Who.NAME}


def _of_name(name: str) -> Who | None:
    """Return what a field of this name would say of a person."""
    found = next((who for words, who in _HAN if words in name), None)
    if found is not None:
        return found
    parts = {p.lower() for p in _CAMEL.split(to_halfwidth(name)) if p}
    parts |= {"".join(c for c in to_halfwidth(name).lower() if c.isalnum())}
    return next((who for who, words in _WORDS.items() if parts & words), None)


def _of_text(text: str) -> Who | None:
    """Return what a value in words says of a person."""
    if _is_uuid(text):
        return None
    plain = to_halfwidth(text)
    if spans := find_personal(plain):
        return _SPANS.get(spans[0].kind, Who.NUMBER)
    for pattern, who in (
        (_PLATE, Who.PLATE), (_NUMBERS, Who.FACE), (_BINARY, Who.IMAGE), (_LINK, Who.IMAGE), (_FILE, Who.IMAGE),
        (_MAC, Who.PHONE), (_PASSPORT, Who.NUMBER), (_LONG, Who.NUMBER),
    ):  # fmt: skip
        if pattern.search(plain):
            return who
    return None


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _of_value(value: Any) -> Who | None:
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    # A number is one too: 13800138000 without quotes.
    return Who.NUMBER if abs(value) >= 10**10 else None


def _is_vector(value: list[Any]) -> bool:
    return len(value) >= _SHORTEST_VECTOR and all(isinstance(v, (int, float)) for v in value)


def _walk(value: Any, where: str, depth: int, left: list[int]) -> Iterator[Found]:
    left[0] -= 1
    if depth > DEEPEST or left[0] < 0:
        yield Found(where, Who.SHAPE)
        return
    if isinstance(value, dict):
        for i, (name, inner) in enumerate(value.items()):
            yield from _field(str(name), inner, f"{where}.{i + 1}" if where else str(i + 1), depth, left)
    elif isinstance(value, list):
        if _is_vector(value):
            yield Found(where, Who.FACE)
            return
        for i, inner in enumerate(value):
            yield from _walk(inner, f"{where}.{i + 1}", depth + 1, left)
    elif (who := _of_value(value)) is not None:
        yield Found(where, who)


def _field(name: str, inner: Any, place: str, depth: int, left: list[int]) -> Iterator[Found]:
    where = name if name in KNOWN else place
    if name not in KNOWN and (who := _of_name(name) or _of_text(name)) is not None:
        yield Found(where, who)
        return
    yield from _walk(inner, where, depth + 1, left)


KNOWN = frozenset({"device", "id", "kind", "at", "value", "unit", "hour", "count"})


def personal_in(payload: Any) -> list[Found]:
    """Return what in a payload says who somebody is, each with where; empty: it may be read.

    A field is named by our own name for it, or by its place (``2.1``: the first within the second), so that neither a
    name nor a value that was sent comes back or is kept.
    """
    left = [MOST]
    found: dict[str, Found] = {}
    for each in _walk(payload, "", 0, left):
        found.setdefault(each.where, each)
        if left[0] < 0 or len(found) >= 20:
            break
    return list(found.values())
