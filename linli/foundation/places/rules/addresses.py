"""Chinese addresses: taken apart, made comparable, and made fit for the public.

A parser of a few patterns read from left to right: region, road, lane (弄), number (号),
estate (小区), building (楼), unit (单元), floor (层), room (室). What it does not understand
stays in ``rest``; nothing is thrown away. Shanghai's two ways are both known: 长宁路488弄12号
(lane, then door) and 崂山二村11号 (estate, then door).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from linli.foundation.core.text import to_halfwidth

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMERAL = "零〇一二三四五六七八九十百两"
_NUMBER = rf"(?:\d+|[{_NUMERAL}]+)"
_HAN = r"[\u3400-\u9fff]"
_PROVINCES = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西"
    "|海南|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾"
)
_REGION = re.compile(
    rf"(?:中国)?(?:(?:{_PROVINCES})(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?(?!(?:东|西|南|北|中)?[一二三四]?(?:路|街|大道)))?"
    rf"(?:{_HAN}{{2,5}}?(?:自治州|地区|市(?!场|民|政)))?"
    rf"(?:{_HAN}{{1,5}}?(?:自治县|开发区|新区|高新区|区(?!域)|县|旗|市(?!场|民|政)))?"
    rf"(?:{_HAN}{{2,12}}?(?:工业园区|开发区|高新区))?"
    rf"(?:{_HAN}{{2,6}}?(?:街道办事处|街道|镇(?!路)|乡(?!{_HAN}{{0,1}}路)))?"
    rf"(?:{_HAN}{{2,8}}?(?:居民委员会|居委会|村委会|社区|居民区|行政村))?"
    rf"(?:{_HAN}{{1,6}}?(?<![新{_NUMERAL}])村(?=.{{2,12}}(?:路|街|大道)))?"
)
_ROAD = re.compile(
    rf"({_HAN}(?:{_HAN}|\d|[A-Z]){{0,9}}?(?:大道|大街|公路|马路|环线|胡同|路|街(?!道|区|坊)|道(?!口)|巷)"
    r"(?:[东西南北中][一二三四]?(?:路|街|段))?)"
    r"(?!口|边|灯|面|段|障)"
)
_LANE = re.compile(rf"({_NUMBER})(?:弄|巷)")
_BARE_DOOR = re.compile(r"^(\d{1,5}(?:-\d{1,2}(?!-))?)(?![\d弄支号楼幢栋座#米年元路])")
_BRANCH = re.compile(rf"({_NUMBER})支弄")
_DOOR = re.compile(
    rf"((?:{_NUMBER}|[A-Z]\d+)(?:[-—之]\d+)?[A-Z甲乙丙丁]?)号(?!楼|线|库|门|桥|院|地|车|厂|店|馆)((?:附|之)\d+(?:号)?)?"
)
_ESTATE_END = (
    "小区|新村|花园|花苑|公寓|家园|嘉园|嘉苑|雅苑|大厦|广场|公馆|名邸|新苑|山庄|别墅|名苑|佳苑|大楼|商城|新城|名城|华庭|豪庭|华府"
    "|苑|邨|里弄|坊|府|邸|庭"
)
_ESTATE = re.compile(
    rf"((?:{_HAN}|[A-Za-z0-9])(?:{_HAN}|[A-Za-z0-9·]){{0,13}}?(?:{_ESTATE_END}|[{_NUMERAL}]村)"
    rf"(?:[一二三四五六七八九十]+期|\d期|[东西南北]区)?)"
)
_BUILDING = re.compile(rf"((?:{_NUMBER}|[A-Za-z]\d*|[东西南北])(?:号楼|幢|栋|座)|{_NUMBER}#|[A-Z]楼)")
_PLAIN_BUILDING = re.compile(rf"({_NUMBER})楼(?=.*?(?:单元|室|\d{{3}}))")
_UNIT = re.compile(rf"((?:{_NUMBER}|[A-Za-z]))(?:单元|门(?!口|前|店|面|卫))")
_FLOOR = re.compile(rf"(-?\d+|[{_NUMERAL}]+|[Bb]\d)(?:层|楼|[Ff](?![A-Za-z]))")
_ROOM = re.compile(rf"([A-Za-z]?\d+(?:-\d+)?[A-Za-z]?|[{_NUMERAL}]{{3,}})(?:室|户|房间|房(?!屋|产))")
_BARE_ROOM = re.compile(r"^[-—]?([A-Za-z]?\d{3,4}[A-Za-z]?)(?![\d号弄路栋幢座楼层年元米])")
_HYPHENS = re.compile(r"^(\d{1,3})[-—](\d{1,2})[-—](\d{3,4})(?!\d)")
_TWO = re.compile(r"^[-—]?(\d{1,3})[-—](\d{3,4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address, each as written (digits half-width) without its unit word.

    ``building`` and ``road`` keep theirs (三号楼, 长宁路); ``rest`` is what was not understood.
    """

    region: str = ""
    road: str = ""
    lane: str = ""
    branch: str = ""
    number: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    rest: str = ""


def numeral(text: str) -> str:
    """Return a Chinese numeral up to 999 as digits (三 → 3, 十二 → 12, 二〇一 → 201); other text unchanged."""
    if not text or any(c not in _NUMERAL for c in text):
        return text
    if "十" not in text and "百" not in text:
        return "".join(str(_DIGITS[c]) for c in text)
    total, pending = 0, 0
    for c in text:
        if c in _DIGITS:
            pending = _DIGITS[c]
        else:
            total += (pending or 1) * (10 if c == "十" else 100)
            pending = 0
    return str(total + pending)


