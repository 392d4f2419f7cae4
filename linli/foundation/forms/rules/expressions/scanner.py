"""The words of an expression: numbers, quoted texts, references, paths, operators, names."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_LENGTH = 5000
MAX_TOKENS = 800
NAME = r"[^\W\d][\w.·-]*"
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)|'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\""
    rf"|\$\{{\s*(?P<name>{NAME})\s*\}}|(?P<path>(?:/{NAME}){{2,}})|\.\./(?:\.\./)*(?P<sibling>{NAME})|(?P<parent>\.\.)"
    rf"|(?P<operator><=|>=|!=|[=<>()+\-*,.])|(?P<word>{NAME}(?::{NAME})?))"
)


class ExpressionError(ValueError):
    """An expression that cannot be read or is too much work.

    Attributes:
        what: a code: character, long, deep, expected, value, function, arguments, rest, pattern, column, work.
        at: at which character.
        detail: what it is about: a function's name, what was expected.
    """

    def __init__(self, what: str, at: int = 0, detail: str = "") -> None:
        """Say what is wrong and where."""
        super().__init__(f"{what} {detail} at {at}".replace("  ", " "))
        self.what, self.at, self.detail = what, at, detail


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its kind (number, text, name, path, parent, operator, word, end), its text, where it stands."""

    kind: str
    text: str
    at: int


_KINDS = {"single": "text", "double": "text", "sibling": "name"}


def scan(text: str) -> list[Token]:
    """Return the tokens of ``text``.

    Raises:
        ExpressionError: a character that cannot stand there, or too many.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError("long", MAX_LENGTH)
    found: list[Token] = []
    at, text = 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionError("character", at, text[at : at + 12].strip())
        kind = str(match.lastgroup)
        found.append(Token(_KINDS.get(kind, kind), match.group(kind), match.start(kind)))
        if len(found) > MAX_TOKENS:
            raise ExpressionError("long", at)
        at = match.end()
    return found
