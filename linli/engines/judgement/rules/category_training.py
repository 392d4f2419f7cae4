"""Training a model of categories and measuring it; pure, CPU only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from linli.engines.judgement.rules import category_features as features
from linli.engines.judgement.rules import category_splitting as splitting
from linli.engines.judgement.rules.category import MAX_CELLS, MAX_LABELS, Model, softmax
from linli.engines.judgement.rules.category_features import Message

FOLDS = 5
LEAST_ROWS = 2  # of a category, for it to be learnt at all
LEAST_IN, LEAST_IN_MANY, MANY = 2, 3, 2_000  # rows that a piece stands in, also where there are many rows
PENALTY = 1.0
GRAVITY = 3.0  # how much more a piece counts that stands in the rows of one category alone
BINS = 10
_STIFF = 1e-3
_LEAST_SHARE = 1e-4


class TooLittleError(ValueError):
    """There are not two categories with enough rows each."""


@dataclass(frozen=True, slots=True)
class Example:
    """One message whose category is known.

    Attributes:
        key: its lasting id, by which it falls on one side of a split.
        message: what is asked.
        label: code of its category.
    """

    key: str
    message: Message
    label: str


@dataclass(frozen=True, slots=True)
class Report:
    """How a model did on rows that it had not seen.

    Attributes:
        count: rows.
        accuracy: share that is right when it must always answer.
        macro_f1: mean of F1 over the categories that occur.
        error: expected calibration error over :data:`BINS` bins of equal width.
        bins: (rows, mean probability, share that was right) of each bin.
        coverage, precision: share decided at ``threshold``, and share of those that is right.
        threshold: of the probability.
        confusion: (true, said) → rows.
        by_label: label → (rows, precision, recall, F1).
        likely: mean probability of the best category.
    """

    count: int
    accuracy: float
    macro_f1: float
    error: float
    bins: tuple[tuple[int, float, float], ...]
    coverage: float
    precision: float | None
    threshold: float
    confusion: Mapping[tuple[str, str], int]
    by_label: Mapping[str, tuple[int, float, float, float]]
    likely: float
    more: Mapping[str, Any] = field(default_factory=dict)


def learnable(examples: Sequence[Example], least: int = LEAST_ROWS) -> list[Example]:
    """Return the rows whose category has at least ``least`` of them and whose text says anything."""
    said = [e for e in examples if features.squeezed(e.message.text)]
    count: dict[str, int] = {}
    for e in said:
        count[e.label] = count.get(e.label, 0) + 1
    often = sorted((k for k, n in count.items() if n >= least), key=lambda k: (-count[k], k))[:MAX_LABELS]
    kept = set(often)
    return [e for e in said if e.label in kept]


def train(examples: Sequence[Example], group: Sequence[int] | None = None) -> tuple[Model, np.ndarray]:
    """Return a model, and its probabilities for ``examples`` as if each had not been learnt from.

    A linear machine for each category (squared hinge, weighed against their sizes) on weighed pieces; scores
    become probabilities by one scale and a bias for each category, fitted to the scores that models gave to the
    fifth of the rows which they had not learnt from. Near-copies never stand on both sides.

    Args:
        examples: from :func:`learnable`.
        group: the group of near-copies of each; None: found here.

    Raises:
        TooLittleError: fewer than two categories.
    """
    labels = sorted({e.label for e in examples})
    if len(labels) < 2:
        message = "fewer than two categories"
        raise TooLittleError(message)
    table = features.counts([e.message for e in examples])
    truth = np.searchsorted(np.array(labels), np.array([e.label for e in examples]))
    group = splitting.groups([e.message.text for e in examples]) if group is None else group
    part = splitting.folds([e.key for e in examples], group, FOLDS)
    scores = np.zeros((len(examples), len(labels)))
    fair = np.ones(len(examples), dtype=bool)
    for fold in range(FOLDS):
        seen, unseen = part != fold, part == fold
        if not unseen.any() or len(np.unique(truth[seen])) < 2:
            fair &= ~unseen
            continue
        fitted = _fit(table[seen], truth[seen], len(labels))
        scores[unseen] = features.weighed(table[unseen], fitted[0], fitted[1]) @ fitted[2] + fitted[3]
        # A category without a row in ``seen`` has no score there.
        fair &= ~unseen | np.isin(truth, truth[seen])
    scale, bias = _calibrate(scores[fair], truth[fair], len(labels))
    buckets, idf, weights, intercept = _fit(table, truth, len(labels))
    model = Model(tuple(labels), buckets, idf, weights.astype(np.float32), intercept, scale, bias)
    return model, softmax(scale * scores + bias)


Fitted = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _fit(table: features.Counts, truth: np.ndarray, wide: int) -> Fitted:
    """Return (buckets, idf, weights, intercept) of a linear machine for each of ``wide`` categories."""
    from sklearn.svm import LinearSVC  # noqa: PLC0415  half a second and 60 MB: only where something is trained

    rows = table.shape[0]
    inside = np.bincount(table.indices, minlength=table.shape[1])
    buckets = np.nonzero(inside >= (LEAST_IN_MANY if rows >= MANY else LEAST_IN))[0]
    most = MAX_CELLS // wide
    if len(buckets) > most:
        told = _telling(table, truth, wide, inside)
        buckets = np.sort(buckets[np.argsort(-told[buckets], kind="stable")[:most]])
    idf = np.log((1 + rows) / (1 + inside[buckets])) + 1
    idf = (idf * (1 + GRAVITY * _gravity(table[:, buckets], truth, wide))).astype(np.float32)
    machine = LinearSVC(C=PENALTY, class_weight="balanced", tol=1e-2, random_state=0, max_iter=3_000)
    machine.fit(features.weighed(table, buckets, idf), truth)
    weights = np.zeros((len(buckets), wide), dtype=np.float32)
    intercept = np.full(wide, -1.0, dtype=np.float32)
    if len(machine.classes_) == 2:
        first, second = machine.classes_
        weights[:, first], weights[:, second] = -machine.coef_[0], machine.coef_[0]
        intercept[first], intercept[second] = -machine.intercept_[0], machine.intercept_[0]
    else:
        weights[:, machine.classes_] = machine.coef_.T
        intercept[machine.classes_] = machine.intercept_
    return buckets, idf, weights, intercept


def _gravity(table: features.Counts, truth: np.ndarray, wide: int) -> np.ndarray:
    """Return for each piece how far it stands in few categories: 1 for one alone, near 0 for all alike.

    It is the greatest share of a category's rows that have the piece, over the sum of all shares, each times its rank.
    """
    from scipy.sparse import csr_matrix  # noqa: PLC0415  heavy, and every process imports this module

    rows = table.shape[0]
    of = csr_matrix((np.ones(rows), (truth, np.arange(rows))), shape=(wide, rows))
    share = (of @ (table > 0)).toarray() / np.maximum(np.bincount(truth, minlength=wide), 1)[:, None]
    share = -np.sort(-(share + _LEAST_SHARE), axis=0)
    found: np.ndarray = share[0] / (share * np.arange(1, wide + 1)[:, None]).sum(axis=0)
    return found


def _telling(table: features.Counts, truth: np.ndarray, wide: int, inside: np.ndarray) -> np.ndarray:
    """Return how much each piece tells of the categories: χ² of standing in a row against the row's category."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415  heavy, and every process imports this module

    rows = table.shape[0]
    of = csr_matrix((np.ones(rows), (truth, np.arange(rows))), shape=(wide, rows))
    seen = (of @ (table > 0)).toarray()
    share = np.bincount(truth, minlength=wide)[:, None] / rows
    expected = share * inside
    found: np.ndarray = ((seen - expected) ** 2 / np.maximum(expected, 1e-9)).sum(axis=0)
    return found


