"""What every set of subjects shares: who asks, how a subject is measured beside its floor, rows of one sweep."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench import setting
from bench.measuring import Client, backend, count, measure, timed
from bench.words import CATEGORIES, address, wording
from bench.wsgi import application
from linli.engines.cases.models import Case, CaseEvent
from linli.foundation.accounts.sessions import SessionStore
from linli.foundation.accounts.types import USER_KEY
from linli.foundation.core import namespaces
from linli.foundation.deadlines.models import Clock
from linli.foundation.deadlines.services import sweep

_FLOORS = {
    "two inserts": ("/bench/floor/write/", {"text": "楼道里堆了纸箱和旧家具，请派人处理。"}),
    "fifty rows": ("/bench/floor/list/", None),
    "one row": ("/bench/floor/one/", None),
}
# By their length in characters, one to eight.
SEARCHED = ("桩", "电梯", "共享单", "消防通道", "小广告贴了", "有人在通道堆", "电动车拉线到六", "有人在通道堆放建")


def session(user: Any) -> str:
    """Return the key of a new session of somebody."""
    store = SessionStore()
    store[USER_KEY] = user.pk
    store.create()
    return str(store.session_key)


def _long_history(case: Case, length: int) -> None:
    """Give a case ``length`` events."""
    last = CaseEvent.objects.filter(case=case).order_by("-seq")[0]
    if last.seq >= length:
        return
    fields = {k: getattr(last, k) for k in ("verb", "at", "by_label", "from_state", "to_state")}
    CaseEvent.objects.bulk_create(
        CaseEvent(case=case, seq=i, text="已到现场查看，情况同前。", **fields) for i in range(last.seq + 1, length + 1)
    )
    Case.objects.filter(pk=case.pk).update(version=length)


class Subjects:
    """A set of subjects: its parts are methods that add to ``rows``."""

    def __init__(self, world: Any, rounds: int) -> None:
        """Open sessions for a dispatcher, a handler and a secretary; ``guest`` has none."""
        self.world, self.rounds, self.luck = world, rounds, random.Random(3)
        self.rows: list[dict[str, Any]] = []
        self.guest = Client(application)
        self.centre = Client(application, session(world.users["paidan"]))
        self.unit = Client(application, session(world.users["wuye"]))
        self.secretary = Client(application, session(world.users["shuji"]))

    def measured(self, name: str, act: Callable[[], Any], floor: str) -> None:
        """Measure ``act`` beside one of the floors."""
        path, form = _FLOORS[floor]
        found = measure(name, act, floor=lambda: self.guest.ask(path, form), floor_name=floor, rounds=self.rounds)
        self.rows.append(found.row())

    def get(self, name: str, path: str, client: Client, floor: str = "fifty rows", **environment: str) -> None:
        """Measure a page."""
        answer = client.ask(path, **environment)
        if answer.status != 200:
            message = f"{name}: {path} answers {answer.status}"
            raise RuntimeError(message)
        self.measured(name, lambda: client.ask(path, **environment), floor)

    def post(self, client: Client, path: str, form: dict[str, str], status: int, **environment: str) -> None:
        """Send a form that must be answered with ``status``."""
        answer = client.ask(path, form, **environment)
        if answer.status != status:
            message = f"{path} answers {answer.status} instead of {status}"
            raise RuntimeError(message)

    def problem(self) -> dict[str, str]:
        """Return what somebody might report, and where."""
        luck = self.luck
        return {
            "text": wording(luck),
            "category": luck.choice(CATEGORIES[:6]),
            "address": address(luck),
            "phone": f"138{luck.randint(0, 99_999_999):08d}",
            "name": "测试",
            "lat": f"{31.2215 + luck.uniform(-0.004, 0.004):.6f}",
            "lon": f"{121.4195 + luck.uniform(-0.004, 0.004):.6f}",
        }

    def visitor(self) -> dict[str, str]:
        """Return the network address of another visitor, since one alone soon reports too often."""
        return {
            "REMOTE_ADDR": f"10.{self.luck.randint(0, 255)}.{self.luck.randint(0, 255)}.{self.luck.randint(1, 254)}"
        }

    def two_cases(self) -> tuple[Case, Case]:
        """Return a case with 500 events and one with few."""
        newest = list(Case.objects.filter(state="handling").order_by("-pk")[:2])
        _long_history(newest[0], 500)
        return newest[0], newest[1]

    def some_number(self) -> str:
        """Return the number of a case reported not long ago."""
        return str(Case.objects.order_by("-reported_at").values_list("number", flat=True)[40])

    def sweep(self, marks: int = 1000) -> None:
        """Measure a sweep over ``marks`` due marks, once."""
        at = setting.NOW - timedelta(minutes=1)
        running = Clock.objects.filter(ended_at=None, paused_at=None).order_by("-pk")
        ids = list(running.values_list("pk", flat=True)[:marks])
        Clock.objects.filter(pk__in=ids).update(next_mark_at=at, told=0, marks=[[80, at.isoformat(), True]])
        told: list[int] = []
        spent: list[tuple[float, float, float]] = []
        where = backend()

        def act() -> None:
            with namespaces.use("main"):
                told.append(sweep(now=setting.NOW))

        statements = count(lambda: spent.append(timed(act, where)))
        cpu, wall, database = (v * 1000 for v in spent[0])
        row = {"name": f"sweep of {told[0]} due marks", "floor": "", "n": 1, "statements": statements}
        row |= {"cpu": cpu, "wall": wall, "p95": wall, "database": database}
        self.rows.append({**row, "floor_cpu": 0, "floor_wall": 0, "ratio": 0, "ratio_all": 0})
