"""Where a text speaks of a place: roads with 弄 and 号, crossings, known names. Pure; spans lie in the text as written.

What is known in advance are names (of roads, estates, venues, areas); whatever else looks like a road is found too,
so that 胶州路235弄 is not taken for lane 235 of a road that is known. Doors and buildings belong to a place; rooms do
not: a span ends before the room.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from linli.foundation.core.text import FAMILY_NAMES, find_personal, folded
from linli.foundation.places.rules.numerals import digits

_N = r"(?:\d{1,5}|[零〇一二三四五六七八九十百千两幺廿]{1,8})"
_HAN = r"[\u3400-\u9fff]"
_ROAD_END = r"(?:大道|大街|公路|胡同|路|街(?!道|区|坊|头|面|镇|心)|道(?!口|路|闸)|环线)"
_LANE = re.compile(rf"(?P<lane>{_N})(?:号)?(?:弄堂|弄|巷|衖)(?:(?P<branch>{_N})支弄)?")
_DOOR = re.compile(
    rf"(?P<door>{_N}(?:[-—之]\d{{1,2}})?[A-Z甲乙丙丁]?)号(?!线|楼|库|桥|电梯|工单|台风|文)(?:[附之]\d+号?)?"
)
_BUILDING = re.compile(rf"(?P<building>{_N}|[A-Z]\d?)(?:号楼|幢|栋|座|#)(?!位)")
_HYPHENS = re.compile(r"(?P<lane>\d{1,4})[-/—](?P<door>\d{1,3})(?=[-/—]\d{2,4}(?!\d))")
_BARE = re.compile(
    rf"(?P<lane>\d{{2,4}})(?=$|[^\d{_HAN[1:-1]}A-Z%]|门|旁|附|对面|这|那|里|小区|[-~—－～至到]\d{{2,4}}(?:弄|号))"
)
_RANGE = re.compile(rf"(?:[-~—－～]{{1,2}}|至|到)(?P<to>{_N})(?P<unit>弄|号)")
_LIST = re.compile(rf"(?:弄|号)?(?:和|、|及|与|跟|,|，|以及)(?={_N}(?:弄|号(?!线|楼)))")
_BETWEEN = re.compile(r"(?:的|上的|上|这里|那边|这边|门牌)?")
_NEAR_ROAD = re.compile(r"[(（]?(?:靠近|近|靠|临近|临)")
_JOIN = re.compile(r"(?:靠近|近|靠|和|与|跟|同|及|到|转|/|／|、|×|X|[-—－]|[(（](?:靠近|近|靠))?")
_MOUTH = re.compile(
    r"[)）]?(?:的)?(?:十字路口|丁字路口|交叉路口|交叉口|路口|交汇处|交汇|交界处|交界|交叉处|交叉|转角|拐角|转弯角|转弯|口(?!碑|气|罩|岸))"
)
_NO_ROAD_BEHIND = re.compile(r"街道|街区|区|居民|社区|居委")
_INSTITUTION = re.compile(
    r"(?:第[一二三四五六七八九十\d]+)?(?:小学|中学|幼儿园|学校|医院|卫生|菜场|菜市场|派出所|地铁|轨交|公交|车站|站|大厦|大楼|商场|超市|银行|公园"
    r"|广场(?!舞)|公寓|花园|花苑|小区|新村|名邸|工地|支行|邮局|桥|隧道|高架|号线|商圈|市场|敬老院|图书馆|体育|电影院|剧院|酒店|宾馆|饭店)"
)
_VAGUE = re.compile(r"(?:小区|门口)?的?(?:对面|对过|附近|周边|周围|隔壁|一带|往[东西南北]|以[东西南北]|后面那条)")
_HOME = re.compile(
    r"(?:家住|住在|我住|居住在|居住于|户籍在|本人住|我家在|家在|我们住|我是住?|住)(?:上海市?|长宁区|[一-龥]{2,6}街道)*$"
)
_NOT = re.compile(r"(?:不是|并非|不在|而非|除了|不包括)(?:说|指|在)?$")
_PERSON = re.compile(r"(?:先生|女士|小姐|师傅|阿姨|叔叔|同志|老师|同学|爷爷|奶奶|大爷|大妈)")
_LOOKS_NEW = frozenset("新老大小东西南北中")


_GAPS = frozenset("-—,，")
_BESIDE = frozenset("和、与跟及或")
_THERE = ("那边", "这边", "那里", "这里", "那块", "这块", "一带")


class MentionKind(StrEnum):
    """What a span is: a known name, an address on a road, a lane without its road, a crossing, a road alone."""

    NAME = "name"
    ADDRESS = "address"
    LANE = "lane"
    CROSSING = "crossing"
    ROAD = "road"


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of a text that speaks of a place.

    Attributes:
        start, end: in the text as written; rooms lie behind ``end``.
        name: the known name, folded; of a crossing the second road.
        road, lane, branch, door, building: as digits and folded words, empty where not said.
        to: of a range, the number it goes up to. bare: the number had no 弄 or 号.
        vague: 对面, 附近 and the like stand behind. home: it is where the writer lives. refused: 不是…
        part: something else of that name is meant (安西路小学).
    """

    kind: MentionKind
    start: int
    end: int
    name: str = ""
    road: str = ""
    lane: str = ""
    branch: str = ""
    door: str = ""
    building: str = ""
    to: str = ""
    bare: bool = False
    vague: bool = False
    home: bool = False
    refused: bool = False
    part: bool = False


