"""``linli classify`` in a process of its own, on a sheet of this project's own."""

import csv
import json

import pytest

from linli.engines.judgement.tests.messages import corpus
from linli.interfaces.cli.tests.test_program import linli
from tests.world import MORNING

__all__ = ["linli"]
pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite", reason="the program has a data folder of its own")]
ZH = {"LINLI_LANGUAGE": "zh"}


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "messages.csv"
    with path.open("w", encoding="utf8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["编号", "正文", "分类"])
        table.writerows([e.key, e.message.text, e.label] for e in corpus(MORNING))
    return path


def test_a_sheet_is_measured_without_changing_anything(linli, sheet):
    assert linli("migrate").returncode == 0
    done = linli("classify", "evaluate", str(sheet), "--json", **ZH)
    assert done.returncode == 0, done.stderr
    (told,) = json.loads(done.stdout)
    assert told["taught"] + told["count"] == 440
    assert told["macro_f1"] > 0.9
    again = json.loads(linli("classify", "evaluate", str(sheet), "--json", **ZH).stdout)[0]
    assert {k: again[k] for k in ("taught", "macro_f1", "error", "bytes")} == {
        k: told[k] for k in ("taught", "macro_f1", "error", "bytes")
    }
    table = linli("classify", "evaluate", str(sheet), "--rotate", **ZH)
    assert "第 5 份" in table.stdout
    other = linli("classify", "evaluate", str(sheet), "--test", str(sheet), **ZH)
    assert other.returncode == 1  # every row has its copy there: nothing is left to learn from


def test_a_sheet_teaches_and_what_is_no_category_is_said(linli, sheet):
    assert linli("migrate").returncode == 0
    done = linli("classify", "train", str(sheet), **ZH)
    assert done.returncode == 1
    assert "没有“noise”这个分类，110 行不学。" in done.stderr


@pytest.mark.parametrize("words", [[], ["--closed", "SHEET"]])
def test_one_source_and_only_one(linli, sheet, words):
    done = linli("classify", "train", *[str(sheet) if w == "SHEET" else w for w in words], **ZH)
    assert done.returncode == 2
    assert "二者取一" in done.stderr


def test_a_sheet_without_the_columns_is_refused(linli, tmp_path):
    (tmp_path / "a.csv").write_text("甲,乙\n1,2\n", encoding="utf8")
    done = linli("classify", "evaluate", str(tmp_path / "a.csv"), **ZH)
    assert done.returncode == 2
    assert "找不到正文或分类的列" in done.stderr
