"""``linli places evaluate`` in a process of its own."""

import pytest

from linli.interfaces.cli.tests.test_program import linli

__all__ = ["linli"]
pytestmark = [pytest.mark.slow, pytest.mark.only_on("sqlite", reason="the program has a data folder of its own")]
ZH = {"LINLI_LANGUAGE": "zh"}


def test_own_phrases_and_labelled_addresses_are_measured(linli, tmp_path):
    assert linli("migrate").returncode == 0
    phrases = tmp_path / "phrases.csv"
    phrases.write_text("text,answer,area,place\n楼上漏水,none,,\n陶家宅小区漏水,certain,陶家宅,\n", encoding="utf8")
    done = linli("places", "evaluate", str(phrases), **ZH)
    assert done.returncode == 0, done.stderr
    assert "× 陶家宅小区漏水" in done.stdout, "nothing is known of this town yet"
    assert "0.000" in done.stdout
    labelled = tmp_path / "labelled.txt"
    lines = ["文 B-road", "一 I-road", "路 I-road", "969 B-roadno", "号 I-roadno", ""]
    labelled.write_text("\n".join(lines), encoding="utf8")
    done = linli("places", "evaluate", "--addresses", str(labelled), **ZH)
    assert done.returncode == 0, done.stderr
    assert "道路" in done.stdout


@pytest.mark.parametrize("content", ["text,answer,area,place\n甲,maybe,,\n", "text\n甲\n"])
def test_a_sheet_that_cannot_be_read_is_said(linli, tmp_path, content):
    assert linli("migrate").returncode == 0
    phrases = tmp_path / "phrases.csv"
    phrases.write_text(content, encoding="utf8")
    done = linli("places", "evaluate", str(phrases), **ZH)
    assert done.returncode == 1
    assert "列名是 text、answer、area、place" in done.stderr
