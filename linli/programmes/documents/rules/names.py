"""Units and places: by what Linli knows, by their endings, and by rows (松山、福山、东一居民区)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from linli.programmes.documents.rules.cleaning import HAN
from linli.programmes.documents.rules.drafts import Draft
from linli.programmes.documents.rules.edges import left_edge
from linli.programmes.documents.rules.sentences import quoted
from linli.programmes.documents.rules.words import one_of, words
from linli.programmes.documents.types import Kind, Lexicon

_UNIT = re.compile(
    rf"(?<![格困布全大僵时战结破返故家])(?:{one_of('units', 'suffixes')})"
    r"(?!们|化|级|员|长|书记|主任|活动室|内|管理条例|会议|式|性|代表(?!处)|负责人)"
)
_PLACE = re.compile(
    rf"(?:{one_of('units', 'places')})(?!们|化|综合|治理|物业|性|党支部|居民委|管理|共益|积水|区域)"
    rf"|[{HAN}]路\d{{1,4}}弄(?:\d{{1,4}}号)?|路\d{{1,4}}号"
    rf"|[一二三四五六七八九]村(?:\d{{1,4}}号)?|\d{{1,4}}号楼|(?<=[{HAN}])(?<![思道网线套出铁公马一新归])路(?=量身|沿线|上|段|、|，|。|与)"
)
_ROW = re.compile(
    rf"((?:[{HAN}]{{2,4}}、){{1,12}}[{HAN}]{{2,4}}?)(?:等|[二三四五六七八九十\d]+个)?(居民区|片区|街区党支部|居委会)(?!党总支|党支部|居委|书记|居民|党组织)"
)
_NO_ROW = re.compile(
    r"(?:人员|部门|单位|科室|中心|街道|居民区|干部|代表|片区|党总支|党支部|企业|学校|机关|委员|志愿者|商户)$"
)
_CHINESE_NAME = re.compile(rf"[{HAN}]")
_LEADING = re.compile(
    r"^(?:[各相有这该](?!限|包)|共(?!青|产)|中的|里|内|下一|后|前|会长|书记|工作机制|重要|\d{1,4}年|[一二三四五六七八九十两\d]+[个大家位处条]|首批\d*)+"
)
_NAME = re.compile(rf"[{HAN}A-Za-z0-9]+")
_SHORT = re.compile(r"[区市县镇乡新](?:纪委|团委|妇联|政协|人大|法院|总工会)|[^各本该全]{2}[镇乡局]$")
_GAP = 8
_ALIAS = re.compile(r"（(?:以?下称|以?下简称|简称)[：:]?“([^”]{2,16})”）")


def find_names(text: str, taken: Sequence[tuple[int, int]], lexicon: Lexicon) -> Iterator[Draft]:
    """Yield units and places outside ``taken`` (posts); a name that Linli knows carries its uuid."""
    used = {i for a, b in [*taken, *quoted(text, "《")] for i in range(a, b)}
    for kind, known in ((Kind.UNIT, lexicon.units), (Kind.PLACE, lexicon.places), (Kind.POST, lexicon.posts)):
        yield from _known(text, kind, known, used)
    yield from _aliases(text, used)
    yield from _rows(text, used)
    yield from _by_ending(text, _UNIT, Kind.UNIT, used)
    yield from _by_ending(text, _PLACE, Kind.PLACE, used)


def _known(text: str, kind: Kind, known: Mapping[str, str], used: set[int]) -> Iterator[Draft]:
    by_head: dict[str, list[str]] = {}
    for name in sorted((n for n in known if len(n) > 1), key=len, reverse=True):
        by_head.setdefault(name[:2], []).append(name)
    at = 0
    while by_head and at < len(text) - 1:
        name = next((n for n in by_head.get(text[at : at + 2], ()) if text.startswith(n, at)), "")
        if not name or (at in used and kind != Kind.POST):
            at += 1
            continue
        used |= set(range(at, at + len(name))) if kind != Kind.POST else set()
        yield Draft(kind, at, at + len(name), 99, f"{kind.value}.known", {"name": name, "uuid": known[name]})
        at += len(name)


def _aliases(text: str, used: set[int]) -> Iterator[Draft]:
    """Yield every mention of a short name that the text gives a unit (（下称“…”）)."""
    for alias in {match[1] for match in _ALIAS.finditer(text)}:
        for match in re.finditer(re.escape(alias), text):
            if match.start() not in used:
                used |= set(range(*match.span()))
                yield Draft(Kind.UNIT, match.start(), match.end(), 85, "unit.alias", {"name": alias})


def _rows(text: str, used: set[int]) -> Iterator[Draft]:
    """Yield each of a row of names that share one ending."""
    for match in _ROW.finditer(text):
        at = match.start()
        for part in match[1].split("、"):
            start = left_edge(text, at + len(part)) if at == match.start() else at
            name = text[start : at + len(part)] + match[2]
            if (
                not _NO_ROW.search(part)
                and len(name) > len(match[2]) + 1
                and not used & set(range(start, at + len(part)))
            ):
                used |= set(range(start, at + len(part)))
                kind = Kind.PLACE if match[2] == "片区" else Kind.UNIT
                yield Draft(kind, start, at + len(part), 80, f"{kind.value}.row", {"name": name})
            at += len(part) + 1
        used |= set(range(match.end() - len(match[2]), match.end()))


def _by_ending(text: str, pattern: re.Pattern[str], kind: Kind, used: set[int]) -> Iterator[Draft]:
    for begin, end in _joined(text, pattern):
        start = left_edge(text, begin)
        name = text[start:end]
        lead = _LEADING.match(name)
        if lead:
            start += lead.end()
            name = name[lead.end() :]
        venue = kind == Kind.UNIT and name.endswith("中心") and text[max(0, start - 1) : start] == "在"
        if venue or used & set(range(start, end)) or not _is_name(kind, name):
            continue
        used |= set(range(start, end))
        yield Draft(kind, start, end, 70, f"{kind.value}.ending", {"name": name})


def _joined(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return the known endings; two that make one name (公司…分公司) as one."""
    found: list[tuple[int, int]] = []
    for match in pattern.finditer(text):
        begin, end = match.span()
        numbered = found and text[found[-1][1] - 1] in "弄号"
        if found and not numbered and begin - found[-1][1] <= _GAP and _NAME.fullmatch(text, found[-1][1], end):
            edge = left_edge(text, begin)
            if edge <= found[-1][0]:
                found[-1] = (found[-1][0], end)
                continue
        found.append((begin, end))
    return found


def _is_name(kind: Kind, name: str) -> bool:
    if kind == Kind.UNIT:
        long = len(name) > 3 or name in words("units", "short") or bool(_SHORT.match(name))
        return long and name not in words("units", "generic") and not name.endswith("城乡")
    return name not in words("units", "place_generic") and len(name) > 2 and bool(_CHINESE_NAME.search(name))
