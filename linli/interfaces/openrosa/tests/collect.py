"""A phone as ODK Collect is one: HEAD before POST, multipart with the record first, in parts of so many bytes.

Header names, part names and content types are those of its ``OkHttpConnection`` and ``InstanceServerUploader``.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4
from xml.etree.ElementTree import Element, fromstring

from django.test import Client

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
RESPONSE = "{http://openrosa.org/http/response}"
BOUNDARY = "6f1b2c1e-52a1-4b7e-9f0e-1c7d4a0b9e11"


def part(name: str, content: bytes, *, file: str = "", kind: str = "") -> bytes:
    """Return one part as OkHttp writes it."""
    head = f'Content-Disposition: form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
    lines = [head, *([f"Content-Type: {kind}"] if kind else []), f"Content-Length: {len(content)}", "", ""]
    return f"--{BOUNDARY}\r\n".encode() + "\r\n".join(lines).encode() + content + b"\r\n"


@dataclass
class Answer:
    """What came back, as the phone reads it."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def message(self) -> str:
        """What the phone shows."""
        found = fromstring(self.content).find(f"{RESPONSE}message")
        assert found is not None
        return found.text or ""

    @property
    def root(self) -> Element:
        return fromstring(self.content)


@dataclass
class Phone:
    """One phone with a name and an app password."""

    name: str
    secret: str
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    safe: bool = True

    def _heads(self) -> dict[str, str]:
        word = base64.b64encode(f"{self.name}:{self.secret}".encode()).decode()
        return {
            "X-OpenRosa-Version": "1.0", "Date": "Tue, 10 Mar 2026 02:00:00 GMT",
            "User-Agent": "org.odk.collect.android/v2025.1.3 Dalvik/2.1.0 (Linux; U; Android 14; Pixel 7)",
            "Accept-Encoding": "gzip", **({"Authorization": f"Basic {word}"} if self.secret else {}),
        }  # fmt: skip

    def _answer(self, answer: Any) -> Answer:
        return Answer(answer.status_code, dict(answer.headers), answer.getvalue())

    def get(self, url: str) -> Answer:
        path = re.sub(r"^https?://[^/]+", "", url)
        return self._answer(self.client.get(path, headers=self._heads(), secure=self.safe))

    def head(self) -> Answer:
        url = "/openrosa/submission?deviceID=collect%3AabcdEFGH12345678"
        return self._answer(self.client.head(url, headers=self._heads(), secure=self.safe))

    def post(self, body: bytes, kind: str = f"multipart/form-data; boundary={BOUNDARY}") -> Answer:
        url = "/openrosa/submission?deviceID=collect%3AabcdEFGH12345678"
        return self._answer(
            self.client.post(url, data=body, content_type=kind, headers=self._heads(), secure=self.safe)
        )

    def forms(self) -> list[dict[str, str]]:
        """Return the forms of the list, as element name → text."""
        found = self.get("/openrosa/formList").root.iter(f"{LIST}xform")
        return [{child.tag.removeprefix(LIST): child.text or "" for child in row} for row in found]

    def media(self, form: Mapping[str, str]) -> list[dict[str, str]]:
        found = self.get(form["manifestUrl"]).root.iter(f"{MANIFEST}mediaFile")
        return [{child.tag.removeprefix(MANIFEST): child.text or "" for child in row} for row in found]

    def send(self, xml: str | bytes, files: Sequence[tuple[str, bytes]] = (), *, at_once: int = 100) -> list[Answer]:
        """Send a record and its files, so many at a time, until the first refusal; return the answers."""
        assert self.head().status == 204
        content = xml.encode() if isinstance(xml, str) else xml
        found: list[Answer] = []
        parts = [list(files[i : i + at_once]) for i in range(0, len(files), at_once)] or [[]]
        for number, some in enumerate(parts, 1):
            body = part("xml_submission_file", content, file="门店检查_2026-03-10_10-00-00.xml", kind="text/xml")
            body += b"".join(part(name, data, file=name, kind="image/jpeg") for name, data in some)
            if number < len(parts):
                body += part("*isIncomplete*", b"yes")
            found.append(self.post(body + f"--{BOUNDARY}--\r\n".encode()))
            if found[-1].status not in (201, 202):
                break
        return found


def record(form: Mapping[str, str], visit: UUID | str, body: str, *, at: str, **meta: str) -> str:
    """Return a filled form as XML."""
    instance = meta.get("instanceID", f"uuid:{uuid4()}")
    more = "".join(f"<orx:{name}>{value}</orx:{name}>" for name, value in meta.items() if name != "instanceID")
    return (
        '<?xml version="1.0" ?>\n<data xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" '
        'xmlns:orx="http://openrosa.org/xforms" '
        f'id="{form["formID"]}" version="{form["version"]}"><linli_end>{at}</linli_end>'
        f"<linli_visit>{visit}</linli_visit>{body}"
        f"<orx:meta><orx:instanceID>{instance}</orx:instanceID>{more}</orx:meta></data>"
    )
