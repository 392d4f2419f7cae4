"""Chinese text takes full-width marks: fails on , : ; ! ? ( ) beside a Han character.

Looks at templates, shipped TOML and the msgids of the catalogue. A line that must keep one
says ``punctuation: ok`` in a comment.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_FAULT = re.compile(rf"[{_HAN}][,:;!?()]|[,:;!?()][{_HAN}]")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines in which a person's words may stand."""
    for number, line in enumerate(path.read_text(encoding="utf8").splitlines(), 1):
        text = line.strip()
        if path.suffix in {".toml", ".po"} and text.startswith("#"):
            continue
        if path.suffix == ".po" and text.startswith("msgstr"):
            continue
        yield number, text


def faults(path: Path) -> list[str]:
    """Return each fault in ``path`` as ``file:line: what``."""
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return [
        f"{name}:{number}: half-width mark in “{match.group(0)}”"
        for number, line in _lines(path)
        if "punctuation: ok" not in line
        for match in _FAULT.finditer(line)
    ]


def files() -> list[Path]:
    """Return every file that is looked at."""
    found = []
    for pattern in ("linli/**/templates/**/*.html", "linli/**/*.toml", "linli/locale/**/*.po"):
        found += [p for p in sorted(ROOT.glob(pattern)) if "tests" not in p.parts]
    return found


def main() -> int:
    """Print every fault."""
    found = [fault for path in files() for fault in faults(path)]
    for fault in found:
        print(fault, file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
