"""Categories from their names and residents' words alone, for the first day; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linli.engines.judgement.rules.category import Ranked

# How much there must be for a probability near one: one word of two characters gives 0.68, one of three 0.83.
_DOUBT = 1.9
_LEAST_ALIKE = 4
_ALIKE = 0.6


def _hits(text: str, names: Sequence[str]) -> list[tuple[float, str]]:
    """Return (weight, words) of the names that stand in ``text`` (or it in them), or mostly do, in other order."""
    found: list[tuple[float, str]] = []
    for name in sorted({n.strip().lower() for n in names if n.strip()}, key=lambda n: (-len(n), n)):
        if name in text or (len(text) >= 2 and text in name):
            found.append((float(len(name)), name))
        elif len(name) >= _LEAST_ALIKE:
            pairs = {name[i : i + 2] for i in range(len(name) - 1)}
            share = sum(p in text for p in pairs) / len(pairs)
            if share >= _ALIKE:
                found.append((share * len(name) / 2, name))
    return found


def rank(text: str, names: Mapping[str, Sequence[str]], most: int = 6) -> list[Ranked]:
    """Return the categories whose names or words stand in ``text``, best first, with how sure that makes.

    Args:
        text: in the person's words.
        names: label → its names and words, in the order that breaks ties.
    """
    squeezed = "".join(text.lower().split())
    if not squeezed:
        return []
    scored = [(sum(w for w, _n in hits), label, hits) for label, n in names.items() if (hits := _hits(squeezed, n))]
    scored.sort(key=lambda row: -row[0])
    total = sum(score**2 for score, _label, _hits in scored) + _DOUBT
    return [
        Ranked(label, score**2 / total, tuple(n for _w, n in sorted(hits, key=lambda h: -h[0])[:5]))
        for score, label, hits in scored[:most]
    ]


def joined(learned: Sequence[Ranked], worded: Sequence[Ranked], known: Sequence[str], most: int = 6) -> list[Ranked]:
    """Return what a model says, and what words say of categories that it has never seen; probabilities sum to ≤ 1.

    Args:
        learned: what the model says.
        worded: what names and words say.
        known: labels that the model was trained on.
    """
    seen = set(known)
    new = [r for r in worded if r.label not in seen]
    left = max(0.0, 1.0 - sum(r.probability for r in new))
    both = [Ranked(r.label, r.probability * left, r.words) for r in learned] + new
    return sorted(both, key=lambda r: -r.probability)[:most]


def threshold(wrong: float, look: float) -> float:
    """Return from which probability on a guess is worth making: 1 - cost of choosing oneself ÷ cost of an error.

    Chow's rule: a guess of probability p costs (1 - p) × wrong, none costs ``look``.

    Raises:
        ValueError: a cost is not positive.
    """
    if wrong <= 0 or look <= 0:
        message = "costs are positive"
        raise ValueError(message)
    return max(0.0, 1.0 - look / wrong)
