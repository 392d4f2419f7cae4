"""The list as seen, as a table file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.cases import selectors as cases
from linli.engines.cases import services
from linli.foundation.core import clock
from linli.interfaces.desk.doors import actor_of, local, staff
from linli.interfaces.desk.exports.sheets import write
from linli.interfaces.desk.prints.filters import filters_of

if TYPE_CHECKING:
    from linli.engines.cases.models import Case

LIMIT = 5_000
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _columns() -> list[tuple[str, int]]:
    return [
        (_("编号"), 20),
        (_("事项"), 36),
        (_("分类"), 14),
        (_("级别"), 10),
        (_("状态"), 10),
        (_("紧急"), 6),
        (_("地点"), 30),
        (_("区域"), 30),
        (_("承办单位"), 22),
        (_("来源"), 12),
        (_("反映人数"), 8),
        (_("上报时间"), 17),
        (_("时限"), 17),
        (_("办结时间"), 17),
        (_("结果"), 10),
        (_("返潮"), 6),
    ]


def _row(case: Case) -> list[Any]:
    """Return a case as the list shows it: no name, no number of a person, the text not at all."""
    yes = _("是")
    return [
        case.number,
        case.title,
        case.category.name,
        case.get_level_display(),
        case.get_state_display(),
        yes if case.urgent else "",
        case.address,
        case.area_label,
        str(case.unit or ""),
        case.get_source_display(),
        case.reporter_count,
        local(case.reported_at),
        local(case.due_at) if case.due_at.year < 9000 else "",
        local(case.closed_at) if case.closed_at else "",
        case.get_outcome_display(),
        yes if case.relapse_of_id else "",
    ]


@require_GET
@staff
def export(request: HttpRequest) -> FileResponse:
    """Send the list as filtered; what was taken out is journalled."""
    actor, now = actor_of(request), clock.now()
    page = cases.case_list(actor, filters_of(request.GET, now), now=now, size=LIMIT)
    note = _("共 %(count)s 件，导出于 %(at)s，导出人 %(who)s。") % {
        "count": len(page.rows),
        "at": f"{local(now):%Y-%m-%d %H:%M}",
        "who": actor.label,
    }
    if page.next:
        note += _("只导出前 %(limit)s 件，请缩小筛选范围后分批导出。") % {"limit": LIMIT}
    services.note_export(by=actor, now=now, count=len(page.rows), query=sorted(request.GET.keys()))
    table = write(_("案件清单"), _columns(), (_row(c) for c in page.rows), note)
    answer = FileResponse(
        table, as_attachment=True, filename=f"{_('案件清单')}-{local(now):%Y%m%d-%H%M}.xlsx", content_type=MIME
    )
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
