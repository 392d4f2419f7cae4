"""Pure rules of the room `files`: names."""

from __future__ import annotations

import re

from linli.foundation.core.text import clean

NAME_BYTES = 255
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def extension_of(name: str) -> str:
    """Return the extension of ``name`` in lower case, without the dot."""
    base = re.split(r"[/\\]", name)[-1]
    return base.rsplit(".", 1)[1].strip().lower()[:16] if "." in base else ""


def clean_name(name: str, extension: str) -> str:
    """Return ``name`` fit to be shown and offered for download: no folders, 255 bytes, ending in ``.extension``."""
    base = re.split(r"[/\\]", name)[-1]
    base = _FORBIDDEN.sub("_", clean(base)).replace("\n", "_").replace("\t", "_")
    stem = base.rsplit(".", 1)[0] if "." in base else base
    stem = stem.strip(" .") or "file"
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    room = NAME_BYTES - len(extension.encode()) - 1
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(" .")
    return f"{stem}.{extension}"
