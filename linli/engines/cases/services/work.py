"""One case in one transaction: acts are gathered in memory, then written together.

``act`` checks the door and the life cycle, changes the row in memory and notes an event with
exactly the fields that changed; ``save`` writes row, events, clocks, search row, journal and
one job, a fixed number of statements however many acts there were. The row is written by
compare-and-set on its version, so of two people at once the second is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.engines.cases import search
from linli.engines.cases.models import Case, CaseEvent
from linli.engines.cases.models.case import NEVER
from linli.engines.cases.permissions import check_verb
from linli.engines.cases.rules.folding import plain
from linli.engines.cases.services.clocks import clock_start
from linli.engines.cases.workflow import STATES, VERBS, Stage, State, targets
from linli.foundation.core.actors import Actor
from linli.foundation.core.errors import StaleError
from linli.foundation.core.text import mask_personal
from linli.foundation.deadlines import services as deadlines
from linli.foundation.deadlines.types import ClockStart
from linli.foundation.jobs import services as jobs
from linli.foundation.journal import services as journal
from linli.foundation.journal.types import EntryData

_UNTRACKED = frozenset({"id", "text_sealed"})
TRACKED = tuple(f.attname for f in Case._meta.concrete_fields if f.attname not in _UNTRACKED)
_SEARCHED = frozenset({"number", "title", "text", "address", "unit_id", "external_number"})
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
        checked: bool = True,
    ) -> CaseEvent:
        """Do the verb ``code``: check it, set ``changes`` on the row, move it to ``to``, note the event.

        Raises:
            ForbiddenError, ConflictError: the door or the life cycle does not allow it.
        """
        verb, case = VERBS[code], self.case
        if checked and case.pk:
            check_verb(self.by, case, verb)
        source = case.state if case.pk or self.events else ""
        allowed = targets(verb)
        target = to if to is not None else (allowed[0] if allowed else State(case.state))
        if allowed and target not in allowed:
            message = f"{code} does not lead to {target}"
            raise ValueError(message)
        for name, value in (changes or {}).items():
            setattr(case, name, value)
        self._clocks(State(source) if source else None, target, verb.stops if stops is None else stops,
                     verb.starts if starts is None else starts)
        case.state = target
        case.is_open = STATES[target].open
        self._set_due()
        case.changed_at = self.now
        case.version = (self.events[-1].seq if self.events else self.found_version) + 1
        return self._note(code, source, text, reason, dict(data or {}), rule or verb.rule, verb.public if public is None else public)

    def _note(self, code: str, source: str, text: str, reason: str, data: dict[str, Any], rule: str, public: bool) -> CaseEvent:
        case, picture = self.case, self._picture()
        event = CaseEvent(
            case=case, seq=case.version, verb=code, at=self.now, by_uuid=self.by.uuid, by_label=self.by.label,
            on_behalf_of=self.by.on_behalf_of, unit_id_by=next((g.unit_id for g in self.by.grants if g.unit_id), None),
            from_state=source, to_state=case.state, text=mask_personal(text), reason=mask_personal(reason), rule=rule,
            data=data, changes={k: v for k, v in picture.items() if k not in self._last or self._last[k] != v}, public=public,
        )
        self._last = picture
        self.events.append(event)
        return event

    def _clocks(self, source: State | None, target: State, stops: Iterable[Stage], starts: Iterable[Stage]) -> None:
        case = self.case
        ended = [s for s in stops if s in case.dues]
        dues = {k: v for k, v in case.dues.items() if k not in ended}
        for stage in ended:
            self._ended[stage] = target.value
            self._started.pop(stage, None)
        running_before = source is None or STATES[source].clock_runs
        if case.pk and running_before and not STATES[target].clock_runs and dues:
            deadlines.pause(kind=SUBJECT, subject_id=case.pk, now=self.now, reason=target.value)
        if case.pk and not running_before and STATES[target].clock_runs and dues:
            moved = deadlines.resume(kind=SUBJECT, subject_id=case.pk, now=self.now)
            dues.update({k: v.isoformat() for k, v in moved.items() if k in dues})
        case.dues = dues
        for stage in starts:
            self.start(stage)

    def start(self, stage: Stage) -> None:
        """Start the clock of ``stage`` if the rulebook has one for this case."""
        begun = clock_start(self.case, stage, self.now)
        if begun is None:
            return
        start, due_at = begun
        self._started[stage] = start
        self.case.dues = {**self.case.dues, stage.value: due_at.isoformat()}

    def set_due(self, stage: str, due_at: datetime) -> None:
        """Note a due date that moved (an extension)."""
        self.case.dues = {**self.case.dues, stage: due_at.isoformat()}
        self._set_due()

    def _set_due(self) -> None:
        case = self.case
        if not STATES[State(case.state)].clock_runs or not case.dues:
            case.due_at, case.due_stage = NEVER, ""
            return
        stage, due_at = min(case.dues.items(), key=lambda item: datetime.fromisoformat(item[1]))
        case.due_at, case.due_stage = datetime.fromisoformat(due_at), stage

    def save(self, *, job: Mapping[str, Any] | None = None) -> Case:
        """Write everything; the caller's transaction holds it together.

        Raises:
            StaleError: somebody else wrote the case meanwhile; nothing is written.
        """
        case = self.case
        fresh = case.pk is None
        changed = set().union(*(set(e.changes) for e in self.events)) if self.events else set()
        self._write_row(fresh=fresh, changed=changed)
        for event in self.events:
            event.case_id = case.pk
        CaseEvent.objects.bulk_create(self.events)
        self._write_clocks()
        if fresh or changed & _SEARCHED:
            search.write(case, fresh=fresh)
        journal.record_many([self._entry(e) for e in self.events])
        payload = {"case": case.pk, "events": [str(e.uuid) for e in self.events], **(job or {})}
        jobs.enqueue(name="cases.tell", payload=payload, now=self.now)
        return case

    def _write_row(self, *, fresh: bool, changed: set[str]) -> None:
        case = self.case
        if fresh:
            case.save(force_insert=True)
            return
        fields = {name: getattr(case, name) for name in changed | {"version"}}
        if "text" in changed:
            fields["text_sealed"] = case.text_sealed
        if Case.objects.filter(pk=case.pk, version=self.found_version).update(**fields) != 1:
            raise stale()

    def _write_clocks(self) -> None:
        case = self.case
        if self._ended:
            deadlines.end(kind=SUBJECT, subject_id=case.pk, stages=list(self._ended), reason=next(iter(self._ended.values())), now=self.now)
        if self._started:
            starts = [replace(s, subject_id=case.pk, subject_uuid=case.uuid) for s in self._started.values()]
            deadlines.start_many(subjects=starts, now=self.now)

    def _entry(self, event: CaseEvent) -> EntryData:
        after = {k: v for k, v in event.changes.items() if k not in {"version", "changed_at", "dues"}}
        return EntryData(
            by=self.by, verb=f"cases.{event.verb.rstrip('_')}", kind=SUBJECT, uuid=self.case.uuid, label=self.case.number,
            now=self.now, before={"state": event.from_state} if event.from_state else None, after=after,
            reason=event.reason, rule=event.rule, personal=[p for p in _PERSONAL if p in after],
        )


def stale() -> StaleError:
    """Return the error for somebody who acts on a picture that is out of date."""
    return StaleError(
        _("这件事刚刚被他人处理过，您看到的不是最新情况。"), code="cases.stale", hint=_("请刷新后再操作；您填写的内容仍保留在页面上。")
    )
