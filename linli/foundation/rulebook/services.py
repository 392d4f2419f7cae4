"""Writes of rules and calendar: dated, sourced, journalled; the past is never changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import InvalidError
from linli.foundation.core.ids import uuid7
from linli.foundation.journal.services import record
from linli.foundation.rulebook import selectors
from linli.foundation.rulebook.exceptions import RuleMissingError, RuleOverlapError
from linli.foundation.rulebook.models import CalendarDay, CalendarYear, RulebookVersion, RuleEntry
from linli.foundation.rulebook.rules import from_json, is_code, parse_hours, to_json
from linli.foundation.rulebook.shipped_rules import shipped
from linli.foundation.rulebook.types import MARKS, Loaded, Rule, SpecialDay

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
# Rooms whose numbers are counts and sizes: none of them may be nothing.
_COUNTED = ("files.", "messages.", "accounts.")
_UNITS = {"natural_minutes", "natural_hours", "natural_days", "work_hours", "work_days"}


@whole
def set_rule(
    *,
    by: Actor,
    now: datetime,
    code: str,
    value: Any,
    unit: str,
    source: str,
    mark: str,
    valid_from: date,
    why: str,
    title: str = "",
) -> Rule:
    """Let the rule ``code`` have ``value`` from the day ``valid_from``; the value before it ends the day before.

    Raises:
        InvalidError: the entry lacks its source or reason, or the value is of another kind than before.
        RuleOverlapError: a value that begins on that day or later is already entered.
    """
    earlier = _history_rows(code, now)
    _check_entry(code, value, source, mark, why, earlier[-1] if earlier else None)
    if any(row.valid_from >= valid_from for row in earlier):
        raise RuleOverlapError(
            _("规则“%(code)s”已有 %(day)s 或之后开始生效的值。") % {"code": code, "day": valid_from.isoformat()},
            hint=_("同一天只能有一个值：请把生效日期定在最后一个值之后。"),
        )
    before = _close(earlier, valid_from)
    row = RuleEntry(
        code=code,
        value=to_json(value),
        unit=unit,
        title=title or (earlier[-1].title if earlier else ""),
        source=source,
        mark=mark,
        valid_from=valid_from,
        why=why,
        entered_at=now,
        entered_by=by.label,
    )
    try:
        row.save(force_insert=True)
    except IntegrityError as error:
        raise RuleOverlapError(
            _("规则“%(code)s”刚刚被他人修改。") % {"code": code}, hint=_("请刷新后重试。")
        ) from error
    renew()
    record(
        by=by,
        verb="rulebook.set_rule",
        kind="rule",
        uuid=None,
        label=code,
        now=now,
        before=before,
        after={"value": row.value, "unit": unit, "mark": mark, "valid_from": valid_from.isoformat()},
        reason=why,
        rule=code,
    )
    return selectors.to_rule(row)


@whole
def withdraw_rule(*, by: Actor, now: datetime, code: str, valid_from: date, today: date, why: str) -> None:
    """Take back a value that has not begun; the one before it goes on.

    Raises:
        InvalidError: no reason.
        RuleOverlapError: it has begun already, or a later value stands behind it; the past is never changed.
        RuleMissingError: there is no such value.
    """
    if not why.strip():
        words = _("请写明撤回原因。")
        raise InvalidError(words, code="rulebook.reason", fields={"why": [words]})
    rows = list(RuleEntry.objects.select_for_update().filter(code=code).order_by("valid_from"))
    row = next((r for r in rows if r.valid_from == valid_from), None)
    if row is None:
        raise RuleMissingError(code, valid_from)
    if valid_from <= today or row is not rows[-1]:
        raise RuleOverlapError(
            _("只能撤回还没有开始、且排在最后的值。"), hint=_("已经生效过的值不能改动：请录入一个新的值。")
        )
    row.delete()
    if len(rows) > 1 and rows[-2].valid_to == valid_from - timedelta(days=1):
        last = rows[-2]
        last.valid_to = next((r.valid_to for r in shipped().get(code, ()) if r.valid_from == last.valid_from), None)
        last.save()
    renew()
    record(
        by=by,
        verb="rulebook.withdraw_rule",
        kind="rule",
        uuid=None,
        label=code,
        now=now,
        before={"value": row.value, "unit": row.unit, "valid_from": valid_from.isoformat()},
        reason=why,
        rule=code,
    )


def _history_rows(code: str, now: datetime) -> list[RuleEntry]:
    """Return the rows of a rule, oldest first; a rule that so far is only shipped is entered first."""
    rows = list(RuleEntry.objects.select_for_update().filter(code=code).order_by("valid_from"))
    if not rows and (found := shipped().get(code)):
        rows = [_shipped_row(r, now) for r in found]
    return rows


def _close(rows: Sequence[RuleEntry], valid_from: date) -> dict[str, Any] | None:
    """End the value that holds on ``valid_from`` the day before, and enter shipped rows not yet kept."""
    before = None
    for row in rows:
        if row.valid_to is None or row.valid_to >= valid_from:
            row.valid_to = valid_from - timedelta(days=1)
            before = {"value": row.value, "unit": row.unit, "valid_from": row.valid_from.isoformat()}
        elif row.pk is not None:
            continue
        row.save()
    return before


def _check_entry(code: str, value: Any, source: str, mark: str, why: str, last: RuleEntry | None) -> None:
    was = from_json(last.value) if last is not None else None
    if fields := check_rule(code=code, value=value, source=source, mark=mark, why=why, last=was):
        raise InvalidError(_("这条规则不完整。"), code="rulebook.invalid", fields=fields)


def check_rule(*, code: str, value: Any, source: str, mark: str, why: str, last: Any) -> dict[str, list[str]]:
    """Return what is wrong with an entry, by field; ``last`` is the value before it, None where there is none."""
    fields: dict[str, list[str]] = {}
    if not is_code(code):
        fields["code"] = [_("规则代码只能由小写字母、数字、下划线和点组成。")]
    if mark not in MARKS:
        fields["mark"] = [_("出处等级只能是 L、D、P、C、M、G 之一。")]
    if not source.strip():
        fields["source"] = [_("请写明出处。")]
    if not why.strip():
        fields["why"] = [_("请写明修改原因。")]
    if (problem := _value_problem(code, value, last)) is not None:
        fields["value"] = [problem]
    return fields


def _value_problem(code: str, value: Any, last: Any) -> str | None:
    try:
        to_json(value)
    except TypeError:
        return _("这种值不能存入规则库。")
    if last is not None and type(last) is not type(value):
        return _("新值的类型与原值不同。")
    if isinstance(value, Mapping) and {"amount", "unit"} <= set(value) and not _is_duration(value):
        return _("时限应为正整数加单位（自然时、工作时、工作日等）。")
    if isinstance(value, str) and _is_time(last) and not _is_time(value):
        return _("时刻应写成“08:30”。")
    if code.startswith(_COUNTED) and isinstance(value, int) and value < 1:
        return _("应为正整数。")
    if code == "calendar.working_hours":
        try:
            parse_hours(value)
        except (ValueError, TypeError, AttributeError):
            return _("工作时间应写成“09:00-12:00”，按先后排列，互不重叠。")
    return None


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and bool(_TIME.fullmatch(value))


def _is_duration(value: Mapping[str, Any]) -> bool:
    amount = value["amount"]
    return isinstance(amount, int) and not isinstance(amount, bool) and amount > 0 and value["unit"] in _UNITS


@whole
def load_shipped(*, by: Actor, now: datetime) -> Loaded:
    """Enter the shipped rules that this namespace does not hold yet; what it holds stays as it is."""
    held = set(RuleEntry.objects.values_list("code", flat=True))
    fresh = {code: rules for code, rules in shipped().items() if code not in held}
    if fresh:
        RuleEntry.objects.bulk_create([_shipped_row(r, now) for rules in fresh.values() for r in rules])
        renew()
        record(
            by=by,
            verb="rulebook.load_shipped",
            kind="rulebook",
            uuid=None,
            label=str(len(fresh)),
            now=now,
            after={"codes": sorted(fresh)},
        )
    return Loaded(added=tuple(sorted(fresh)), kept=tuple(sorted(held & set(shipped()))))


def _shipped_row(rule: Rule, now: datetime) -> RuleEntry:
    return RuleEntry(
        code=rule.code,
        value=to_json(rule.value),
        unit=rule.unit,
        title=rule.title,
        source=rule.source,
        mark=rule.mark,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        why=rule.why,
        shipped=True,
        entered_at=now,
    )


def renew() -> None:
    """Give the book a new token; a rolled-back token never comes back, unlike a counter's number."""
    RulebookVersion.objects.update_or_create(pk=1, defaults={"token": uuid7()})
    selectors.changed()


