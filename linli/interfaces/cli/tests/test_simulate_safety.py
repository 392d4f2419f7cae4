"""Nothing real is simulated in, and no clock but a simulation's own can be set."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

import linli
from linli.foundation.core import clock
from linli.interfaces.cli import main
from linli.interfaces.cli.simulate import marking

KEY = "k" * 43
MOMENT = datetime(2026, 3, 10, 2, tzinfo=UTC)


@pytest.fixture
def simulated(tmp_path, settings, monkeypatch):
    """The application around a product that says what time it is."""
    key = marking.mark(tmp_path)
    settings.DATA, settings.DEMO = tmp_path, True
    monkeypatch.setenv(marking.KEY, key)
    from linli.interfaces.cli.simulate import served

    def product(environ, start):
        start("200 OK", [])
        return [clock.now().isoformat().encode()]

    return Asked(served.Simulated(product, key), key)


class Asked:
    def __init__(self, application, key):
        self.application, self.key = application, key

    def ask(self, path, body="", *, key=None, address="127.0.0.1", method="POST"):
        said = []
        environ = {
            "PATH_INFO": path, "REQUEST_METHOD": method, "REMOTE_ADDR": address, "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body.encode()), "HTTP_X_LINLI_SIMULATION": self.key if key is None else key,
        }  # fmt: skip
        answer = b"".join(self.application(environ, lambda status, _heads: said.append(status)))
        return int(said[0][:3]), answer.decode()


def test_a_request_happens_at_the_moment_that_was_set_and_only_it(simulated):
    assert simulated.ask("/report/")[0] == 503
    assert simulated.ask("/-/simulate/clock", MOMENT.isoformat())[0] == 200
    assert simulated.ask("/report/") == (200, MOMENT.isoformat())
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    later = MOMENT + timedelta(hours=3)
    assert simulated.ask("/-/simulate/clock", later.isoformat())[0] == 200
    assert simulated.ask("/", method="GET") == (200, later.isoformat())


@pytest.mark.parametrize("body", [(MOMENT - timedelta(seconds=1)).isoformat(), "2026-03-11T00:00:00", "soon", ""])
def test_time_does_not_go_back_and_has_a_zone(simulated, body):
    simulated.ask("/-/simulate/clock", MOMENT.isoformat())
    assert simulated.ask("/-/simulate/clock", body)[0] == 400
    assert simulated.ask("/")[1] == MOMENT.isoformat()


@pytest.mark.parametrize(
    "wrong",
    [{"key": ""}, {"key": KEY}, {"address": "192.0.2.7"}, {"address": ""}, {"method": "GET"}],
    ids=["no key", "another key", "another machine", "no address", "GET"],
)
@pytest.mark.parametrize("act", ["clock", "turn", "rules", "facts", "nothing"])
def test_nobody_but_the_driver_sets_anything(simulated, act, wrong):
    simulated.ask("/-/simulate/clock", MOMENT.isoformat())
    body = (MOMENT + timedelta(days=1)).isoformat()
    assert simulated.ask(f"/-/simulate/{act}", body, **wrong)[0] == 404
    assert simulated.ask("/")[1] == MOMENT.isoformat()


@pytest.mark.django_db
def test_the_product_itself_knows_no_such_address_and_no_such_header(client):
    from linli.wsgi import application

    assert type(application).__module__.startswith("django.")
    before = clock.now()
    for act in ("clock", "turn", "rules", "facts"):
        answer = client.post(
            f"/-/simulate/{act}", "2001-01-01T00:00:00+00:00", content_type="text/plain",
            HTTP_X_LINLI_SIMULATION=KEY,
        )  # fmt: skip
        assert answer.status_code == 404
    assert clock.now() >= before


def test_no_room_of_the_product_knows_of_the_simulation():
    package = Path(linli.__file__).parent
    own = package / "interfaces" / "cli"
    naming = [
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if own not in path.parents and "cli.simulate" in path.read_text(encoding="utf8")
    ]
    assert naming == []


@pytest.mark.slow
@pytest.mark.parametrize("case", ["no mark", "another key", "no key", "no demonstration"])
def test_the_application_does_not_start_outside_a_simulation(tmp_path, case):
    folder = tmp_path / "data"
    folder.mkdir()
    key = "" if case == "no mark" else marking.mark(folder)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LINLI_")}
    environment |= {"LINLI_DATA": str(folder), "LINLI_DEMO": "0" if case == "no demonstration" else "1"}
    environment |= {} if case == "no key" else {marking.KEY: KEY if case == "another key" else key or KEY}
    done = subprocess.run(
        [sys.executable, "-c", "import linli.interfaces.cli.simulate.served"],
        env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "ImproperlyConfigured" in done.stderr
    assert not list(folder.glob("namespaces/*"))


@pytest.mark.parametrize("holds", ["registry.sqlite3", "keys/secret-key", "anything.txt"])
def test_a_folder_with_anything_else_in_it_is_refused_and_left_as_it_is(tmp_path, holds):
    path = tmp_path / holds
    path.parent.mkdir(exist_ok=True)
    path.write_text("real")
    with pytest.raises(marking.NotSimulatedError):
        marking.mark(tmp_path)
    done = CliRunner().invoke(main.app, ["simulate", "--data", str(tmp_path)])
    assert done.exit_code == 2
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()) == [holds]
    assert path.read_text() == "real"


def test_the_folder_of_this_installation_is_refused_even_where_it_is_empty(tmp_path, monkeypatch):
    monkeypatch.setenv("LINLI_DATA", str(tmp_path))
    assert CliRunner().invoke(main.app, ["simulate", "--data", str(tmp_path)]).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_marked_folder_opens_to_its_own_key_alone(tmp_path):
    key = marking.mark(tmp_path)
    marking.check(tmp_path, key)
    assert key not in (tmp_path / marking.MARK).read_text()
    for wrong in ("", KEY, key[:-1]):
        with pytest.raises(marking.NotSimulatedError):
            marking.check(tmp_path, wrong)
    again = marking.mark(tmp_path)
    with pytest.raises(marking.NotSimulatedError):
        marking.check(tmp_path, key)
    marking.check(tmp_path, again)
    (tmp_path / marking.MARK).write_text(json.dumps([1]))
    with pytest.raises(marking.NotSimulatedError):
        marking.check(tmp_path, again)


@pytest.mark.parametrize(
    "words",
    [
        ["atlantis"], ["--set", "nonsense"], ["--lose", "grid:3=two"], ["--lose", "grid:9=1"], ["--lose", "grid:3=99"],
        ["--capacity", "desk"], ["--keep"], ["--days", "0"], ["--scale", "0"], ["--seeds", "0"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_ends_with_2_before_anything_is_made(words, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert CliRunner().invoke(main.app, ["simulate", *words]).exit_code == 2
    assert list(tmp_path.iterdir()) == []
