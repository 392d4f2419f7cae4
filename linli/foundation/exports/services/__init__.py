"""The public writes of the room `exports`: a list as a file at once or by the worker, and table files in general."""

from linli.foundation.exports.services.running import expire, fail_silent, run
from linli.foundation.exports.services.tables import Sheet, write, write_sheets
from linli.foundation.exports.services.taking import JOB, again, ask, cancel, fetch, note, send
from linli.foundation.exports.types import Asking, Column, Form, Line, Listing, Made, register

__all__ = [
    "JOB",
    "Asking",
    "Column",
    "Form",
    "Line",
    "Listing",
    "Made",
    "Sheet",
    "again",
    "ask",
    "cancel",
    "expire",
    "fail_silent",
    "fetch",
    "note",
    "register",
    "run",
    "send",
    "write",
    "write_sheets",
]
