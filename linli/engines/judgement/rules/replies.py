"""Reading a draft reply beside the case: questions left open, facts and names from nowhere, tone, law; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from linli.engines.judgement.rules import reply_names
from linli.engines.judgement.rules.category_features import squeezed

MOST = 12
_LONGEST_SHOWN = 40


class Kind(StrEnum):
    """What a note is about."""

    WHEN = "when"
    HOW_MUCH = "how_much"
    CALL = "call"
    ASKED = "asked"
    FACT = "fact"
    NAME = "name"
    TONE = "tone"
    LAW = "law"
    VAGUE = "vague"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to look at again.

    Attributes:
        kind: what it is about.
        words: the question, the fact or the word, as it stands in the message or the draft.
    """

    kind: Kind
    words: str


_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_DAY = r"(?:\d{4}|今|明|后|本|当)年|\d{1,2}月|[一二三四五六七八九十]{1,3}月|\d{1,2}[日号]"
_TIME = re.compile(
    rf"{_DAY}|\d+个?(?:工作日|小时|天|周)|[上下]旬|[本下]周|月底|年底|季度|今日|明天|近日|日前|目前|已经|已于|前完成|分期|逐步|尽快|立即"
)
_NUMBER = re.compile(r"\d|[一二三四五六七八九十百千万]+(?:元|块|户|平|%|％|成)|免费|不收")
_PHONE = re.compile(
    r"(?<![\dA-Za-z.])(?:1[3-9]\d{9}|0\d{2,3}[-－—]?\d{7,8}|[2-8]\d{7}|12345"
    r"|400[-－]?\d{3,4}[-－]?\d{3,4})(?![\d.])"
)
# Numbers of public services answer where to call, and are strange nowhere.
_SERVICE = re.compile(r"(?<![\d.])(?:12\d{3}|96\d{3,4}|1[12]\d)(?![\d.])")
_MONEY = re.compile(r"(?<![\d.])\d[\d,.]*\d?\s*(?:万|亿)?元")
_FILE = re.compile(r"(?<![A-Za-z\d])[A-Z]{1,4}\d{6,}(?:-\d+)?(?![A-Za-z\d])")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_ASKS_WHEN = re.compile(
    r"什么时候|啥时候|何时(?!了)|几时|哪天|什么时间|何日"
    r"|(?<![用不没过])(?<!不了)(?:要|需|还|得)?多久(?!前)"
)
_ASKS_MUCH = re.compile(r"多少钱|多少元|收费标准|怎么收费|如何收费|什么标准")
_ASKS_CALL = re.compile(r"(?:电话|联系方式|号码)(?:是多少|是什么|多少|呢)|打(?:哪个|什么)电话")
_ASKS = re.compile(
    r"请问|能否|能不能|可否|可不可以|是否|怎么办理|如何办理|怎样办理|需要什么"
    r"|哪些(?:条件|材料|手续)|在哪里?办|有没有(?:规划|计划|政策|补贴)"
)
_TONES = (
    "无理取闹", "胡搅蛮缠", "小题大做", "刁民", "无可奉告", "爱莫能助", "不归我们管", "不归我管",
    "不关我们的事", "与我们无关", "与我单位无关", "跟我们没关系", "自己想办法", "爱找谁找谁", "你应该知道", "纯属捏造",
    "恶意投诉", "别再投诉", "不要再投诉", "不得再投诉", "后果自负", "警告你", "众所周知", "早就说过",
)  # fmt: skip
# Who is decided about, not what a rule says of all who …: neither 凡不符合 nor 不符合条件的申请.
_DECIDES = re.compile(
    r"(?<![的确])不予(?:受理|支持|办理|批准|许可|补助|认定|同意|发放)"
    r"|(?<![凡对如若于])不符合[^。；，]{0,14}(?:条件|规定|政策|要求)(?![的者情])"
    r"|(?:责令|处以|给予)[^。；]{0,12}(?:整改|罚款|处罚|拆除)"
)
_CITES = re.compile(
    r"《[^》]{3,120}》|第[一二三四五六七八九十百\d]+条|[〔﹝\[（(]\d{4}[〕﹞\]）)]\s*\d+\s*号"
    r"|\d+号(?:文|令)|[Gg][Bb][/T ]*\d{3,}"
)
_VAGUE = re.compile(
    r"(?:根据|依据|按照|依照)(?:国家|省|市|区|我市|本市|现行|上级)?(?:的)?"
    r"(?:有关|相关)(?:法律|法规|政策|文件|条例|规定)+"
)
_POLITE = re.compile(r"您好|你好|谢谢|感谢|请问|领导|尊敬")


