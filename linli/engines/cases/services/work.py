"""One case in one transaction: acts are gathered in memory, then written together.

``act`` checks the door and the life cycle, changes the row in memory and notes an event with
exactly the fields that changed; ``save`` writes row, events, clocks, search row, journal and
one job, a fixed number of statements however many acts there were. The row is written by
compare-and-set on its version, so of two people at once the second is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from linli.engines.cases import search
from linli.engines.cases.events import writers
from linli.engines.cases.models import Case, CaseEvent, Request
from linli.engines.cases.models.case import NEVER
from linli.engines.cases.permissions import check_verb
from linli.engines.cases.services.clocks import clock_start, is_provisional, local_date
from linli.engines.cases.services.telling import TOLD
from linli.engines.cases.types import Decision
from linli.engines.cases.workflow import (
    ENDING,
    NEVER_STANDS,
    NOT_LATE,
    STAGE_STATES,
    STATES,
    VERBS,
    WITH_UNIT,
    Stage,
    State,
    targets,
)
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.inserting import change, insert
from linli.foundation.core.errors import ConflictError, StaleError
from linli.foundation.core.folding import plain
from linli.foundation.core.text import mask_personal
from linli.foundation.deadlines import services as deadlines
from linli.foundation.deadlines.types import ClockStart
from linli.foundation.jobs import services as jobs
from linli.foundation.journal import services as journal
from linli.foundation.journal.types import EntryData

_UNTRACKED = frozenset({"id", "text_sealed"})
TRACKED = tuple(f.attname for f in Case._meta.concrete_fields if f.attname not in _UNTRACKED)
_SEARCHED = frozenset({"number", "title", "text", "address", "unit_id", "external_number"})
_PLACED = frozenset({"text", "address", "lat", "lon", "reported_at"})
_PERSONAL = ("text", "address", "address_key", "answers", "title")
SUBJECT = "case"


class Work:
    """The acts of one person on one case in one transaction."""

    def __init__(self, case: Case, *, by: Actor, now: datetime, expected: int | None = None) -> None:
        """Begin; ``expected`` is the version that the person looked at.

        Raises:
            StaleError: the case has moved on since.
        """
        self.case, self.by, self.now = case, by, now
        self.found_version = case.version if case.pk else 0
        if expected is not None and case.pk and expected != case.version:
            raise stale()
        self.events: list[CaseEvent] = []
        self._last = self._picture() if case.pk else {}
        self._ended: dict[str, str] = {}
        self._started: dict[str, ClockStart] = {}
        self._provisional: list[str] = []

    def _picture(self) -> dict[str, Any]:
        return {name: plain(getattr(self.case, name)) for name in TRACKED}

    def act(
        self,
        code: str,
        *,
        to: State | None = None,
        changes: Mapping[str, Any] | None = None,
        text: str = "",
        reason: str = "",
        data: Mapping[str, Any] | None = None,
        rule: str = "",
        public: bool | None = None,
        stops: Iterable[Stage] | None = None,
        starts: Iterable[Stage] | None = None,
        until: datetime | None = None,
        checked: bool = True,
    ) -> CaseEvent:
        """Do the verb ``code``: check it, set ``changes`` on the row, move it to ``to``, note the event.

        Raises:
            ForbiddenError, ConflictError: the door or the life cycle does not allow it.
        """
        verb, case = VERBS[code], self.case
        if checked and case.pk:
            check_verb(self.by, case, verb)
        if code in ENDING and case.open_orders:
            raise ConflictError(
                _("还有督办没有结论，不能%(verb)s。") % {"verb": verb.label},
                code="cases.order",
                hint=_("请先答复督办，由督办人作出结论。"),
            )
        source = case.state if case.pk or self.events else ""
        allowed = targets(verb)
        target = to if to is not None else (allowed[0] if allowed else State(case.state))
        if allowed and target not in allowed:
            message = f"{code} does not lead to {target}"
            raise ValueError(message)
        for name, value in (changes or {}).items():
            setattr(case, name, value)
        self._clocks(
            State(source) if source else None,
            target,
            verb.stops if stops is None else stops,
            verb.starts if starts is None else starts,
            until,
        )
        case.state = target
        case.is_open = STATES[target].open
        self._set_due()
        case.changed_at = self.now
        case.version = (self.events[-1].seq if self.events else self.found_version) + 1
        noted = {**(data or {}), **({"provisional": self._provisional} if self._provisional else {})}
        self._provisional = []
        return self._note(
            code, source, text, reason, noted, rule or verb.rule, verb.public if public is None else public
        )

    def _note(
        self, code: str, source: str, text: str, reason: str, data: dict[str, Any], rule: str, public: bool
    ) -> CaseEvent:
        case, picture = self.case, self._picture()
        event = CaseEvent(
            case=case,
            seq=case.version,
            verb=code,
            at=self.now,
            by_uuid=self.by.uuid,
            by_label=self.by.label,
            on_behalf_of=self.by.on_behalf_of,
            unit_id_by=next((g.unit_id for g in self.by.grants if g.unit_id), None),
            from_state=source,
            to_state=case.state,
            text=mask_personal(text),
            reason=mask_personal(reason),
            rule=rule,
            data=data,
            changes={k: v for k, v in picture.items() if k not in self._last or self._last[k] != v},
            public=public,
        )
        self._last = picture
        self.events.append(event)
        return event

    def _clocks(
        self,
        source: State | None,
        target: State,
        stops: Iterable[Stage],
        starts: Iterable[Stage],
        until: datetime | None,
    ) -> None:
        """End what the act or the left state ends, let clocks stand or run on, start what begins."""
        case, over = self.case, set(stops)
        runs, ran = STATES[target].clock_runs, source is None or STATES[source].clock_runs
        for name in [n for n in case.dues if Stage(n) in over or target not in STAGE_STATES[Stage(n)]]:
            self._end(name, target, ran=ran)
        if case.pk and source is not None and ran != runs:
            moving = [n for n in case.dues if n not in self._started and not never_stands(case, n, target, source)]
            if moving:
                self.lock()
            if moving and ran:
                deadlines.pause(kind=SUBJECT, subject_id=case.pk, now=self.now, reason=target.value, stages=moving)
            elif moving:
                moved = deadlines.resume(kind=SUBJECT, subject_id=case.pk, now=self.now, stages=moving)
                case.dues = {**case.dues, **{k: v.isoformat() for k, v in moved.items() if k in case.dues}}
        own = STATES[target].stage
        begun = tuple(starts)
        if own is not None and target is not source and own.value not in case.dues and own not in begun:
            begun = (own, *begun)
        for stage in begun:
            self._start(stage, until)

    def lock(self) -> None:
        """Lock the case before its clocks: everybody takes the two in this order, so nobody waits in a circle.

        Raises:
            StaleError: somebody else wrote the case meanwhile.
        """
        row = Case.objects.select_for_update().filter(pk=self.case.pk, version=self.found_version)
        if self.case.pk and not row.values_list("pk"):
            raise stale()

    def _end(self, name: str, target: State, *, ran: bool) -> None:
        case = self.case
        due_at = datetime.fromisoformat(case.dues[name])
        if due_at < self.now and Stage(name) not in NOT_LATE and (ran or Stage(name) in NEVER_STANDS):
            # The sweep may not have come by yet: late is late, told or not.
            case.was_overdue = True
        case.dues = {k: v for k, v in case.dues.items() if k != name}
        if self._started.pop(name, None) is None:
            self._ended[name] = target.value

    def _start(self, stage: Stage, until: datetime | None) -> None:
        begun = clock_start(self.case, stage, self.now, until=until)
        if begun is None:
            return
        start, due_at = begun
        if is_provisional(start):
            self._provisional.append(stage.value)
        self._started[stage.value] = start
        self.case.dues = {**self.case.dues, stage.value: due_at.isoformat()}

    def _set_due(self) -> None:
        case = self.case
        state = State(case.state)
        running = {
            name: due_at
            for name, due_at in case.dues.items()
            if STATES[state].clock_runs or never_stands(case, name, state)
        }
        if not running:
            case.due_at, case.due_stage = NEVER, ""
            return
        stage, due_at = min(running.items(), key=lambda item: datetime.fromisoformat(item[1]))
        case.due_at, case.due_stage = datetime.fromisoformat(due_at), stage

    def save(self, *, job: Mapping[str, Any] | None = None, tell: bool = False) -> Case:
        """Write everything; the caller's transaction holds it together.

        Args:
            job: what the telling has to know beside the events.
            tell: there is something to tell, whatever the verbs.

        Raises:
            StaleError: somebody else wrote the case meanwhile; nothing is written.
        """
        case = self.case
        fresh = case.pk is None
        changed = set().union(*(set(e.changes) for e in self.events)) if self.events else set()
        self._write_row(fresh=fresh, changed=changed)
        for event in self.events:
            event.case_id = case.pk
        insert(self.events)
        self._write_clocks()
        if any(_leaves_unit(e) for e in self.events):
            lapse_requests([case.pk], self.now)
        self._write_found(fresh=fresh, changed=changed)
        journal.record_many([self.entry(e) for e in self.events])
        if tell or any(e.verb in TOLD or _begins_or_ends(e) for e in self.events):
            payload = {"case": case.pk, "events": [str(e.uuid) for e in self.events], **(job or {})}
            jobs.enqueue(name="cases.tell", payload=payload, now=self.now)
        if any(_begins_or_ends(e) for e in self.events) and (case.split_from_id is not None or case.reporter_count > 1):
            jobs.enqueue(name="cases.part_moved", payload={"case": case.pk}, now=self.now)
        if any("provisional" in e.data for e in self.events):
            year = local_date(self.now).year + 1
            jobs.enqueue(
                name="cases.year_missing", payload={"year": year}, now=self.now, key=f"cases.year_missing:{year}"
            )
        return case

    def _write_row(self, *, fresh: bool, changed: set[str]) -> None:
        case = self.case
        if fresh:
            insert([case])
            return
        fields = {name: getattr(case, name) for name in changed | {"version"}}
        if "text" in changed:
            fields["text_sealed"] = case.text_sealed
        if change(Case, fields, {"id": case.pk, "version": self.found_version}) != 1:
            raise stale()

    def _write_found(self, *, fresh: bool, changed: set[str]) -> None:
        """Write what the case is found by: its search row, and what rooms above keep of it."""
        if fresh or changed & _SEARCHED:
            search.write(self.case)
        if fresh or changed & _PLACED:
            for follow in writers():
                follow(self.case, fresh=fresh)

    @property
    def ended(self) -> tuple[str, ...]:
        """The stages whose open clocks end."""
        return tuple(sorted(self._ended))

    @property
    def starting(self) -> list[ClockStart]:
        """The clocks that begin."""
        return [
            replace(s, subject_id=self.case.pk, subject_uuid=self.case.uuid, started_at=self.now)
            for s in self._started.values()
        ]

    def _write_clocks(self) -> None:
        case = self.case
        if self._ended:
            reason = next(iter(self._ended.values()))
            deadlines.end(kind=SUBJECT, subject_id=case.pk, stages=self.ended, reason=reason, now=self.now)
        if self._started:
            deadlines.start_many(subjects=self.starting, now=self.now)

    def entry(self, event: CaseEvent) -> EntryData:
        """Return the journal's entry of an event."""
        after = {k: v for k, v in event.changes.items() if k not in {"version", "changed_at", "dues"}}
        return EntryData(
            by=self.by,
            verb=f"cases.{event.verb.rstrip('_')}",
            kind=SUBJECT,
            uuid=self.case.uuid,
            label=self.case.number,
            now=self.now,
            before={"state": event.from_state} if event.from_state else None,
            after=after,
            reason=event.reason,
            rule=event.rule,
            personal=[p for p in _PERSONAL if p in after],
        )


