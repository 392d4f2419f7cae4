"""The expressions of XLSForm: parsed, bounded, walked; never evaluated by Python.

``${floor} > 2 and selected(${kinds}, 'bike')``; ``.`` is the answer itself. What is supported, and where it
differs from XPath, stands in ``docs/reference/forms.md``. An unanswered question is the empty text, which as
a number is unknown: every comparison with it fails (but ``= ''`` and ``!= ''``).
"""

from linli.foundation.forms.rules.expressions.functions import ARGUMENTS
from linli.foundation.forms.rules.expressions.grammar import Node, asks_the_clock, names, nodes, parse, syntax
from linli.foundation.forms.rules.expressions.scanner import NAME, ExpressionError
from linli.foundation.forms.rules.expressions.values import Moment, number, text, truth
from linli.foundation.forms.rules.expressions.walking import Budget, FlatScope, Scope, evaluate

__all__ = [
    "ARGUMENTS",
    "NAME",
    "Budget",
    "ExpressionError",
    "FlatScope",
    "Moment",
    "Node",
    "Scope",
    "asks_the_clock",
    "evaluate",
    "names",
    "nodes",
    "number",
    "parse",
    "syntax",
    "text",
    "truth",
]
