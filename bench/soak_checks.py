"""What must hold after a soak, whatever was killed when."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from linli.engines.cases.models import Case, CaseEvent, Reporter
from linli.engines.cases.services.work import TRACKED
from linli.foundation.core import clock
from linli.foundation.core.folding import fold, plain
from linli.foundation.deadlines import services as deadlines
from linli.foundation.deadlines.models import Clock
from linli.foundation.jobs import selectors as jobs_read
from linli.foundation.jobs import services as jobs
from linli.foundation.journal import services as journal
from linli.foundation.journal.models import Entry

Check = tuple[str, bool, str]


def _settle() -> int:
    """Run what is left: jobs whose lease ran out with a killed worker, marks that came meanwhile."""
    now = clock.now()
    told = 0
    for _i in range(50):
        told += deadlines.sweep(now=now)
        jobs.drain(now=now)
        left = jobs_read.counts(now=now)
        if not (left.due or left.running or left.waiting):
            break
        now += timedelta(minutes=10)
    return told


def _rows_are_folds() -> Check:
    wrong = []
    for case in Case.objects.iterator(chunk_size=200):
        changes = CaseEvent.objects.filter(case=case).order_by("seq").values_list("seq", "changes")
        row = fold(c for _seq, c in changes)
        differs = [name for name in TRACKED if plain(getattr(case, name)) != row.get(name)]
        if differs or [seq for seq, _c in changes] != list(range(1, case.version + 1)):
            wrong.append(f"{case.number}: {', '.join(differs[:4])}")
    return "every case row is the fold of its events", not wrong, "; ".join(wrong[:3])


def _reports(sent: dict[str, bool]) -> list[Check]:
    here = Counter(str(u) for u in Case.objects.values_list("uuid", flat=True))
    lost = [u for u, answered in sent.items() if answered and u not in here]
    strange = [u for u in here if u not in sent]
    doubled = Case.objects.count() - Reporter.objects.values("case_id").distinct().count()
    return [
        ("no answered report is lost", not lost, f"{len(lost)} of {len(sent)}" if lost else ""),
        ("no case that nobody sent", not strange, f"{len(strange)}" if strange else ""),
        ("each report once, with its one reporter", doubled == 0 and Reporter.objects.count() == len(here), ""),
    ]


def _journal() -> list[Check]:
    written = Entry.objects.filter(kind="case").count()
    events = CaseEvent.objects.count()
    now = clock.now()
    journal.seal_all(now=now)
    found = journal.verify()
    return [
        ("one journal entry for each event", written == events, f"{written} entries, {events} events"),
        (
            "the journal's seals verify",
            found.ok and found.unsealed == 0,
            str(found.problem or f"{found.entries} entries"),
        ),
    ]


def _escalations() -> list[Check]:
    told = Counter()
    for case_id, data in CaseEvent.objects.filter(verb="escalate").values_list("case_id", "data"):
        told[(case_id, data["stage"], data["mark"], data["due"])] += 1
    twice = [key for key, n in told.items() if n > 1]
    now = clock.now()
    due = Clock.objects.filter(ended_at=None, isolated_at=None, next_mark_at__lte=now).count()
    isolated = Clock.objects.filter(isolated_at__isnull=False).count()
    return [
        ("each mark is told once", not twice, f"{sum(told.values())} told" if not twice else str(twice[:3])),
        ("no mark is left untold", due == 0, f"{due} due" if due else ""),
        ("no clock is isolated", isolated == 0, f"{isolated}" if isolated else ""),
    ]


def check(sent: dict[str, bool]) -> dict[str, Any]:
    """Settle, then look; return the checks and how much there was."""
    _settle()
    left = jobs_read.counts(now=clock.now() + timedelta(hours=9))
    checks = [_rows_are_folds(), *_reports(sent), *_journal(), *_escalations()]
    checks.append(("the outbox is drained", not (left.due or left.running or left.waiting), str(left)))
    checks.append(("no dead job", left.dead == 0, f"{left.dead}" if left.dead else ""))
    states = Counter(Case.objects.values_list("state", flat=True))
    return {
        "checks": checks,
        "cases": Case.objects.count(),
        "events": CaseEvent.objects.count(),
        "states": dict(states),
    }
