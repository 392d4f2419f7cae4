"""What stands on the pages of a round: how far its parts are, what was found, what is late, what hangs together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import Coalesce, RowNumber

from linli.engines.fieldwork.models import (
    Finding,
    Round,
    RoundDay,
    RoundTally,
    RoundUnit,
    Submission,
    SubmissionFile,
    SubmissionUnit,
    Visit,
)
from linli.engines.fieldwork.permissions import mine_q, rounds_q
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.rules.finding import AFTER, BEFORE, bare
from linli.engines.fieldwork.rules.tables import LANGUAGE
from linli.engines.fieldwork.selectors.rounds import RoundFilter, _visible, progress
from linli.engines.fieldwork.selectors.submissions import form_of
from linli.engines.fieldwork.workflow import (
    FINDING_OVER,
    VISIT_OPEN,
    FindingState,
    RoundState,
    SubmissionState,
    VisitState,
)
from linli.foundation.core.actors import Actor
from linli.foundation.core.paging import Page, keyset
from linli.foundation.forms import selectors as forms
from linli.foundation.forms.rules import in_words
from linli.foundation.forms.types import Question

OVER = (RoundState.CLOSED.value, RoundState.DROPPED.value)
MANY = 8


def round_counts(by: Actor) -> dict[str, int]:
    """Return how many rounds ``by`` may read stand where: one statement."""
    rows = Round.objects.filter(rounds_q(by)).order_by()
    return dict(rows.values_list("state").annotate(n=Count("pk")))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a round: its key (path, unit's id, first day), and what it counts."""

    key: str
    planned: int
    done: int
    unreached: int

    @property
    def percent(self) -> int:
        """How many of a hundred were done, rounded down, so that only all of them is 100."""
        return 100 * self.done // self.planned if self.planned > 0 else 0


_COLUMNS = {"area": "area_path", "unit": "unit", "occasion": "occasion"}


def parts(by: Actor, round_: Round, *, occasion: date | None = None) -> dict[str, list[Part]]:
    """Return how far a round is by ``area``, ``unit`` and ``occasion``, from what is kept: one statement.

    Where what is kept does not add up to the round's own counts (rows brought in from elsewhere) the visits themselves
    are counted.
    """
    rows = RoundTally.objects.filter(round=round_)
    if occasion is not None:
        rows = rows.filter(occasion=occasion)
    found = list(rows.values_list("area_path", "unit", "occasion", "planned", "done", "unreached"))
    if occasion is None and sum(r[3] for r in found) != round_.planned:
        return {
            of: [Part(p.key, p.done.whole, p.done.reached, p.unreached) for p in progress(by, round_, of=of)]
            for of in _COLUMNS
        }
    made: dict[str, dict[str, list[int]]] = {of: defaultdict(lambda: [0, 0, 0]) for of in _COLUMNS}
    for path, unit, begins, *counts in found:
        keys = {"area": path, "unit": "" if unit is None else str(unit), "occasion": begins.isoformat()}
        for of, key in keys.items():
            made[of][key] = [a + b for a, b in zip(made[of][key], counts, strict=True)]
    return {of: [Part(key, *n) for key, n in sorted(rows_.items()) if any(n)] for of, rows_ in made.items()}


def days(round_: Round) -> list[tuple[date, int]]:
    """Return how many visits were done on each day, in order: one statement."""
    return list(RoundDay.objects.filter(round=round_).order_by("day").values_list("day", "done"))


@dataclass(frozen=True, slots=True)
class ItemCount:
    """How often one item was found wrong in a round, and where these findings stand.

    Attributes:
        text: how the newest of them is called.
        spot: mended on the spot, no case needed.
        again: of an item that was closed before at the same target (反弹).
    """

    item: str
    text: str
    found: int
    spot: int
    in_work: int
    closed: int
    again: int

    @property
    def percent(self) -> int:
        """How many of a hundred are done."""
        return 100 * (self.spot + self.closed) // self.found if self.found else 0


