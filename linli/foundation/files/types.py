"""Plain values that cross the door of the room `files`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, BinaryIO

from linli.foundation.core.coordinates import CoordinateSystem


class Kind(StrEnum):
    """What sort of evidence a file is; decides its limit and how it is shown."""

    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an upload may be; bytes unless said otherwise.

    In force is what the rulebook says (``files.<field>``, in its own units); the values here are those that ship.
    """

    photo: int = 20 * 1024 * 1024
    voice: int = 10 * 1024 * 1024
    video: int = 200 * 1024 * 1024
    document: int = 20 * 1024 * 1024
    pixels: int = 64_000_000  # about 200 MB while it is decoded
    unpacked: int = 300 * 1024 * 1024
    ratio: int = 150
    entries: int = 2000

    def of(self, kind: Kind) -> int:
        """Return the greatest size of a file of ``kind``."""
        return int(getattr(self, kind.value))


# What one of the rulebook's units is here: MB are bytes, millions of pixels are pixels.
UNITS = dict.fromkeys(("photo", "voice", "video", "document", "unpacked"), 1024 * 1024) | {"pixels": 1_000_000}


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file that Linli takes: its MIME type and the extension it is kept under."""

    kind: Kind
    mime: str
    extension: str


@dataclass(frozen=True, slots=True)
class TakenAt:
    """When and where something was taken, as the phone or a person says, in the given coordinate system.

    Attributes:
        at: the phone's time, aware; None if it did not say.
        accuracy: radius in metres; None if unknown.
        source: ``gps``, ``exif``, ``map`` (a person pointed at it) or ``typed``.
    """

    at: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy: float | None = None
    system: CoordinateSystem = CoordinateSystem.WGS84
    source: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "at": self.at.isoformat() if self.at else None,
            "lat": self.lat,
            "lon": self.lon,
            "accuracy": self.accuracy,
            "system": self.system.value,
            "source": self.source,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> TakenAt:
        """Return what :meth:`to_json` was made of."""
        return cls(
            at=datetime.fromisoformat(data["at"]) if data.get("at") else None,
            lat=data.get("lat"),
            lon=data.get("lon"),
            accuracy=data.get("accuracy"),
            system=CoordinateSystem(data.get("system") or CoordinateSystem.WGS84.value),
            source=data.get("source") or "",
        )


@dataclass(frozen=True, slots=True)
class Plausibility:
    """What the phone said beside what stands in the file itself; either may be None."""

    phone: TakenAt | None
    exif: TakenAt | None


@dataclass(frozen=True, slots=True)
class Served:
    """A file to send out; the face sets the headers.

    ``attachment`` files go out with ``Content-Disposition: attachment``, all with
    ``X-Content-Type-Options: nosniff``.
    """

    mime: str
    length: int
    name: str
    attachment: bool
    chunks: Iterator[bytes]


Content = bytes | BinaryIO
