"""What hangs on rounds, stations and 居民区: a round's visits, those to be given out, a pool, what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines.cases import selectors as cases
from linli.engines.fieldwork import selectors
from linli.engines.fieldwork.permissions import check_lead
from linli.foundation.core.errors import NotFoundError
from linli.foundation.core.paging import Page
from linli.interfaces.desk.admissions import views as admissions
from linli.interfaces.desk.doors import actor_of, id_of, staff_who, today
from linli.interfaces.desk.exports.building import (
    Col,
    Told,
    all_of,
    area,
    dash,
    day,
    enter,
    in_words,
    moment,
    named,
    one_of,
    point_of,
    unit,
)
from linli.interfaces.desk.fieldwork.rounds import assigning, board
from linli.interfaces.desk.fieldwork.rounds.home import area_names, visit_row
from linli.interfaces.desk.stations import views as stations

if TYPE_CHECKING:
    from linli.engines.cases.models import Station
    from linli.engines.fieldwork.models import Round
    from linli.foundation.core.actors import Actor


def _goers(row: dict[str, Any]) -> str:
    visit = row["visit"]
    return "、".join(u.display_name for u in (visit.user, visit.second) if u is not None)


VISITS = [
    Col(gettext_lazy("对象"), 30, lambda r: r["visit"].target.name),
    Col(gettext_lazy("地址"), 34, lambda r: r["visit"].target.address),
    Col(gettext_lazy("状态"), 12, lambda r: r["visit"].get_state_display()),
    Col(gettext_lazy("未遇次数"), 8, lambda r: r["visit"].tries or ""),
    Col(gettext_lazy("走访人"), 20, _goers),
    Col(gettext_lazy("区域"), 18, lambda r: r["area"]),
    Col(gettext_lazy("期限"), 12, lambda r: day(r["visit"].due_on)),
    Col(gettext_lazy("排在"), 12, lambda r: day(r["visit"].planned_on)),
    Col(gettext_lazy("第几站"), 8, lambda r: r["visit"].place_in_walk or "" if r["visit"].planned_on else ""),
]


def _rows(_request: HttpRequest, found: list[Any]) -> list[dict[str, Any]]:
    on = today()
    names = area_names(on)
    return [visit_row(v, on, names) for v in found]


def _round(request: HttpRequest) -> Round:
    """Return the round that the address names.

    Raises:
        NotFoundError: there is none for this person, or it goes to homes, which leave in no file.
    """
    return named(request, "round", _open_round)


def _open_round(by: Actor, uuid: UUID) -> Round:
    found = selectors.round_for(by, uuid)
    if selectors.is_guarded(found):
        raise NotFoundError(_("没有这项走访检查。"), code="fieldwork.no_round")
    return found


def _led(request: HttpRequest) -> Round:
    """Return the round that the address names to who leads it, as the page of giving out does."""
    found = _round(request)
    check_lead(actor_of(request), found)
    return found


def _visits(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return board.visits_of(request, _round(request), cursor, size)


def _waiting(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return assigning.waiting_of(request, _led(request), cursor, size)


def _place(row: dict[str, Any]) -> tuple[float, float] | None:
    """Return where a visit goes, as the map of the page has it: never of a guarded kind."""
    return None if row["visit"].guarded else point_of(row["visit"].target)


def _whose(request: HttpRequest) -> Sequence[str]:
    """Return whose visits are asked for, by the name that the list shows; nobody who makes none of them."""
    wanted = id_of(request.GET.get("user", ""))
    if wanted is None:
        return []
    found = selectors.visits(actor_of(request), _round(request), user_id=wanted, size=1).rows
    names = [u.display_name for v in found for u in (v.user, v.second) if u is not None and u.pk == wanted]
    return [in_words(_("走访人"), name) for name in names]


def _path(path: str) -> str:
    return area_names(today()).name(path)


POOL = [
    Col(gettext_lazy("编号"), 20, lambda r: r["case"].number),
    Col(gettext_lazy("案件"), 36, lambda r: r["case"].title),
    Col(gettext_lazy("地点"), 30, lambda r: r["case"].address or r["case"].area_label),
    Col(gettext_lazy("放入理由"), 30, lambda r: r["item"].reason),
    Col(gettext_lazy("涉及的成员单位"), 30, lambda r: "、".join(r["item"].units)),
    Col(gettext_lazy("时限"), 17, lambda r: moment(r["case"].due_at) if r["case"].due_at.year < 9000 else ""),
    Col(gettext_lazy("状态"), 10, lambda r: r["label"]),
]


def _station(request: HttpRequest) -> Station:
    return named(request, "station", cases.station_for)


def _pool(request: HttpRequest, cursor: str, size: int) -> Page[Any]:
    return stations.pool_of(request, _station(request), cursor, size)


ASKED = [
    Col(gettext_lazy("内容"), 40, lambda t: t.title),
    Col(gettext_lazy("居民区"), 18, lambda t: dash(t.unit)),
    Col(gettext_lazy("布置单位"), 22, lambda t: dash(t.sender_unit)),
    Col(gettext_lazy("形式"), 10, lambda t: t.get_what_display()),
    Col(gettext_lazy("清单事项"), 30, lambda t: dash(t.admission) or _("清单以外")),
    Col(gettext_lazy("清单外的理由"), 36, lambda t: "" if t.admission else t.outside_reason),
    Col(gettext_lazy("状态"), 10, lambda t: t.get_state_display()),
]
COUNTS = [
    Col(gettext_lazy("居民区"), 18, lambda s: s.unit),
    Col(gettext_lazy("布置单位"), 22, lambda s: s.sender or _("未注明")),
    Col(gettext_lazy("任务"), 8, lambda s: s.tasks),
    Col(gettext_lazy("表单"), 8, lambda s: s.forms),
    Col(gettext_lazy("清单以外"), 8, lambda s: s.outside),
    Col(gettext_lazy("退回"), 8, lambda s: s.refused),
]


def _counts(request: HttpRequest, cursor: str, _size: int) -> Page[Any]:
    return all_of(admissions.counts_of(request), cursor)


def _month(request: HttpRequest) -> Sequence[str]:
    """Return the month that the page shows, whether it was asked for or not."""
    return [f"{admissions.month_asked(request):%Y-%m}"]


_door = staff_who(admissions.check_reader)


def register() -> None:
    """Enter the lists of this module."""
    told = {
        "state": Told(gettext_lazy("状态"), one_of(board.state_labels)),
        "area": Told(gettext_lazy("区域"), area),
        "path": Told(gettext_lazy("区域"), _path),
        "occasion": Told(gettext_lazy("日期")),
    }
    enter(
        "round_visits", gettext_lazy("走访清单"), VISITS, _visits, told=told, check=_round, prepare=_rows,
        always=_whose, titled=lambda request: _("%(round)s：走访清单") % {"round": _round(request).title},
    )  # fmt: skip
    told = {
        "area": told["area"],
        "who": Told(gettext_lazy("范围"), one_of(lambda: {"all": gettext_lazy("已安排的也列出")})),
    }
    enter(
        "round_assign", gettext_lazy("待安排的走访"), VISITS, _waiting, told=told, check=_led, prepare=_rows,
        titled=lambda request: _("%(round)s：待安排的走访") % {"round": _round(request).title}, place=_place,
    )  # fmt: skip
    enter(
        "pool", gettext_lazy("共享池"), POOL, _pool, told={}, check=_station,
        titled=lambda request: _("%(station)s：共享池") % {"station": _station(request).name},
    )  # fmt: skip
    told = {"unit": Told(gettext_lazy("居民区"), unit), "by": Told(gettext_lazy("布置单位"), unit)}
    enter(
        "asked_rows", gettext_lazy("布置给居民区的任务和表单"), ASKED, admissions.rows_of, told=told,
        door=_door, always=_month,
    )  # fmt: skip
    enter(
        "asked_counts", gettext_lazy("居民区减负"), COUNTS, _counts, told={}, door=_door, always=_month,
        short=True,
    )  # fmt: skip
