"""Writes the demonstration's copies of the five source texts: every person's name is 〇 of the same length.

python -m tools.masking            write them
python -m tools.masking --check    fail where one would change

The names stand beside the golden set, among the tests; the copies keep every offset of the raw texts.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "linli" / "programmes" / "documents" / "tests" / "golden"
TEXTS = ROOT / "linli" / "interfaces" / "cli" / "demo" / "data" / "texts"
SOURCES = ("000", "001", "002", "003", "004")


def masked(name: str) -> str:
    """Return a source text without its people's names."""
    raw = (GOLDEN / f"{name}.txt").read_text(encoding="utf8")
    people = tomllib.loads((GOLDEN / f"{name}.toml").read_text(encoding="utf8"))["persons"]
    plain = [i for i, c in enumerate(raw) if not c.isspace()]
    bare = "".join(raw[i] for i in plain)
    out = list(raw)
    for person in sorted(people, key=len, reverse=True):
        at = bare.find(person)
        while at >= 0:
            for i in plain[at : at + len(person)]:
                out[i] = "〇"
            at = bare.find(person, at + 1)
    return "".join(out)


def main() -> int:
    """Write or check every copy."""
    stale = []
    for name in SOURCES:
        path, text = TEXTS / f"{name}.txt", masked(name)
        if not path.exists() or path.read_text(encoding="utf8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf8")
    if stale and "--check" in sys.argv:
        print(f"Not current: {', '.join(stale)}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
