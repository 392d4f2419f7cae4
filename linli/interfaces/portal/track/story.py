"""A case as its reporter reads it: residents' words, the six steps, units but no names of persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from linli.engines.cases import permissions
from linli.engines.cases import selectors as cases
from linli.engines.cases.rules.proof import rating_open
from linli.engines.cases.selectors.settings import number
from linli.engines.cases.types import NoteKind, Source
from linli.engines.cases.workflow import STATES, VERBS, Outcome, State, Step
from linli.engines.projects import selectors as projects
from linli.engines.projects.types import Moved
from linli.foundation.core.actors import Actor
from linli.foundation.journal import selectors as journal
from linli.foundation.people import selectors as people

if TYPE_CHECKING:
    from linli.engines.cases.models import Case, CaseEvent, Reporter

# Of these verbs what was written is meant for the reporter; of the others only that they happened.
TEXT_FOR_REPORTER = frozenset({"ask", "refuse", "reply"})
REASON_FOR_REPORTER = frozenset({"refuse", "review", "reopen", "decide_shelving", "withdraw"})
OWN_WORDS = frozenset({"report", "answer"})


@dataclass(frozen=True, slots=True)
class Story:
    """What the page of one case shows to its reporter."""

    state: str
    tone: str
    outcome: str
    steps: list[dict[str, str]]
    due: datetime | None
    overdue: bool
    unit: str
    entries: list[dict[str, Any]]
    question: str
    looks: list[dict[str, Any]]
    photos: list[dict[str, str]]
    may_answer: bool
    may_urge: bool
    may_withdraw: bool
    may_rate: bool
    rate_until: datetime | None
    rated: str
    city_rates: bool
    merged: bool
    people: int
    parts: list[dict[str, str]]


def steps(case: Case) -> list[dict[str, str]]:
    """Return the six steps with done, now and todo."""
    here = STATES[State(case.state)].step
    ended = case.state == State.CLOSED
    return [
        {"label": str(s.label), "state": "done" if ended or s < here else "now" if s == here else "todo"} for s in Step
    ]


def _due(case: Case) -> datetime | None:
    text = case.dues.get("overall") or case.dues.get("handle")
    return datetime.fromisoformat(text) if case.is_open and text else None


def _past(event: CaseEvent) -> str:
    return str(VERBS[event.verb].past or VERBS[event.verb].label)


def _entry(event: CaseEvent, units: dict[int, Any], *, alone: bool) -> dict[str, Any]:
    said = event.verb in OWN_WORDS or event.data.get("kind") == NoteKind.FROM_REPORTER
    text = event.text if event.verb in TEXT_FOR_REPORTER or (alone and said) else ""
    if event.verb in REASON_FOR_REPORTER and event.reason:
        text = f"{event.reason}\n{text}".strip() if alone or event.verb != "withdraw" else text
    unit = units.get(event.unit_id_by or 0)
    who = (
        str(unit)
        if unit is not None
        else ""
        if event.by_uuid
        else _("反映人")
        if said or event.verb in {"urge", "rate"}
        else ""
    )
    return {
        "title": str(NoteKind.FROM_REPORTER.label if event.verb == "note" else _past(event)),
        "at": event.at,
        "who": who,
        "text": text,
        "photos": [],
    }


def _entries(case: Case, events: list[CaseEvent], units: dict[int, Any], *, alone: bool) -> list[dict[str, Any]]:
    """Return what happened to the case and what its reporters were told of its projects, newest first."""
    told = [
        {
            "title": _("项目“%(name)s”") % {"name": e.project.name},
            "at": e.at,
            "who": str(e.project.unit),
            "text": Moved(e.data["after"]["what"]).words(e.data["after"]["values"]),
            "photos": [],
        }
        for e in projects.told_of(case.uuid)
    ]
    found = [_entry(e, units, alone=alone) for e in events]
    return sorted([*found, *told], key=lambda e: e["at"], reverse=True) if told else found


def _looks(reporter: Reporter, case: Case) -> list[dict[str, Any]]:
    """Return who opened the contact: post and unit, when and what for; no names of persons."""
    uuids = {case.uuid, reporter.case.uuid}
    words = {"cases.open_contact": _("查看了联系方式"), "cases.open_text": _("查看了反映原文")}
    found = [e for u in uuids for e in journal.entries_for("case", u, 500) if e.verb in words]
    posts = people.posts_of_users({e.actor_uuid for e in found if e.actor_uuid})
    return [
        {
            "at": e.at,
            "what": words[e.verb],
            "who": posts.get(e.actor_uuid, _("工作人员")) if e.actor_uuid else _("系统"),
            "why": e.reason,
        }
        for e in sorted(found, key=lambda e: e.at, reverse=True)
    ]


def _photos(reporter: Reporter, case: Case) -> list[dict[str, str]]:
    found = [f for f in cases.own_files(reporter, case) if f.file.has_shown]
    return [
        {
            "url": f"/track/photo/{f.file.uuid}/1600/",
            "thumb": f"/track/photo/{f.file.uuid}/320/",
            "alt": _("%(what)s照片") % {"what": f.get_purpose_display()},
            "caption": str(f.get_purpose_display()),
        }
        for f in found
    ]


def _parts(case: Case) -> list[dict[str, str]]:
    """Return what a split report was split into: kind, state, unit and, once it has ended, the answer."""
    return [
        {
            "title": p.case.category.resident_name or p.case.category.name,
            "state": p.words,
            "tone": p.tone,
            "unit": str(p.case.unit) if p.case.unit is not None else "",
            "answer": p.answer,
        }
        for p in cases.parts_of(case)
    ]


def tell(actor: Actor, reporter: Reporter, case: Case, now: datetime) -> Story:
    """Return the story of ``case`` for ``reporter``."""
    facts = STATES[State(case.state)]
    alone = reporter.case_id == case.pk and case.reporter_count == 1
    events = [e for e in cases.public_events(case) if e.verb != "escalate"]
    units = people.units({e.unit_id_by for e in events if e.unit_id_by})
    window = timedelta(days=int(number("cases.rating.window_days", 14, now)))
    due = _due(case)
    asked = next((e.text for e in events if e.verb == "ask"), "") if case.state == State.AWAITING_INFO else ""
    open_for_rating = (
        case.state == State.CLOSED and case.outcome != Outcome.WITHDRAWN and rating_open(case.closed_at, now, window)
    )
    city = case.source == Source.HOTLINE
    return Story(
        state=str(facts.resident),
        tone=facts.tone,
        outcome=str(case.get_outcome_display()) if case.state == State.CLOSED else "",
        steps=steps(case),
        due=due,
        overdue=due is not None and due < now,
        unit=str(case.unit) if case.unit is not None and case.is_open else "",
        entries=_entries(case, events, units, alone=alone),
        question=asked,
        looks=_looks(reporter, case),
        photos=_photos(reporter, case),
        may_answer=permissions.can(actor, case, "answer"),
        may_urge=permissions.can(actor, case, "urge"),
        may_withdraw=alone and permissions.can(actor, case, "withdraw"),
        may_rate=open_for_rating and not city and not reporter.rating and permissions.can(actor, case, "rate"),
        rate_until=case.closed_at + window if open_for_rating and case.closed_at else None,
        rated=reporter.rating,
        city_rates=city,
        merged=reporter.case_id != case.pk,
        people=case.reporter_count,
        parts=_parts(case) if case.unit_id is None and any(e.verb == "split" for e in events) else [],
    )
