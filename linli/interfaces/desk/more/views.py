"""What stands beside the cases: one page that leads to each list, for whoever has it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from linli.engines.cases.workflow import READERS_ALL, STAFF, UNIT_STAFF
from linli.interfaces.desk.cards import Card, shown
from linli.interfaces.desk.doors import actor_of, staff

CARDS: tuple[Card, ...] = (
    Card(
        _("社区工作室"),
        _("城管等驻居民区的值守安排，登记来访。"),
        "building-community",
        "desk:walk_in",
        frozenset(STAFF),
    ),
    Card(
        _("联勤联动站"),
        _("公安、城管、市场、房管、居委、物业共同处置的案件和联合处置记录。"),
        "users",
        "desk:stations",
        READERS_ALL | UNIT_STAFF | {"grid_head"},
    ),
    Card(
        _("居民区减负"),
        _("每月各单位向每个居民区布置了多少任务和表单，清单以外的、退回的。"),
        "clipboard-list",
        "desk:asked",
        READERS_ALL | {"grid_head", "neighbourhood_secretary", "community_worker"},
    ),
    Card(
        _("根因案件"),
        _("同一原因引起的几件案件，从根上解决，结案后观察是否复发。"),
        "search",
        "desk:roots",
        frozenset(STAFF),
    ),
    Card(_("热点"), _("多人反映的同一件事，按人数、范围和增长排列。"), "flame", "desk:hot_topics", frozenset(STAFF)),
    Card(
        _("灾害预警"),
        _("城市平台报送和人工录入的气象、防汛预警，谁已确认收到。"),
        "alert-triangle",
        "desk:alerts",
        frozenset(STAFF),
    ),
    Card(
        _("感知信号"),
        _("摄像头和传感器报送的情况，由人判断是否立案；设备台账。"),
        "camera",
        "desk:signals",
        READERS_ALL,
    ),
    Card(
        _("邮件来信"),
        _("居民写到收件邮箱的信：拿不准的由人处理，立了案的、自动回复的都列在这里。"),
        "mail",
        "desk:mails",
        READERS_ALL,
    ),
    Card(
        _("设备台账"),
        _("本单位维护的摄像头、传感器和客流计数器，是否失联。"),
        "camera",
        "desk:devices",
        UNIT_STAFF,
    ),
    Card(_("电话回访"), _("每周抽样，联系反映人，不满意的转复核。"), "phone-call", "desk:callbacks", READERS_ALL),
    Card(
        _("表扬登记"),
        _("锦旗、表扬信、口头表扬，记到单位和岗位。"),
        "heart-handshake",
        "desk:praise",
        READERS_ALL | UNIT_STAFF,
    ),
)


@require_GET
@staff
def more(request: HttpRequest) -> HttpResponse:
    """Show the lists that this person has."""
    cards = shown(CARDS, actor_of(request).roles)
    return render(request, "desk/cards.html", {"cards": cards, "title": _("台账"), "nav_here": "more"})
