"""What somebody has told so far: it travels in the form, encrypted, and nothing is written until it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.engines.cases.types import Contact, FeedbackWay, FilePurpose, FileRef, Report
from linli.foundation.core.coordinates import Point
from linli.foundation.core.ids import tracking_code, uuid7
from linli.interfaces.portal import sealing

PURPOSE = "portal.draft"
PHONE_WAYS = (FeedbackWay.PHONE, FeedbackWay.MESSAGE, FeedbackWay.VISIT, FeedbackWay.LETTER)


@dataclass
class Draft:
    """One report in the making.

    Attributes:
        uuid: of the case to be, drawn with the first page: sent twice it is one case.
        code: the tracking code to be, so that both answers to a double click show the same one.
        joining: the uuid of the reporter to be, should they join another's problem.
        files: ``{id, uuid, kind, name, at, question}`` of what is stored; ``question``: the code of the one it answers.
        system: the coordinate system that the point came in; ``lat`` and ``lon`` are WGS-84.
    """

    uuid: str = field(default_factory=lambda: str(uuid7()))
    code: str = field(default_factory=tracking_code)
    joining: str = field(default_factory=lambda: str(uuid7()))
    text: str = ""
    category: str = ""
    address: str = ""
    area: str = ""
    lat: float | None = None
    lon: float | None = None
    system: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    name: str = ""
    phone: str = ""
    way: str = ""
    unit: int | None = None
    area_id: int | None = None

    def seal(self) -> str:
        """Return it for a hidden field."""
        return sealing.seal(asdict(self), PURPOSE)

    @classmethod
    def unseal(cls, text: str) -> Draft:
        """Return the draft of a hidden field; a new one where that is missing or was tampered with."""
        found: Mapping[str, Any] = sealing.unseal(text, PURPOSE) or {}
        known = set(cls.__dataclass_fields__)
        return cls(**{k: v for k, v in found.items() if k in known})

    @property
    def point(self) -> Point | None:
        """Where it is, in WGS-84."""
        return Point(self.lat, self.lon) if self.lat is not None and self.lon is not None else None

    @property
    def photos(self) -> list[dict[str, Any]]:
        """The stored pictures."""
        return [f for f in self.files if f["kind"] == "photo"]

    @property
    def voices(self) -> list[dict[str, Any]]:
        """The stored voice notes."""
        return [f for f in self.files if f["kind"] == "voice"]

    def contact(self, *, user_id: int | None, language: str) -> Contact:
        """Return how to reach whoever reports."""
        way = FeedbackWay(self.way) if self.way in FeedbackWay.values else FeedbackWay.NONE
        if not self.phone and user_id is None:
            way = FeedbackWay.NONE
        return Contact(name=self.name, phone=self.phone, way=way, user_id=user_id, language=language)

    def lost_files(self, before: datetime) -> list[dict[str, Any]]:
        """Return the files stored before ``before``."""
        return [f for f in self.files if "at" in f and datetime.fromisoformat(f["at"]) <= before]

    def file_refs(self) -> list[FileRef]:
        """Return the stored files as the case attaches them."""
        return [FileRef(f["id"], FilePurpose.VOICE if f["kind"] == "voice" else FilePurpose.REPORT) for f in self.files]

    def report(self, *, area_id: int | None, user_id: int | None, language: str) -> Report:
        """Return what the case room takes in."""
        return Report(
            text=self.text,
            category=self.category,
            address=self.address,
            point=self.point,
            coordinate_source=self.system if self.point else "",
            area_id=area_id,
            answers=self.answers,
            contact=self.contact(user_id=user_id, language=language),
            files=self.file_refs(),
            uuid=UUID(self.uuid),
            subject_unit_id=self.unit,
            code=self.code,
        )
