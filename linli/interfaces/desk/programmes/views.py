"""One page that leads to each programme, for whoever works in it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from linli.engines.cases.workflow import STAFF
from linli.interfaces.desk.cards import Card, shown
from linli.interfaces.desk.doors import actor_of, staff
from linli.programmes.civility.permissions import READERS as CIVILITY_READERS
from linli.programmes.owners.permissions import READERS as OWNER_READERS
from linli.programmes.surveys.workflow import READERS as SURVEY_READERS

CARDS: tuple[Card, ...] = (
    Card(_("四百走访"), _("走访、需求、慰问、新兴领域"), "walk", "desk:visits", frozenset(STAFF)),
    Card(_("文明创建"), _("指标库、自查、模拟测评、督查和专项行动"), "flag", "desk:civility", CIVILITY_READERS),
    Card(_("街面管理"), _("巡查、商户提醒、门责、一弄一案、作业"), "building-store", "desk:streets", frozenset(STAFF)),
    Card(_("问卷"), _("知晓率、感受度、满意率，按居民区抽样"), "clipboard-list", "desk:surveys", SURVEY_READERS),
    Card(_("业委会"), _("规范化运行评估：指标、等级、覆盖、公示"), "users-group", "desk:owners", OWNER_READERS),
)


@require_GET
@staff
def programmes(request: HttpRequest) -> HttpResponse:
    """Show the programmes that this person works in."""
    cards = shown(CARDS, actor_of(request).roles)
    return render(request, "desk/cards.html", {"cards": cards, "title": _("专项工作"), "nav_here": "programmes"})
