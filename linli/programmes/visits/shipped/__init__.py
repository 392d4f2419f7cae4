"""What the room ships: sets of words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "wording.toml"


@lru_cache(maxsize=1)
def wordings() -> Mapping[str, Mapping[str, Any]]:
    """Return the sets of words that Linli ships, by code, in their order."""
    data = tomllib.loads(FILE.read_text(encoding="utf8"))
    return {row["code"]: row for row in data["wording"]}
