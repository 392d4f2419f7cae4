"""``linli mailbox``: the list, a name that nobody has; the rest is the same as on the console."""

import pytest

from linli.interfaces.cli.tests.test_program import linli

pytestmark = pytest.mark.slow
__all__ = ["linli"]


def test_the_mailboxes_are_listed_and_an_unknown_one_is_named(linli):
    assert linli("migrate").returncode == 0
    listed = linli("mailbox", "list")
    assert listed.returncode == 0, listed.stderr
    for command in ("try", "look"):
        wrong = linli("mailbox", command, "没有的")
        assert (wrong.returncode, "没有的" in wrong.stderr) == (2, True), wrong.stderr
