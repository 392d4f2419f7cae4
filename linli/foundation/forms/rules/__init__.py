"""Pure rules of the room `forms`: expressions, forms as JSON, answers looked at, marks, versions compared."""

from linli.foundation.forms.rules.answers import check, in_words, relevant, validate
from linli.foundation.forms.rules.comparing import compare_forms
from linli.foundation.forms.rules.expressions import ExpressionError, Moment, evaluate, names, parse, syntax
from linli.foundation.forms.rules.filling import answered
from linli.foundation.forms.rules.forms import BadFormError, as_form, read_form, write_form
from linli.foundation.forms.rules.instances import BadInstanceError, Instance, photos_apart, read_instance
from linli.foundation.forms.rules.media import media_names
from linli.foundation.forms.rules.problems import problems
from linli.foundation.forms.rules.saying import said
from linli.foundation.forms.rules.sets import BadSetError, from_json, to_json
from linli.foundation.forms.rules.worked import Worked, check_form, start_form, work_out

__all__ = [
    "BadFormError",
    "BadInstanceError",
    "BadSetError",
    "ExpressionError",
    "Instance",
    "Moment",
    "Worked",
    "answered",
    "as_form",
    "check",
    "check_form",
    "compare_forms",
    "evaluate",
    "from_json",
    "in_words",
    "media_names",
    "names",
    "parse",
    "photos_apart",
    "problems",
    "read_form",
    "read_instance",
    "relevant",
    "said",
    "start_form",
    "syntax",
    "to_json",
    "validate",
    "work_out",
    "write_form",
]
