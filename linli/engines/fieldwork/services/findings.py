"""The chain of a finding: found, mended on the spot or a case, rectified, looked at again, scored.

Every step is held to ``rules.coverage.FOLLOWS``; a finding moves by compare-and-set on its version.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.engines.cases import services as case_services
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.selectors import catalogue
from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.cases.types import FilePurpose, FileRef, Report, Source
from linli.engines.cases.workflow import REPORTERS, Level, Outcome, State
from linli.engines.fieldwork.models import Finding, FindingEvent, Submission, SubmissionFile, Target
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.rules.coverage import FOLLOWS, Link
from linli.engines.fieldwork.rules.finding import AFTER, BEFORE, SEEN, Found
from linli.engines.fieldwork.services.rechecking import plan_recheck
from linli.engines.fieldwork.workflow import FindingState
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.coordinates import Point
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, DomainError, ForbiddenError, InvalidError, StaleError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.people.selectors import local_day

SUBJECT = "fieldwork_finding"
OPEN = frozenset(
    {
        FindingState.FOUND, FindingState.CASE, FindingState.RECTIFYING, FindingState.RECTIFIED, FindingState.RETURNED,
    }
)  # fmt: skip
FOLLOWING = frozenset({FindingState.CASE, FindingState.RECTIFYING, FindingState.RETURNED})
MOST_FILES = 9
WORKED_ON = frozenset(
    {
        State.TO_SIGN, State.HANDLING, State.CONSULTING, State.SHELVED, State.TO_CHECK, State.TO_REPLY,
    }
)  # fmt: skip
NO_PROBLEM = frozenset({State.VOID, State.REFUSED})


def move(finding: Finding, link: Link, *, by: Actor, now: datetime, text: str = "", **fields: Any) -> None:
    """Take a finding one link on, with an event and an entry of the journal.

    Raises:
        ConflictError: that does not follow where it stands.
        StaleError: somebody else moved it meanwhile.
    """
    before = Link(finding.state)
    if link not in FOLLOWS[before]:
        raise ConflictError(
            _("“%(now)s”的问题不能变为“%(then)s”。")
            % {"now": finding.get_state_display(), "then": FindingState(link.value).label},
            code="fieldwork.finding_state", state=finding.state, hint=_("请刷新页面，查看最新状态。"),
        )  # fmt: skip
    rows = Finding.objects.filter(pk=finding.pk, version=finding.version)
    if rows.update(state=link.value, version=F("version") + 1, **fields) != 1:
        raise StaleError(
            _("这个问题刚刚被他人处理过，您看到的不是最新情况。"), code="fieldwork.stale", hint=_("请刷新后再操作。")
        )
    finding.state, finding.version = link.value, finding.version + 1
    for name, value in fields.items():
        setattr(finding, name, value)
    happened(finding, link.value, by=by, now=now, text=text, before=before.value)


def happened(
    finding: Finding, verb: str, *, by: Actor, now: datetime, text: str = "", before: str | None = None
) -> None:
    """Write an event of a finding, and the journal's entry."""
    FindingEvent.objects.create(finding=finding, at=now, verb=verb, text=text[:500], by_label=by.label[:80])
    journal.record(
        by=by, verb=f"fieldwork.finding_{verb}", kind=SUBJECT, uuid=finding.uuid, label=finding.item[:100], now=now,
        before={"state": before} if before else None, after={"state": finding.state}, reason=text[:300],
    )  # fmt: skip


def follow_up(
    row: Submission, wrong: Sequence[Found], looked_at: Collection[str], *, by: Actor, now: datetime
) -> list[Finding]:
    """Make findings of what a record found wrong, and close or return those it looked at again.

    The same item of the same target that is open already is not found a second time: it is seen again.
    """
    old = _open_of(row, {*looked_at, *(f.item for f in wrong)})
    failed = {f.item for f in wrong}
    for item in sorted(set(looked_at) - failed):
        for finding in old.get(item, ()):
            _passed(finding, row, by, now)
    fresh = []
    for found in wrong:
        if old.get(found.item):
            for finding in old[found.item]:
                _seen_again(finding, row, found, by, now)
        else:
            fresh.append(_new(row, found, by, now))
    return fresh


