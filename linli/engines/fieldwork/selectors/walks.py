"""What rooms above read of a programme's rounds: a day's walks in numbers, what they found, the pictures of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from linli.engines.fieldwork.models import Finding, Round, Submission, SubmissionFile, Target, Visit
from linli.engines.fieldwork.permissions import rounds_q
from linli.engines.fieldwork.permissions.submissions import visible, visible_findings
from linli.engines.fieldwork.rules.choosing import rhythm_of
from linli.engines.fieldwork.rules.finding import AFTER, BEFORE, SEEN, checked_items
from linli.engines.fieldwork.rules.rounds import Rhythm
from linli.engines.fieldwork.selectors.rounds import zone
from linli.engines.fieldwork.selectors.submissions import form_of, whole_answers
from linli.engines.fieldwork.workflow import FindingState, RoundState, VisitState
from linli.foundation.core.actors import Actor
from linli.foundation.forms.rules import Moment, in_words, work_out

WAITING = (FindingState.FOUND,)


def finding_files(finding: Finding) -> list[int]:
    """Return the stored files of the pictures that show a finding, in order."""
    paths = [p for name in (SEEN, BEFORE, AFTER) for p in finding.pictures.get(name, ())]
    rows = SubmissionFile.objects.filter(submission=finding.submission_id, path__in=paths).order_by("id")
    return list(dict.fromkeys(rows.values_list("file_id", flat=True)))


@dataclass(frozen=True, slots=True)
class DayOf:
    """One round on one day: what is due up to it, what was walked, what was found, its times of day."""

    round: Round
    due: int
    done: int
    tried: int
    found: int
    rhythm: Rhythm | None


def day_of(by: Actor, programme: str, day: date, *, most: int = 100) -> list[DayOf]:
    """Return the rounds of a programme that run on a day, in numbers and without anybody's name: four statements.

    An occasion counts on each day from its beginning to its end; what was done on the day is counted as done.
    """
    rows = Round.objects.filter(rounds_q(by), programme=programme, starts_on__lte=day, ends_on__gte=day)
    rows = rows.filter(state__in=[RoundState.OPEN, RoundState.CLOSED]).select_related("kind", "unit", "area")
    rounds = list(rows.defer("area__geometry", "area__wkb").order_by("title", "pk")[:most])
    on = Q(occasion__lte=day, due_on__gte=day)
    visits = Visit.objects.filter(on, round__in=rounds).exclude(state=VisitState.DROPPED)
    counted = {
        row["round"]: row
        for row in visits.order_by().values("round").annotate(
            due=Count("pk"), done=Count("pk", filter=Q(state=VisitState.DONE)),
            tried=Count("pk", filter=Q(state__in=[VisitState.TRIED, VisitState.UNREACHED])),
        )
    }  # fmt: skip
    findings = Finding.objects.filter(submission__round__in=rounds, found_at__date=day)
    found = dict(findings.order_by().values_list("submission__round").annotate(n=Count("pk")))
    none = {"due": 0, "done": 0, "tried": 0}
    told = [(r, counted.get(r.pk, none)) for r in rounds]
    return [DayOf(r, n["due"], n["done"], n["tried"], found.get(r.pk, 0), _rhythm(r)) for r, n in told]


def _rhythm(round_: Round) -> Rhythm | None:
    try:
        return rhythm_of(round_.rhythm, round_.starts_on, round_.ends_on)
    except ValueError:
        return None


def waiting_findings(by: Actor, programme: str, kinds: Collection[str]) -> QuerySet[Finding]:
    """Return what rounds of a programme found at these ledgers and nobody has taken up, the newest first."""
    rows = visible_findings(by).filter(
        submission__round__programme=programme, target__kind__code__in=list(kinds), state__in=WAITING
    )
    return rows.select_related("target__kind", "submission__round").order_by("-found_at", "-id")


def findings_at(by: Actor, target: Target) -> QuerySet[Finding]:
    """Return what was found at a target, the newest first."""
    return visible_findings(by).filter(target=target).order_by("-found_at", "-id")


@dataclass(frozen=True, slots=True)
class Checked:
    """One record of a target, item by item: what the item is called, and whether it was well."""

    record: Submission
    items: tuple[tuple[str, bool], ...]


def checked(by: Actor, target: Target, *, most: int = 10) -> list[Checked]:
    """Return the latest records of a target item by item: those looked at, failed where the record found something."""
    rows = visible(by).filter(target=target, state__in=["received", "accepted"]).select_related("form")
    records = list(rows.order_by("-made_at", "-id")[:most])
    wrong: dict[int, set[str]] = {}
    for pk, item in Finding.objects.filter(submission__in=records).values_list("submission_id", "item"):
        wrong.setdefault(pk, set()).add(item)
    found = []
    for row in records:
        form, answers = form_of(row.form), whole_answers(row)
        failed, moment = wrong.get(row.pk, set()), Moment(row.made_at.astimezone(zone()))
        looked = checked_items(form, answers, work_out(form, answers, moment=moment).marks()) | failed
        words = dict(_labels(form.items, "", form.settings.default_language))
        found.append(Checked(row, tuple((words.get(i, i), i not in failed) for i in sorted(looked))))
    return found


def _labels(items: object, above: str, language: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for item in items:  # type: ignore[attr-defined]
        path = f"{above}/{item.code}" if above else item.code
        if hasattr(item, "items"):
            found += _labels(item.items, path, language)
        else:
            found.append((path, in_words(item.label, language) or item.code))
    return found
