"""Working on a list of routing rules: a draft that everyone entitled shares, put in force as a whole.

Nothing here touches a case. Each change of the draft is journalled; each list put in force is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.engines.cases.models import RoutingDraft, RoutingVersion
from linli.engines.cases.rules.routing_data import BrokenRuleError, to_rule
from linli.engines.cases.selectors import routing as selectors
from linli.engines.cases.services.catalogue import save_rules
from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError, InvalidError, NotFoundError, StaleError
from linli.foundation.core.text import clean
from linli.foundation.journal import services as journal
from linli.foundation.people import permissions

PERMISSION = "console:configure"
MOST = 3_000
"""Rules in a list; beyond it nobody reads them any more."""
Rules = list[dict[str, Any]]


def _no_rule() -> NotFoundError:
    return NotFoundError(_("草稿里没有这条规则。"), code="cases.routing_rule", hint=_("它可能刚被他人删除，请刷新。"))


def _locked(*, by: Actor, now: datetime, expected: int | None) -> RoutingDraft:
    """Return the draft, begun from the list in force where there is none, locked; refuse a stale page."""
    permissions.check(by, PERMISSION)
    found = RoutingDraft.objects.select_for_update().order_by("pk").first()
    if found is None:
        if expected:
            raise _stale()
        found = RoutingDraft(pk=1, rules=selectors.in_force(), based_on=selectors.number_in_force(), version=0)
        found.changed_at, found.changed_by = now, by.label
        try:
            with transaction.atomic():
                found.save(force_insert=True)
        except IntegrityError as error:
            raise _stale() from error
    elif expected is not None and found.version != expected:
        raise _stale()
    return found


def _stale() -> StaleError:
    return StaleError(_("草稿刚刚被他人修改。"), hint=_("请刷新页面，核对后重试。"))


def _edit(
    *, by: Actor, now: datetime, expected: int | None, act: str, label: str, change: Callable[[Rules], Any]
) -> RoutingDraft:
    """Change the draft's list by ``change``, which returns (before, after) of the rule concerned."""
    found = _locked(by=by, now=now, expected=expected)
    rules: Rules = [dict(r) for r in found.rules]
    before, after = change(rules)
    if len(rules) > MOST:
        raise InvalidError(_("最多 %(max)s 条规则。") % {"max": MOST}, code="cases.routing_most")
    found.rules, found.version = rules, found.version + 1
    found.changed_at, found.changed_by = now, by.label
    found.save()
    journal.record(
        by=by,
        verb=f"cases.routing_{act}",
        kind="routing",
        uuid=None,
        label=str((after or before or {}).get("name", label))[:80],
        now=now,
        before=before,
        after=after,
    )
    return found


def _at(rules: Rules, key: str) -> int:
    for place, rule in enumerate(rules):
        if rule["key"] == key:
            return place
    raise _no_rule()


_FIELDS = {
    "categories": "categories",
    "area_paths": "areas",
    "sources": "sources",
    "hours": "hours_from",
    "answers": "answers",
    "exemptions": "exemptions",
    "unit": "unit",
    "helper_kinds": "helpers",
    "level": "level",
}


