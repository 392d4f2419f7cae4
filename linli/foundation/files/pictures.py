"""Photos: checked by their header before anything is decoded, and made anew for showing.

What is shown is painted onto a fresh canvas and encoded again, so nothing of the original's
bytes goes with it: no EXIF, GPS, XMP, ICC profile, comment, nor a page or program hidden in it.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from linli.foundation.files.types import FileType, TakenAt

SIZES = (320, 1600)
_TURNS = {
    2: [Image.Transpose.FLIP_LEFT_RIGHT],
    3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM],
    5: [Image.Transpose.TRANSPOSE],
    6: [Image.Transpose.ROTATE_270],
    7: [Image.Transpose.TRANSVERSE],
    8: [Image.Transpose.ROTATE_90],
}
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, ZeroDivisionError, OverflowError,
           EOFError, MemoryError, UnidentifiedImageError, RuntimeError, ArithmeticError)  # fmt: skip


class BadPictureError(Exception):
    """The picture is ``bomb`` (too many pixels) or ``broken`` (cut off, damaged)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it is shown: its size, its encoded versions by size, and what its EXIF said."""

    width: int
    height: int
    mime: str
    versions: dict[int, bytes]
    exif: TakenAt | None


def _open(content: bytes, found: FileType, pixels: int) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=[_FORMATS[found.mime]])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPictureError("bomb") from error
    except _BROKEN as error:
        raise BadPictureError("broken") from error
    if image.width * image.height > pixels:
        raise BadPictureError("bomb")
    return image


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) else None


def _degrees(parts: Any, reference: Any) -> float | None:
    try:
        degrees, minutes, seconds = (float(p) for p in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return (
        round(-value if str(reference).strip("\x00 ").upper() in {"S", "W"} else value, 7)
        if math.isfinite(value)
        else None
    )


def _moment(text: Any, offset: Any) -> datetime | None:
    """Return EXIF's local time as an aware moment; without an offset it is taken as local time here."""
    try:
        naive = datetime.strptime(str(text).strip("\x00 ")[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        if offset:
            return datetime.strptime(f"{naive:%Y%m%d%H%M%S}{str(offset).strip(chr(0))}", "%Y%m%d%H%M%S%z")
        return naive.replace(tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_exif(image: Image.Image) -> tuple[TakenAt | None, int]:
    """Return what the EXIF data says of time and place, and the orientation; malformed data counts as none."""
    try:
        exif = image.getexif()
        detail, gps = exif.get_ifd(0x8769), exif.get_ifd(0x8825)
        orientation = exif.get(0x0112, 1)
    except _BROKEN:
        return None, 1
    at = _moment(detail.get(0x9003) or exif.get(0x0132), detail.get(0x9011))
    lat, lon = _degrees(gps.get(2), gps.get(1)), _degrees(gps.get(4), gps.get(3))
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        lat = lon = None
    turn = orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1
    if at is None and lat is None:
        return None, turn
    return TakenAt(at=at, lat=lat, lon=lon, accuracy=_number(gps.get(31)), source="exif"), turn


def _paint(image: Image.Image, turn: int, largest: int) -> Image.Image:
    """Return the first frame, turned upright, no larger than ``largest``, on a canvas of its own."""
    if image.format in {"JPEG", "MPO"}:
        image.draft("RGB", (largest, largest))
    clear = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    mode = "RGBA" if clear else "RGB"
    plain = image if image.mode == mode else image.convert(mode)
    plain.thumbnail((largest, largest), Image.Resampling.LANCZOS)
    for step in _TURNS.get(turn, []):
        plain = plain.transpose(step)
    canvas = Image.new(plain.mode, plain.size)
    canvas.paste(plain)
    return canvas


def _encode(image: Image.Image) -> tuple[str, bytes]:
    target = io.BytesIO()
    if image.mode == "RGBA":
        image.save(target, "WEBP", quality=82, method=4)
        return "image/webp", target.getvalue()
    image.save(target, "JPEG", quality=82, optimize=True, progressive=True)
    return "image/jpeg", target.getvalue()


def make_shown(content: bytes, found: FileType, pixels: int) -> Picture:
    """Return the versions of the photo ``content`` that may be shown.

    Raises:
        BadPictureError: too many pixels by its header, or it cannot be decoded to the end.
    """
    with _open(content, found, pixels) as image:
        width, height = image.size
        exif, turn = read_exif(image)
        try:
            large = _paint(image, turn, max(SIZES))
            versions: dict[int, bytes] = {}
            mime = ""
            for size in sorted(SIZES, reverse=True):
                large.thumbnail((size, size), Image.Resampling.LANCZOS)
                mime, versions[size] = _encode(large)
        except Image.DecompressionBombError as error:
            raise BadPictureError("bomb") from error
        except _BROKEN as error:
            raise BadPictureError("broken") from error
    if turn >= 5:
        width, height = height, width
    return Picture(width, height, mime, versions, exif)
