"""What a letter is about and where: judged by its words, pure.

A letter to a government is long and names many things in passing. The words of a short report
decide its category wherever they stand; those of a letter decide by where and how often they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

IN_TITLE = 3
ENOUGH = 6
MOST_TIMES = 3
OPENING = 160

_HAN = r"[\u3400-\u9fff]"
_ROAD_END = r"(?:大道|大街|公路|胡同|路|街(?!道|区|坊|头|上|面)|巷)"
_ESTATE_END = (
    r"(?:小区|新村|花园|花苑|公寓|家园|嘉园|嘉苑|雅苑|大厦|广场|公馆|山庄|别墅|名苑|佳苑|华庭|豪庭|华府|名邸"
    r"|苑|邨|[一二三四五六七八九十]村)"
)
_NUMBER = r"(?:\d{1,5}(?:弄|巷))?(?:\d{1,5}(?:[-—之]\d{1,3})?号(?!线|楼))?"
# Where the name of a place may begin: behind a region, a mark, or a word that leads to it.
_REGION = r"[省市区县旗镇乡]|街道(?:办事处)?|社区|位于|地处|坐落[于在]|家住|居住在|住在"
_EDGE = re.compile(
    rf"{_REGION}|[，。！？；：、,.!?;:（）()“”\"《》\s]|[我您你]们?[是住]"
    r"|关于|反映|投诉|举报|咨询|询问|请问|建议|希望|请求|恳请|要求|强烈|反对|整治|解决|处理|拆除|督促|清理|启动|请"
    r"|在|对|给|从|至|到|和|与|及|将|把|被|的|由|就|为"
)
_REGIONS = re.compile(_REGION)
_PLACE = re.compile(rf"^({_HAN}{{2,6}}?{_ROAD_END}(?:[东西南北中一二三四]{{1,2}}[路街段])?{_NUMBER})(?!口?[公边灯面])")
_ESTATE = re.compile(rf"^((?:{_HAN}|[A-Za-z0-9·]){{2,7}}?{_ESTATE_END}(?:[一二三四五六七八九十\d]期)?)")
# Words that are no part of a name, and names that every place has.
_NO_NAME = re.compile(
    r"[这那该每某我他她它您们几没个所谓要加去修走往了着过还不应让旁附]|前后|周边|旁边|内部|外围|其他|业主|开发商|物业公司|老旧"
    r"|^(?:大道|主干道)|[线干]路$|道路$|(?:马|公|铁|断头|快速|主干)路$|^.?[东西南北中]?(?:步行|沿|逛|上)街$|^[东西南北中前后]+[路街]"
    r"|^(?:文化|购物|市民|休闲|商业|酒店|人才|学生|职工|商品房|安置|住宅|电梯|高层)+(?:广场|公寓|小区|家园|大厦)$"
)


def category_of(title: str, text: str, words: Mapping[str, Sequence[str]]) -> str:
    """Return the category that a letter's words speak for; empty where none does clearly enough.

    A word in the title counts :data:`IN_TITLE` times its length; in the text its length for each
    time it stands there, up to :data:`MOST_TIMES`. A single character (坑, 树, 黑) is part of too
    many other words: it counts in the title alone. Below :data:`ENOUGH` points a person decides.

    Args:
        title: the letter's subject.
        text: its body.
        words: category → the words that residents use for it; of two equal ones the first wins.
    """
    best, most = "", ENOUGH - 1
    for code, names in words.items():
        points = 0
        for word in _widest(w for w in names if w and (w in title or w in text)):
            points += IN_TITLE * len(word) if word in title else 0
            points += len(word) * min(text.count(word), MOST_TIMES) if len(word) > 1 else 0
        if points > most:
            best, most = code, points
    return best


def _widest(words: Iterable[str]) -> list[str]:
    """Return ``words`` without those that stand within another of them (绿化 in 绿化带): one mention counts once."""
    kept: list[str] = []
    for word in sorted(set(words), key=lambda w: (-len(w), w)):
        if not any(word in other for other in kept):
            kept.append(word)
    return kept


def place_in(title: str, text: str) -> str:
    """Return the road with its number, or the estate, that a letter names; empty where none is plainly named.

    The title is read first, then the first :data:`OPENING` characters of the text. Chinese does not
    divide words: a name counts only where it begins behind a region, a mark or a leading word (in the
    text behind a region alone). On doubt nothing is returned, for a wrong place sends people to the wrong door.
    """
    pieces = [*_EDGE.split(title), *_REGIONS.split(text[:OPENING])[1:]]
    for piece in pieces:
        name = piece.removeprefix("的")
        found = _PLACE.match(name) or _ESTATE.match(name)
        if found and not _NO_NAME.search(found.group(1)):
            return found.group(1)
    return ""
