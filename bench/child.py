"""One database, one size: fills it, measures everything, writes JSON."""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench import setting


def _log(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def _session(user: Any) -> str:
    from linli.foundation.accounts.sessions import SessionStore  # noqa: PLC0415
    from linli.foundation.accounts.types import USER_KEY  # noqa: PLC0415

    store = SessionStore()
    store[USER_KEY] = user.pk
    store.create()
    return str(store.session_key)


def _long_history(case: Any, length: int) -> None:
    """Give a case ``length`` events."""
    from linli.engines.cases.models import CaseEvent  # noqa: PLC0415

    last = CaseEvent.objects.filter(case=case).order_by("-seq").first()
    fields = {k: getattr(last, k) for k in ("verb", "at", "by_label", "from_state", "to_state")}
    CaseEvent.objects.bulk_create(
        CaseEvent(case=case, seq=i, text="已到现场查看，情况同前。", **fields) for i in range(last.seq + 1, length + 1)
    )
    type(case).objects.filter(pk=case.pk).update(version=max(length, last.seq))


class Subjects:
    """Everything that is measured, with its floor."""

    def __init__(self, world: Any, rounds: int) -> None:
        """Open sessions for a dispatcher and for a unit."""
        from bench.measuring import Client  # noqa: PLC0415
        from bench.wsgi import application  # noqa: PLC0415

        self.world, self.rounds, self.luck = world, rounds, random.Random(3)
        self.rows: list[dict[str, Any]] = []
        self.guest = Client(application)
        self.centre = Client(application, _session(world.users["paidan"]))
        self.unit = Client(application, _session(world.users["wuye"]))
        self.secretary = Client(application, _session(world.users["shuji"]))

    def _measure(self, name: str, act: Callable[[], Any], floor: str, rounds: int | None = None) -> None:
        from bench.measuring import measure  # noqa: PLC0415

        text = {"text": "楼道里堆了纸箱和旧家具，请派人处理。"}
        paths = {
            "two inserts": ("/bench/floor/write/", text),
            "fifty rows": ("/bench/floor/list/", None),
            "one row": ("/bench/floor/one/", None),
        }
        path, form = paths[floor]
        self.rows.append(
            measure(
                name, act, floor=lambda: self.guest.ask(path, form), floor_name=floor, rounds=rounds or self.rounds
            ).row()
        )

    def get(self, name: str, path: str, client: Any, floor: str = "fifty rows") -> None:
        """Measure a page."""
        answer = client.ask(path)
        if answer.status != 200:
            message = f"{name}: {path} answers {answer.status}"
            raise RuntimeError(message)
        self._measure(name, lambda: client.ask(path), floor)

    def _form(self, **more: str) -> dict[str, str]:
        from bench.words import CATEGORIES, address, wording  # noqa: PLC0415

        luck = self.luck
        return {
            "text": wording(luck),
            "category": luck.choice(CATEGORIES[:6]),
            "address": address(luck),
            "phone": "13800001234",
            "name": "测试",
            "lat": f"{31.2215 + luck.uniform(-0.004, 0.004):.6f}",
            "lon": f"{121.4195 + luck.uniform(-0.004, 0.004):.6f}",
            **more,
        }

    def intake(self) -> None:
        """Measure taking problems in."""

        def post(client: Any, **more: str) -> None:
            if client.ask("/bench/intake/", self._form(**more)).status != 201:
                message = "intake refused"
                raise RuntimeError(message)

        self._measure("intake, by a resident", lambda: post(self.guest), "two inserts")
        self._measure(
            "intake with accepting and dispatching, by the centre",
            lambda: post(self.centre, dispatch="1"),
            "two inserts",
        )

    def lists(self) -> None:
        """Measure lists and search."""
        area = self.world.areas["陶家宅"].path
        unit = self.world.units["property"].pk
        get, centre, own = self.get, self.centre, self.unit
        get("list: open, soonest due, centre", "/bench/list/", centre)
        for box in (
            "dispatch",
            "check",
            "reply",
            "returns",
            "contact",
            "requests",
            "orders",
            "review",
            "consult",
            "unrouted",
        ):
            get(f"list: inbox {box}, centre", f"/bench/list/?box={box}", centre)
        get("list: newest, centre", "/bench/list/?order=new", centre)
        get("list: newest of an area, centre", f"/bench/list/?order=new&area_path={area}", centre)
        get("list: newest of a category, centre", "/bench/list/?order=new&categories=lift", centre)
        get("list: newest of a unit, centre", f"/bench/list/?order=new&unit_id={unit}", centre)
        get("list: overdue of an area, centre", f"/bench/list/?overdue=1&area_path={area}", centre)
        get("list: newest within a week, centre", "/bench/list/?order=new&since=2026-03-03&until=2026-03-09", centre)
        get("list: closed, newest, centre", "/bench/list/?order=new&open=0", centre)
        get("list: open, soonest due, unit", "/bench/list/?box=unit", own)
        get("list: mine, unit", "/bench/list/?box=mine", own)
        get("list: newest, unit", "/bench/list/?order=new", own)
        get("list: open, soonest due, 居民区", "/bench/list/", self.secretary)
        get("list: newest, 居民区", "/bench/list/?order=new", self.secretary)
        for text in (
            "桩",
            "电梯",
            "共享单",
            "消防通道",
            "小广告贴了",
            "有人在通道堆",
            "每逢周末建筑",
            "有人在通道堆放建",
        ):
            self.get(f"search: {len(text)} characters, unit, newest", f"/bench/list/?order=new&text={text}", own)
        get("search: 2 characters, everything, newest, centre", "/bench/list/?order=new&text=电梯", centre)
        get("search: 8 characters, everything, newest, centre", "/bench/list/?order=new&text=有人在通道堆放建", centre)
        get("search: a number, centre", f"/bench/list/?order=new&text={self._some_number()}", centre)

    def _some_number(self) -> str:
        from linli.engines.cases.models import Case  # noqa: PLC0415

        return str(Case.objects.order_by("-reported_at").values_list("number", flat=True)[40])

    def details(self) -> None:
        """Measure the page of one case with a short and a long history."""
        from linli.engines.cases.models import Case  # noqa: PLC0415

        cases = list(Case.objects.filter(state="handling").order_by("-pk")[:2])
        _long_history(cases[0], 500)
        self.get("detail: 500 events, centre", f"/bench/detail/{cases[0].number}/", self.centre)
        self.get("detail: short history, centre", f"/bench/detail/{cases[1].number}/", self.centre)

    def figures(self) -> None:
        """Measure counts, polls, maps."""
        since = (setting.NOW - timedelta(seconds=15)).isoformat().replace("+", "%2B")
        boxes = "new,dispatch,verify,check,reply,returns,requests,orders,review,consult,contact"
        for who, client in (("centre", self.centre), ("unit", self.unit)):
            self.get(f"tab counts, {who}", "/bench/counts/", client)
            self.get(f"inbox counts, {who}", f"/bench/boxes/?boxes={boxes}", client)
            self.get(f"figures of the day, {who}", "/bench/figures/", client)
            self.get(f"poll of what changed, {who}", f"/bench/changed/?since={since}", client, "one row")
            self.get(f"map: open cases, {who}", "/bench/pins/", client)
        self.get("map: residents'", "/bench/public-pins/", self.guest)
        self.get("list: residents'", "/bench/public-list/", self.guest)
        self.get("nearby problems while reporting", "/bench/nearby/?lat=31.2215&lon=121.4195", self.guest, "one row")

    def sweep(self, marks: int = 1000) -> None:
        """Measure a sweep over ``marks`` due marks, once."""
        from linli.foundation.core import namespaces  # noqa: PLC0415
        from linli.foundation.deadlines.models import Clock  # noqa: PLC0415
        from linli.foundation.deadlines.services import sweep  # noqa: PLC0415

        at = setting.NOW - timedelta(minutes=1)
        ids = list(
            Clock.objects.filter(ended_at=None, paused_at=None).order_by("-pk").values_list("pk", flat=True)[:marks]
        )
        Clock.objects.filter(pk__in=ids).update(next_mark_at=at, told=0, marks=[[80, at.isoformat(), True]])
        told: list[int] = []

        def act() -> None:
            if not told:
                with namespaces.use("main"):
                    told.append(sweep(now=setting.NOW))

        from bench.measuring import _backend, _timed, count  # noqa: PLC0415

        backend = _backend()
        spent: list[tuple[float, float, float]] = []
        statements = count(lambda: spent.append(_timed(act, backend)))
        cpu, wall, database = (v * 1000 for v in spent[0])
        self.rows.append(
            {
                "name": f"sweep of {told[0]} due marks",
                "floor": "",
                "n": 1,
                "statements": statements,
                "cpu": cpu,
                "wall": wall,
                "p95": wall,
                "database": database,
                "floor_cpu": 0,
                "floor_wall": 0,
                "ratio": 0,
                "ratio_all": 0,
            }
        )


def _measured(world: Any, options: argparse.Namespace, began: float) -> list[dict[str, Any]]:
    subjects = Subjects(world, options.rounds)
    for part in ("lists", "details", "figures", "sweep", "intake"):
        if part in options.only.split(","):
            getattr(subjects, part)()
            _log(f"{part} after {time.monotonic() - began:.0f} s")
    return subjects.rows


def main() -> int:
    """Measure, and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cases", required=True, help="sizes, ascending, comma between")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", default="lists,details,figures,sweep,intake,served")
    options = parser.parse_args()
    setting.start(options.data, options.url)
    world = setting.lay_world()
    from bench import filling, served, templates  # noqa: PLC0415
    from linli.foundation.core import clock  # noqa: PLC0415
    from linli.foundation.jobs.models import Job  # noqa: PLC0415

    sizes = [int(size) for size in options.cases.split(",")]
    began = time.monotonic()
    with clock.frozen(setting.NOW):
        templates.make(world, min(120, sizes[0] // 4))
        Job.objects.filter(schedule=None).delete()  # what was told to whom is not measured here
    filler = filling.Filler(world, sizes[0])
    for size in sizes:
        with clock.frozen(setting.NOW):
            filler.fill(size)
            took = time.monotonic() - began
            _log(f"{size:,} cases after {took:.0f} s")
            rows = _measured(world, options, began)
        answer: dict[str, Any] = {"cases": size, "rows": rows, "sizes": filling.sizes()}
        if "served" in options.only:
            answer["served"] = served.measure(options.data)
            _log(f"served after {time.monotonic() - began:.0f} s")
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
