"""``regex``: patterns made into small programs that read a text once, so that none can hang.

A pattern is compiled when the expression is read (a Thompson automaton); the program is JSON and travels in
the tree, and Python and the browser run it in the same way, in time bounded by program × text. So there are
no look-arounds, no back-references and no \\b: what is regular stays. As in ODK the whole text must match.

Instructions: ``["set", negated, [[low, high], …]]``, ``["any"]``, ``["split", a, b]``, ``["jump", a]``,
``["start"]``, ``["end"]``, ``["match"]``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from linli.foundation.forms.rules.expressions.scanner import ExpressionError

Program = list[list[Any]]
MAX_PROGRAM = 1000
MAX_TEXT = 2000
_MAX_NESTING = 20
_DIGIT = [[48, 57]]
_WORD = [[48, 57], [65, 90], [95, 95], [97, 122]]
_SPACE = [[9, 13], [32, 32]]
_HAN = [[0x3007, 0x3007], [0x3400, 0x4DBF], [0x4E00, 0x9FFF], [0xF900, 0xFAFF], [0x20000, 0x323AF]]
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CONTROLS = {"n": 10, "r": 13, "t": 9, "f": 12, "v": 11}


class _Reader:
    """Reads a pattern into fragments: lists of instructions whose jumps are relative."""

    def __init__(self, pattern: str, at: int) -> None:
        self.pattern, self.place, self.at, self.nesting = pattern, at, 0, 0

    def fault(self, detail: str) -> ExpressionError:
        return ExpressionError("pattern", self.place, detail)

    def peek(self) -> str:
        return self.pattern[self.at] if self.at < len(self.pattern) else ""

    def take(self) -> str:
        char = self.peek()
        self.at += 1
        return char

    def choice(self) -> Program:
        parts = [self.sequence()]
        while self.peek() == "|":
            self.take()
            parts.append(self.sequence())
        found = parts.pop()
        while parts:
            left = parts.pop()
            found = [["split", 1, len(left) + 2], *left, ["jump", len(found) + 1], *found]
            self.bounded(found)
        return found

    def sequence(self) -> Program:
        found: Program = []
        while self.peek() and self.peek() not in "|)":
            found += self.repeated(self.atom())
            self.bounded(found)
        return found

    def bounded(self, found: Program) -> None:
        if len(found) > MAX_PROGRAM:
            raise self.fault("{}")

    def atom(self) -> Program:
        char = self.take()
        if char == "(":
            return self.group()
        if char == "[":
            return [self.set()]
        if char == ".":
            return [["any"]]
        if char == "^":
            return [["start"]]
        if char == "$":
            return [["end"]]
        if char == "\\":
            negated, ranges = self.escaped()
            return [["set", negated, ranges]]
        if char in "*+?{":
            raise self.fault(char)
        return [["set", False, [[ord(char), ord(char)]]]]

    def group(self) -> Program:
        if self.peek() == "?":
            if self.pattern[self.at : self.at + 2] != "?:":
                raise self.fault(self.pattern[self.at - 1 : self.at + 3])
            self.at += 2
        self.nesting += 1
        if self.nesting > _MAX_NESTING:
            raise self.fault("(")
        found = self.choice()
        if self.take() != ")":
            raise self.fault("(")
        self.nesting -= 1
        return found

    def escaped(self) -> tuple[bool, list[list[int]]]:
        char = self.take()
        if char.lower() in _CLASSES and char:
            return char.isupper(), _CLASSES[char.lower()]
        if char == "p" and self.pattern[self.at : self.at + 5] in {"{Han}", "{IsHa"}:
            self.at = self.pattern.index("}", self.at) + 1
            return False, _HAN
        if char in _CONTROLS:
            return False, [[_CONTROLS[char]] * 2]
        if not char or (char.isalnum() and char.isascii()):
            raise self.fault("\\" + char)
        return False, [[ord(char)] * 2]

    def set(self) -> list[Any]:
        negated = self.peek() == "^"
        self.at += negated
        ranges: list[list[int]] = []
        first = True
        while first or self.peek() != "]":
            first = False
            ranges += self.member()
        self.take()
        return ["set", negated, ranges]

    def member(self) -> list[list[int]]:
        low = self.one()
        if isinstance(low, list):
            return low
        if self.peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in {"]", ""}:
            self.take()
            high = self.one()
            if isinstance(high, list) or high < low:
                raise self.fault("[-]")
            return [[low, high]]
        return [[low, low]]

    def one(self) -> int | list[list[int]]:
        char = self.take()
        if not char:
            raise self.fault("[")
        if char != "\\":
            return ord(char)
        negated, ranges = self.escaped()
        if negated:
            raise self.fault("[\\" + self.pattern[self.at - 1] + "]")
        return ranges[0][0] if len(ranges) == 1 and ranges[0][0] == ranges[0][1] else ranges

    def repeated(self, part: Program) -> Program:
        while self.peek() and self.peek() in "*+?{":
            least, most = self.times()
            if self.peek() == "?":
                self.take()  # lazy or greedy: whether it matches is the same
            part = _times(part, least, most, self.bounded)
        return part

    def times(self) -> tuple[int, int | None]:
        sign = self.take()
        if sign != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        end = self.pattern.find("}", self.at)
        least, comma, most = self.pattern[self.at : max(end, self.at)].partition(",")
        if end < 0 or not (least.isdecimal() and least.isascii()) or (most and not most.isdecimal()):
            raise self.fault("{")
        self.at = end + 1
        low, high = int(least), int(most) if most else (None if comma else int(least))
        if low > MAX_PROGRAM or (high is not None and not low <= high <= MAX_PROGRAM):
            raise self.fault("{}")
        return low, high


def _times(part: Program, least: int, most: int | None, bounded: Callable[[Program], None]) -> Program:
    """Return ``part`` so many times; without end where ``most`` is None."""
    found: Program = []
    for _again in range(least):
        found += part
        bounded(found)
    if most is None:
        return [*found, ["split", 1, len(part) + 2], *part, ["jump", -len(part) - 1]]
    left = most - least
    for again in range(left):
        found += [["split", 1, (len(part) + 1) * (left - again)], *part]
        bounded(found)
    return found


def compile_pattern(pattern: str, at: int = 0) -> Program:
    """Return the program of a pattern.

    Raises:
        ExpressionError: it is malformed, too big, or asks for what is not regular.
    """
    reader = _Reader(pattern, at)
    found = reader.choice()
    if reader.peek():
        raise reader.fault(")")
    reader.bounded(found)
    whole: Program = []
    for place, step in enumerate(found):
        shifted = [place + n for n in step[1:]] if step[0] in {"split", "jump"} else step[1:]
        whole.append([step[0], *shifted])
    return [*whole, ["match"]]


def matches(program: Program, text: str, spend: Callable[[int], None] = lambda _n: None) -> bool:
    """Return whether the whole ``text`` matches; a text of more than :data:`MAX_TEXT` characters never does.

    Args:
        program: made by :func:`compile_pattern`.
        text: the text.
        spend: is told of each character how many places of the program were looked at.
    """
    if len(text) > MAX_TEXT:
        return False
    here = _closure(program, [0], 0, len(text))
    for place, char in enumerate(text):
        spend(len(here) + 1)
        code = ord(char)
        after = [at + 1 for at in here if _takes(program[at], code)]
        if not after:
            return False
        here = _closure(program, after, place + 1, len(text))
    return any(program[at][0] == "match" for at in here)


def _takes(step: list[Any], code: int) -> bool:
    if step[0] == "any":
        return code not in (10, 13)
    return bool(step[0] == "set" and any(low <= code <= high for low, high in step[2]) != step[1])


def _closure(program: Program, places: list[int], at: int, end: int) -> list[int]:
    """Return the places reached without reading a character."""
    found: list[int] = []
    waiting, seen = list(places), set(places)
    while waiting:
        place = waiting.pop()
        step = program[place]
        kind = step[0]
        on: list[int] = []
        if kind in {"split", "jump"}:
            on = step[1:]
        elif (kind == "start" and at == 0) or (kind == "end" and at == end):
            on = [place + 1]
        elif kind not in {"start", "end"}:
            found.append(place)
        for target in on:
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return found
