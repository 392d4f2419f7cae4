"""Values that accounts hands to other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# Where a session keeps the id of its user.
USER_KEY = "_user"


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """One open session, without the key that would let others in."""

    handle: str
    address: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    current: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """A first password, to be printed once; it is kept nowhere."""

    username: str
    display_name: str
    password: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor on offer: the secret and its otpauth address, for a QR code."""

    secret: str
    uri: str
