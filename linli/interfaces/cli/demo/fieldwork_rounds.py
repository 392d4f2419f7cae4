"""Rounds of the demonstration: one under way with findings, one to be reviewed, one closed, one being planned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from linli.engines.fieldwork import selectors, services
from linli.engines.fieldwork.types import Choice, Given, How, Packet, RoundData, TargetData, TargetFilter
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.core.ids import uuid7
from linli.foundation.files import services as files
from linli.foundation.forms import services as forms
from linli.foundation.forms.types import Choice as Option
from linli.foundation.forms.types import Group, Question, QuestionType, Score, Settings, WholeForm
from linli.foundation.people import selectors as people
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.interfaces.cli.demo.venues import _spot

if TYPE_CHECKING:
    from linli.engines.fieldwork.models import Round, Visit

DAY = timedelta(days=1)
FORM = "demo.frontage"
Q = QuestionType
_SHOPS = ("面馆", "水果店", "理发店", "便利店", "五金店", "点心铺", "花店", "洗衣店")


def _zh(text: str) -> dict[str, str]:
    return {"zh-hans": text}


def _item(code: str, label: str, category: str) -> Group:
    """Return one item: right or wrong, mended on the spot with pictures, in words."""
    extra = {
        "category": category, "text": label, "note": f"{code}_note", "mended": f"{code}_mended",
        "before": f"{code}_before", "after": f"{code}_after",
    }  # fmt: skip
    return Group(
        f"g_{code}",
        (
            Question(code, Q.CHOICE, _zh(label), list="state", required=True, score=Score("10", spared=("none",)),
                     extra=extra),
            Question(f"{code}_note", Q.TEXT, _zh("说明")),
            Question(f"{code}_mended", Q.YES_NO, _zh("当场整改")),
            Question(f"{code}_before", Q.PHOTO, _zh("整改前")),
            Question(f"{code}_after", Q.PHOTO, _zh("整改后")),
        ),
        _zh(label),
    )  # fmt: skip


def _form() -> WholeForm:
    states = (
        Option("good", _zh("合格"), mark="1"),
        Option("bad", _zh("不合格"), mark="0"),
        Option("none", _zh("不适用")),
    )
    items = (
        _item("goods", "跨门经营", "cross_door"),
        _item("wires", "飞线充电", "flying_wires"),
        _item("waste", "门前垃圾", "garbage"),
    )
    memo = Question("memo", Q.LONG_TEXT, _zh("备注"))
    return WholeForm(Settings("沿街门店检查", FORM), (*items, memo), {"state": states})


class _Street:
    """Who acts when."""

    def __init__(self, users: Mapping[str, Any], units: Mapping[str, Any], end: datetime) -> None:
        self.users, self.units, self.end = users, units, end

    def by(self, name: str, now: datetime) -> Actor:
        return people.actor_for(self.users[name], now)

    def photo(self, name: str, now: datetime, seed: int, look: str) -> UUID:
        content = draw_picture(seed, look)
        return files.store(by=self.by(name, now), now=now, content=content, name="x.jpg", purpose="fieldwork").uuid


def load_rounds(users: Mapping[str, Any], units: Mapping[str, Any], areas: Mapping[str, Any], end: datetime) -> None:
    """Enter rounds as a street has them, some weeks into their lives; every act goes through the services."""
    street = _Street(users, units, end)
    begin = end - 20 * DAY
    services.load_shipped(by=SYSTEM, now=begin)
    forms.save_whole_form(by=SYSTEM, now=begin, code=FORM, form=_form())
    _shops(areas, begin)
    _closed(street)
    _under_way(street)
    _planned(street)


def _shops(areas: Mapping[str, Any], now: datetime) -> None:
    """Enter some shops where the ledger has none yet."""
    if selectors.page(SYSTEM, TargetFilter(("shop",)), size=1).rows:
        return
    for place, (home, area) in enumerate(sorted(areas.items())):
        for n in range(2):
            lat, lon, address = _spot(home, n)
            name = f"{home}{_SHOPS[(2 * place + n) % len(_SHOPS)]}"
            data = TargetData("shop", name, address=address, lat=lat, lon=lon, area_id=area.pk)
            services.add_target(by=SYSTEM, now=now, data=data, double_ok=True)


def _open(street: _Street, title: str, days_ago: int, days: int, **more: Any) -> tuple[Round, list[Visit]]:
    now = street.end - days_ago * DAY
    by = street.by("zhongdui", now)
    data = RoundData(
        **{
            "title": title, "form": FORM, "unit_id": street.units["enforcement"].pk, "starts_on": now.date(),
            "ends_on": now.date() + days * DAY, "choice": Choice(filter=TargetFilter(("shop",))), **more,
        }
    )  # fmt: skip
    planned = services.plan_round(by=by, now=now, data=data)
    round_ = services.open_round(by=by, now=now, uuid=planned.uuid, expected=planned.version)
    visits = selectors.visits(by, round_, size=60).rows
    half = [v for n, v in enumerate(visits) if n % 2 == 0]
    users = street.users
    given = [Given(v.uuid, v.version, users["chengguan"].pk, planned_on=now.date() + (n % 5) * DAY, place=n % 8 + 1)
             for n, v in enumerate(half)]  # fmt: skip
    given += [Given(v.uuid, v.version, users["chengguan2"].pk) for v in visits if v not in half]
    services.assign(by=by, now=now, given=given)
    return round_, [*half, *(v for v in visits if v not in half)]


def _send(
    street: _Street, visit: Visit, now: datetime, n: int, who: str, *, bad: str = "", mended: bool = False
) -> UUID:
    answers: dict[str, Any] = {
        f"g_{code}": {code: "bad" if code == bad else "good"} for code in ("goods", "wires", "waste")
    }
    names: dict[str, list[UUID]] = {}
    if bad:
        group = answers[f"g_{bad}"]
        group |= {f"{bad}_note": "占用人行道约两米", f"{bad}_mended": mended}
        names[f"g_{bad}/{bad}_before"] = [street.photo(who, now, n + 1, "before")]
        if mended:
            names[f"g_{bad}/{bad}_after"] = [street.photo(who, now, n + 1, "after")]
    packet = Packet(uuid7(), FORM, 1, answers, now, visit=visit.uuid, files=names)
    return services.submit(by=street.by(who, now), now=now, packet=packet).uuid


def _closed(street: _Street) -> None:
    """A sample that was drawn, checked whole and closed with feedback and result."""
    choice = Choice(How.DRAW, TargetFilter(("shop",)), seed="督查-第一期", wanted=6)
    round_, visits = _open(street, "沿街门店随机督查（第一期）", 18, 7, choice=choice, programme="supervision")
    for n, visit in enumerate(visits):
        bad = "waste" if n == 1 else ""
        who = "chengguan" if n < (len(visits) + 1) // 2 else "chengguan2"
        _send(street, visit, street.end - (16 - n) * DAY, n, who, bad=bad, mended=bool(bad))
    now = street.end - 9 * DAY
    current = selectors.round_for(SYSTEM, round_.uuid)
    services.close_round(
        by=street.by("zhongdui", now), now=now, uuid=round_.uuid, expected=current.version,
        feedback="抽查 6 家，1 家门前垃圾未及时清理，已当面告知并向责任单位反馈。",
        result="问题当场整改完毕，下月列入复查。",
    )  # fmt: skip


def _under_way(street: _Street) -> None:
    """A whole check of all shops, half done, reviewed as it goes, with doors that stayed shut."""
    joining = (street.units["housing"].pk,)
    _round, visits = _open(street, "沿街门店秩序联合检查", 8, 14, programme="civility", review=True, joining=joining)
    half = (len(visits) + 1) // 2
    for n, visit in enumerate(visits[: half - 4]):
        now = street.end - (7 - n % 6) * DAY + n * timedelta(minutes=3)
        bad = ("goods", "", "wires", "", "")[n % 5]
        uuid = _send(street, visit, now, n + 20, "chengguan", bad=bad, mended=bad == "goods")
        if n < half - 9:
            row = selectors.submission_for(SYSTEM, uuid)
            services.accept(by=street.by("zhongdui", now), now=now + timedelta(hours=2), submission=row)
            if n == 0:
                present = {street.units["enforcement"].pk: 6, street.units["housing"].pk: 2}
                services.note_present(by=SYSTEM, now=now, submission=row, present=present)
    for visit in visits[half : half + 3]:
        now = street.end - 2 * DAY
        services.attempt(by=street.by("chengguan2", now), now=now, uuid=visit.uuid, outcome="nobody", note="卷帘门关着")


def _planned(street: _Street) -> None:
    """A check every week on Friday and Saturday evenings, not opened yet."""
    now = street.end - DAY
    data = RoundData(
        title="周末夜间占道巡查", form=FORM, unit_id=street.units["enforcement"].pk, starts_on=street.end.date(),
        ends_on=street.end.date() + 60 * DAY, choice=Choice(filter=TargetFilter(("shop",))), programme="streets",
        rhythm={"unit": "weeks", "every": 1, "windows": [[5, 1080, 1320], [6, 1080, 1320]]},
    )  # fmt: skip
    services.plan_round(by=street.by("zhongdui", now), now=now, data=data)
