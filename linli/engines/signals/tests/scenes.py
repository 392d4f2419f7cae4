"""A device of the ledger and the program that sends for it."""

from datetime import timedelta

from linli.engines.signals import services
from linli.engines.signals.types import DeviceData, Signal
from linli.foundation.accounts import services as accounts
from linli.foundation.people import selectors as people


def program(world, name="视频平台"):
    return accounts.create_program(by=world.actor("xitong"), now=world.now, name=name)


def actor_of(user, now):
    return people.actor_for(user, now)


def data(world, **more):
    base = {
        "number": "CAM-001", "kind": "camera", "place": "安西路 23 弄口", "purpose": "发现占道和堆物",
        "unit_id": world.units["enforcement"].pk, "retention_days": 30, "area_id": world.areas["陶家宅"].pk,
        "notice_on": world.now.date(),
    }  # fmt: skip
    return DeviceData(**(base | more))


def device(world, sender=None, **more):
    if sender is not None:
        more["program_id"] = sender.pk
    return services.add_device(by=world.actor("zhiban"), now=world.now, data=data(world, **more))


def signal(world, n=1, minutes=0, kind="stall", **more):
    return Signal(id=f"e-{n}", kind=kind, at=world.now + timedelta(minutes=minutes), **more)
