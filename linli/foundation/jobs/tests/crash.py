"""Run in a process of its own by test_crash.py: ``prepare``, ``hang`` (until killed) or ``finish``."""

import os
import sys
import time
from datetime import timedelta
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "linli.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from linli.foundation.core import clock, namespaces  # noqa: E402
from linli.foundation.jobs import queue, services  # noqa: E402
from linli.foundation.jobs.models import Job  # noqa: E402

step, marker = sys.argv[1], Path(sys.argv[2])
namespaces.set_process_default("crash_test")


@services.handler("test.work")
def work(payload, now):
    if step == "hang":
        marker.write_text("begun")
        time.sleep(120)
    marker.write_text("done")


if step == "prepare":
    call_command("migrate", verbosity=0)
    services.enqueue(name="test.work", payload={}, now=clock.now())
elif step == "hang":
    services.run_due(now=clock.now())
else:
    assert services.run_due(now=clock.now()) == 0, "taken before the lease ended"
    assert services.run_due(now=clock.now() + queue.LEASE + timedelta(seconds=1)) == 1
    assert not Job.objects.exists()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute('DROP SCHEMA "crash_test" CASCADE')
