"""Shorthand of the tests: the library in use, points, a trial, records of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.models import Target, Visit
from linli.engines.fieldwork.types import Packet, TargetData
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.ids import uuid7
from linli.foundation.files import services as files
from linli.foundation.forms import selectors as forms
from linli.foundation.forms.types import Group
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.programmes.civility import services
from linli.programmes.civility.models import Edition, Trial
from linli.programmes.civility.types import TrialData


def lay_library(world: Any, *, publish: bool = True) -> Edition:
    """Enter ledgers and the shipped library; put it in use."""
    fieldwork.load_shipped(now=world.now)
    edition = services.load_shipped(now=world.now)
    assert edition is not None
    if publish:
        services.publish_edition(by=SYSTEM, now=world.now, uuid=edition.uuid)
    return Edition.objects.get(pk=edition.pk)


def points(world: Any, kind: str, count: int, *, area: str = "陶家宅", **more: Any) -> list[Target]:
    """Enter so many points of a type in a 居民区."""
    made = [
        fieldwork.add_target(
            by=SYSTEM, now=world.now, double_ok=True,
            data=TargetData(
                "point", f"{kind}点位{n}", address=f"长宁路{n}号", area_id=world.areas[area].pk, facts={"type": kind},
                **more,
            ),
        )
        for n in range(1, count + 1)
    ]  # fmt: skip
    return [Target.objects.get(pk=t.pk) for t in made]


def start(world: Any, *, by: str = "zhiban", **more: Any) -> Trial:
    """Start a self-check of toilets, or as said."""
    day = world.now.date()
    values: dict[str, Any] = {
        "title": "三月自查", "purpose": "self_check", "unit_id": world.units["centre"].pk, "starts_on": day,
        "ends_on": day + timedelta(days=20), "types": ("toilet",),
    }  # fmt: skip
    return services.start_trial(by=world.actor(by), now=world.now, data=TrialData(**(values | more)))


def visits(trial: Trial) -> list[Visit]:
    return list(Visit.objects.filter(round__source_uuid=trial.uuid).order_by("pk"))


def asked(kind: str) -> list[tuple[str, str, bool]]:
    """Return (group, code, whether a photo is asked for) of the form of a type."""
    form = forms.whole_form(f"civility.{kind}")
    return [
        (group.code, q.code, any(p.code == f"{q.code}_photo" and p.required for p in group.items))
        for group in form.items if isinstance(group, Group)
        for q in group.items if q.score is not None
    ]  # fmt: skip


def photo(world: Any, who: str, seed: int = 1, now: Any = None) -> Any:
    content = draw_picture(seed, "after")
    return files.store(
        by=world.actor(who), now=now or world.now, content=content, name="x.jpg", purpose="fieldwork"
    ).uuid


def packet(world: Any, visit: Visit, kind: str, states: dict[str, str] | None = None, **more: Any) -> Packet:
    """Return a filled form: all good, but what ``states`` says otherwise."""
    who = more.pop("who", "zhiban")
    answers: dict[str, dict[str, Any]] = {}
    for n, (group, code, wants) in enumerate(asked(kind)):
        answers.setdefault(group, {})[code] = (states or {}).get(code, "good")
        if wants:
            answers[group][f"{code}_photo"] = [str(photo(world, who, n + 1, more.get("made_at")))]
    values = {
        "uuid": uuid7(), "form": f"civility.{kind}", "version": 1, "answers": answers, "made_at": world.now,
        "visit": visit.uuid,
    }  # fmt: skip
    return Packet(**(values | more))


def send(
    world: Any, visit: Visit, kind: str, states: dict[str, str] | None = None, who: str = "zhiban", **more: Any
) -> Packet:
    made = packet(world, visit, kind, states, who=who, **more)
    fieldwork.submit(by=world.actor(who), now=world.now, packet=made)
    return made
