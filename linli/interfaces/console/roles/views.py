"""Who may what, written from the tables that decide it: the roles, and the acts of the case's life cycle."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.cases.workflow import STATES, VERBS, Scope, Verb
from linli.foundation.core.errors import NotFoundError
from linli.foundation.people.types import ADMIN_ROLES, ROLES, RoleInfo, role_names
from linli.interfaces.console.doors import actor_of
from linli.interfaces.console.people.views import READERS as GRID_READERS
from linli.interfaces.console.roles.words import PERMISSIONS, WHERE

READERS = GRID_READERS | {r.value for r in ADMIN_ROLES}


def acts_of(role: str) -> list[Verb]:
    """Return the acts on a case that ``role`` may do, in the order of the life cycle."""
    return [v for v in VERBS.values() if role in v.roles and v.scope is not Scope.SYSTEM]


def beside(info: RoleInfo) -> list[Any]:
    """Return what else the role may, in words."""
    return [PERMISSIONS[code] for code in dict.fromkeys(info.permissions) if code in PERMISSIONS]


def _by_role() -> list[dict[str, Any]]:
    return [
        {
            "info": info,
            "where": WHERE[info.where.value],
            "acts": [v.label for v in acts_of(code.value)],
            "beside": beside(info),
            "administrator": code in ADMIN_ROLES,
        }
        for code, info in ROLES.items()
    ]


def _by_act() -> list[dict[str, Any]]:
    found = []
    for verb in VERBS.values():
        everywhere = len(verb.source) == sum(facts.open for facts in STATES.values())
        found.append(
            {
                "verb": verb,
                "states": _("未办结时") if everywhere else "、".join(str(s.label) for s in STATES if s in verb.source),
                "roles": _("系统") if verb.scope is Scope.SYSTEM else role_names(verb.roles),
                "scope": verb.scope.label,
            }
        )
    return found


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show it by role and by act; ``print=1`` for paper."""
    if not actor_of(request).roles & READERS:
        raise NotFoundError(_("没有找到这个页面。"))
    context = {"nav_here": "console", "roles": _by_role(), "acts": _by_act()}
    template = "print" if request.GET.get("print") == "1" else "page"
    return render(request, f"console/roles/{template}.html", context)
