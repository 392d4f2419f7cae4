"""Sheets made for tests: by openpyxl, by hand, as text."""

import io
import zipfile
from typing import Any

import openpyxl


def book(rows, *, title="Sheet", edit=None):
    """Return an xlsx of these rows; ``edit`` gets workbook and sheet before it is saved."""
    made = openpyxl.Workbook()
    table: Any = made.active
    table.title = title
    for row in rows:
        table.append(list(row))
    if edit is not None:
        edit(made, table)
    return saved(made)


def saved(made):
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def cells(content, sheet=0):
    """Return the rows of an xlsx as lists of texts."""
    return [
        [c if c is not None else "" for c in row]
        for row in opened(content).worksheets[sheet].iter_rows(values_only=True)
    ]


def with_part(content, name, change):
    """Return a package with one part changed by ``change(bytes) -> bytes``."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            new.writestr(item.filename, change(data) if item.filename == name else data)
    return out.getvalue()