class Lexicon:
    """Known names and roads, found in a text from left to right, the longest first."""

    def __init__(
        self, names: Iterable[str], roads: Iterable[str], short: Iterable[str] = (), elsewhere: Iterable[str] = ()
    ) -> None:
        """Fold them and put them under their first two characters.

        Args:
            names: known names. roads: known roads.
            short: names of two characters, which count only where another name is put beside them (华一和华二居委会).
            elsewhere: names of other places that hold a known one (延安西路 holds 安西路).
        """
        self._short = frozenset(folded(n) for n in short)
        self.roads = frozenset(folded(r) for r in roads if len(r) > 1)
        self._under: Mapping[str, list[str]] = defaultdict(list)
        self.elsewhere = frozenset(folded(n) for n in elsewhere)
        for name in {*(folded(n) for n in names), *self.roads, *self.elsewhere}:
            if len(name) > 1:
                self._under[name[:2]].append(name)
        for found in self._under.values():
            found.sort(key=lambda n: (-len(n), n))

    def at(self, text: str, start: int) -> str:
        """Return the longest known name that begins at ``start``, empty if none does."""
        first = text[start : start + 2]
        found = next((n for n in self._under.get(first, ()) if text.startswith(n, start)), "")
        if not found and first in self._short and text[start + 2 : start + 3] in _BESIDE:
            return first if self.at(text, start + 3) else ""
        return found


class _Text:
    """A text folded and without spaces, with the way back to the text as written."""

    def __init__(self, written: str) -> None:
        flat = folded(written)
        self.back = [i for i, c in enumerate(flat) if c not in " \t_\u3000\u00a0"]
        self.flat = "".join(flat[i] for i in self.back)
        self.persons = [(s.start, s.end) for s in find_personal(written)]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.back[start], self.back[end - 1] + 1

    def is_personal(self, start: int, end: int) -> bool:
        first, last = self.span(start, end)
        return any(first < e and s < last for s, e in self.persons)


_FOREIGN = re.compile(rf"{_HAN}{{1,5}}?{_ROAD_END}(?:[东西南北中][一二三四]?路)?(?={_N}(?:弄|号(?!线)|巷))")
_FAMILY_BEFORE = re.compile(rf"{FAMILY_NAMES}$")


