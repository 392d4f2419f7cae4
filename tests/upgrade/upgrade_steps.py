"""What somebody does who takes 0.1.0's data to this version, in a process of its own: ``ARCHIVE KEYS``."""

import os
import sys
from datetime import timedelta
from pathlib import Path

import django

os.environ |= {"DJANGO_SETTINGS_MODULE": "linli.settings", "LINLI_DEMO": "1", "LINLI_NAMESPACE": "main"}
Path(os.environ["LINLI_DATA"], "static").mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
django.setup()

from django.test import Client  # noqa: E402

from linli.engines.cases import services  # noqa: E402
from linli.engines.cases.models import Case  # noqa: E402
from linli.engines.cases.permissions import get_case_for  # noqa: E402
from linli.engines.cases.workflow import State  # noqa: E402
from linli.foundation.accounts.models import User  # noqa: E402
from linli.foundation.core import clock, namespaces  # noqa: E402
from linli.foundation.journal import services as journal  # noqa: E402
from linli.foundation.people import selectors as people  # noqa: E402
from linli.interfaces.cli import backup, databases  # noqa: E402
from tests.login import log_in  # noqa: E402
from tests.upgrade.make_archive import NOW, PASSPHRASE  # noqa: E402

LATER = NOW + timedelta(hours=1)


def client_of(username):
    """Return a browser with ``username`` logged in."""
    user = User.objects.get(username=username)
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    return log_in(Client(HTTP_HOST="localhost"), user)


def main(archive, keys):
    """Restore, which migrates; verify; read; close a case."""
    result = backup.restore(archive, keys=keys, passphrase=PASSPHRASE)
    namespaces.set_process_default("main")
    assert databases.unapplied("main") == []
    report = journal.verify()
    assert report.ok, report.problem
    assert report.entries == result.rows["main"]["journal_entry"]
    assert Case.objects.count() == result.rows["main"]["cases_case"] > 80
    with clock.frozen(LATER):
        reads()
        closes()
    assert journal.verify().ok


def reads():
    """Open the lists, the wall, the console and a case."""
    desk, admin = client_of("paidan"), client_of("xitong")
    for page in ("/desk/", "/desk/?tab=closed", "/wall/", "/desk/notifications/"):
        assert desk.get(page).status_code == 200, page
    for page in ("/console/", "/console/people/", "/console/units/", "/console/screens/"):
        assert admin.get(page).status_code == 200, page
    for number in Case.objects.order_by("id").values_list("number", flat=True)[::20]:
        assert desk.get(f"/desk/cases/{number}/").status_code == 200, number


def closes():
    """Close a case that only waits for the answer to who reported it."""
    case = Case.objects.filter(state=State.TO_REPLY, level="general", open_orders=0).first()
    assert case is not None
    by = people.actor_for(User.objects.get(username="paidan"), LATER)
    case = get_case_for(by, case.number)
    for reporter in case.reporters.all():
        services.reply(by=by, now=LATER, case=case, way="phone", text="已处理，谢谢您的反映。", reporter_id=reporter.pk)
        case = get_case_for(by, case.number)
    answer = client_of("paidan").post(
        f"/desk/cases/{case.number}/act/close/", {"version": case.version, "reason": "已反馈，结案。"}
    )
    assert answer.status_code < 400, answer.content.decode()[:2000]
    case.refresh_from_db()
    assert (case.state, case.is_open) == (State.CLOSED, False)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
