"""What can go wrong with jobs."""

from __future__ import annotations

from linli.foundation.core.errors import InvalidError


class PayloadTooLargeError(InvalidError):
    """A job's payload is larger than a job may carry."""

    code = "jobs.payload_too_large"


class UnknownHandlerError(LookupError):
    """No room handles jobs of this name."""


class LeaseLostError(RuntimeError):
    """Another worker took over one of the jobs that were being done at once."""
