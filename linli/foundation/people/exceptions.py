"""What can go wrong with people and posts."""

from __future__ import annotations

from linli.foundation.core.errors import ConflictError


class AdministratorsApartError(ConflictError):
    """One person would be two of system, security and audit administrator."""

    code = "people.administrators_apart"
