"""The demonstration's shared flats: a building with its flats, three dossiers at differing stages, one on watch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from linli.engines.fieldwork import selectors as fieldwork_selectors
from linli.engines.fieldwork import services as fieldwork
from linli.engines.fieldwork.types import TargetData
from linli.foundation.core.actors import SYSTEM, Actor
from linli.foundation.files import services as files
from linli.foundation.people import selectors as people
from linli.interfaces.cli.demo.pictures import draw_picture
from linli.programmes.housing import services
from linli.programmes.housing.types import ActionData, Opened, Origin, PaperData, PaperKind, PlanData

ROOMS = (
    {"room": "客厅", "use": "living", "area": "24", "persons": 6, "parts": 3},
    {"room": "阳台", "use": "balcony", "persons": 1, "slept_in": True},
)
BASIS = ("上海市住房租赁条例第十五条",)


def load_housing(users: Mapping[str, Any], units: Mapping[str, Any], areas: Mapping[str, Any], now: datetime) -> None:
    """Enter a building with its flats, and flats that wait for officers, for the action, and under watch.

    Args:
        users, units, areas: the demonstration's, by login, key and 居民区.
        now: the present.
    """
    fieldwork.load_shipped(now=now)
    who = {name: people.actor_for(users[name], now) for name in ("shuji", "chengguan")}
    path = next(g.area_path for g in who["shuji"].grants if g.area_path)
    home = next(a for a in areas.values() if a.path == path)
    facts = {"storeys": 4, "built": 1986, "risk": "b", "property_firm": "阳光物业"}
    data = TargetData("building", "12 号楼", address="长宁路 488 弄 12 号", area_id=home.pk, facts=facts)
    top = fieldwork.add_target(by=SYSTEM, now=now, data=data, double_ok=True)
    fieldwork.make_grid(by=SYSTEM, now=now, building=top.uuid, first=1, last=4, doors=4)
    flats = [flat for floor in fieldwork_selectors.grid_of(SYSTEM, top.uuid) for flat in floor.flats]
    _take(who, users, units, flats[1], now - timedelta(days=1), 0)
    _take(who, users, units, flats[6], now - timedelta(days=6), 2)
    _take(who, users, units, flats[11], now - timedelta(days=30), 4)


def _take(
    who: Mapping[str, Actor], users: Mapping[str, Any], units: Mapping[str, Any], flat: Any, at: datetime, far: int
) -> None:
    officer = who["chengguan"]
    row = services.open_dossier(by=who["shuji"], now=at, data=Opened(flat.uuid, Origin.DESK, note="夜间进出人多"))
    services.check_rooms(by=officer, now=at, uuid=row.uuid, rooms=ROOMS)
    if far < 2:
        return
    services.verify(by=officer, now=at, uuid=row.uuid, entry="consent", second_id=users["chengguan2"].pk)
    day = people.local_day(at)
    parts = (units["enforcement"].pk, units["police"].pk, units["property"].pk)
    plan = PlanData("拆除客厅隔断，清退阳台床位", parts, "先断电断气，物业在场", day + timedelta(days=2), BASIS)
    services.plan(by=officer, now=at, uuid=row.uuid, data=plan)
    for kind, text in (
        (PaperKind.NOTICE, "已当面送达"), (PaperKind.OWNER, "愿意配合整改"), (PaperKind.INVENTORY, "床 4 张，柜 2 个"),
    ):  # fmt: skip
        services.add_paper(by=officer, now=at, uuid=row.uuid, data=PaperData(kind, text))
    if far < 4:
        return
    services.add_paper(by=officer, now=at, uuid=row.uuid, data=PaperData(PaperKind.TENANT, declined=True))
    for seed, kind in enumerate((PaperKind.BEFORE, PaperKind.AFTER)):
        picture = draw_picture(70 + seed, kind.value)
        photo = files.store(by=officer, now=at, content=picture, name=f"{kind.value}.jpg", purpose="housing")
        services.add_paper(by=officer, now=at, uuid=row.uuid, data=PaperData(kind, file_id=photo.pk))
    done = ActionData(day, (("隔离板", 4), ("高低床", 3)), "恢复两室一厅")
    services.act(by=officer, now=at, uuid=row.uuid, data=done)
    services.educate(by=officer, now=at, uuid=row.uuid, on=day, text="向业主和承租人当面讲解住房租赁条例")
    services.watch(by=officer, now=at, uuid=row.uuid, firm_id=units["property"].pk)
