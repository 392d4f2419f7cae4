"""What users get: the addresses of desk and portal, through the whole stack to the last byte."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bench import setting
from bench.measuring import Client
from bench.subjects import SEARCHED, Subjects
from linli.foundation.core.ids import uuid7
from linli.interfaces.desk.cases.boxes import BOXES
from linli.interfaces.portal.report.draft import Draft

_BOXES = (
    "new",
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
    "overdue",
)


class Faces(Subjects):
    """The pages as they are."""

    def lists(self) -> None:
        """Measure the workbench with its list, inboxes, filters and search."""
        centre, own, get = self.centre, self.unit, self.get
        area, unit = self.world.areas["陶家宅"].pk, self.world.units["property"].pk
        get("workbench: open, soonest due, centre", "/desk/", centre)
        get("list alone (htmx): open, soonest due, centre", "/desk/?part=list", centre, HTTP_HX_REQUEST="true")
        for box in _BOXES:
            get(f"inbox {BOXES[box]}, centre", f"/desk/?box={box}", centre)
        get("newest, centre", "/desk/?order=new", centre)
        get("newest of an area, centre", f"/desk/?order=new&area={area}", centre)
        get("newest of a category, centre", "/desk/?order=new&category=lift", centre)
        get("newest of a unit, centre", f"/desk/?order=new&unit={unit}", centre)
        get("overdue of an area, centre", f"/desk/?due=overdue&area={area}", centre)
        get("newest within a week, centre", "/desk/?since=2026-03-03&until=2026-03-09", centre)
        get("closed, newest, centre", "/desk/?tab=closed", centre)
        get("workbench: open, soonest due, unit", "/desk/", own)
        for box in ("unit", "mine", "sign", "hand", "helping"):
            get(f"inbox {BOXES[box]}, unit", f"/desk/?box={box}", own)
        get("newest, unit", "/desk/?order=new", own)
        get("workbench: open, soonest due, 居民区", "/desk/", self.secretary)
        get("newest, 居民区", "/desk/?order=new", self.secretary)
        for text in SEARCHED:
            get(f"search: {len(text)} characters, unit, newest", f"/desk/?q={text}", own)
        get("search: 2 characters, centre", f"/desk/?q={SEARCHED[1]}", centre)
        get("search: 8 characters, centre", f"/desk/?q={SEARCHED[7]}", centre)
        get("search: a number, centre", f"/desk/?q={self.some_number()}", centre)

    def details(self) -> None:
        """Measure the page of one case with a short and a long history."""
        long, short = self.two_cases()
        get, centre = self.get, self.centre
        get("case: 500 events, centre", f"/desk/cases/{long.number}/", centre)
        get("case: short history, centre", f"/desk/cases/{short.number}/", centre)
        column = f"/desk/cases/{short.number}/"
        get("case: right column alone (htmx), centre", column, centre, HTTP_HX_REQUEST="true")

    def figures(self) -> None:
        """Measure polls, maps and what residents read."""
        since = (setting.NOW - timedelta(seconds=15)).isoformat().replace("+", "%2B")
        for who, client in (("centre", self.centre), ("unit", self.unit)):
            self.get(f"poll of what changed, {who}", f"/desk/changed.json?since={since}", client, "one row")
            self.get(f"map: pins, {who}", "/desk/pins.json", client)
        self.get("residents: first page", "/", self.guest, "one row")
        self.get("residents: map, pins", "/nearby/pins.json", self.guest)
        self.get("residents: problems near by", "/nearby/", self.guest)
        self.get("residents: report form", "/report/", self.guest, "one row")

    def intake(self) -> None:
        """Measure taking problems in."""
        self.measured("residents: look over the report", self.look_over, "one row")
        self.measured("residents: send the report", self.send, "two inserts")
        self.get("desk: form of intake", "/desk/new/", self.centre)
        self.measured("desk: look while typing", self.look_while_typing, "one row")
        self.measured("desk: take in", lambda: self.register("report"), "two inserts")
        self.measured("desk: take in, accept and dispatch", lambda: self.register("dispatch"), "two inserts")

    def look_over(self) -> None:
        """Send the first page of the residents' form."""
        given = self.problem()
        form = {"state": Draft().seal(), "do": "check", "text": given["text"], "address": given["address"]}
        form |= {"point_lat": given["lat"], "point_lon": given["lon"], "point_system": "wgs84"}
        self.post(self.guest, "/report/", {**form, "category": given["category"]}, 200, **self.visitor())

    def draft(self) -> str:
        """Return the hidden state of a form that has been looked over."""
        given = self.problem()
        draft = Draft(text=given["text"], category=given["category"], address=given["address"], system="wgs84")
        draft.lat, draft.lon = float(given["lat"]), float(given["lon"])
        return draft.seal()

    def send(self) -> None:
        """Send the second page of the residents' form."""
        form = {"state": self.draft(), "do": "send", "phone": self.problem()["phone"], "name": "测试", "way": "phone"}
        self.post(self.guest, "/report/", form, 302, **self.visitor())

    def _typed(self, **more: Any) -> dict[str, str]:
        given = self.problem()
        form = {name: given[name] for name in ("text", "category", "address", "phone", "name")}
        form |= {"uuid": str(uuid7()), "source": "phone", "way": "", "point_system": "wgs84"}
        return {**form, "point_lat": given["lat"], "point_lon": given["lon"], **more}

    def look_while_typing(self) -> None:
        """Ask what a text seems to be about."""
        self.post(self.centre, "/desk/new/look/", self._typed(), 200, HTTP_HX_REQUEST="true")

    def register(self, act: str) -> None:
        """Take a problem in at the desk."""
        self.post(self.centre, "/desk/new/", self._typed(act=act), 302)

    def shared(self) -> list[tuple[str, Client, Any]]:
        """Return (name, who asks, act) of the pages whose time is shared out."""
        _long, short = self.two_cases()
        return [
            ("workbench, fifty rows", self.centre, lambda: self.centre.ask("/desk/")),
            ("page of a case", self.centre, lambda: self.centre.ask(f"/desk/cases/{short.number}/")),
            ("residents: send the report", self.guest, self.send),
            ("desk: take in and dispatch", self.centre, lambda: self.register("dispatch")),
        ]
