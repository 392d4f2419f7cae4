"""A list as xlsx, CSV or GeoJSON, with a head that says who took it out, when, how filtered, how many rows."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from types import TracebackType
from typing import IO, Any, Self

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.foundation.exports import rules
from linli.foundation.exports.services.tables import write as write_table
from linli.foundation.exports.types import Asking, Form, Line, Listing, Work

BOM = "\ufeff"
"""The mark at the beginning that lets spreadsheets read the Chinese of a CSV file."""


def head(listing: Listing, asking: Asking, rows: int) -> str:
    """Return the first line of a file."""
    line = _("%(title)s：共 %(count)s 行，导出于 %(at)s，导出人 %(who)s。") % {
        "title": listing.title_for(asking),
        "count": rows,
        "at": rules.moment(localtime(asking.now)),
        "who": asking.by.label,
    }
    said = [str(w) for w in listing.said(asking) if w]
    line += _("筛选：%(said)s。") % {"said": "；".join(said)} if said else _("未筛选。")
    noted = [str(w).rstrip("。.") for w in listing.noted(asking)] if listing.noted is not None else []
    return line + (_("说明：%(note)s。") % {"note": "；".join(noted)} if noted else "")


def file_name(work: Work, form: Form, asking: Asking) -> str:
    """Return what the file is called."""
    return f"{work.title_for(asking)}-{localtime(asking.now):%Y%m%d-%H%M}.{form.value}"


def write(form: Form, listing: Listing, asking: Asking, lines: Iterable[Line], rows: int) -> IO[bytes]:
    """Return a temporary file of ``lines``, row by row, so that memory stays flat."""
    first, columns = head(listing, asking, rows), listing.columns_for(asking)
    labels = [str(c.label) for c in columns]
    if form is Form.CSV:
        return _csv(labels, lines, first)
    if form is Form.GEOJSON:
        return _geojson(labels, lines, first)
    widths = [c.width for c in columns]
    cells = (line.cells for line in lines)
    return write_table(listing.title_for(asking), list(zip(labels, widths, strict=True)), cells, first)


def _text(write: Callable[[IO[str]], None]) -> IO[bytes]:
    out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  handed on to be streamed
    text = io.TextIOWrapper(out, encoding="utf8", newline="")
    try:
        write(text)
        text.flush()
        text.detach()
        out.seek(0)
    except BaseException:
        out.close()
        raise
    return out


def _csv(labels: Sequence[str], lines: Iterable[Line], first: str) -> IO[bytes]:
    def write(text: IO[str]) -> None:
        text.write(BOM)
        writer = csv.writer(text)
        writer.writerow([rules.plain(first)])
        writer.writerow(labels)
        writer.writerows([rules.plain(cell) for cell in line.cells] for line in lines)

    return _text(write)


def _geojson(labels: Sequence[str], lines: Iterable[Line], first: str) -> IO[bytes]:
    def write(text: IO[str]) -> None:
        text.write(f'{{"type": "FeatureCollection", "name": {json.dumps(first, ensure_ascii=False)}, "features": [')
        between = "\n"
        for line in lines:
            text.write(between + rules.feature(labels, line.cells, line.place))
            between = ",\n"
        text.write("\n]}\n")

    return _text(write)


class Spool:
    """Rows kept on disk between the reading of a list and the writing of its file, whose head says how many."""

    def __init__(self) -> None:
        """Begin empty."""
        self.rows = 0
        self._file = tempfile.TemporaryFile("w+", encoding="utf8")  # noqa: SIM115  closed by the with statement

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the disk back."""
        self._file.close()

    def add(self, lines: Sequence[Line]) -> None:
        """Keep more rows."""
        self._file.writelines(
            json.dumps([line.place, list(line.cells)], ensure_ascii=False, default=_kept) + "\n" for line in lines
        )
        self.rows += len(lines)

    def lines(self) -> Iterator[Line]:
        """Yield them again in order."""
        self._file.seek(0)
        for text in self._file:
            place, cells = json.loads(text)
            yield Line([_back(c) for c in cells], tuple(place) if place else None)


def _kept(value: Any) -> Any:
    return {"at": value.isoformat()} if isinstance(value, datetime) else str(value)


def _back(value: Any) -> Any:
    return datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value
