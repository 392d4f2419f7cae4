"""Subscriptions: made, changed, paused, closed; deliveries sent again."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from linli.foundation.core.actors import Actor
from linli.foundation.core.db.again import whole
from linli.foundation.core.errors import ConflictError
from linli.foundation.core.faults import several
from linli.foundation.core.ids import uuid7
from linli.foundation.core.namespaces import current
from linli.foundation.core.text import clean
from linli.foundation.hooks import rules
from linli.foundation.hooks.events import OWN, offered
from linli.foundation.hooks.models import Delivery, Hook
from linli.foundation.hooks.permissions import check_keep
from linli.foundation.hooks.services.following import text_for
from linli.foundation.hooks.types import Algorithm, DeliveryState, HookState
from linli.foundation.jobs import services as jobs
from linli.foundation.journal import services as journal

REPLAYED_AT_ONCE = 1_000


def _note(by: Actor, now: datetime, hook: Hook, verb: str, **more: Any) -> None:
    journal.record(
        by=by, verb=f"hooks.{verb}", kind="hook", uuid=hook.uuid, label=hook.name, now=now, **more
    )  # fmt: skip


def _check(hook: Hook | None, name: str, url: str, patterns: Sequence[str], algorithm: str) -> list[str]:
    """Return the patterns as they are kept; say all that is wrong at once."""
    wrong: dict[str, list[str]] = {}
    others = Hook.objects.filter(name=name).exclude(state=HookState.CLOSED).exclude(pk=hook.pk if hook else 0)
    if not name or others.exists():
        wrong["name"] = [_("请写明推送给哪个系统。") if not name else _("已有同名的事件推送，请换一个名称。")]
    if rules.split_url(url, private=settings.HOOKS_PRIVATE) is None:
        wrong["url"] = [_("请填写 https:// 开头的地址，不含用户名和密码。")]
    kept = list(dict.fromkeys(p.strip() for p in patterns if p.strip()))
    if not kept or len(kept) > rules.MOST_PATTERNS or not all(map(rules.is_pattern, kept)):
        wrong["patterns"] = [_("请填写事件名，例如 cases.dispatch、cases.*；* 表示全部。")]
    if algorithm not in Algorithm.values:
        wrong["algorithm"] = [_("请从列出的选项中选择。")]
    if wrong:
        raise several("hooks", wrong)
    return kept


def _secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


@whole
def create_hook(
    *, by: Actor, now: datetime, name: str, url: str, patterns: Sequence[str], algorithm: str = ""
) -> tuple[Hook, str]:
    """Make a subscription; return it and the key that its deliveries are signed with, which is shown this once.

    Raises:
        ForbiddenError: ``by`` keeps none.
        InvalidError: name, address, events or algorithm are wrong.
    """
    check_keep(by)
    shown, chosen = clean(name)[:64], algorithm or settings.HOOKS_ALGORITHM
    kept = _check(None, shown, url.strip(), patterns, chosen)
    secret = _secret()
    hook = Hook(name=shown, url=url.strip(), patterns=kept, algorithm=chosen, keeper_id=by.user_id, created_at=now)
    hook.set_secret(secret)
    hook.save(force_insert=True)
    _note(by, now, hook, "create", after={"url": hook.url, "patterns": kept, "algorithm": chosen})
    return hook, secret


@whole
def change_hook(*, by: Actor, now: datetime, hook: Hook, name: str, url: str, patterns: Sequence[str]) -> Hook:
    """Change where a subscription goes and what it is told; who does so keeps it from now on."""
    check_keep(by)
    _check_open(hook)
    before = {"name": hook.name, "url": hook.url, "patterns": hook.patterns}
    shown = clean(name)[:64]
    hook.patterns = _check(hook, shown, url.strip(), patterns, hook.algorithm)
    hook.name, hook.url, hook.keeper_id = shown, url.strip(), by.user_id
    hook.save(update_fields=["name", "url", "patterns", "keeper"])
    _note(by, now, hook, "change", before=before, after={"name": shown, "url": hook.url, "patterns": hook.patterns})
    return hook


def check_mapping(mapping: Mapping[str, Any]) -> None:
    """Refuse a mapping that cannot be.

    Raises:
        InvalidError: a field that is none, a target that is no name or stands twice, with each of them named.
    """
    known = {*OWN, *(name for fields in offered().values() for name in fields)}
    words = {
        "name": _("不是可用的字段名：用字母、汉字、数字和下划线，层级用点分开。"),
        "twice": _("重复，或与另一个字段冲突。"),
        "unknown": _("没有这个字段。"),
        "many": _("太多：最多 %(most)s 个字段。") % {"most": rules.MOST_FIELDS},
    }
    wrong: dict[str, list[str]] = {}
    for name, code in rules.mapping_faults(mapping, known):
        wrong.setdefault(name or "mapping", []).append(words[code])
    if wrong:
        raise several("hooks", wrong)


@whole
def set_mapping(*, by: Actor, now: datetime, hook: Hook, mapping: Mapping[str, Any]) -> Hook:
    """Put what happens from now on into the receiver's own fields and values; an empty mapping: CloudEvents again.

    Raises:
        ForbiddenError: ``by`` keeps none.
        InvalidError: as :func:`check_mapping`.
    """
    check_keep(by)
    _check_open(hook)
    check_mapping(mapping)
    before = hook.mapping
    hook.mapping = dict(mapping) if mapping.get("fields") or mapping.get("fixed") else {}
    hook.save(update_fields=["mapping"])
    _note(by, now, hook, "map", before={"mapping": before}, after={"mapping": hook.mapping})
    return hook


def _check_open(hook: Hook) -> None:
    if hook.state == HookState.CLOSED:
        raise ConflictError(_("这个事件推送已经停用。"))


@whole
def new_secret(*, by: Actor, now: datetime, hook: Hook) -> str:
    """Put a new key in place of the old one; return it, shown this once."""
    check_keep(by)
    _check_open(hook)
    secret = _secret()
    hook.set_secret(secret)
    hook.save(update_fields=["secret_sealed"])
    _note(by, now, hook, "new_secret")
    return secret


def _switch(by: Actor, now: datetime, hook: Hook, state: HookState, verb: str, reason: str = "") -> None:
    check_keep(by)
    _check_open(hook)
    if hook.state == state:
        raise ConflictError(_("状态没有变化。"))
    hook.state, hook.failures = state, 0
    hook.paused_at = now if state == HookState.PAUSED else None
    hook.save(update_fields=["state", "failures", "paused_at"])
    _note(by, now, hook, verb, reason=clean(reason)[:200])


@whole
def pause_hook(*, by: Actor, now: datetime, hook: Hook, reason: str = "") -> None:
    """Send nothing for now; what happens meanwhile waits."""
    _switch(by, now, hook, HookState.PAUSED, "pause", reason)


@whole
def resume_hook(*, by: Actor, now: datetime, hook: Hook) -> None:
    """Send again, what waited first."""
    _switch(by, now, hook, HookState.ACTIVE, "resume")
    Delivery.objects.filter(hook=hook, state=DeliveryState.WAITING, due_at__gt=now).update(due_at=now)
    _wake(now)


@whole
def close_hook(*, by: Actor, now: datetime, hook: Hook, reason: str = "") -> None:
    """End a subscription for good; what waits is not sent, and its key is forgotten."""
    _switch(by, now, hook, HookState.CLOSED, "close", reason)
    Delivery.objects.filter(hook=hook, state=DeliveryState.WAITING).update(state=DeliveryState.FAILED)
    Hook.objects.filter(pk=hook.pk).update(secret_sealed=b"")


def _wake(now: datetime) -> None:
    jobs.enqueue(name="hooks.deliver", payload={}, now=now, key="hooks.deliver")


@whole
def replay(*, by: Actor, now: datetime, hook: Hook, uuid: UUID) -> int:
    """Send one delivery again, under the same id; return 1, or 0 where it waits anyhow."""
    check_keep(by)
    _check_open(hook)
    rows = Delivery.objects.filter(hook=hook, uuid=uuid).exclude(state=DeliveryState.WAITING)
    return _again(by, now, hook, [r.pk for r in rows])


@whole
def replay_failed(*, by: Actor, now: datetime, hook: Hook) -> int:
    """Send again what never arrived, the oldest first, at most a thousand; return how many."""
    check_keep(by)
    _check_open(hook)
    rows = Delivery.objects.filter(hook=hook, state=DeliveryState.FAILED).order_by("id")
    return _again(by, now, hook, list(rows.values_list("pk", flat=True)[:REPLAYED_AT_ONCE]))


def _again(by: Actor, now: datetime, hook: Hook, ids: list[int]) -> int:
    if not ids:
        return 0
    fresh = {"state": DeliveryState.WAITING, "attempts": 0, "due_at": now, "error": "", "status": 0}
    count = Delivery.objects.filter(pk__in=ids).update(**fresh)
    _note(by, now, hook, "replay", after={"count": count})
    _wake(now)
    return count


@whole
def send_test(*, by: Actor, now: datetime, hook: Hook) -> Delivery:
    """Send an event that says nothing, to see whether it arrives."""
    check_keep(by)
    _check_open(hook)
    event = uuid7()
    body: dict[str, Any] = {
        "specversion": "1.0", "id": str(event), "source": f"urn:linli:{current()}", "type": "linli.hooks.test",
        "time": now.isoformat(), "datacontenttype": "application/json",
        "data": {"kind": "hook", "id": str(hook.uuid), "verb": "hooks.test"},
    }  # fmt: skip
    text = text_for(hook, body)
    row = Delivery.objects.create(hook=hook, event=event, verb="hooks.test", body=text, made_at=now, due_at=now)
    _note(by, now, hook, "test")
    _wake(now)
    return row
