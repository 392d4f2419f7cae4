"""One case with everything its page shows, and what hangs together with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.engines.cases.models import (
    Case,
    CaseEvent,
    CaseFile,
    CaseHelper,
    ConsultationCase,
    Order,
    Reporter,
    Request,
)
from linli.engines.cases.permissions import buttons, may_read_contact, raised_q, visible
from linli.engines.cases.selectors.cases import BULK_LIMIT
from linli.engines.cases.selectors.catalogue import spec_of
from linli.engines.cases.selectors.places import at_place, phone_key, same_place
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.types import Button, Kind
from linli.engines.cases.workflow import Outcome, State
from linli.foundation.core.actors import Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.db.prepared import NUMBER, Prepared
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.text import mask_personal
from linli.foundation.places.rules import normal_key

LEAST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything the page of one case shows, within fifteen statements whatever the history."""

    case: Case
    events: list[CaseEvent]
    more_events: bool
    files: list[CaseFile]
    helpers: list[CaseHelper]
    requests: list[Request]
    orders: list[Order]
    consultations: list[ConsultationCase]
    merged: list[Case]
    reporters: list[Reporter]
    buttons: list[Button]
    may_read_contact: bool
    relapses: int = 0
    parts: list[Case] = field(default_factory=list)
    related: list[Case] = field(default_factory=list)


# The page of a case is opened more than any other: what hangs on a case is asked by statements built once.
_HELPERS = Prepared(lambda c: CaseHelper.objects.filter(case=c).select_related("unit").order_by("id"), [NUMBER])
_REQUESTS = Prepared(lambda c: Request.objects.filter(case=c).order_by("-id")[:20], [NUMBER])
_ORDERS = Prepared(lambda c: Order.objects.filter(case=c).order_by("-id")[:20], [NUMBER])
_CONSULTATIONS = Prepared(
    lambda c: ConsultationCase.objects.filter(case=c).select_related("consultation").order_by("-id")[:20], [NUMBER]
)
_REPORTERS = Prepared(lambda c: Reporter.objects.filter(raised_q(c)).order_by("id")[:BULK_LIMIT], [NUMBER])
_FILES = Prepared(
    lambda c: CaseFile.objects.filter(case=c).select_related("file").order_by("event_seq", "id"), [NUMBER]
)


@cache
def _newest(number: int) -> Prepared[CaseEvent]:
    return Prepared(lambda c: CaseEvent.objects.filter(case=c).order_by("-seq")[: number + 1], [NUMBER])


def case_detail(actor: Actor, case: Case, *, events: int = 50) -> Detail:
    """Return what the page of ``case`` shows to ``actor``; ``case`` comes from the door."""
    newest = _newest(events).all(case.pk)
    kin = related(actor, case)
    return Detail(
        case=case,
        events=newest[:events],
        more_events=len(newest) > events,
        files=attached_files(case),
        helpers=_HELPERS.all(case.pk),
        requests=_REQUESTS.all(case.pk),
        orders=_ORDERS.all(case.pk),
        consultations=_CONSULTATIONS.all(case.pk),
        merged=[c for c in kin if c.merged_into_id == case.pk],
        related=kin,
        reporters=_REPORTERS.all(case.pk),
        buttons=buttons(actor, case),
        may_read_contact=may_read_contact(actor, case),
        relapses=sum(c.relapse_of_id == case.pk for c in kin),
        parts=[c for c in kin if c.split_from_id == case.pk],
    )


