"""Values that cross the door of the room `surveys`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SurveyData:
    """A survey as it is planned.

    Attributes:
        form: code of the form.
        area_id: where; None: the whole subdistrict.
        ways: by which answers come, of ``workflow.Way``.
        former: the survey of which this is the next wave.
    """

    title: str
    form: str
    unit_id: int
    opens_on: date
    closes_on: date
    ways: tuple[str, ...]
    intro: str = ""
    area_id: int | None = None
    former: UUID | None = None


@dataclass(frozen=True, slots=True)
class FrameData:
    """From whom is drawn, and how many.

    Attributes:
        sizes: code of the 居民区 → households (shops) there.
        kind: code of the ledger from which doors are drawn; empty: numbers alone.
        seed: written down before the draw.
        margin: half the width in points at which the whole is to be known.
        least: of each 居民区 at least so many.
    """

    sizes: Mapping[str, int] = field(default_factory=dict)
    kind: str = ""
    seed: str = ""
    margin: int = 5
    least: int = 30