def never_stands(case: Case, name: str, *states: State) -> bool:
    """Return whether the clock ``name`` runs on where the others stand: the city's own date does, too."""
    if State.MERGED in states:
        return False
    stage = Stage(name)
    return stage in NEVER_STANDS or (stage is Stage.OVERALL and case.external_due is not None)


def _leaves_unit(event: CaseEvent) -> bool:
    stays = {*WITH_UNIT, State.AWAITING_INFO, State.MERGED}
    left = event.from_state in WITH_UNIT and event.to_state not in stays
    return left or event.verb in {"transfer", "recall"}


def _begins_or_ends(event: CaseEvent) -> bool:
    """Return whether the act ended the case or took it up again: what waits for it has to look."""
    return bool(event.from_state) and STATES[State(event.from_state)].open != STATES[State(event.to_state)].open


def lapse_requests(case_ids: Iterable[int], now: datetime) -> None:
    """Let requests lapse that nobody decided before the unit gave the case out of its hands."""
    Request.objects.filter(case__in=list(case_ids), decision=Decision.PENDING).update(
        decision=Decision.LAPSED, decided_at=now
    )


def save_all(works: Sequence[Work], *, now: datetime) -> None:
    """Write many works whose rows the caller has locked: a bounded number of statements, one job."""
    works = [w for w in works if w.events]
    if not works:
        return
    events = [e for w in works for e in w.events]
    _write_rows(works)
    insert(events)
    ended: dict[tuple[str, ...], list[int]] = {}
    for work in works:
        if work.ended:
            ended.setdefault(work.ended, []).append(work.case.pk)
    for stages, ids in ended.items():
        deadlines.end(kind=SUBJECT, subject_id=ids, stages=stages, reason="raise_level", now=now)
    if starts := [s for w in works for s in w.starting]:
        deadlines.start_bulk(subjects=starts, now=now)
    journal.record_many([w.entry(e) for w in works for e in w.events])
    payload = {"cases": [[w.case.pk, [str(e.uuid) for e in w.events]] for w in works]}
    jobs.enqueue(name="cases.tell_many", payload=payload, now=now)


