"""The public writes of sheets: bringing a sheet, checking, applying, undoing, putting in force; sheets out."""

from linli.foundation.sheets.services.batches import (
    MAX_IMPORT_ROWS,
    advance,
    apply,
    check,
    confirm,
    drop,
    export,
    meanings,
    refused_sheet,
    run,
    stop,
    template,
    undo,
    upload,
)
from linli.foundation.sheets.services.hanging import pointing_at
from linli.foundation.sheets.services.layouts import change_layout, forget_layout, remember
from linli.foundation.sheets.services.reading import MAX_BYTES, MAX_ROWS, Sheet, check_book, check_size, open_sheet
from linli.foundation.sheets.services.showing import Unknown, can_mean, guess, offered, shown, unknown
from linli.foundation.sheets.services.writing import MIME, about_column, write_refused, write_table
from linli.foundation.sheets.types import SheetRow

__all__ = [
    "MAX_BYTES",
    "MAX_IMPORT_ROWS",
    "MAX_ROWS",
    "MIME",
    "Sheet",
    "SheetRow",
    "Unknown",
    "about_column",
    "advance",
    "apply",
    "can_mean",
    "change_layout",
    "check",
    "check_book",
    "check_size",
    "confirm",
    "drop",
    "export",
    "forget_layout",
    "guess",
    "meanings",
    "offered",
    "open_sheet",
    "pointing_at",
    "refused_sheet",
    "remember",
    "run",
    "shown",
    "stop",
    "template",
    "undo",
    "unknown",
    "upload",
    "write_refused",
    "write_table",
]
