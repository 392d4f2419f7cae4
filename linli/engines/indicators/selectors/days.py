"""Days as figures mean them: of the installation's zone, both ends of a period counted in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

# Over how many days a figure is counted at most: three years.
LONGEST_DAYS = 1_100


def zone() -> ZoneInfo:
    """Return the zone in which a day begins."""
    return ZoneInfo(settings.TIME_ZONE)


def begins(day: date) -> datetime:
    """Return the moment at which a day begins."""
    return datetime.combine(day, time(), zone())


def ends(day: date) -> datetime:
    """Return the moment at which a day is over: the next one's beginning."""
    return begins(day + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are counted, both counted in."""

    since: date
    until: date

    @classmethod
    def last(cls, days: int, until: date) -> Period:
        """Return the period of ``days`` days that ends with ``until``."""
        return cls(until - timedelta(days=days - 1), until)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    def before(self) -> Period:
        """Return the period of the same length just before."""
        return Period.last(self.days, self.since - timedelta(days=1))