def items(round_: Round) -> list[ItemCount]:
    """Return what was found in a round by item, the most frequent first: two statements. Numbers alone."""
    rows = Finding.objects.filter(round=round_).exclude(state=FindingState.DROPPED).order_by()
    spot = Q(state__in=[FindingState.ON_THE_SPOT, FindingState.SCORED], case_uuid=None, rechecked=None)
    closed = Q(state=FindingState.SCORED) & ~Q(case_uuid=None, rechecked=None)
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    found = rows.values_list("item").annotate(
        n=Count("pk"), spot=Count("pk", filter=spot), closed=Count("pk", filter=closed),
        again=Count("pk", filter=Q(relapse_of__isnull=False)),
    )  # fmt: skip
    for item, *numbers in found:
        key = bare(item)
        counted[key] = [a + b for a, b in zip(counted[key], numbers, strict=True)]
    words = _item_words(round_)
    made = [
        ItemCount(item, words.get(item, item), n, spot_, n - spot_ - closed_, closed_, again)
        for item, (n, spot_, closed_, again) in counted.items()
    ]
    return sorted(made, key=lambda i: (-i.found, i.item))


def _item_words(round_: Round) -> dict[str, str]:
    """Return item → what the form calls it."""
    version = round_.form_version if round_.form_version_id else forms.version(round_.form.code)
    form = form_of(version)
    found: dict[str, str] = {}

    def walk(entries: Iterable[Any], above: str) -> None:
        for entry in entries:
            path = f"{above}/{entry.code}" if above else entry.code
            if isinstance(entry, Question):
                found[path] = entry.extra.get("text") or in_words(entry.label, LANGUAGE) or entry.code
            else:
                walk(entry.items, path)

    walk(form.items, "")
    return found


@dataclass(frozen=True, slots=True)
class Marks:
    """What a round's records earned: how many were marked, how many had full marks, without a veto; the mean."""

    count: int
    full: int
    vetoed: int
    percent: int | None


def marks(round_: Round) -> Marks:
    """Return what the records that stand have earned: one statement over an index of marked records."""
    standing = (SubmissionState.RECEIVED, SubmissionState.ACCEPTED, SubmissionState.RETURNED)
    rows = Submission.objects.filter(round=round_, marks__isnull=False, state__in=standing)
    rows = rows.exclude(rival__isnull=False, judged_at=None)
    found = rows.aggregate(
        n=Count("pk"), all=Count("pk", filter=Q(marks=F("full"), vetoed=False)),
        veto=Count("pk", filter=Q(vetoed=True)), earned=Sum("marks"), of=Sum("full"),
    )  # fmt: skip
    percent = int(100 * found["earned"] / found["of"]) if found["of"] else None
    return Marks(found["n"], found["all"], found["veto"], percent)


def late(by: Actor, round_: Round, today: date, *, most: int = MANY) -> tuple[list[Visit], int]:
    """Return the visits that are overdue, the oldest first, and how many there are: two statements."""
    rows = _visible(by, round_).filter(state__in=[VisitState.DUE, VisitState.TRIED], due_on__lt=today)
    shown = rows.select_related("target__kind", "user", "unit").defer("target__sealed").order_by("due_on", "pk")
    return list(shown[:most]), Visit.objects.filter(
        round=round_, state__in=[VisitState.DUE, VisitState.TRIED], due_on__lt=today
    ).count()


