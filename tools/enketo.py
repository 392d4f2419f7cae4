"""Bundles Enketo's engine for the test that fills our forms with it: ``python -m tools.enketo``.

Installed from the registry of npm by the lock file beside it (``tests/enketo``), only when something changed.
"""

from __future__ import annotations

import hashlib
import runpy
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "tests" / "enketo"
BUILT = HERE / "build" / "client.js"
STAMP = HERE / "build" / "sources.sha256"
_SOURCES = ("package.json", "package-lock.json", "build.mjs", "client.js")


def bundle() -> Path:
    """Return the bundle, built if it is not there or not of these sources.

    Raises:
        RuntimeError: npm or the bundler failed; the message is theirs.
    """
    total = hashlib.sha256()
    for name in _SOURCES:
        total.update((HERE / name).read_bytes())
    wanted = total.hexdigest()
    if BUILT.exists() and STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted:
        return BUILT
    # The front end finds Node already.
    node, npm = runpy.run_path(str(ROOT / "frontend" / "build.py"))["tools"]()
    for command in ([*npm, "ci", "--no-progress", "--no-audit", "--no-fund"], [node, "build.mjs"]):
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-2_000:])
    STAMP.write_text(wanted, encoding="ascii")
    return BUILT


if __name__ == "__main__":
    print(bundle())
