from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from linli.engines.cases import services
from linli.engines.cases.models import Case
from linli.engines.cases.types import Contact, FeedbackWay, Report
from linli.engines.cases.workflow import Outcome
from linli.foundation.core import clock
from linli.foundation.core.actors import GUEST
from linli.interfaces.desk import directory
from tests.world import MORNING


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    directory.forget()
    yield
    directory.forget()


@pytest.fixture
def at(world: Any) -> Any:
    with clock.frozen(world.now):
        yield world


@pytest.fixture
def reported(world: Any) -> Callable[..., Case]:
    """Return a function that reports a problem and brings it to a state."""

    def make(state: str = "reported", **fields: Any) -> Case:
        fields = {
            "text": "垃圾堆了三天没人清",
            "address": "长宁路 488 弄 12 号",
            "area_id": world.areas["陶家宅"].pk,
            **fields,
        }
        contact = fields.pop("contact", Contact(name="王阿姨", phone="13812345678", way=FeedbackWay.PHONE))
        now = fields.pop("now", world.now)
        receipt = services.report(by=GUEST, now=now, report=Report(category="garbage", contact=contact, **fields))
        case = Case.objects.select_related("category", "category_version", "unit").get(pk=receipt.case_id)
        bring(world, case, state, now)
        return Case.objects.get(pk=case.pk)

    return make


_PATH = ["reported", "to_dispatch", "to_sign", "handling", "to_check", "to_reply", "closed"]


def bring(world: Any, case: Case, state: str, now: Any) -> None:
    by = {n: world.actor(n) for n in ("paidan", "chengguan", "jiandu")}
    steps = [
        lambda: services.accept(by=by["paidan"], now=now, case=case),
        lambda: services.dispatch(by=by["paidan"], now=now, case=case, unit_id=world.units["enforcement"].pk),
        lambda: services.sign(by=by["chengguan"], now=now, case=case),
        lambda: services.hand_in(by=by["chengguan"], now=now, case=case, text="已处理", outcome=Outcome.EXPLAINED),
        lambda: services.check(by=by["jiandu"], now=now, case=case, passed=True),
        lambda: (
            services.reply(by=by["paidan"], now=now, case=case, way="phone", text="已办好"),
            services.close(by=by["paidan"], now=now, case=case),
        ),
    ]
    for step in steps[: _PATH.index(state)]:
        step()


@pytest.fixture(autouse=True)
def _morning(request):
    if "live_server" in request.fixturenames:  # the server answers in a thread of its own, by the true time
        yield
        return
    with clock.frozen(MORNING):
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_root():
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
