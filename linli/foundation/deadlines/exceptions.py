"""What can go wrong with clocks."""

from linli.foundation.core.errors import ConflictError, NotFoundError


class ClockRunningError(ConflictError):
    """A clock for that stage of that subject runs already."""

    code = "deadlines.running"


class NoClockError(NotFoundError):
    """No clock runs for that stage of that subject."""

    code = "deadlines.no_clock"
