"""Shorthand of the tests: committees of two 居民区, a year's evaluation, filled sheets of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Submission, Target, Visit
from linli.engines.fieldwork.types import Packet, TargetData
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.ids import uuid7
from linli.foundation.forms import selectors as forms
from linli.foundation.forms.types import Group
from linli.programmes.owners import services
from linli.programmes.owners.models import Drive, Evaluation
from linli.programmes.owners.types import FORM, KIND, DriveData


def committees(world: Any, *names: str, area: str = "陶家宅", **facts: Any) -> list[Target]:
    """Enter committees in a 居民区."""
    fieldwork.load_shipped(now=world.now)
    for name in names:
        data = TargetData(KIND, name, area_id=world.areas[area].pk, facts={"state": "acting", "members": 5, **facts})
        fieldwork.add_target(by=SYSTEM, now=world.now, data=data)
    return [Target.objects.get(kind__code=KIND, name=name) for name in names]


def begin(world: Any, *, by: str = "ducha", **more: Any) -> Drive:
    """Start an evaluation of all of them."""
    day = world.now.date()
    values: dict[str, Any] = {
        "title": "2026 年业委会规范化运行评估", "unit_id": world.units["centre"].pk, "starts_on": day,
        "ends_on": day + timedelta(days=60),
    }  # fmt: skip
    return services.start_drive(by=world.actor(by), now=world.now, data=DriveData(**(values | more)))


def answers(marks: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a filled sheet: everything met, but what ``marks`` says otherwise (no, na)."""
    found: dict[str, Any] = {"day": "2026-03-10"}
    for group in forms.whole_form(FORM).items:
        if isinstance(group, Group):
            found[group.code] = {q.code: (marks or {}).get(q.code, "yes") for q in group.items if q.score is not None}
    return found


def visit_of(drive: Drive, name: str) -> Visit:
    """Return the visit that the evaluation planned to a committee."""
    return Visit.objects.filter(round=drive.round, target__name=name).order_by("pk")[0]


def fill(
    world: Any, drive: Drive, name: str, marks: dict[str, str] | None = None, *, who: str = "shuji", **more: Any
) -> Submission:
    """Send the sheet of one committee in; it waits for its review."""
    packet = Packet(
        uuid=uuid7(), form=FORM, version=1, answers=answers(marks), made_at=more.pop("now", world.now),
        visit=visit_of(drive, name).uuid, **more,
    )  # fmt: skip
    fieldwork.submit(by=world.actor(who), now=packet.made_at, packet=packet)
    return Submission.objects.get(uuid=packet.uuid)


def evaluate(world: Any, drive: Drive, name: str, marks: dict[str, str] | None = None, **more: Any) -> Evaluation:
    """Fill a sheet and let another person accept it."""
    row = fill(world, drive, name, marks, **more)
    fieldwork.accept(by=world.actor("ducha"), now=more.get("now", world.now), submission=row)
    return Evaluation.objects.get(drive=drive, target__name=name)
