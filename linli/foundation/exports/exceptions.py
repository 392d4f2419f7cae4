"""What can go wrong with taking lists out."""

from __future__ import annotations

from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError


class TooLongError(InvalidError):
    """The list has more rows than a file of this form, or than an export, may hold."""

    code = "exports.too_long"


class UnknownFormError(InvalidError):
    """The list is not taken out in this form."""

    code = "exports.form"


class TooManyError(ConflictError):
    """The person has as many exports waiting or running as one may."""

    code = "exports.too_many"


class RightsChangedError(ForbiddenError):
    """The person may see less now than when the file was made."""

    code = "exports.rights"


class StoppedError(RuntimeError):
    """The export was cancelled, or taken over by another worker, while it was being written."""
