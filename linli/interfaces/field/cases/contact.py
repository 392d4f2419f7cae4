"""Reaching the reporter: the number in clear once, for a purpose that is journalled."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from linli.engines.cases import permissions, services
from linli.foundation.core import clock
from linli.foundation.core.errors import ForbiddenError, InvalidError
from linli.interfaces.field.access import actor_of, staff_only

PURPOSES = {
    "first_contact": gettext_lazy("先行联系，了解情况"),
    "appointment": gettext_lazy("约定上门或现场查看时间"),
    "feedback": gettext_lazy("告知处理结果"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def reach(request: HttpRequest, number: str) -> HttpResponse:
    """Ask what the number is wanted for; on POST show it, to be dialled by a tap."""
    actor = actor_of(request)
    case = permissions.get_case_for(actor, number)
    if not permissions.may_read_contact(actor, case):
        raise ForbiddenError(_("您不能查看反映人的联系方式。"), code="cases.contact", hint=_("可请派单员代为联系。"))
    context = {"case": case, "nav_here": "field", "purposes": [{"value": k, "label": v} for k, v in PURPOSES.items()]}
    if request.method == "POST":
        purpose = PURPOSES.get(request.POST.get("purpose", ""))
        if purpose is None:
            wrong = InvalidError(_("请选择用途。"), code="field.purpose", fields={"purpose": [_("请选择一项。")]})
            return render(request, "field/reach.html", context | {"errors": wrong.fields}, status=wrong.status)
        people = services.open_contacts(by=actor, now=clock.now(), case=case, purpose=str(purpose))
        context |= {"people": [p for p in people if p["phone"] or p["name"]], "opened": True}
    answer = render(request, "field/reach.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
