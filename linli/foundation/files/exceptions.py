"""Why a file is not taken."""

from __future__ import annotations

from linli.foundation.core.errors import InvalidError, NotFoundError


class FileRefusedError(InvalidError):
    """The file is of a kind, size or make that Linli does not take; nothing was kept."""

    code = "files.refused"


class FileGoneError(NotFoundError):
    """There is no such file, or its content was deleted."""

    code = "files.gone"


class FileDamagedError(NotFoundError):
    """The stored content was altered, cut off or lost since it was stored."""

    code = "files.damaged"
    status = 500