def find(text: str, lexicon: Lexicon) -> list[Mention]:
    """Return where ``text`` speaks of places, from left to right, without overlaps."""
    source = _Text(text)
    found: list[Mention] = []
    at, flat = 0, source.flat
    while at < len(flat) - 1:
        mention, end = _one(source, at, lexicon, found)
        if mention is not None:
            found.append(mention)
        at = max(end, at + 1)
    return [replace(m, start=s, end=e) for m in _joined(found, flat) for s, e in [source.span(m.start, m.end)]]


def _one(source: _Text, at: int, lexicon: Lexicon, before: list[Mention]) -> tuple[Mention | None, int]:
    """Return the mention that begins at ``at``, or None, and where to read on."""
    flat = source.flat
    name = lexicon.at(flat, at)
    if name in lexicon.elsewhere:
        return None, max(at + len(name), _numbers(flat, at + len(name)).end)
    if name and _is_name(source, at, name, lexicon):
        read = _road(flat, at, name, lexicon) if name in lexicon.roads else _named(flat, at, name)
        return _looked_around(flat, read), read.end
    if name in lexicon.roads:
        return None, at + len(name)
    foreign = _FOREIGN.match(flat, at)
    if foreign and not any(lexicon.at(flat, i) for i in range(at, foreign.end() - 1)):
        return None, max(foreign.end(), _numbers(flat, foreign.end()).end)
    return _lane_alone(source, at, before)


def _is_name(source: _Text, at: int, name: str, lexicon: Lexicon) -> bool:
    """Return whether the known name at ``at`` is meant as a place: no street office, no person."""
    flat, end = source.flat, at + len(name)
    if source.is_personal(at, end) or _PERSON.match(flat, end):
        return False
    if name in lexicon.roads:
        past = flat.startswith("过", end) and bool(_FAMILY_BEFORE.search(flat[:at]))
        return not past and not _NO_ROAD_BEHIND.match(flat, end)
    return not (name.endswith(_THERE) and _FAMILY_BEFORE.search(flat[max(0, at - 2) : at]))


def _named(flat: str, at: int, name: str) -> Mention:
    """Return the mention of a known name, with the door or building behind it."""
    inside = _numbers(flat, at + len(name), lane=False)
    return replace(inside, kind=MentionKind.NAME, start=at, name=name)


def _numbers(flat: str, at: int, *, lane: bool = True) -> Mention:
    """Return what stands at ``at`` of lane, door and building; its end is ``at`` where nothing does."""
    if lane and (hyphens := _HYPHENS.match(flat, at)):
        return Mention(
            MentionKind.ADDRESS, at, hyphens.end(), lane=digits(hyphens["lane"]), door=digits(hyphens["door"])
        )
    parts: dict[str, str] = {}
    end = at
    for pattern in (_LANE, _BUILDING, _DOOR) if lane else (_BUILDING, _DOOR):
        gap = end > at and flat[end : end + 1] in _GAPS
        match = pattern.match(flat, end) or (pattern.match(flat, end + 1) if gap else None)
        if match:
            parts |= {k: digits(v) for k, v in match.groupdict().items() if v}
            end = match.end()
    if lane and not parts and (bare := _BARE.match(flat, at)):
        return Mention(MentionKind.ADDRESS, at, bare.end(), lane=digits(bare["lane"]), bare=True)
    lane_, branch, door, building = (parts.get(name, "") for name in ("lane", "branch", "door", "building"))
    return Mention(MentionKind.ADDRESS, at, end, lane=lane_, branch=branch, door=door, building=building)


def _road(flat: str, at: int, name: str, lexicon: Lexicon) -> Mention:
    """Return the mention that begins with the known road ``name``: a crossing, an address, or the road alone."""
    end = at + len(name)
    crossing = _crossing(flat, at, name, lexicon)
    if crossing is not None:
        return crossing
    begun = _BETWEEN.match(flat, end)
    inside = _numbers(flat, begun.end() if begun else end)
    near = _near(flat, end, lexicon)
    if near and not inside.lane + inside.door + inside.building:
        inside = _numbers(flat, near)
    if inside.lane or inside.door:
        ranged = _RANGE.match(flat, inside.end)
        if ranged and (inside.bare or ranged["unit"] == flat[inside.end - 1]):
            inside = replace(inside, to=digits(ranged["to"]), end=ranged.end(), bare=False)
        return replace(inside, kind=MentionKind.ADDRESS, start=at, road=name)
    return Mention(MentionKind.ROAD, at, end, road=name, part=bool(_INSTITUTION.match(flat, end)))


