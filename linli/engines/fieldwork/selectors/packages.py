"""What somebody takes along for a day without reception: visits, what is known there, forms, the last pictures."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from linli.engines.fieldwork.models import Attempt, Deed, Fact, Kind, Round, Submission, SubmissionFile, Target, Visit
from linli.engines.fieldwork.permissions import check_read, goes, guarded_roles, may_make
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.rules.finding import bare
from linli.engines.fieldwork.rules.rounds import knock
from linli.engines.fieldwork.selectors.crews import Mate, mates
from linli.engines.fieldwork.selectors.rounds import free_near, knocking, today, zone
from linli.engines.fieldwork.selectors.submissions import answers_of
from linli.engines.fieldwork.selectors.targets import unsealed, value_of
from linli.engines.fieldwork.types import Done, Outcome
from linli.engines.fieldwork.workflow import SubmissionState
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import NotFoundError
from linli.foundation.forms.rules import read_form
from linli.foundation.forms.types import Group, Question
from linli.foundation.rulebook import selectors as rulebook

_CLOSED_DOOR = frozenset({Outcome.NOBODY.value, Outcome.CLOSED.value})
_STANDING = (SubmissionState.RECEIVED, SubmissionState.ACCEPTED, SubmissionState.RETURNED)
MOST_DEEDS = 1_000


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit of the day.

    Attributes:
        visit: with round, target and its kind.
        free: nobody has it yet.
        next_try: after closed doors, when to try again; None: at any time.
        personal: field → what is personal of the target, for who goes there.
        fact: the newest entry of the target's history, by which a later change is known.
        spots: path of a photo question → uuid of the picture taken there last.
    """

    visit: Visit
    free: bool
    next_try: datetime | None
    personal: dict[str, Any]
    fact: int
    spots: dict[str, UUID]


@dataclass(frozen=True, slots=True)
class Package:
    """A day to take along.

    Attributes:
        stops: in the order of the walk, those that nobody has behind.
        rounds: with form and version.
        kinds: the ledgers of which this person may find new ones, with their forms.
        returned: own records that were sent back.
        mates: round → with whom one may go, of the rounds in which two go together.
    """

    stops: list[Stop]
    rounds: list[Round]
    kinds: list[Kind]
    returned: list[Submission]
    mates: dict[int, list[Mate]]


def package(by: Actor, now: datetime, day: date, *, most: int = 200, free: int = 30) -> Package:
    """Return what ``by`` takes along on a day; the number of statements does not grow with it.

    The walks of the days to come are in it for as long as the phone keeps its key (rule ``fieldwork.offline.hours``).
    """
    ahead = math.ceil(int(rulebook.value("fieldwork.offline.hours", on=day)) / 24)
    mine = today(by, day, ahead=ahead, most=most)
    others = free_near(by, most=free)
    visits = [*mine, *others]
    returned = Submission.objects.filter(user=by.user_id, state=SubmissionState.RETURNED)
    returned = returned.select_related("round", "target__kind", "visit", "form__form", "second")
    back = list(returned.prefetch_related("files__file").order_by("reviewed_at", "id")[:50])
    of = {v.round_id for v in visits} | {r.round_id for r in back if r.round_id is not None}
    rounds = list(Round.objects.filter(pk__in=of).select_related("form", "form_version", "kind"))
    targets = {v.target_id for v in visits}
    sealed = {t.pk: t for t in Target.objects.filter(pk__in={v.target_id for v in mine}).only("pk", "sealed")}
    latest = dict(Fact.objects.filter(target__in=targets).values_list("target").annotate(n=Max("id")).order_by())
    spots = _spots(targets, rounds)
    tries = _tries(mine)
    stops = [
        Stop(
            visit,
            visit.user_id is None,
            _next(visit, tries, now, day),
            unsealed(sealed[visit.target_id]) if goes(by, visit) and visit.target_id in sealed else {},
            latest.get(visit.target_id, 0),
            spots.get(visit.target_id, {}),
        )
        for visit in visits
    ]
    pairs = [r for r in rounds if r.pair]
    return Package(stops, rounds, _kinds(by), back, mates(by, pairs, now) if pairs else {})