def closed_doors(by: Actor, round_: Round, *, most: int = MANY) -> list[Visit]:
    """Return the visits at which nobody opened, those tried most often first: one statement."""
    rows = _visible(by, round_).filter(state__in=[VisitState.TRIED, VisitState.UNREACHED])
    return list(rows.select_related("target__kind", "user").defer("target__sealed").order_by("-tries", "due_on")[:most])


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings; what is empty does not narrow.

    Attributes:
        box: ``open`` (the default of the page), ``mine`` to be decided by a person, ``again``, ``over``, ``all``.
    """

    box: str = "open"
    round: UUID | None = None
    item: str = ""
    area_path: str = ""
    text: str = ""


BOXES = ("open", "undecided", "recheck", "again", "over")


def _boxed(rows: QuerySet[Finding], box: str) -> QuerySet[Finding]:
    if box == "undecided":
        return rows.filter(state=FindingState.FOUND)
    if box == "recheck":
        return rows.filter(state=FindingState.RECTIFIED)
    if box == "again":
        return rows.filter(relapse_of__isnull=False)
    if box == "over":
        return rows.filter(state__in=FINDING_OVER)
    return rows if box == "all" else rows.exclude(state__in=FINDING_OVER)


def findings(by: Actor, filters: FindingFilter, *, cursor: str = "", size: int = 50) -> Page[Finding]:
    """Return a page of the findings that ``by`` may read, the newest first: one statement."""
    rows = _boxed(doors.visible_findings(by), filters.box)
    conditions: dict[str, Any] = {
        "round__uuid": filters.round,
        "area_path__startswith": filters.area_path,
        "text__contains": filters.text.strip()[:80],
    }
    rows = rows.filter(**{k: v for k, v in conditions.items() if v})
    if filters.item:
        rows = rows.filter(Q(item=filters.item) | Q(item__startswith=f"{filters.item}["))
    rows = rows.select_related("target__kind", "round", "submission").defer(
        "target__sealed", "submission__answers", "submission__sealed"
    )
    return keyset(rows, keys=[("id", int)], cursor=cursor, size=size, descending=True)


def finding_counts(by: Actor, filters: FindingFilter) -> dict[str, int]:
    """Return how many findings of a round ``by`` may read are in each box: one statement.

    Of all rounds together nothing is counted: that would look at every finding there is.
    """
    if not filters.round:
        return {}
    rows = doors.visible_findings(by).filter(round__uuid=filters.round)
    found = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return {
        "open": sum(n for state, n in found.items() if state not in FINDING_OVER),
        "undecided": found.get(FindingState.FOUND, 0),
        "recheck": found.get(FindingState.RECTIFIED, 0),
        "over": sum(n for state, n in found.items() if state in FINDING_OVER),
    }


@dataclass(frozen=True, slots=True)
class Pair:
    """The same spot twice: what was seen, and what stands there now."""

    title: str
    text: str
    before: UUID
    before_at: datetime
    before_record: UUID
    after: UUID
    after_at: datetime
    after_record: UUID
    finding: UUID | None = None


def pairs(by: Actor, round_: Round, *, most: int = 6) -> list[Pair]:
    """Return pictures before and after of a round's findings, the newest first: three statements.

    Before: what the record that found it shows. After: what it shows where it was mended on the spot, else what the
    record that looked again shows of the same item.
    """
    rows = doors.visible_findings(by).filter(round=round_).exclude(state=FindingState.DROPPED)
    rows = rows.filter(Q(rechecked__isnull=False) | Q(mended_at__isnull=False)).select_related(
        "target", "submission", "rechecked"
    )
    found = list(rows.order_by("-mended_at", "-pk")[: most * 3])
    ids = {f.submission_id for f in found} | {f.rechecked_id for f in found if f.rechecked_id}
    files: dict[int, dict[str, UUID]] = defaultdict(dict)
    rows_ = _shown(SubmissionFile.objects.filter(submission__in=ids)).order_by("id")
    for submission, path, uuid in rows_.values_list("submission_id", "path", "file__uuid"):
        files[submission].setdefault(path, uuid)
    made = [p for f in found if (p := _pair(f, files)) is not None]
    return made[:most]


def _shown(rows: QuerySet[SubmissionFile]) -> QuerySet[SubmissionFile]:
    """Return the files that can be shown in a page."""
    return rows.filter(file__deleted_at=None).exclude(file__shown_mime="")


def _first(files: dict[str, UUID], paths: Sequence[str]) -> UUID | None:
    return next((files[p] for p in paths if p in files), None)


def _pair(finding: Finding, files: dict[int, dict[str, UUID]]) -> Pair | None:
    here = files[finding.submission_id]
    pictures = finding.pictures
    first = _first(here, [*pictures.get(BEFORE, ()), *pictures.get("seen", ())])
    record = finding.submission
    then = _first(here, pictures.get(AFTER, ()))
    if then is None and finding.rechecked is not None:
        record = finding.rechecked
        there = files[finding.rechecked_id or 0]
        group = finding.item.rpartition("/")[0]
        wanted = [*pictures.get(AFTER, ()), *pictures.get("seen", ()), *pictures.get(BEFORE, ())]
        near = [p for p in there if p.rpartition("/")[0] == group]
        then = _first(there, [*wanted, *near])
    if first is None or then is None or first == then:
        return None
    name = finding.target.name if finding.target is not None else ""
    return Pair(
        name, finding.text, first, finding.found_at, finding.submission.uuid, then,
        finding.mended_at or record.made_at if record.pk == finding.submission_id else record.made_at, record.uuid,
        finding.uuid,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Before:
    """A picture of the same spot from an earlier record of the same target."""

    path: str
    file: UUID
    at: datetime
    record: UUID


def last_time(by: Actor, row: Submission) -> dict[str, Before]:
    """Return path → the newest picture of the same spot before a record was made: one statement."""
    if row.target_id is None:
        return {}
    rows = SubmissionFile.objects.filter(
        submission__target=row.target_id, submission__made_at__lt=row.made_at,
        submission__in=doors.visible(by).filter(target=row.target_id).values("pk"),
    ).exclude(submission=row.pk)  # fmt: skip
    if row.former_id is not None:
        rows = rows.exclude(submission=row.former_id)
    found: dict[str, Before] = {}
    columns = ("path", "file__uuid", "submission__made_at", "submission__uuid")
    for path, file, at, record in _shown(rows).order_by("-submission__made_at", "id").values_list(*columns)[:300]:
        found.setdefault(bare(path), Before(path, file, at, record))
    return found


def joining(round_: Round) -> list[RoundUnit]:
    """Return the units that take part in a round."""
    return list(RoundUnit.objects.filter(round=round_).select_related("unit").order_by("unit__name"))


def present(row: Submission) -> list[SubmissionUnit]:
    """Return the units that were there when a record was made, with how many people."""
    return list(SubmissionUnit.objects.filter(submission=row).select_related("unit").order_by("pk"))


def open_visits(by: Actor, until: date, *, most: int = 200) -> list[Visit]:
    """Return the visits that ``by`` is to make, due up to a day, the most urgent first: one statement."""
    if by.user_id is None:
        return []
    rows = Visit.objects.filter(Q(user=by.user_id) | Q(second=by.user_id), state__in=VISIT_OPEN, due_on__lte=until)
    rows = rows.filter(round__state=RoundState.OPEN).select_related("round", "target__kind")
    return list(rows.defer("target__sealed").order_by("due_on", "pk")[:most])


def unit_visits(by: Actor, until: date, *, most: int = 200) -> list[Visit]:
    """Return the visits of ``by``'s units that are due up to a day, whoever goes: one statement."""
    rows = Visit.objects.filter(mine_q(by), state__in=VISIT_OPEN, due_on__lte=until, guarded=False)
    rows = rows.filter(round__state=RoundState.OPEN).select_related("round", "target__kind", "user")
    return list(rows.defer("target__sealed").order_by("due_on", "pk")[:most])


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody has to do: open visits in all, and those planned between two days. A load, no performance."""

    open: int
    planned: int


def loads(user_ids: Iterable[int], first: date, last: date) -> dict[int, Load]:
    """Return user → what they have to do, alone or as the second; those without visits are left out: two statements."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for role in ("user", "second"):
        rows = Visit.objects.filter(
            state__in=VISIT_OPEN, round__state=RoundState.OPEN, **{f"{role}__in": list(user_ids)}
        )
        planned = Count("pk", filter=Q(planned_on__gte=first, planned_on__lte=last))
        for user_id, n, of in rows.order_by().values_list(role).annotate(n=Count("pk"), planned=planned):
            found[user_id] = [a + b for a, b in zip(found[user_id], (n, of), strict=True)]
    return {user_id: Load(*n) for user_id, n in found.items()}


