"""The sync as a whole, over HTTP, by the app's own outbox: whatever the line and the phone do, nothing is lost.

The schedules are drawn from a seed: messages and answers lost, sent twice, late and in another order, the phone cut off
between any two writes, two tabs at once. In the end, on a good line, the server holds each record once.
"""

import base64
import json
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from frontend.build import tools
from linli.engines.cases.models import Case
from linli.engines.fieldwork.models import Attempt, Deed, Submission
from linli.foundation.core import clock
from linli.foundation.files.models import StoredFile
from linli.interfaces.field.tests.stage import picture, staged
from tests.login import session_key

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HERE = Path(__file__).parent
SCHEDULES = 220


def drive(stage, live_server, *, seed, count, many=0):
    user = stage.world.users["chengguan"]
    scene = stage.scene
    asked = {
        "url": live_server.url, "cookie": f"{settings.SESSION_COOKIE_NAME}={session_key(user)}",
        "owner": str(user.uuid), "round": str(scene.round.uuid), "visit": str(scene.visits[0].uuid),
        "seed": seed, "count": count, "many": many,
        "now": stage.world.now.isoformat(), "jpeg": base64.b64encode(picture()).decode(),
    }  # fmt: skip
    done = subprocess.run(
        [tools()[0], str(HERE / "outbox_schedules.mjs"), json.dumps(asked)],
        capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_two_hundred_records_with_photos_resume_without_sending_again_what_arrived(live_server, world, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: world.now)
    stage = staged(world, None)
    (found,) = drive(stage, live_server, seed=7, count=1, many=200)
    assert found.get("error") is None
    assert found["stuck"] == []
    assert found["cuts"] > 10
    assert Submission.objects.count() == 200
    assert StoredFile.objects.filter(deleted_at=None).count() == 200
    assert found["uploads"] == [1] * 200  # each photo reached the server once
    assert found["records"] == 200  # and each record


# Seed 99 sends a correction twice at once.
@pytest.mark.parametrize(("seed", "count"), [(90, 20), pytest.param(1, SCHEDULES, marks=pytest.mark.soak)])
def test_any_order_of_loss_repeat_and_crash_ends_in_the_same_state(live_server, world, monkeypatch, seed, count):
    monkeypatch.setattr(clock, "now", lambda: world.now)
    stage = staged(world, None)
    found = drive(stage, live_server, seed=seed, count=count)
    assert len(found) == count
    assert [f for f in found if f.get("error")] == []
    assert [(f["seed"], f["stuck"]) for f in found if f["stuck"]] == []
    made = [row for f in found for row in f["made"]]
    kinds = {kind: [r for r in made if r["kind"] == kind] for kind in ("record", "attempt", "finding")}
    rows = {str(s.uuid): s for s in Submission.objects.select_related("former").prefetch_related("files__file")}
    assert set(rows) == {r["id"] for r in kinds["record"]}
    for sent in kinds["record"]:
        row = rows[sent["id"]]
        assert sorted(f.file.sha256 for f in row.files.all()) == sorted(sent["photos"])
        assert (str(row.former.uuid) if row.former else None) == sent["former"]
    assert sorted(map(str, Attempt.objects.values_list("uuid", flat=True))) == sorted(r["id"] for r in kinds["attempt"])
    assert Case.objects.count() == len(kinds["finding"])
    assert Deed.objects.count() == len(kinds["attempt"]) + len(kinds["finding"])
