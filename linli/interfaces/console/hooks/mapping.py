"""Events in another platform's own fields and values: entered by field, looked at before they are sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.foundation.core import clock
from linli.foundation.core.errors import DomainError, InvalidError
from linli.foundation.hooks import rules, selectors, services
from linli.foundation.hooks.events import OWN, offered
from linli.interfaces.console.doors import actor_of, for_changers

if TYPE_CHECKING:
    from linli.foundation.hooks.models import Hook

_KINDS = {"case": gettext_lazy("案件"), "alert": gettext_lazy("灾害预警")}
_LONGEST = 4_000


def _groups() -> list[tuple[Any, Mapping[str, Any]]]:
    return [(_("事件"), OWN), *((_KINDS.get(kind, kind), fields) for kind, fields in offered().items())]


def _pairs(text: str, name: str) -> dict[str, str]:
    """Return the lines ``a=b`` of a text.

    Raises:
        InvalidError: a line has no sign between the two, or nothing before it.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text[:_LONGEST].splitlines(), 1):
        if not line.strip():
            continue
        left, sign, right = line.replace("＝", "=").partition("=")
        if not sign or not left.strip():
            message = _("第 %(n)s 行没看懂，请写成“甲=乙”。") % {"n": number}
            raise InvalidError(message, code="hooks.mapping", fields={name: [message]})
        found[left.strip()[:100]] = right.strip()[:200]
    return found


def _sent(post: QueryDict) -> dict[str, Any]:
    """Return the mapping that was typed."""
    fields: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    for _words, names in _groups():
        for name in names:
            target = post.get(f"to:{name}", "").strip()[:200]
            if target in fields:
                message = _("重复，或与另一个字段冲突。")
                raise InvalidError(message, code="hooks.mapping", fields={target: [message]})
            if target:
                fields[target] = name
            if pairs := _pairs(post.get(f"values:{name}", ""), name):
                values[name] = pairs
    return {"fields": fields, "values": values, "fixed": _pairs(post.get("fixed", ""), "fixed")}


def _kept(hook: Hook) -> dict[str, str]:
    """Return the mapping in force as it would be typed."""
    mapping: dict[str, Any] = hook.mapping
    found = {f"to:{ours}": target for target, ours in mapping.get("fields", {}).items()}
    for ours, pairs in mapping.get("values", {}).items():
        found[f"values:{ours}"] = "\n".join(f"{a}={b}" for a, b in pairs.items())
    found["fixed"] = "\n".join(f"{a}={b}" for a, b in mapping.get("fixed", {}).items())
    return found


def _errors(error: DomainError | None, typed: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what is wrong by our field, though the rules name the target."""
    if error is None:
        return {}
    ours = {typed.get(f"to:{name}", "").strip(): name for _words, names in _groups() for name in names}
    return {ours.get(name, name if name in ours.values() else "fixed"): said for name, said in error.fields.items()}


_EXAMPLE = {
    "id": "0199a1b2-0000-7000-8000-000000000000", "type": "linli.cases.close", "time": "2026-03-10T10:00:00+08:00",
    "data": {
        "kind": "case", "id": "0199a1b2-0000-7000-8000-000000000001", "number": "2026-0001", "state": "closed",
        "level": "general", "open": False, "version": 9, "category": "street_lamp", "source": "patrol",
        "outcome": "solved", "urgent": False, "area": "310105013001", "reported_at": "2026-03-09T09:00:00+08:00",
        "closed_at": "2026-03-10T10:00:00+08:00",
    },
}  # fmt: skip


def _preview(mapping: Mapping[str, Any]) -> str:
    return json.dumps(rules.mapped(mapping, _EXAMPLE), ensure_ascii=False, indent=2)


@never_cache
@require_http_methods(["GET", "POST"])
@for_changers
def page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show and change the mapping of a webhook; ``act=look`` shows what would be sent and keeps nothing."""
    by = actor_of(request)
    hook, error, preview = selectors.hook(by=by, uuid=uuid), None, ""
    typed: Mapping[str, str] = _kept(hook)
    if request.method == "POST":
        typed = request.POST.dict()
        try:
            mapping = _sent(request.POST)
            services.check_mapping(mapping)
            if request.POST.get("act") != "look":
                services.set_mapping(by=by, now=clock.now(), hook=hook, mapping=mapping)
                messages.success(request, _("已保存，之后发生的事件按新的字段推送。"))
                return HttpResponseRedirect(reverse("console:hook", args=[uuid]))
            preview = _preview(mapping)
        except DomainError as found:
            error = found
    wrong = _errors(error, typed)
    groups = [
        (
            words,
            [
                {"name": n, "label": label, "to": typed.get(f"to:{n}", ""), "values": typed.get(f"values:{n}", ""),
                 "errors": wrong.get(n, [])}
                for n, label in names.items()
            ],
        )
        for words, names in _groups()
    ]  # fmt: skip
    context = {
        "nav_here": "console", "hook": hook, "groups": groups, "fixed": typed.get("fixed", ""), "preview": preview,
        "fixed_errors": wrong.get("fixed", []), "error": error,
    }  # fmt: skip
    return render(request, "console/hooks/mapping.html", context, status=error.status if error else 200)
