"""Flats that were cleared, watched until the watch is over (发现一户整治一户): zero reports, relapse, alarm."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from linli.engines.cases.selectors.settings import number as rule_number
from linli.engines.fieldwork.models import Finding, Target, Watch, WatchReport
from linli.engines.fieldwork.permissions import submissions as doors
from linli.engines.fieldwork.rules.housing import Watch as Standing
from linli.engines.fieldwork.selectors.watches import standing
from linli.engines.fieldwork.workflow import FindingState
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, ForbiddenError, InvalidError
from linli.foundation.core.text import clean, mask_personal
from linli.foundation.journal import services as journal
from linli.foundation.messages import services as messages
from linli.foundation.people import selectors as people

SUBJECT = "fieldwork_watch"
ALARM = "fieldwork.watch_alarm"
MOST = 2_000


@whole
def begin_watch(
    *, by: Actor, now: datetime, target: Target, unit_id: int, cleared_on: date, finding: Finding | None = None,
    category: str = "",
) -> Watch:  # fmt: skip
    """Put a cleared flat on the watch list.

    Args:
        unit_id: the property firm that reports every month.
        finding: the finding that was cleared; it must be scored or mended.
        category: of which kind a finding is a relapse; empty: the finding's. Without either the firm alone is heard.

    Raises:
        ForbiddenError: neither works in the grid nor heads a unit.
        ConflictError: it is watched already, or the finding is still open.
    """
    roles = doors.NEAR_HOMES | {"grid_head", "inspector"}
    if not (by.is_system or by.holds(roles, area_path=target.area_path) or by.has_role("unit_head", *doors.WIDE)):
        raise ForbiddenError(
            _("您不能把房屋列入监控。"), code="fieldwork.watch", hint=_("由居民区、网格或主管单位负责人列入。")
        )
    if cleared_on > people.local_day(now):
        raise InvalidError(
            _("整治日期在将来。"), code="fieldwork.cleared_on", fields={"cleared_on": [_("请填写已整治的日期。")]}
        )
    if finding is not None and finding.state not in (FindingState.SCORED, FindingState.RECHECKED):
        raise ConflictError(
            _("这个问题还没有销项，不能列入整治后监控。"), code="fieldwork.open", hint=_("请先复核销项。")
        )
    days = int(rule_number("fieldwork.watch.days", 365, now))
    if Watch.objects.filter(target=target, until__gte=people.local_day(now), cleared_on__gte=cleared_on).exists():
        raise ConflictError(_("这套房屋已在监控中。"), code="fieldwork.watched", hint=_("请打开监控清单查看。"))
    watch = Watch.objects.create(
        target=target, finding=finding, unit_id=unit_id, item=finding.item if finding else "",
        category=(category or (finding.category if finding else ""))[:64], cleared_on=cleared_on,
        until=cleared_on + timedelta(days=days), area_path=target.area_path,
    )  # fmt: skip
    journal.record(
        by=by, verb="fieldwork.watch", kind=SUBJECT, uuid=watch.uuid, label=target.name, now=now,
        after={"cleared_on": cleared_on.isoformat(), "until": watch.until.isoformat(), "unit": unit_id},
    )  # fmt: skip
    return watch


@whole
def report_watch(*, by: Actor, now: datetime, watch: Watch, again: bool, text: str = "") -> WatchReport:
    """Take the firm's monthly report: zero, or that the letting began again, which is an alarm at once.

    Raises:
        ForbiddenError: not of the firm that watches it.
        ConflictError: the watch is over.
    """
    near = by.holds(doors.NEAR_HOMES, area_path=watch.area_path)
    if not (by.is_system or watch.unit_id in doors.working_units(by) or near):
        raise ForbiddenError(
            _("由负责的物业企业或居民区报告。"), code="fieldwork.watch_unit", hint=_("请联系负责这套房屋的单位。")
        )
    today = people.local_day(now)
    if today > watch.until:
        raise ConflictError(_("监控期已满。"), code="fieldwork.watch_over", hint=_("无须再报告。"))
    said = mask_personal(clean(text))[:300]
    if again and not said:
        raise InvalidError(_("请说明反弹的情况。"), code="fieldwork.again", fields={"text": [_("请填写这一项。")]})
    row = WatchReport.objects.create(watch=watch, day=today, again=again, text=said, by_label=by.label[:80])
    journal.record(
        by=by, verb="fieldwork.watch_report", kind=SUBJECT, uuid=watch.uuid, label=watch.target.name, now=now,
        after={"again": again}, reason=said,
    )  # fmt: skip
    if again:
        _alarm(watch, now)
    return row


def _alarm(watch: Watch, now: datetime) -> bool:
    """Tell whoever works there that a watch gives alarm, once for each cause."""
    found = standing(watch, now)
    cause = f"{found.standing.value}:{found.relapsed or (found.missing[-1] if found.missing else '')}"
    if not found.alarm or watch.told == cause:
        return False
    told = {h.user_id for h in people.answering(watch.area_path, doors.NEAR_HOMES | {"grid_head"}, now)}
    if found.standing is Standing.MISSED:
        told |= {h.user_id for h in people.members_of(watch.unit_id, now=now)}
    what = _("有反弹") if found.standing is Standing.RELAPSED else _("本月零报告未交")
    messages.tell_users(
        sorted(told), template=ALARM, params={"title": watch.target.name, "what": what},
        key=f"{ALARM}:{watch.uuid}:{cause}", now=now, subject_kind=SUBJECT, subject_uuid=watch.uuid,
    )  # fmt: skip
    Watch.objects.filter(pk=watch.pk).update(told=cause)
    return True


def look_at_watches(*, now: datetime) -> int:
    """Give alarm for missing reports and relapses; return for how many. Meant for once a day."""
    rows = Watch.objects.filter(until__gte=people.local_day(now)).select_related("target").order_by("id")[:MOST]
    return sum(_alarm(watch, now) for watch in rows)
