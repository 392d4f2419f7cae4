"""The parts of an address by their look alone, as spans of what was written: for addresses of places nobody entered.

Read from left to right: regions are stepped over, then village or community, road, number, and the name of what
stands there. What is known of a town goes before all of this (see :mod:`.mentions`).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from enum import StrEnum

from linli.foundation.core.text import folded

_HAN = r"[\u3400-\u9fff]"
_OF = r"(?:(?![路街道镇村乡号弄区县市])[\u3400-\u9fff])"
_N = r"(?:\d+|[零〇一二三四五六七八九十百千两]+)"
_PROVINCES = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西"
    "|海南|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆"
)
_STREETS = r"(?!(?:[东西南北中]{0,2}[一二三四]?)(?:路|街|大道|大街|巷))"
_PROVINCE = re.compile(
    rf"(?:中国)?(?:{_PROVINCES})(?:省|市|(?:壮族|回族|维吾尔)?自治区)?{_STREETS}(?!{_HAN}{{0,2}}(?:大厦|花园|村))"
)
_CITY = re.compile(
    rf"{_OF}{{2,5}}?(?:自治州|地区|市(?!场|民|政|区|心))"
    r"|(?:杭州|宁波|温州|嘉兴|湖州|绍兴|金华|衢州|舟山|台州|丽水|苏州|无锡|南京|广州|深圳|东莞|佛山|成都|武汉|西安|长沙|郑州|青岛|济南|合肥|福州|厦门)"
    rf"{_STREETS}"
)
_DISTRICT = re.compile(
    rf"{_OF}{{1,5}}?(?:自治县|新区|(?<![小园社校厂景库一二三四五六七八九十])区(?!域|块|间)|县|旗|市(?!场|民|政|区|心))(?!路|街|大道|小学|中学|医院|直)"
    rf"|(?:萧山|余杭|富阳|义乌|慈溪|余姚|永康|乐清|瑞安|温岭|临海|诸暨|上虞|海宁|桐乡|平湖|东阳|兰溪|江山|龙泉|建德|临安){_STREETS}"
)
_ZONE = re.compile(rf"{_OF}{{2,10}}?(?:经济技术开发区|经济开发区|工业园区|工业区|开发区|高新区|工业园|科技园区)(?=.)")
_TOWN = re.compile(
    rf"(?:(?![路街号弄村]){_HAN}){{1,5}}?(?:街道办事处|街道|镇(?!路|街|中|政))|{_OF}{{1,4}}?乡(?!{_HAN}{{0,1}}路|镇|村)"
)
_VILLAGE_END = (
    r"(?:居民委员会|居委会|村委会|居民区|社区|行政村|自然村|(?<![新一二三四五六七八九十])村(?!路|道|街|大道|口))"
)
_COMMUNITY = re.compile(rf"(?:(?![小区路街号]){_HAN}){{1,6}}?{_VILLAGE_END}")
_ROAD_END = r"(?:大道|大街|公路|马路|环线|胡同|路|街(?!道|区|坊)|道(?!口)|巷(?!子)|弄堂)"
_ROAD = re.compile(
    rf"(?:{_HAN}|\d{{1,3}}(?=国道|省道|县道)|[A-Z]\d{{1,2}}){_HAN}{{0,7}}?{_ROAD_END}(?:[东西南北中][一二三四]?(?:路|街|段)|[一二三四五六七八九十]巷)?"
    r"(?!口|边|灯|面|障)"
)
_PLAIN_ROAD = re.compile(rf"(?:(?![小区村城园苑厦场寓楼店号]){_HAN}){{2,4}}(?={_N}(?:-\d+)?号(?!楼|院|库|门))")
_GROUP = re.compile(rf"{_N}(?:组|社|队)(?:{_N}号)?")
_GROUPS_DOOR = re.compile(rf"{_N}(?:组|社|队){_N}号")
_NUMBER = re.compile(
    rf"(?:{_N}(?:[-—]\d+)*[A-Z]?(?:号(?!楼|院|库|门|厂|桥)|弄)(?:(?:附|之){_N}号?)?|\d{{1,4}}(?:-\d{{1,4}})?(?=$|[^\d\-A-Z幢栋座楼层室单号弄米年#]))"
)
_INSIDE = re.compile(
    rf"(?:第?{_N}|[A-Z]\d*|[东西南北])(?:-\d+)*[A-Z]?(?:号楼|幢|栋|座|单元|楼|层|室|号|栋|排|#)|[A-Z]?\d{{1,4}}(?:[-—]\d{{1,4}})+|\d{{3,4}}$|[A-Z]\d{{2,4}}"
)
_POI = re.compile(rf"(?:{_HAN}|[A-Za-z·&]|\d+(?={_HAN}{{2}}))+(?:[(（](?:{_HAN}|[A-Za-z])+[)）])?")
_BESIDE = re.compile(
    r"门口|旁边|附近|对面|楼下|楼上|隔壁|路口|交叉口|交界|交汇|电联|提前|斜对面|后面|前面|[东西南北]侧|[东西南北]面"
)
_SECTION = re.compile(r"(?<=..)(?:[A-Z一二三四五六七八九十东西南北中\d]+区|[东西南北]门|收|旁|内)$")


class PartKind(StrEnum):
    """A part of an address."""

    COMMUNITY = "community"
    ROAD = "road"
    SIDE_ROAD = "side_road"
    NUMBER = "number"
    SIDE_NUMBER = "side_number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an address, from ``start`` to ``end`` of the text as written."""

    kind: PartKind
    start: int
    end: int