def _near(flat: str, end: int, lexicon: Lexicon) -> int:
    """Return where reading goes on behind （近愚园路）, nought where no such thing stands."""
    hint = _NEAR_ROAD.match(flat, end)
    other = lexicon.at(flat, hint.end()) if hint else ""
    if hint is None or other not in lexicon.roads:
        return 0
    behind = hint.end() + len(other)
    return behind + (flat[behind : behind + 1] in {")", "）"})


def _crossing(flat: str, at: int, name: str, lexicon: Lexicon) -> Mention | None:
    join = _JOIN.match(flat, at + len(name))
    begins = join.end() if join else at + len(name)
    other = lexicon.at(flat, begins)
    if other not in lexicon.roads or other == name:
        return None
    end = begins + len(other)
    mouth = _MOUTH.match(flat, end)
    said_near = join is not None and bool(_NEAR_ROAD.match(join.group()))
    written = join is not None and join.group() in {"/", "／", "×", "X"}
    if not mouth and not (
        (said_near or written) and not _numbers(flat, end + (flat[end : end + 1] in {")", "）"})).lane
    ):
        return None
    return Mention(MentionKind.CROSSING, at, mouth.end() if mouth else end, road=name, name=other)


def _lane_alone(source: _Text, at: int, before: list[Mention]) -> tuple[Mention | None, int]:
    """Return a lane without its road; right behind a list (235弄、237弄) the road of the one before."""
    flat = source.flat
    if at and (flat[at - 1].isdigit() or flat[at - 1] in "第零〇一二三四五六七八九十百千两幺"):
        return None, at + 1
    last = before[-1] if before else None
    if last is not None and last.road and last.kind is MentionKind.ADDRESS:
        listed = _LIST.match(flat, last.end)
        if listed and listed.end() == at:
            inside = _numbers(flat, at)
            if inside.lane or inside.door:
                return _looked_around(flat, replace(inside, road=last.road)), inside.end
    lane = _LANE.match(flat, at)
    if lane is None or source.is_personal(at, lane.end()):
        return None, at + 1
    inside = _numbers(flat, at)
    return _looked_around(flat, replace(inside, kind=MentionKind.LANE)), inside.end


def _looked_around(flat: str, mention: Mention) -> Mention:
    """Return ``mention`` with what the words before and behind it say of it."""
    before = flat[max(0, mention.start - 14) : mention.start]
    behind = mention.end
    changed = mention.kind is MentionKind.ROAD and before[-1:] in _LOOKS_NEW and bool(before)
    part = mention.part or changed
    if mention.kind is MentionKind.NAME and not mention.door + mention.building:
        part = bool(_INSTITUTION.match(flat, behind))
    return replace(
        mention,
        vague=bool(_VAGUE.match(flat, behind)),
        home=bool(_HOME.search(before)),
        refused=bool(_NOT.search(before)),
        part=part,
    )


def _joined(found: list[Mention], flat: str) -> Iterator[Mention]:
    """Give a lane without a road the road that was spoken of just before it (安西路这边，235弄)."""
    last: Mention | None = None
    for mention in found:
        if (
            mention.kind is MentionKind.LANE
            and last is not None
            and last.kind in {MentionKind.ROAD, MentionKind.CROSSING}
            and not last.part
            and mention.start - last.end <= 6
            and not re.search(r"[。；;！!？?\n]", flat[last.end : mention.start])
        ):
            mention = replace(mention, kind=MentionKind.ADDRESS, road=last.road)
        last = mention
        yield mention
