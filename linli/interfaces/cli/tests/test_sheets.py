"""``linli import sheet``, ``linli import undo``, ``linli export sheet`` in a process of their own."""

import signal
import sqlite3
import subprocess
import time

import pytest

from linli.foundation.sheets.tests.books import book, cells, opened, saved
from linli.interfaces.cli.tests.test_program import linli

__all__ = ["linli"]
pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite", reason="the program has a data folder of its own")]
ZH = {"LINLI_LANGUAGE": "zh"}
HEAD = ["单位名称", "单位类型", "电话"]


@pytest.fixture
def ready(linli):
    assert linli("migrate").returncode == 0
    return linli


def count(linli, table, where="1"):
    with sqlite3.connect(
        f"file:{linli.environment['LINLI_DATA']}/namespaces/main.sqlite3?mode=ro", uri=True
    ) as database:
        return database.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]


def test_a_sheet_is_tried_imported_mended_and_undone(ready, tmp_path):
    sheet, bad = tmp_path / "单位.xlsx", tmp_path / "bad.xlsx"
    sheet.write_bytes(book([HEAD, ["一队", "城管", "1"], ["二队", "飞碟", "2"]]))
    dry = ready("import", "sheet", "units", str(sheet), "--dry-run", **ZH)
    assert dry.returncode == 1
    assert "可新增 1 行，修改 0 行，不变 0 行，有错 1 行。" in dry.stdout
    assert "第 3 行：单位类型：没有“飞碟”这个选项。" in dry.stdout
    assert count(ready, "people_unit") == count(ready, "sheets_batch") == 0
    done = ready("import", "sheet", "units", str(sheet), "--errors", str(bad), **ZH)
    assert done.returncode == 1
    assert count(ready, "people_unit") == 1
    mended = opened(bad.read_bytes())
    mended.active.cell(2, 2).value = "城管"
    bad.write_bytes(saved(mended))
    assert ready("import", "sheet", "units", str(bad), **ZH).returncode == 0
    assert count(ready, "people_unit") == 2
    number = done.stdout.rsplit("linli import undo ", 1)[1].split()[0]
    undone = ready("import", "undo", number, **ZH)
    assert (undone.returncode, undone.stdout.strip()) == (0, "已撤销，全部恢复原样。")
    assert ready("import", "undo", number, **ZH).returncode == 1
    assert count(ready, "people_unit") == 1


def test_what_is_exported_comes_in_again_and_changes_nothing(ready, tmp_path):
    sheet, out = tmp_path / "a.xlsx", tmp_path / "out.xlsx"
    sheet.write_bytes(book([HEAD, ["一队", "城管", "1"]]))
    ready("import", "sheet", "units", str(sheet))
    assert ready("export", "sheet", "units", str(out), **ZH).returncode == 0
    assert cells(out.read_bytes())[1][1] == "一队"
    same = ready("import", "sheet", "units", str(out), **ZH)
    assert (same.returncode, "新增 0 行，修改 0 行，不变 1 行，有错 0 行。" in same.stdout) == (0, True)
    assert ready("export", "sheet", "units", str(out), "--template", **ZH).returncode == 0
    assert "示例" in cells(out.read_bytes())[1][0]


def test_wrong_use_and_wrong_files_end_with_their_codes(ready, tmp_path):
    sheet = tmp_path / "a.xlsx"
    sheet.write_bytes(b"PK\x03\x04")
    unknown = ready("import", "sheet", "spoons", str(sheet), **ZH)
    assert (unknown.returncode, "units（单位）" in unknown.stderr) == (2, True)
    assert ready("export", "sheet", "spoons", str(sheet)).returncode == 2
    assert ready("import", "sheet", "units", str(sheet)).returncode == 1
    assert ready("import", "sheet", "units", str(tmp_path / "none.xlsx")).returncode == 2
    assert ready("import", "undo", "7").returncode == 2
    assert ready("export", "sheet", "units", str(tmp_path / "no" / "x.xlsx"), **ZH).returncode == 1


def test_an_import_killed_half_way_is_started_again_and_each_row_is_in_once(ready, tmp_path):
    sheet, many = tmp_path / "楼.xlsx", 6000
    sheet.write_bytes(book([["名称", "类型", "地址"], *([f"{n}号楼", "楼幢", f"长宁路{n}弄1号"] for n in range(many))]))
    words = ready.command("import", "sheet", "places", str(sheet))
    running = subprocess.Popen(words, env=ready.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while count(ready, "places_place") == 0:
        assert running.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    running.wait()
    half = count(ready, "places_place")
    assert 0 < half < many
    assert half % 1000 == 0
    assert count(ready, "sheets_batchchange") == half
    again = ready("import", "sheet", "places", str(sheet), **ZH)
    assert f"新增 {many - half} 行，修改 0 行，不变 {half} 行，有错 0 行。" in again.stdout
    assert count(ready, "places_place") == many
    assert count(ready, "journal_entry", "verb = 'places.add_place'") == many
