"""``linli import article`` in a process of its own."""

import sqlite3
from contextlib import closing

import pytest

from linli.interfaces.cli.tests.test_program import linli
from linli.programmes.documents.tests.papers import bad_papers, encrypted

pytestmark = pytest.mark.slow
__all__ = ["linli"]
TEXT = """街道召开推进会

街道党工委书记提出要求，一是加强巡查，6月底前完成29个小区排查；二是落实责任，由社区管理办公室负责。

（街道社区党建办）
"""


def test_an_article_is_read_told_of_and_taken_once(linli, tmp_path):
    assert linli("migrate").returncode == 0
    text = tmp_path / "会议.txt"
    text.write_text(TEXT, encoding="gb18030")
    done = linli("import", "article", str(text), "--kind", "minutes", LINLI_LANGUAGE="zh")
    assert done.returncode == 0, done.stderr
    for words in ("已导入：街道召开推进会", "街道社区党建办", "要求", "数字", "/desk/documents/"):
        assert words in done.stdout
    again = linli("import", "article", str(text), LINLI_LANGUAGE="zh")
    assert again.returncode == 1
    assert "该文件已于" in again.stdout
    locked = tmp_path / "a.pdf"
    locked.write_bytes(encrypted())
    refused = linli("import", "article", str(locked), LINLI_LANGUAGE="zh")
    assert refused.returncode == 1
    assert "有密码" in refused.stderr
    assert "Traceback" not in refused.stderr


# Each is a process of its own: one of every sort; the page is shown them all.
SHOWN = {"广告.txt", "英文.txt", "损坏.docx", "空.txt", "带宏.docx", "压缩炸弹.docx", "其实是图片.pdf"}


def test_bad_files_are_refused_in_chinese_with_what_to_do_and_nothing_stays(linli, tmp_path):
    assert linli("migrate").returncode == 0
    for bad in (b for b in bad_papers() if b.name in SHOWN):
        file = tmp_path / bad.name
        file.write_bytes(bad.content)
        refused = linli("import", "article", str(file), LINLI_LANGUAGE="zh")
        said = "".join(refused.stderr.split())
        assert refused.returncode == 1, bad.name
        for words in (bad.wrong, bad.todo):
            assert "".join(words.split()) in said, (bad.name, refused.stderr)
        assert "Traceback" not in said
        assert ("--anyway" in said) == (bad.name in {"广告.txt", "英文.txt"})
    counted = []
    for base in (tmp_path / "data").rglob("*.sqlite3"):
        with closing(sqlite3.connect(base)) as connection:
            for table in ("documents_document", "documents_block", "files_storedfile"):
                if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
                    counted += connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert counted == [0, 0, 0]
    kept = linli("import", "article", str(tmp_path / "广告.txt"), "--anyway", LINLI_LANGUAGE="zh")
    assert kept.returncode == 0, kept.stderr