def _open_of(row: Submission, items: Collection[str]) -> dict[str, list[Finding]]:
    """Return the open findings of these items of the same target; of a correction those of the former too."""
    formers = []
    former = row.former
    while former is not None:
        formers.append(former.pk)
        former = former.former
    rows = Finding.objects.filter(state__in=OPEN, item__in=list(items)).select_related("submission__round", "target")
    where = {"target": row.target_id} if row.target_id is not None else {"submission__in": formers}
    rows = rows.filter(**where)
    found: dict[str, list[Finding]] = {}
    for finding in rows.select_for_update(of=("self",)).order_by("id"):
        found.setdefault(finding.item, []).append(finding)
    return found


def _passed(finding: Finding, row: Submission, by: Actor, now: datetime) -> None:
    """Another look found it well: scored, if whoever had to has said that it is done; else it is only noted."""
    if finding.state != FindingState.RECTIFIED or _older(finding, row, now):
        if finding.state in (FindingState.CASE, FindingState.RECTIFYING, FindingState.FOUND):
            words = _("更正后的记录中此项合格，请核对。") if row.former_id else _("再次查看时此项合格。")
            happened(finding, "passed", by=by, now=now, text=words)
        return
    move(finding, Link.RECHECKED, by=by, now=now, rechecked=row)
    move(finding, Link.SCORED, by=by, now=now, closed_at=now)


def _older(finding: Finding, row: Submission, now: datetime) -> bool:
    """Return whether a record was made before the repair: it says nothing of it."""
    return finding.mended_at is not None and min(row.made_at, now) < finding.mended_at


def _seen_again(finding: Finding, row: Submission, found: Found, by: Actor, now: datetime) -> None:
    if row.former_id is not None and finding.submission_id == row.former_id:
        if found.text != finding.text:
            Finding.objects.filter(pk=finding.pk).update(text=found.text)
            happened(finding, "corrected", by=by, now=now, text=found.text)
        return
    if finding.state == FindingState.RECTIFIED and not _older(finding, row, now):
        if found.mended:
            happened(finding, "seen_again", by=by, now=now, text=_("复核时当场整改：%(text)s") % {"text": found.text})
        move(finding, Link.RETURNED, by=by, now=now, text=found.text, rechecked=row, recheck=None, recheck_on=None)
        _take_up_again(finding, row, found, by, now)
        return
    happened(finding, "seen_again", by=by, now=now, text=found.text)


def _new(row: Submission, found: Found, by: Actor, now: datetime) -> Finding:
    finding = Finding.objects.create(
        submission=row, round_id=row.round_id, target=row.target, item=found.item[:200], text=found.text,
        category=found.category[:64], level=found.level, pictures=dict(found.pictures), found_at=min(row.made_at, now),
        relapse_of=_relapse(row, found.item, now), area_path=row.area_path,
    )  # fmt: skip
    happened(finding, Link.FOUND.value, by=by, now=now, text=found.text)
    if found.mended:
        move(finding, Link.ON_THE_SPOT, by=by, now=now, mended_at=min(row.made_at, now))
        move(finding, Link.SCORED, by=by, now=now, closed_at=now)
    elif found.category:
        _make_case(finding, by=by, now=now)
    return finding


def _relapse(row: Submission, item: str, now: datetime) -> Finding | None:
    """Return the finding of the same item that was closed within the window: it failed again (反弹)."""
    if row.target_id is None:
        return None
    days = int(rule_number("fieldwork.relapse.days", 90, now))
    closed = Finding.objects.filter(
        target=row.target_id, item=item, state=FindingState.SCORED, closed_at__gte=now - timedelta(days=days)
    )
    return closed.order_by("-closed_at").first()


