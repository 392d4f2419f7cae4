"""Ways through the life cycle: named ones, and the picture of them all."""

from __future__ import annotations

from linli.engines.cases.workflow.roles import targets
from linli.engines.cases.workflow.states import ENDED
from linli.engines.cases.workflow.verbs import VERBS

# Common ways through, named, for tests and the reference page: (who, verb) in order.
HAPPY_PATHS: dict[str, tuple[str, ...]] = {
    "plain": ("report", "accept", "dispatch", "sign", "hand_in", "check", "reply", "close", "rate"),
    "verified": (
        "report",
        "accept",
        "verify",
        "file",
        "dispatch",
        "sign",
        "arrive",
        "hand_in",
        "check",
        "reply",
        "close",
    ),
    "consulted": (
        "report",
        "accept",
        "dispatch",
        "sign",
        "raise_level",
        "convene",
        "decide",
        "hand_in",
        "check",
        "reply",
        "close",
    ),
    "asked": ("report", "ask", "answer", "accept", "dispatch", "sign", "hand_in", "check", "reply", "close"),
}
UNHAPPY_PATHS: dict[str, tuple[str, ...]] = {
    "refused": ("report", "refuse"),
    "withdrawn": ("report", "accept", "withdraw"),
    "void": ("report", "void"),
    "returned": (
        "report",
        "accept",
        "dispatch",
        "return_",
        "dispatch",
        "return_",
        "dispatch",
        "return_",
        "decide_return",
    ),
    "recalled": ("report", "accept", "dispatch", "recall", "dispatch"),
    "reworked": ("report", "accept", "dispatch", "sign", "hand_in", "check", "hand_in", "check"),
    "shelved": ("report", "accept", "dispatch", "sign", "request_shelving", "decide_shelving", "resume", "hand_in"),
    "unhappy": ("report", "accept", "dispatch", "sign", "hand_in", "check", "reply", "close", "rate", "review"),
    "merged": ("report", "merge", "unmerge"),
    "split": ("report", "split", "gather", "reply", "close"),
    "split_undone": ("report", "split", "unsplit"),
}


def mermaid() -> str:
    """Return the life cycle as a mermaid state diagram, for the reference pages."""
    lines = ["stateDiagram-v2", "  [*] --> reported: report"]
    for verb in VERBS.values():
        # A verb that may lead anywhere (answering, taking apart again) is named below the diagram.
        if len(targets(verb)) < _ANYWHERE:
            steps = ((a, b) for a in sorted(verb.source) for b in sorted(targets(verb)) if a != b)
            lines.extend(f"  {a.value} --> {b.value}: {verb.code}" for a, b in steps)
    lines.extend(f"  {s.value} --> [*]" for s in sorted(ENDED))
    return "\n".join(lines)


_ANYWHERE = 6
