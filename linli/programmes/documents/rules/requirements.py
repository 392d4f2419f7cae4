"""Requirements: what somebody is told to do, at the grain of a task list.

A stretch asks where a voice says so, where a paragraph begins with 要…, or where a policy numbers its measures. In
it every numbered item's head is a requirement, and so is every sentence (or part before ；) that has 要, 务必, 必须 or
希望, or that stands in a list and begins as an order does.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from linli.programmes.documents.rules.composing import Composed, Line
from linli.programmes.documents.rules.drafts import Draft
from linli.programmes.documents.rules.ordinals import SPLIT, Levels, Mark, mark_at
from linli.programmes.documents.rules.sentences import clauses, quoted, sentences, trimmed
from linli.programmes.documents.rules.voices import Voices
from linli.programmes.documents.rules.words import one_of
from linli.programmes.documents.types import BlockKind, Kind

_YAO = r"(?<![需重主必不摘纲概简首紧只还将])要(?!求|素|点|闻|诀|领|是|道|么|害|件|么|务|职|塞|强|的问题)"
_MODAL = re.compile(rf"{_YAO}|不要|务必|务须|必须|应当|理应|不得|严禁")
_WISH = re.compile(r"希望(?=[^，。]{2})")
_DUTY = re.compile(r"负责|牵头")
_IMPERATIVE = re.compile(rf"(?:同时，|此外，|另外，)?(?:{one_of('requirements', 'imperative')})")
_STATEMENT = re.compile(rf"(?<![但于要若凡正只还都总或特别])(?:{one_of('requirements', 'statement')})(?!否)|了(?!解)")
_CONDITION = re.compile(rf"(?:{one_of('requirements', 'condition')})")
_NARRATIVE = re.compile(
    r"[^“”]*?(?<![为除罢])了(?!解|然|结|如)|^(?:会上|会议|随后|据悉|讲座|大会|活动|座谈会|会后|与会)[^：]*$|^(?:联系人|联系方式|联系电话|电话|附件|抄送|特此通知)"
)
# The longest head that has its content in the next paragraph.
_HEAD = 18
_TOTAL = re.compile(r"从以上|以上|总之|综上")
_BY = re.compile(
    r"(?:同时，|此外，)?(?:[^，；。]{1,24}，)??"
    rf"([^，；。“”]{{0,28}}?(?:{one_of('requirements', 'doers')}))(?:都|均|也|还)?(?:{_YAO}|务必|必须|应当|应)"
)
_BY_DUTY = re.compile(
    r"由([^，；。]{2,16}?)(?:负责|具体负责|牵头|汇总|约谈|落实|组织|承办|统筹)|^([^，；。由]{2,20}?)(?:负责|牵头)"
)
_BY_PLEASE = re.compile(
    rf"请([^，；。]{{0,16}}?(?:{one_of('requirements', 'doers')}))(?:于|在|将|按|把|认真|及时|做好|尽快|务必|要)"
)
_OPENS = re.compile(rf"^(?:{_YAO}|务必|必须)")
_MARKED_PARAGRAPH = ("cn、", "（cn）", "第cn", "1.", "cn是", "cn要")


@dataclass(slots=True)
class _Region:
    """A stretch that asks: by whom, how deep in its list, and the items above."""

    role: str
    levels: Levels = field(default_factory=Levels)
    above: list[Draft] = field(default_factory=list)
    announced: bool = False
    listed: bool = False
    headed: bool = False

    def restart(self) -> None:
        self.levels, self.above, self.listed = Levels(), [], False


class _Reader:
    def __init__(
        self, composed: Composed, voices: Voices, deadlines: Sequence[Draft], *, policy: bool, role: str
    ) -> None:
        self._text = composed.text
        self._voices = voices
        self._deadlines = deadlines
        self._due_at = [d.start for d in deadlines]
        self._policy = policy
        self._region: _Region | None = None
        self._role_before = ""
        self._role = role
        self._marked = False

    def read(self, lines: Sequence[Line]) -> Iterator[Draft]:
        for line in lines:
            if line.kind in (BlockKind.PARAGRAPH, BlockKind.SECTION):
                self._enter(line)
                for start, end in self._units(line.start, line.end):
                    yield from self._unit(start, end)
                self._leave(line)

    def _enter(self, line: Line) -> None:
        """Decide whether the paragraph belongs to the stretch before, or begins one without a voice."""
        text = self._text[line.start : line.end]
        mark = mark_at(text)
        goes_on = bool(mark and mark.style in _MARKED_PARAGRAPH) or bool(_OPENS.match(text)) or bool(_TOTAL.match(text))
        region = self._region
        if region is not None:
            inside = region.listed and bool(_MODAL.search(text)) and not _NARRATIVE.match(text)
            if not (goes_on or region.announced or inside or region.headed or self._policy):
                self._region = None
        elif _OPENS.match(text):
            self._region = _Region(self._role_before)
        elif self._policy and mark and mark.style in ("cn、", "（cn）", "1.", "第cn"):
            self._region = _Region(self._role)
        self._marked = mark is not None

    def _leave(self, line: Line) -> None:
        region = self._region
        if region is not None:
            self._role_before = region.role
            last = region.above[-1] if region.above else None
            # The paragraph ends with an item's head alone: what the head means follows.
            whole = last is not None and last.attributes["ordinal"] and last.end == line.end
            region.headed = bool(whole and last is not None and last.end - last.start <= _HEAD)
            region.announced = self._text[: line.end].endswith(("：", "要求", "意见")) or (
                region.announced and not region.above
            )

    def _units(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield sentences and their parts before ；, an item's mark always first."""
        for a, b in sentences(self._text, start, end):
            cuts = [a + m.start() for m in SPLIT.finditer(self._text[a:b])]
            edges = [a, *cuts, b]
            for left, right in itertools.pairwise(edges):
                yield trimmed(self._text, left, right)

    def _unit(self, start: int, end: int) -> Iterator[Draft]:
        mark = mark_at(self._text[start:end])
        voice = None if mark and mark.style != "首先" else self._voices.of(start, end)
        if voice is not None:
            self._open(voice.role)
            start = max(start, voice.says_at)
            if end - start < 2:
                return
            mark = mark_at(self._text[start:end])
        region = self._region
        if region is None:
            return
        if mark is not None:
            yield self._item(region, start, end, mark)
        else:
            yield from self._plain(region, start, end)

    def _open(self, role: str) -> None:
        region = self._region
        if region is not None and self._marked and region.listed and role == region.role:
            # 会议明确 under an item of the minutes: the item goes on.
            return
        if region is None or region.role != role or region.above:
            self._region = _Region(role)

    def _item(self, region: _Region, start: int, end: int, mark: Mark) -> Draft:
        level = region.levels.enter(mark)
        region.listed = True
        return self._draft(region, start, end, level, mark.text, "requirement.numbered", 95)

    def _plain(self, region: _Region, start: int, end: int) -> Iterator[Draft]:
        text = self._text[start:end]
        if text.endswith("：") and not _MODAL.search(text):
            return
        if _TOTAL.match(text):
            region.restart()
            yield self._draft(region, start, end, 1, "", "requirement.summary", 75)
            return
        begin = self._demand(region, start, end)
        if begin is not None:
            listed = bool(region.levels.styles)
            modal = bool(_MODAL.search(self._text[begin:end]))
            rule = "requirement.modal" if modal else "requirement.imperative"
            confidence = 90 if modal else 80 if listed else 70
            yield self._draft(region, begin, end, region.levels.below(), "", rule, confidence)

    def _demand(self, region: _Region, start: int, end: int) -> int | None:
        """Return where in a sentence what is asked begins, or nothing where it only tells."""
        text = self._text[start:end]
        plain = _unquoted(text)
        parts = clauses(self._text, start, end)
        for i, (a, b) in enumerate(parts):
            clause = _unquoted(self._text[a:b])
            if _MODAL.search(clause):
                return self._begin(parts, i)
            wish = _WISH.search(clause)
            if wish:
                return a + wish.start()
        if _NARRATIVE.match(plain) or _STATEMENT.match(plain):
            return None
        if region.levels.styles or region.above or self._policy:
            return start if _IMPERATIVE.match(text) or _DUTY.search(plain) or region.levels.styles else None
        return None

    def _begin(self, parts: list[tuple[int, int]], i: int) -> int:
        """Go back from the clause that asks over those that belong to it, to a statement of fact."""
        while i:
            a, b = parts[i - 1]
            clause = _unquoted(self._text[a:b])
            if _STATEMENT.search(clause) and not _CONDITION.match(clause):
                break
            i -= 1
        return parts[i][0]

    def _draft(
        self, region: _Region, start: int, end: int, level: int, ordinal: str, rule: str, confidence: int
    ) -> Draft:
        start, end = trimmed(self._text, start, end)
        text = self._text[start:end]
        above = [d for d in region.above if int(d.attributes["level"]) < level and d.attributes["ordinal"]]
        first = bisect_left(self._due_at, start)
        near = self._deadlines[first] if first < len(self._deadlines) else None
        due = near if near is not None and near.within(start, end) else None
        attributes = {
            "ordinal": ordinal,
            "level": level,
            "voice": region.role,
            "parent": above[-1] if above else None,
            "action": _action(text, ordinal),
            "by_unit": _by(text, ordinal),
            "due": {"raw": due.attributes["raw"], "iso": due.attributes["iso"]} if due else None,
        }
        draft = Draft(Kind.REQUIREMENT, start, end, confidence, rule, attributes)
        region.above = [d for d in region.above if int(d.attributes["level"]) < level]
        region.above.append(draft)
        return draft


