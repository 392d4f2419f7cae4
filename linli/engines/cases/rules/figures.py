"""Pure arithmetic of the day's figures: shares, satisfaction, small cells, the days of a trend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, both shown: a rate without its numbers says little."""

    part: float
    whole: int

    @property
    def percent(self) -> float | None:
        """Hundredths, None where there is nothing to divide by: blank, not 0 or 100."""
        return 100 * self.part / self.whole if self.whole else None


def satisfaction(ratings: Mapping[str, int], weights: Mapping[str, float]) -> Share:
    """Return the weighted ratings over how many were given (满意率＝Σ权重÷已评价件数); the unrated are left out.

    Args:
        ratings: rating code → how many.
        weights: rating code → its weight from 0 to 1; a rating without one is left out.
    """
    known = {code: n for code, n in ratings.items() if code in weights and n > 0}
    return Share(sum(float(weights[code]) * n for code, n in known.items()), sum(known.values()))


def band(percent: float | None, good: float, fair: float) -> str:
    """Return how a rate is shaded: ``none`` (too few to say), ``good``, ``fair`` or ``poor``."""
    if percent is None:
        return "none"
    if percent >= good:
        return "good"
    return "fair" if percent >= fair else "poor"


def cells(counts: Mapping[Key, int], minimum: int, limit: int) -> list[tuple[Key, int]]:
    """Return the ``limit`` largest of ``counts``, largest first, without those below ``minimum``."""
    kept = [(key, n) for key, n in counts.items() if n >= max(1, minimum)]
    return sorted(kept, key=lambda pair: (-pair[1], str(pair[0])))[:limit]


def below(path: str, areas: Iterable[str]) -> str | None:
    """Return of the paths ``areas`` the longest in which ``path`` lies, None where it lies in none."""
    return max((a for a in areas if path.startswith(a)), key=len, default=None)


def days(now: datetime, count: int, zone: ZoneInfo) -> list[tuple[date, datetime, datetime]]:
    """Return (day, its beginning, the next one's) of the last ``count`` days in ``zone``, today last."""
    today = now.astimezone(zone).date()
    found = []
    for back in range(count - 1, -1, -1):
        day = today - timedelta(days=back)
        found.append(
            (day, datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone))
        )
    return found
