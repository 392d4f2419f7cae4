"""The tracking code on its way from the form to the page behind it: in a sealed cookie, for a quarter of an hour.

It stands in no address, and the database keeps only its hash.
"""

from __future__ import annotations

import base64
import binascii
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from linli.engines.cases.types import Receipt
from linli.foundation.core.crypto import DecryptionError, decrypt_text, encrypt_text

COOKIE, PURPOSE, SECONDS = "linli_receipt", "desk.receipt", 900


def hand(answer: HttpResponse, receipt: Receipt) -> HttpResponse:
    """Let ``answer`` carry the receipt; one seen before has no code and leaves the first one's alone."""
    if receipt.tracking_code:
        sealed = encrypt_text(json.dumps([receipt.number, receipt.tracking_code]), PURPOSE)
        answer.set_cookie(
            COOKIE,
            base64.urlsafe_b64encode(sealed).decode(),
            max_age=SECONDS,
            path="/desk/",
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return answer


def code_for(request: HttpRequest, number: str) -> str:
    """Return the tracking code of the case ``number``, empty if this browser has not just taken it in."""
    try:
        sealed = base64.urlsafe_b64decode(request.COOKIES.get(COOKIE, ""))
        kept: list[str] = json.loads(decrypt_text(sealed, PURPOSE)) if sealed else ["", ""]
    except (DecryptionError, binascii.Error, ValueError):
        return ""
    return kept[1] if kept[0] == number else ""


def spoken(code: str) -> str:
    """Return the code in groups of five, as one reads it out."""
    return " ".join(code[i : i + 5] for i in range(0, len(code), 5))
