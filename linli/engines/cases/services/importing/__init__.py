"""Taking in reports from sheets: messages to the government and 12345 work orders, by the same door as all others.

Restartable: each row's case has a uuid made from the row's own key, so a row that is in already
is skipped. Rows that cannot be taken are written to a sheet that can be mended and sent again.
"""

from linli.engines.cases.services.importing.city import RATING_WORDS, SOLVED_WORDS, UNRATED, take_rating
from linli.engines.cases.services.importing.handing_back import orders_sheet
from linli.engines.cases.services.importing.layouts import FIELDS, Layout, guess, layout, layouts, read_layout
from linli.engines.cases.services.importing.mending import write_refused
from linli.engines.cases.services.importing.parcels import (
    Parcel,
    advance,
    drop,
    imports,
    keep,
    open_parcel,
    start,
    take_changes,
)
from linli.engines.cases.services.importing.rows import Change, Duplicate, Refused, Result, import_rows
from linli.foundation.sheets.rules import unknown_values
from linli.foundation.sheets.services import MAX_BYTES, MAX_ROWS, Sheet, SheetRow, open_sheet

__all__ = [
    "FIELDS",
    "MAX_BYTES",
    "MAX_ROWS",
    "RATING_WORDS",
    "SOLVED_WORDS",
    "UNRATED",
    "Change",
    "Duplicate",
    "Layout",
    "Parcel",
    "Refused",
    "Result",
    "Sheet",
    "SheetRow",
    "advance",
    "drop",
    "guess",
    "import_rows",
    "imports",
    "keep",
    "layout",
    "layouts",
    "open_parcel",
    "open_sheet",
    "orders_sheet",
    "read_layout",
    "start",
    "take_changes",
    "take_rating",
    "unknown_values",
    "write_refused",
]