def _make_case(
    finding: Finding, *, by: Actor, now: datetime, extra: str = "",
    seen: tuple[Submission, Mapping[str, Sequence[str]]] | None = None,
) -> UUID:  # fmt: skip
    """Make a case of a finding, with its pictures (or those of another record) and its place; return its uuid."""
    row, target = finding.submission, finding.target
    count = FindingEvent.objects.filter(finding=finding, verb__in=[Link.CASE.value, "new_case"]).count()
    relapse = _("（反弹：上次销项后再次出现）") if finding.relapse_of_id else ""
    said = f"{target.name}：{finding.text}{relapse}" if target is not None else finding.text
    report = Report(
        text="\n".join(filter(None, [said, extra])),
        category=finding.category if catalogue.category(finding.category) is not None else "",
        source=Source.PATROL,
        files=_pictures(*(seen or (row, finding.pictures))),
        level=Level(finding.level) if finding.level else None,
        uuid=uuid5(NAMESPACE_OID, f"fieldwork:{finding.uuid}:{count}"),
        origin={"finding": str(finding.uuid), "submission": str(row.uuid)},
        **_place(target),
    )
    reporter = by if by.is_system or by.has_role(*REPORTERS) else SYSTEM.for_person(by.label)
    receipt = case_services.report(by=reporter, now=now, report=report, dispatch=True)
    fields: dict[str, Any] = {"case_uuid": receipt.uuid}
    if finding.state == FindingState.FOUND:
        move(finding, Link.CASE, by=by, now=now, text=receipt.number, **fields)
    else:
        Finding.objects.filter(pk=finding.pk).update(version=F("version") + 1, **fields)
        finding.case_uuid, finding.version = receipt.uuid, finding.version + 1
        happened(finding, "new_case", by=by, now=now, text=receipt.number)
    return receipt.uuid


def _place(target: Target | None) -> dict[str, Any]:
    """Return where a case is that was found at ``target``; one found in a home is read by few."""
    if target is None:
        return {}
    found: dict[str, Any] = {
        "address": target.address or target.name, "area_id": target.area_id, "confidential": target.kind.guarded,
    }  # fmt: skip
    if target.lat is not None and target.lon is not None:
        found |= {"point": Point(target.lat, target.lon), "coordinate_source": "map"}
    return found


def _pictures(row: Submission, pictures: Mapping[str, Sequence[str]]) -> tuple[FileRef, ...]:
    """Return the pictures that a record shows of a finding, as a case takes them."""
    # One that shows what was seen may be the picture before as well: to a case it is what was reported.
    paths = {p: name for name in (AFTER, BEFORE, SEEN) for p in pictures.get(name, ())}
    purposes = {SEEN: FilePurpose.REPORT, BEFORE: FilePurpose.BEFORE, AFTER: FilePurpose.AFTER}
    rows = SubmissionFile.objects.filter(submission=row, path__in=list(paths)).order_by("id")
    refs = {f.file_id: FileRef(f.file_id, purposes[paths[f.path]]) for f in rows}
    return tuple(refs.values())[:MOST_FILES]


def _take_up_again(finding: Finding, row: Submission, found: Found, by: Actor, now: datetime) -> None:
    """Open the case of a finding again that was not mended; where that cannot be, a new one stands."""
    reason = _("现场复核未通过（%(by)s）：%(text)s") % {"by": by.label, "text": found.text}
    case = get_case_for(SYSTEM, finding.case_uuid) if finding.case_uuid else None
    if case is not None and case.state == State.CLOSED:
        try:
            with transaction.atomic():
                case_services.reopen(by=SYSTEM.for_person(by.label), now=now, case=case, reason=reason[:500])
        except DomainError as error:
            happened(finding, "not_reopened", by=by, now=now, text=error.message)
        else:
            happened(finding, "reopened", by=by, now=now, text=case.number)
            return
    _make_case(finding, by=by, now=now, extra=reason, seen=(row, found.pictures))


