"""The contract that import-linter lacks: of another room only its public files may be imported."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

_FLOORS = ("foundation", "engines", "programmes")
_FREE = {"linli.foundation.core"}


def _room(module: str) -> str | None:
    """Return ``linli.<floor>.<room>`` for a module inside a room below the interfaces."""
    parts = module.split(".")
    return ".".join(parts[:3]) if len(parts) > 2 and parts[1] in _FLOORS else None


class PublicFiles(Contract):
    """Fails where a module imports a file of another room that is not public; tests may."""

    public = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every import between rooms."""
        public = {str(name) for name in self.public}  # type: ignore[attr-defined]
        found: list[tuple[str, str]] = []
        for module in sorted(graph.modules):
            if "tests" in module.split("."):
                continue
            for imported in sorted(graph.find_modules_directly_imported_by(module)):
                room = _room(imported)
                if room in _FREE or room is None or room == _room(module):
                    continue
                parts = imported.split(".")
                if len(parts) < 4 or parts[3] not in public:
                    found.append((module, imported))
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each forbidden import."""
        for module, imported in check.metadata["found"]:
            output.print_error(f"{module} imports {imported}, which is not public.", bold=False)
