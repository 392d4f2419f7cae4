"""Every command of the program, in a process of its own."""

import json
import signal
import sqlite3
import subprocess
import time
from typing import Any

import openpyxl
import pytest

from linli.engines.cases.tests.letters import letters, workbook
from linli.interfaces.cli.tests.test_program import linli

pytestmark = pytest.mark.slow
__all__ = ["linli"]


@pytest.fixture
def ready(linli):
    assert linli("migrate").returncode == 0
    return linli


def _sheet(path, header, rows):
    book = openpyxl.Workbook()
    table: Any = book.active
    table.append(header)
    for row in rows:
        table.append(row)
    book.save(path)
    return path


def test_backup_verify_and_restore(ready, tmp_path):
    archive, keys = tmp_path / "b.zip", tmp_path / "keys.bin"
    made = ready("backup", str(archive), "--keys", str(keys))
    assert made.returncode == 0, made.stderr
    assert archive.stat().st_size > 0
    checked = ready("verify")
    assert checked.returncode == 0, checked.stderr
    again = ready("restore", str(archive), "--keys", str(keys), "--replace")
    assert again.returncode == 0, again.stderr


def test_worker_runs_is_seen_by_doctor_and_stops(ready):
    running = subprocess.Popen(
        ready.command("worker", "--poll", "0.1"), env=ready.environment, stderr=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    assert running.stderr.readline().strip()  # it says that it has begun
    time.sleep(1)
    assert running.poll() is None
    running.send_signal(signal.SIGTERM)
    assert running.wait(20) == 0
    running.stderr.close()
    findings = {f["name"]: f for f in json.loads(ready("doctor", "--json", LINLI_LANGUAGE="zh").stdout)}
    assert "后台进程 main" in findings
    assert findings["工作日历 main"]["text"]


def test_import_says_what_it_took_and_writes_what_it_did_not(ready, tmp_path):
    header = ["留言编号", "留言主题", "留言时间", "留言详情", "分类"]
    rows = [
        [1, "路灯不亮", "2019/2/28 11:25:05", "弄堂里路灯坏了三天", ""],
        [2, "怪事", "昨天", "不知道归谁管", "飞碟"],
    ]
    sheet, bad = _sheet(tmp_path / "m.xlsx", header, rows), tmp_path / "bad.xlsx"
    dry = ready("import", "messages", str(sheet), "--dry-run", LINLI_LANGUAGE="zh")
    assert dry.returncode == 1, dry.stderr
    assert "可导入 1 行，已有 0 行，需修改 1 行" in dry.stdout
    again = ready("import", "messages", str(sheet), "--dry-run", LINLI_LANGUAGE="zh")
    assert "还没有分类" in again.stderr, "a dry run leaves nothing behind"
    empty = ready("import", "hotline", str(sheet), LINLI_LANGUAGE="zh")
    assert empty.returncode == 1
    done = ready("import", "messages", str(sheet), "--errors", str(bad), LINLI_LANGUAGE="zh")
    assert "导入 1 行，已有 0 行，需修改 1 行" in done.stdout
    mended: Any = openpyxl.load_workbook(bad).active
    assert [c.value for c in mended[1]][-1] == "待修改原因"


def _cases(data):
    """Return how many cases, first events and reporters there are, read beside the program."""
    with sqlite3.connect(f"file:{data}/namespaces/main.sqlite3?mode=ro", uri=True) as database:
        tables = ("cases_case", "cases_caseevent", "cases_reporter")
        return tuple(database.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables)


def test_an_import_that_is_killed_goes_on_where_it_was(ready, tmp_path):
    rows, data = letters(160), ready.environment["LINLI_DATA"]
    (tmp_path / "letters.xlsx").write_bytes(workbook(rows))
    running = subprocess.Popen(
        ready.command("import", "messages", str(tmp_path / "letters.xlsx")), env=ready.environment, text=True
    )
    deadline = time.monotonic() + 120
    while _cases(data)[0] < 20 and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    running.kill()
    running.wait(20)
    cut = _cases(data)
    assert 20 <= cut[0] < len(rows) - 3
    assert len(set(cut)) == 1, "whole cases only"
    again = ready("import", "messages", str(tmp_path / "letters.xlsx"), LINLI_LANGUAGE="zh")
    assert f"已有 {cut[0]} 行，需修改 3 行" in again.stdout
    assert "行读出了地点" in again.stdout
    assert _cases(data) == (len(rows) - 3,) * 3, "nothing twice, nothing lost"


def test_a_file_that_is_no_sheet_is_refused_in_words(ready, tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04 no")
    done = ready("import", "messages", str(tmp_path / "x.xlsx"), LINLI_LANGUAGE="zh")
    assert done.returncode == 1
    assert "xlsx" in done.stderr
    assert "Traceback" not in done.stderr