@whole
def follow_case(*, now: datetime, case_uuid: UUID) -> None:
    """Bring the findings of a case to where the case stands; what was brought there already stays.

    Worked on: rectifying. Closed: rectified, and a re-check is planned. Voided, refused or withdrawn: found in error.
    Merged: the main case counts from now on.
    """
    rows = Finding.objects.filter(case_uuid=case_uuid, state__in=FOLLOWING)
    found = list(
        rows.select_related("submission__round", "submission__visit", "target").select_for_update(of=("self",))
    )
    if not found:
        return
    case = get_case_for(SYSTEM, case_uuid)
    state = State(case.state)
    for finding in found:
        if state == State.MERGED and case.merged_into is not None:
            Finding.objects.filter(pk=finding.pk).update(case_uuid=case.merged_into.uuid, version=F("version") + 1)
            happened(finding, "merged", by=SYSTEM, now=now, text=case.merged_into.number)
        elif state in NO_PROBLEM or (state == State.CLOSED and case.outcome == Outcome.WITHDRAWN):
            _no_problem(finding, str(case.get_state_display()), now)
        elif state in WORKED_ON or state == State.CLOSED:
            _worked_on(finding, case.number, now, done=state == State.CLOSED)
    if state == State.MERGED and case.merged_into is not None:
        follow_case(now=now, case_uuid=case.merged_into.uuid)


def _no_problem(finding: Finding, why: str, now: datetime) -> None:
    if finding.state == FindingState.RETURNED:
        move(finding, Link.RECTIFYING, by=SYSTEM, now=now)
    text = _("案件%(why)s") % {"why": why}
    move(finding, Link.DROPPED, by=SYSTEM, now=now, text=text, closed_at=now)


def _worked_on(finding: Finding, number: str, now: datetime, *, done: bool) -> None:
    if finding.state in (FindingState.CASE, FindingState.RETURNED):
        move(finding, Link.RECTIFYING, by=SYSTEM, now=now, text=number)
    if done:
        day = local_day(now) + timedelta(days=int(rule_number("fieldwork.recheck.days", 3, now)))
        visit = plan_recheck(finding, day, now)
        move(finding, Link.RECTIFIED, by=SYSTEM, now=now, text=number, mended_at=now, recheck_on=day, recheck=visit)


@whole
def make_case(
    *, by: Actor, now: datetime, finding: Finding, category: str, level: str = "", expected: int | None = None
) -> Finding:
    """Make a case of a finding of which the form does not say what it becomes.

    Raises:
        ForbiddenError: not one who judges this round's records.
        InvalidError: no such category or level.
    """
    _may_judge(by, finding)
    _fresh(finding, expected)
    if catalogue.category(category) is None:
        raise InvalidError(
            _("没有“%(code)s”这个分类。") % {"code": category}, code="fieldwork.category",
            fields={"category": [_("请从分类表中选择。")]},
        )  # fmt: skip
    if level and level not in set(Level):
        raise InvalidError(_("没有这个层级。"), code="fieldwork.level", fields={"level": [_("请重新选择。")]})
    if finding.state != FindingState.FOUND:
        raise ConflictError(
            _("这个问题已经处理过。"), code="fieldwork.finding_state", hint=_("请刷新页面，查看最新状态。")
        )
    Finding.objects.filter(pk=finding.pk).update(category=category, level=level)
    finding.category, finding.level = category, level
    _make_case(finding, by=by, now=now)
    return finding


@whole
def drop_finding(*, by: Actor, now: datetime, finding: Finding, reason: str, expected: int | None = None) -> Finding:
    """Say that a finding was made in error, with the reason; never by who found it."""
    if not clean(reason):
        raise InvalidError(_("请写明误报的原因。"), code="fieldwork.reason", fields={"reason": [_("请填写这一项。")]})
    if not by.is_system and finding.submission.user_id == by.user_id:
        raise ForbiddenError(
            _("不能由发现人自己认定误报。"), code="fieldwork.own", hint=_("请由本轮组织单位的其他人员认定。")
        )
    _may_judge(by, finding)
    _fresh(finding, expected)
    move(finding, Link.DROPPED, by=by, now=now, text=clean(reason), closed_at=now)
    return finding


def _may_judge(by: Actor, finding: Finding) -> None:
    doors.get_finding_for(by, finding.uuid)
    doors.check_may_judge(by, finding.submission)


def _fresh(finding: Finding, expected: int | None) -> None:
    if expected is not None and expected != finding.version:
        raise StaleError(
            _("这个问题刚刚被他人处理过，您看到的不是最新情况。"), code="fieldwork.stale", hint=_("请刷新后再操作。")
        )


__all__ = ["OPEN", "drop_finding", "follow_case", "follow_up", "happened", "make_case", "move"]