def _kinds(by: Actor) -> list[Kind]:
    rows = Kind.objects.filter(active=True).select_related("parent", "fields").prefetch_related("fields__versions")
    near = bool(by.roles & guarded_roles())
    return [k for k in rows if near or not k.guarded]


def _tries(visits: Collection[Visit]) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = defaultdict(list)
    tried = [v.pk for v in visits if v.tries]
    for visit, at in Attempt.objects.filter(visit__in=tried, outcome__in=_CLOSED_DOOR).values_list("visit", "at"):
        found[visit].append(at)
    return found


def _next(visit: Visit, tries: dict[int, list[datetime]], now: datetime, day: date) -> datetime | None:
    if not tries.get(visit.pk):
        return None
    return knock(knocking(day), tries[visit.pk], now, zone()).next_begin


def _spot_paths(items: Iterable[Question | Group], above: str) -> set[str]:
    found: set[str] = set()
    for item in items:
        path = f"{above}/{item.code}" if above else item.code
        if isinstance(item, Group):
            found |= _spot_paths(item.items, path)
        elif item.same_spot:
            found.add(path)
    return found


def _spots(targets: Collection[int], rounds: Collection[Round]) -> dict[int, dict[str, UUID]]:
    """Return target → path → the first picture of the newest record of the spot: one statement."""
    versions = [r.form_version for r in rounds if r.form_version is not None]
    paths = {path for v in versions for path in _spot_paths(read_form(v.questions).items, "")}
    if not paths:
        return {}
    rows = SubmissionFile.objects.filter(
        submission__target__in=targets, submission__state__in=_STANDING, file__deleted_at=None, path__in=paths
    )
    found: dict[int, dict[str, UUID]] = defaultdict(dict)
    for target, path, uuid in rows.order_by("submission__made_at", "-id").values_list(
        "submission__target", "path", "file__uuid"
    ):
        found[target][bare(path)] = uuid
    return dict(found)


def spot_photo(by: Actor, uuid: UUID) -> UUID:
    """Return the file of a picture, if ``by`` may read the target that it shows, or goes there.

    Raises:
        NotFoundError: there is none for this person.
    """
    rows = SubmissionFile.objects.select_related("submission__target__kind", "file").filter(file__uuid=uuid)
    found = rows.filter(submission__target__isnull=False, file__deleted_at=None).first()
    target = found.submission.target if found is not None else None
    if found is None or target is None:
        raise NotFoundError(_("没有这张照片。"), code="fieldwork.no_photo")
    visits = Visit.objects.filter(Q(user=by.user_id) | Q(second=by.user_id), target=target)
    if not any(may_make(by, visit) for visit in visits.select_related("target__kind")[:5]):
        check_read(by, target)
    return uuid


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a target that somebody else changed."""

    field: str
    value: Any
    at: datetime
    by_label: str


def changed_since(by: Actor, target: Target, fact: int) -> list[Change]:
    """Return what others changed of a target behind an entry of its history, the newest of each field."""
    rows = Fact.objects.filter(target=target, id__gt=fact).exclude(by_label=by.label[:80]).order_by("id")
    newest = {row.field: row for row in rows}
    return [Change(f, value_of(row), row.at, row.by_label) for f, row in newest.items()]


@dataclass(frozen=True, slots=True)
class Standing:
    """The record that did a visit before; its answers only for who may read them."""

    record: Submission
    answers: dict[str, Any] | None


def standing_record(by: Actor, visit: UUID) -> Standing | None:
    """Return the record of somebody else by which a visit is done."""
    rows = Submission.objects.filter(visit__uuid=visit, rival=None, state__in=_STANDING, former=None)
    row = rows.exclude(user=by.user_id).select_related(*doors.WITH).order_by("id").last()
    if row is None:
        return None
    may = doors.visible(by).filter(pk=row.pk).exists()
    return Standing(row, answers_of(by, row) if may else None)


def deeds_of(by: Actor, uuids: Collection[UUID]) -> dict[UUID, Done]:
    """Return those of the deeds that arrived, of this person alone: one statement."""
    if by.user_id is None:
        return {}
    rows = Deed.objects.filter(user=by.user_id, uuid__in=list(uuids)[:MOST_DEEDS])
    return {r.uuid: Done(r.uuid, r.digest, r.at, r.answer, seen_before=True) for r in rows}
