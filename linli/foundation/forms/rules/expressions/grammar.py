"""From tokens to a tree: nested lists that are JSON, so that the browser walks the very same tree.

Heads: ``number text name path self parent column`` for values, operators by their sign (``and or +`` take
any number of parts), ``minus``, ``call`` (function, parts…), ``regex`` (part, program), ``choice-name``
(part, question).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from linli.foundation.forms.rules.expressions.functions import ARGUMENTS, CLOCK
from linli.foundation.forms.rules.expressions.patterns import compile_pattern
from linli.foundation.forms.rules.expressions.scanner import ExpressionError, Token, scan

Node = list[Any]
MAX_DEPTH = 40
_MAX_TREE = 100
_LEVELS: list[tuple[str, ...]] = [("or",), ("and",), ("=", "!=", "<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod")]
_MANY = {"or", "and", "+"}
_REFERENCE = "${"


class _Parser:
    def __init__(self, text: str, *, columns: bool) -> None:
        self.tokens = scan(text)
        self.end = Token("end", "", len(text))
        self.columns = columns
        self.at = 0
        self.depth = 0

    def peek(self) -> Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else self.end

    def next(self) -> Token:
        token = self.peek()
        self.at += 1
        return token

    def meets(self, sign: str) -> bool:
        token = self.peek()
        return token.kind == "operator" and token.text == sign

    def expect(self, sign: str) -> None:
        token = self.next()
        if token.kind != "operator" or token.text != sign:
            raise ExpressionError("expected", token.at, sign)

    def level(self, number: int) -> Node:
        if number == len(_LEVELS):
            return self.single()
        left, mine = self.level(number + 1), False
        while self.peek().kind in {"operator", "word"} and self.peek().text in _LEVELS[number]:
            operator = self.next()
            right = self.level(number + 1)
            if mine and operator.text in _MANY and left[0] == operator.text:
                left.append(right)
            else:
                left, mine = [operator.text, left, right], True
        return left

    def single(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError("deep", self.peek().at)
        node = self._single()
        self.depth -= 1
        return node

    def _single(self) -> Node:
        token = self.next()
        if token.kind in {"number", "text", "name"}:
            return [token.kind, token.text]
        if token.kind == "path":
            return ["path", *token.text.split("/")[1:]]
        if token.kind == "parent":
            return ["parent"]
        if token.kind == "word":
            return self._word(token)
        if token.kind == "operator":
            return self._sign(token)
        raise ExpressionError("value", token.at)

    def _sign(self, token: Token) -> Node:
        if token.text == ".":
            return ["self"]
        if token.text == "-":
            return ["minus", self.single()]
        if token.text == "(":
            inside = self.level(0)
            self.expect(")")
            return inside
        raise ExpressionError("value", token.at)

    def _word(self, token: Token) -> Node:
        if self.meets("("):
            return self._call(token)
        if self.columns:
            return ["column", token.text]
        raise ExpressionError("column", token.at, token.text)

    def _call(self, token: Token) -> Node:
        if token.text not in ARGUMENTS:
            raise ExpressionError("function", token.at, token.text)
        self.expect("(")
        parts: list[Node] = []
        while not self.meets(")"):
            if parts:
                self.expect(",")
            parts.append(self.level(0))
        self.expect(")")
        least, most = ARGUMENTS[token.text]
        if not least <= len(parts) <= most:
            raise ExpressionError("arguments", token.at, token.text)
        return _shaped(token, parts)


def _shaped(token: Token, parts: list[Node]) -> Node:
    """Return a call; patterns are made into programs, names in quotes are taken out of them."""
    if token.text == "regex":
        if parts[1][0] != "text":
            raise ExpressionError("pattern", token.at)
        return ["regex", parts[0], compile_pattern(parts[1][1], token.at)]
    if token.text == "jr:choice-name":
        quoted = parts[1][1].strip() if parts[1][0] in {"text", "name"} else ""
        return ["choice-name", parts[0], quoted.removeprefix(_REFERENCE).removesuffix("}").strip()]
    if token.text == "position" and parts and parts[0] != ["parent"]:
        raise ExpressionError("arguments", token.at, token.text)
    if token.text == "indexed-repeat" and len(parts) % 2 == 0:
        raise ExpressionError("arguments", token.at, token.text)
    return ["call", token.text, *parts]


@lru_cache(maxsize=4096)
def _parsed(text: str, columns: bool) -> Node:
    parser = _Parser(text, columns=columns)
    tree = parser.level(0)
    rest = parser.peek()
    if rest.kind != "end":
        raise ExpressionError("rest", rest.at, rest.text)
    _bounded(tree)
    return tree


def _bounded(tree: Node) -> None:
    """Refuse a tree that is too deep to be walked."""
    layer, depth = [tree], 0
    while layer:
        depth += 1
        if depth > _MAX_TREE:
            raise ExpressionError("deep")
        layer = [part for node in layer for part in node[1:] if isinstance(part, list) and node[0] != "regex"] + [
            node[1] for node in layer if node[0] == "regex"
        ]


def parse(text: str, *, columns: bool = False) -> Node:
    """Return the tree of an expression; do not change it, it is shared.

    Args:
        text: the expression.
        columns: whether bare names may stand in it, as they do in a ``choice_filter``.

    Raises:
        ExpressionError: it cannot be read.
    """
    return _parsed(text, columns)


def syntax(text: str, *, columns: bool = False) -> Node | None:
    """Return the tree for the browser; None for no expression."""
    return parse(text, columns=columns) if text.strip() else None


def nodes(tree: Node) -> list[Node]:
    """Return every node of a tree, the tree itself first."""
    found = [tree]
    if tree[0] in {"regex", "choice-name"}:
        return found + nodes(tree[1])
    for part in tree[1:]:
        if isinstance(part, list):
            found += nodes(part)
    return found


def names(tree: Node) -> set[str]:
    """Return the questions, groups and repeats that a tree asks about."""
    found: set[str] = set()
    for node in nodes(tree):
        if node[0] in {"name", "path"}:
            found.add(node[-1])
        elif node[0] == "choice-name":
            found.add(node[2])
    return found


def asks_the_clock(tree: Node) -> bool:
    """Return whether a tree wants to know what time it is."""
    return any(node[0] == "call" and node[1] in CLOCK for node in nodes(tree))
