import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from linli.foundation.core.db import fresh
from tests.processes import environment


def schema(tmp_path, name, way):
    command = [sys.executable, str(Path(__file__).with_name("schema.py")), name, way]
    done = subprocess.run(command, env=environment(tmp_path), check=True, timeout=1200, capture_output=True, text=True)
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_database_built_afresh_is_the_one_that_the_migrations_make(tmp_path):
    at_once, filled, recorded = schema(tmp_path, "tried_fresh", "fresh")
    by_steps, filled_by_steps, recorded_by_steps = schema(tmp_path, "tried_steps", "steps")
    assert len(at_once) > 1000
    assert sorted(set(at_once) - set(by_steps)) == sorted(set(by_steps) - set(at_once)) == []
    assert recorded == recorded_by_steps
    assert len(recorded) > 30
    assert filled == filled_by_steps == [], "a migration makes rows of its own: build() must make them too"


@pytest.mark.django_db
def test_a_database_with_tables_is_never_built_over():
    assert not fresh.is_empty(connection)
    with pytest.raises(ValueError, match="only an empty database"):
        fresh.build(connection)
