"""A small expression language in the manner of XLSForm, parsed and walked, never evaluated by Python.

``${floor} > 2 and selected(${kinds}, 'bike')``; ``.`` is the answer itself (in constraints).
Operators: or, and, = != < <= > >=, + - * div mod, unary minus; functions: not(), selected(),
count-selected(), string-length(), regex() is left out on purpose (it can hang). An unanswered
question is the empty text, which as a number is unknown: every comparison with it fails
(but ``= ''`` and ``!= ''``).

:func:`syntax` gives the parsed tree as JSON, so that the browser walks the very same tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

Node = list[Any]
MAX_LENGTH = 1000
MAX_TOKENS = 200
MAX_DEPTH = 40
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\"|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\}"
    r"|(?P<operator><=|>=|!=|[=<>()+\-*,.])|(?P<word>[a-z][a-z-]*))"
)
_FUNCTIONS = {"not": 1, "selected": 2, "count-selected": 1, "string-length": 1}
_LEVELS: list[tuple[str, ...]] = [("or",), ("and",), ("=", "!=", "<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod")]


class ExpressionError(ValueError):
    """An expression that cannot be read: what, and at which character."""

    def __init__(self, what: str, at: int) -> None:
        """Say what is wrong and where."""
        super().__init__(f"{what} at {at}")
        self.what, self.at = what, at


def _scan(text: str) -> list[tuple[str, str, int]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionError("unexpected character", at)
        kind = str(match.lastgroup)
        found.append(("text" if kind in {"single", "double"} else kind, match.group(kind), match.start(kind)))
        at = match.end()
    return found


class _Parser:
    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise ExpressionError("too long", MAX_LENGTH)
        self.tokens = _scan(text)
        if len(self.tokens) > MAX_TOKENS:
            raise ExpressionError("too long", MAX_LENGTH)
        self.end = len(text)
        self.at = 0
        self.depth = 0

    def peek(self) -> tuple[str, str, int]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "", self.end)

    def next(self) -> tuple[str, str, int]:
        token = self.peek()
        self.at += 1
        return token

    def expect(self, value: str) -> None:
        kind, text, at = self.next()
        if kind != "operator" or text != value:
            raise ExpressionError(f"expected {value}", at)

    def level(self, number: int) -> Node:
        if number == len(_LEVELS):
            return self.single()
        left = self.level(number + 1)
        while self.peek()[0] in {"operator", "word"} and self.peek()[1] in _LEVELS[number]:
            operator = self.next()[1]
            left = [operator, left, self.level(number + 1)]
        return left

    def single(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError("nested too deeply", self.peek()[2])
        node = self._single()
        self.depth -= 1
        return node

    def _single(self) -> Node:
        kind, text, at = self.next()
        if kind in {"number", "text", "name"}:
            return [kind, text]
        if kind == "word":
            return self.call(text, at)
        if (kind, text) == ("operator", "."):
            return ["self"]
        if (kind, text) == ("operator", "-"):
            return ["minus", self.single()]
        if (kind, text) == ("operator", "("):
            inside = self.level(0)
            self.expect(")")
            return inside
        raise ExpressionError("expected a value", at)

    def call(self, name: str, at: int) -> Node:
        if name not in _FUNCTIONS:
            raise ExpressionError(f"unknown function {name}", at)
        self.expect("(")
        arguments = [self.level(0)]
        for _more in range(_FUNCTIONS[name] - 1):
            self.expect(",")
            arguments.append(self.level(0))
        self.expect(")")
        return [name, *arguments]


def parse(text: str) -> Node:
    """Return the tree of an expression: nested lists whose head is an operator, a function or a kind of value.

    Raises:
        ExpressionError: it cannot be read.
    """
    parser = _Parser(text)
    tree = parser.level(0)
    kind, _text, at = parser.peek()
    if kind != "end":
        raise ExpressionError("unexpected rest", at)
    return tree


def syntax(text: str) -> Node | None:
    """Return the tree for the browser; None for no expression."""
    return parse(text) if text.strip() else None


def names(tree: Node) -> set[str]:
    """Return the questions that a tree asks about."""
    if tree[0] == "name":
        return {tree[1]}
    return {n for part in tree[1:] if isinstance(part, list) for n in names(part)}


def number(value: Any) -> Decimal | None:
    """Return ``value`` as a number, None if it is none."""
    if isinstance(value, bool):
        return Decimal(int(value))
    try:
        found = Decimal(str(value).strip()) if value not in (None, "") else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() and abs(found.adjusted()) < 30 else None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def truth(value: Any) -> bool:
    """Return whether a value counts as true: not empty, not zero, not no."""
    return value not in (None, "", False, 0, [], "no", Decimal(0))


def _compare(operator: str, left: Any, right: Any) -> bool:
    a, b = number(left), number(right)
    if a is None or b is None:
        x, y = _text(left), _text(right)
        if operator in {"=", "!="}:
            return (x == y) == (operator == "=")
        if not x or not y:
            return False
        return _ORDER[operator](x, y)
    return _ORDER[operator](a, b)


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _count(operator: str, left: Any, right: Any) -> Decimal | None:
    a, b = number(left), number(right)
    if a is None or b is None or (operator in {"div", "mod"} and b == 0):
        return None
    return _ARITHMETIC[operator](a, b)


_ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "mod": lambda a, b: a - b * (a // b) if abs((a / b).adjusted()) < 25 else Decimal(0),
}


def _negative(value: Any) -> Decimal | None:
    found = number(value)
    return None if found is None else -found


_CALLS: dict[str, Callable[..., Any]] = {
    "minus": _negative,
    "not": lambda v: not truth(v),
    "selected": lambda v, code: _text(code) in (v if isinstance(v, list) else [_text(v)]),
    "count-selected": lambda v: Decimal(len(v) if isinstance(v, list) else bool(_text(v))),
    "string-length": lambda v: Decimal(len(_text(v))),
}


def evaluate(tree: Node, answers: Mapping[str, Any], own: Any = None) -> Any:
    """Return the value of a tree where questions have ``answers`` and ``.`` is ``own``."""
    head = tree[0]
    if head in {"number", "text"}:
        return Decimal(tree[1]) if head == "number" else tree[1]
    if head == "name":
        return answers.get(tree[1])
    if head == "self":
        return own
    if head in {"and", "or"}:
        left = truth(evaluate(tree[1], answers, own))
        return left if left == (head == "or") else truth(evaluate(tree[2], answers, own))
    values = [evaluate(part, answers, own) for part in tree[1:]]
    if head in _ORDER:
        return _compare(head, *values)
    return _count(head, *values) if head in _ARITHMETIC else _CALLS[head](*values)
