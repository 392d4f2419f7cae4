"""What can go wrong, in one shape: a code for programs, a message and a hint for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """Something that the rules do not allow; nothing was written.

    Attributes:
        code: a stable identifier such as ``cases.stale``.
        message: what is wrong, translated, for the person who tried.
        hint: what to do instead, translated; may be empty.
        fields: for wrong input, field name → messages.
        status: the HTTP status that fits.
    """

    status = 400
    code = "error"

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        hint: str = "",
        fields: Mapping[str, list[str]] | None = None,
        **params: Any,
    ) -> None:
        """Describe the error; ``params`` are kept for programs that read it."""
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.hint = hint
        self.fields = dict(fields or {})
        self.params = params

    def __str__(self) -> str:
        """Return the message, with the hint behind it."""
        return f"{self.message} {self.hint}".strip()


class InvalidError(DomainError):
    """What was entered cannot be taken; ``fields`` says which field and why."""

    status = 422
    code = "invalid"


class NotFoundError(DomainError):
    """There is no such thing, as far as this person may know."""

    status = 404
    code = "not_found"


class ForbiddenError(DomainError):
    """The person may see it but not do this."""

    status = 403
    code = "forbidden"


class ConflictError(DomainError):
    """The thing has changed since the person looked at it, or is in a state that does not allow this."""

    status = 409
    code = "conflict"


class StaleError(ConflictError):
    """Somebody else changed it meanwhile."""

    code = "stale"
