"""Chinese text: width, traditional to simplified, bigram tokens for search, personal data found in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

# Han, including the extensions beyond the BMP (𠮷) and the compatibility block.
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+", re.UNICODE)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
    # A joiner is kept where it joins two emoji (a family, a profession), dropped where it hides in words.
    r"|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])"
)


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@lru_cache(maxsize=1)
def _opencc() -> _Converter:
    from opencc import OpenCC  # noqa: PLC0415  loads dictionaries: only where conversion is needed

    converter: _Converter = OpenCC("t2s")
    return converter


def to_simplified(text: str) -> str:
    """Return ``text`` with traditional characters made simplified (OpenCC t2s)."""
    return _opencc().convert(text)


def to_halfwidth(text: str) -> str:
    """Return ``text`` with full-width letters, digits and the wide space made half-width; 。，： stay."""
    return "".join(
        chr(ord(c) - 0xFEE0)
        if "\uff10" <= c <= "\uff19" or "\uff21" <= c <= "\uff3a" or "\uff41" <= c <= "\uff5a"
        else " "
        if c == "\u3000"
        else c
        for c in text
    )


# What a spreadsheet program could take for a formula.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_CELL = 32_000


def harmless(text: str) -> str:
    """Return ``text`` such that no spreadsheet program runs it: with a mark before what could be a formula."""
    text = text[:_LONGEST_CELL]
    return f"'{text}" if text.startswith(_RISKY) else text


def clean(text: str) -> str:
    """Return typed text as it is kept: NFC, control and bidirectional-override characters dropped, ends trimmed.

    Line breaks become ``\\n``. Lone surrogates are dropped, since no database can hold them.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in text if not 0xD800 <= ord(c) <= 0xDFFF)
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


@lru_cache(maxsize=50_000)
def _simplified(character: str) -> str:
    """Return one character made simplified: alone, so that a part of a text is folded as the whole is (乾 in 乾坤)."""
    return to_simplified(character) if re.match(rf"[{_HAN}]", character) else character


def folded(text: str) -> str:
    """Return ``text`` for comparing, as long as it was: half width, simplified, Latin letters upper case.

    Character by character, so that a place found in it is at the same place in ``text``.
    """
    return "".join(_alone(c) for c in to_halfwidth(text))


@lru_cache(maxsize=50_000)
def _alone(character: str) -> str:
    for found in (_simplified(character).upper(), character):
        if len(found) == 1:
            return found
    return character


def tokens(text: str) -> list[str]:
    """Return the search tokens of ``text``.

    Runs of Han characters become overlapping bigrams (a lone one stands as itself); Latin
    letters and digits are lower-cased words. Full width and traditional forms are folded.
    """
    folded = "".join(map(_simplified, to_halfwidth(unicodedata.normalize("NFKC", text)))).lower()
    found: list[str] = []
    for run in _RUNS.findall(folded):
        if re.match(rf"[{_HAN}]", run) is None or len(run) == 1:
            found.append(run)
        else:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found


def index_tokens(text: str) -> list[str]:
    """Return :func:`tokens` with the last character of each Han run behind it.

    An index of these finds every single character too: each but the last of a run begins a bigram.
    """
    folded = to_simplified(to_halfwidth(unicodedata.normalize("NFKC", text))).lower()
    found: list[str] = []
    for run in _RUNS.findall(folded):
        found.extend(tokens(run))
        if len(run) > 1 and re.match(rf"[{_HAN}]", run):
            found.append(run[-1])
    return found


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """Personal data in free text, from ``start`` to ``end``; ``kind``: phone, id, email, bank, account or name."""

    start: int
    end: int
    kind: str


