"""docx and xlsx: what kind of package it is, and whether it would burst when unpacked."""

from __future__ import annotations

import zipfile
from typing import BinaryIO

from linli.foundation.files.sniffing import DOCX, XLSX
from linli.foundation.files.types import FileType, Limits


def office_type(content: BinaryIO, limits: Limits) -> FileType | str:
    """Return the type of the package, or the reason why it is refused (archive, bomb, macro).

    Nothing is unpacked: the sizes that the package declares are added up. A package that
    declares too little is stopped by the check sums of whoever opens it.
    """
    try:
        with zipfile.ZipFile(content) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
        return "broken"
    if len(entries) > limits.entries:
        return "bomb"
    plain = sum(e.file_size for e in entries)
    packed = max(1, sum(e.compress_size for e in entries))
    if plain > limits.unpacked or (plain > 10 * 1024 * 1024 and plain / packed > limits.ratio):
        return "bomb"
    return _by_names({e.filename for e in entries})


def _by_names(names: set[str]) -> FileType | str:
    if any(n.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")) for n in names):
        return "macro"
    if "[Content_Types].xml" not in names:
        return "archive"
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    return "archive"
