"""The tool that installs what the machine lacks, on a machine of stubs."""

import os
import shutil
import subprocess

import pytest

from tests.repository.files import ROOT


@pytest.fixture
def machine(tmp_path):
    """A PATH with nothing but stubs: dpkg-query knows no package, apt-get writes down what it is asked."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def stub(name, body):
        path = folder / name
        path.write_text(f"#!{shutil.which('bash')}\n{body}\n")
        path.chmod(0o755)

    stub("dpkg-query", "exit 1")
    stub("apt-get", f'echo "$@" >> {tmp_path}/asked')
    stub("id", "echo 1000")

    def need(*packages):
        return subprocess.run(
            [shutil.which("bash"), "tools/system.sh", *packages],
            cwd=ROOT, env={"PATH": str(folder), "HOME": os.fspath(tmp_path)}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True,
        )  # fmt: skip

    def asked():
        path = tmp_path / "asked"
        return path.read_text().splitlines() if path.exists() else []

    need.stub, need.asked, need.folder = stub, asked, folder
    return need


def test_without_the_right_the_line_is_printed_and_the_code_is_2(machine):
    done = machine("need", "chromium", "fonts-noto-cjk")
    assert done.returncode == 2
    assert "sudo apt-get update && sudo apt-get install -y chromium fonts-noto-cjk" in done.stderr
    assert machine.asked() == []


def test_sudo_that_asks_for_a_password_nobody_can_type_is_no_right(machine):
    machine.stub("sudo", "exit 1")
    assert machine("need", "chromium").returncode == 2
    assert machine.asked() == []


def test_root_installs_and_says_so_beforehand(machine):
    machine.stub("id", "echo 0")
    done = machine("need", "chromium", "fonts-noto-cjk")
    assert done.returncode == 0
    assert "apt-get install chromium fonts-noto-cjk" in done.stderr
    assert machine.asked() == ["update -qq", "install -y -qq --no-install-recommends chromium fonts-noto-cjk"]


def test_sudo_installs(machine):
    machine.stub("sudo", 'if [[ "$1" == -n ]]; then exit 0; fi; "$@"')
    assert machine("need", "fonts-noto-cjk").returncode == 0
    assert machine.asked()[-1].endswith("fonts-noto-cjk")


def test_what_is_there_is_not_installed(machine):
    machine.stub("dpkg-query", "printf 'install ok installed'")
    machine.stub("chromium", "exit 0")
    assert machine("need", "chromium", "fonts-noto-cjk").returncode == 0
    assert machine.asked() == []


def test_another_system_without_apt_is_told_what_is_missing(machine):
    (machine.folder / "apt-get").unlink()
    done = machine("need", "chromium")
    assert done.returncode == 2
    assert "Missing: chromium" in done.stderr


def test_wrong_usage(machine):
    assert machine("install", "chromium").returncode == 2
