"""Makes the archive of a small demonstration by the version at hand: ``make_archive.py TARGET.zip KEYS``.

Run it in a checkout of the version that the archive is of (``git worktree add … <commit>``), with an empty
``LINLI_DATA`` and ``LINLI_DATABASE`` of the kind wanted; the archives beside this file were made so.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

os.environ |= {"DJANGO_SETTINGS_MODULE": "linli.settings", "LINLI_DEMO": "1", "LINLI_NAMESPACE": "main"}
django.setup()

from linli.foundation.core import clock, namespaces  # noqa: E402
from linli.interfaces.cli import backup, databases  # noqa: E402
from linli.interfaces.cli.demo.load import load  # noqa: E402

# What opens the keys beside the archives: they guard invented people.
PASSPHRASE = "upgrade-test"
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

if __name__ == "__main__":
    target, keys = map(Path, sys.argv[1:])
    namespaces.set_process_default("main")
    databases.prepare("main", title="演示街道", demo=True)
    with clock.frozen(NOW):
        load(small=True, now=NOW)
    backup.backup(target, now=NOW, keys=keys, passphrase=PASSPHRASE)
