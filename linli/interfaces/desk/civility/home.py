"""The programme's first page: what is low, what is due, where to go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from linli.interfaces.desk.civility.common import NAV
from linli.interfaces.desk.civility.lists import TONES as TODO_TONES
from linli.interfaces.desk.civility.results import shown
from linli.interfaces.desk.doors import actor_of, staff, today
from linli.programmes.civility import permissions, selectors
from linli.programmes.civility.types import KIND, TodoState

_CARDS = (
    ("civility_library", "clipboard-list", gettext_lazy("指标库"), gettext_lazy("项目、内容、标准和责任矩阵")),
    ("civility_self_check", "check", gettext_lazy("自查"), gettext_lazy("居民区常态化自查整改")),
    ("civility_mock", "chart-bar", gettext_lazy("模拟测评"), gettext_lazy("按点位类型随机抽样")),
    ("civility_supervision", "eye", gettext_lazy("督查"), gettext_lazy("街道、条线、居民区、志愿者")),
    ("civility_week", "calendar-event", gettext_lazy("周周有行动"), gettext_lazy("一周一个样，每月大变样")),
    ("civility_todos", "list-details", gettext_lazy("加减乘法清单"), gettext_lazy("要修补、要清理、要长效")),
    ("civility_ads", "speakerphone", gettext_lazy("公益广告"), gettext_lazy("六类主题，哪里缺、哪里旧")),
    ("civility_campaigns", "flag-2", gettext_lazy("专项行动"), gettext_lazy("五大行动、大扫除、联手整治")),
    ("civility_log", "book", gettext_lazy("督导记录"), gettext_lazy("领导小组办公室")),
    ("civility_volunteers", "hand-love-you", gettext_lazy("志愿者"), gettext_lazy("宣传员、巡访员、监督员")),
)


@require_GET
@staff
def home(request: HttpRequest) -> HttpResponse:
    """Show the programme."""
    by = actor_of(request)
    permissions.check_read(by)
    running = selectors.open_trials(by)
    progress = selectors.progress(running)
    late = list(selectors.todo_counts(by).values())
    due = selectors.todos(by, selectors.TodoFilter(state=TodoState.OPEN), size=6).rows
    cards: list[dict[str, Any]] = [
        {"url": reverse(f"desk:{name}"), "icon": icon, "title": title, "text": text}
        for name, icon, title, text in _CARDS
    ]
    points = reverse("desk:ledger_list", args=[KIND])
    cards.insert(1, {"url": points, "icon": "map-pin", "title": _("点位"), "text": _("按类型登记的点位台账")})
    context = {
        "edition": selectors.in_use(),
        "may_keep": permissions.may_keep(by),
        "rows": [{"trial": t, "count": progress.get(t.pk, (0, 0))} for t in running],
        "shown": shown(running[0]) if running else None,
        "open": sum(c[0] for c in late),
        "late": sum(c[1] for c in late),
        "due": [{"row": t, "tone": "late" if t.due_on < today() else TODO_TONES[TodoState.OPEN]} for t in due],
        "cards": cards,
        "nav_here": NAV,
    }
    return render(request, "desk/civility/home.html", context)
