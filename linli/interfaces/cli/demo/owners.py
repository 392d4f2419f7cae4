"""The demonstration's owners' committees: a ledger, a year's evaluation half done, results heard and announced."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from linli.engines.fieldwork import selectors as fieldwork_read
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.types import Packet, TargetData
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.ids import uuid7
from linli.foundation.forms import selectors as forms
from linli.foundation.forms.types import Group
from linli.foundation.people import selectors as people
from linli.programmes.owners import services
from linli.programmes.owners.types import FORM, KIND, DriveData

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Submission

_ESTATES = ("{name}一村", "{name}公寓")
# By place in the list: which indicators were not met, and which do not apply.
_SHEETS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    ((), ("handover", "audit")),
    (("minutes", "reception"), ("reelect", "handover")),
    (("seal",), ("assembly",)),
    (("revenue", "minutes"), ("handover",)),
    (("meet", "signed", "archive", "complaints", "joint", "trained", "repair"), ("reelect", "audit")),
    (("joint",), ("handover",)),
    (("trained", "lead", "archive", "account"), ("audit",)),
)
_ASKED, _HEARD = 12, 4


def load_owners(users: Mapping[str, Any], units: Mapping[str, Any], areas: Mapping[str, Any], now: datetime) -> None:
    """Enter committees of eight 居民区 and an evaluation of which most sheets are in, some results public.

    Args:
        users, units, areas: the demonstration's, by login, key and 居民区.
        now: the present.
    """
    fieldwork.load_shipped(now=now)
    begun = now - timedelta(days=24)
    _ledger(areas, begun)
    day = people.local_day(begun)
    drive = services.start_drive(
        by=people.actor_for(users["ducha"], begun), now=begun,
        data=DriveData(f"{day.year} 年业委会规范化运行评估", units["centre"].pk, day, day + timedelta(days=60)),
    )  # fmt: skip
    visits = fieldwork_read.visits(SYSTEM, drive.round, size=100).rows
    sheets = [_fill(v.uuid, n, begun + timedelta(days=3)) for n, v in enumerate(visits[: len(visits) - 3])]
    reviewer = people.actor_for(users["ducha"], begun + timedelta(days=5))
    for row in sheets[:-1]:
        fieldwork.accept(by=reviewer, now=begun + timedelta(days=5), submission=row)
    _hear(users, drive, begun + timedelta(days=6))
    services.publish_all(by=reviewer, now=begun + timedelta(days=20), uuid=drive.uuid)


def _ledger(areas: Mapping[str, Any], now: datetime) -> None:
    today = people.local_day(now)
    for n, (name, area) in enumerate(sorted(areas.items())[:8]):
        for k, estate in enumerate(_ESTATES):
            since = today - timedelta(days=300 + 130 * n + 60 * k)
            facts = {
                "estate": estate.format(name=name), "state": "electing" if (n + k) % 6 == 5 else "acting",
                "chair": "vacant" if (n + k) % 7 == 6 else "held", "members": 5 + 2 * (n % 2),
                "term_from": since.isoformat(), "term_to": (since + timedelta(days=1826)).isoformat(),
                "filed_on": (since + timedelta(days=20)).isoformat(),
            }  # fmt: skip
            data = TargetData(
                KIND, f"{estate.format(name=name)}业委会", area_id=area.pk, facts=facts,
                since=today - timedelta(days=200),
            )  # fmt: skip
            fieldwork.add_target(by=SYSTEM, now=now, data=data, double_ok=True)


def _fill(visit: Any, place: int, at: datetime) -> Submission:
    bad, spared = _SHEETS[place % len(_SHEETS)]
    answers: dict[str, Any] = {"day": people.local_day(at).isoformat()}
    for group in forms.whole_form(FORM).items:
        if isinstance(group, Group):
            codes = [q.code for q in group.items if getattr(q, "score", None) is not None]
            answers[group.code] = {c: "no" if c in bad else "na" if c in spared else "yes" for c in codes}
    packet = Packet(uuid=uuid7(), form=FORM, version=1, answers=answers, made_at=at, visit=visit)
    fieldwork.submit(by=SYSTEM, now=at, packet=packet)
    return fieldwork_read.submission_for(SYSTEM, packet.uuid)


def _hear(users: Mapping[str, Any], drive: Any, at: datetime) -> None:
    """Ask most committees; one has something to say and is answered, another still waits for its answer."""
    by = people.actor_for(users["ducha"], at)
    rows = list(drive.evaluations.order_by("pk"))
    for row in rows[:_ASKED]:
        services.ask(by=by, now=at, uuid=row.uuid)
    texts = ("接待记录放在物业办公室，当天没有带来。", "会议决定张贴在三个楼组，照片可以补交。")
    for row, text in zip(rows[1 : _HEARD + 1 : 2], texts, strict=False):
        services.object_to(by=SYSTEM, now=at + timedelta(days=2), uuid=row.uuid, text=text)
    services.answer(
        by=by, now=at + timedelta(days=4), uuid=rows[1].uuid, changed=False,
        text="已到物业办公室核对，近三个月没有接待记录，维持原结果。",
    )  # fmt: skip
