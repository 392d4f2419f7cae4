"""What hatchling asks while it builds: the dependencies, and whether all that is built beforehand is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

_BUILT = "linli/interfaces/web/static/linli/build"


class Dependencies(MetadataHookInterface):
    """Reads the dependencies from ``requirements/run.in``, the one place that names them."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Set ``dependencies``."""
        lines = (Path(self.root) / "requirements" / "run.in").read_text(encoding="utf8").splitlines()
        metadata["dependencies"] = [line.strip() for line in lines if line.strip() and not line.startswith("#")]


class Complete(BuildHookInterface[Any]):
    """Refuses to build a wheel that could not serve: no front end, or a catalogue that is not compiled."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Look for what must be there; editable installs need nothing."""
        if version == "editable":
            return
        root = Path(self.root)
        missing = [
            p.with_suffix(".mo").name for p in root.glob("linli/locale/**/*.po") if not p.with_suffix(".mo").exists()
        ]
        if not any(p.is_file() for p in (root / _BUILT).rglob("*")):
            missing.append(_BUILT)
        if missing:
            message = f"Build these first (make frontend catalogue): {', '.join(missing)}"
            raise FileNotFoundError(message)
