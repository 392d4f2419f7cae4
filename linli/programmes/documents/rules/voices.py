"""Who asks: the post of who speaks (强调, 指出, 要求, 提出…意见), by name, post, 他/她 or 会议."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from linli.programmes.documents.rules.people import Roles
from linli.programmes.documents.rules.words import one_of

_SPEECH = one_of("requirements", "speech")
_SAYS = rf"(?:并|还|再次|进一步|特别|同时|又)?(?:{_SPEECH})"
_ASKED = one_of("requirements", "asked")
_MEETING = re.compile(
    rf"(?:会议|大会|推进会|座谈会|与会领导)(?:并|还|再次|最后)?(?:强调|指出|要求|提出|明确|号召)[^，。：]{{0,20}}?(?:[，：]|(?=要)|(?:{_ASKED})[。：])"
    r"|会议(?:研究)?(?:同意|决定|议定)[，：]?"
)
_HE = re.compile(rf"[他她]{_SAYS}[，：]?")
_DEPUTIES = re.compile(r"((?:人大|政协|居民|党员|职工)?代表)们?[^。：]{0,60}：$")
# 希望 is the speaker's own only right behind the name.
_NEAR = 10


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks in a sentence, and where what they say begins (its end where the sentence only announces it)."""

    role: str
    says_at: int


class Voices:
    """Follows who speaks through a text."""

    def __init__(self, text: str, roles: Roles) -> None:
        self._text = text
        self._roles = roles
        self._last = ""
        self._starts = [h.start for h in roles.holders]
        self._stated = {h.end: text[h.start : h.end] for h in roles.holders if h.name}
        names = "|".join(map(re.escape, roles.names()))
        verbs = rf"(?:(?:书记|主任|同志|区长|镇长|局长)?[^。；]{{0,60}}?)(?P<verb>{_SPEECH})"
        self._named = re.compile(rf"(?P<name>{names}){verbs}") if names else None
        self._person = re.compile(names) if names else None

    def of(self, start: int, end: int) -> Voice | None:
        """Return who speaks in the sentence from ``start`` to ``end``, or nothing where nobody does."""
        text = self._text[start:end]
        voice = self._named_in(text, start, end) or self._other(text, start)
        self._remember(text, start)
        return voice

    def _remember(self, text: str, start: int) -> None:
        if self._person is None:
            return
        first = self._person.search(text[:24])
        if first:
            self._last = self._role(start + first.start(), first[0])

    def _role(self, at: int, name: str) -> str:
        """Return the post of the name that stands at ``at``: the one right before it, or else the one known."""
        return self._stated.get(at) or self._roles.of[name]

    def _named_in(self, text: str, start: int, end: int) -> Voice | None:
        if self._named is None:
            return self._by_post(text, start, end)
        found = None
        for match in self._named.finditer(text):
            verb, after = match["verb"], text[match.end() :]
            if self._person and self._person.search(text, match.end("name"), match.end()):
                continue
            if _speaks(verb, match[0], after):
                found = (match, _content(verb, after))
        if found is None:
            return self._by_post(text, start, end)
        match, at = found
        self._last = self._role(start + match.start("name"), match["name"])
        return Voice(self._last, start + match.end() + at)

    def _by_post(self, text: str, start: int, end: int) -> Voice | None:
        first = bisect_left(self._starts, start)
        for holder in self._roles.holders[first : bisect_left(self._starts, end)]:
            if holder.name:
                continue
            match = re.match(r"[^。；，]{0,24}?(?P<verb>强调|指出|要求|提出|表示|号召)", text[holder.end - start :])
            if match:
                after = text[holder.end - start + match.end() :]
                if _speaks(match["verb"], match[0], after):
                    role = self._text[holder.start : holder.end]
                    return Voice(role, holder.end + match.end() + _content(match["verb"], after))
        return None

    def _other(self, text: str, start: int) -> Voice | None:
        match = _HE.search(text)
        if match and self._last:
            return Voice(self._last, start + match.end())
        match = _MEETING.search(text)
        if match:
            return Voice("会议", start + match.end())
        match = _DEPUTIES.search(text)
        if match:
            return Voice("人大代表" if match[1] == "代表" and "人大" in self._text else match[1], start + len(text))
        return None


def _speaks(verb: str, said: str, after: str) -> bool:
    """Return whether the verb asks for something, and is not 提出申请 or 表示感谢."""
    if verb == "表示":
        return after.startswith(("，", "：", "要"))
    if verb == "说":
        return after.startswith(("：", "，"))
    if verb in ("提出", "部署"):
        return bool(re.match(rf"[^，。；]{{0,24}}(?:{_ASKED})", after))
    if verb == "要求":
        return not re.match("的|下|和|，并", after)
    if verb == "希望":
        return len(said) <= _NEAR
    return True


def _content(verb: str, after: str) -> int:
    """Return how far behind the verb what is said begins."""
    if verb in ("提出", "部署"):
        match = re.match(rf"[^。；]{{0,30}}?(?:{_ASKED})(?:和要求|和建议)?[。：；，]?", after)
        return match.end() if match else 0
    if verb == "希望":
        return -len(verb)
    return 1 if after[:1] in ("，", "：") else 0
