"""A trained model of categories: arrays only, read and written by this code, never by running what is stored; pure."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from linli.engines.judgement.rules import category_features as features
from linli.engines.judgement.rules.category_features import Message

FORMAT = 1
MAX_STORED = 24 * 1024 * 1024
MAX_OPENED = 96 * 1024 * 1024
MAX_LABELS = 400
MAX_CELLS = 8_000_000
_ARRAYS = {
    "buckets": (np.int32, 1), "idf": (np.float32, 1), "weights": (np.float16, 2), "intercept": (np.float32, 1),
    "bias": (np.float32, 1), "scale": (np.float32, 1),
}  # fmt: skip


class BadModelError(ValueError):
    """What is stored is not a model of this format, was changed, or is too large."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One category with what speaks for it.

    Attributes:
        label: code of the category.
        probability: from 0 to 1.
        words: pieces of the text that weighed most, the heaviest first.
    """

    label: str
    probability: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of pieces by category, and how scores become probabilities.

    Attributes:
        labels: codes of the categories, one for each column of ``weights``.
        buckets: columns of :func:`category_features.counts` that are weighed, rising.
        idf: rarity of each.
        weights: piece × category.
        intercept: of each category.
        scale, bias: probabilities are softmax(scale × score + bias).
    """

    labels: tuple[str, ...]
    buckets: np.ndarray
    idf: np.ndarray
    weights: np.ndarray
    intercept: np.ndarray
    scale: float
    bias: np.ndarray

    def scores(self, messages: Sequence[Message]) -> np.ndarray:
        """Return the raw score of each message (row) for each category (column)."""
        table = features.weighed(features.counts(messages), self.buckets, self.idf)
        found: np.ndarray = table @ self.weights + self.intercept
        return found

    def probabilities(self, messages: Sequence[Message]) -> np.ndarray:
        """Return the probability of each category (column) for each message (row); rows sum to 1."""
        if not messages:
            return np.zeros((0, len(self.labels)))
        return softmax(self.scale * self.scores(messages) + self.bias)

    def rank(self, message: Message, most: int = 6) -> list[Ranked]:
        """Return the likeliest categories of one message, best first, with the words that weighed."""
        odds = self.probabilities([message])[0]
        best = np.argsort(-odds, kind="stable")[:most]
        return [Ranked(self.labels[i], float(odds[i]), self.why(message.text, int(i))) for i in best]

    def why(self, text: str, column: int, most: int = 5) -> tuple[str, ...]:
        """Return the pieces of ``text`` that speak for a category more than for the others, the heaviest first.

        Neighbouring pieces that all speak for it are given as one, in the words of the text.
        """
        squeezed, places = features.squeezed_at(text)
        gain = np.zeros(max(len(squeezed) - 1, 0))
        for size, (_row, at, bucket) in zip(features.SIZES, features.pieces([squeezed]), strict=False):
            for start, weight in zip(at.tolist(), self._gains(bucket, column).tolist(), strict=True):
                for place in range(start, min(start + max(size - 1, 1), len(gain))):
                    gain[place] += weight
        return tuple(words for _gain, words in _phrases(text, places, gain)[:most])

    def _gains(self, bucket: np.ndarray, column: int) -> np.ndarray:
        at = np.searchsorted(self.buckets, bucket)
        at[at == len(self.buckets)] = 0
        known = self.buckets[at] == bucket
        rows = self.weights[at]
        gains: np.ndarray = np.where(known, (rows[:, column] - rows.mean(axis=1)) * self.idf[at], 0.0)
        return gains


_LEAST_GAIN = 1e-6
_LONGEST_PHRASE = 8


