"""The check before words go out: what of a private person, of a home or of a guarded matter stands in them.

Sources: 个人信息保护法 第25条 (nothing personal made public without separate consent), 第28条 (what is
sensitive); 民法典 第1019条 (portraits), 第1032条 (private life); the safeguards of the mission (§13): no
door number, small cells left out, no labels for persons. Each finding names its place; it is mended, or the
reviewer writes why it may stand. What is ``hard`` must be mended.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from linli.foundation.core.text import FAMILY_NAMES, find_personal


class Code(StrEnum):
    """What was found."""

    NUMBER = "number"
    PERSON = "person"
    DOOR = "door"
    SMALL = "small"
    LABEL = "label"
    UNFINISHED = "unfinished"
    GUARDED = "guarded"
    PICTURE = "picture"
    NO_PICTURE = "no_picture"


HARD = frozenset({Code.NUMBER, Code.UNFINISHED, Code.GUARDED, Code.PICTURE, Code.NO_PICTURE})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that may not go out as it is: what, in which field, the words themselves."""

    code: Code
    place: str
    words: str

    @property
    def hard(self) -> bool:
        """Whether a reason cannot excuse it."""
        return self.code in HARD

    @property
    def key(self) -> str:
        """A name that stays the same as long as the finding does."""
        return hashlib.sha256(f"{self.code}\0{self.place}\0{self.words}".encode()).hexdigest()[:16]


_HAN = r"[\u3400-\u9fff]"
# Behind one of these a family name begins the name of somebody who holds no office.
_PRIVATE = (
    r"(?:居民|业主|租户|租客|住户|村民|市民|老人|当事人|患者|伤者|志愿者|楼组长|家属|店主|车主|事主|独居老人|孤老"
    r"|党员|骑手|保洁员|保安)"
)
_AFTER = r"(?=$|[^\u3400-\u9fff]|[说称表告介感是的在家和与、对向把被一]|激动|高兴)"
_PERSON = re.compile(rf"{_PRIVATE}({FAMILY_NAMES}{_HAN}{{1,2}}?){_AFTER}")
_AGED = re.compile(rf"({FAMILY_NAMES}{_HAN}{{1,2}})[（(](?:化名)?[男女][，,、]")
_POLITE = re.compile(r"(?:某+|先生|女士|小姐|师傅|阿姨|爷叔|伯伯|阿婆|奶奶|爷爷|大爷|大妈|老师|老伯|老太|阿伯)$")
_DOOR = re.compile(
    r"\d{1,4}\s*号楼?\s*\d{1,4}\s*室|\d{1,4}\s*弄\s*\d{1,4}\s*号(?:楼)?|\d{1,4}\s*幢\s*\d{1,4}|(?<!\d)\d{3,4}\s*室(?!外|内)"
)
_GROUPS = (
    r"困难|残疾|独居|孤老|失独|低保|低收入|救助|患|病|精神|重残|失能|失业|信访|投诉|举报|纠纷|家暴|离异|单亲|孤儿|刑满"
)
_FEW = r"(?<![\d.])([1-9]\d?|[一两二三四五六七八九])\s*(?:户|人|名|位|家|例)"
_SMALL_BEFORE = re.compile(rf"{_FEW}[^，。；！？\n]{{0,8}}(?:{_GROUPS})")
_SMALL_AFTER = re.compile(rf"(?:{_GROUPS})[^，。；！？\d\n]{{0,8}}{_FEW}")
_WORDS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_LABEL = re.compile(
    r"重复投诉人|信访重点(?:人员|户)?|维稳(?:对象|重点)|重点人员|缠访|闹访|职业投诉人|群租(?:户|客|人员)"
    r"|社区矫正(?:对象|人员)|刑满释放人员|吸毒人员|精神病(?:人|患者)|低保户|失独(?:家庭|老人)"
)
_OPEN = re.compile(r"【(?:请补充|To be added)[^】]{0,60}】?|（请补充[^）]{0,60}）?|[XＸ×]{3,}|TODO")


def _numbers(text: str) -> Iterator[tuple[Code, str]]:
    for span in find_personal(text):
        yield (Code.PERSON if span.kind == "name" else Code.NUMBER), text[span.start : span.end]


def _persons(text: str) -> Iterator[tuple[Code, str]]:
    for pattern in (_PERSON, _AGED):
        for match in pattern.finditer(text):
            if not _POLITE.search(match[1]):
                yield Code.PERSON, match[1]


def _cells(text: str, minimum: int) -> Iterator[tuple[Code, str]]:
    for pattern in (_SMALL_BEFORE, _SMALL_AFTER):
        for match in pattern.finditer(text):
            count = _WORDS.get(match[1]) or int(match[1])
            if count < minimum:
                yield Code.SMALL, match[0]


def check_text(place: str, text: str, *, minimum: int) -> list[Finding]:
    """Return what of ``text`` may not go out as it is, each once.

    Args:
        place: the field that the text stands in, as findings name it.
        minimum: the smallest number of persons or households of a sensitive kind that may be told.
    """
    found = [
        *_numbers(text),
        *_persons(text),
        *((Code.DOOR, m[0]) for m in _DOOR.finditer(text)),
        *_cells(text, minimum),
        *((Code.LABEL, m[0]) for m in _LABEL.finditer(text)),
        *((Code.UNFINISHED, m[0]) for m in _OPEN.finditer(text)),
    ]
    return [Finding(code, place, words) for code, words in dict.fromkeys(found)]


@dataclass(frozen=True, slots=True)
class Picture:
    """What the check knows of a picture: its number, title, whether it may go out."""

    number: int
    title: str
    cleared: bool
    consented: bool


def check_pictures(pictures: Sequence[Picture], used: Iterable[int]) -> list[Finding]:
    """Return the pictures that may not go out, and the numbers in the text behind which there is none."""
    found = [
        Finding(Code.PICTURE, f"picture:{p.number}", p.title) for p in pictures if not p.cleared or not p.consented
    ]
    known = {p.number for p in pictures}
    return found + [Finding(Code.NO_PICTURE, "body", f"[图{n}]") for n in used if n not in known]


def check(
    texts: Mapping[str, str],
    *,
    minimum: int,
    pictures: Sequence[Picture] = (),
    used: Iterable[int] = (),
    guarded: Iterable[str] = (),
) -> list[Finding]:
    """Return everything that may not go out as it is.

    Args:
        texts: field → what is typed there.
        guarded: labels of linked things that may not be told of at all.
    """
    found = [f for place, text in texts.items() for f in check_text(place, text, minimum=minimum)]
    return [*found, *check_pictures(pictures, used), *(Finding(Code.GUARDED, "links", label) for label in guarded)]


def unresolved(findings: Iterable[Finding], reasons: Mapping[str, str]) -> list[Finding]:
    """Return the findings that still stand in the way: the hard ones, and those that nobody gave a reason for."""
    return [f for f in findings if f.hard or not reasons.get(f.key, "").strip()]
