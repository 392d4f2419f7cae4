"""``linli duplicates evaluate`` and ``linli topics`` in a process of their own, on files of this project's own."""

import csv
import json
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from linli.engines.judgement.tests.test_rules_topics import CRACKS, KILN, OTHERS
from linli.interfaces.cli.tests.test_program import linli

__all__ = ["linli"]
pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite", reason="the program has a data folder of its own")]
ZH = {"LINLI_LANGUAGE": "zh"}
HEAD = [
    "service_request_id", "lat", "long", "requested_datetime", "updated_datetime", "service_code", "description",
    "address", "status", "status_notes",
]  # fmt: skip


def sheet(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


@pytest.fixture
def city(tmp_path):
    """Return the paths of 240 requests over two years and of the 40 pairs among them."""
    lot, start = Random(7), datetime(2016, 1, 1, tzinfo=UTC)
    rows: list[list[object]] = [[*HEAD]]
    pairs: list[list[object]] = [["dup_id", "master_id"]]
    for n in range(120):
        at, lat, long = start + timedelta(days=6 * n), 42.3 + lot.random() / 20, -71.1 + lot.random() / 20
        for later in range(2):
            same = n % 3 == 0
            lat, long = (lat, long) if same else (42.3 + lot.random() / 20, -71.1 + lot.random() / 20)
            when = (at + timedelta(hours=5 * later)).isoformat()
            text = f"lamp {n} is dark" if same else f"request {n} {later}"
            rows.append([2 * n + later + 1, lat, long, when, "", "lamp", text, f"{n} Main St", "open", ""])
        if n % 3 == 0:
            pairs.append([2 * n + 2, 2 * n + 1])
    return sheet(tmp_path / "requests.csv", rows), sheet(tmp_path / "pairs.csv", pairs)


def test_duplicates_are_replayed_in_time_and_the_figures_printed_and_written(linli, city, tmp_path):
    done = linli("duplicates", "evaluate", *city, "--since", "2017-01-01", "--json", **ZH)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["trained"], told["tested"], told["since"]) == (21, 19, "2017-01-01")
    figures = {f["name"]: f for f in told["figures"]}
    assert set(figures) == {"nearest", "words", "model"}
    assert figures["model"]["five"] == 1.0
    weights = tmp_path / "weights.json"
    table = linli("duplicates", "evaluate", *city, "--shipped", "--write", str(weights), **ZH)
    assert "检验 19 对" in table.stdout
    assert json.loads(weights.read_text(encoding="utf-8"))["weights"]


def test_files_without_their_columns_or_rows_are_refused_by_name(linli, city, tmp_path):
    requests, _pairs = city
    bad = sheet(tmp_path / "bad.csv", [["one", "two"], [1, 2]])
    done = linli("duplicates", "evaluate", requests, bad, **ZH)
    assert done.returncode == 1
    assert "缺少列：dup_id、master_id。" in done.stderr
    assert "bad.csv" in done.stderr
    empty = sheet(tmp_path / "empty.csv", [HEAD])
    done = linli("duplicates", "evaluate", empty, bad, **ZH)
    assert done.returncode == 1
    assert "empty.csv" in done.stderr


def test_topics_of_a_sheet_are_printed_with_all_messages_and_written(linli, tmp_path):
    every = [*KILN, *CRACKS, *OTHERS]
    rows = [[f"m{n}", f"u{n}", title, f"2026-03-{n + 1:02d} 09:00:00", text] for n, (title, text) in enumerate(every)]
    rows[0][2] += "[/b]"
    path = sheet(tmp_path / "messages.csv", [["编号", "用户", "主题", "时间", "详情"], *rows])
    written = tmp_path / "topics.csv"
    done = linli("topics", path, "--write", str(written), **ZH)
    assert done.returncode == 0, done.stderr
    assert "4 人，4 件，4 天" in done.stdout
    assert all(f"m{n} 2026-03-{n + 1:02d}" in done.stdout for n in range(7))
    lines = csv.DictReader(written.read_text(encoding="utf-8-sig").splitlines())
    assert [line["id"] for line in lines][:4] == ["m0", "m1", "m2", "m3"]
    told = json.loads(linli("topics", path, "--top", "1", "--json", **ZH).stdout)
    assert (told["messages"], told["top"][0]["people"]) == (len(every), 4)
    assert told["top"][0]["messages"] == ["m0", "m1", "m2", "m3"]


def test_help_says_what_a_command_reads_and_that_it_changes_nothing(linli):
    for words in (("duplicates", "evaluate"), ("topics",)):
        done = linli(*words, "--help", COLUMNS="200", **ZH)
        assert done.returncode == 0
        assert "不改动任何数据" in done.stdout
        assert "--json" in done.stdout