def planned_on(user_ids: Iterable[int], day: date) -> dict[int, int]:
    """Return user → open visits planned for a day, alone or as the second: two statements."""
    return {user: load.planned for user, load in loads(user_ids, day, day).items()}


def _between(by: Actor, first: date, last: date, round_: Round | None) -> QuerySet[Visit]:
    mine = Visit.objects.filter(mine_q(by), state__in=VISIT_OPEN, round__state=RoundState.OPEN)
    rows = _visible(by, round_).filter(state__in=VISIT_OPEN) if round_ is not None else mine
    return rows.filter(
        Q(planned_on__gte=first, planned_on__lte=last) | Q(planned_on=None, due_on__gte=first, due_on__lte=last)
    )


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month: how many visits are planned for, or else due on it, and the first of them."""

    count: int
    first: list[Visit]


def month(by: Actor, first: date, last: date, *, round_: Round | None = None, most: int = 4) -> dict[date, Day]:
    """Return the days on which visits are planned or else due, with the first of each: two statements."""
    day = Coalesce("planned_on", "due_on")
    order = [F("place_in_walk").asc(nulls_last=True), F("pk").asc()]
    rows = _between(by, first, last, round_).annotate(
        day=day,
        nth=Window(RowNumber(), partition_by=[day], order_by=order),
        of_day=Window(Count("pk"), partition_by=[day]),
    )
    counts: dict[int, tuple[date, int]] = {
        pk: (on, n) for pk, on, n in rows.filter(nth__lte=most).order_by().values_list("pk", "day", "of_day")
    }
    shown = Visit.objects.filter(pk__in=counts).select_related("target__kind", "user", "second", "round")
    found: dict[date, Day] = {}
    for visit in shown.defer("target__sealed").order_by(*order):
        on, n = counts[visit.pk]
        found.setdefault(on, Day(n, [])).first.append(visit)
    return found


def calendar(by: Actor, first: date, last: date, *, round_: Round | None = None) -> dict[date, list[Visit]]:
    """Return the visits planned for, or else due on, each day between two days: one statement, at most 2,000."""
    rows = _between(by, first, last, round_)
    shown = rows.select_related("target__kind", "user", "second", "round").defer("target__sealed")
    found: dict[date, list[Visit]] = defaultdict(list)
    for visit in shown.order_by("due_on", "place_in_walk", "pk")[:2_000]:
        found[visit.planned_on or visit.due_on].append(visit)
    return dict(found)


def on_map(by: Actor, round_: Round, *, most: int = 2_000) -> list[Visit]:
    """Return a round's visits to targets that have a place, those open first: one statement; never of guarded kinds."""
    rows = _visible(by, round_).filter(guarded=False, target__lat__isnull=False)
    rows = rows.exclude(state=VisitState.DROPPED).select_related("target__kind").defer("target__sealed")
    return list(rows.order_by("due_on", "pk")[:most])


