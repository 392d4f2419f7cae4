"""Pure rules of the room `forms`: expressions, question sets as JSON, answers looked at."""

from linli.foundation.forms.rules.answers import check, relevant, validate
from linli.foundation.forms.rules.expressions import ExpressionError, evaluate, names, parse, syntax
from linli.foundation.forms.rules.sets import BadSetError, from_json, to_json

__all__ = [
    "BadSetError",
    "ExpressionError",
    "check",
    "evaluate",
    "from_json",
    "names",
    "parse",
    "relevant",
    "syntax",
    "to_json",
    "validate",
]
