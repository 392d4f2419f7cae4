"""Measures duplicates on requests of a city whose staff marked them: replayed in time, split by time."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from linli.engines.judgement.rules import duplicates_replay as replay
from linli.engines.judgement.rules.duplicates import Sketch, Weights, sketch
from linli.engines.judgement.services.duplicates_fitting import fit, stacked
from linli.foundation.core.errors import InvalidError

TRAIN_OTHERS, TEST_OTHERS = 6_000, 4_000
ASKED = 0.045  # the threshold is set on what was trained on; a little below the 5 % that it must keep later
_SEED = 35
_REQUEST = (
    "service_request_id", "lat", "long", "requested_datetime", "updated_datetime", "service_code", "description",
    "address", "status", "status_notes",
)  # fmt: skip
_PAIR = ("dup_id", "master_id")
Tell = Callable[[str], None]


def _silent(_words: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured, and the weights that were learned for it."""

    trained: int
    tested: int
    others: int
    figures: tuple[replay.Figures, ...]
    model: Weights


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    if path.suffix == ".parquet":
        try:
            from pyarrow import parquet  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415
        except ImportError as error:
            raise InvalidError(
                _("读取 Parquet 需要 pyarrow。"), code="judgement.parquet", hint=_("也可以先另存为 CSV。")
            ) from error
        for batch in parquet.ParquetFile(path).iter_batches(5_000):
            yield from ({k: "" if v is None else str(v) for k, v in row.items()} for row in batch.to_pylist())
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _checked(path: Path, columns: Iterable[str]) -> Iterator[Mapping[str, str]]:
    """Yield the rows of ``path`` that stand under ``columns``.

    Raises:
        InvalidError: a column is missing, or there is no row.
    """
    empty = True
    for row in _rows(path):
        if empty and (missing := [c for c in columns if c not in row]):
            raise InvalidError(
                _("缺少列：%(names)s。") % {"names": "、".join(missing)},
                code="judgement.columns",
                hint=_("文件 %(name)s 的第一行应有：%(columns)s。")
                % {"name": path.name, "columns": "、".join(columns)},
            )
        empty = False
        yield row
    if empty:
        raise InvalidError(_("文件 %(name)s 里没有数据。") % {"name": path.name}, code="judgement.empty")


def _moment(text: str) -> float:
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _read(path: Path) -> tuple[dict[int, Sketch], dict[int, float], set[int]]:
    """Return (requests, when each was ended, those whose notes speak of a duplicate)."""
    found, closed, marked = {}, {}, set()
    for row in _checked(path, _REQUEST):
        number = row["service_request_id"]
        if not number.isdigit() or not row["lat"] or not row["long"]:
            continue
        id, address = int(number), row["address"]
        found[id] = sketch(
            id=id,
            at=_moment(row["requested_datetime"]),
            point=(float(row["lat"]), float(row["long"])),
            category=row["service_code"],
            text=row["description"],
            address=address,
            key=address.lower(),
        )
        if row["status"] == "closed" and row["updated_datetime"]:
            closed[id] = _moment(row["updated_datetime"])
        if "dup" in row["status_notes"].lower():
            marked.add(id)
    return found, closed, marked


def evaluate(
    requests: Path, pairs: Path, *, since: datetime, model: Weights | None = None, tell: Tell = _silent
) -> Evaluation:
    """Learn from what came before ``since``, measure on what came after.

    Args:
        requests: GeoReport requests, CSV or Parquet. pairs: ``dup_id,master_id``; the later of the two is the new one.
        model: weights to measure instead of learning some.
        tell: is told what is being done.

    Raises:
        InvalidError: a file is not what it should be.
    """
    tell(_("正在读取请求"))
    sketches, closed, marked = _read(requests)
    past = replay.Past(sketches.values(), closed)
    linked: dict[int, int] = {}
    involved: set[int] = set()
    for row in _checked(pairs, _PAIR):
        one, other = int(row["dup_id"]), int(row["master_id"])
        if one not in sketches or other not in sketches or one == other:
            continue
        involved |= {one, other}
        new, old = sorted((one, other), key=lambda i: (sketches[i].at, i), reverse=True)
        linked[new] = old
    cut = since.timestamp()
    tell(_("正在重放 %(count)s 对重复件") % {"count": len(linked)})
    train = [past.replay(sketches[new], old) for new, old in sorted(linked.items()) if sketches[new].at < cut]
    test = [past.replay(sketches[new], old) for new, old in sorted(linked.items()) if sketches[new].at >= cut]
    free = [i for i in sketches if i not in involved and i not in marked]
    before = replay.chosen([i for i in free if sketches[i].at < cut], TRAIN_OTHERS, _SEED)
    after = replay.chosen([i for i in free if sketches[i].at >= cut], TEST_OTHERS, _SEED)
    if model is None:
        tell(_("正在学习权重"))
        others = [past.replay(sketches[i], None) for i in before]
        learned = fit(*stacked((r.pairs, r.truth) for r in (*train, *others[::2])))
        late = [r for r in others if r.new.at >= cut - 366 * 86_400]
        model = Weights(learned.bias, learned.weights, replay.threshold_for(learned, late, ASKED))
    tell(_("正在检验"))
    unseen = [past.replay(sketches[i], None) for i in after]
    figures = (
        replay.Figures("nearest", *replay.recall(replay.by_distance, test)),
        replay.Figures("words", *replay.recall(replay.by_words, test)),
        replay.measure(model, test, unseen),
    )
    return Evaluation(len(train), len(test), len(unseen), figures, model)