def find_parts(text: str) -> list[Part]:
    """Return the parts of the address ``text``, from left to right, without overlaps."""
    return sorted(_parts(folded(text)), key=lambda p: p.start)


def _parts(flat: str) -> Iterator[Part]:
    at = _behind_regions(flat, 0)
    at, found = _one(flat, at, _COMMUNITY, PartKind.COMMUNITY)
    yield from found
    at = yield from _road(flat, at, PartKind.ROAD, PartKind.NUMBER)
    at = yield from _road(flat, at, PartKind.SIDE_ROAD, PartKind.SIDE_NUMBER)
    yield from _names(flat, at)


def _road(flat: str, at: int, road: PartKind, number: PartKind) -> Generator[Part, None, int]:
    """Give a road and its number; return where to read on."""
    begin = at
    at, found = _one(flat, at, _ROAD, road)
    yield from found
    if at == begin and road is PartKind.SIDE_ROAD:
        return at
    if at == begin:  # 杨公堤43号: a road by its number alone is too often something else to be called one
        at, _found = _one(flat, at, _PLAIN_ROAD, road)
    group = number if _GROUPS_DOOR.match(flat, _behind_marks(flat, at)) else road
    for pattern, kind in ((_GROUP, group), (_NUMBER, number)):
        at, found = _one(flat, at, pattern, kind)
        yield from found
    return at


def _behind_regions(flat: str, at: int) -> int:
    for _again in range(2):  # forms often write province and city twice
        for pattern in (_PROVINCE, _CITY, _DISTRICT, _ZONE, _TOWN):
            match = pattern.match(flat, _behind_marks(flat, at))
            at = match.end() if match else at
    return at


def _behind_marks(flat: str, at: int) -> int:
    while at < len(flat) and flat[at] in " _-,，.。:：、/\t":
        at += 1
    return at


def _one(flat: str, at: int, pattern: re.Pattern[str], kind: PartKind) -> tuple[int, list[Part]]:
    begin = _behind_marks(flat, at)
    match = pattern.match(flat, begin)
    return (match.end(), [Part(kind, begin, match.end())]) if match and match.end() > begin else (at, [])


def _names(flat: str, at: int) -> Iterator[Part]:
    """Give the name of what stands there: the words up to the first building, door or room."""
    begin = _behind_marks(flat, at)
    stop = next((m.start() for m in _INSIDE.finditer(flat, begin)), len(flat))
    match = _POI.match(flat, begin, stop)
    if match:
        end = begin + len(_SECTION.sub("", _BESIDE.split(match.group())[0]))
        if end - begin > 1:
            yield Part(PartKind.NAME, begin, end)
