"""Reads a message of the Common Alerting Protocol 1.2 (OASIS, 1 July 2010): what it says, or what is wrong with it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from linli.engines.alerts.types import Colour, Hazard, Message, MessageKind, Reference, Via

SPACE = "{urn:oasis:names:tc:emergency:cap:1.2}"
LONGEST = 256 * 1024
_KINDS = {"Alert": MessageKind.ALERT, "Update": MessageKind.UPDATE, "Cancel": MessageKind.CANCEL}
# Ack and Error answer a message, and a Draft or a Test is none.
_NOT_FOR_PEOPLE = {"Ack", "Error"}
_NOT_ACTUAL = {"System", "Test", "Draft"}
# The national platform writes the colour itself where the standard has a word.
_BY_SEVERITY = {
    "red": Colour.RED, "orange": Colour.ORANGE, "yellow": Colour.YELLOW, "blue": Colour.BLUE,
    "extreme": Colour.RED, "severe": Colour.ORANGE, "moderate": Colour.YELLOW, "minor": Colour.BLUE,
}  # fmt: skip
_BY_WORD = {"红": Colour.RED, "橙": Colour.ORANGE, "黄": Colour.YELLOW, "蓝": Colour.BLUE}
# The first that is found names the hazard: what holds another word stands before it.
_HAZARDS: tuple[tuple[str, Hazard], ...] = (
    ("台风", Hazard.TYPHOON), ("typhoon", Hazard.TYPHOON), ("内涝", Hazard.WATERLOGGING), ("积水", Hazard.WATERLOGGING),
    ("积涝", Hazard.WATERLOGGING), ("高潮位", Hazard.TIDE), ("风暴潮", Hazard.TIDE), ("storm surge", Hazard.TIDE),
    ("洪", Hazard.FLOOD), ("flood", Hazard.FLOOD), ("暴雪", Hazard.SNOW), ("snow", Hazard.SNOW), ("暴雨", Hazard.RAIN),
    ("rain", Hazard.RAIN), ("沙尘", Hazard.DUST), ("dust", Hazard.DUST), ("冰雹", Hazard.HAIL), ("hail", Hazard.HAIL),
    ("雷", Hazard.THUNDER), ("lightning", Hazard.THUNDER), ("thunder", Hazard.THUNDER), ("大风", Hazard.WIND),
    ("wind", Hazard.WIND), ("高温", Hazard.HEAT), ("heat", Hazard.HEAT), ("结冰", Hazard.ICE), ("冰冻", Hazard.ICE),
    ("ice", Hazard.ICE), ("寒潮", Hazard.COLD), ("低温", Hazard.COLD), ("cold", Hazard.COLD), ("霾", Hazard.HAZE),
    ("haze", Hazard.HAZE), ("大雾", Hazard.FOG), ("fog", Hazard.FOG),
)  # fmt: skip
_NAME = re.compile(r"[^\s,<&]+")
_LONGEST = {"headline": 200, "senderName": 100, "areaDesc": 300, "description": 4_000, "instruction": 4_000}


class CapError(ValueError):
    """What is wrong with a message: the element, and a code (xml, root, missing, name, time, word, long, order)."""

    def __init__(self, element: str, code: str) -> None:
        """Keep both."""
        self.element, self.code = element, code
        super().__init__(f"{element}: {code}")


def _text(parent: Element | None, name: str) -> str:
    found = parent.findtext(SPACE + name) if parent is not None else None
    return (found or "").replace("\x00", "").strip()


def _needed(parent: Element | None, name: str) -> str:
    found = _text(parent, name)
    if not found:
        raise CapError(name, "missing")
    return found


def _word(root: Element, name: str) -> str:
    """Return sender or identifier: without blanks and commas, since references are written with them."""
    found = _needed(root, name)
    if not _NAME.fullmatch(found) or len(found) > (100 if name == "sender" else 150):
        raise CapError(name, "name")
    return found


def _time(parent: Element | None, name: str) -> datetime | None:
    said = _text(parent, name)
    if not said:
        return None
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise CapError(name, "time") from None
    if found.tzinfo is None or not 1990 <= found.year <= 2200:
        raise CapError(name, "time")
    return found


def _root(raw: bytes) -> Element:
    if len(raw) > LONGEST:
        raise CapError("alert", "long")
    try:
        root: Element = fromstring(raw, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise CapError("alert", "xml") from None
    if root.tag != SPACE + "alert":
        raise CapError("alert", "root")
    return root


def _references(root: Element) -> tuple[Reference, ...]:
    found = []
    for triple in _text(root, "references").split():
        parts = triple.split(",")
        if len(parts) != 3 or not parts[0] or not parts[1] or len(parts[0]) > 100 or len(parts[1]) > 150:
            raise CapError("references", "name")
        found.append(Reference(parts[0], parts[1]))
    return tuple(dict.fromkeys(found))[:50]


def _info(root: Element) -> Element | None:
    """Return the part in Chinese, else the first."""
    parts = root.findall(SPACE + "info")
    chinese = [p for p in parts if _text(p, "language").lower().startswith("zh")]
    return next(iter([*chinese, *parts]), None)


def hazard_of(words: str) -> Hazard:
    """Return of what the words of an event warn."""
    said = words.lower()
    return next((hazard for word, hazard in _HAZARDS if word in said), Hazard.OTHER)


def colour_of(severity: str, words: str) -> Colour | None:
    """Return the colour: as the words say it (暴雨红色预警), else by the severity; None where neither says it."""
    said = [colour for word, colour in _BY_WORD.items() if re.search(f"{word}色", words)]
    return said[0] if len(said) == 1 else _BY_SEVERITY.get(severity.lower())


def _areas(info: Element) -> tuple[str, tuple[str, ...]]:
    areas = info.findall(SPACE + "area")
    names = [n for a in areas if (n := _text(a, "areaDesc"))]
    codes = [_text(code, "value") for a in areas for code in a.findall(SPACE + "geocode")]
    return "、".join(dict.fromkeys(names)), tuple(dict.fromkeys(c[:40] for c in codes if c))[:200]


def _content(info: Element, sent_at: datetime) -> dict[str, Any]:
    event, headline = _needed(info, "event"), _text(info, "headline")
    colour = colour_of(_text(info, "severity"), f"{headline} {event}")
    if colour is None:
        raise CapError("severity", "word")
    named, codes = _areas(info)
    begins = _time(info, "onset") or _time(info, "effective") or sent_at
    ends = _time(info, "expires")
    if ends is not None and ends <= begins:
        raise CapError("expires", "order")
    found = {
        "headline": headline or event, "senderName": _text(info, "senderName"), "areaDesc": named,
        "description": _text(info, "description"), "instruction": _text(info, "instruction"),
    }  # fmt: skip
    for name, most in _LONGEST.items():
        if len(found[name]) > most:
            raise CapError(name, "long")
    return {
        "hazard": hazard_of(f"{event} {headline}").value, "colour": colour.value, "headline": found["headline"],
        "text": found["description"], "instruction": found["instruction"], "issuer": found["senderName"],
        "area_text": named, "area_codes": codes, "begins_at": begins, "ends_at": ends,
    }  # fmt: skip


def read(raw: bytes) -> Message | None:
    """Return what a CAP message says; None for one that is not for people (a test, a draft, an acknowledgement).

    Raises:
        CapError: it is no CAP 1.2, or something is missing or wrong in it.
    """
    root = _root(raw)
    sender, identifier = _word(root, "sender"), _word(root, "identifier")
    sent_at = _time(root, "sent")
    if sent_at is None:
        raise CapError("sent", "missing")
    status, kind = _needed(root, "status"), _needed(root, "msgType")
    if status in _NOT_ACTUAL or kind in _NOT_FOR_PEOPLE:
        return None
    if status not in {"Actual", "Exercise"}:
        raise CapError("status", "word")
    if kind not in _KINDS:
        raise CapError("msgType", "word")
    references, info = _references(root), _info(root)
    if kind != "Alert" and not references:
        raise CapError("references", "missing")
    if info is None and kind != "Cancel":
        raise CapError("info", "missing")
    said: dict[str, Any] = {} if info is None or kind == "Cancel" else _content(info, sent_at)
    if kind == "Cancel":
        said["text"] = (_text(info, "description") or _text(root, "note"))[:4_000]
    return Message(
        sender=sender, identifier=identifier, sent_at=sent_at, kind=_KINDS[kind], references=references,
        exercise=status == "Exercise", via=Via.CAP, **said,
    )  # fmt: skip
