"""What stands in a project's way: entered, steps tried appended, raised by levels, lifted; its reminder."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.engines.projects.models import Blocker, BlockerStep, Node, Project
from linli.engines.projects.services import planning
from linli.engines.projects.services.keeping import Faults, happened, locked, save_next
from linli.engines.projects.services.source_telling import tell_source
from linli.engines.projects.types import BlockerData, BlockerLevel, BlockerState, Moved
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, NotFoundError, StaleError
from linli.foundation.core.ids import tracking_code
from linli.foundation.jobs import services as jobs

LEVELS = (BlockerLevel.GENERAL, BlockerLevel.COMPREHENSIVE, BlockerLevel.DIFFICULT)
REMIND_AT = time(8, 30)


@whole
def open_blocker(*, by: Actor, now: datetime, uuid: UUID, data: BlockerData) -> Blocker:
    """Enter what stands in the project's way.

    Raises:
        NotFoundError, ForbiddenError. ConflictError: the project is over. InvalidError: by field.
    """
    project = locked(uuid, by)
    if not project.is_open:
        raise ConflictError(_("项目已经结束，不能再改。"), code="projects.over")
    faults = Faults()
    row = Blocker(project=project, opened_at=now, opened_label=by.label[:80])
    row.cause = faults.words("cause", data.cause, 1000, needed=True)
    row.party = faults.words("party", data.party, 80)
    _next(row, data.next_step, data.next_on, now, faults)
    if data.node_id is not None and not Node.objects.filter(project=project, pk=data.node_id).exists():
        faults.add("node", _("没有这个节点，可能已被删去。"))
    faults.check()
    row.node_id = data.node_id
    row.linked_kind, row.linked_uuid = data.linked_kind[:20], data.linked_uuid
    row.linked_label = data.linked_label[:80]
    row.save(force_insert=True)
    project.blocked += 1
    save_next(project, now)
    happened(
        project, "open_blocker", by=by, now=now, text=row.cause,
        after={"blocker": row.uuid, "party": row.party, "next_on": row.next_on},
    )  # fmt: skip
    _remind(row, now)
    if project.blocked == 1:
        tell_source(project, Moved.BLOCKED, now=now)
    planning.relight(project, now=now)
    return row


def _next(row: Blocker, text: str, on: date | None, now: datetime, faults: Faults) -> None:
    row.next_step = faults.words("next_step", text, 200)
    row.next_on = on
    if on is not None and on < timezone.localdate(now):
        faults.add("next_on", _("下一步的日期不能早于今天。"))
    if row.next_step and on is None:
        faults.add("next_on", _("请写明下一步在哪一天之前做。"))
    if on is not None and not row.next_step:
        faults.add("next_step", _("请写明下一步做什么。"))


def _remind(row: Blocker, now: datetime) -> None:
    """Ask for a reminder on the morning of the next step's day."""
    if row.next_on is None:
        return
    at = timezone.make_aware(datetime.combine(row.next_on, REMIND_AT))
    payload = {"blocker": row.pk, "on": row.next_on.isoformat()}
    jobs.enqueue(name="projects.blocker_due", payload=payload, now=now, run_at=max(at, now + timedelta(seconds=1)))


def _locked(uuid: UUID, by: Actor, expected: int) -> tuple[Project, Blocker]:
    """Return the project, locked first, and the blocker at the version the reader saw.

    Raises:
        NotFoundError, ForbiddenError. StaleError: somebody changed it. ConflictError: it has been lifted.
    """
    found = Blocker.objects.filter(uuid=uuid).select_related("project").first()
    if found is None:
        raise NotFoundError(_("没有找到这个卡点。"), code="projects.no_blocker")
    project = locked(found.project.uuid, by)
    row = Blocker.objects.select_for_update().get(pk=found.pk)
    if row.state != BlockerState.OPEN:
        raise ConflictError(_("这个卡点已经解决。"), code="projects.lifted", hint=_("请刷新后查看。"))
    if row.version != expected:
        raise StaleError(
            _("别人刚刚更新过这个卡点，您的记录没有保存。"), hint=_("您填写的内容还在页面上：请对照最新内容后再保存。")
        )
    return project, row


