"""Walking a tree: the value of an expression where it stands."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from linli.foundation.forms.rules.expressions.functions import FUNCTIONS
from linli.foundation.forms.rules.expressions.grammar import Node
from linli.foundation.forms.rules.expressions.patterns import matches
from linli.foundation.forms.rules.expressions.scanner import ExpressionError
from linli.foundation.forms.rules.expressions.values import Moment, compare, number, reckon, text, tidy, truth

MAX_STEPS = 500_000
_COMPARING = {"=", "!=", "<", "<=", ">", ">="}
_RECKONING = {"+", "-", "*", "div", "mod"}


class Budget:
    """How much work may still be done: so that no form, however made, holds a server."""

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Take ``steps``.

        Raises:
            ExpressionError: nothing is left.
        """
        self.left -= steps
        if self.left < 0:
            raise ExpressionError("work")


class Scope(Protocol):
    """What an expression sees from where it stands."""

    @property
    def own(self) -> Any:
        """What ``.`` is."""

    @property
    def moment(self) -> Moment | None:
        """What time it is."""

    @property
    def budget(self) -> Budget:
        """How much work may still be done."""

    def value(self, name: str) -> Any:
        """Return the answer of a question: of this instance, where it stands in a repeat with the asker."""

    def values(self, name: str, *, everywhere: bool) -> list[Any]:
        """Return all answers of a question that ``${name}`` (or, ``everywhere``, an absolute path) reaches."""

    def indexed(self, name: str, places: Mapping[str, int]) -> Any:
        """Return the answer of a question in the instances with these numbers (from 1) of these repeats."""

    def position(self) -> int:
        """Return the number of the instance of the innermost repeat, from 1; 0 outside of repeats."""

    def choice_label(self, name: str, code: str) -> str:
        """Return the label of a choice of a question."""

    def column(self, name: str) -> Any:
        """Return a column of the choice that is being looked at."""


class FlatScope:
    """Answers without groups and repeats."""

    def __init__(self, answers: Mapping[str, Any], own: Any = None, moment: Moment | None = None) -> None:
        self.answers, self.own, self.moment, self.budget = answers, own, moment, Budget()

    def value(self, name: str) -> Any:
        """Return an answer."""
        return self.answers.get(name)

    def values(self, name: str, *, everywhere: bool) -> list[Any]:
        """Return an answer as a list of one."""
        return [self.answers.get(name)]

    def indexed(self, name: str, places: Mapping[str, int]) -> Any:
        """Return nothing: there are no repeats."""
        return None

    def position(self) -> int:
        """Return 0: there are no repeats."""
        return 0

    def choice_label(self, name: str, code: str) -> str:
        """Return the code."""
        return code

    def column(self, name: str) -> Any:
        """Return an answer: the columns of a choice are the answers."""
        return self.answers.get(name)


def evaluate(tree: Node, answers: Mapping[str, Any] | Scope, own: Any = None, moment: Moment | None = None) -> Any:
    """Return the value of a tree.

    Args:
        tree: made by :func:`parse`.
        answers: code → answer, or where the expression stands in a nested form.
        own: what ``.`` is, if answers are given.
        moment: what time it is, if answers are given.

    Raises:
        ExpressionError: it is too much work.
    """
    return _value(tree, FlatScope(answers, own, moment) if isinstance(answers, Mapping) else answers)


def _value(tree: Node, scope: Scope) -> Any:
    scope.budget.spend()
    head = tree[0]
    if head in _HEADS:
        return _HEADS[head](tree, scope)
    if head in _COMPARING:
        return compare(head, _value(tree[1], scope), _value(tree[2], scope), scope.moment)
    if head in _RECKONING:
        values = (number(_value(part, scope), scope.moment) for part in tree[1:])
        return functools.reduce(functools.partial(reckon, head), values)
    return _called(tree, scope)


def _called(tree: Node, scope: Scope) -> Any:
    name = tree[1]
    if name in _CALLS:
        return _CALLS[name](tree[2:], scope)
    return FUNCTIONS[name][2](scope.moment, *[_value(part, scope) for part in tree[2:]])


