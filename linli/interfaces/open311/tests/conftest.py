from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from linli.engines.cases import services
from linli.engines.cases.models import Case
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.foundation.accounts import services as accounts
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST
from linli.foundation.core.coordinates import Point

HERE = (31.2215, 121.4195)


@dataclass
class Town:
    """The world with cases that residents see, and a program with its key."""

    world: Any
    program: Any
    key: str
    prefix: str

    @property
    def now(self):
        return self.world.now

    def report(self, category="garbage", *, days=2.0, text="垃圾堆了三天没人清", by=GUEST, **fields):
        at = self.now - timedelta(days=days)
        fields.setdefault("address", "长宁路 488 弄 12 号 302 室")
        contact = Contact(name="王秀英", phone="13812345678", way=FeedbackWay.PHONE)
        report = Report(text=text, category=category, point=Point(*HERE), contact=contact, **fields)
        return Case.objects.get(pk=services.report(by=by, now=at, report=report).case_id)


def key_of(world, name="区平台", scopes=("open311",)):
    """Return a new program, its token's secret, and the token."""
    by = world.actor("xitong")
    program = accounts.create_program(by=by, now=world.now, name=name)
    token, secret = accounts.create_token(by=by, now=world.now, user=program, name=name, scopes=scopes, days=30)
    return program, secret, token


def settle(world):
    """Return the town with six cases of the same place in public."""
    program, secret, token = key_of(world)
    made = Town(world, program, secret, token.prefix)
    for n in range(6):
        made.report(days=2 + n)
    return made


@pytest.fixture
def town(world):
    with clock.frozen(world.now):
        yield settle(world)
