"""What runs by itself and what other rooms set off: occasions of rounds, cases that move, watches, what hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.cases.events import on_moved
from linli.engines.fieldwork import services
from linli.engines.fieldwork.events import Learned, on_learning
from linli.engines.fieldwork.models import Finding, Part, Phone, Round, Submission, Target
from linli.engines.fieldwork.selectors import telling
from linli.engines.fieldwork.services.findings import FOLLOWING
from linli.engines.fieldwork.services.proposing import PROPOSE
from linli.engines.fieldwork.workflow import RoundState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import InvalidError
from linli.foundation.jobs import services as jobs
from linli.foundation.jobs.services import Keeping, blanking, dropping, handler, keep, schedule
from linli.foundation.people.events import on_hand_over
from linli.foundation.people.types import HandedOver
from linli.foundation.places.events import Teller, on_hanging, on_places_told
from linli.foundation.places.types import Audience, Hanging

FOLLOW = "fieldwork.case_moved"

keep(
    Keeping(
        "fieldwork.position",
        "fieldwork.Submission",
        ("lat", "lon"),
        since="the arrival of the record",
        end="the position is blanked; the record stays",
        take=blanking(
            lambda before: Submission.objects.filter(Q(lat__isnull=False), received_at__lte=before), lat=None, lon=None
        ),
    )
)
keep(
    Keeping(
        "fieldwork.part",
        "fieldwork.Part",
        ("user",),
        since="its arrival",
        end="the row is deleted: the record has come, or all of it is sent anew",
        take=dropping(lambda before: Part.objects.filter(came_at__lte=before)),
    )
)
keep(
    Keeping(
        "fieldwork.phone",
        "fieldwork.Phone",
        ("install", "handle"),
        since="when the app last came for its key",
        end="the row is deleted: the key is lent anew at the next login",
        take=dropping(lambda before: Phone.objects.filter(seen_at__lte=before)),
    )
)


@on_learning
def to_ledger(target: Target, learned: Learned, by: Actor, now: datetime) -> None:
    """Take over into the ledger what a record says of its target; what the ledger cannot hold stays in the record."""
    source = (learned.source_kind, learned.source_uuid)
    values = dict(learned.values)
    try:
        services.learn(by, now, target, values, *source, at=learned.at, sent=True)
    except InvalidError as error:
        for field in error.fields:
            values.pop(field.removeprefix("facts."), None)
        if values:
            services.learn(by, now, target, values, *source, at=learned.at, sent=True)


@on_moved
def cases_moved(case_uuids: Sequence[UUID], now: datetime) -> None:
    """Ask for a look at each case that came of a finding."""
    rows = Finding.objects.filter(case_uuid__in=list(case_uuids), state__in=FOLLOWING)
    for uuid in sorted(map(str, set(rows.values_list("case_uuid", flat=True)))):
        jobs.enqueue(name=FOLLOW, payload={"case": uuid}, now=now, key=f"{FOLLOW}:{uuid}")


@handler(FOLLOW)
def case_moved(payload: dict[str, Any], now: datetime) -> None:
    """Bring the findings of a case to where it stands."""
    services.follow_case(now=now, case_uuid=UUID(payload["case"]))


@handler(PROPOSE)
def propose(payload: dict[str, Any], now: datetime) -> None:
    """Work out who might go where."""
    services.work_out(now=now, uuid=UUID(payload["proposal"]))


@schedule("fieldwork.watches", every=timedelta(days=1))
def watches(_payload: dict[str, Any], now: datetime) -> None:
    """Give alarm where a cleared flat's report is missing or it began again."""
    services.look_at_watches(now=now)


@schedule("fieldwork.targets_counted", every=timedelta(minutes=10))
def targets_counted(_payload: dict[str, Any], _now: datetime) -> None:
    """Make few rows of the many by which targets were counted."""
    services.fold_targets()


@schedule("fieldwork.rounds", every=timedelta(hours=6))
def next_occasions(_payload: dict[str, Any], now: datetime) -> None:
    """Make the visits of every open round's next occasion; what is there already is not made again."""
    services.make_due(now=now)


@on_hand_over
def hand_over(from_user: int, to_user: int | None, by: Actor, now: datetime) -> list[HandedOver]:
    """Pass on the open visits of somebody who leaves."""
    del by, now
    count = services.hand_over(from_user=from_user, to_user=to_user)
    return [HandedOver(_("待走访"), count)] if count else []


@on_hanging
def hanging(area_id: int, path: str, day: date) -> Sequence[Hanging]:
    """Return the targets and the open rounds of an area and of those below it, were it to end."""
    del area_id, day
    targets = Target.objects.filter(area_path__startswith=path, until=None).count()
    rounds = Round.objects.filter(area_path__startswith=path, state__in=[RoundState.DRAFT, RoundState.OPEN]).count()
    named = ((_("在册的走访对象"), targets), (_("未办结的走访检查"), rounds))
    return [Hanging(what, count) for what, count in named if count]


on_places_told(Teller(frozenset({Audience.LEDGERS}), telling.buildings_told, telling.buildings_stamp))
