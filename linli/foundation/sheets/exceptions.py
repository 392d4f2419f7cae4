"""What can go wrong with sheets."""

from __future__ import annotations

from linli.foundation.core.errors import ConflictError


class BatchStateError(ConflictError):
    """The import is not in a state in which this can be done."""

    code = "sheets.state"
