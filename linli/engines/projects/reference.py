"""The life cycle of a task as a page of the reference, written from the tables."""

from __future__ import annotations

from linli.engines.projects.workflow import OPEN, STANDINGS, VERBS

_DRAWN = ("sign", "report", "hand_in", "end", "accept", "send_back", "drop", "refuse", "reopen")


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(c) for c in cells) + " |"


def mermaid() -> str:
    """Return the acts that lead somewhere as a Mermaid diagram."""
    lines = ["stateDiagram-v2", "    [*] --> given"]
    for code in _DRAWN:
        verb = VERBS[code]
        if verb.target is not None:
            lines += [f"    {s.value} --> {verb.target.value}: {code}" for s in sorted(verb.source) if s != verb.target]
    return "\n".join(lines)


def markdown() -> str:
    """Return the page."""
    standings = [
        _row(f"`{s.value}`", s.label, m.state.value, m.stage.value if m.stage else "") for s, m in STANDINGS.items()
    ]
    acceptance = {None: "", True: "only where it needs acceptance", False: "only where it needs none"}
    verbs = [
        _row(
            f"`{v.code}`",
            v.label,
            "any open" if v.source == OPEN else ", ".join(sorted(v.source)) or "—",
            v.target or "stays",
            ", ".join(sorted(v.who)),
            ", ".join(v.needs),
            acceptance[v.accepted],
            v.rule,
        )
        for v in VERBS.values()
    ]
    return "\n".join(
        [
            "# The life cycle of a task",
            "",
            "One table of standings and one of verbs drive pages, errors, this page and the tests.",
            "",
            "```mermaid",
            mermaid(),
            "```",
            "",
            "## Standings",
            "",
            _row("code", "word", "state", "clock"),
            _row(*["---"] * 4),
            *standings,
            "",
            "## Verbs",
            "",
            _row("verb", "word", "from", "to", "who", "needs", "acceptance", "rule"),
            _row(*["---"] * 8),
            *verbs,
        ]
    )