def related(actor: Actor, case: Case) -> list[Case]:
    """Return what hangs together with ``case``, if ``actor`` may read it: merged, parts, relapses, origins."""
    origins = [i for i in (case.relapse_of_id, case.merged_into_id, case.split_from_id) if i is not None]
    near = Q(merged_into=case.pk) | Q(split_from=case.pk) | Q(relapse_of=case.pk) | Q(pk__in=origins)
    return list(visible(actor).filter(near).order_by("id")[:BULK_LIMIT])


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often the same matter came up at the same place within the days that count (返潮, 004-15)."""

    count: int
    days: int
    root_cause: bool


def recurrence(case: Case, *, now: datetime) -> Recurrence:
    """Return how often the same kind of problem was reported at this place lately, this one included.

    From a number that the rulebook gives on, it asks for a cure of the cause (根源治理).
    """
    days = spec_of(case.category_version).relapse_days or int(rule_number("cases.relapse.days", 30, now))
    where = same_place(case, now)
    count = 1
    if where is not None:
        rows = Case.objects.filter(where, category=case.category_id, reported_at__gt=now - timedelta(days=days))
        left_out = Q(state__in=[State.VOID, State.REFUSED, State.MERGED, State.SPLIT]) | Q(outcome=Outcome.WITHDRAWN)
        rows = rows.exclude(kind=Kind.ROOT_CAUSE)
        count += rows.exclude(left_out).exclude(pk=case.pk).count()
    return Recurrence(count, days, count >= int(rule_number("cases.relapse.root_cause_count", 3, now)))


def callers_earlier(reporter: Reporter, case: Case, *, limit: int = 10, actor: Actor | None = None) -> list[Case]:
    """Return the same caller's earlier cases of the same place and matter only (domain.md §13).

    With ``actor``, only those that this reader may see.
    """
    where = same_place(case, case.changed_at)
    if not reporter.phone_hash or where is None:
        return []
    same = Case.objects.filter(where, category=case.category_id, reporters__phone_hash=reporter.phone_hash)
    rows = Case.objects.all() if actor is None else visible(actor)
    return list(rows.filter(pk__in=same.values("pk")).exclude(pk=case.pk).order_by("-reported_at")[:limit])


def callers_earlier_typed(
    actor: Actor, *, phone: str, category: str, address: str, point: Point | None, now: datetime, limit: int = 5
) -> list[Case]:
    """Return a caller's earlier cases of the same place and matter as what is being typed, newest first.

    Only those that ``actor`` may read and whose reporter's number ``actor`` may open: that somebody called before is
    told to nobody else. Nothing before number, category and place are known; one statement.
    """
    digits = sum(c.isdigit() for c in phone)
    where = at_place(normal_key(address)[:200] if address else "", point, now)
    if digits < LEAST_DIGITS or not category or where is None:
        return []
    raised = Reporter.objects.filter(phone_hash=phone_key(phone)).values("case")
    rows = visible(actor).filter(where, category__code=category, pk__in=raised).select_related("category", "unit")
    rows = rows.select_related("category_version").order_by("-reported_at", "-pk")[: limit * 2]
    return [c for c in rows if may_read_contact(actor, c)][:limit]


def attached(case: Case, uuid: UUID) -> CaseFile:
    """Return the file with that uuid attached to ``case``, which comes from the door.

    Raises:
        NotFoundError: there is none.
    """
    found = CaseFile.objects.filter(case=case, file__uuid=uuid).select_related("file").first()
    if found is None:
        raise NotFoundError(_("没有找到这个文件。"), code="cases.file")
    return found


def attached_files(case: Case) -> list[CaseFile]:
    """Return the files of ``case``, which comes from the door, in the order they came."""
    return _FILES.all(case.pk)


def helpers_waited_for(case: Case) -> list[int]:
    """Return the helping units that have not answered yet."""
    waiting = CaseHelper.objects.filter(case=case, result_at__isnull=True)
    return list(waiting.order_by("id").values_list("unit_id", flat=True))


def done_already(actor: Actor, case: Case, verb: str, *, since: int, text: str = "") -> bool:
    """Return whether ``actor`` did ``verb`` with the same words after the version ``since`` already."""
    later = CaseEvent.objects.filter(case=case, seq__gt=since, verb=verb, by_uuid=actor.uuid)
    words = mask_personal(text)
    return later.filter(Q(text=words) | Q(reason=words)).exists() if actor.uuid is not None else False