def _phrases(text: str, places: list[int], gain: np.ndarray) -> list[tuple[float, str]]:
    """Return (gain, words) of the runs of places whose gain is above the mean of those that speak for it."""
    speaking = gain[gain > _LEAST_GAIN]
    if not len(speaking):
        return []
    bar, start = float(speaking.mean()), None
    found: dict[str, float] = {}
    for i in range(len(gain) + 1):
        inside = i < len(gain) and gain[i] >= bar
        inside = inside and (start is None or (i - start < _LONGEST_PHRASE and places[i + 1] - places[i] < 3))
        if inside and start is None:
            start = i
        elif not inside and start is not None:
            words = "".join(text[places[start] : places[i] + 1].split())
            found[words] = max(found.get(words, 0.0), float(gain[start:i].sum()))
            start = None
    return sorted(((g, w) for w, g in found.items()), key=lambda pair: (-pair[0], pair[1]))


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return rows of probabilities."""
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: np.ndarray = grown / grown.sum(axis=1, keepdims=True)
    return found


def dump(model: Model) -> bytes:
    """Return ``model`` as bytes: a zip of plain arrays and the labels as JSON; the same model gives the same bytes."""
    arrays = {
        "buckets": model.buckets, "idf": model.idf, "weights": model.weights, "intercept": model.intercept,
        "bias": model.bias, "scale": np.array([model.scale]),
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        head = json.dumps({"format": FORMAT, "labels": list(model.labels)}, ensure_ascii=False)
        package.writestr(zipfile.ZipInfo("head.json"), head)
        for name, (kind, _dimensions) in _ARRAYS.items():
            part = io.BytesIO()
            np.save(part, arrays[name].astype(kind), allow_pickle=False)
            package.writestr(zipfile.ZipInfo(f"{name}.npy"), part.getvalue(), zipfile.ZIP_DEFLATED)
    content = out.getvalue()
    if len(content) > MAX_STORED:
        message = f"model of {len(content)} bytes"
        raise BadModelError(message)
    return content


def digest(content: bytes) -> str:
    """Return what tells whether a stored model is what was written."""
    return sha256(content).hexdigest()


def load(content: bytes, expected: str) -> Model:
    """Return the model in ``content``.

    Args:
        expected: its :func:`digest` when it was stored.

    Raises:
        BadModelError: it was changed, is too large, or is no model.
    """
    if len(content) > MAX_STORED or digest(content) != expected:
        message = "changed or too large"
        raise BadModelError(message)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(i.file_size for i in package.infolist()) > MAX_OPENED:
                message = "too large when opened"
                raise BadModelError(message)
            head = json.loads(package.read("head.json"))
            arrays = {name: _array(package.read(f"{name}.npy"), *kind) for name, kind in _ARRAYS.items()}
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, UnicodeDecodeError) as error:
        raise BadModelError(str(error)) from error
    except BadModelError:
        raise
    except ValueError as error:
        raise BadModelError(str(error)) from error
    return _checked(head, arrays)


def _array(raw: bytes, kind: Any, dimensions: int) -> np.ndarray:
    found: np.ndarray = np.load(io.BytesIO(raw), allow_pickle=False)
    if found.dtype != kind or found.ndim != dimensions:
        message = "an array of another kind"
        raise BadModelError(message)
    return found


def _checked(head: Any, arrays: dict[str, np.ndarray]) -> Model:
    labels = head.get("labels") if isinstance(head, dict) and head.get("format") == FORMAT else None
    if not isinstance(labels, list) or not all(isinstance(x, str) for x in labels) or len(labels) > MAX_LABELS:
        message = "another format"
        raise BadModelError(message)
    buckets = arrays["buckets"]
    size, wide = len(buckets), len(labels)
    fits = arrays["idf"].shape == (size,) and arrays["weights"].shape == (size, wide) and arrays["scale"].shape == (1,)
    fits = fits and arrays["intercept"].shape == arrays["bias"].shape == (wide,) and size > 0 and wide > 1
    if not fits or buckets.min() < 0 or buckets.max() >= 1 << features.BITS or (np.diff(buckets) <= 0).any():
        message = "arrays that do not fit"
        raise BadModelError(message)
    if not all(np.isfinite(a).all() for a in arrays.values()):
        message = "numbers without value"
        raise BadModelError(message)
    return Model(
        tuple(labels), buckets.astype(np.int64), arrays["idf"], arrays["weights"].astype(np.float32),
        arrays["intercept"], float(arrays["scale"][0]), arrays["bias"],
    )  # fmt: skip