@whole
def set_days(*, by: Actor, now: datetime, days: Sequence[SpecialDay], reason: str) -> None:
    """Enter or change days on which this installation works or rests otherwise (a typhoon stop, a local day)."""
    if not reason.strip():
        raise InvalidError(_("请写明调整原因。"), code="rulebook.reason", fields={"reason": [_("请写明调整原因。")]})
    _save_days(days)
    renew()
    record(
        by=by,
        verb="rulebook.set_days",
        kind="calendar",
        uuid=None,
        label=days[0].day.isoformat() if days else "",
        now=now,
        after={d.day.isoformat(): d.is_workday for d in days},
        reason=reason,
    )


@whole
def restore_days(*, by: Actor, now: datetime, days: Sequence[date], reason: str) -> int:
    """Take back days of one's own: what the official notice says of them holds again; return how many.

    Raises:
        InvalidError: no reason.
    """
    if not reason.strip():
        words = _("请写明恢复原因。")
        raise InvalidError(words, code="rulebook.reason", fields={"reason": [words]})
    official = {d.day: d for year in {d.year for d in days} for d in selectors.noticed(year)}
    rows = list(CalendarDay.objects.select_for_update().filter(date__in=days))
    if not rows:
        return 0
    before = {row.date.isoformat(): row.is_workday for row in rows}
    CalendarDay.objects.filter(pk__in=[r.pk for r in rows if r.date not in official]).delete()
    _save_days([official[r.date] for r in rows if r.date in official])
    renew()
    record(
        by=by,
        verb="rulebook.restore_days",
        kind="calendar",
        uuid=None,
        label=min(before),
        now=now,
        before=before,
        after={d.isoformat(): official[d].is_workday for d in days if d in official},
        reason=reason,
    )
    return len(rows)