# The hundred commonest family names (about 85 % of people) and some of two characters.
_FAMILY = (
    "(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯"
    "|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤易伍])"
)
FAMILY_NAMES = _FAMILY
"""A pattern of the family names that are known, for rules that find persons by what stands before them."""
_SAYS_NAME = (
    r"(?:我(?:的名字|名字)?叫(?!做)|我是(?=.{2,3}[,，]\s*[男女][,，])|本人叫|姓名[:： ]{0,2}|姓名为"
    r"|(?:投诉|申请|申诉|举报|联系|反映|求助|发帖)人[:： ]{1,2}"
    r"|本人(?=.{2,3}[,，]\s*(?:男|女|身份证)))"
)
_SEP = r"[-－—–. ]?"
_DIGIT_WORDS = "〇零一幺二两三四五六七八九"
_PERSONAL: list[tuple[str, re.Pattern[str], Callable[[str], bool]]] = [
    (
        "id",
        re.compile(
            rf"(?<!\d)[1-9]\d{{5}}{_SEP}(?:18|19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]){_SEP}\d{{3}}[\dXx](?!\d)"
        ),
        lambda found: _id_fits(found),
    ),
    ("id", re.compile(r"(?<=身份证)[^\d\n]{0,6}(\d{15}(?:\d{2}[\dXx])?)(?!\d)"), lambda _found: True),
    ("bank", re.compile(r"(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)"), lambda found: _luhn_fits(found)),
    (
        "phone",
        re.compile(rf"(?<!\d)(?:(?:\+|00)?86{_SEP})?1[3-9]\d{_SEP}\d{{4}}{_SEP}\d{{4}}(?!\d)"),
        lambda _found: True,
    ),
    (
        "phone",
        re.compile(r"(?<!\d)[(（]?0[1-9]\d{1,2}[)）]?[-－—– ]?\d{7,8}(?!\d)"),
        lambda _found: True,
    ),
    ("phone", re.compile(r"(?:电话|座机|手机|号码|致电|联系)[^\d\n]{0,6}([2-9]\d{6,7})(?!\d)"), lambda _found: True),
    (
        "phone",
        re.compile(rf"(?<![{_DIGIT_WORDS}])[一幺][三四五六七八九][{_DIGIT_WORDS}]{{9}}(?![{_DIGIT_WORDS}])"),
        lambda _found: True,
    ),
    (
        "email",
        re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"),
        lambda _found: True,
    ),
    (
        "account",
        re.compile(
            r"(?:[Qq]{2}|微信|[Vv][Xx])号?(?:码|是|为)?[:： ]{0,2}([A-Za-z0-9][-_A-Za-z0-9]{4,19})(?![A-Za-z0-9])"
        ),
        lambda found: any(c.isdigit() for c in found),
    ),
    (
        "name",
        re.compile(
            rf"{_SAYS_NAME}({_FAMILY}[{_HAN}]{{1,2}}?)"
            rf"(?=$|[^{_HAN}A-Za-z]|是|系|[男女]|今年|现年|家住|住在|来自|身份证|电话|手机|联系)"
        ),
        lambda found: found[-2:] not in {"先生", "女士", "小姐", "师傅", "阿姨"},
    ),
]
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _id_fits(found: str) -> bool:
    """Return whether the check digit of an identity number (GB 11643) is right; an order number's seldom is."""
    plain = [c for c in found.upper() if c.isdigit() or c == "X"]
    total = sum(int(c) * w for c, w in zip(plain, _ID_WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == plain[-1]


def _luhn_fits(found: str) -> bool:
    """Return whether the check digit of a bank card is right."""
    digits = [int(c) for c in reversed(found) if c.isdigit()]
    return sum(d if i % 2 == 0 else d * 2 - 9 * (d > 4) for i, d in enumerate(digits)) % 10 == 0


def find_personal(text: str) -> list[PersonalSpan]:
    """Return telephone, identity, bank and e-mail numbers and names in ``text``, in order, without overlaps.

    Identity and bank numbers are known by their check digit, so that case and order numbers
    stay readable; behind the word 身份证 any such number counts. A name is known where the writer
    gives it as one (我叫…, 姓名：…, 举报人：…), never by its look alone: half the words for streets and
    trades begin like a family name.
    """
    folded = to_halfwidth(text)
    covered = bytearray(len(folded))
    taken: list[PersonalSpan] = []
    for kind, pattern, fits in _PERSONAL:
        for match in pattern.finditer(folded):
            start, end = match.span(pattern.groups)
            if fits(match.group(pattern.groups)) and not any(covered[start:end]):
                covered[start:end] = b"\x01" * (end - start)
                taken.append(PersonalSpan(start, end, kind))
    return sorted(taken, key=lambda s: s.start)


def mask_personal(text: str) -> str:
    """Return ``text`` with the personal numbers and names in it covered by ``＊``, their length kept short."""
    parts: list[str] = []
    at = 0
    for span in find_personal(text):
        parts.append(text[at : span.start])
        parts.append("＊＊＊＊")
        at = span.end
    parts.append(text[at:])
    return "".join(parts)


_OPENING, _CLOSING = "\u201c\u300c\u300e", "\u201d\u300d\u300f"


def quoted(name: str) -> str:
    """Return ``name`` inside double quotes, as a text writes it: double quotes within become single ones.

    >>> quoted("“医德医风”在职党员志愿督导")
    '“‘医德医风’在职党员志愿督导”'
    """
    inner = "".join("\u2018" if c in _OPENING else "\u2019" if c in _CLOSING else c for c in name)
    return f"\u201c{inner}\u201d"


def mask_phone(phone: str) -> str:
    """Return a telephone number with its middle covered: ``138****5678``."""
    digits = phone.strip()
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"


def mask_name(name: str) -> str:
    """Return a person's name with all but the family name covered: ``王＊``."""
    name = name.strip()
    return f"{name[:1]}{'＊' * max(1, len(name) - 1)}" if name else ""
