"""文明创建: advertising, campaigns, the office's log, volunteers, trials and what one found, an edition's standards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.interfaces.desk.civility import ads, campaigns, library, log, trials
from linli.interfaces.desk.civility.common import check_reader, self_test
from linli.interfaces.desk.doors import actor_of
from linli.interfaces.desk.exports.building import (
    Col,
    Told,
    day,
    enter,
    in_words,
    label,
    moment,
    named,
    neighbourhood,
    one_of,
    ticked,
    unit,
    uuid_named,
    yes,
)
from linli.programmes.civility import selectors
from linli.programmes.civility.types import Drive, Level, LogKind, Purpose, Role, Theme, TrialState, Way

if TYPE_CHECKING:
    from linli.programmes.civility.models import Edition

_Q = Told(gettext_lazy("搜索"))


def _theme(at: int) -> Callable[[Any], str]:
    return lambda r: str(r["cells"][at]["words"] or "—")


ADS = [
    Col(gettext_lazy("点位"), 28, lambda r: r["point"].name),
    Col(gettext_lazy("点位类型"), 18, lambda r: r["type"]),
    Col(gettext_lazy("地址"), 34, lambda r: r["point"].address),
    *(Col(theme.label, 14, _theme(at)) for at, theme in enumerate(Theme)),
    Col(gettext_lazy("待补"), 8, lambda r: r["missing"]),
]
CAMPAIGNS = [
    Col(gettext_lazy("名称"), 36, lambda c: c.title),
    Col(gettext_lazy("行动"), 22, label("kind", Drive)),
    Col(gettext_lazy("牵头单位"), 24, lambda c: c.unit.name),
    Col(gettext_lazy("开始"), 12, lambda c: day(c.starts_on)),
    Col(gettext_lazy("结束"), 12, lambda c: day(c.ends_on)),
    Col(gettext_lazy("次数"), 8, lambda c: c.times),
    Col(gettext_lazy("人次"), 8, lambda c: c.heads or 0),
    Col(gettext_lazy("行动前案件"), 10, lambda c: c.before.get("found", "") if c.categories else ""),
    Col(gettext_lazy("状态"), 10, lambda c: _("已结束") if c.ended_at else _("进行中")),
]
LOG = [
    Col(gettext_lazy("日期"), 12, lambda r: day(r.on)),
    Col(gettext_lazy("事项"), 44, lambda r: r.title),
    Col(gettext_lazy("类别"), 14, label("kind", LogKind)),
    Col(gettext_lazy("要求单位"), 24, lambda r: r.unit.name if r.unit else ""),
    Col(gettext_lazy("期限"), 12, lambda r: day(r.due_on)),
    Col(gettext_lazy("状态"), 14, log.words_of),
]
# By number as the page has them: who did most is told by no list.
VOLUNTEERS = [
    Col(gettext_lazy("编号"), 16, lambda v: v.number),
    Col(gettext_lazy("所属单位"), 26, lambda v: v.unit.name),
    Col(gettext_lazy("服务次数"), 10, lambda v: v.times),
    Col(gettext_lazy("时长（分钟）"), 12, lambda v: v.minutes or 0),
]
TRIALS = [
    Col(gettext_lazy("名称"), 36, lambda r: r["trial"].title),
    Col(gettext_lazy("层级"), 14, lambda r: str(Level(r["trial"].level).label) if r["trial"].level else ""),
    Col(gettext_lazy("单位"), 24, lambda r: r["trial"].unit.name),
    Col(gettext_lazy("范围"), 18, lambda r: r["trial"].area.name if r["trial"].area else _("全街道")),
    Col(gettext_lazy("开始"), 12, lambda r: day(r["trial"].starts_on)),
    Col(gettext_lazy("结束"), 12, lambda r: day(r["trial"].ends_on)),
    Col(gettext_lazy("已查"), 8, lambda r: r["done"]),
    Col(gettext_lazy("计划"), 8, lambda r: r["planned"]),
    Col(gettext_lazy("状态"), 10, lambda r: r["trial"].get_state_display()),
]
GAPS = [
    Col(gettext_lazy("点位"), 28, lambda g: g.finding.target.name if g.finding.target else ""),
    Col(gettext_lazy("地址"), 34, lambda g: g.finding.target.address if g.finding.target else ""),
    Col(gettext_lazy("问题"), 44, lambda g: g.finding.text),
    Col(gettext_lazy("一票否决"), 8, lambda g: yes(g.standard and g.standard.veto)),
    Col(gettext_lazy("反弹"), 6, lambda g: yes(g.finding.relapse_of_id)),
    Col(gettext_lazy("责任单位"), 24, lambda g: g.unit),
    Col(gettext_lazy("发现"), 17, lambda g: moment(g.finding.found_at)),
    Col(gettext_lazy("状态"), 12, lambda g: g.finding.get_state_display()),
]
STANDARDS = [
    Col(gettext_lazy("标准"), 50, lambda s: s.text),
    Col(gettext_lazy("一票否决"), 8, lambda s: yes(s.veto)),
    Col(gettext_lazy("须拍照"), 8, lambda s: yes(s.photo)),
    Col(gettext_lazy("项目"), 20, lambda s: s.project),
    Col(gettext_lazy("内容"), 24, lambda s: s.content),
    Col(gettext_lazy("点位类型"), 18, lambda s: s.point_type.name if s.point_type else ""),
    Col(gettext_lazy("采集方式"), 12, label("way", Way)),
    Col(gettext_lazy("责任单位"), 24, lambda s: s.unit.name if s.unit else _("点位所属单位")),
    Col(gettext_lazy("分值"), 8, lambda s: float(s.full)),
    Col(gettext_lazy("权重"), 8, lambda s: float(s.weight)),
]


def _ads(_request: HttpRequest, found: list[Any]) -> list[dict[str, Any]]:
    return ads.rows_of(found, selectors.point_types())


def _type(code: str) -> str:
    return next((t.name for t in selectors.point_types() if t.code == code), "")


def _self_test(_request: HttpRequest) -> Sequence[str]:
    return [self_test()]


def _role(request: HttpRequest) -> Sequence[str]:
    return [in_words(_("角色"), Role(log.role_of(request)).label)]


def _by_number(_request: HttpRequest) -> Sequence[str]:
    return [_("按编号排列，不给个人打分、排名。")]


def _purpose(request: HttpRequest) -> Purpose:
    """Return which of the three lists of trials the address names.

    Raises:
        NotFoundError: none of them.
    """
    try:
        return Purpose(request.GET.get("purpose", ""))
    except ValueError as error:
        raise NotFoundError(_("没有这一类检查。"), code="civility.purpose") from error


def _trials(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return trials.page_of(_purpose(request).value, request, cursor, size)


def _gaps(request: HttpRequest) -> trials.Gaps:
    return trials.gaps_of(request, uuid_named(request, "trial"))


def _gap_page(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return _gaps(request).page(actor_of(request), cursor, size)


def _gaps_said(request: HttpRequest) -> Sequence[str]:
    return [in_words(_("只看"), words) for words in _gaps(request).said()]


def _edition(request: HttpRequest) -> Edition:
    return named(request, "edition", selectors.edition_for)


def _standards(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return library.page_of(_edition(request), request, cursor, size)


def register() -> None:
    """Enter the lists of this module."""
    told = {
        "q": _Q,
        "type": Told(gettext_lazy("点位类型"), _type),
        "area": Told(gettext_lazy("居民区"), neighbourhood),
    }
    enter(
        "civility_ads", gettext_lazy("公益广告"), ADS, ads.page_of, told=told, prepare=_ads, door=check_reader
    )  # fmt: skip
    told = {"q": _Q, "kind": Told(gettext_lazy("行动"), one_of(lambda: dict(Drive.choices)))}
    enter(
        "civility_campaigns", gettext_lazy("专项行动"), CAMPAIGNS, campaigns.page_of, told=told, door=check_reader
    )  # fmt: skip
    told = {"q": _Q, "open": Told(gettext_lazy("待反馈、待办结"), ticked)}
    enter("civility_log", gettext_lazy("督导记录"), LOG, log.page_of, told=told, door=check_reader)
    enter(
        "civility_volunteers", gettext_lazy("志愿者"), VOLUNTEERS, log.volunteers_of, told={"q": _Q}, always=_role,
        noted=_by_number, door=check_reader,
    )  # fmt: skip
    told = {
        "q": _Q,
        "state": Told(gettext_lazy("状态"), one_of(lambda: dict(TrialState.choices))),
        "level": Told(gettext_lazy("层级"), one_of(lambda: dict(Level.choices))),
    }
    enter(
        "civility_trials", gettext_lazy("文明创建检查"), TRIALS, _trials, told=told, noted=_self_test,
        prepare=lambda _request, found: trials.rows_of(found), check=_purpose,
        titled=lambda request: str(_purpose(request).label), door=check_reader,
    )  # fmt: skip
    told = {"open": Told(gettext_lazy("状态"), one_of(trials.open_labels))}
    enter(
        "civility_gaps", gettext_lazy("问题清单"), GAPS, _gap_page, told=told, always=_gaps_said, noted=_self_test,
        check=_gaps, titled=lambda request: _("问题清单：%(trial)s") % {"trial": _gaps(request).trial.title},
        door=check_reader,
    )  # fmt: skip
    told = {
        "q": _Q,
        "type": Told(gettext_lazy("点位类型"), _type),
        "project": Told(gettext_lazy("项目")),
        "unit": Told(gettext_lazy("责任或协同单位"), unit),
    }
    enter(
        "civility_standards", gettext_lazy("文明创建标准"), STANDARDS, _standards, told=told, noted=_self_test,
        check=_edition, titled=lambda request: str(_edition(request).title), door=check_reader,
    )  # fmt: skip