def _calibrate(scores: np.ndarray, truth: np.ndarray, wide: int) -> tuple[float, np.ndarray]:
    """Return (scale, bias) that make the probabilities of the true categories greatest, biases held near 0."""
    from scipy.optimize import minimize  # noqa: PLC0415  heavy, and every process imports this module

    if len(truth) < 2 * wide:
        return 2.0, np.zeros(wide, dtype=np.float32)
    row = np.arange(len(truth))
    own = np.zeros((len(truth), wide))
    own[row, truth] = 1

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        odds = softmax(np.exp(x[0]) * scores + x[1:])
        value = -np.log(np.maximum(odds[row, truth], 1e-12)).mean() + _STIFF * (x[1:] ** 2).sum()
        away = (odds - own) / len(truth)
        slope = np.concatenate([[(away * scores).sum() * np.exp(x[0])], away.sum(axis=0) + 2 * _STIFF * x[1:]])
        return float(value), slope

    found = minimize(loss, np.concatenate([[np.log(2.0)], np.zeros(wide)]), jac=True, method="L-BFGS-B").x
    return float(np.exp(found[0])), found[1:].astype(np.float32)


def cut_for(odds: np.ndarray, right: np.ndarray, precision: float) -> float:
    """Return the least probability such that of the rows at or above it ``precision`` are right; above 1: none.

    Args:
        odds: probability of the best category of each row.
        right: whether it is the true one.
    """
    order = np.argsort(-odds, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    # Rows of the same probability are decided together.
    ends = np.append(odds[order][1:] != odds[order][:-1], True) if len(order) else np.zeros(0, dtype=bool)
    good = np.nonzero((share >= precision) & ends)[0]
    return float(odds[order][good[-1]]) if len(good) else 1.01


def measure(odds: np.ndarray, labels: Sequence[str], truth: Sequence[str], threshold: float) -> Report:
    """Return how probabilities (row × label) fit the true labels; one unknown to the model is missed."""
    names = np.array(labels)
    true = np.array(truth)
    if not len(true):
        return Report(0, 0.0, 0.0, 0.0, (), 0.0, None, threshold, {}, {}, 0.0)
    said, best = names[odds.argmax(axis=1)], odds.max(axis=1)
    right = said == true
    confusion: dict[tuple[str, str], int] = {}
    for pair in zip(true.tolist(), said.tolist(), strict=True):
        confusion[pair] = confusion.get(pair, 0) + 1
    by_label = {label: _figures(label, confusion) for label in sorted(set(true.tolist()))}
    decided = best >= threshold
    bins = _bins(best, right)
    return Report(
        count=len(true), accuracy=float(right.mean()),
        macro_f1=float(np.mean([f for _n, _p, _r, f in by_label.values()])),
        error=sum(n * abs(p - share) for n, p, share in bins) / len(true), bins=bins,
        coverage=float(decided.mean()), precision=float(right[decided].mean()) if decided.any() else None,
        threshold=threshold, confusion=confusion, by_label=by_label, likely=float(best.mean()),
    )  # fmt: skip


def _figures(label: str, confusion: Mapping[tuple[str, str], int]) -> tuple[int, float, float, float]:
    hit = confusion.get((label, label), 0)
    there = sum(n for (true, _said), n in confusion.items() if true == label)
    named = sum(n for (_true, said), n in confusion.items() if said == label)
    precision = hit / named if named else 0.0
    recall = hit / there if there else 0.0
    return there, precision, recall, 2 * precision * recall / (precision + recall) if hit else 0.0


def _bins(best: np.ndarray, right: np.ndarray) -> tuple[tuple[int, float, float], ...]:
    place = np.minimum((best * BINS).astype(int), BINS - 1)
    return tuple(
        (int((place == b).sum()), float(best[place == b].mean()), float(right[place == b].mean()))
        if (place == b).any()
        else (0, 0.0, 0.0)
        for b in range(BINS)
    )


def drift(before: Mapping[str, int], after: Mapping[str, int]) -> float:
    """Return the population stability index of two counts by label: 0 alike, from 0.25 on clearly another mix."""
    names = sorted(set(before) | set(after))
    if not names:
        return 0.0
    was = np.array([before.get(n, 0) + 0.5 for n in names])
    now = np.array([after.get(n, 0) + 0.5 for n in names])
    was, now = was / was.sum(), now / now.sum()
    return float(((now - was) * np.log(now / was)).sum())
