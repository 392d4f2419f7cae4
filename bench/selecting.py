"""The data alone: thin views over the selectors, to tell what a page costs from what its data cost."""

from __future__ import annotations

from datetime import timedelta

from bench import setting
from bench.measuring import Client
from bench.subjects import SEARCHED, Subjects

_BOXES = ("dispatch", "check", "reply", "returns", "contact", "requests", "orders", "review", "consult", "unrouted")


class Selecting(Subjects):
    """The selectors and services behind the pages."""

    def lists(self) -> None:
        """Measure lists and search."""
        area, unit = self.world.areas["陶家宅"].path, self.world.units["property"].pk
        get, centre, own = self.get, self.centre, self.unit
        get("list: open, soonest due, centre", "/bench/list/", centre)
        for box in _BOXES:
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
        for text in SEARCHED:
            get(f"search: {len(text)} characters, unit, newest", f"/bench/list/?order=new&text={text}", own)
        get("search: 2 characters, everything, centre", f"/bench/list/?order=new&text={SEARCHED[1]}", centre)
        get("search: 8 characters, everything, centre", f"/bench/list/?order=new&text={SEARCHED[7]}", centre)
        get("search: a number, centre", f"/bench/list/?order=new&text={self.some_number()}", centre)

    def details(self) -> None:
        """Measure one case with a short and a long history."""
        long, short = self.two_cases()
        self.get("detail: 500 events, centre", f"/bench/detail/{long.number}/", self.centre)
        self.get("detail: short history, centre", f"/bench/detail/{short.number}/", self.centre)

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

    def intake(self) -> None:
        """Measure the services that take problems in."""

        def post(client: Client, **more: str) -> None:
            self.post(client, "/bench/intake/", {**self.problem(), **more}, 201)

        self.measured("intake, by a resident", lambda: post(self.guest), "two inserts")
        self.measured("intake with dispatch, by the centre", lambda: post(self.centre, dispatch="1"), "two inserts")
