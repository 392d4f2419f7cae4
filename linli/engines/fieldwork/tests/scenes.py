"""A ledger and a form to visit it by, made through the services."""

from datetime import timedelta

from linli.engines.fieldwork import services
from linli.engines.fieldwork.models import Target, Visit
from linli.engines.fieldwork.types import Choice, Packet, RoundData, TargetData, TargetFilter
from linli.foundation.core.actors import SYSTEM
from linli.foundation.core.ids import uuid7
from linli.foundation.forms import services as forms

FORM = "walk"


def enter_form(now):
    asked = {"questions": [{"code": "fine", "type": "yes_no", "label": {"zh-hans": "是否正常"}}]}
    return forms.save_form(by=SYSTEM, now=now, code=FORM, title="走访表", questions=asked)


def home_of(town, username="shegong"):
    """Return the 居民区 in which somebody works."""
    path = next(g.area_path for g in town.actor(username).grants if g.area_path)
    return next(a for a in town.areas.values() if path.startswith(a.path))


def enter_shops(town, count, *, kind="shop", area=None, **more):
    """Enter so many targets of a kind in the 居民区 of 社工甲."""
    area = area or home_of(town)
    rows = [
        services.add_target(
            by=SYSTEM, now=town.now, double_ok=True,
            data=TargetData(kind, f"店{n}", address=f"长宁路{n}号", area_id=area.pk, **more),
        )
        for n in range(1, count + 1)
    ]  # fmt: skip
    return [Target.objects.get(pk=t.pk) for t in rows]


def plan(town, *, by="zhiban", choice=None, days=10, **more):
    """Plan a round of all shops."""
    today = town.now.date()
    data = RoundData(
        **{
            "title": "沿街商户走访", "form": FORM, "unit_id": town.units["centre"].pk, "starts_on": today,
            "ends_on": today + timedelta(days=days),
            "choice": choice or Choice(filter=TargetFilter(("shop",))),
            **more,
        }
    )  # fmt: skip
    return services.plan_round(by=town.actor(by), now=town.now, data=data)


def opened(town, **more):
    """Plan a round and open it."""
    planned = plan(town, **more)
    return services.open_round(by=town.actor("zhiban"), now=town.now, uuid=planned.uuid, expected=planned.version)


def visits_of(round_):
    return list(Visit.objects.filter(round=round_).order_by("occasion", "target__sort_key", "pk"))


def sent_in(by, now, visit):
    """Send the filled form of a visit in."""
    packet = Packet(uuid=uuid7(), form=FORM, version=1, answers={"fine": True}, made_at=now, visit=visit.uuid)
    return services.submit(by=by, now=now, packet=packet)
