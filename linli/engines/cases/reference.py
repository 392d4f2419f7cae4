"""The life cycle of a case as a page of the reference, written from the tables."""

from __future__ import annotations

from linli.engines.cases.workflow import (
    CLOSERS,
    HAPPY_PATHS,
    STAGE_STATES,
    STATES,
    UNHAPPY_PATHS,
    VERBS,
    State,
    mermaid,
    targets,
)
from linli.foundation.people.types import role_names


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(c) for c in cells) + " |"


def _states() -> list[str]:
    lines = [_row("code", "staff", "residents", "step", "owner", "open", "own clock"), _row(*["---"] * 7)]
    for state, facts in STATES.items():
        stage = facts.stage.value if facts.stage else ""
        owner, step = facts.owner.label, facts.step.label
        lines.append(
            _row(f"`{state.value}`", state.label, facts.resident, step, owner, "yes" if facts.open else "", stage)
        )
    return lines


def _verbs() -> list[str]:
    lines = [_row("verb", "word", "from", "to", "who", "where held", "needs", "rule"), _row(*["---"] * 8)]
    for verb in VERBS.values():
        source = "any" if verb.source == frozenset(State) else ", ".join(sorted(verb.source)) or "—"
        target = ", ".join(targets(verb)) or "stays"
        who = role_names(verb.roles) or "系统"
        lines.append(
            _row(f"`{verb.code}`", verb.label, source, target, who, verb.scope.label, ", ".join(verb.needs), verb.rule)
        )
    return lines


def markdown() -> str:
    """Return the page."""
    closers = [f"- {level.label}: {role_names(roles)}" for level, roles in CLOSERS.items()]
    stages = [f"- `{s.value}` {s.label}: {', '.join(sorted(states))}" for s, states in STAGE_STATES.items()]
    paths = [f"- {name}: {' → '.join(verbs)}" for name, verbs in [*HAPPY_PATHS.items(), *UNHAPPY_PATHS.items()]]
    parts = [
        "# The life cycle of a case",
        "",
        "One table of states and one of verbs drive pages, errors, this page and the tests.",
        "",
        "```mermaid",
        mermaid(),
        "```",
        "",
        "## States",
        "",
        *_states(),
        "",
        "## Verbs",
        "",
        *_verbs(),
        "",
        "## In which states a clock may run",
        "",
        *stages,
        "",
        "## Who closes which level",
        "",
        *closers,
        "",
        "## Ways through",
        "",
        *paths,
    ]
    return "\n".join(parts)
