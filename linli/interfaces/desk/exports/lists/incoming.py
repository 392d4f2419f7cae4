"""What comes in beside the cases: warnings, and the e-mails of which none waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.alerts import permissions as alerts_doors
from linli.engines.alerts.types import AlertState, Colour, Hazard
from linli.engines.mailbox import permissions as mail_doors
from linli.engines.mailbox.types import MailState, Reason
from linli.foundation.core import clock
from linli.interfaces.desk.alerts import views as alerts
from linli.interfaces.desk.doors import staff_who
from linli.interfaces.desk.exports.building import Col, Told, enter, label, moment, one_of, yes
from linli.interfaces.desk.mails import views as mails

if TYPE_CHECKING:
    pass

_Q = Told(gettext_lazy("搜索"))

ALERTS = [
    Col(gettext_lazy("标题"), 40, lambda r: r[0].headline),
    Col(gettext_lazy("灾种"), 12, lambda r: r[0].get_hazard_display()),
    Col(gettext_lazy("颜色"), 8, lambda r: r[0].get_colour_display()),
    Col(gettext_lazy("演练"), 6, lambda r: yes(r[0].exercise)),
    Col(gettext_lazy("发布单位"), 24, lambda r: r[0].issuer),
    Col(gettext_lazy("范围"), 30, lambda r: r[0].area_text or _("本街道")),
    Col(gettext_lazy("开始"), 17, lambda r: moment(r[0].begins_at)),
    Col(gettext_lazy("结束"), 17, lambda r: moment(r[0].ends_at)),
    Col(gettext_lazy("已确认（人）"), 10, lambda r: r[0].noted),
    Col(gettext_lazy("状态"), 12, lambda r: str(r[1].label)),
    Col(gettext_lazy("待本人确认"), 10, lambda r: yes(not r[0].mine and r[1] in alerts.STANDING)),
]
_reason = label("reason", Reason)

# Subject and sender are kept masked; what was written stands in no list.
MAILS = [
    Col(gettext_lazy("主题"), 44, lambda m: m.subject or _("（无主题）")),
    Col(gettext_lazy("发件人"), 26, lambda m: m.sender_masked),
    Col(gettext_lazy("收到"), 17, lambda m: moment(m.came_at)),
    Col(gettext_lazy("邮箱"), 18, lambda m: m.mailbox.name),
    Col(gettext_lazy("案件"), 20, lambda m: m.case_number),
    Col(gettext_lazy("结果"), 16, label("state", MailState)),
    Col(gettext_lazy("说明"), 40, lambda m: m.decided_reason or _reason(m)),
    Col(gettext_lazy("由谁处理"), 20, lambda m: m.decided_label),
]


def _with_states(_request: HttpRequest, found: list[Any]) -> list[tuple[Any, AlertState]]:
    now = clock.now()
    return [(a, a.state(now)) for a in found]


def register() -> None:
    """Enter the lists of this module."""
    told = {
        "q": _Q,
        "hazard": Told(gettext_lazy("灾种"), one_of(lambda: dict(Hazard.choices))),
        "colour": Told(gettext_lazy("颜色"), one_of(lambda: dict(Colour.choices))),
        "state": Told(gettext_lazy("状态"), one_of(lambda: dict(AlertState.choices))),
    }
    door = staff_who(alerts_doors.check_read)
    enter("alerts", gettext_lazy("灾害预警"), ALERTS, alerts.page_of, told=told, prepare=_with_states, door=door)
    told = {
        "q": _Q,
        "state": Told(gettext_lazy("结果"), one_of(lambda: dict(MailState.choices))),
        "reason": Told(gettext_lazy("原因"), one_of(lambda: dict(Reason.choices))),
    }
    enter("mails", gettext_lazy("邮件来信"), MAILS, mails.page_of, told=told, door=staff_who(mail_doors.check_read))
