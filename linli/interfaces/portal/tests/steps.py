"""What a visitor without scripts does: send the forms of the page they see, with what is hidden in them."""

from __future__ import annotations

import io
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.interfaces.portal import sealing
from linli.interfaces.portal.report.views import RECEIPT, RECEIPT_PURPOSE

CENTRE = (31.2215, 121.4195)


def state(answer: Any) -> str:
    """Return the hidden state of the form in ``answer``."""
    found = re.search(r'name="state" value="([^"]*)"', answer.content.decode())
    assert found is not None
    return found.group(1)


def words(answer: Any) -> str:
    """Return the page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def photo(name: str = "a.jpg", size: tuple[int, int] = (40, 30)) -> SimpleUploadedFile:
    """Return a small picture."""
    kept = io.BytesIO()
    Image.new("RGB", size, "#456").save(kept, "JPEG")
    return SimpleUploadedFile(name, kept.getvalue(), "image/jpeg")


def problem(client: Any, **fields: Any) -> Any:
    """Open the form and send its first page; return the answer."""
    first = client.get("/report/")
    data = {
        "state": state(first),
        "do": "check",
        "text": "弄堂口垃圾没人清，臭得很",
        "address": "长宁路488弄门口",
        **fields,
    }
    return client.post("/report/", data)


def send(client: Any, review: Any, **fields: Any) -> Any:
    """Send the second page."""
    return client.post("/report/", {"state": state(review), "do": "send", "way": "phone", **fields})


def receipt(client: Any) -> dict[str, Any]:
    """Return number and code of what was sent."""
    found = sealing.unseal(client.cookies[RECEIPT].value, RECEIPT_PURPOSE)
    assert found is not None
    return found


def follow(client: Any, code: str) -> Any:
    """Type the tracking code and return the page of the case."""
    answer = client.post("/track/", {"code": code})
    assert answer.status_code == 302, words(answer)
    assert code not in answer["Location"]
    return client.get(answer["Location"])