def _any(tree: Node, scope: Scope) -> bool:
    return any(truth(_value(part, scope)) for part in tree[1:])


def _all(tree: Node, scope: Scope) -> bool:
    return all(truth(_value(part, scope)) for part in tree[1:])


def _minus(tree: Node, scope: Scope) -> float | None:
    found = number(_value(tree[1], scope), scope.moment)
    return None if found is None else tidy(-found)


_HEADS: dict[str, Callable[[Node, Scope], Any]] = {
    "number": lambda tree, _scope: number(tree[1]),
    "text": lambda tree, _scope: tree[1],
    "name": lambda tree, scope: scope.value(tree[1]),
    "path": lambda tree, scope: scope.value(tree[-1]),
    "self": lambda _tree, scope: scope.own,
    "parent": lambda _tree, _scope: None,
    "column": lambda tree, scope: scope.column(tree[1]),
    "or": _any,
    "and": _all,
    "minus": _minus,
    "regex": lambda tree, scope: matches(tree[2], text(_value(tree[1], scope)), scope.budget.spend),
    "choice-name": lambda tree, scope: scope.choice_label(tree[2], text(_value(tree[1], scope))),
}


def _several(part: Node, scope: Scope) -> list[Any]:
    """Return what a part reaches: all answers of a reference, else its one value."""
    if part[0] not in {"name", "path"}:
        return [_value(part, scope)]
    found = scope.values(part[-1], everywhere=part[0] == "path")
    scope.budget.spend(len(found) + 1)
    return found


def _numbers(parts: list[Node], scope: Scope) -> list[float | None]:
    several = [v for part in parts for v in _several(part, scope)]
    return [number(v, scope.moment) for v in several if v not in (None, "", [])]


def _sum(parts: list[Node], scope: Scope) -> float | None:
    found: float | None = 0.0
    for each in _numbers(parts, scope):
        found = reckon("+", found, each)
    return found


def _extreme(pick: Callable[[list[float]], float]) -> Callable[[list[Node], Scope], float | None]:
    def extreme(parts: list[Node], scope: Scope) -> float | None:
        found = _numbers(parts, scope)
        sure = [n for n in found if n is not None]
        return pick(sure) if sure and len(sure) == len(found) else None

    return extreme


def _count(parts: list[Node], scope: Scope) -> float:
    return float(len(_several(parts[0], scope)))


def _count_non_empty(parts: list[Node], scope: Scope) -> float:
    return float(sum(text(v) != "" for v in _several(parts[0], scope)))


def _if(parts: list[Node], scope: Scope) -> Any:
    return _value(parts[1] if truth(_value(parts[0], scope)) else parts[2], scope)


def _coalesce(parts: list[Node], scope: Scope) -> Any:
    for part in parts:
        found = _value(part, scope)
        if text(found) != "":
            return found
    return ""


def _once(parts: list[Node], scope: Scope) -> Any:
    return scope.own if text(scope.own) != "" else _value(parts[0], scope)


def _joined(parts: list[Node], scope: Scope, between: str = "") -> str:
    found = [text(v) for part in parts for v in _several(part, scope)]
    scope.budget.spend(sum(map(len, found)) // 16 + 1)
    return between.join(found)


def _indexed(parts: list[Node], scope: Scope) -> Any:
    places: dict[str, int] = {}
    for repeat, place in zip(parts[1::2], parts[2::2], strict=True):
        found = number(_value(place, scope))
        places[str(repeat[-1])] = int(found) if found is not None else 0
    return scope.indexed(str(parts[0][-1]), places)


_CALLS: dict[str, Callable[[list[Node], Scope], Any]] = {
    "if": _if,
    "coalesce": _coalesce,
    "once": _once,
    "concat": _joined,
    "join": lambda parts, scope: _joined(parts[1:], scope, text(_value(parts[0], scope))),
    "count": _count,
    "count-non-empty": _count_non_empty,
    "sum": _sum,
    "min": _extreme(min),
    "max": _extreme(max),
    "position": lambda _parts, scope: float(scope.position()),
    "indexed-repeat": _indexed,
}
