"""Pure rules of sheets: what a cell says, which row is the header, which layout it is, what comes before what."""

from linli.foundation.sheets.rules.headers import combined, find_header, find_words, match_headers, plain
from linli.foundation.sheets.rules.layouts import header_key, tidied, transferred, unknown_values
from linli.foundation.sheets.rules.ordering import levels, stretches
from linli.foundation.sheets.rules.values import (
    BadValueError,
    decimal_text,
    is_example,
    read_date,
    read_decimal,
    read_integer,
    read_list,
    read_yes_no,
    tidy,
)

__all__ = [
    "BadValueError",
    "combined",
    "decimal_text",
    "find_header",
    "find_words",
    "header_key",
    "is_example",
    "levels",
    "match_headers",
    "plain",
    "read_date",
    "read_decimal",
    "read_integer",
    "read_list",
    "read_yes_no",
    "stretches",
    "tidied",
    "tidy",
    "transferred",
    "unknown_values",
]
