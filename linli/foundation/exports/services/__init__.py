"""The public writes of the room `exports`: lists and papers as files, at once or by the worker; table files."""

from linli.foundation.exports.services.running import expire, fail_silent, run
from linli.foundation.exports.services.tables import Sheet, write, write_sheets
from linli.foundation.exports.services.taking import JOB, again, ask, cancel, fetch, send
from linli.foundation.exports.types import Asking, Column, Form, Line, Listing, Made, Paper, Tick, Written, register

__all__ = [
    "JOB",
    "Asking",
    "Column",
    "Form",
    "Line",
    "Listing",
    "Made",
    "Paper",
    "Sheet",
    "Tick",
    "Written",
    "again",
    "ask",
    "cancel",
    "expire",
    "fail_silent",
    "fetch",
    "register",
    "run",
    "send",
    "write",
    "write_sheets",
]
