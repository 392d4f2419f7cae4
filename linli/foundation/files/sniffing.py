"""What a file is, by its first bytes: a table of our own, pure. Names and declared types are not believed."""

from __future__ import annotations

from linli.foundation.files.types import FileType, Kind

HEAD = 64 * 1024

JPEG = FileType(Kind.PHOTO, "image/jpeg", "jpg")
PNG = FileType(Kind.PHOTO, "image/png", "png")
GIF = FileType(Kind.PHOTO, "image/gif", "gif")
WEBP = FileType(Kind.PHOTO, "image/webp", "webp")
HEIC = FileType(Kind.PHOTO, "image/heic", "heic")
MP3 = FileType(Kind.VOICE, "audio/mpeg", "mp3")
M4A = FileType(Kind.VOICE, "audio/mp4", "m4a")
AAC = FileType(Kind.VOICE, "audio/aac", "aac")
WAV = FileType(Kind.VOICE, "audio/wav", "wav")
AMR = FileType(Kind.VOICE, "audio/amr", "amr")
OGG = FileType(Kind.VOICE, "audio/ogg", "ogg")
WEBA = FileType(Kind.VOICE, "audio/webm", "webm")
WEBM = FileType(Kind.VIDEO, "video/webm", "webm")
MP4 = FileType(Kind.VIDEO, "video/mp4", "mp4")
MOV = FileType(Kind.VIDEO, "video/quicktime", "mov")
GP3 = FileType(Kind.VIDEO, "video/3gpp", "3gp")
PDF = FileType(Kind.DOCUMENT, "application/pdf", "pdf")
DOCX = FileType(Kind.DOCUMENT, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")
TXT = FileType(Kind.DOCUMENT, "text/plain", "txt")
XLSX = FileType(Kind.DOCUMENT, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")

_STARTS: list[tuple[bytes, FileType]] = [
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"ID3", MP3),
    (b"#!AMR\n", AMR),
    (b"#!AMR-WB\n", AMR),
    (b"\xff\xf1", AAC),
    (b"\xff\xf9", AAC),
]
_BRANDS: dict[bytes, FileType] = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif"), HEIC),
    **dict.fromkeys((b"M4A ", b"M4B "), M4A),
    **dict.fromkeys(
        (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"MSNV", b"M4V ", b"dash"), MP4
    ),
    b"qt  ": MOV,
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3gpp", b"3g2a"), GP3),
}
# What is refused, and by which name the message calls it.
_REFUSED: list[tuple[bytes, str]] = [
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xfe\xed\xfa", "program"),
    (b"#!", "program"),
    (b"\xd0\xcf\x11\xe0", "old_office"),
    (b"PK\x05\x06", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
]


def _is_mpeg_audio(head: bytes) -> bool:
    """Return whether ``head`` begins with a well-formed MPEG layer III frame header."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    return head[1] & 0x18 != 0x08 and head[2] & 0xF0 != 0xF0 and head[2] & 0x0C != 0x0C


def _container(head: bytes, extension: str) -> FileType | None:
    if head[4:8] == b"ftyp":
        found = _BRANDS.get(head[8:12])
        # Many telephones record speech into a general MP4: without a picture track it is a voice note.
        if found in {MP4, GP3} and extension in {"m4a", "aac", "mp3", "amr"} and b"vide" not in head:
            return M4A
        return found
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12])
    if head[:4] == b"OggS" and (b"OpusHead" in head[:256] or b"vorbis" in head[:256] or b"Speex" in head[:256]):
        return OGG
    if head[:4] == b"\x1aE\xdf\xa3" and b"webm" in head[:128]:
        picture = any(codec in head for codec in (b"V_VP8", b"V_VP9", b"V_AV1", b"V_MPEG"))
        voice = any(codec in head for codec in (b"A_OPUS", b"A_VORBIS"))
        return WEBA if voice and not picture else WEBM
    return None


def sniff(head: bytes, extension: str = "") -> FileType | None:
    """Return the type of the file that begins with ``head`` (64 KiB are enough), or None.

    ``extension`` only tells a voice note from a film where both are the same container.
    Files that begin like a ZIP need :func:`linli.foundation.files.packages.office_type`.
    """
    for start, found in _STARTS:
        if head.startswith(start):
            return found
    return _container(head, extension) or (MP3 if _is_mpeg_audio(head) else None)


def is_zip(head: bytes) -> bool:
    """Return whether ``head`` begins like a ZIP archive, as docx and xlsx do."""
    return head.startswith(b"PK\x03\x04")


def refused_as(head: bytes) -> str:
    """Return why a file that is none of ours is refused: program, markup, old_office, archive or unknown."""
    for start, reason in _REFUSED:
        if head.startswith(start):
            return reason
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").replace(b"\x00", b"")[:1024].lower()
    if text.startswith(b"<") or b"<svg" in text or b"<html" in text or b"<script" in text:
        return "markup"
    return "unknown"


def is_text(head: bytes) -> bool:
    """Return whether ``head`` is plain text: UTF-8, UTF-16 with its mark, or GB 18030 without control characters."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if any(c < 32 and c not in (9, 10, 12, 13) for c in head):
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # the head may end within a character
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