def _shown(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST_SHOWN else f"{words[: _LONGEST_SHOWN - 1]}…"


def _pairs(text: str) -> set[str]:
    plain = squeezed(_POLITE.sub("", text))
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


_ALIKE = 0.07
_LEAST_PAIRS = 8


def unanswered(message: str, draft: str) -> list[Note]:
    """Return the questions of ``message`` that ``draft`` leaves open.

    When, how much and which telephone are open where the draft holds no time, number or telephone at all;
    another question where hardly any of its words come back, the first three. Doubt is silence: a note too many is
    read by nobody.
    """
    told = _pairs(draft)
    sentences = (m.group().strip() for m in _SENTENCE.finditer(message))
    kinds = ((sentence, _open(sentence, draft, told)) for sentence in sentences)
    found = [Note(kind, _shown(sentence)) for sentence, kind in kinds if kind is not None]
    asked = [note for note in found if note.kind == Kind.ASKED]
    return [note for note in found if note.kind != Kind.ASKED or note in asked[:_MOST_ASKED]]


_CALLED = re.compile(rf"{_PHONE.pattern}|{_SERVICE.pattern}")
# Doubt and reproach that only look like questions.
_RHETORIC = re.compile(r"(?:不知道?|怀疑|不得不|谁知)[^，。]{0,8}是否|是否(?:真正|一定要|真的要)|[！!]$")
_MOST_ASKED = 3
# What asks for a thing of a kind, and what shows that the draft has one.
_TYPED = ((Kind.WHEN, _ASKS_WHEN, _TIME), (Kind.HOW_MUCH, _ASKS_MUCH, _NUMBER), (Kind.CALL, _ASKS_CALL, _CALLED))


def _open(sentence: str, draft: str, told: set[str]) -> Kind | None:
    """Return which question of ``sentence`` the draft leaves open, None for none."""
    for kind, asks, has in _TYPED:
        if asks.search(sentence):
            return None if has.search(draft) else kind
    if not _ASKS.search(sentence) or (_RHETORIC.search(sentence) and "请问" not in sentence):
        return None
    asked = _pairs(_ASKS.sub("", sentence))
    return Kind.ASKED if len(asked) >= _LEAST_PAIRS and len(asked & told) < _ALIKE * len(asked) else None


# An earlier day is asked about where it could be a slip of the pen for one of the case: of the same half year.
_NEAR, _FAR = 183, 3 * 365
_MOST_FACTS = 6
# The day on which a law or a file was made.
_ISSUED = re.compile(r"起?(?:印发|发布|施行|实施|出台|颁布|通过)")


def _plain(text: str) -> str:
    return re.sub(r"[\s,，\-－—]", "", text)


def strange(known: Sequence[str], draft: str, reported: date, today: date) -> list[Note]:
    """Return telephones, sums, file numbers and days of ``draft`` that stand nowhere in what is known.

    A day of the case's own time, from the report to today, or one still to come is not strange: it is what was
    done or is promised.

    Args:
        known: texts of the case: report, place, what was noted, numbers.
        draft: the reply.
        reported: day of the report.
        today: the day it is written.
    """
    stock = _plain("\n".join(known))
    found = [
        match.group().strip()
        for pattern in (_PHONE, _MONEY, _FILE)
        for match in pattern.finditer(draft)
        if match.group() != "12345" and _plain(match.group()) not in stock
    ]
    for match in _DATE.finditer(draft):
        issued = _ISSUED.match(draft, match.end())
        if not issued and _plain(match.group()) not in stock and _odd(match, reported, today):
            found.append(match.group())
    every = list(dict.fromkeys(found))
    return [Note(Kind.FACT, "、".join(every[:_MOST_FACTS]))] if every else []


def _odd(match: re.Match[str], reported: date, today: date) -> bool:
    """Return whether a day is none at all, of the half year before the report, or more than three years ahead."""
    try:
        day = date(*(int(g) for g in match.groups()))
    except ValueError:
        return True
    return 0 < (reported - day).days <= _NEAR or (day - today).days > _FAR


def names(known: Sequence[str], draft: str) -> list[Note]:
    """Return the names of persons in ``draft`` that stand nowhere in what is known, as one note."""
    found = reply_names.unknown("\n".join(known), draft)
    return [Note(Kind.NAME, "、".join(found[:_MOST_FACTS]))] if found else []


def tone(draft: str) -> list[Note]:
    """Return words in ``draft`` that put people off."""
    return [Note(Kind.TONE, word) for word in _TONES if word in draft]


def law(draft: str) -> list[Note]:
    """Return decisions in ``draft`` without a law or file behind them, and rules spoken of without a name."""
    if _CITES.search(draft):
        return []
    decided = [Note(Kind.LAW, _shown(m.group())) for m in _DECIDES.finditer(draft)]
    return decided[:1] or [Note(Kind.VAGUE, m.group()) for m in _VAGUE.finditer(draft)][:1]


def notes(message: str, known: Sequence[str], draft: str, reported: date, today: date) -> list[Note]:
    """Return what to look at again in ``draft``, each once, at most :data:`MOST`; nothing for an empty draft."""
    if not draft.strip():
        return []
    every = [
        *unanswered(message, draft),
        *strange([message, *known], draft, reported, today),
        *names([message, *known], draft),
        *tone(draft),
        *law(draft),
    ]
    return list(dict.fromkeys(every))[:MOST]
