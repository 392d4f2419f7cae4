"""Notes to a draft reply while it is written: a fragment, no form; sending never waits for it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from linli.engines.cases import permissions
from linli.engines.judgement.rules.replies import Kind
from linli.engines.judgement.selectors.replies import check_reply
from linli.foundation.core import clock

TITLES: dict[Kind, Any] = {
    Kind.WHEN: _("问了什么时候，答复里没有时间"),
    Kind.HOW_MUCH: _("问了多少钱，答复里没有数目"),
    Kind.CALL: _("问了电话，答复里没有电话"),
    Kind.ASKED: _("这个问题好像没有答到"),
    Kind.FACT: _("案件里找不到，请核对"),
    Kind.NAME: _("案件里没有这个人，请核对姓名，也想想是否要写"),
    Kind.TONE: _("这样说容易让人不快"),
    Kind.LAW: _("作了决定，没有写依据的法律或文件"),
    Kind.VAGUE: _("写了有规定，没有写是哪一部"),
}


@require_POST
def notes(request: HttpRequest, number: str) -> HttpResponse:
    """Show what to look at again in the draft; nothing of it is kept."""
    case = permissions.get_case_for(request.actor, number)  # type: ignore[attr-defined]
    found = check_reply(case, request.POST.get("text", ""), clock.now())
    return render(
        request, "desk/cases/_notes.html", {"notes": [{"title": TITLES[n.kind], "words": n.words} for n in found]}
    )