def case_findings(by: Actor, case_uuid: UUID) -> list[Finding]:
    """Return the findings of which a case came, as far as ``by`` may read them."""
    rows = doors.visible_findings(by).filter(case_uuid=case_uuid).select_related("target", "round")
    return list(rows.defer("target__sealed").order_by("id"))


def of_round(by: Actor, round_: Round) -> dict[str, int]:
    """Return how many records of a round wait for a review and how many for a judgement: one statement."""
    rows = doors.visible(by).filter(round=round_)
    waiting = Q(state=SubmissionState.RECEIVED, rival=None)
    rival = Q(rival__isnull=False, judged_at=None) & ~Q(state=SubmissionState.REPLACED)
    return rows.aggregate(
        records=Count("pk", filter=~Q(state__in=[SubmissionState.REPLACED, SubmissionState.ASIDE])),
        waiting=Count("pk", filter=waiting), rivals=Count("pk", filter=rival),
    )  # fmt: skip


__all__ = [
    "BOXES",
    "OVER",
    "Before",
    "Day",
    "FindingFilter",
    "ItemCount",
    "Load",
    "Marks",
    "Pair",
    "Part",
    "RoundFilter",
    "calendar",
    "case_findings",
    "closed_doors",
    "days",
    "finding_counts",
    "findings",
    "items",
    "joining",
    "last_time",
    "late",
    "loads",
    "marks",
    "month",
    "of_round",
    "on_map",
    "open_visits",
    "pairs",
    "parts",
    "planned_on",
    "present",
    "round_counts",
    "unit_visits",
]
