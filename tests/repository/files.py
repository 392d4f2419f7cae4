"""The files that the repository tests look at: those that git keeps or would keep."""

from __future__ import annotations

import subprocess
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def kept() -> tuple[Path, ...]:
    """Return every file that is in the repository or not ignored."""
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return tuple(p for name in done.stdout.decode().split("\0") if name and (p := ROOT / name).is_file())


def python(*, tests: bool = False) -> list[Path]:
    """Return the product's Python files, without migrations; with the tests if asked."""
    return [
        p
        for p in kept()
        if p.suffix == ".py"
        and p.is_relative_to(ROOT / "linli")
        and "migrations" not in p.parts
        and (tests or "tests" not in p.parts)
    ]


def templates() -> list[Path]:
    return [p for p in kept() if p.suffix == ".html" and "templates" in p.parts and p.is_relative_to(ROOT / "linli")]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