@whole
def add_step(
    *,
    by: Actor,
    now: datetime,
    uuid: UUID,
    expected: int,
    on: date,
    who: str,
    what: str,
    outcome: str = "",
    next_step: str = "",
    next_on: date | None = None,
) -> BlockerStep:
    """Append a step that was tried: the day, which unit, what, what came of it; and what is done next.

    Raises:
        As :func:`_locked`. InvalidError: by field, among others a day that has not come.
    """
    project, row = _locked(uuid, by, expected)
    faults = Faults()
    kept = BlockerStep(blocker=row, on=on, at=now, by_label=by.label[:80])
    kept.who = faults.words("who", who, 80, needed=True)
    kept.what = faults.words("what", what, 1000, needed=True)
    kept.outcome = faults.words("outcome", outcome, 1000)
    if on > timezone.localdate(now):
        faults.add("on", _("日期不能晚于今天。"))
    before = {"next_step": row.next_step, "next_on": row.next_on}
    _next(row, next_step, next_on, now, faults)
    faults.check()
    kept.save(force_insert=True)
    row.version += 1
    row.save()
    happened(
        project, "blocker_step", by=by, now=now, text=kept.what, before=before,
        after={"blocker": row.uuid, "on": on, "who": kept.who, "next_step": row.next_step, "next_on": row.next_on},
    )  # fmt: skip
    _remind(row, now)
    return kept


@whole
def raise_blocker(
    *,
    by: Actor,
    now: datetime,
    uuid: UUID,
    expected: int,
    reason: str,
    convener: str,
    linked_kind: str = "",
    linked_uuid: UUID | None = None,
    linked_label: str = "",
) -> Blocker:
    """Raise a blocker to the next level of the loop (一般 → 综合 → 困难), with who convenes and what deals with it.

    Raises:
        As :func:`_locked`. ConflictError: it is at the highest level. InvalidError: no reason, or nobody convenes.
    """
    project, row = _locked(uuid, by, expected)
    if row.level == LEVELS[-1]:
        raise ConflictError(_("已经是最高级别，由街道党工委协调。"), code="projects.level")
    faults = Faults()
    said = faults.words("reason", reason, 500, needed=True)
    row.convener = faults.words("convener", convener, 80, needed=True)
    faults.check()
    before = {"level": row.level}
    row.level = LEVELS[LEVELS.index(BlockerLevel(row.level)) + 1]
    if linked_kind:
        row.linked_kind, row.linked_uuid, row.linked_label = linked_kind[:20], linked_uuid, linked_label[:80]
    row.version += 1
    row.save()
    save_next(project, now)
    after = {"blocker": row.uuid, "level": row.level, "convener": row.convener}
    happened(project, "raise_blocker", by=by, now=now, before=before, after=after, reason=said)
    planning.relight(project, now=now)
    return row


@whole
def lift_blocker(*, by: Actor, now: datetime, uuid: UUID, expected: int, result: str) -> Blocker:
    """End a blocker with what came of it.

    Raises:
        As :func:`_locked`. InvalidError: no result.
    """
    project, row = _locked(uuid, by, expected)
    faults = Faults()
    row.result = faults.words("result", result, 1000, needed=True)
    faults.check()
    row.state, row.lifted_at, row.lifted_label = BlockerState.LIFTED, now, by.label[:80]
    row.next_step, row.next_on = "", None
    row.version += 1
    row.save()
    project.blocked = max(0, project.blocked - 1)
    save_next(project, now)
    after = {"blocker": row.uuid, "state": row.state}
    happened(project, "lift_blocker", by=by, now=now, text=row.result, before={"state": "open"}, after=after)
    if project.blocked == 0:
        tell_source(project, Moved.UNBLOCKED, now=now)
    planning.relight(project, now=now)
    return row


@whole
def share_blocker(*, by: Actor, now: datetime, uuid: UUID, shared: bool) -> Blocker:
    """Make the address under which the residents concerned read the log, or take it back.

    The log that they read names units, never persons.

    Raises:
        NotFoundError, ForbiddenError.
    """
    found = Blocker.objects.filter(uuid=uuid).select_related("project").first()
    if found is None:
        raise NotFoundError(_("没有找到这个卡点。"), code="projects.no_blocker")
    project = locked(found.project.uuid, by)
    row = Blocker.objects.select_for_update().get(pk=found.pk)
    if shared is bool(row.code):
        return row
    row.code = (tracking_code() + tracking_code()).replace("-", "").lower() if shared else ""
    row.save(update_fields=["code"])
    verb = "share_blocker" if shared else "unshare_blocker"
    happened(project, verb, by=by, now=now, after={"blocker": row.uuid})
    return row
