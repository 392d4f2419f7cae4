"""Some hundred real cases, made through the services: what the bulk copies are taken from."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from bench.setting import NOW
from bench.words import CATEGORIES, address, wording
from linli.engines.cases import services
from linli.engines.cases.permissions import get_case_for
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.engines.cases.workflow import Outcome
from linli.foundation.core.actors import GUEST
from linli.foundation.core.coordinates import Point
from linli.foundation.core.errors import DomainError


def middle(area: Any) -> Point | None:
    """Return a point about the middle of an area's border."""
    shape = area.geometry
    if not shape:
        return None
    ring = shape["coordinates"][0] if shape["type"] == "Polygon" else shape["coordinates"][0][0]
    return Point(sum(p[1] for p in ring) / len(ring), sum(p[0] for p in ring) / len(ring))


def a_report(world: Any, luck: random.Random, **more: Any) -> Report:
    """Return a problem somewhere in the subdistrict."""
    area = luck.choice(list(world.areas.values()))
    contact = (
        Contact(name="测试", phone=f"1380000{luck.randint(0, 9999):04d}", way=FeedbackWay.PHONE)
        if luck.random() < 0.5
        else Contact()
    )
    fields = {"category": luck.choice(CATEGORIES), "text": wording(luck), "address": address(luck), "area_id": area.pk}
    return Report(**{**fields, "point": middle(area), "contact": contact, **more})


def _steps(world: Any, cast: dict[str, Any], case: Any, at: datetime, stop: int) -> None:
    """Take a case ``stop`` steps on its way."""
    centre, handler, unit = cast["paidan"], cast["wuye"], world.units["property"].pk
    steps = [
        lambda t: services.accept(by=centre, now=t, case=case, verify=False),
        lambda t: services.dispatch(by=centre, now=t, case=case, unit_id=unit),
        lambda t: services.sign(by=handler, now=t, case=case),
        lambda t: services.note(by=handler, now=t, case=case, text="已到现场查看。"),
        lambda t: services.hand_in(by=handler, now=t, case=case, text="已答复并说明情况。", outcome=Outcome.EXPLAINED),
        lambda t: services.check(by=cast["jiandu"], now=t, case=case, passed=True),
        lambda t: services.reply(by=centre, now=t, case=case, way="phone", text="已处理，谢谢您。"),
        lambda t: services.close(by=centre, now=t, case=case),
    ]
    for hours, step in zip((1, 2, 3, 5, 7, 25, 26, 27), steps[:stop], strict=False):
        step(at + timedelta(hours=hours))


def make(world: Any, count: int) -> int:
    """Make about ``count`` cases in all stages through the services; return how many came to be."""
    luck = random.Random(1)
    cast = {name: world.actor(name) for name in ("paidan", "wuye", "jiandu")}
    made = 0
    for i in range(count):
        at = NOW - timedelta(days=3, minutes=i)
        receipt = services.report(by=GUEST, now=at, report=a_report(world, luck))
        case = get_case_for(cast["paidan"], receipt.number)
        with suppress(DomainError):  # a category that asks for more than this generator gives stays where it is
            _steps(world, cast, case, at, 8 if i % 2 else i // 2 % 8)
        made += 1
    return made
