"""Shorthand of the tests: report a case, take it to a state, look at what it left behind."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from linli.engines.cases import services
from linli.engines.cases.models import Case, CaseEvent
from linli.engines.cases.models.case import NEVER
from linli.engines.cases.services.work import TRACKED, never_stands
from linli.engines.cases.types import Contact, FeedbackWay, FilePurpose, FileRef, Report
from linli.engines.cases.workflow import STATES, Outcome, State
from linli.foundation.core.actors import GUEST, SYSTEM, Actor
from linli.foundation.core.folding import fold, plain
from linli.foundation.deadlines.models import Clock
from linli.foundation.files.models import StoredFile
from linli.foundation.journal.models import Entry

if TYPE_CHECKING:
    from tests.world import World

HOUR = timedelta(hours=1)


def get(case: Case) -> Case:
    """Return the case as it is in the database."""
    return Case.objects.select_related("category", "category_version", "unit", "handler", "area").get(pk=case.pk)


def raise_case(
    world: World, category: str = "noise", *, by: Actor = GUEST, now: datetime | None = None, **fields: Any
) -> Case:
    """Report a problem in 陶家宅 and return the case."""
    contact = fields.pop("contact", Contact(name="王阿姨", phone="13812345678", way=FeedbackWay.PHONE))
    place: dict[str, Any] = {"address": "长宁路 488 弄 12 号", "area_id": world.areas["陶家宅"].pk} | {
        k: fields.pop(k) for k in ("address", "area_id") if k in fields
    }
    report = Report(text=fields.pop("text", "楼下很吵"), category=category, contact=contact, **place, **fields)
    receipt = services.report(by=by, now=now or world.now, report=report)
    return Case.objects.select_related("category", "category_version", "unit", "handler", "area").get(
        pk=receipt.case_id
    )


def picture(purpose: FilePurpose) -> FileRef:
    """Return a reference to a stored file; what is in it does not matter here."""
    fields: dict[str, Any] = {}
    for field in StoredFile._meta.concrete_fields:
        if field.primary_key or field.has_default() or field.null or field.name in {"uuid"}:
            continue
        kind = field.get_internal_type()
        fields[field.attname] = _filler(kind, field.attname, field.max_length)
    return FileRef(StoredFile.objects.create(**fields).pk, purpose)


def _filler(kind: str, name: str, most: int | None) -> Any:
    if "Integer" in kind or kind == "FloatField":
        return 1
    if kind in {"DateTimeField"}:
        return NEVER
    if kind == "BinaryField":
        return secrets.token_bytes(8)
    return (secrets.token_hex(16) if "sha" in name or "hash" in name else "image/jpeg")[:most]


def to_handling(world: World, case: Case, unit: str = "enforcement", who: str = "chengguan") -> Case:
    """Accept, dispatch and sign."""
    paidan = world.actor("paidan")
    if case.state == State.REPORTED:
        services.accept(by=paidan, now=world.now, case=case, verify=False)
    services.dispatch(by=paidan, now=world.now, case=case, unit_id=world.units[unit].pk)
    return services.sign(by=world.actor(who), now=world.now, case=case)


def to_check(world: World, case: Case, unit: str = "enforcement", who: str = "chengguan") -> Case:
    """Take a case to the checker, explained."""
    to_handling(world, case, unit, who)
    return services.hand_in(by=world.actor(who), now=world.now, case=case, text="已处理", outcome=Outcome.EXPLAINED)


def to_closed(world: World, case: Case, unit: str = "enforcement", who: str = "chengguan") -> Case:
    """Take a case through to its end."""
    to_check(world, case, unit, who)
    services.check(by=world.actor("jiandu"), now=world.now, case=case, passed=True)
    services.reply(by=world.actor("paidan"), now=world.now, case=case, way="phone", text="已经处理好了")
    return services.close(by=world.actor("lingdao"), now=world.now, case=case)


def faults(case: Case) -> list[str]:
    """Return how what is stored of a case contradicts itself; empty if it holds together."""
    found: list[str] = []
    case = get(case)
    events = list(CaseEvent.objects.filter(case=case).order_by("seq"))
    row = {name: plain(getattr(case, name)) for name in TRACKED}
    folded = fold(e.changes for e in events)
    # Dates come back from a database in another zone; the moment is what counts.
    found += [f"{n}: {row[n]!r} is not {folded.get(n)!r}" for n in TRACKED if not _same(row[n], folded.get(n))]
    if [e.seq for e in events] != list(range(1, case.version + 1)):
        found.append("versions have gaps")
    journalled = (
        Entry.objects.filter(object_uuid=case.uuid, verb__startswith="cases.").exclude(verb__contains="open_").count()
    )
    if journalled != len(events):
        found.append(f"{journalled} journal entries for {len(events)} events")
    clocks = {c.stage: c for c in Clock.objects.filter(subject_kind="case", subject_id=case.pk, ended_at=None)}
    dues = {k: datetime.fromisoformat(v) for k, v in case.dues.items()}
    if {k: c.due_at for k, c in clocks.items()} != dues:
        found.append(f"clocks {sorted(clocks)} do not agree with dues {case.dues}")
    state = State(case.state)
    runs = {k: d for k, d in dues.items() if STATES[state].clock_runs or never_stands(case, k, state)}
    if {k for k, c in clocks.items() if c.paused_at is None} != set(runs):
        found.append(f"running {sorted(runs)} in {state}")
    if case.due_at != min(runs.values(), default=NEVER):
        found.append("due_at is not the least of the dues")
    if STATES[state].open and not runs:
        found.append(f"no clock runs in {state}")
    if case.is_open != STATES[state].open:
        found.append("is_open")
    return found


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, str) and isinstance(b, str) and a != b:
        try:
            return datetime.fromisoformat(a) == datetime.fromisoformat(b)
        except ValueError:
            return False
    return bool(a == b)


__all__ = ["GUEST", "HOUR", "SYSTEM", "faults", "get", "picture", "raise_case", "to_check", "to_closed", "to_handling"]
