"""Django's own checks, in a place of their own: ``migrations`` or ``deploy``."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PRODUCTION = {
    "LINLI_HTTPS": "1",
    "LINLI_DEBUG": "0",
    "LINLI_DEMO": "0",
    "LINLI_HOSTS": "linli.example.cn",
    "LINLI_ORIGINS": "https://linli.example.cn",
}
_COMMANDS = {
    "migrations": ["makemigrations", "--check", "--dry-run"],
    "deploy": ["check", "--deploy", "--fail-level", "WARNING"],
}


def main() -> int:
    """Run the check that the first argument names."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in _COMMANDS:
        print(f"usage: python -m tools.django_check {'|'.join(_COMMANDS)}", file=sys.stderr)
        return 2
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LINLI_")}
    with tempfile.TemporaryDirectory(prefix="linli-check-") as data:
        environment = {**kept, "LINLI_DATA": data, "PYTHONWARNINGS": "default"}
        if name == "deploy":
            environment |= {**_PRODUCTION, "LINLI_SECRET_KEY": secrets.token_urlsafe(64)}
        done = subprocess.run([sys.executable, "manage.py", *_COMMANDS[name]], check=False, cwd=ROOT, env=environment)
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main())
