"""The demonstration's devices: cameras that say what lies about, sensors, a counter; all invented, none sees persons.

One program sends for some of them: drafts wait for a person, some were judged, one device fell silent. Others stand in
the ledger alone, as they do before their vendor connects.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from linli.engines.signals import selectors, services
from linli.engines.signals.types import DeviceData, Signal
from linli.foundation.accounts import services as accounts
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.coordinates import Point
from linli.foundation.people import selectors as people
from linli.interfaces.cli.demo.venues import _spot

if TYPE_CHECKING:
    from linli.interfaces.cli.demo.simulation import Simulation

PROGRAM = "感知平台（演示）"
# Number, kind, 居民区, where there, what for, whose, days kept, whether the program sends, whether a sign hangs.
DEVICES = (
    ("HY-CAM-01", "camera", "陶家宅", "小区门口", "发现占道经营和堆物", "enforcement", 30, True, True),
    ("HY-CAM-02", "camera", "飞乐", "沿街路口", "发现非机动车乱停", "bikes", 30, True, True),
    ("HY-CAM-03", "camera", "西一", "消防通道", "发现消防通道占用", "safety", 30, True, True),
    ("HY-CAM-04", "camera", "华三", "高层南侧", "发现高空抛物", "property", 15, True, False),
    ("HY-BIN-01", "bin", "陶家宅", "生活垃圾投放点", "垃圾满溢及时清运", "property", 90, True, True),
    ("HY-BIN-02", "bin", "潘中", "生活垃圾投放点", "垃圾满溢及时清运", "property", 90, False, True),
    ("HY-WAT-01", "water", "华五", "地下车库入口", "汛期积水预警", "management", 90, True, True),
    ("HY-WAT-02", "water", "长支二", "下立交", "汛期积水预警", "management", 90, False, True),
    ("HY-COV-01", "cover", "苏一", "人行道井盖", "井盖移位报警", "management", 90, True, True),
    ("HY-SMK-01", "smoke", "姚家角", "老房公共灶间", "烟雾报警", "safety", 90, True, True),
    ("HY-CNT-01", "counter", "建宁", "滨河步道入口", "客流过密时疏导", "centre", 90, True, True),
    ("HY-NOI-01", "noise", "天诚", "广场舞场地", "夜间噪声超标提醒", "enforcement", 30, False, False),
)
# Device, kind, minutes before the present at which it was seen, value, its unit.
SEEN = (
    ("HY-CAM-01", "stall", (50, 42, 31), None, ""),
    ("HY-CAM-02", "bikes", (95, 88), None, ""),
    ("HY-CAM-03", "corridor", (35,), None, ""),
    ("HY-BIN-01", "garbage", (85, 62, 40), 96.0, "%"),
    ("HY-WAT-01", "water", (55,), 12.5, "cm"),
    ("HY-CNT-01", "crowd", (20,), 640.0, ""),
    ("HY-SMK-01", "smoke", (400,), None, ""),
)
TURNED_DOWN = {"smoke": "到场查看为炒菜油烟，已开窗", "bikes": "已由街面服务人员整理"}
ACCEPTED, SILENT, COUNTER = "garbage", "HY-COV-01", "HY-CNT-01"


def load_signals(sim: Simulation, homes: Mapping[str, Any]) -> None:
    """Enter the ledger, what was seen in the last hours, and what became of it; ``homes`` are the 居民区 by name."""
    now = sim.end
    sender = accounts.create_program(by=SYSTEM, now=now - timedelta(days=60), name=PROGRAM, is_demo=True)
    by = people.actor_for(sender, now)
    for n, (number, kind, home, where, purpose, unit, days, sends, signed) in enumerate(DEVICES):
        lat, lon, address = _spot(home, 9 + n)
        entered = now - timedelta(days=60 - n)
        services.add_device(
            by=SYSTEM, now=entered,
            data=DeviceData(
                number=number, kind=kind, place=f"{address}{where}", purpose=purpose, unit_id=sim.units[unit].pk,
                retention_days=days, program_id=sender.pk if sends else None, area_id=homes[home].pk,
                point=Point(lat, lon), notice_on=people.local_day(entered) if signed else None,
            ),
        )  # fmt: skip
    _seen(by, now)
    for number, *_rest, sends, _signed in DEVICES:
        if sends:
            heard = now - (timedelta(hours=7) if number == SILENT else timedelta(minutes=2))
            services.hear(by=by, now=heard, device=number)
    _judged(sim, now)
    services.look(now=now)


def _seen(by: Any, now: datetime) -> None:
    events = [(m, d, k, v, u) for d, k, minutes, v, u in SEEN for m in minutes]
    for minutes, device, kind, value, unit in sorted(events, reverse=True):
        at = now - timedelta(minutes=minutes)
        signal = Signal(id=f"demo-{minutes}", kind=kind, at=at, value=value, unit=unit)
        services.take(by=by, now=at, device=device, signal=signal)

    hour = now.replace(minute=0, second=0, microsecond=0)
    for ago in range(24, 0, -1):
        begun, counted = hour - timedelta(hours=ago), 40 + (ago * 97) % 380
        services.put_flow(by=by, now=begun + timedelta(hours=1), device=COUNTER, hour=begun, count=counted)


def _judged(sim: Simulation, now: datetime) -> None:
    """Turn some down with the reason, make a case of one; the others wait."""
    judge = sim.actor("paidan")
    for draft in selectors.waiting(judge)[0]:
        if reason := TURNED_DOWN.get(draft.kind):
            services.reject(by=judge, now=now, draft=draft, reason=reason)
        elif draft.kind == ACCEPTED:
            services.accept(by=judge, now=now, draft=draft)
