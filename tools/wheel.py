"""Builds the wheel, installs it into an empty place and lets it serve a page, with no Node on the path."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_START = 60.0


def _call(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=cwd, env=env, stdin=subprocess.DEVNULL)


def build(folder: Path) -> Path:
    """Build the wheel into ``folder`` and return it; fail where it carries tests."""
    _call(
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        folder,
        env={**os.environ, "PYTHONWARNINGS": ""},
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        tests = [name for name in archive.namelist() if "/tests/" in name]
    if tests:
        message = f"the wheel carries tests: {tests[:3]}"
        raise SystemExit(message)
    return wheel


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  our own address on loopback
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _wait(address: str, server: subprocess.Popen[bytes]) -> int:
    until = time.monotonic() + _START
    while time.monotonic() < until and server.poll() is None:
        if status := _status(address):
            return status
        time.sleep(0.3)
    return 0


def smoke(wheel: Path, folder: Path) -> int:
    """Install ``wheel`` with the locked dependencies below ``folder`` and return the status of its first page."""
    place = folder / "venv"
    _call(sys.executable, "-m", "venv", place)
    pip: list[str | Path] = [place / "bin" / "pip", "-qq", "--disable-pip-version-check", "--no-input", "install"]
    _call(*pip, "--require-hashes", "-r", ROOT / "requirements" / "run.txt")
    _call(*pip, "--no-deps", wheel)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LINLI_", "PYTHON"))}
    env = {**kept, "LINLI_DATA": str(folder / "data"), "PATH": str(place / "bin")}
    linli, port = place / "bin" / "linli", _free_port()
    _call(linli, "migrate", cwd=folder, env=env)
    server = subprocess.Popen([linli, "serve", "--port", str(port)], cwd=folder, env=env)
    try:
        return _wait(f"http://127.0.0.1:{port}/", server)
    finally:
        server.terminate()
        server.wait(20)


def main() -> int:
    """Build and try the wheel."""
    if not (ROOT / "frontend" / "build.py").exists():
        print("No front end to pack yet: no wheel built.")
        return 0
    with tempfile.TemporaryDirectory(prefix="linli-wheel-") as name:
        folder = Path(name)
        wheel = build(folder / "dist")
        size = wheel.stat().st_size
        status = smoke(wheel, folder)
    print(f"{wheel.name}: {size / 1e6:.1f} MB, first page answers {status}")
    return 0 if 200 <= status < 500 else 1


if __name__ == "__main__":
    raise SystemExit(main())
