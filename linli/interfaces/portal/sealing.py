"""State that travels through the visitor's browser: encrypted, so that it can be neither read nor changed there."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from linli.foundation.core.crypto import DecryptionError, decrypt, encrypt


def seal(data: dict[str, Any], purpose: str) -> str:
    """Return ``data`` as text for a hidden field or a cookie."""
    return base64.urlsafe_b64encode(encrypt(json.dumps(data).encode(), purpose)).decode()


def unseal(text: str, purpose: str) -> dict[str, Any] | None:
    """Return what :func:`seal` was given; None where it is missing, altered or of another installation."""
    try:
        found = json.loads(decrypt(base64.urlsafe_b64decode(text.encode("ascii")), purpose))
    except (DecryptionError, ValueError, binascii.Error, UnicodeError):
        return None
    return found if isinstance(found, dict) else None
