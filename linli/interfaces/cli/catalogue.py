"""Compiles ``*.po`` into ``*.mo``, with nothing but the standard library: ``make run`` has no more.

The compiled files are not kept in the repository; the wheel carries them.
"""

from __future__ import annotations

import ast
import os
import struct
from collections.abc import Iterator
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[2] / "locale"


def _entries(text: str) -> Iterator[dict[str, str]]:
    """Yield each entry of a catalogue as keyword → text (``msgctxt``, ``msgid``, ``msgstr[0]``, …)."""
    entry: dict[str, str] = {}
    keyword = ""
    for line in [*text.splitlines(), ""]:
        line = line.strip()
        if not line:
            if "msgid" in entry:
                yield entry
            entry, keyword = {}, ""
        elif line.startswith("#"):
            continue
        elif line.startswith('"'):
            entry[keyword] += ast.literal_eval(line)
        else:
            keyword, rest = line.split(" ", 1)
            entry[keyword] = ast.literal_eval(rest)


def _pairs(text: str) -> dict[bytes, bytes]:
    found = {}
    for entry in _entries(text):
        key = entry["msgid"]
        if "msgid_plural" in entry:
            key += "\0" + entry["msgid_plural"]
        if "msgctxt" in entry:
            key = entry["msgctxt"] + "\x04" + key
        value = "\0".join(entry[k] for k in sorted(entry) if k.startswith("msgstr"))
        if value.strip("\0"):
            found[key.encode()] = value.encode()
    return found


def compiled(text: str) -> bytes:
    """Return the ``.mo`` of the catalogue ``text`` (the format that :mod:`gettext` reads)."""
    pairs = sorted(_pairs(text).items())
    count = len(pairs)
    at = 28 + 16 * count
    keys: list[int] = []
    values: list[int] = []
    body = b""
    for index, table in ((0, keys), (1, values)):
        for pair in pairs:
            table += [len(pair[index]), at + len(body)]
            body += pair[index] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, at)
    return head + struct.pack(f"<{4 * count}I", *keys, *values) + body


def compile_catalogues(folder: Path = LOCALE) -> list[Path]:
    """Compile every catalogue below ``folder`` that is newer than its compiled form; return those written."""
    written = []
    for source in sorted(folder.rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        part = target.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(compiled(source.read_text(encoding="utf8")))
        part.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    compile_catalogues()
