"""Cases in given states and a logged-in client, for the tests of the desk's other pages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.test import Client

from linli.engines.cases import services
from linli.engines.cases.models import Case
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.foundation.core.actors import GUEST
from linli.foundation.core.coordinates import Point
from tests.login import log_in

HERE = Point(31.2215, 121.4195)


def enter(world: Any, username: str) -> Client:
    """Return a client logged in as ``username``."""
    client = Client()
    log_in(client, world.users[username])
    return client


def make_case(
    world: Any,
    *,
    category: str = "garbage",
    text: str = "垃圾堆了三天没人清",
    phone: str = "13812345678",
    **fields: Any,
) -> Case:
    """Report a case as a guest; return its row."""
    contact = Contact(name="王阿姨", phone=phone, way=FeedbackWay.PHONE) if phone else Contact()
    given = {"address": "长宁路 488 弄 12 号", "area_id": world.areas["陶家宅"].pk, "contact": contact, **fields}
    receipt = services.report(by=GUEST, now=world.now, report=Report(text=text, category=category, **given))
    return fresh(receipt.number)


def fresh(number: str) -> Case:
    """Return the case as it stands."""
    return Case.objects.select_related("category", "category_version", "unit", "area").get(number=number)


def handled(world: Any, case: Case, unit: str = "property", by: str = "wuye") -> Case:
    """Accept, dispatch and sign a case."""
    services.accept(by=world.actor("paidan"), now=world.now, case=case)
    services.dispatch(by=world.actor("paidan"), now=world.now, case=case, unit_id=world.units[unit].pk)
    services.sign(by=world.actor(by), now=world.now, case=case)
    return fresh(case.number)


def typed(**fields: Any) -> dict[str, Any]:
    """Return the fields of the form for a telephone call."""
    return {
        "uuid": str(uuid4()),
        "text": "楼道里堆满了杂物，走不过去",
        "source": "phone",
        "name": "王阿姨",
        "phone": "13812345678",
        "way": "",
        "address": "长宁路 488 弄 12 号",
        "act": "report",
        **fields,
    }