class _Reader:
    """Reads an address from left to right; each part found moves ``at`` on and keeps what lay between."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.left: list[str] = []

    @property
    def tail(self) -> str:
        return self.text[self.at :]

    def take(self, pattern: re.Pattern[str], *, within: int = 24) -> re.Match[str] | None:
        """Return the next match not further than ``within`` characters on, and step behind it."""
        match = pattern.search(self.tail)
        if match is None or match.start() > within:
            return None
        self.left.append(self.tail[: match.start()])
        self.at += match.end()
        return match

    def part(self, pattern: re.Pattern[str], *, within: int = 24) -> str:
        match = self.take(pattern, within=within)
        return match.group(1) if match else ""


def _region(reader: _Reader) -> str:
    for _again in range(2):  # forms often write province and city twice
        match = _REGION.match(reader.tail)
        reader.at += match.end() if match else 0
    return reader.text[: reader.at]


def _doors(reader: _Reader, parts: dict[str, str]) -> None:
    parts["lane"] = reader.part(_LANE, within=6)
    parts["branch"] = reader.part(_BRANCH, within=3)
    match = reader.take(_DOOR, within=6)
    if match:
        parts["number"] = match.group(1) + (match.group(2) or "")
    elif parts["road"] and not parts["lane"]:
        parts["number"] = reader.part(_BARE_DOOR, within=0)


def _inside(reader: _Reader, parts: dict[str, str]) -> None:
    hyphens = _HYPHENS.match(reader.tail)
    if hyphens:
        parts["building"], parts["unit"], parts["room"] = hyphens.groups()
        reader.at += hyphens.end()
        return
    parts["building"] = reader.part(_BUILDING) or reader.part(_PLAIN_BUILDING, within=8)
    pair = _TWO.match(reader.tail)
    if pair:
        parts["unit"], parts["room"] = pair.groups()
        reader.at += pair.end()
        return
    parts["unit"] = reader.part(_UNIT, within=8)
    parts["floor"] = reader.part(_FLOOR, within=8)
    parts["room"] = reader.part(_ROOM, within=8) or reader.part(_BARE_ROOM, within=0)


def parse_address(text: str) -> Address:
    """Return the parts of ``text``, taken for an address."""
    reader = _Reader(re.sub(r"[\s,，、;；]+", "", to_halfwidth(text))[:500])
    parts: dict[str, str] = {"region": _region(reader)}
    parts["road"] = reader.part(_ROAD)
    if not parts["road"]:
        parts["estate"] = reader.part(_ESTATE)
    _doors(reader, parts)
    if not parts.get("estate"):
        parts["estate"] = reader.part(_ESTATE, within=2)
        if parts["estate"] and not parts.get("number"):
            _doors(reader, parts)
    _inside(reader, parts)
    return Address(**parts, rest="".join(reader.left) + reader.tail)


def normal_key(text: str) -> str:
    """Return a key under which two writings of the same address are equal.

    Regions and unit words are dropped, numerals become digits: 长宁路４８８弄十二号３０２室 and
    上海市长宁区长宁路488弄12号302 are both ``长宁路|||488||12||||302``.
    """
    a = parse_address(text)
    building = re.sub(r"号楼|幢|栋|座|楼|#", "", a.building)
    words = (a.road, a.estate, a.rest)
    numbers = (a.lane, a.branch, a.number, building, a.unit, a.floor, a.room)
    if not any(words) and not any(numbers):
        return a.region
    return "|".join((*words, *(numeral(v).upper() for v in numbers)))


_DOOR_WORDS = re.compile(
    rf"(?:(?:\d+|[{_NUMERAL}]+|[A-Za-z]\d*)(?:[-—之]\d+)*[A-Za-z甲乙丙丁]?"
    r"(?:号楼|号(?!线)|幢|栋|座|单元|门(?!口|前|店|面|卫)|层|楼|室|户|房|支弄|#)(?:附\d+号?)?)"
)
_LOOSE_NUMBER = re.compile(r"\d+(?:[-—]\d+)*[A-Za-z]?(?!\d|弄|路|村|号线|期)")


def public_address(text: str) -> str:
    """Return ``text`` as the public may read it: road, lane and estate stay; doors, buildings and rooms go.

    On doubt a number goes: what is left holds no digits but those of roads, lanes and 期.
    """
    plain = to_halfwidth(text)
    previous = ""
    while plain != previous:
        previous = plain
        plain = _LOOSE_NUMBER.sub("", _DOOR_WORDS.sub("", plain))
    return re.sub(r"\s+", " ", plain).strip(" -—,，、")


def known_address(text: str, roads: Iterable[str], estates: Iterable[str]) -> str:
    """Return what ``text`` names of the roads (with their lane) and estates that are known, and nothing else of it.

    Stricter than :func:`public_address`: words that somebody wrote beside them, a name among them, go.
    """
    plain = "".join(to_halfwidth(text).split())
    road = max((r for r in roads if len(r) > 1 and r in plain), key=len, default="")
    estate = max((e for e in estates if len(e) > 1 and e in plain), key=len, default="")
    lane = re.search(rf"{re.escape(road)}({_NUMBER}弄)", plain) if road else None
    return " ".join(filter(None, [road + (lane.group(1) if lane else ""), estate]))
