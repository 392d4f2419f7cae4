"""Reading shops' matters: lists, one with its steps, what runs out, how often a fault came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from linli.engines.fieldwork.permissions.submissions import get_finding_for
from linli.engines.fieldwork.workflow import FindingState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import ConflictError, NotFoundError
from linli.foundation.core.paging import Page, keyset
from linli.foundation.people import selectors as people
from linli.foundation.rulebook import selectors as rulebook
from linli.programmes.streets import permissions
from linli.programmes.streets.models import Evidence, Matter, Step
from linli.programmes.streets.rules.escalation import Ladder
from linli.programmes.streets.workflow import OPEN_MATTERS, MatterState

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Finding, Target

_BORDERS = ("target__area__geometry", "target__area__wkb", "target__sealed")


def number(code: str, on: date) -> int:
    """Return a number of the rulebook (``streets.*``)."""
    return int(rulebook.value(f"streets.{code}", on=on))


def ladder(on: date) -> Ladder:
    """Return when the next step is due, as the rulebook has it on a day."""
    return Ladder(*(number(c, on) for c in ("order_times", "order_days", "hand_times", "hand_days")))


def fault_days(shop: Target, fault: str) -> list[date]:
    """Return when the same fault was found at a shop, what was annulled left out."""
    rows = Matter.objects.filter(target=shop, fault=fault).exclude(state=MatterState.ANNULLED)
    return list(rows.order_by("-found_on").values_list("found_on", flat=True)[:200])


def matter_for(by: Actor, uuid: UUID, *, lock: bool = False) -> Matter:
    """Return one matter.

    Raises:
        NotFoundError: there is none, or not for this person.
    """
    rows = Matter.objects.select_for_update(of=("self",)) if lock else Matter.objects.all()
    rows = rows.select_related("target__kind", "target__area", "target__unit", "unit").defer(*_BORDERS)
    found = rows.filter(permissions.area_q(by), uuid=uuid).first()
    if found is None:
        raise NotFoundError(
            _("没有找到这件事。"), code="streets.no_matter", hint=_("它可能不存在，或不在您的查看范围内。")
        )
    return found


def open_finding(by: Actor, uuid: UUID) -> Finding:
    """Return a finding that nobody has taken up.

    Raises:
        NotFoundError: there is none for this reader. ConflictError: it is taken up already.
    """
    found = get_finding_for(by, uuid)
    if found.state != FindingState.FOUND:
        raise ConflictError(
            _("这个问题已经是“%(state)s”。") % {"state": found.get_state_display()}, code="streets.finding",
            hint=_("请在商户档案里查看。"),
        )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class MatterFilter:
    """Which matters; what is empty does not narrow."""

    states: Sequence[str] = ()
    fault: str = ""
    text: str = ""
    due_by: date | None = None
    target: UUID | None = None


def _matching(by: Actor, f: MatterFilter) -> Q:
    found = permissions.area_q(by)
    if f.states:
        found &= Q(state__in=f.states)
    if f.fault:
        found &= Q(fault=f.fault)
    if f.target:
        found &= Q(target__uuid=f.target)
    if f.due_by is not None:
        found &= Q(correct_by__lte=f.due_by, state__in=[MatterState.WARNED, MatterState.ORDERED])
    for word in f.text.split()[:5]:
        found &= Q(target__name__contains=word) | Q(target__address__contains=word) | Q(text__contains=word)
    return found


def matters(by: Actor, f: MatterFilter, *, cursor: str = "", size: int = 50) -> Page[Matter]:
    """Return a page of the matters that ``by`` may read, the newest first: one statement."""
    rows = Matter.objects.filter(_matching(by, f)).select_related("target").defer("target__sealed")
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def matter_counts(by: Actor) -> dict[str, int]:
    """Return how many matters stand in each state: one statement."""
    return dict(Matter.objects.filter(permissions.area_q(by)).order_by().values_list("state").annotate(n=Count("pk")))


def running_out(by: Actor, today: date, *, most: int = 8) -> tuple[list[Matter], int]:
    """Return the matters whose period ends soon or is over, and how many there are: two statements."""
    until = today + timedelta(days=number("soon_days", today))
    rows = Matter.objects.filter(_matching(by, MatterFilter(due_by=until))).select_related("target")
    return list(rows.defer("target__sealed").order_by("correct_by", "id")[:most]), rows.count()


def matters_of(target: Target, *, most: int = 20) -> list[Matter]:
    """Return a shop's matters, the newest first; the caller has seen to it that the shop may be read."""
    return list(Matter.objects.filter(target=target).select_related("target").order_by("-id")[:most])


def open_of(target: Target) -> int:
    """Return how many of a shop's matters are open."""
    return Matter.objects.filter(target=target, state__in=OPEN_MATTERS).count()


def companions(by: Actor, now: datetime) -> dict[int, str]:
    """Return user → post and name of those with whom an officer may go: of the own enforcement unit, not oneself."""
    found: dict[int, str] = {}
    for unit in permissions.officer_units(by):
        for holder in people.members_of(unit, set(permissions.OF_UNIT), now=now):
            if holder.user_id != by.user_id:
                found[holder.user_id] = holder.label
    return found


def steps_of(uuid: UUID) -> list[Step]:
    """Return the steps of a subject with their pictures, the newest first: two statements."""
    return list(Step.objects.filter(subject=uuid).prefetch_related("files__file").order_by("-id")[:200])


def evidence_subject(file: UUID) -> tuple[str, UUID] | None:
    """Return of what (kind, uuid) a stored file is evidence; None where of nothing here."""
    found = Evidence.objects.filter(file__uuid=file).values_list("step__kind", "step__subject").first()
    return (str(found[0]), found[1]) if found else None
