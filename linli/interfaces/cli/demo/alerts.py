"""The demonstration's warnings: rain that was raised and lifted, and one of the season that is in force.

Every time is counted back from the present, so that at whatever hour it is loaded the one is over and the other holds.
Who took note is entered for some; whoever logs in as one of the others is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from linli.engines.alerts import selectors, services
from linli.engines.alerts.types import Message, MessageKind, Reference, Via
from linli.foundation.core.actors import SYSTEM
from linli.foundation.people import selectors as people

if TYPE_CHECKING:
    from linli.interfaces.cli.demo.simulation import Simulation

SENDER, ISSUER = "warning@example.cn", "区气象台"
CITY = replace(SYSTEM, label="城市平台（演示）")


@dataclass(frozen=True, slots=True)
class Said:
    """What a message of the demonstration says.

    Attributes:
        ago: hours before the present at which it was sent.
        holds: for how many hours from then.
        noted: who took note of it, with after how many minutes.
    """

    name: str
    kind: MessageKind
    ago: float
    hazard: str = ""
    colour: str = ""
    headline: str = ""
    text: str = ""
    instruction: str = ""
    holds: int = 12
    noted: tuple[tuple[str, int], ...] = ()


RAIN = (
    Said("rain-1", MessageKind.ALERT, 54, "rain", "blue", "暴雨蓝色预警",
         "预计未来 12 小时内本区大部分地区累积降雨量将达 50 毫米以上。",
         "检查下立交、地下车库和低洼小区的排水口，防汛物资到位。",
         noted=(("zhiban", 4), ("paidan", 6), ("wanggezhang", 35))),
    Said("rain-2", MessageKind.UPDATE, 51, "rain", "yellow", "暴雨黄色预警",
         "雨势增强，预计未来 6 小时内累积降雨量将达 50 毫米以上，并伴有短时强降水。",
         "防汛值守人员到岗，暂停低洼地段施工，积水点设置警示并派人看守。", 6,
         (("zhiban", 3), ("paidan", 5), ("shuji", 12), ("wanggezhang", 14), ("chengguan", 22))),
    Said("rain-3", MessageKind.CANCEL, 47, text="降雨云团已移出本区，暴雨黄色预警解除。"),
)  # fmt: skip
_NOTED = (("paidan2", 5), ("shuji", 11), ("shegong", 26), ("wanggezhang", 31), ("chengguan", 48))
# What a month is warned of: a demonstration that warns of heat in January would not be believed.
HEAT = Said("season-1", MessageKind.ALERT, 3, "heat", "yellow", "高温黄色预警",
            "预计未来三天本区日最高气温将在 35℃ 以上。",
            "关心独居老人和户外作业人员，社区驿站延长开放并备好饮水和防暑药品。", 57, _NOTED)  # fmt: skip
COLD = Said("season-1", MessageKind.ALERT, 3, "cold", "blue", "寒潮蓝色预警",
            "受强冷空气影响，预计未来 48 小时内本区最低气温将下降 8℃ 以上，并伴有 6 至 7 级阵风。",
            "关心独居老人用火用电用气，检查外露水管保温，加固户外广告和临时搭建物。", 45, _NOTED)  # fmt: skip
WIND = Said("season-1", MessageKind.ALERT, 3, "wind", "yellow", "大风黄色预警",
            "预计未来 24 小时内本区将出现 8 级以上阵风。",
            "加固户外广告、脚手架和临时搭建物，提醒居民收回阳台花盆。", 21, _NOTED)  # fmt: skip
_BY_MONTH = {**dict.fromkeys((6, 7, 8, 9), HEAT), **dict.fromkeys((11, 12, 1, 2, 3), COLD)}


def in_season(now: datetime) -> Said:
    """Return what is warned of at this time of the year."""
    return _BY_MONTH.get(people.local_day(now).month, WIND)


def load_alerts(sim: Simulation) -> None:
    """Send the messages of the last days, each at its time, and let some people take note."""
    for chain in (RAIN, (in_season(sim.end),)):
        sent: list[Reference] = []
        for said in chain:
            _send(sim, said, tuple(sent))
            sent.append(Reference(SENDER, said.name))


def _send(sim: Simulation, said: Said, follows: tuple[Reference, ...]) -> None:
    at = sim.end - timedelta(hours=said.ago)
    words: dict[str, Any] = {}
    if said.kind != MessageKind.CANCEL:
        words = {
            "hazard": said.hazard, "colour": said.colour, "headline": said.headline, "instruction": said.instruction,
            "issuer": ISSUER, "begins_at": at, "ends_at": at + timedelta(hours=said.holds),
        }  # fmt: skip
    message = Message(
        sender=SENDER, identifier=said.name, sent_at=at, kind=said.kind, text=said.text, references=follows,
        via=Via.CAP, **words,
    )  # fmt: skip
    came = at + timedelta(minutes=1)
    taken = services.take(by=CITY, now=came, message=message)
    if taken.alert is not None:
        _noted(sim, said, taken.alert, came)


def _noted(sim: Simulation, said: Said, uuid: UUID, came: datetime) -> None:
    for who, minutes in said.noted:
        at = came + timedelta(minutes=minutes)
        by = people.actor_for(sim.users[who], at)
        services.acknowledge(by=by, now=at, alert=selectors.alert_for(by, uuid))
