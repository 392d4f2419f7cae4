"""From marks to a grade, and how far every committee was evaluated (全覆盖).

No official list of indicators or grades is published: the thresholds are the rulebook's, marked as a design value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from linli.programmes.owners.types import Grade, Limits, Line


@dataclass(frozen=True, slots=True)
class Result:
    """What an evaluation comes to.

    Attributes:
        earned, full: marks over the indicators that apply.
        vetoes: codes of the indicators with a veto that failed.
        grade: None where nothing applies: blank, neither failed nor excellent.
    """

    earned: Decimal
    full: Decimal
    vetoes: tuple[str, ...]
    grade: Grade | None


def judged(lines: Iterable[Line], limits: Limits) -> Result:
    """Return the marks and the grade of an evaluation.

    Marks stay as they were earned where a veto fails; the grade is then 不合格 whatever they are.
    """
    counted = [line for line in lines if line.earned is not None]
    earned = sum((line.earned or Decimal(0) for line in counted), Decimal(0))
    full = sum((line.full for line in counted), Decimal(0))
    vetoes = tuple(line.code for line in counted if line.veto and line.failed)
    if not full:
        return Result(earned, full, vetoes, None)
    return Result(
        earned, full, vetoes, Grade.FAILED if vetoes else _grade(Fraction(earned) * 100 / Fraction(full), limits)
    )


def _grade(percent: Fraction, limits: Limits) -> Grade:
    for least, grade in (
        (limits.excellent, Grade.EXCELLENT), (limits.good, Grade.GOOD), (limits.passed, Grade.PASSED)
    ):  # fmt: skip
        if percent >= least:
            return grade
    return Grade.FAILED


@dataclass(frozen=True, slots=True)
class Covered:
    """One 居民区: the committees there are, those evaluated, and those left.

    Attributes:
        left: keys of the committees not evaluated yet.
    """

    area: str
    whole: int
    done: int
    left: tuple[int, ...]

    @property
    def share(self) -> Fraction | None:
        """Evaluated by all; None where there is no committee."""
        return Fraction(self.done, self.whole) if self.whole else None


def covered(committees: Mapping[int, str], evaluated: Iterable[int], areas: Iterable[str]) -> list[Covered]:
    """Return the coverage of each area, in the order given; what lies in none of them comes last, under "".

    Args:
        committees: key → path of the area in which it lies.
        evaluated: keys; those of committees that are no longer there count nowhere.
        areas: paths of the areas that are told apart.
    """
    done, paths = set(evaluated), list(areas)
    groups: dict[str, list[int]] = {path: [] for path in paths}
    for key, path in committees.items():
        groups.setdefault(next((p for p in paths if path.startswith(p)), ""), []).append(key)
    return [
        Covered(area, len(keys), sum(k in done for k in keys), tuple(k for k in keys if k not in done))
        for area, keys in groups.items()
        if keys
    ]