def _save_days(days: Sequence[SpecialDay]) -> None:
    CalendarDay.objects.bulk_create(
        [CalendarDay(date=d.day, is_workday=d.is_workday, name=d.name, source=d.source) for d in days],
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["is_workday", "name", "source"],
    )


@whole
def announce_year(
    *, by: Actor, now: datetime, year: int, days: Sequence[SpecialDay], source: str, notice: str = ""
) -> None:
    """Enter all official holidays and working weekends of ``year``, which makes the year known.

    ``notice`` is the text that the days were read from, if any. Days of one's own that stand in the list give way;
    what an earlier notice of the year said and this one does not is taken back.

    Raises:
        InvalidError: no source, a day of another year, a day twice, or a list that cannot be a whole year's.
    """
    fields: dict[str, list[str]] = {}
    if not source.strip():
        fields["source"] = [_("请写明国务院办公厅通知的文号或网址。")]
    if any(d.day.year != year for d in days) or len({d.day for d in days}) != len(days):
        fields["days"] = [_("名单中有重复日期或不属于该年的日期。")]
    elif sum(not d.is_workday for d in days) < 11 or date(year, 1, 1) not in {d.day for d in days}:
        fields["days"] = [_("全年法定节假日不少于 11 天且含元旦，名单不完整。")]
    if fields:
        raise InvalidError(_("%(year)s 年的节假日安排不能录入。") % {"year": year}, code="rulebook.year", fields=fields)
    former = {d.day: d.is_workday for d in selectors.noticed(year) if d.day not in {new.day for new in days}}
    for is_workday in (True, False):  # of a notice that this one corrects; a day of one's own says otherwise and stays
        gone = [day for day, worked in former.items() if worked == is_workday]
        CalendarDay.objects.filter(date__in=gone, is_workday=is_workday).delete()
    _save_days(days)
    kept = [[d.day.isoformat(), d.is_workday, d.name] for d in days]
    CalendarYear.objects.update_or_create(
        year=year, defaults={"source": source, "entered_at": now, "notice": notice, "days": kept}
    )
    renew()
    record(
        by=by,
        verb="rulebook.announce_year",
        kind="calendar",
        uuid=None,
        label=str(year),
        now=now,
        after={d.day.isoformat(): d.is_workday for d in days},
        reason=source,
    )