def _unquoted(text: str) -> str:
    """Return a text of the same length with its quotations blanked."""
    out = list(text)
    for a, b in quoted(text):
        out[a:b] = " " * (b - a)
    return "".join(out)


def _action(text: str, ordinal: str) -> str:
    """Return what is to be done, without its mark and the closing full stop."""
    text = text.removeprefix(ordinal).lstrip("，：、 ")
    if ordinal.endswith(("要",)):
        return text.rstrip("。；！， ")
    return re.sub(r"^要", "", text).rstrip("。；！， ")


def _by(text: str, ordinal: str) -> str:
    """Return who is to do it, where the text says so."""
    body = text.removeprefix(ordinal)
    match = _BY.match(body)
    if match:
        return match[1].removeprefix("我们")
    match = _BY_PLEASE.match(body)
    if match:
        return match[1]
    match = _BY_DUTY.search(body)
    return (match[1] or match[2] or "") if match else ""


def find_requirements(
    composed: Composed, voices: Voices, deadlines: Sequence[Draft], *, policy: bool = False, role: str = ""
) -> list[Draft]:
    """Return what a text asks for, in its order; ``parent`` is another draft.

    Args:
        composed: an article's running text.
        voices: who speaks in it.
        deadlines: the deadlines found, in order.
        policy: whether its numbered measures ask without a voice.
        role: in whose name they then ask (会议, in minutes).
    """
    return list(_Reader(composed, voices, deadlines, policy=policy, role=role).read(composed.lines))