_ALIKE = 20


def _write_rows(works: Sequence[Work]) -> None:
    """Write locked rows: one UPDATE for many that change alike (marks mostly do), the rest in bulk."""
    alike: dict[tuple[int, str], list[Work]] = {}
    for work in works:
        changed = {name: getattr(work.case, name) for e in work.events for name in e.changes if name != "version"}
        alike.setdefault((len(work.events), repr(sorted(changed.items()))), []).append(work)
    rest: list[Work] = []
    for (count, _changed), group in alike.items():
        if len(group) < _ALIKE:
            rest.extend(group)
            continue
        names = {name for e in group[0].events for name in e.changes} - {"version"}
        fields: dict[str, Any] = {name: getattr(group[0].case, name) for name in names}
        rows = Case.objects.filter(pk__in=[w.case.pk for w in group])
        rows.update(version=F("version") + count, **fields)
    if rest:
        changing = {name for w in rest for e in w.events for name in e.changes} | {"version"}
        Case.objects.bulk_update([w.case for w in rest], sorted(changing), batch_size=250)


def lock_cases(*cases: Case) -> None:
    """Lock several cases in one order, whoever comes."""
    list(Case.objects.select_for_update().filter(pk__in=[c.pk for c in cases]).order_by("pk").values_list("pk"))


def note_on_each(cases: Iterable[Case], *, by: Actor, now: datetime, text: str, data: dict[str, Any]) -> None:
    """Note on several locked cases what they were linked to; each is read anew and otherwise left as it is."""
    for case in sorted(cases, key=lambda c: c.pk):
        fresh = Case.objects.select_related("category", "category_version", "unit").get(pk=case.pk)
        work = Work(fresh, by=by, now=now)
        work.act("note", text=text, data=data, checked=False)
        work.save()


def stale() -> StaleError:
    """Return the error for somebody who acts on a picture that is out of date."""
    return StaleError(
        _("这件事刚刚被他人处理过，您看到的不是最新情况。"),
        code="cases.stale",
        hint=_("请刷新后再操作；您填写的内容仍保留在页面上。"),
    )
