"""The reference page of roles, generated from the table."""

from __future__ import annotations

from django.utils.translation import override

from linli.foundation.people.types import ROLES, Where

_WHERE = {
    Where.SELF: "own matters",
    Where.AREA: "an area with all below it",
    Where.UNIT: "one unit",
    Where.STREET: "the whole subdistrict (or the post's area)",
}


def markdown() -> str:
    """Return ``docs/reference/roles.md``."""
    lines = [
        "# Roles",
        "",
        "Generated from `linli/foundation/people/types.py`; do not edit.",
        "",
        "System, security and audit administrator are never one person, nor through standing in.",
        "",
        "| code | name | what for | applies to | permissions |",
        "|---|---|---|---|---|",
    ]
    with override("zh-hans"):
        for info in ROLES.values():
            codes = ", ".join(f"`{p}`" for p in sorted(set(info.permissions)))
            lines.append(f"| `{info.code.value}` | {info.name} | {info.description} | {_WHERE[info.where]} | {codes} |")
    return "\n".join(lines) + "\n"
