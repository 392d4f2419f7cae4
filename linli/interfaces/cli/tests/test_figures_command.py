"""``linli figures rebuild``: says how many cases were counted, and what a day that is none is."""

import pytest

from linli.interfaces.cli.tests.test_program import linli

pytestmark = pytest.mark.slow
__all__ = ["linli"]


def test_figures_are_counted_again(linli):
    assert linli("migrate").returncode == 0
    done = linli("figures", "rebuild")
    assert (done.returncode, "0" in done.stdout) == (0, True), done.stderr
    wrong = linli("figures", "rebuild", "--readings-since", "yesterday")
    assert wrong.returncode == 2
    assert "YYYY-MM-DD" in wrong.stderr
