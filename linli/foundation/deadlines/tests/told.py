"""A handler whose memory is in the database, so that what is rolled back is forgotten."""

from datetime import UTC, date, datetime

from linli.foundation.deadlines.events import on_mark
from linli.foundation.deadlines.types import ClockStart, Duration, Unit
from linli.foundation.rulebook.models import RuleEntry

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)  # a Monday, 10:00 in Shanghai


class Crash(BaseException):
    """The machine stops."""


class Told:
    """Notes each mark as a row; fails for poisoned subjects, crashes when told to."""

    def __init__(self, kind="case"):
        self.poisoned = set()
        self.crash_in = None
        self.calls = []
        on_mark(kind)(self)

    def __call__(self, reached, now):
        self.calls.append(len(reached))
        RuleEntry.objects.bulk_create([self._row(r, now) for r in reached])
        if self.crash_in is not None:
            self.crash_in -= 1
            if self.crash_in < 0:
                raise Crash
        if any(r.subject_id in self.poisoned for r in reached):
            raise ZeroDivisionError("poison")

    @staticmethod
    def _row(reached, now):
        return RuleEntry(
            code=f"told.c{reached.subject_id}.p{reached.percent}.r{reached.round}",
            value={"subject": reached.subject_id, "percent": reached.percent, "at": reached.at.isoformat()},
            mark="G",
            valid_from=date(2000, 1, 1),
            entered_at=now,
        )

    @property
    def marks(self):
        """Every mark told and not rolled back, in the order told: (subject, percent)."""
        rows = RuleEntry.objects.filter(code__startswith="told.").order_by("id")
        return [(r.value["subject"], r.value["percent"]) for r in rows]

    @property
    def moments(self):
        rows = RuleEntry.objects.filter(code__startswith="told.").order_by("id")
        return [datetime.fromisoformat(r.value["at"]) for r in rows]

    def clear(self):
        RuleEntry.objects.filter(code__startswith="told.").delete()


def start(subject=1, amount=10, unit=Unit.NATURAL_HOURS, stage="handle", kind="case", **more):
    return ClockStart(kind, subject, None, stage, duration=Duration(amount, unit), **more)
