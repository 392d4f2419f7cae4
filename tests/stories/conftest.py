"""People at their pages: each acts over HTTP, time passes, clocks are swept and jobs run in between."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.engines.cases.models import Case
from linli.foundation.core import clock
from linli.foundation.deadlines import services as deadlines
from linli.foundation.jobs import services as jobs
from linli.interfaces.desk import directory
from linli.interfaces.portal import committee
from linli.interfaces.portal.tests import steps
from tests.login import log_in
from tests.world import World


class Story:
    """One world whose clock moves; every step is a request of somebody named by the login name."""

    def __init__(self, world: World, stack: ExitStack) -> None:
        self.world, self.now = world, world.now
        self._stack, self._shades = stack, iter(range(1, 200))
        stack.enter_context(clock.frozen(self.now))

    def later(self, **passed: float) -> None:
        """Let time pass; then what is due is told."""
        self.now += timedelta(**passed)
        self._stack.close()
        self._stack.enter_context(clock.frozen(self.now))
        deadlines.sweep(now=self.now)
        jobs.drain(now=self.now)

    def at(self, who: str) -> Client:
        """Return a browser in which ``who`` is logged in."""
        return log_in(Client(), self.world.users[who])

    def see(self, who: str, address: str, status: int = 200) -> str:
        """Return the words of a page."""
        answer = self.at(who).get(address)
        assert answer.status_code == status, (who, address, answer.status_code)
        return steps.words(answer)

    def case(self, who: str, number: str, status: int = 200) -> str:
        """Return the words of the case's page at the desk."""
        return self.see(who, f"/desk/cases/{number}/", status)

    def foot(self, who: str, number: str, status: int = 200) -> str:
        """Return the words of the case's page on the telephone."""
        return self.see(who, f"/field/cases/{number}/", status)

    def listed(self, who: str, query: str = "") -> str:
        """Return the list at the desk as it is written, numbers in attributes included."""
        return self.at(who).get(f"/desk/{query}").content.decode()

    def inbox(self, who: str) -> str:
        """Return what ``who`` was told."""
        return self.see(who, "/desk/notifications/")

    def do(self, who: str, number: str, verb: str, status: int = 302, /, **data: Any) -> str:
        """Do ``verb`` at the desk; return the words of the answer."""
        sent = {"expected": self.row(number).version, **data}
        return self._done(self.at(who).post(f"/desk/cases/{number}/act/{verb}/", sent), status, who, verb)

    def go(self, who: str, number: str, verb: str, status: int = 302, /, **data: Any) -> str:
        """Do ``verb`` on the telephone; return the words of the answer."""
        sent = {"expected": self.row(number).version, **data}
        return self._done(self.at(who).post(f"/field/cases/{number}/{verb}/", sent), status, who, verb)

    def _done(self, answer: Any, status: int, who: str, verb: str) -> str:
        assert answer.status_code == status, (who, verb, answer.status_code, steps.words(answer)[:1500])
        jobs.drain(now=self.now)
        return steps.words(answer)

    def row(self, number: str) -> Case:
        """Return the case's row."""
        return Case.objects.select_related("unit", "category").get(number=number)

    def unit(self, key: str) -> int:
        """Return the id of a unit."""
        return int(self.world.units[key].pk)

    def photo(self, name: str = "现场.jpg") -> SimpleUploadedFile:
        """Return a picture unlike the others."""
        kept, shade = io.BytesIO(), next(self._shades)
        Image.new("RGB", (64, 48), (shade, 90, 40)).save(kept, "JPEG")
        return SimpleUploadedFile(name, kept.getvalue(), "image/jpeg")

    def sent_ahead(self, who: str, purpose: str) -> str:
        """Upload a picture beforehand, as a telephone does; return what the form names it by."""
        answer = self.at(who).post("/field/upload/", {"file": self.photo(), "field": purpose})
        assert answer.status_code == 201, answer.content
        return str(answer.json()["kept"])

    def counter(self, who: str, **typed: Any) -> tuple[str, str]:
        """Take a report in at the desk; return number and tracking code as the page shows them."""
        client = self.at(who)
        area = self.world.areas["陶家宅"].pk
        data = {"uuid": str(uuid4()), "source": "phone", "act": "report", "area": area, "address": "长宁路 488 弄"}
        answer = client.post("/desk/new/", {**data, **typed})
        assert answer.status_code == 302, steps.words(answer)[:1500]
        number = answer["Location"].rstrip("/").split("/")[-1]
        code = re.findall(r'id="code">([^<]+)<', client.get(answer["Location"]).content.decode())[0]
        slip = client.get(f"/desk/new/slip/{number}/").content.decode()
        assert code in slip
        assert "<svg" in slip
        jobs.drain(now=self.now)
        return number, code

    def resident(self, **typed: Any) -> tuple[str, str, str]:
        """Report as a resident with a telephone; return number, tracking code and the words before sending."""
        client = Client()
        where = {} if "point_lat" in typed else {"area": self.world.areas["陶家宅"].code}
        review = steps.problem(client, **{**where, **typed})
        assert review.status_code == 200, steps.words(review)[:1500]
        sent = steps.send(client, review, name="张阿姨", phone="13812345678")
        assert sent.status_code == 302, steps.words(sent)[:1500]
        kept = steps.receipt(client)
        jobs.drain(now=self.now)
        return kept["number"], kept["code"], steps.words(review)

    def track(self, code: str) -> str:
        """Return the words of the page behind a tracking code."""
        return steps.words(steps.follow(Client(), code))

    def rate(self, code: str, rating: str, text: str = "") -> str:
        """Rate with the tracking code alone."""
        client = Client()
        steps.follow(client, code)
        answer = client.post("/track/rate/", {"rating": rating, "text": text})
        assert answer.status_code == 302, steps.words(answer)[:1500]
        jobs.drain(now=self.now)
        return steps.words(client.get("/track/"))

    def answered(self, number: str, reply: str, *, closer: str = "paidan") -> None:
        """Check by another unit, answer, close."""
        self.go("jiandu", number, "check", passed="yes", text="现场核查，问题已解决。", check=self.photo())
        self.do("paidan", number, "reply", way="phone", result="reached", text=reply)
        self.do(closer, number, "close")
        assert self.row(number).state == "closed"


@pytest.fixture
def story(world: World) -> Iterator[Story]:
    """The subdistrict on a Tuesday morning."""
    directory.forget()
    committee.forget()
    with ExitStack() as stack:
        yield Story(world, stack)
    directory.forget()
    committee.forget()
