"""Fits the weights of duplicates: from pairs that people judged, starting from weights that are there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from linli.engines.judgement.rules.duplicates import FEATURES, Weights


def fit(
    rows: Sequence[Sequence[float]], same: Sequence[bool], *, start: Weights | None = None, firm: float = 1.0
) -> Weights:
    """Return weights that tell pairs of one matter from others.

    Args:
        rows: figures of pairs, in the order of ``FEATURES``. same: whether each is one matter.
        start: weights to stay near to; ``firm``: how near. With few judgements little is moved.
    """
    import numpy as np  # noqa: PLC0415  heavy: only where something is learned
    from scipy.optimize import minimize  # noqa: PLC0415

    x: Any = np.asarray(rows, dtype=float).reshape(-1, len(FEATURES))
    y: Any = np.asarray(same, dtype=float)
    mean, spread = (x.mean(axis=0), x.std(axis=0)) if start is None else (np.zeros(x.shape[1]), np.ones(x.shape[1]))
    spread = np.where(spread < 1e-9, 1.0, spread)
    z = np.column_stack([np.ones(len(x)), (x - mean) / spread])
    origin = np.zeros(z.shape[1]) if start is None else np.array([start.bias, *start.weights])
    held = np.ones(z.shape[1])
    held[0] = 0.0 if start is None else 1.0

    def loss(w: Any) -> tuple[float, Any]:
        total = z @ w
        value = np.logaddexp(0, total).sum() - (y * total).sum() + firm / 2 * (held * (w - origin) ** 2).sum()
        return float(value), z.T @ (1 / (1 + np.exp(-total)) - y) + firm * held * (w - origin)

    w = minimize(loss, origin, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    weights = w[1:] / spread
    bias = float(w[0] - (weights * mean).sum())
    return Weights(bias, tuple(float(v) for v in weights), start.threshold if start else 0.5)


def stacked(groups: Iterable[tuple[Sequence[Any], int | None]]) -> tuple[list[tuple[float, ...]], list[bool]]:
    """Return the figures of all pairs of (pairs, the id that is the same matter) and whether each is it."""
    rows, same = [], []
    for pairs, truth in groups:
        for pair in pairs:
            rows.append(pair.figures)
            same.append(pair.id == truth)
    return rows, same
