"""Writes the OpenAPI document of the API, or says whether the committed one is of today."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATH = ROOT / "docs" / "reference" / "openapi.json"


def text() -> str:
    """Return the document as the file holds it; Django is set up."""
    from linli.interfaces.api.root import openapi  # noqa: PLC0415  after the settings

    return json.dumps(json.loads(json.dumps(openapi())), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> int:
    """Write the document; with ``--check`` only compare."""
    with tempfile.TemporaryDirectory(prefix="linli-openapi-") as data:
        os.environ.setdefault("LINLI_DATA", data)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
        import django  # noqa: PLC0415  after the environment

        django.setup()
        made = text()
    if "--check" in sys.argv[1:]:
        same = PATH.exists() and PATH.read_text(encoding="utf8") == made
        print("the same" if same else f"{PATH.name} is not of today: run python -m tools.openapi")
        return 0 if same else 1
    PATH.write_text(made, encoding="utf8")
    print(f"{PATH.relative_to(ROOT)}: {len(made):,} characters")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
