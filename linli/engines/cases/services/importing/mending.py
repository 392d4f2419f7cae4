"""The sheet of rows that were not taken: bad cells marked, the reason behind; it can be mended and sent again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linli.engines.cases.services.importing.layouts import FIELDS
from linli.engines.cases.services.importing.rows import Refused
from linli.foundation.sheets import services as sheets


def write_refused(refused: Sequence[Refused], headers: Sequence[str], mapping: Mapping[str, int]) -> bytes:
    """Return an xlsx with the refused rows, each under the sheet's own headers, and the reason in a last column."""
    return sheets.write_refused([(r.line, r.cells, r.reasons) for r in refused], headers, mapping, FIELDS)
