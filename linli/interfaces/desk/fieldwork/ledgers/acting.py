"""What is done to one target on its dossier: it leaves the ledger, comes back, a merge is undone."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.engines.fieldwork import selectors
from linli.foundation.core import clock
from linli.foundation.core.errors import NotFoundError
from linli.interfaces.desk.doors import actor_of, id_of, staff
from linli.interfaces.desk.fieldwork.ledgers.dossier import page
from linli.interfaces.desk.fieldwork.ledgers.forms import ReasonForm
from linli.interfaces.desk.fieldwork.ledgers.offering import ACTS


@require_POST
@staff
def act(request: HttpRequest, uuid: UUID, code: str) -> HttpResponse:
    """Do one act with its reason; a refusal shows the dossier with what was typed."""
    by, target = actor_of(request), selectors.target_for(actor_of(request), uuid)
    if code not in ACTS:
        raise NotFoundError(_("没有这个操作。"), code="fieldwork.no_act")
    do, said = ACTS[code][1], ACTS[code][3]
    form = ReasonForm(request.POST)
    seen = id_of(request.POST.get("version", "")) or 0
    status = form.attempt(
        lambda: do(by=by, now=clock.now(), uuid=uuid, reason=form.cleaned_data["reason"], expected=seen)
    )
    if status:
        return page(request, target, sent=(code, form), status=status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:target", args=[uuid]))
