"""What ``linli serve`` refuses, and how processes that run together end together."""

import sys

import pytest
import typer
from typer.testing import CliRunner

from linli.foundation.core import clock
from linli.interfaces.cli import main, serving, set_up


@pytest.mark.django_db
@pytest.mark.parametrize(("demo", "active", "refused"), [
    (False, True, True), (False, False, False), (True, True, False),
])  # fmt: skip
def test_demo_accounts_are_served_in_the_demonstration_only(settings, demo, active, refused):
    settings.DEMO = demo
    set_up.accounts().create(username="demo", is_demo=True, is_active=active, created_at=clock.now())
    if refused:
        with pytest.raises(typer.Exit) as stopped:
            serving.check_ready()
        assert stopped.value.exit_code == 1
    else:
        serving.check_ready()


def test_when_one_process_fails_the_others_are_stopped_and_its_code_is_ours(monkeypatch):
    monkeypatch.setattr("linli.interfaces.cli.serving.signal.signal", lambda *_: None)
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    failing = [sys.executable, "-c", "raise SystemExit(7)"]
    assert serving.run_together([sleeper, failing]) == 7


def test_a_part_that_is_not_there_ends_with_a_word_and_code_1(capsys):
    with pytest.raises(typer.Exit) as stopped:
        set_up.part("linli.interfaces.cli.nowhere")
    assert stopped.value.exit_code == 1
    assert "linli.interfaces.cli.nowhere" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["serve", "--port", "0"], ["serve", "--workers", "0"], ["nonsense"], ["accounts", "create"]]
)
def test_wrong_usage_ends_with_2(words):
    assert CliRunner().invoke(main.app, words).exit_code == 2