def checked(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule as it is kept.

    Raises:
        InvalidError: no name, or a part that cannot be read; the field is named.
    """
    name = clean(str(rule.get("name", "")))
    errors: dict[str, list[str]] = {}
    if not name:
        errors["name"] = [_("请给规则起一个名称。")]
    elif len(name) > 80:
        errors["name"] = [_("名称最多 80 个字。")]
    raw = {
        "name": name,
        "active": bool(rule.get("active", True)),
        "note": clean(str(rule.get("note", "")))[:1000],
        "conditions": {k: v for k, v in dict(rule.get("conditions", {})).items() if v},
        "action": {k: v for k, v in dict(rule.get("action", {})).items() if v not in ("", None, [])},
    }
    try:
        spec = to_rule(raw, 0)
    except BrokenRuleError as error:
        text = _("请选择主办单位。") if str(error) == "unit" else _("这一项填写有误，请改正。")
        errors[_FIELDS.get(str(error), "name")] = [text]
    else:
        if any(h and h[0] == h[1] for h in (spec.hours, *(e.hours for e in spec.exemptions))):
            errors["hours_from"] = [_("起止时间相同，规则永远不会生效。")]
    if errors:
        raise InvalidError(_("这条规则还不完整。"), code="cases.routing_rule", fields=errors)
    return raw


@whole
def put_rule(
    *, by: Actor, now: datetime, rule: Mapping[str, Any], key: str = "", expected: int | None = None
) -> tuple[RoutingDraft, str]:
    """Enter a rule at the end of the draft, or with ``key`` change the one of that key; return draft and key."""
    raw = checked(rule)
    name = key or f"n{uuid4().hex[:10]}"

    def change(rules: Rules) -> Any:
        if not key:
            rules.append({"key": name, **raw})
            return None, rules[-1]
        place = _at(rules, key)
        before, rules[place] = rules[place], {"key": key, **raw}
        return before, rules[place]

    return _edit(by=by, now=now, expected=expected, act="edit", label=raw["name"], change=change), name


@whole
def copy_rule(*, by: Actor, now: datetime, key: str, expected: int | None = None) -> tuple[RoutingDraft, str]:
    """Enter a copy of a rule behind it, switched off until somebody has changed it; return draft and key."""
    name = f"n{uuid4().hex[:10]}"

    def change(rules: Rules) -> Any:
        place = _at(rules, key)
        title = _("%(name)s（副本）") % {"name": rules[place]["name"][:70]}
        rules.insert(place + 1, {**rules[place], "key": name, "name": title, "active": False})
        return None, rules[place + 1]

    return _edit(by=by, now=now, expected=expected, act="copy", label=key, change=change), name


@whole
def move_rule(*, by: Actor, now: datetime, key: str, to: int, expected: int | None = None) -> RoutingDraft:
    """Put a rule at the place ``to`` (from 0) of the draft; beyond either end counts as the end."""

    def change(rules: Rules) -> Any:
        place = _at(rules, key)
        rule = rules.pop(place)
        at = max(0, min(to, len(rules)))
        rules.insert(at, rule)
        return {"name": rule["name"], "place": place + 1}, {"name": rule["name"], "place": at + 1}

    return _edit(by=by, now=now, expected=expected, act="move", label=key, change=change)


@whole
def switch_rule(*, by: Actor, now: datetime, key: str, active: bool, expected: int | None = None) -> RoutingDraft:
    """Switch a rule of the draft on or off."""

    def change(rules: Rules) -> Any:
        place = _at(rules, key)
        before, rules[place] = rules[place], {**rules[place], "active": active}
        return before, rules[place]

    return _edit(by=by, now=now, expected=expected, act="switch", label=key, change=change)


@whole
def drop_rule(*, by: Actor, now: datetime, key: str, expected: int | None = None) -> RoutingDraft:
    """Take a rule out of the draft; the lists that were in force keep it."""

    def change(rules: Rules) -> Any:
        return rules.pop(_at(rules, key)), None

    return _edit(by=by, now=now, expected=expected, act="drop", label=key, change=change)


@whole
def take_up(*, by: Actor, now: datetime, number: int, expected: int | None = None) -> RoutingDraft:
    """Make an earlier list the draft, to be tried and put in force again."""
    version = selectors.version(number)

    def change(rules: Rules) -> Any:
        before = len(rules)
        rules[:] = [dict(r) for r in version.rules]
        return {"rules": before}, {"name": str(number), "rules": len(rules)}

    return _edit(by=by, now=now, expected=expected, act="take_up", label=str(number), change=change)


@whole
def discard_draft(*, by: Actor, now: datetime, expected: int | None = None) -> None:
    """Throw the draft away; the list in force stays."""
    permissions.check(by, PERMISSION)
    found = RoutingDraft.objects.select_for_update().order_by("pk").first()
    if found is None:
        return
    if expected is not None and found.version != expected:
        raise _stale()
    found.delete()
    journal.record(
        by=by,
        verb="cases.routing_discard",
        kind="routing",
        uuid=None,
        label=str(found.based_on),
        now=now,
        before={"rules": found.rules},
    )


@whole
def enable(*, by: Actor, now: datetime, reason: str, expected: int) -> RoutingVersion:
    """Put the draft in force. New reports follow it; no case that is here moves.

    Raises:
        InvalidError: no reason.
        ConflictError: there is no draft, it was not tried over past cases to the end, or a rule in it could never do
            what it says.
    """
    permissions.check(by, PERMISSION)
    if not reason.strip():
        words = _("请写明调整原因。")
        raise InvalidError(words, code="cases.reason", fields={"reason": [words]})
    found = RoutingDraft.objects.select_for_update().order_by("pk").first()
    if found is None or found.version != expected:
        raise _stale()
    if found.based_on != selectors.number_in_force():
        raise ConflictError(
            _("现行规则在草稿之后已更换。"), code="cases.routing_base", hint=_("请放弃草稿，从现行规则重新调整。")
        )
    if selectors.health(found.rules, now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()).blocking:
        raise ConflictError(
            _("有规则无法读取或指向不存在的分类、地域、单位。"),
            code="cases.routing_broken",
            hint=_("请先改正、停用或删除这些规则。"),
        )
    trial = selectors.trial_of(found)
    if trial is None or trial.finished_at is None:
        raise ConflictError(
            _("这份草稿还没有在过去一年的案件上试运行。"), code="cases.routing_untried", hint=_("请先完成试运行。")
        )
    version = save_rules(by=by, now=now, rules=found.rules, reason=clean(reason)[:500])
    found.delete()
    return version
