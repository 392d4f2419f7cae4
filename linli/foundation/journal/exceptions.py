"""What can go wrong in the journal."""

from __future__ import annotations

from linli.foundation.core.errors import ForbiddenError, NotFoundError


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete what the journal holds."""


class NotSealedError(NotFoundError):
    """The entry has no seal yet, so nothing can be proved about it."""

    code = "journal.not_sealed"


class LookingOnlyError(ForbiddenError):
    """Somebody who looks with another person's grants tried to write."""

    code = "journal.looking_only"
